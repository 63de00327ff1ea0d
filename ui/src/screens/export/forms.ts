/** The forms of an export: what each holds, for whom, and what it cannot hold (docs/exports.md). */

export type Of = "claims" | "incidents";
export interface Form {
  readonly key: string;
  readonly name: string;
  readonly for: string;
  /** What it can be of; the first is meant when nothing is said. "reports" is said by leaving `of` out. */
  readonly of: readonly ("reports" | Of)[];
  /** What does not fit in it. */
  readonly lost: string;
  readonly ending: string;
}

export const FORMS: readonly Form[] = [
  { key: "jsonl", name: "JSON Lines", for: "Programs; nothing is lost", of: ["reports", "claims", "incidents"], lost: "", ending: "jsonl" },
  {
    key: "csv",
    name: "CSV",
    for: "Spreadsheets",
    of: ["claims", "incidents"],
    lost: "Several values stand in one cell, parted by semicolons. Offsets, mentions and attributions, and the ranges of each side, are lost.",
    ending: "csv",
  },
  { key: "geojson", name: "GeoJSON", for: "Maps", of: ["claims", "incidents"], lost: "What has no place on the map is lost. A claim of several places is several points.", ending: "geojson" },
  {
    key: "parquet",
    name: "Parquet",
    for: "DuckDB, pandas, Polars, Spark",
    of: ["claims", "incidents"],
    lost: "The text of the reports, other clauses of a claim, mentions and attributions are lost.",
    ending: "parquet",
  },
  {
    key: "acled",
    name: "ACLED",
    for: "Work with ACLED's data",
    of: ["incidents"],
    lost: "Of what is disputed one reading stands in each column, and certainty is lost. Incidents that are only denied, of a type that ACLED does not code, or without a day or place, are left out.",
    ending: "csv",
  },
  {
    key: "ucdp",
    name: "UCDP GED",
    for: "Work with UCDP's data",
    of: ["incidents"],
    lost: "Only incidents in which somebody died, with a day and a place. Of what is disputed one reading stands in each column.",
    ending: "csv",
  },
  { key: "annotations", name: "Web Annotations", for: "Annotation tools and readers", of: ["claims"], lost: "The clauses of claims with what they say, and nothing of incidents and disputes.", ending: "jsonld" },
  {
    key: "claimreview",
    name: "ClaimReview",
    for: "Fact-checkers and search engines",
    of: ["incidents"],
    lost: "Only the positions of disputes: what nobody disputes is left out.",
    ending: "jsonld",
  },
];

export const formOf = (key: string | null): Form => FORMS.find((f) => f.key === key) ?? FORMS[0]!;

/** What the form is of, as chosen or else as it is when nothing is said. */
export function kindOf(form: Form, wanted: string | null): "reports" | Of {
  return form.of.find((k) => k === wanted) ?? form.of[0]!;
}

/** `of` as the API takes it; null where the form is always of one thing, or of whole reports. */
export function ofAsked(form: Form, kind: "reports" | Of): Of | null {
  return form.of.length > 1 && kind !== "reports" ? kind : null;
}

export interface Preview {
  form: string;
  of: Of | null;
  claims: number;
  reviewed: number;
  reports: number;
  incidents: number | null;
  /** Null until the file was made. */
  bytes: number | null;
  left_out: string[] | null;
  withheld: boolean;
}

/** A size as people say it: "812 bytes", "3.4 MB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [n, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${n < 10 ? n.toFixed(1) : Math.round(n)} ${unit}`;
}

/** What the file will hold, sentence by sentence: nothing in it should come as a surprise. */
export function statement(found: Preview, form: Form, kind: "reports" | Of, narrowed: boolean): string[] {
  const many = (n: number, noun: string): string => `${n.toLocaleString("en")} ${n === 1 ? noun : `${noun}s`}`;
  const out: string[] = [];
  if (kind === "reports") {
    out.push(
      narrowed
        ? `${many(found.reports, "whole report")} with ${many(found.claims, "claim")} that fit the filters. A report is whole: what else was read in it is there, too.`
        : `${many(found.reports, "whole report")} with all that was read in them, ${many(found.claims, "claim")}.`,
    );
  } else if (kind === "claims") {
    out.push(`${many(found.claims, "claim")} of ${many(found.reports, "report")}.`);
  } else {
    out.push(
      narrowed
        ? `${many(found.incidents ?? 0, "incident")} that fit the filters, each as all its accounts tell it, and not only the ${many(found.claims, "claim")} that fit.`
        : `${many(found.incidents ?? 0, "incident")}, as told in ${many(found.claims, "claim")}. Claims of states that last, or of what is only expected, belong to none.`,
    );
  }
  const left = (found.left_out ?? []).reduce((sum, line) => sum + (Number(new RegExp(`^([\\d,]+) ${kind.slice(0, -1)}s? left out`).exec(line)?.[1]?.replaceAll(",", "")) || 0), 0);
  const whole = kind === "incidents" ? (found.incidents ?? 0) : found.claims;
  if (left && kind !== "reports") out.push(`${(whole - left).toLocaleString("en")} of these ${whole.toLocaleString("en")} are in the file; why the others are not stands below.`);
  const unseen = found.claims - found.reviewed;
  if (found.claims) {
    out.push(
      found.reviewed === 0
        ? "No person has reviewed any of these claims: all stand as the reader read them."
        : unseen === 0
          ? "People reviewed every one of these claims."
          : `People reviewed ${many(found.reviewed, "claim")} of them; ${many(unseen, "claim")} stand as the reader read them.`,
    );
  }
  out.push("Claims that people rejected are not in it.");
  if (found.withheld) out.push("What is withheld for somebody's safety is not in it, whoever exports.");
  if (form.lost) out.push(form.lost);
  return out;
}
