/** What went wrong, in plain words: how the server names a status is no help to whoever reads it. */

import type { Problem } from "./api";

/** A date that cannot be read: what is wrong with it, what was written, and what to write instead; the first advice will do. */
const DATE = /^(not a date|no such day)[^:]*: (.*?); write (.*?)(?:; write .*)?$/s;

/** Title and detail; `what` is what was asked for: "this place". */
export function plainly(problem: Pick<Problem, "status" | "title" | "detail">, what = "this"): { title: string; detail: string } {
  const { status, title, detail } = problem;
  if (status === 404) return { title: `The ledger does not know ${what}`, detail };
  if (status >= 500) return { title: "The server could not answer", detail };
  const date = DATE.exec(detail);
  if (date) return { title: date[1] === "no such day" ? "There is no such day" : "That is no date", detail: `Write ${date[3]}, not ${date[2]}.` };
  return { title: status === 422 || status === 400 ? "This cannot be taken as it is" : title, detail };
}
