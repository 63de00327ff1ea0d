/** How far a job has come, made ready to be shown. */
import type { JobEvent } from "../../lib/api";
import { many } from "../../lib/words";

export interface Item {
  readonly name: string;
  readonly state: "kept" | "known" | "failed";
  /** The id of the report, where there is one. */
  readonly report: string | null;
  readonly claims: number;
  /** Why it failed, or why it was kept without being read. */
  readonly why: string;
  /** That what was said of its date is none; "" for most. */
  readonly remark: string;
  /** A file of no known form. */
  readonly leftOut: boolean;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly percent: number;
  readonly items: readonly Item[];
  /** Which files are of no known form, in words; "" for none. */
  readonly leftOut: string;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const row = (value: unknown): Record<string, unknown> => (typeof value === "object" && value ? (value as Record<string, unknown>) : { name: text(value) });

/** The file's name or the address; a text that was pasted has its title. */
const nameOf = (r: Record<string, unknown>): string =>
  [r["name"] === "text" ? r["title"] : r["name"], r["title"], r["report"]].map(text).find(Boolean) ?? "what was sent";

/** What an event of a job tells; names of what came in, never taken for more than text. */
export function events(event: Pick<JobEvent, "done" | "of" | "kept" | "failed" | "left_out">): Progress {
  const kept = event.kept.map(row).map((r): Item => ({
    name: nameOf(r),
    state: r["added"] === false ? "known" : "kept",
    report: text(r["report"]) || null,
    claims: Number(r["claims"]) || 0,
    why: text(r["why"]),
    remark: text(r["remark"]),
    leftOut: false,
  }));
  const failed = event.failed.map(row).map((r): Item => ({
    name: nameOf(r),
    state: "failed",
    report: null,
    claims: 0,
    why: text(r["error"]) || "it could not be read",
    remark: "",
    leftOut: r["left_out"] === true,
  }));
  return { done: event.done, of: event.of, percent: event.of ? Math.round((100 * event.done) / event.of) : 0, items: [...kept, ...failed], leftOut: text(event.left_out) };
}

/** What came of it, in the words of `tadmor add`. */
export function outcome({ items, leftOut }: Progress): string {
  const count = (state: Item["state"]): number => items.filter((i) => i.state === state && !i.leftOut).length;
  const [kept, known, failed] = [count("kept"), count("known"), count("failed")];
  const parts = [kept ? `${many(kept, "report")} added` : "", known ? `${known} known already` : "", failed ? `${failed} not read` : ""].filter(Boolean);
  const undated = items.filter((i) => i.remark).length;
  return [
    parts.length ? parts.join(", ") : "Nothing was added",
    undated ? `${many(undated, "report")} without a date, for what is said of it is none` : "",
    leftOut,
  ]
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(" ");
}
