/** Filters, kept in the address: a link shows what its sender saw, and every screen has the same ones. */

import type { Filters } from "./api";
import { router } from "./router.svelte";

const LISTS = ["type"] as const;

class UrlFilters {
  /** Claim types; none means all. */
  type = $derived(router.query.getAll("type"));
  source = $derived(router.query.get("source") ?? "");
  side = $derived(router.query.get("side") ?? "");
  place = $derived(router.query.get("place") ?? "");
  from = $derived(router.query.get("from") ?? "");
  to = $derived(router.query.get("to") ?? "");
  /** At least as good as this, 1 to 6; null for any. */
  credibility = $derived(grade(router.query.get("credibility")));
  reviewed = $derived(flag(router.query.get("reviewed")));
  q = $derived(router.query.get("q") ?? "");
  /** The one source whose telling the map and the ribbons follow; empty for all together. */
  accordingTo = $derived(router.query.get("as") ?? "");
  /** The day that is looked at, ISO; empty for the screen's own choice. */
  on = $derived(router.query.get("on") ?? "");

  /** How many filters narrow what is shown; the day and "according to" are no filters. */
  count = $derived(
    (this.type.length ? 1 : 0) +
      [this.source, this.side, this.place, this.from, this.to, this.credibility, this.reviewed].filter(
        (v) => v !== "" && v !== null,
      ).length,
  );

  /** As the API takes them. */
  get query(): Filters {
    return {
      type: this.type,
      source: this.source || null,
      side: this.side || null,
      place: this.place || null,
      from: this.from || null,
      to: this.to || null,
      credibility: this.credibility,
      reviewed: this.reviewed,
    };
  }

  /** Change some; null or an empty value takes one away. */
  set(changes: Record<string, string | number | string[] | null>): void {
    router.setQuery(changes);
  }

  clear(): void {
    router.setQuery({
      ...Object.fromEntries(LISTS.map((name) => [name, []])),
      source: null,
      side: null,
      place: null,
      from: null,
      to: null,
      credibility: null,
      reviewed: null,
    });
  }
}

function grade(text: string | null): number | null {
  const n = Number(text);
  return Number.isInteger(n) && n >= 1 && n <= 6 ? n : null;
}

function flag(text: string | null): boolean | null {
  return text === "true" ? true : text === "false" ? false : null;
}

export const filters = new UrlFilters();
