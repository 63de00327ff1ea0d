/** Small words for people. */

import type { Incident } from "./api";
import { plain } from "./edtf";

export const many = (n: number, noun: string, plural = `${noun}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;

/** "a, b and c". */
export function listed(items: string[], most = Infinity): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const ROUND = 50; // "at least 51" is hardly ever said, "more than 50" often

/** A least number in the words in which it was most likely said: of "more than 300" the record has 301 as the least. */
function atLeast(value: number): string {
  const below = value - 1;
  return below >= ROUND && below % ROUND === 0 ? `more than ${below.toLocaleString("en")}` : `at least ${value.toLocaleString("en")}`;
}

/** A range as the record has it: "more than 300", "at least 12", "5 to 8", "11". */
export function range(min: number | null, max: number | null): string {
  const n = (x: number) => x.toLocaleString("en");
  if (min !== null && max !== null) return min === max ? n(min) : `${n(min)} to ${n(max)}`;
  if (min !== null) return atLeast(min);
  return max !== null ? `at most ${n(max)}` : "an unknown number";
}

/** A claim type of the record as people read it: "territory taken". */
export const typeWords = (type: string): string => type.replaceAll("_", " ");

/** An incident in one line, as the sign on the map is called: "air strike, Aleppo, 3 July 2016, 4 accounts". */
export const incidentWords = ({ type, place, date, claims }: Incident): string =>
  [typeWords(type), place?.name, plain(date), many(claims.length, "account")].filter(Boolean).join(", ");

/** The least credibility that a filter asks for; the record's grades are not among them, since one number may have two of them. */
export const AT_LEAST: readonly [number, string][] = [
  [1, "1, confirmed"],
  [2, "2 or better"],
  [3, "3 or better"],
  [4, "4 or better"],
  [5, "5 or better"],
];

export const STATUS_WORDS: Record<string, string> = {
  held: "held",
  contested: "contested",
  besieged: "besieged",
  lost: "lost: nobody is said to have it since",
  unknown: "holder unknown",
};

/** Who held it and how, in one phrase: "ISIS, contested". */
export function heldWords(holder: string | null, status: string): string {
  if (status === "unknown") return holder ?? "holder unknown";
  return `${holder ?? "nobody named"}${status === "held" ? "" : `, ${status}`}`;
}
