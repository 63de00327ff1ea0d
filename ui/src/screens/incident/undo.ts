/** The opposite of a decision. The ledger forgets nothing: to undo is to decide the opposite, which then stands as the newer. */
import type { Ref } from "../../lib/api";
import { refKey } from "./records";

interface Group {
  readonly id: string;
  readonly claims: readonly Ref[];
}

/** A line of the audit log, of which this module needs only these. */
export interface AuditLine {
  readonly at: string;
  readonly what: string;
  readonly who?: string;
  readonly before: unknown;
  readonly after: unknown;
}

export type Step =
  | { readonly verb: "merge"; readonly ids: readonly string[] }
  | { readonly verb: "split"; readonly id: string; readonly claims: readonly Ref[] }
  | { readonly verb: "move"; readonly claim: Ref; readonly to: string };

/**
 * The decision that puts the incidents back as they stood before a line of the log; null when one step cannot (several
 * incidents became one and would need several splits: the steps come in order), or when the line is of something else.
 */
export function opposite(line: AuditLine): Step[] | null {
  const before = groups(line.before);
  const after = groups(line.after);
  if (!before || !after || !before.length || !after.length) return null;
  if (line.what === "incidents merged" && after.length === 1) {
    const kept = before.find((g) => g.id === after[0]!.id) ?? before[0]!;
    const rest = before.filter((g) => g !== kept);
    return rest.length ? rest.map((g) => ({ verb: "split", id: after[0]!.id, claims: g.claims })) : null;
  }
  if (line.what === "incident split" && before.length === 1 && after.length > 1) return together(before[0]!, after);
  if (line.what === "claim moved") return moveBack(before, after);
  return null;
}

/**
 * What was one comes together again. Where some of it has joined another incident since, only its claims go, one by one; where
 * all of it has, they go to where most of them are.
 */
function together(whole: Group, after: readonly Group[]): Step[] | null {
  const own = new Set(whole.claims.map(refKey));
  const ours = (g: Group): readonly Ref[] => g.claims.filter((c) => own.has(refKey(c)));
  const clean = after.filter((g) => ours(g).length === g.claims.length);
  const home = clean[0] ?? [...after].sort((a, b) => ours(b).length - ours(a).length)[0];
  if (!home) return null;
  const steps: Step[] = clean.length > 1 ? [{ verb: "merge", ids: clean.map((g) => g.id) }] : [];
  for (const group of after.filter((g) => g !== home && !clean.includes(g))) {
    for (const claim of ours(group)) steps.push({ verb: "move", claim, to: home.id });
  }
  return steps.length ? steps : null;
}

function moveBack(before: readonly Group[], after: readonly Group[]): Step[] | null {
  const moved = after.flatMap((now) => now.claims.map((claim) => ({ claim, now, then: holding(before, claim) })));
  // Of the two groups the one that took a claim in has one more than before; whatever came with whom it joined is that claim.
  for (const now of after) {
    const origins = new Map<Group, Ref[]>();
    for (const m of moved) {
      if (m.now !== now || !m.then) continue;
      const held = origins.get(m.then);
      if (held) held.push(m.claim);
      else origins.set(m.then, [m.claim]);
    }
    if (origins.size !== 2) continue;
    const left = ([group, came]: [Group, Ref[]]): number => group.claims.length - came.length; // what stayed behind
    const [from, claims] = [...origins].sort((a, b) => left(b) - left(a) || a[1].length - b[1].length)[0]!;
    if (claims.length !== 1) return null;
    const rest = from.claims.find((c) => refKey(c) !== refKey(claims[0]!));
    const home = rest && holding(after, rest);
    return home ? [{ verb: "move", claim: claims[0]!, to: home.id }] : [{ verb: "split", id: now.id, claims }];
  }
  return null;
}

const holding = (all: readonly Group[], claim: Ref): Group | undefined => all.find((g) => g.claims.some((c) => refKey(c) === refKey(claim)));

function groups(value: unknown): Group[] | null {
  const list = (value as { incidents?: unknown } | null)?.incidents;
  return Array.isArray(list) ? (list as Group[]) : null;
}
