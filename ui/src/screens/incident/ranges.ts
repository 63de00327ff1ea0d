/** Ranges of counts as bars on one scale, for all accounts and for each side, each with its figure in words. */
import type { CountRange } from "../../lib/api";
import { countFigure } from "./accounts";

export interface Bar {
  /** The side as the record writes it; null for those who speak for none, undefined for all accounts together. */
  readonly side: string | null | undefined;
  readonly sources: readonly string[];
  readonly words: string;
  /** Left end and width in percent of the scale. */
  readonly left: number;
  readonly width: number;
  /** No lower or no upper end is given: the bar runs on to the end of the scale there. */
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

export interface Bars {
  readonly what: string;
  readonly best: number | null;
  /** Where the best figure stands, in percent; null when there is none. */
  readonly bestAt: number | null;
  readonly rule: string | null;
  readonly top: number;
  readonly all: Bar;
  readonly sides: readonly Bar[];
}

const LEAST = 1.5; // percent: a single figure is still seen

/** The bars of one count. The scale begins at 0 and ends at a round number beyond the highest figure given. */
export function bars(count: CountRange): Bars {
  const sides = count.by_side ?? [];
  const figures = [count.min, count.max, count.best, ...sides.flatMap((s) => [s.min, s.max])].filter((n): n is number => n != null);
  const open = [count, ...sides].some((r) => r.max == null);
  const top = round(Math.max(1, ...figures) * (open ? 1.25 : 1));
  const at = (n: number): number => (100 * n) / top;
  const bar = (side: string | null | undefined, r: { min: number | null; max: number | null }, sources: readonly string[]): Bar => {
    const low = r.min == null ? 0 : at(r.min);
    const high = r.max == null ? 100 : at(r.max);
    const width = Math.max(LEAST, high - low);
    const left = Math.max(0, Math.min((low + high - width) / 2, 100 - width));
    return { side, sources, words: countFigure(r), left, width, openLow: r.min == null, openHigh: r.max == null };
  };
  return {
    what: count.what,
    best: count.best,
    bestAt: count.best == null ? null : at(count.best),
    rule: count.rule,
    top,
    all: bar(undefined, count, []),
    sides: sides.map((s) => bar(s.side, s, s.sources)),
  };
}

/** The next number of the kind 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten. */
function round(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((s) => s * power >= n - 1e-9) ?? 10;
  return step * power;
}
