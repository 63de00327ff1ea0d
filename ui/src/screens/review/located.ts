/**
 * Where the parts of a coding stand in the report. What a reader found has its mentions and attributions; a name that a person
 * wrote is found by its mention, else by its words nearest to the clause, so that it is shown whenever the report has it.
 */
import type { Claim, Reading } from "../report/reading";
import { parts, type ClaimParts, type Role } from "../report/parts";
import { points } from "../report/points";
import type { Marked } from "../report/runs";
import { folded, type Draft, type DraftName } from "./draft";

type At = { start: number; end: number };

export interface Located {
  /** What is to be cut and drawn: the claim by itself, with marks of its own for names that no mention has. */
  readonly marked: Marked;
  readonly chosen: ReadonlyMap<string, readonly Role[]>;
  /** Fields of which some value stands nowhere in the report, with these values. */
  readonly missing: readonly { field: string; name: string }[];
}

const MINE = "claim";
const KINDS: Record<"actors" | "targets" | "places", readonly string[]> = {
  actors: ["actor", "person", "nationality"],
  targets: ["actor", "person", "nationality"],
  places: ["place"],
};

/** The parts of a coding in its report; `record` is the claim as a reading has it, whose ids serve for what it still says. */
export function locate(reading: Reading, coding: Draft, record: Claim | null): Located {
  const text = reading.report.text;
  const at = points(text);
  const extra: { id: string; type: string; start: number; end: number }[] = [];
  const voices: { id: string; source: At; cue: null; content: [] }[] = [];
  const missing: { field: string; name: string }[] = [];
  const byId = new Map(reading.mentions.map((m) => [m.id, m]));

  const searched = (name: string): At | null => {
    const found = nearest(text, name, at.unit(coding.start));
    return found ? { start: at.point(found.start), end: at.point(found.end) } : null;
  };

  const idsOf = (field: "actors" | "targets" | "places"): string[] => {
    const names: readonly string[] = record ? record[({ actors: "actor_names", targets: "target_names", places: "place_names" } as const)[field]] : [];
    const ids: readonly string[] = record?.[field] ?? [];
    return coding[field].flatMap((n: DraftName, i) => {
      const own = (span: At): string => {
        const id = `${field}-${i}`;
        extra.push({ id, type: field === "places" ? "place" : "actor", ...span });
        return id;
      };
      if (n.at) return [own(n.at)];
      const was = ids.length === names.length ? names.findIndex((name) => name === n.name) : -1;
      if (was >= 0 && byId.has(ids[was]!)) return [ids[was]!];
      const near = reading.mentions
        .filter((m) => KINDS[field].includes(m.type) && (folded(m.text) === folded(n.name) || (!!m.name && folded(m.name) === folded(n.name))))
        .sort((a, b) => away(a, coding) - away(b, coding))[0];
      if (near) return [near.id];
      const found = searched(n.name);
      if (found) return [own(found)];
      missing.push({ field, name: n.name });
      return [];
    });
  };

  const sources = coding.sources.map((chain, i) => {
    const was = record?.source_names.findIndex((names) => names.join("\n") === chain.join("\n")) ?? -1;
    const ids = was >= 0 ? (record?.sources[was] ?? []) : [];
    if (ids.length) return [...ids];
    const name = chain.at(-1) ?? "";
    const near = reading.attributions
      .filter((a) => a.source && (folded(a.source.text) === folded(name) || (!!a.source.name && folded(a.source.name) === folded(name))))
      .sort((a, b) => away(a.source!, coding) - away(b.source!, coding))[0];
    if (near) return [near.id];
    const found = name ? searched(name) : null;
    if (!found) {
      if (name) missing.push({ field: "sources", name });
      return [];
    }
    voices.push({ id: `source-${i}`, source: found, cue: null, content: [] });
    return [`source-${i}`];
  });

  const counts = coding.counts.map((n) => {
    const same = record?.counts.find((c) => c.what === n.what && c.min === n.min && c.max === n.max);
    if (same?.mention) return { mention: same.mention };
    const near = reading.mentions
      .filter((m) => m.type === "quantity" && m.min === n.min && m.max === n.max)
      .sort((a, b) => away(a, coding) - away(b, coding))[0];
    return { mention: near && away(near, coding) < 400 ? near.id : null };
  });

  const told: ClaimParts = {
    id: MINE,
    actors: idsOf("actors"),
    targets: idsOf("targets"),
    places: idsOf("places"),
    times: record && record.date === coding.date ? (record.times ?? []) : [],
    counts,
    sources,
  };
  const same = record !== null && record.start === coding.start && record.end === coding.end;
  return {
    marked: {
      report: reading.report,
      mentions: [...reading.mentions, ...extra],
      attributions: [...reading.attributions, ...voices],
      claims: [
        {
          id: MINE,
          type: coding.type,
          start: coding.start,
          end: coding.end,
          also: same ? record.also : [],
          trigger: coding.trigger ?? null,
        },
      ],
    },
    chosen: parts(told),
    missing,
  };
}

/** How far a stretch is from the clause, in characters; 0 within it. */
function away(span: At, clause: At): number {
  return Math.max(0, clause.start - span.end, span.start - clause.end);
}

/** Where words stand in the text nearest to a place in it (UTF-16 units), by any case; null when they do not. */
export function nearest(text: string, words: string, near: number): At | null {
  const wanted = words.trim();
  if (!wanted) return null;
  // whole words only: "Ana" is not in "banana"
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/gu, "\\s+")}(?![\\p{L}\\p{N}])`, "giu");
  let best: At | null = null;
  for (const found of text.matchAll(pattern)) {
    const span = { start: found.index, end: found.index + found[0].length };
    if (!best || Math.abs(span.start - near) < Math.abs(best.start - near)) best = span;
  }
  return best;
}

/** The numbers of the paragraphs to show: those of the clause with one more before and after, and those of its parts near by. */
export function around(blocks: readonly { start: number; end: number }[], clause: At): { first: number; last: number } {
  const held = blocks.flatMap((b, i) => (b.start < clause.end && b.end > clause.start ? [i] : []));
  if (!held.length) return { first: 0, last: Math.min(2, blocks.length - 1) };
  return { first: Math.max(0, held[0]! - 1), last: Math.min(blocks.length - 1, held.at(-1)! + 1) };
}
