/** Dates as the record has them (EDTF), in plain words and as days. */

import { monthStart, type Day } from "./days";

const MONTHS = "January February March April May June July August September October November December".split(" ");
const SEASONS: Record<string, string> = { "21": "spring", "22": "summer", "23": "autumn", "24": "winter" };

interface Point {
  year: string;
  month: string;
  day: string;
  /** About, perhaps, or both, as words. */
  doubt: string;
}

function point(text: string): Point | undefined {
  const read = /^(\d{4})(?:-(\d\d|XX))?(?:-(\d\d|XX))?([~?%])?$/.exec(text);
  if (!read) return undefined;
  const [, year = "", month = "", day = "", mark = ""] = read;
  const doubt = { "~": "about ", "?": "perhaps ", "%": "perhaps about " }[mark] ?? "";
  return { year, month: month === "XX" ? "" : month, day: day === "XX" ? "" : day, doubt };
}

function words(p: Point, parts: { month?: boolean; year?: boolean } = {}): string {
  const { month = true, year = true } = parts;
  const name = SEASONS[p.month] ?? MONTHS[Number(p.month) - 1] ?? "";
  const out = [p.day ? String(Number(p.day)) : "", month ? name : "", year ? p.year : ""].filter(Boolean).join(" ");
  return p.doubt + out;
}

/** "11 December 2016", "about May 2015", "9 to 13 December 2016", "since March 2016"; what is no date stays as it is. */
export function plain(edtf: string | null | undefined, unknown = "date unknown"): string {
  if (!edtf) return unknown;
  const [first = "", last] = edtf.split("/");
  if (last === undefined) {
    const p = point(first);
    return p ? words(p) : edtf;
  }
  const from = point(first);
  const to = point(last);
  if (from && to) {
    if (first === last) return words(from);
    const sameYear = from.year === to.year && !!from.month && !!to.month;
    const sameMonth = sameYear && from.month === to.month && !!from.day && !!to.day;
    return `${words(from, { month: !sameMonth, year: !sameYear })} to ${words(to)}`;
  }
  if (from && last === "..") return `since ${words(from)}`;
  if (to && first === "..") return `until ${words(to)}`;
  return edtf === "../.." ? unknown : edtf;
}

/** First and last day that the date covers; null where it is open or no date. */
export function bounds(edtf: string | null | undefined): [Day | null, Day | null] {
  if (!edtf) return [null, null];
  const [first = "", last = first] = edtf.split("/");
  const from = point(first);
  const to = point(last);
  return [from ? edge(from, false) : null, to ? edge(to, true) : null];
}

function edge(p: Point, end: boolean): Day {
  const at = (year: number, month: number, d = 1) => Date.UTC(year, month, d) / 86_400_000;
  const year = Number(p.year);
  if (!p.month) return end ? at(year + 1, 0) - 1 : at(year, 0);
  if (SEASONS[p.month]) {
    const start = at(year, (Number(p.month) - 20) * 3 - 1);
    return end ? monthStart(start, 3) - 1 : start;
  }
  const start = at(year, Number(p.month) - 1, Number(p.day) || 1);
  return end && !p.day ? monthStart(start, 1) - 1 : start;
}
