/** Days as whole numbers since 1970-01-01, which are quick to compare and to step through. */

export type Day = number;
const MS = 86_400_000;

/** The day of an ISO date; NaN when it is none. */
export const day = (iso: string): Day => Math.floor(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / MS);
/** The day as YYYY-MM-DD; empty for none. */
export const iso = (d: Day): string => (Number.isNaN(d) ? "" : new Date(d * MS).toISOString().slice(0, 10));
export const today = (): Day => Math.floor(Date.now() / MS);
export const yearOf = (d: Day): number => new Date(d * MS).getUTCFullYear();

/** The first of the month, `months` later. */
export function monthStart(d: Day, months = 0): Day {
  const date = new Date(d * MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / MS;
}

/** The same day of another month, or that month's last. */
export function addMonths(d: Day, months: number): Day {
  const dayOfMonth = new Date(d * MS).getUTCDate();
  return Math.min(monthStart(d, months) + dayOfMonth - 1, monthStart(d, months + 1) - 1);
}
