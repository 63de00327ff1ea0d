/** Who holds each place on a day, worked out in the browser, so that a year can be scrubbed without asking the server. */

import type { Timeline, TimelineInterval } from "./api";
import { day, type Day } from "./days";
import { groupKey, groups, type Group } from "./looks";

const EVER = 1e7; // days: beyond any date

export interface Track {
  place: Timeline;
  /** First days of the intervals, ascending; -EVER for one whose beginning is not told. */
  starts: Int32Array;
  ends: Int32Array;
  intervals: TimelineInterval[];
  /** The number of the group (in `ControlIndex.groups`) that each interval belongs to. */
  group: Uint8Array;
  /** Where it is on a square map of the world of side 1, by Mercator's projection; NaN without a point. */
  x: number;
  y: number;
}

export class ControlIndex {
  readonly tracks: Track[];
  readonly groups: Group[];
  /** The interval of each track that holds on the day last asked for; -1 for none. */
  readonly current: Int16Array;
  /** First and last day on which anything changes, without the odd day far off. */
  readonly first: Day;
  readonly last: Day;
  readonly byKey: Map<string, number>;

  constructor(places: Timeline[]) {
    const looks = groups(places.flatMap((p) => p.intervals));
    this.groups = [...new Set(looks.values())];
    const number = new Map([...looks].map(([key, group]) => [key, this.groups.indexOf(group)]));
    const changes: Day[] = [];
    this.tracks = places.map((place) => {
      const intervals = place.intervals
        .map((interval) => ({ interval, from: edge(interval.from, -EVER), to: edge(interval.to, EVER) }))
        .sort((a, b) => a.from - b.from);
      for (const { from, to } of intervals) {
        if (from > -EVER) changes.push(from);
        if (to < EVER) changes.push(to);
      }
      return {
        place,
        starts: Int32Array.from(intervals, (i) => i.from),
        ends: Int32Array.from(intervals, (i) => i.to),
        intervals: intervals.map((i) => i.interval),
        group: Uint8Array.from(intervals, (i) => number.get(groupKey(i.interval.holder, i.interval.side)) ?? 0),
        ...mercator(place.lon, place.lat),
      };
    });
    changes.sort((a, b) => a - b);
    this.first = changes[Math.floor(changes.length * 0.005)] ?? NaN;
    this.last = changes.at(-1) ?? NaN;
    this.current = new Int16Array(this.tracks.length).fill(-1);
    this.byKey = new Map(this.tracks.map((t, i) => [t.place.key, i]));
  }

  /** Set `current` to that day; true when any place changed. */
  to(on: Day): boolean {
    let changed = false;
    for (let i = 0; i < this.tracks.length; i++) {
      const now = this.at(this.tracks[i]!, on);
      if (now !== this.current[i]) {
        this.current[i] = now;
        changed = true;
      }
    }
    return changed;
  }

  /** The number of the interval that holds on a day, -1 for none: the last that has begun and has not ended. */
  at(track: Track, on: Day): number {
    const { starts, ends } = track;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= on) low = middle + 1;
      else high = middle;
    }
    const found = low - 1;
    return found >= 0 && ends[found]! > on ? found : -1;
  }

  /** How many places each group has on each of the given days, which ascend. Intervals of unknown beginning count too. */
  shares(days: Day[]): Uint32Array[] {
    // an interval counts from its first day to where it ends or the next begins: what comes and goes at each day is summed up
    const come = this.groups.map(() => new Int32Array(days.length + 1));
    for (const { starts, ends, group } of this.tracks) {
      for (let k = 0; k < starts.length; k++) {
        const from = firstFrom(days, starts[k]!);
        const to = firstFrom(days, Math.min(ends[k]!, starts[k + 1] ?? EVER));
        if (from >= to) continue;
        come[group[k]!]![from]!++;
        come[group[k]!]![to]!--;
      }
    }
    return come.map((changes) => {
      let now = 0;
      return Uint32Array.from(days, (_, d) => (now += changes[d]!));
    });
  }

  /** What changed in the days up to and with `on`: tracks with the interval that began, the latest first. */
  changes(on: Day, within: number): { track: Track; interval: TimelineInterval; day: Day }[] {
    const out: { track: Track; interval: TimelineInterval; day: Day }[] = [];
    for (const track of this.tracks) {
      const found = this.at(track, on);
      const began = found >= 0 ? track.starts[found]! : -EVER;
      if (began > on - within && began <= on) out.push({ track, interval: track.intervals[found]!, day: began });
    }
    return out.sort((a, b) => b.day - a.day || (a.track.place.name < b.track.place.name ? -1 : 1));
  }
}

/** The number of the first of these days that is not before a day; their number, when all are. */
function firstFrom(days: Day[], day: Day): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function edge(iso: string | null, open: Day): Day {
  const found = iso ? day(iso) : NaN;
  return Number.isNaN(found) ? open : found;
}

export function mercator(lon: number | null, lat: number | null): { x: number; y: number } {
  if (lon === null || lat === null) return { x: NaN, y: NaN };
  const turn = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + turn) / (1 - turn)) / (4 * Math.PI) };
}

/** West, south, east, north of most places: the odd one far off does not make it a map of the globe. */
export function extent(points: { lon: number | null; lat: number | null }[]): [number, number, number, number] | undefined {
  const lon = points.flatMap((p) => (p.lon === null || p.lat === null ? [] : [p.lon])).sort((a, b) => a - b);
  const lat = points.flatMap((p) => (p.lon === null || p.lat === null ? [] : [p.lat])).sort((a, b) => a - b);
  if (!lon.length) return undefined;
  const cut = lon.length > 20 ? 0.06 : 0;
  const at = (sorted: number[], share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  const [west, south, east, north] = [at(lon, cut), at(lat, cut), at(lon, 1 - cut), at(lat, 1 - cut)];
  // what was cut off on the edges of where most places are comes back in
  const [wide, high] = cut ? [(east - west) * 0.15, (north - south) * 0.15] : [0, 0];
  return [west - wide, south - high, east + wide, north + high];
}
