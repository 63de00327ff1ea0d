/** Marks and signs as small pictures: drawn once for each look and size, then stamped by the thousand. */

import type { Status } from "../../lib/api";
import { corners, painted, type Look } from "../../lib/looks";
import type { Inks } from "./inks";

/** A sheet of pictures in square cells, which the layer of marks stamps from. */
export interface Sheet {
  image: HTMLCanvasElement;
  /** Side of a cell, in pixels of the page; and how many cells stand in a row. */
  cell: number;
  columns: number;
  rows: number;
}

const STATUSES: Status[] = ["held", "contested", "besieged", "lost", "unknown"];
export const RINGS = 2; // of what is pointed at, and of what is chosen

/** The cell of a group's mark with a status. */
export const markCell = (group: number, status: Status): number => RINGS + group * STATUSES.length + STATUSES.indexOf(status);
/** The cell of a kind's sign, after all marks. */
export const signCell = (groups: number, kind: number): number => RINGS + groups * STATUSES.length + kind;

/** All marks and signs at one size; `r` is the radius of a mark, `sign` that of a sign. */
export function sheet(looks: Look[], glyphs: string[], r: number, sign: number, inks: Inks, scale: number): Sheet {
  const cell = Math.ceil(Math.max(r * 1.5 + 8, sign + 3)) * 2;
  const count = RINGS + looks.length * STATUSES.length + glyphs.length;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const image = document.createElement("canvas");
  image.width = Math.round(columns * cell * scale);
  image.height = Math.round(rows * cell * scale);
  const context = image.getContext("2d", { willReadFrequently: true })!;
  const at = (index: number, draw: (c: CanvasRenderingContext2D) => void) => {
    context.setTransform(scale, 0, 0, scale, ((index % columns) + 0.5) * cell * scale, (Math.floor(index / columns) + 0.5) * cell * scale);
    draw(context);
  };
  [1.6, 2.6].forEach((width, i) =>
    at(i, (c) => {
      c.beginPath();
      c.arc(0, 0, r * 1.5 + 5, 0, Math.PI * 2);
      c.lineWidth = width;
      c.strokeStyle = inks.accent;
      c.stroke();
    }),
  );
  looks.forEach((look, g) => STATUSES.forEach((status) => at(markCell(g, status), (c) => drawMark(c, look, status, r, inks))));
  glyphs.forEach((glyph, k) => at(signCell(looks.length, k), (c) => drawSign(c, glyph, sign, inks)));
  return { image, cell, columns, rows };
}

function outline(look: Look, r: number): Path2D {
  const path = new Path2D();
  if (look.shape === "circle") path.arc(0, 0, r, 0, Math.PI * 2);
  else {
    corners(look.shape).forEach(([x, y], i) => path[i ? "lineTo" : "moveTo"](x * r, y * r));
    path.closePath();
  }
  return path;
}

function drawMark(c: CanvasRenderingContext2D, look: Look, status: Status, r: number, inks: Inks): void {
  const shape = outline(look, r);
  const colour = painted(look.colour, inks.dark);
  const hollow = status === "contested" || status === "lost" || status === "unknown" || look.colour === "#ffffff";
  c.lineJoin = "round";
  c.fillStyle = hollow ? inks.empty : colour;
  c.fill(shape);
  if (status === "contested") {
    c.save();
    c.beginPath();
    c.rect(-2 * r, -2 * r, 2 * r, 4 * r);
    c.clip();
    c.fillStyle = look.colour === "#ffffff" ? inks.plain : colour;
    c.fill(shape);
    c.restore();
  }
  c.strokeStyle = inks.edge;
  c.lineWidth = r < 4 ? 0.7 : 0.95;
  c.stroke(shape);
  if (status === "lost") {
    c.beginPath();
    c.moveTo(-r * 0.5, r * 0.5);
    c.lineTo(r * 0.5, -r * 0.5);
    c.strokeStyle = inks.cross;
    c.stroke();
    c.strokeStyle = inks.edge;
  }
  if (status === "besieged") {
    c.beginPath();
    c.arc(0, 0, r * 1.3 + 2.5, 0, Math.PI * 2);
    c.lineWidth = r < 4 ? 1 : 1.4;
    c.stroke();
  }
}

/** A sign in a small disc, so that it can be told from the marks of holders. */
function drawSign(c: CanvasRenderingContext2D, glyph: string, r: number, inks: Inks): void {
  c.beginPath();
  c.arc(0, 0, r, 0, Math.PI * 2);
  c.fillStyle = inks.paper;
  c.fill();
  c.lineWidth = 1;
  c.strokeStyle = inks.sign;
  c.stroke();
  const size = r * 0.56;
  c.save();
  c.scale(size, size);
  c.lineWidth = 1.5 / size;
  c.lineCap = c.lineJoin = "round";
  c.stroke(new Path2D(glyph));
  c.restore();
}
