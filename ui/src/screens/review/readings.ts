/**
 * Readings of the reports whose claims are gone through: several claims of one report ask for it once. Reviews change
 * its claims, but neither its text nor what is named in it, for which it is asked here.
 */
import { api } from "../../lib/api";
import type { Reading } from "../report/reading";

const MOST = 24;
const kept = new Map<string, Promise<Reading>>();

/** The reading of a report; a failed question is asked anew the next time. */
export function readingOf(report: string): Promise<Reading> {
  const known = kept.get(report);
  if (known) {
    kept.delete(report);
    kept.set(report, known); // the one asked for last is the last to go
    return known;
  }
  const asked = api.report<Reading>(report);
  kept.set(report, asked);
  asked.catch(() => kept.delete(report));
  while (kept.size > MOST) kept.delete(kept.keys().next().value!);
  return asked;
}
