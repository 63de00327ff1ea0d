/** What the layer over the map stamps: a point for each mark and sign, in the order of drawing. */

import type { ControlIndex } from "../../lib/control";
import { STRIDE, type View } from "./layer";
import type { Sign } from "./shares";
import { markCell, signCell } from "./sprites";

const UNTOLD = -1e6; // first days before this stand for a beginning that is not told
const PALE = 0.45;
const BROADEST = 1.42; // of the shapes, in radii: a triangle reaches farthest from its middle; only the ring of a siege lies beyond

export interface Wanted {
  index: ControlIndex;
  shows: (track: number) => boolean;
  signs: Sign[];
  /** Radius of a mark and half the side of a sign, in pixels of the page. */
  mark: number;
  sign: number;
  /** Whether there are so many signs that each place has room for one. */
  crowded: boolean;
  /** Tracks with a ring around them: the one that is pointed at, and the one that is chosen. */
  rings: [number, number];
}

export class Points {
  data = new Float32Array(0);
  count = 0;
  /** On the map of side 1; the points are given from here, so that their numbers are small, and so exact. */
  origin = { x: 0.5, y: 0.5 };

  /** Held places first, then what is fought over, then signs, then what is pointed at and chosen. */
  fill({ index, shows, signs, mark: r, sign: size, crowded, rings }: Wanted): void {
    const { tracks, current, groups } = index;
    const room = (tracks.length + signs.length * 3 + 4) * STRIDE;
    if (this.data.length < room) this.data = new Float32Array(room);
    const out = this.data;
    const middle = tracks.find((t) => !Number.isNaN(t.x)) ?? { x: 0.5, y: 0.5 };
    const origin = (this.origin = { x: middle.x, y: middle.y });
    let end = 0;
    const put = (x: number, y: number, dx: number, dy: number, cell: number, alpha: number, wide: number) => {
      out[end++] = x - origin.x;
      out[end++] = y - origin.y;
      out[end++] = dx;
      out[end++] = dy;
      out[end++] = cell;
      out[end++] = alpha;
      out[end++] = wide;
    };
    const wide = 2 * Math.ceil(r * BROADEST + 1);
    const mark = (i: number) => {
      const track = tracks[i]!;
      const now = current[i]!;
      const { status } = track.intervals[now]!;
      const alpha = track.starts[now]! < UNTOLD ? PALE : 1;
      put(track.x, track.y, 0, 0, markCell(track.group[now]!, status), alpha, status === "besieged" ? 0 : wide);
    };
    const later: number[] = [];
    for (let i = 0; i < tracks.length; i++) {
      const track = tracks[i]!;
      const now = current[i]!;
      if (now < 0 || Number.isNaN(track.x) || !shows(i)) continue;
      if (track.intervals[now]!.status === "held") mark(i);
      else later.push(i);
    }
    later.forEach(mark);
    for (const sign of signs) {
      const kinds = sign.kinds.slice(0, crowded ? 1 : 3);
      // in a row above the mark, so that the name has its place beside it
      kinds.forEach((kind, k) =>
        put(sign.x, sign.y, (k - (kinds.length - 1) / 2) * (size * 2 + 1), -r - size - 3, signCell(groups.length, kind), 1, 0),
      );
    }
    rings.forEach((i, ring) => {
      const track = tracks[i];
      if (!track || Number.isNaN(track.x)) return;
      if (current[i]! >= 0) mark(i);
      put(track.x, track.y, 0, 0, ring, 1, 0);
    });
    this.count = end / STRIDE;
  }
}

/** The track whose mark is nearest to a point of the window, no farther than `reach` pixels; -1 for none. */
export function nearest(
  { tracks, current }: ControlIndex,
  shows: (track: number) => boolean,
  { size, left, top }: View,
  at: { x: number; y: number },
  reach: number,
): number {
  let best = -1;
  let least = reach * reach;
  for (let i = 0; i < tracks.length; i++) {
    if (current[i]! < 0 || !shows(i)) continue;
    const dx = tracks[i]!.x * size - left - at.x;
    const dy = tracks[i]!.y * size - top - at.y;
    const far = dx * dx + dy * dy;
    if (far < least) [least, best] = [far, i];
  }
  return best;
}

/** Radius of a mark: bigger when closer, smaller where many (`crowd` in sight) lie side by side. */
export function radius({ size, width, height }: View, crowd: number): number {
  const zoom = Math.log2(size / 512);
  const room = Math.sqrt((width * height) / Math.max(1, crowd));
  return Math.round(Math.max(2.5, Math.min(7.5, 1.1 * zoom - 0.5, room * 0.27)) * 2) / 2;
}

/** Half the side of a sign above a mark of this radius. */
export const signSize = (radius: number): number => Math.max(6, Math.min(8.5, radius + 2));

/** Left, top, right and bottom of a sign in the window. */
export function signBox(sign: Sign, { size, left, top }: View, radius: number): [number, number, number, number] {
  const half = signSize(radius);
  const [x, y] = [sign.x * size - left, sign.y * size - top - radius - half - 3];
  const wide = Math.min(3, sign.kinds.length) * (half + 1);
  return [x - wide, y - half, x + wide, y + half - 3];
}

/** The sign under a point of the window. */
export const signUnder = (signs: readonly Sign[], view: View, at: { x: number; y: number }, radius: number): Sign | undefined =>
  signs.find((sign) => {
    const [left, top, right, bottom] = signBox(sign, view, radius);
    return at.x >= left && at.x <= right && at.y >= top && at.y <= bottom + 3;
  });
