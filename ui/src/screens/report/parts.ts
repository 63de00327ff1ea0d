/** The parts of one claim in its report: who, to whom, where, when, how many, and who says so. */
import type { Mark } from "./runs";

export type Role = "clause" | "also" | "verb" | "who" | "whom" | "where" | "when" | "count" | "says" | "cue" | "words";

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  clause: "the clause that states it",
  also: "stated again",
  verb: "what happens",
  who: "who does it",
  whom: "to whom",
  where: "where",
  when: "when",
  count: "how many",
  says: "who says so",
  cue: "word of saying",
  words: "what is said",
};

/** What of a claim this module needs (record.md). */
export interface ClaimParts {
  readonly id: string;
  readonly actors: readonly string[];
  readonly targets: readonly string[];
  readonly places: readonly string[];
  readonly times?: readonly string[];
  readonly counts: readonly { readonly mention?: string | null }[];
  readonly sources: readonly (readonly string[])[];
}

/** The parts by their key `layer:id`, to be looked up for each mark. One mention may play two parts (X attacked itself). */
export function parts(claim: ClaimParts): Map<string, Role[]> {
  const out = new Map<string, Role[]>();
  const add = (key: string, role: Role): void => {
    const held = out.get(key);
    if (!held) out.set(key, [role]);
    else if (!held.includes(role)) held.push(role);
  };
  add(`claim:${claim.id}`, "clause");
  add(`also:${claim.id}`, "also");
  add(`trigger:${claim.id}`, "verb");
  for (const id of claim.actors) add(`mention:${id}`, "who");
  for (const id of claim.targets) add(`mention:${id}`, "whom");
  for (const id of claim.places) add(`mention:${id}`, "where");
  for (const id of claim.times ?? []) add(`mention:${id}`, "when");
  for (const n of claim.counts) if (n.mention) add(`mention:${n.mention}`, "count");
  for (const chain of claim.sources) {
    for (const id of chain) {
      add(`source:${id}`, "says");
      add(`cue:${id}`, "cue");
      add(`content:${id}`, "words");
    }
  }
  return out;
}

export const key = (mark: Mark): string => `${mark.layer}:${mark.id}`;

/** The roles that the chosen claim gives to a run, and those whose part begins with it (they carry the label). */
export function roles(marks: readonly Mark[], start: number, chosen: ReadonlyMap<string, readonly Role[]>): { all: Role[]; begin: Role[] } {
  const all: Role[] = [];
  const begin: Role[] = [];
  for (const mark of marks) {
    for (const role of chosen.get(key(mark)) ?? []) {
      if (!all.includes(role)) all.push(role);
      if (mark.start === start && !begin.includes(role)) begin.push(role);
    }
  }
  return { all, begin };
}

/** A chain of sources as people say it, innermost speaker first: "an officer, quoted by SANA". */
export function chainWords(names: readonly string[]): string {
  const inner = [...names].reverse();
  return inner.length > 1 ? `${inner[0]}, quoted by ${inner.slice(1).join(", quoted by ")}` : (inner[0] ?? "");
}
