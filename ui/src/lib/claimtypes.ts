/** The kinds of incidents that the map tells apart. */

import { taxonomy } from "virtual:taxonomy";

export interface Kind {
  key: string;
  label: string;
  families: string[];
  /** Drawn in a box from -1 to 1, as strokes. */
  glyph: string;
}

export const KINDS: Kind[] = [
  { key: "control", label: "Changes of control", families: ["territory", "siege"], glyph: "M-.5 1V-.9L.8 -.35L-.5 .2" },
  { key: "fighting", label: "Fighting", families: ["clash"], glyph: "M-.8 -.8L.8 .8M.8 -.8L-.8 .8" },
  { key: "strikes", label: "Strikes and bombing", families: ["strike"], glyph: "M0 -1V1M-.87 -.5L.87 .5M-.87 .5L.87 -.5" },
  {
    key: "harm",
    label: "Harm to people",
    families: ["violence", "arrest", "casualties"],
    glyph: "M0 -.95L.95 .75H-.95ZM0 -.2V.3",
  },
  {
    key: "loss",
    label: "Destruction and flight",
    families: ["destruction", "displacement"],
    glyph: "M-.95 0H.9M.25 -.65L.9 0L.25 .65",
  },
  { key: "forces", label: "Forces and support", families: ["deployment", "support"], glyph: "M-.8 -.7L-.05 0L-.8 .7M.1 -.7L.85 0L.1 .7" },
  { key: "help", label: "Aid", families: ["aid"], glyph: "M0 -.95V.95M-.95 0H.95" },
  {
    key: "words",
    label: "Talks and statements",
    families: ["diplomacy", "utterance", "protest", "sanction"],
    glyph: "M-.9 -.75H.9V.4H-.1L-.5 .9V.4H-.9Z",
  },
  { key: "other", label: "Other", families: ["other"], glyph: "M-.4 0A.4 .4 0 1 0 .4 0A.4 .4 0 1 0 -.4 0" },
];

const BY_FAMILY = new Map(KINDS.flatMap((kind) => kind.families.map((f) => [f, kind] as const)));
const OTHER = KINDS[KINDS.length - 1]!;

export const kindOf = (type: string): Kind => BY_FAMILY.get(taxonomy[type]?.family ?? "") ?? OTHER;

/** All claim types of the codebook, by kind. */
export const TYPES: { kind: Kind; types: string[] }[] = KINDS.map((kind) => ({
  kind,
  types: Object.keys(taxonomy).filter((t) => kindOf(t) === kind),
}));
