/** Incidents of the days that are looked at, fetched by the month and kept, so that scrubbing back asks nothing again. */

import { all, Problem, type Filters, type Incident } from "../../lib/api";
import { iso, monthStart, type Day } from "../../lib/days";
import { bounds } from "../../lib/edtf";

const MOST = 3000; // of a month
const PRECISE = 31; // days: an incident that is dated less exactly is not of any one day

export interface Dated {
  incident: Incident;
  from: Day;
  to: Day;
}

export class Incidents {
  problem = $state.raw<Problem | undefined>();
  loading = $state(0);
  /** Goes up whenever another month is here. */
  version = $state(0);
  #months = new Map<Day, Map<string, Dated> | "asked">();
  #vague = new Map<Day, Set<string>>();
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #query: Filters = {};

  /** Other filters: what was fetched is of no use any more. */
  ask(query: Filters): void {
    this.#query = query;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#months.clear();
    this.#vague.clear();
    this.loading = 0;
    this.problem = undefined;
    this.version++;
  }

  /** See that the months of these days are here, a moment after the last call: who scrubs fast asks once. */
  want(from: Day, to: Day): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (let month = monthStart(from); month <= to; month = monthStart(month, 1)) {
        if (!this.#months.has(month)) void this.#fetch(month);
      }
    }, 140);
  }

  async #fetch(month: Day): Promise<void> {
    const { signal } = this.#abort;
    this.#months.set(month, "asked");
    this.loading++;
    try {
      const query = { ...this.#query, from: iso(month), to: iso(monthStart(month, 1) - 1) };
      const items = await all<Incident>("/incidents", query, MOST, { signal });
      const dated = items.flatMap((incident) => {
        const [from, to] = bounds(incident.date);
        return from !== null && to !== null && to - from <= PRECISE ? [{ incident, from, to }] : [];
      });
      const exact = new Set(dated.map((d) => d.incident.id));
      this.#vague.set(month, new Set(items.filter((i) => !exact.has(i.id)).map((i) => i.id)));
      this.#months.set(month, new Map(dated.map((d) => [d.incident.id, d])));
      this.problem = undefined;
      this.version++;
    } catch (error) {
      if (signal.aborted) return;
      this.#months.delete(month);
      this.problem = Problem.of(error);
    } finally {
      if (!signal.aborted) this.loading--;
    }
  }

  /** Those that may have happened on one of these days, the latest first, as far as their months are here. */
  within(from: Day, to: Day): Dated[] {
    const out = new Map<string, Dated>();
    for (let month = monthStart(from); month <= to; month = monthStart(month, 1)) {
      const kept = this.#months.get(month);
      if (!kept || kept === "asked") continue;
      for (const [id, dated] of kept) if (dated.from <= to && dated.to >= from) out.set(id, dated);
    }
    return [...out.values()].sort((a, b) => b.from - a.from || (a.incident.id < b.incident.id ? -1 : 1));
  }

  /** How many may have happened in these months but are dated less exactly than a month. */
  vague(from: Day, to: Day): number {
    const out = new Set<string>();
    for (let month = monthStart(from); month <= to; month = monthStart(month, 1)) {
      this.#vague.get(month)?.forEach((id) => out.add(id));
    }
    return out.size;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }
}
