/** Dates as parts of sentences, and moments of the ledger's log. */
import { plain } from "../../lib/edtf";

/** The date as it stands after a verb: "on 11 December 2016", "in December 2016", "from 9 to 13 December 2016"; "" for none. */
export function onDay(edtf: string | null | undefined): string {
  const text = plain(edtf, "");
  if (!text || /^(since|until|about|perhaps)/.test(text)) return text;
  if (edtf!.includes("/")) return `from ${text}`;
  return /^\d{1,2} /.test(text) ? `on ${text}` : `in ${text}`;
}

/** An ISO moment as day and minute, in UTC as the log keeps it: "26 November 2026, 07:10 UTC". */
export function moment(value: string | null | undefined): string {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)/.exec(value ?? "");
  return found ? `${plain(found[1])}, ${found[2]} UTC` : plain(value);
}

const DATE = /(?<![\w-])(?:\d{4}-\d\d(?:-\d\d)?[~?%]?|\.\.)(?:\/(?:\d{4}-\d\d(?:-\d\d)?[~?%]?|\.\.))?(?![\w-])/g;

/** A text with the EDTF dates in it in words: "on 2016-12-10" becomes "on 10 December 2016". */
export const datesInWords = (text: string): string => text.replace(DATE, (date) => plain(date));
