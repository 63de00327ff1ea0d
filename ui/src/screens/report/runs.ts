/**
 * A report's text cut into runs, within which nothing begins or ends, so that highlights may overlap as they like.
 *
 * The text is cut once for everything that can be shown; showing a layer, or choosing a claim, changes classes and no cut.
 */
import { points } from "./points";

export type Layer = "mention" | "source" | "cue" | "content" | "claim" | "also" | "trigger" | "sentence";

/** A stretch of the text (code points, end-exclusive) that is something: the mention m3, the cue of a2, the clause of c1. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly layer: Layer;
  /** The id of the mention, attribution or claim. */
  readonly id: string;
  /** What kind it is within its layer: the type of a mention or of a claim. */
  readonly kind?: string;
}

export interface Run {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The marks that cover it, in the order of the layers, the longest first. */
  readonly marks: readonly Mark[];
}

/** A paragraph of the report. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** headline, lead, body, caption, credit or subhead. */
  readonly kind: string;
  /** It repeats an earlier passage, so its claims are coded there. */
  readonly repeats: boolean;
  readonly runs: readonly Run[];
}

interface Spanned {
  readonly start: number;
  readonly end: number;
}

/** What of a reading this module needs (record.md). */
export interface Marked {
  readonly report: { readonly text: string; readonly passages?: readonly (Spanned & { kind: string; repeats?: number | null })[] };
  readonly mentions: readonly (Spanned & { id: string; type: string })[];
  readonly attributions: readonly {
    id: string;
    source: Spanned | null;
    cue: Spanned | null;
    content: readonly Spanned[];
  }[];
  readonly claims: readonly (Spanned & { id: string; type: string; also?: readonly Spanned[]; trigger?: Spanned | null })[];
}

const ORDER: readonly Layer[] = ["sentence", "claim", "also", "content", "source", "cue", "trigger", "mention"];

/** Everything in a reading that can be highlighted. */
export function marks(reading: Marked): Mark[] {
  const out: Mark[] = [];
  const add = (span: Spanned | null | undefined, layer: Layer, id: string, kind?: string): void => {
    if (span && span.end > span.start) out.push({ start: span.start, end: span.end, layer, id, kind });
  };
  for (const m of reading.mentions) add(m, "mention", m.id, m.type);
  for (const a of reading.attributions) {
    add(a.source, "source", a.id);
    add(a.cue, "cue", a.id);
    for (const span of a.content) add(span, "content", a.id);
  }
  for (const c of reading.claims) {
    add(c, "claim", c.id, c.type);
    for (const span of c.also ?? []) add(span, "also", c.id, c.type);
    add(c.trigger, "trigger", c.id, c.type);
  }
  return out;
}

/** The report in paragraphs, each cut into runs; together they have every character that is no white space between them. */
export function blocks(reading: Marked, more: readonly Mark[] = []): Block[] {
  const text = reading.report.text;
  const at = points(text);
  const all = [...marks(reading), ...more].filter((m) => m.start < at.length && m.end > 0 && m.end > m.start);
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Block[] = [];
  let next = 0; // marks before this one ended or are open
  let open: Mark[] = [];
  for (const part of paragraphs(reading, at.length, (s, e) => at.slice(s, e))) {
    open = open.filter((m) => m.end > part.start);
    while (next < all.length && all[next]!.start < part.end) {
      if (all[next]!.end > part.start) open.push(all[next]!);
      next += 1;
    }
    out.push({ ...part, runs: runs(part.start, part.end, open, (s, e) => at.slice(s, e)) });
  }
  return out;
}

/** The runs of one stretch: cut wherever one of the marks begins or ends. */
export function runs(start: number, end: number, given: readonly Mark[], slice: (start: number, end: number) => string): Run[] {
  const inside = given.filter((m) => m.start < end && m.end > start);
  const cuts = new Set<number>([start, end]);
  for (const m of inside) {
    if (m.start > start) cuts.add(m.start);
    if (m.end < end) cuts.add(m.end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const begun = [...inside].sort((a, b) => a.start - b.start);
  const out: Run[] = [];
  let open: Mark[] = [];
  let next = 0;
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const from = sorted[i]!;
    const to = sorted[i + 1]!;
    open = open.filter((m) => m.end > from);
    while (next < begun.length && begun[next]!.start <= from) {
      if (begun[next]!.end > from) open.push(begun[next]!);
      next += 1;
    }
    out.push({ start: from, end: to, text: slice(from, to), marks: [...open].sort(byLayer) });
  }
  return out;
}

function byLayer(a: Mark, b: Mark): number {
  return ORDER.indexOf(a.layer) - ORDER.indexOf(b.layer) || b.end - b.start - (a.end - a.start) || a.start - b.start;
}

/** The passages and what lies between them, cut at line breaks; white space alone is no paragraph. */
function paragraphs(reading: Marked, length: number, slice: (start: number, end: number) => string): Omit<Block, "runs">[] {
  const out: Omit<Block, "runs">[] = [];
  const add = (start: number, end: number, kind: string, repeats: boolean): void => {
    let from = start;
    for (const line of slice(start, end).split("\n")) {
      const size = points(line).length;
      if (line.trim()) out.push({ start: from, end: from + size, kind, repeats });
      from += size + 1;
    }
  };
  let done = 0;
  const passages = [...(reading.report.passages ?? [])].sort((a, b) => a.start - b.start);
  for (const p of passages) {
    const start = Math.max(done, p.start);
    const end = Math.min(length, p.end);
    if (start > done) add(done, start, "body", false);
    if (end > start) add(start, end, p.kind, p.repeats != null);
    done = Math.max(done, end);
  }
  if (done < length) add(done, length, "body", false);
  return out;
}

/** The claims that stand at this place of the text, the one with the shortest clause first. */
export function claimsAt(given: readonly Mark[]): string[] {
  const found = given.filter((m) => m.layer === "claim" || m.layer === "also");
  found.sort((a, b) => a.end - a.start - (b.end - b.start));
  return [...new Set(found.map((m) => m.id))];
}
