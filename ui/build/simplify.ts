/** Coarser arcs for the map that is built in: corners that no screen could show at the scale of the source are left out. */

export type Point = [number, number];

const FINE = 0.008; // degrees, less than a kilometre: the source is drawn for 1:50 million, where that is a fiftieth of a millimetre

/** The arc without the corners that lie within `fine` degrees of the line through the others (Douglas and Peucker, 1973). */
export function simplified(arc: Point[], fine = FINE): Point[] {
  const kept = new Uint8Array(arc.length);
  kept[0] = kept[arc.length - 1] = 1;
  const waiting: [number, number][] = [[0, arc.length - 1]];
  while (waiting.length) {
    const [from, to] = waiting.pop()!;
    let far = -1;
    let most = fine;
    for (let i = from + 1; i < to; i++) {
      const away = distance(arc[i]!, arc[from]!, arc[to]!);
      if (away > most) [far, most] = [i, away];
    }
    if (far < 0) continue;
    kept[far] = 1;
    waiting.push([from, far], [far, to]);
  }
  const out = arc.filter((_, i) => kept[i]);
  return closed(arc) && out.length < 4 ? arc : out; // a small island stays one
}

const closed = (arc: Point[]): boolean => arc[0]![0] === arc.at(-1)![0] && arc[0]![1] === arc.at(-1)![1];

/** How far a point is from the stretch between two others. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const at = long ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / long)) : 0;
  return Math.hypot(x - ax - at * dx, y - ay - at * dy);
}

/** The arcs of a topology in degrees: as it has them they are steps on a grid. */
export function decoded(arcs: Point[][], { scale, translate }: { scale: Point; translate: Point }): Point[][] {
  return arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
}

/** An arc as steps of a thousandth of a degree, which is what is sent: x and y of each corner from the one before. */
export function steps(arc: Point[]): number[] {
  let [x, y] = [0, 0];
  return arc.flatMap(([lon, lat]) => {
    const [to, up] = [Math.round(lon * 1000), Math.round(lat * 1000)];
    const step = [to - x, up - y];
    [x, y] = [to, up];
    return step;
  });
}
