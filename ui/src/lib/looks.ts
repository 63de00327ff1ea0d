/** Who is shown in which colour and shape, by the rule of the SVG map: sides that many wars have keep one look. */

import { looks as shared } from "virtual:looks";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "hexagon" | "wedge" | "bar";
export interface Look {
  colour: string;
  shape: Shape;
}
export interface Group extends Look {
  key: string;
  label: string;
  /** Names of holders, those with most intervals first. */
  holders: string[];
}

const MOST = 10; // more cannot be told apart
export const OTHERS = "others";
export const NOBODY = "";
export const PLAIN: Look = { colour: shared.others, shape: "circle" };

/** What groups a holder: its side, else itself; empty when nobody is named. */
export function groupKey(holder: string | null, side: string | null | undefined): string {
  if (!holder) return NOBODY;
  return side && side !== "neutral" ? side : `name:${holder}`;
}

const INITIALS = /^(3r|adf|arsa|cpc|crp|eln|epl|farc|fdlr|fpic|frpi|gnu|io|jnim|lna|lra|m23|milf|mnlf|npa|nrf|ntc|ola|onlf|pkk|rsf|rso|splm|stc|ttp)$/;

/** What stands where others have a side: monitors, witnesses, organisations and outlets speak for none. */
export const NO_SIDE = "No side";

/** A side as people write it: "Islamic State", "RSF", "Opposition"; the words for none where there is none. */
export function sideWords(side: string | null | undefined): string {
  if (!side) return NO_SIDE;
  if (side.startsWith("name:")) return side.slice(5);
  const word = (w: string) => (INITIALS.test(w) ? w.toUpperCase() : w.charAt(0).toUpperCase() + w.slice(1));
  return side.split("-").map(word).join(" ");
}

/** The groups by key, biggest first; the smallest share the look of others. The looks hold for all days, so none changes. */
export function groups(held: Iterable<{ holder: string | null; side: string | null }>): Map<string, Group> {
  const members = new Map<string, Map<string, number>>();
  for (const { holder, side } of held) {
    const key = groupKey(holder, side);
    if (!members.has(key)) members.set(key, new Map());
    const names = members.get(key)!;
    names.set(holder ?? "nobody named", (names.get(holder ?? "nobody named") ?? 0) + 1);
  }
  const size = (key: string) => [...members.get(key)!.values()].reduce((a, b) => a + b, 0);
  const ranked = [...members.keys()].filter((k) => k !== NOBODY).sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  const least = Math.min(5, Math.ceil(0.03 * ranked.reduce((sum, k) => sum + size(k), 0)));
  const shown = ranked.filter((k) => size(k) >= least || !k.startsWith("name:")).slice(0, MOST);
  const given = give(shown);
  const out = new Map<string, Group>();
  const names = (keys: string[]) => {
    const all = keys.flatMap((k) => [...members.get(k)!]).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return all.map(([name]) => name);
  };
  for (const key of shown) out.set(key, { key, label: sideWords(key), holders: names([key]), ...given.get(key)! });
  const rest = ranked.filter((k) => !out.has(k));
  const others: Group = { key: OTHERS, label: "Others", holders: names(rest), ...PLAIN };
  for (const key of rest) out.set(key, others);
  if (members.has(NOBODY)) {
    out.set(NOBODY, { key: NOBODY, label: "No holder named", holders: [], colour: "#ffffff", shape: "circle" });
  }
  return out;
}

function give(keys: string[]): Map<string, Look> {
  const out = new Map<string, Look>();
  for (const key of keys) {
    const own = shared.sides[key];
    if (own) out.set(key, { colour: own[0], shape: own[1] as Shape });
  }
  for (const key of keys.filter((k) => !out.has(k)).sort()) {
    const used = [...out.values()];
    const free = (all: string[], of: (look: Look) => string) =>
      all.reduce((best, c) => (count(used, of, c) < count(used, of, best) ? c : best));
    out.set(key, {
      colour: free(shared.palette, (l) => l.colour),
      shape: free(shared.shapes, (l) => l.shape) as Shape,
    });
  }
  return out;
}

const count = (used: Look[], of: (look: Look) => string, value: string) => used.filter((l) => of(l) === value).length;

/** The look of a side wherever it stands alone, on chips and ribbons. */
export function sideLook(side: string | null | undefined): Look {
  if (!side || side === "neutral") return PLAIN;
  const own = shared.sides[side];
  if (own) return { colour: own[0], shape: own[1] as Shape };
  let sum = 0;
  for (const letter of side) sum = (sum * 31 + letter.codePointAt(0)!) % 9973;
  return {
    colour: shared.palette[sum % shared.palette.length] ?? shared.others,
    shape: (shared.shapes[sum % shared.shapes.length] ?? "circle") as Shape,
  };
}

const DARK = "#3B3B3B";

/** A colour as styles take it: the near black of the palette is a token, since on dark paper it would not be seen. */
export const paint = (colour: string): string =>
  colour === DARK ? "var(--side-dark)" : colour === "#ffffff" ? "var(--mark-empty)" : colour;
/** The same for a canvas, which knows no tokens. */
export const painted = (colour: string, dark: string): string => (colour === DARK ? dark : colour);

/** The corners of a shape of radius 1, y downwards; all shapes cover about the same area. A circle has none. */
export function corners(shape: Shape): [number, number][] {
  if (shape === "square") return [[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]];
  if (shape === "bar") return [[-1.25, -0.62], [1.25, -0.62], [1.25, 0.62], [-1.25, 0.62]];
  if (shape === "circle") return [];
  const [sides, start, size] = { triangle: [3, -90, 1.42], wedge: [3, 90, 1.42], diamond: [4, -90, 1.28], hexagon: [6, 0, 1.12] }[
    shape
  ] as [number, number, number];
  return Array.from({ length: sides }, (_, k) => {
    const angle = ((start + (360 * k) / sides) * Math.PI) / 180;
    return [Math.cos(angle) * size, Math.sin(angle) * size];
  });
}

/** The shape as the `d` of an SVG path around a point. */
export function shapePath(shape: Shape, x: number, y: number, r: number): string {
  if (shape === "circle") return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  return `M${corners(shape)
    .map(([cx, cy]) => `${(x + cx * r).toFixed(2)} ${(y + cy * r).toFixed(2)}`)
    .join("L")}Z`;
}
