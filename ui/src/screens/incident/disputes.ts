/** The positions of a dispute side by side: who holds each, since when, in which sentences. */
import type { Dispute, HeldBy, Ref } from "../../lib/api";
import { datesInWords } from "../report/when";
import { knownOn, refKey, speakers, type Account } from "./records";

export interface Side {
  readonly says: string;
  /** The first day (ISO) on which the record could know it; null when unknown. */
  readonly since: string | null;
  readonly holders: readonly HeldBy[];
}

export interface Opposed {
  readonly about: string;
  readonly kind: string;
  /** The question in plain words, and what kind of difference it is. */
  readonly question: string;
  readonly nature: string;
  /** Who took a position first stands first. */
  readonly sides: readonly Side[];
  /** Sources that hold more than one position: they have changed their account, or tell both. */
  readonly wavering: readonly string[];
}

const QUESTIONS: Readonly<Record<string, string>> = {
  count: "How many?",
  actor: "Who did it?",
  date: "When was it?",
  place: "Where was it?",
  outcome: "How did it end?",
  denial: "Did it happen?",
  control: "Who holds the place?",
};

const NATURES: Readonly<Record<string, string>> = {
  contradiction: "They contradict each other",
  update: "The later account updates the earlier",
  compatible: "Both can be true",
  scope: "They count different things",
};

/** A dispute made ready to be shown; accounts fill in who holds a position where the record does not say. */
export function opposed(dispute: Dispute, accounts: readonly Account[] = []): Opposed {
  const told = new Map(accounts.map((a) => [refKey(a), a]));
  const sides = dispute.positions
    .map((p) => {
      const holders = [...(p.held_by ?? heldBy(p.claims, told))].sort((a, b) => day(a.since).localeCompare(day(b.since)) || a.source.localeCompare(b.source));
      const since = p.since !== undefined ? p.since : (holders.map((h) => h.since).filter((d): d is string => d !== null).sort()[0] ?? null);
      return { says: datesInWords(p.says), since, holders };
    })
    .sort((a, b) => day(a.since).localeCompare(day(b.since)));
  const names = sides.map((s) => new Set(s.holders.map((h) => h.source)));
  const wavering = [...new Set(names.flatMap((n) => [...n]))].filter((name) => names.filter((n) => n.has(name)).length > 1);
  return {
    about: dispute.about,
    kind: dispute.kind,
    question: QUESTIONS[dispute.about] ?? `On the ${dispute.about}`,
    nature: NATURES[dispute.kind] ?? dispute.kind,
    sides,
    wavering,
  };
}

/** Contradictions first, then what only looks like one. */
export function ordered(disputes: readonly Dispute[]): Dispute[] {
  const kinds = Object.keys(NATURES);
  const rank = (d: Dispute): number => (kinds.includes(d.kind) ? kinds.indexOf(d.kind) : kinds.length);
  return [...disputes].sort((a, b) => rank(a) - rank(b));
}

const day = (value: string | null): string => value ?? "9999";

function heldBy(claims: readonly Ref[], told: ReadonlyMap<string, Account>): HeldBy[] {
  const out = new Map<string, { source: string; side: string | null; since: string | null; claims: (Ref & { sentence: string })[] }>();
  for (const ref of claims) {
    const account = told.get(refKey(ref));
    if (!account) continue;
    for (const source of speakers(account)) {
      const held = out.get(source) ?? { source, side: account.sides[0] ?? null, since: null, claims: [] };
      const known = knownOn(account);
      if (known && known < day(held.since)) held.since = known;
      held.claims.push({ report: ref.report, claim: ref.claim, sentence: account.sentence });
      out.set(source, held);
    }
  }
  return [...out.values()];
}
