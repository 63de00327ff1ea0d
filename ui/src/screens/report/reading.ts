/** A reading as the API gives it: the record of `tadmor read`, and the incident in which each claim stands. */

import type { Count as Counted } from "../../lib/api";

export interface Span {
  start: number;
  end: number;
  text: string;
}

export interface Mention extends Span {
  id: string;
  type: string;
  level?: string;
  entity?: string | null;
  name?: string | null;
  country?: string | null;
  value?: string | null;
  min?: number | null;
  max?: number | null;
  unit?: string | null;
}

export interface Attribution {
  id: string;
  source:
    | (Span & { name?: string | null; entity?: string | null; anonymous?: boolean; kind?: string | null; side?: string | null })
    | null;
  cue: Span | null;
  content: Span[];
  via: string | null;
}

/** A count, with the mention in the text that gives it. */
export interface Count extends Counted {
  mention?: string | null;
}

export interface Claim extends Span {
  id: string;
  type: string;
  certainty: string;
  also: Span[];
  trigger: Span | null;
  sources: string[][];
  source_names: string[][];
  actors: string[];
  actor_names: string[];
  targets: string[];
  target_names: string[];
  places: string[];
  place_names: string[];
  times?: string[];
  date: string | null;
  counts: Count[];
  codes: { acled: string | null; plover: string | null };
  score: number | null;
}

export interface Reading {
  report: {
    id: string;
    path: string | null;
    title: string | null;
    url: string | null;
    publisher: string | null;
    language: string | null;
    published: string | null;
    published_basis: string;
    text: string;
    passages: { start: number; end: number; kind: string; repeats?: number | null; page?: number | null }[];
    /** Why it was retracted, where it was. */
    retracted?: string;
  };
  reader: { name: string; version: string };
  mentions: Mention[];
  attributions: Attribution[];
  claims: Claim[];
  warnings: string[];
  /** Why nobody has read it, where it is kept unread; the first warning says it in words. */
  unread?: string;
  incidents?: Record<string, string>;
  /** The side that the source of an attribution speaks for, by the attribution's id, where it speaks for one. */
  sides?: Record<string, string>;
}

const CERTAINTY: Record<string, string> = {
  asserted: "put forward as fact",
  hedged: "told with a hedge",
  denied: "denied",
  expected: "expected, not yet so",
};
const BASIS: Record<string, string> = {
  given: "given by hand",
  dateline: "from the text's own dateline",
  metadata: "from the page's data",
};

export const certaintyWords = (certainty: string): string => CERTAINTY[certainty] ?? certainty;

/** Where the date of publication is from, as an aside; "" when there is none. */
export const basisWords = (basis: string): string => BASIS[basis] ?? "";

/** Claims in the order of the text, as they are numbered on the screen. */
export const inOrder = (claims: readonly Claim[]): Claim[] => [...claims].sort((a, b) => a.start - b.start || a.end - b.end);

/** The address of a link to the web; null for what is no such address (a report is never trusted to give a script's). */
export function webAddress(url: string | null): string | null {
  if (!url) return null;
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}
