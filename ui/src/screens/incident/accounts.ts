/** The accounts of one incident in columns, by the side or by the source that tells them, and what they agree on. */
import type { Count, Dispute } from "../../lib/api";
import { bounds, plain } from "../../lib/edtf";
import { range, typeWords } from "../../lib/words";
import { knownOn, speakers, type Account } from "./records";

export interface Column {
  /** The source, or the side as the record writes it; empty for those who speak for no side. */
  readonly name: string;
  readonly accounts: readonly Account[];
}

/** Columns by side, who speaks for no side last; an account that two sides tell stands in both. */
export function bySide(accounts: readonly Account[]): Column[] {
  const groups = new Map<string, Account[]>();
  for (const account of accounts) {
    for (const side of account.sides.length ? account.sides : [""]) push(groups, side, account);
  }
  return [...groups]
    .sort(([a], [b]) => Number(!a) - Number(!b) || a.localeCompare(b))
    .map(([name, told]) => ({ name, accounts: earliest(told) }));
}

/** Columns by source, who was heard first before the others. */
export function bySource(accounts: readonly Account[]): Column[] {
  const groups = new Map<string, Account[]>();
  for (const account of earliest(accounts)) for (const name of new Set(speakers(account))) push(groups, name, account);
  return [...groups].map(([name, told]) => ({ name, accounts: told }));
}

/** The accounts in the order in which they came to be known. */
export function earliest(accounts: readonly Account[]): Account[] {
  const day = (a: Account): string => knownOn(a) ?? "9999";
  return [...accounts].sort((a, b) => day(a).localeCompare(day(b)) || a.report.localeCompare(b.report) || a.claim.localeCompare(b.claim, "en", { numeric: true }));
}

export interface Agreement {
  readonly field: string;
  readonly says: string;
  /** How many accounts say so, of how many that say anything of it. */
  readonly by: number;
  readonly of: number;
}

interface Field {
  readonly field: string;
  /** What a contradiction is about that leaves nothing to agree on here. */
  readonly about: readonly string[];
  readonly of: (a: Account) => readonly string[];
  readonly say?: (value: string) => string;
  /** Whether two values can both be meant; where it is left out, when they are the same name. */
  readonly fits?: (a: string, b: string) => boolean;
}

const FIELDS: readonly Field[] = [
  { field: "What", about: ["outcome", "control"], of: (a) => [a.type], say: (type) => capital(typeWords(type)) },
  { field: "Where", about: ["place"], of: (a) => a.places },
  { field: "When", about: ["date"], of: (a) => (a.date ? [a.date] : []), say: plain, fits: meet },
];
// Who took a place is who was fought off in another account: parts are compared only where all tell of one thing.
const ROLES: readonly Field[] = [
  { field: "Who", about: ["actor"], of: (a) => a.actors },
  { field: "To whom", about: ["target"], of: (a) => a.targets },
];
const PARTIES: Field = { field: "Parties", about: ["actor"], of: (a) => [...a.actors, ...a.targets] };

/**
 * What at least two accounts say alike and nobody disputes. An account that is silent on a thing neither agrees nor differs,
 * so each line counts only those that say anything of it. Denied accounts speak of what did not happen and are left out.
 */
export function agreements(incident: { accounts: readonly Account[]; disputes: readonly Dispute[] }): Agreement[] {
  const disputed = new Set(incident.disputes.filter((d) => d.kind === "contradiction").map((d) => d.about));
  const told = incident.accounts.filter((a) => a.certainty !== "denied");
  const one = new Set(told.map((a) => a.type)).size <= 1;
  const out: Agreement[] = [];
  for (const { field, about, of, say, fits } of [...FIELDS, ...(one ? ROLES : [])]) {
    if (!about.some((a) => disputed.has(a))) out.push(...common(field, told.map(of), say, fits).slice(0, 1));
  }
  if (!one && !disputed.has("actor")) out.push(...common(PARTIES.field, told.map(PARTIES.of)));
  if (!disputed.has("count")) {
    for (const what of new Set(told.flatMap((a) => a.counts.map((n) => n.what)))) {
      const figures = told.map((a) => a.counts.filter((n) => n.what === what).map(countFigure));
      out.push(...common(capital(what.replaceAll("_", " ")), figures).slice(0, 1));
    }
  }
  return out;
}

/** The values that two give and more than half of those who give any, those given most first, and the narrower first. */
function common(
  field: string,
  values: readonly (readonly string[])[],
  say: (value: string) => string = (v) => v,
  fits: (a: string, b: string) => boolean = (a, b) => folded(a) === folded(b),
): Agreement[] {
  const given = values.filter((v) => v.length > 0);
  const candidates = [...new Map(given.flat().reverse().map((v) => [folded(v), v])).values()].reverse();
  return candidates
    .map((shown) => ({ shown, n: given.filter((v) => v.some((one) => fits(one, shown))).length }))
    .filter(({ n }) => n >= 2 && n * 2 > given.length)
    .sort((a, b) => b.n - a.n || days(a.shown) - days(b.shown))
    .map(({ n, shown }) => ({ field, says: say(shown), by: n, of: given.length }));
}

/** Whether two dates have a day in common; an open end reaches as far as it can. */
function meet(a: string, b: string): boolean {
  const [a0, a1] = bounds(a);
  const [b0, b1] = bounds(b);
  return (a1 ?? Infinity) >= (b0 ?? -Infinity) && (b1 ?? Infinity) >= (a0 ?? -Infinity);
}

/** How many days a date covers; what is no date covers as many as any other such. */
function days(value: string): number {
  const [first, last] = bounds(value);
  return first !== null && last !== null ? last - first : Number.MAX_SAFE_INTEGER;
}

/** A figure as it was said: "at least 12", "more than 300", "about 40". */
export const countFigure = (n: Pick<Count, "min" | "max" | "approx">): string =>
  `${n.approx && n.min !== null && n.max !== null ? "about " : ""}${range(n.min, n.max)}`;

export const number = (n: number): string => n.toLocaleString("en");

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const folded = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/^the /, "").trim();

function push(groups: Map<string, Account[]>, key: string, account: Account): void {
  const held = groups.get(key);
  if (held) held.push(account);
  else groups.set(key, [account]);
}
