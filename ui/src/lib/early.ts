/** What the first view needs, asked for while its screen is still being fetched. */

import { api, type Timeline } from "./api";

type Answer = { places: Timeline[] };
let asked: Promise<Answer> | undefined;

/** Ask for the timelines of all places; `taken` gives the answer out, once. */
export function ask(): void {
  asked = api.timelines({});
  asked.catch(() => undefined); // whoever takes it is told
}

/** The answer that is on its way, else a new one. */
export function taken(signal: AbortSignal): Promise<Answer> {
  const found = asked;
  asked = undefined;
  return found ?? api.timelines({}, { signal });
}
