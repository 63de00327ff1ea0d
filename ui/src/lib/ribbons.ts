/** Control of one place as ribbons: one of all sources together, one for each source, on one scale of days. */

import type { ControlClaim, PlaceAnswer, Ref, Status } from "./api";
import { day as dayOf, monthStart, yearOf, type Day } from "./days";
import { bounds } from "./edtf";

export interface Segment {
  holder: string | null;
  side: string | null;
  status: Status;
  /** As it is told: EDTF or null. */
  from: string | null;
  to: string | null;
  /** As it is drawn. */
  start: Day;
  end: Day;
  open: { start: boolean; end: boolean };
  claims: Ref[];
  /** Its number in the ribbon of all, for that ribbon alone. */
  interval: number;
}
export interface Ribbon {
  name: string;
  side: string | null;
  kind: string | null;
  segments: Segment[];
}
export interface Ribbons {
  rows: Ribbon[];
  first: Day;
  last: Day;
  sentences: Map<string, ControlClaim>;
}

export const refKey = (ref: Ref): string => `${ref.report}\n${ref.claim}`;

/** The day at which an edge is drawn: of one wider than a week the middle, else its last day, as the ledger counts. */
export function edgeDay(edtf: string | null): Day {
  const [from, to] = bounds(edtf);
  if (from === null || to === null) return to ?? from ?? NaN;
  return to - from > 7 ? Math.round((from + to) / 2) : to;
}

export function ribbons(answer: PlaceAnswer, ledgerLast: Day): Ribbons {
  const known: Day[] = [];
  const see = (d: Day) => {
    if (!Number.isNaN(d)) known.push(d);
  };
  for (const i of answer.control) see(edgeDay(i.from)), see(edgeDay(i.to));
  for (const s of answer.sources) for (const i of s.intervals) see(edgeDay(i.from)), see(edgeDay(i.to));
  for (const told of [answer.place.first, answer.place.last]) if (told) see(dayOf(told));
  const low = known.length ? Math.min(...known) : ledgerLast - 365;
  const high = Math.max(known.length ? Math.max(...known) : ledgerLast, Number.isNaN(ledgerLast) ? -Infinity : ledgerLast);
  const air = Math.max(3, Math.round((high - low) * 0.02));
  const first = low - air;
  const last = high + air;

  type Told = { holder: string | null; side?: string | null; status: Status; from: string | null; to: string | null };
  const segment = (i: Told, claims: Ref[], interval: number): Segment => {
    const start = edgeDay(i.from);
    const end = edgeDay(i.to);
    return {
      holder: i.holder,
      side: i.side ?? null,
      status: i.status,
      from: i.from,
      to: i.to,
      start: Number.isNaN(start) ? first : start,
      end: Number.isNaN(end) ? last : end,
      open: { start: Number.isNaN(start), end: Number.isNaN(end) },
      claims,
      interval,
    };
  };
  const sides = new Map(answer.sources.flatMap((s) => s.intervals.map((i) => [i.holder, i.side] as const)));
  const all: Ribbon = {
    name: "",
    side: null,
    kind: null,
    segments: answer.control.map((i, n) => segment({ ...i, side: i.side ?? sides.get(i.holder) ?? null }, i.claims, n)),
  };
  const each = answer.sources.map((s) => ({
    name: s.name,
    side: s.side,
    kind: s.kind,
    segments: s.intervals.map((i) => segment(i, i.claims, -1)).sort((a, b) => a.start - b.start),
  }));
  const told = (r: Ribbon) => new Set(r.segments.flatMap((s) => s.claims.map(refKey))).size;
  each.sort((a, b) => told(b) - told(a) || (a.name < b.name ? -1 : 1));
  const sentences = new Map<string, ControlClaim>();
  for (const i of answer.control) for (const claim of [...i.claims, ...i.against]) sentences.set(refKey(claim), claim);
  return { rows: [all, ...each.filter((r) => r.segments.length)], first, last, sentences };
}

/** Whether a ribbon rests on a sentence that is not among these: what the source says and the telling of all leaves out. */
export const untold = (row: Ribbon, sentences: Map<string, ControlClaim>): boolean =>
  row.segments.some((s) => s.claims.some((ref) => !sentences.has(refKey(ref))));

const MOST_SHARE = 0.8;

/** The shortest stretch of days in which most of the changes lie: what is worth a closer look than the years before it. */
export function busiest({ rows, first, last }: Ribbons): [Day, Day] {
  const days = rows.flatMap((r) => r.segments.flatMap((s) => [s.open.start ? NaN : s.start, s.open.end ? NaN : s.end]));
  const edges = days.filter((d) => !Number.isNaN(d)).sort((a, b) => a - b);
  const most = Math.ceil(edges.length * MOST_SHARE);
  let best: [Day, Day] = [first, last];
  for (let i = 0; most && i + most <= edges.length; i++) {
    const [from, to] = [edges[i]!, edges[i + most - 1]!];
    if (to - from < best[1] - best[0]) best = [from, to];
  }
  return best;
}

const MONTH = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });

/** Where the scale is written on, about `room` times: years, months, or days of a month. */
export function ticks(first: Day, last: Day, room: number): { day: Day; words: string }[] {
  const span = last - first;
  const out: { day: Day; words: string }[] = [];
  const days = [1, 2, 5, 10].find((s) => span / s <= room);
  if (days) {
    for (let d = first; d <= last; d++) {
      const at = new Date(d * 864e5);
      const date = at.getUTCDate();
      if (date === 1) out.push({ day: d, words: `${MONTH.format(at)}${at.getUTCMonth() ? "" : ` ${at.getUTCFullYear()}`}` });
      else if ((date - 1) % days === 0 && date < 30) out.push({ day: d, words: String(date) });
    }
    const head = out[0];
    if (head && /^\d+$/.test(head.words)) head.words = `${head.words} ${MONTH.format(head.day * 864e5)} ${yearOf(head.day)}`;
    return out;
  }
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((s) => span / 30.4 / s <= room) ?? 240;
  const back = (yearOf(first) * 12 + new Date(first * 864e5).getUTCMonth()) % step;
  for (let d = monthStart(first, -back); d <= last; d = monthStart(d, step)) {
    if (d < first) continue;
    const january = new Date(d * 864e5).getUTCMonth() === 0;
    out.push({ day: d, words: step >= 12 || january ? String(yearOf(d)) : MONTH.format(d * 864e5) });
  }
  const head = out[0];
  if (head && !/\d/.test(head.words)) head.words = `${head.words} ${yearOf(head.day)}`;
  return out;
}
