/** Claims under review in words. */
import { plain } from "../../lib/edtf";
import { typeWords } from "../../lib/words";
import { capital, countFigure } from "../incident/accounts";
import { chainWords } from "../report/parts";
import { certaintyWords } from "../report/reading";
import type { ClaimReviews, Coding, Review, Weight } from "./api";
import { FIELDS, FIELD_WORDS, type Field } from "./draft";

export const OWN_VOICE = "the report, in its own voice";

/** A field of a coding in words; "" when it says nothing. */
export function fieldWords(field: string, coding: Coding | null): string {
  if (field === "claim") return coding ? claimWords(coding) : "no claim";
  if (!coding) return "no claim";
  if (field === "type") return capital(typeWords(coding.type));
  if (field === "certainty") return certaintyWords(coding.certainty);
  if (field === "clause") return `“${coding.text}”`;
  if (field === "trigger") return coding.trigger ? `“${coding.trigger.text}”` : "";
  if (field === "sources") return coding.sources.map(chainWords).join("; ") || OWN_VOICE;
  if (field === "actors" || field === "targets" || field === "places") return coding[field].map((n) => n.name).join(", ");
  if (field === "date") return coding.date ? plain(coding.date) : "";
  return coding.counts.map((n) => `${countFigure(n)} ${n.what.replaceAll("_", " ")}${n.of ? ` (${n.of})` : ""}`).join(", ");
}

/** A claim in a line: "Air strike, Red Brigade → Aleppo, 11 December 2016". */
export function claimWords(coding: Coding): string {
  const names = (list: readonly { name: string }[]): string => list.map((n) => n.name).join(", ");
  const parties = [names(coding.actors), names(coding.targets)].filter(Boolean).join(" → ");
  return [capital(typeWords(coding.type)), parties, names(coding.places), coding.date ? plain(coding.date) : ""].filter(Boolean).join(" · ");
}

/** The fields that one coding has otherwise than another. */
export function differing(a: Coding, b: Coding): Field[] {
  const value = (field: Field, c: Coding): string =>
    JSON.stringify(field === "clause" ? [c.start, c.end] : field === "trigger" ? [c.trigger?.start, c.trigger?.end] : c[field]);
  return FIELDS.filter((field) => value(field, a) !== value(field, b));
}

const DID: Record<string, string> = {
  accept: "accepted it",
  correct: "corrected it",
  reject: "rejected it",
  add: "added it",
  withdraw: "took back a review",
};

/** What somebody did, in words: "corrected who and when". */
export function didWords(review: Review): string {
  const settles = review.adjudicates && review.what !== "withdraw" ? ", settling it" : "";
  if (review.what === "correct" && review.before && review.after) {
    const fields = differing(review.before, review.after).map((f) => (FIELD_WORDS[f] ?? f).toLowerCase());
    if (fields.length) return `corrected ${fields.length > 1 ? `${fields.slice(0, -1).join(", ")} and ${fields.at(-1)}` : fields[0]}${settles}`;
  }
  return `${DID[review.what] ?? review.what}${settles}`;
}

const WEIGHTS: Record<Weight, string> = {
  decides: "stands",
  counts: "counts as theirs",
  earlier: "replaced by a later one",
  withdrawn: "taken back",
  withdraws: "",
};
export const weightWords = (weight: Weight | undefined): string => (weight ? WEIGHTS[weight] : "");

/** How the claim stands, in a phrase. */
export function standingWords(found: ClaimReviews): string {
  const by = found.reviews.find((r) => r.id === found.decided_by);
  if (!by) return found.told ? "not reviewed yet" : "told no more";
  const did = { accept: "accepted", correct: "corrected", reject: "rejected", add: "added", withdraw: "" }[by.what];
  return `${did} by ${by.who}${by.adjudicates ? ", who settled it" : ""}`;
}

/** Alpha in a word, by Krippendorff's custom. */
export function alphaWords(alpha: number | null): string {
  if (alpha === null) return "nothing varies";
  if (alpha >= 0.8) return "can be relied on";
  return alpha >= 0.667 ? "for tentative conclusions" : "too low to conclude from";
}

export const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)} %`);
