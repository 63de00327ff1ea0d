/** What is withheld from exports and from viewers' sight: a report, a person or a place. */

export type Kind = "report" | "person" | "place";
export interface Mark {
  row: number;
  kind: Kind;
  /** The id of a report, else a name. */
  name: string;
  /** The identity that the name stands for, if any. */
  entity: string | null;
  at: string;
  who: string;
  why: string | null;
  lifted_at: string | null;
  lifted_by: string | null;
  lifted_why: string | null;
}

/** What follows from withholding each, in words. */
export const WHAT_IT_DOES: Readonly<Record<Kind, string>> = {
  report: "The report and every claim that it makes are kept out of exports, situation reports and the sight of viewers and coders.",
  person:
    "Every claim that names them is kept out of exports, situation reports and the sight of viewers and coders; where the name is left in a text, it is covered there.",
  place:
    "Every claim about the place is kept out of exports, situation reports and the sight of viewers and coders; where its name is left in a text, it is covered there.",
};

/** A day of a time that the server gave. */
export const day = (at: string | null): string | null => at?.slice(0, 10) ?? null;

const bare = (name: string): string => name.trim().toLocaleLowerCase();

/** The mark by which something is withheld, of those that hold: by its identity where it has one, else by its name. */
export function markOf(marks: readonly Mark[], kind: Kind, id: string, name: string): Mark | undefined {
  const own = marks.filter((m) => m.kind === kind && !m.lifted_at);
  if (kind === "report") return own.find((m) => m.name === id);
  return own.find((m) => m.entity === id) ?? own.find((m) => [bare(id), bare(name)].includes(bare(m.name)) && (!m.entity || bare(id) === bare(name)));
}
