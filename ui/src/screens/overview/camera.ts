/** Where the window lies on the map: on a square of the world by Mercator's projection, as MapLibre has it. */

import { extent, mercator } from "../../lib/control";
import type { View } from "./layer";

/** The middle of the window, in degrees, and how near it is: at 0 the world is 512 pixels wide, twice as many with each step. */
export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}
const NEAREST = 6.4; // of what is fitted: a single town is shown with the land around it
export const NOWHERE: Camera = { lon: 38, lat: 34, zoom: 3 };

export function viewOf({ lon, lat, zoom }: Camera, width: number, height: number): View {
  const size = 512 * 2 ** zoom;
  const middle = mercator(lon, lat);
  return { size, width, height, left: middle.x * size - width / 2, top: middle.y * size - height / 2 };
}

/** The window in which most of the points are; undefined where there is none, or no window. */
export function fitted(points: { lon: number | null; lat: number | null }[], width: number, height: number): Camera | undefined {
  const found = extent(points);
  if (!found || !width || !height) return undefined;
  const [west, south, east, north] = found;
  const air = Math.min(56, width / 8);
  // the buttons lie on the right, and names are written to the right of their marks
  const right = Math.min(120, Math.max(air, width / 4));
  const [low, high] = [mercator(west, south), mercator(east, north)];
  const scale = (room: number, span: number) => (span > 0 ? Math.max(40, room) / span : Infinity);
  const nearest = 512 * 2 ** NEAREST;
  // never so far that the window shows more than the world
  const size = Math.max(width, height, Math.min(nearest, scale(width - air - right, high.x - low.x), scale(height - 2 * air, low.y - high.y)));
  const within = (at: number, room: number) => Math.max(room / 2 / size, Math.min(1 - room / 2 / size, at));
  const x = within((low.x + high.x) / 2 + (right - air) / 2 / size, width);
  const y = within((low.y + high.y) / 2, height);
  return { lon: (x - 0.5) * 360, lat: latitude(y), zoom: Math.log2(size / 512) };
}

const latitude = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
