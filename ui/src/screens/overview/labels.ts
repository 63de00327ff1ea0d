/** Which names the map has room for, as elements: what is fought over and what is told of most comes first. */

import type { ControlIndex } from "../../lib/control";

export interface Labelled {
  element: HTMLElement;
  x: number;
  y: number;
}
export type Box = [number, number, number, number];
interface Asked {
  size: number;
  width: number;
  height: number;
  left: number;
  top: number;
  index: ControlIndex;
  shows: (track: number) => boolean;
  /** Tracks that must have their names. */
  first: number[];
  countries: { name: string; area: number; x: number; y: number }[];
  /** Radius of a mark. */
  reach: number;
  /** Left, top, right and bottom of what lies over the map: no name is written under it. */
  covered: Box[];
}

/** The names, which are still to be put where they belong, and into the page. */
export function labelled(asked: Asked): Labelled[] {
  const { size, width, height, left, top, index, shows, reach } = asked;
  const boxes: Box[] = [...asked.covered];
  const out: Labelled[] = [];
  const free = (box: Box) => boxes.every((b) => box[2] < b[0] || box[0] > b[2] || box[3] < b[1] || box[1] > b[3]);
  const within = (x: number, y: number) => x > 0 && y > 0 && x < width && y < height;
  const most = Math.max(8, Math.round((width * height) / 16000));
  const ranked: { i: number; rank: number; x: number; y: number }[] = [];
  for (let i = 0; i < index.tracks.length; i++) {
    const now = index.current[i]!;
    const track = index.tracks[i]!;
    const x = track.x * size - left;
    const y = track.y * size - top;
    if (!within(x, y)) continue;
    const chosen = asked.first.includes(i);
    if (!chosen && (now < 0 || !shows(i))) continue;
    const status = now < 0 ? "unknown" : track.intervals[now]!.status;
    const told = track.intervals.length + (status === "besieged" ? 6 : status === "contested" ? 4 : 0);
    ranked.push({ i, rank: told + (chosen ? 1e6 : 0), x, y });
  }
  ranked.sort((a, b) => b.rank - a.rank || a.i - b.i);
  for (const { i, x, y, rank } of ranked.slice(0, most * 4)) {
    if (out.length >= most) break;
    const track = index.tracks[i]!;
    const wide = Math.min(26, track.place.name.length) * 6.7 + 4;
    const away = reach + 5;
    const right: Box = [x + away, y - 8, x + away + wide, y + 8];
    const leftBox: Box = [x - away - wide, y - 8, x - away, y + 8];
    const chosen = rank >= 1e6;
    const onRight = chosen || (free(right) && right[2] < width) || !(free(leftBox) && leftBox[0] > 0);
    const box = onRight ? right : leftBox;
    if (!chosen && (!free(box) || box[2] > width || box[0] < 0)) continue;
    boxes.push(box, [x - reach, y - reach, x + reach, y + reach]);
    const element = name(track.place.name, chosen ? "chosen" : "");
    element.style.setProperty("--dx", onRight ? `${away}px` : `calc(-100% - ${away}px)`);
    out.push({ element, x: track.x, y: track.y });
  }
  for (const country of asked.countries) {
    const x = country.x * size - left;
    const y = country.y * size - top;
    const side = Math.sqrt(country.area) * (size / 360);
    const wide = country.name.length * 9.2;
    if (side < Math.max(70, wide * 0.8) || side > 2600 || !within(x, y)) continue;
    const box: Box = [x - wide / 2, y - 8, x + wide / 2, y + 8];
    if (!free(box)) continue;
    boxes.push(box);
    const element = name(country.name, "country");
    out.push({ element, x: country.x, y: country.y });
  }
  return out;
}

function name(words: string, kind: string): HTMLElement {
  const element = document.createElement("span");
  const inner = document.createElement("i");
  inner.dir = "auto";
  inner.textContent = words.length > 26 ? `${words.slice(0, 25)}…` : words;
  element.className = kind;
  element.append(inner);
  return element;
}
