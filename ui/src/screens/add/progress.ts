/** How far a job has come, made ready to be shown. */
import { many } from "../../lib/words";

export interface Item {
  readonly name: string;
  readonly state: "kept" | "known" | "failed";
  /** The id of the report, where there is one. */
  readonly report: string | null;
  readonly claims: number;
  /** Why it failed, or why it was kept without being read. */
  readonly why: string;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly percent: number;
  readonly items: readonly Item[];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const row = (value: unknown): Record<string, unknown> => (typeof value === "object" && value ? (value as Record<string, unknown>) : { name: text(value) });

/** The file's name or the address; a text that was pasted has its title. */
const nameOf = (r: Record<string, unknown>): string =>
  [r["name"] === "text" ? r["title"] : r["name"], r["title"], r["report"]].map(text).find(Boolean) ?? "what was sent";

/** What an event of a job tells; names of what came in, never taken for more than text. */
export function events(event: { done: number; of: number; kept: readonly unknown[]; failed: readonly unknown[] }): Progress {
  const kept = event.kept.map(row).map((r): Item => ({
    name: nameOf(r),
    state: r["added"] === false ? "known" : "kept",
    report: text(r["report"]) || null,
    claims: Number(r["claims"]) || 0,
    why: text(r["why"]),
  }));
  const failed = event.failed.map(row).map((r): Item => ({
    name: nameOf(r),
    state: "failed",
    report: null,
    claims: 0,
    why: text(r["error"]) || "it could not be read",
  }));
  return { done: event.done, of: event.of, percent: event.of ? Math.round((100 * event.done) / event.of) : 0, items: [...kept, ...failed] };
}

/** What came of it, in a sentence. */
export function outcome({ items }: Progress): string {
  const count = (state: Item["state"]): number => items.filter((i) => i.state === state).length;
  const [kept, known, failed] = [count("kept"), count("known"), count("failed")];
  const parts = [kept ? `${many(kept, "report")} added` : "", known ? `${known} known already` : "", failed ? `${failed} not read` : ""].filter(Boolean);
  return parts.length ? `${parts.join(", ")}.` : "Nothing was added.";
}
