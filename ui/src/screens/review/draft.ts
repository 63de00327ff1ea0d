/** A coding as it is being corrected: what a selection of text sets, and what of it is to be sent. Nothing here asks the server. */
import type { Count } from "../../lib/api";
import type { Span } from "../report/reading";
import type { Coding, Fields, Named } from "./api";

/** Fields in the order in which they are shown; the trigger is the words for what happens. */
export const FIELDS = ["type", "certainty", "clause", "trigger", "sources", "actors", "targets", "places", "date", "counts"] as const;
export type Field = (typeof FIELDS)[number];

/** What a selection of text can be. */
export const ROLES = ["actors", "targets", "places", "sources", "clause", "trigger"] as const;
export type RoleField = (typeof ROLES)[number];
/** The same, and a claim of its own, which no reader found. */
export const CHOICES = [...ROLES, "claim"] as const;

/** What counts are of, by the codebook. */
export const COUNTED = "killed injured casualties captured missing displaced fighters civilians strikes vehicles area_ha other".split(" ");

/** A name of a draft; `at` is where in the text it was chosen, which only the screen knows. */
export interface DraftName extends Named {
  at?: { start: number; end: number };
}
export interface Draft extends Omit<Coding, "actors" | "targets" | "places"> {
  actors: DraftName[];
  targets: DraftName[];
  places: DraftName[];
}

export const FIELD_WORDS: Readonly<Record<string, string>> = {
  claim: "A claim at all",
  type: "What",
  certainty: "How sure",
  clause: "Clause",
  trigger: "Trigger",
  sources: "Says so",
  actors: "Who",
  targets: "To whom",
  places: "Where",
  date: "When",
  counts: "How many",
};
/** The same as the record names them, for buttons that say what a selection is. */
export const ROLE_NAMES: Readonly<Record<RoleField | "claim", string>> = {
  actors: "Actor",
  targets: "Target",
  places: "Place",
  sources: "Source",
  clause: "Clause",
  trigger: "Trigger",
  claim: "A claim of its own",
};

export const draftOf = (coding: Coding): Draft => structuredClone(coding);

export const folded = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").replace(/^the /, "").trim();

/** The draft with a stretch of the text as one of its parts: added to names and sources, in place of clause and trigger. */
export function assign(draft: Draft, role: RoleField, stretch: Span): Draft {
  const words = stretch.text.replace(/\s+/gu, " ").trim();
  if (!words) return draft;
  if (role === "clause") {
    const next: Draft = { ...draft, start: stretch.start, end: stretch.end, text: stretch.text };
    return { ...next, trigger: within(draft.trigger, next) ? draft.trigger : null };
  }
  if (role === "trigger") return within(stretch, draft) ? { ...draft, trigger: { ...stretch } } : draft;
  if (role === "sources") {
    return draft.sources.some((chain) => chain.length === 1 && folded(chain[0]!) === folded(words))
      ? draft
      : { ...draft, sources: [...draft.sources, [words]] };
  }
  return { ...draft, [role]: addName(draft[role], words, { start: stretch.start, end: stretch.end }) };
}

/** The names with one more; one that is there already is left, and shown where it was chosen. */
export function addName(names: readonly DraftName[], words: string, at?: DraftName["at"]): DraftName[] {
  const name = words.replace(/\s+/gu, " ").trim();
  if (!name) return [...names];
  const there = names.findIndex((n) => folded(n.name) === folded(name));
  if (there >= 0) return names.map((n, i) => (i === there && at ? { ...n, at } : n));
  return [...names, at ? { name, at } : { name }];
}

/** Whether a stretch stands in the clause, as a trigger must. */
export const within = (span: Span | null | undefined, clause: { start: number; end: number }): boolean =>
  !!span && span.start >= clause.start && span.end <= clause.end;

/** "SANA > an officer" as a chain, outermost first. */
export const chainOf = (text: string): string[] => text.split(">").map((name) => name.replace(/\s+/gu, " ").trim()).filter(Boolean);

/** The fields in which the draft differs, as the API takes them; an empty object when nothing is another. */
export function changed(before: Coding, draft: Draft): Fields {
  const out: Fields = {};
  if (draft.type !== before.type) out.type = draft.type;
  if (draft.certainty !== before.certainty) out.certainty = draft.certainty;
  const moved = draft.start !== before.start || draft.end !== before.end;
  if (moved) out.clause = { start: draft.start, end: draft.end, text: draft.text };
  const trigger = draft.trigger ?? null;
  const was = before.trigger ?? null;
  // another type or clause drops the trigger unless it is named again
  if (!sameSpan(trigger, was) || (trigger && (moved || out.type !== undefined))) out.trigger = trigger && { start: trigger.start, end: trigger.end, text: trigger.text };
  const chains = draft.sources.filter((chain) => chain.length > 0);
  if (JSON.stringify(chains) !== JSON.stringify(before.sources)) out.sources = chains;
  for (const field of ["actors", "targets", "places"] as const) {
    const names = draft[field].map(sent);
    if (JSON.stringify(names) !== JSON.stringify(before[field].map(sent))) out[field] = names;
  }
  const date = draft.date?.trim() || null;
  if (date !== before.date) out.date = date;
  const counts = draft.counts.filter((n) => n.min !== null || n.max !== null).map(count);
  if (JSON.stringify(counts) !== JSON.stringify(before.counts.map(count))) out.counts = counts;
  return out;
}

/** A name that was just written is a bare name, which is looked for; one whose identity is settled says so. */
const sent = (n: DraftName): string | Named => (n.entity === undefined ? n.name : { name: n.name, entity: n.entity });

const count = (n: Count): Count => ({ what: n.what, min: n.min, max: n.max, approx: !!n.approx, of: n.of?.trim() || null });

const sameSpan = (a: Span | null, b: Span | null): boolean => (a && b ? a.start === b.start && a.end === b.end : a === b);

/** What is wrong with a draft before it is sent, by field; the ledger checks all of it again. */
export function faults(draft: Draft): Partial<Record<Field, string>> {
  const out: Partial<Record<Field, string>> = {};
  if (draft.date?.trim() && !isDate(draft.date.trim())) out.date = "Write 2016-12-11, 2016-12, 2016-12-11~ (about), 2016-12-09/2016-12-11 or 2016-12-11/.. (since).";
  const odd = draft.counts.find((n) => n.min !== null && n.max !== null && n.min > n.max);
  if (odd) out.counts = `Of ${odd.what.replaceAll("_", " ")} the least is more than the most.`;
  const open = draft.counts.find((n) => n.min === null && n.max === null);
  if (open) out.counts = `Of ${open.what.replaceAll("_", " ")} no number is given: write one, or take it away.`;
  return out;
}

const POINT = String.raw`\d{4}(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?)?[~?%]?`;
const DATE = new RegExp(`^(?:${POINT}|${POINT}/(?:${POINT}|\\.\\.)|\\.\\./${POINT})$`);
/** Whether this looks like a date as the record writes it (EDTF). */
export const isDate = (text: string): boolean => DATE.test(text);

/** The clause with its beginning or end moved by a word, which keeps within the text; the same when there is no word more. */
export function nudge(text: string, clause: { start: number; end: number }, edge: "start" | "end", by: 1 | -1): { start: number; end: number } {
  const letters = Array.from(text);
  const solid = (i: number): boolean => i >= 0 && i < letters.length && !/\s/u.test(letters[i]!);
  let { start, end } = clause;
  let at = edge === "start" ? start : end;
  if (by > 0) {
    while (at < letters.length && solid(at)) at += 1;
    while (at < letters.length && !solid(at)) at += 1;
    if (edge === "end") while (at < letters.length && solid(at)) at += 1;
  } else {
    if (edge === "end") while (at > 0 && solid(at - 1)) at -= 1;
    while (at > 0 && !solid(at - 1)) at -= 1;
    if (edge === "start") while (at > 0 && solid(at - 1)) at -= 1;
  }
  if (edge === "start") start = at;
  else end = at;
  return start < end ? { start, end } : clause;
}
