/** The Admiralty's letters for the reliability of a source, and what each does to its weight (docs/method.md). */

export interface Letter {
  readonly letter: string;
  readonly words: string;
  readonly times: string;
}

export const LETTERS: readonly Letter[] = [
  { letter: "A", words: "completely reliable", times: "counts one and a half times" },
  { letter: "B", words: "usually reliable", times: "counts one and a quarter times" },
  { letter: "C", words: "fairly reliable", times: "counts as it is" },
  { letter: "D", words: "not usually reliable", times: "counts half" },
  { letter: "E", words: "unreliable", times: "counts a quarter" },
  { letter: "F", words: "cannot be judged", times: "counts as it is" },
];

export const letterWords = (letter: string | null): string =>
  LETTERS.find((l) => l.letter === (letter ?? "F"))?.words ?? "cannot be judged";

export interface Beside {
  readonly name: string;
  readonly entity?: string | null;
  readonly agree: number;
  readonly dispute: number;
}

/** How often they were met, and the share of it in dispute, 0 to 100. */
export function share({ agree, dispute }: Beside): { met: number; disputed: number } {
  const met = agree + dispute;
  return { met, disputed: met ? Math.round((100 * dispute) / met) : 0 };
}

/** The days from the first to the last on which a source was heard, as one EDTF date; null when unknown. */
export const heard = ({ first, last }: { first: string | null; last: string | null }): string | null =>
  first && last && first !== last ? `${first}/${last}` : (first ?? last);

export type Order = "claims" | "name" | "first" | "last" | "reliability";

/** Rows in the order that is asked for; what is unknown comes last, and equals stay by number of claims. */
export function sorted<T extends { name: string; claims: number; first: string | null; last: string | null; reliability: string | null }>(
  rows: readonly T[],
  order: Order,
): T[] {
  const by: Record<Order, (a: T, b: T) => number> = {
    claims: () => 0,
    name: (a, b) => a.name.localeCompare(b.name),
    first: (a, b) => (a.first ?? "9999").localeCompare(b.first ?? "9999"),
    last: (a, b) => (b.last ?? "0").localeCompare(a.last ?? "0"),
    reliability: (a, b) => (a.reliability ?? "F").localeCompare(b.reliability ?? "F"),
  };
  return [...rows].sort((a, b) => by[order](a, b) || b.claims - a.claims || a.name.localeCompare(b.name));
}
