/**
 * The first picture of the map, which stands before MapLibre has been fetched and has drawn: coasts, borders and marks on a plain
 * canvas. It shows what the map will show, so that nothing moves when the map takes its place.
 */

import { outlines as address } from "virtual:basemap";
import { mercator } from "../../lib/control";
import { theme, token } from "../../lib/theme.svelte";
import { STRIDE, type View } from "./layer";
import type { Points } from "./points";
import type { Sheet } from "./sprites";

interface Outlines {
  /** Steps of a thousandth of a degree: x and y of each corner from the one before. */
  arcs: number[][];
  /** Arcs of each ring, in order; ~n is arc n backwards. */
  rings: number[][];
  borders: number[];
}
interface Arc {
  /** x and y in turn, on the map of side 1. */
  at: Float64Array;
  box: [number, number, number, number];
}

/** Land as lines, fetched when the module is: it is needed as soon as the answers of the ledger are here. */
const fetched: Promise<Outlines> = fetch(address).then((answer) => {
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json() as Promise<Outlines>;
});
fetched.catch(() => undefined); // without it the picture has marks and no coasts

/** Read often, it says: drawn by the processor at once, without the start of a graphics card. */
const PLAIN: CanvasRenderingContext2DSettings = { willReadFrequently: true, alpha: false };

export class Picture {
  readonly #context: CanvasRenderingContext2D;
  #arcs: Arc[] = [];
  #rings: number[][] = [];
  #borders: ReadonlySet<number> = new Set();
  readonly #ground = document.createElement("canvas"); // sea and land, which a day of a scrub does not draw anew
  #groundOf = "";

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly ratio: number,
  ) {
    this.#context = canvas.getContext("2d", PLAIN)!;
  }

  /** Resolves when coasts are there to be drawn, or when it is known that there are none. */
  async load(): Promise<void> {
    try {
      const { arcs, rings, borders } = await fetched;
      this.#arcs = arcs.map(placed);
      this.#rings = rings;
      this.#borders = new Set(borders);
      this.#groundOf = "";
    } catch {
      // marks alone are drawn then
    }
  }

  draw(view: View, marks: Points | undefined, sheet: Sheet | undefined): void {
    const [w, h] = [Math.round(view.width * this.ratio), Math.round(view.height * this.ratio)];
    const of = [...Object.values(view), theme.dark].join(" ");
    if (of !== this.#groundOf) {
      this.#groundOf = of;
      [this.#ground.width, this.#ground.height] = [w, h];
      const c = this.#ground.getContext("2d", PLAIN)!;
      c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      c.fillStyle = token("--sea");
      c.fillRect(0, 0, view.width, view.height);
      this.#land(c, view);
    }
    if (!w || !h) return;
    if (this.canvas.width !== w || this.canvas.height !== h) [this.canvas.width, this.canvas.height] = [w, h];
    const c = this.#context;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.#ground, 0, 0);
    if (marks && sheet) stamped(c, view, marks, sheet, this.ratio);
  }

  #land(c: CanvasRenderingContext2D, { size, left, top, width, height }: View): void {
    const margin = 4 / size;
    const [west, north] = [left / size - margin, top / size - margin];
    const [east, south] = [(left + width) / size + margin, (top + height) / size + margin];
    const seen = this.#arcs.map(({ box }) => box[0] < east && box[2] > west && box[1] < south && box[3] > north);
    const land = new Path2D();
    for (const ring of this.#rings) {
      const boxes = ring.map((n) => this.#arcs[n < 0 ? ~n : n]!.box);
      const over = (k: 0 | 1, pick: (...all: number[]) => number) => pick(...boxes.map((b) => b[k]), ...boxes.map((b) => b[k + 2]!));
      if (over(0, Math.min) > east || over(0, Math.max) < west || over(1, Math.min) > south || over(1, Math.max) < north) continue;
      ring.forEach((n, i) => drawn(land, this.#arcs[n < 0 ? ~n : n]!.at, n < 0, i > 0, size, left, top));
      land.closePath();
    }
    c.fillStyle = token("--land");
    c.fill(land);
    const [coasts, borders] = [new Path2D(), new Path2D()];
    this.#arcs.forEach(({ at }, i) => {
      if (seen[i] && at.length) drawn(this.#borders.has(i) ? borders : coasts, at, false, false, size, left, top);
    });
    c.lineJoin = "round";
    c.lineWidth = 0.9;
    c.strokeStyle = token("--coast");
    c.stroke(coasts);
    c.lineWidth = 1;
    c.strokeStyle = token("--border");
    c.setLineDash([4, 2.5]);
    c.stroke(borders);
    c.setLineDash([]);
  }
}

function placed(steps: number[]): Arc {
  const at = new Float64Array(steps.length);
  const box: Arc["box"] = [Infinity, Infinity, -Infinity, -Infinity];
  let [lon, lat] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i]!;
    lat += steps[i + 1]!;
    const { x, y } = mercator(lon / 1000, lat / 1000);
    at[i] = x;
    at[i + 1] = y;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return { at, box };
}

/** Add an arc to a path; `on` goes on from the one before, whose end is its beginning. */
function drawn(path: Path2D, at: Float64Array, back: boolean, on: boolean, size: number, left: number, top: number): void {
  const count = at.length / 2;
  for (let k = on ? 1 : 0; k < count; k++) {
    const i = 2 * (back ? count - 1 - k : k);
    path[k || on ? "lineTo" : "moveTo"](at[i]! * size - left, at[i + 1]! * size - top);
  }
}

/** The same marks as the layer over the map stamps, from the same sheet. */
function stamped(c: CanvasRenderingContext2D, view: View, { data, count, origin }: Points, sheet: Sheet, ratio: number): void {
  const cell = sheet.cell * ratio;
  for (let k = 0; k < count; k++) {
    const i = k * STRIDE;
    const x = Math.floor(((data[i]! + origin.x) * view.size - view.left + data[i + 2]!) * ratio + 0.5);
    const y = Math.floor(((data[i + 1]! + origin.y) * view.size - view.top + data[i + 3]!) * ratio + 0.5);
    if (x < -cell || y < -cell || x > c.canvas.width + cell || y > c.canvas.height + cell) continue;
    const number = data[i + 4]!;
    c.globalAlpha = data[i + 5]!;
    const side = Math.min(cell, data[i + 6]! * ratio || cell);
    const empty = (cell - side) / 2;
    const [from, down] = [(number % sheet.columns) * cell + empty, Math.floor(number / sheet.columns) * cell + empty];
    c.drawImage(sheet.image, from, down, side, side, Math.round(x - side / 2), Math.round(y - side / 2), side, side);
  }
  c.globalAlpha = 1;
}
