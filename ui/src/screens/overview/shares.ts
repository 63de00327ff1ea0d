/** Who holds what on the day to which an index is set, counted and listed, and where something happened. */

import type { Incident } from "../../lib/api";
import { KINDS, kindOf } from "../../lib/claimtypes";
import { mercator, type ControlIndex, type Track } from "../../lib/control";
import type { Group } from "../../lib/looks";
import { heldWords, incidentWords } from "../../lib/words";

const UNTOLD = -1e6; // first days before this stand for a beginning that is not told

export interface Tally {
  rows: { group: Group; number: number }[];
  /** Places by status. */
  statuses: Record<string, number>;
  /** Places of which nobody says since when they are held. */
  pale: number;
}

export function tally(index: ControlIndex | undefined): Tally {
  const numbers = new Uint32Array(index?.groups.length ?? 0);
  const statuses: Record<string, number> = {};
  let pale = 0;
  index?.tracks.forEach((track, i) => {
    const now = index.current[i]!;
    if (now < 0) return;
    numbers[track.group[now]!]!++;
    const status = track.intervals[now]!.status;
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (track.starts[now]! < UNTOLD) pale++;
  });
  return { rows: (index?.groups ?? []).map((group, i) => ({ group, number: numbers[i]! })), statuses, pale };
}

export interface Row {
  track: Track;
  /** The number of the track. */
  i: number;
  /** The number of the interval that holds on the day. */
  now: number;
}

/** The places that have a holder, with these letters in their name: those that changed last come first, since one looks for that. */
export function heldNow(index: ControlIndex | undefined, shows: (track: number) => boolean, name: string): Row[] {
  const letters = name.trim().toLocaleLowerCase();
  const out: Row[] = [];
  index?.tracks.forEach((track, i) => {
    const now = index.current[i]!;
    if (now < 0 || !shows(i)) return;
    if (!letters || track.place.name.toLocaleLowerCase().includes(letters)) out.push({ track, i, now });
  });
  return out.sort((a, b) => b.track.starts[b.now]! - a.track.starts[a.now]! || (a.track.place.name < b.track.place.name ? -1 : 1));
}

/** A point on the map at which something happened. */
export interface Sign {
  x: number;
  y: number;
  /** Kinds of incidents at this point, by their numbers in KINDS, those with most first. */
  kinds: number[];
  incidents: Incident[];
}

/** Whether a sign is drawn for an incident: whether its place has a point. */
export const hasPoint = ({ place }: Incident): boolean => place?.lat != null && place.lon != null;

export function signs(incidents: readonly Incident[]): Sign[] {
  const at = new Map<string, { lon: number; lat: number; kinds: Map<number, number>; incidents: Incident[] }>();
  for (const incident of incidents) {
    const { lat, lon } = incident.place ?? {};
    if (lat == null || lon == null) continue;
    const key = `${lat},${lon}`;
    if (!at.has(key)) at.set(key, { lon, lat, kinds: new Map(), incidents: [] });
    const here = at.get(key)!;
    const kind = KINDS.indexOf(kindOf(incident.type));
    here.kinds.set(kind, (here.kinds.get(kind) ?? 0) + 1);
    here.incidents.push(incident);
  }
  return [...at.values()].map(({ lon, lat, kinds, incidents }) => ({
    ...mercator(lon, lat),
    incidents,
    kinds: [...kinds].sort((a, b) => b[1] - a[1]).map(([kind]) => kind),
  }));
}

/** What stands beside a place that is pointed at: its name, who holds it, and what the signs above it stand for. */
export interface Told {
  x: number;
  y: number;
  name: string;
  held: string | undefined;
  happened: string[];
}

/** What is told of the sign that is pointed at, else of the track. */
export function toldAt(index: ControlIndex | undefined, signs: readonly Sign[], pointed: number, over: Sign | undefined): Told | undefined {
  const i = over ? trackOf(index, over) : pointed;
  const track = index?.tracks[i];
  const sign = over ?? signs.find((s) => s.x === track?.x && s.y === track.y);
  const at = track ?? sign;
  if (!at) return undefined;
  const held = track?.intervals[index!.current[i]!];
  const name = track?.place.name ?? sign!.incidents[0]!.place!.name;
  return { x: at.x, y: at.y, name, held: held && heldWords(held.holder, held.status), happened: (sign?.incidents ?? []).map(incidentWords) };
}

/** The track of the place above which a sign stands; -1 for none. */
export const trackOf = (index: ControlIndex | undefined, sign: Sign): number =>
  index?.tracks.findIndex((t) => t.x === sign.x && t.y === sign.y) ?? -1;
