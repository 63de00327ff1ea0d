/** Vite plugin: what the app shares with the Python package, and the coasts, made into modules when the app is built. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";
import { decoded, simplified, steps, type Point } from "./simplify.ts";

type Countries = Topology<{ countries: GeometryCollection<{ name?: string }> }>;
type Table = Record<string, string | string[]>;

const LOOKS = "virtual:looks"; // colours and shapes of sides, from the package's own file, so that app and SVG map agree
const TAXONOMY = "virtual:taxonomy"; // families of claim types
const BASEMAP = "virtual:basemap"; // addresses of land, coasts and borders, and the names of countries with a point for each
const ANTARCTICA = "010";

export function packageData(root: string): Plugin {
  const file = (name: string) => resolve(root, "src/tadmor", name);
  const assets = new Map<string, string>();
  let serving = false;
  return {
    name: "tadmor-package-data",
    configResolved(config) {
      serving = config.command === "serve";
    },
    resolveId(id) {
      return [LOOKS, TAXONOMY, BASEMAP].includes(id) ? `\0${id}` : undefined;
    },
    load(id) {
      if (id === `\0${LOOKS}`) {
        const path = file("publish/data/control_map.toml");
        this.addWatchFile(path);
        const read = toml(readFileSync(path, "utf-8"));
        return `export const looks = ${JSON.stringify({ ...read[""], sides: read["sides"] })};`;
      }
      if (id === `\0${TAXONOMY}`) {
        const path = file("taxonomy.toml");
        this.addWatchFile(path);
        const read = toml(readFileSync(path, "utf-8"));
        const types = Object.entries(read).filter(([key]) => key);
        const rows = types.map(([key, t]) => [key, { family: t["family"] }]);
        return `export const taxonomy = ${JSON.stringify(Object.fromEntries(rows))};`;
      }
      if (id === `\0${BASEMAP}`) {
        const made = basemap();
        const address = (name: string, text: string) => {
          if (serving) {
            assets.set(`/@basemap/${name}`, text);
            return JSON.stringify(`/@basemap/${name}`);
          }
          const ref = this.emitFile({ type: "asset", name, source: text });
          return `import.meta.ROLLUP_FILE_URL_${ref}`;
        };
        return [
          `export const land = ${address("land.json", JSON.stringify(made.land))};`,
          `export const lines = ${address("lines.json", JSON.stringify(made.lines))};`,
          `export const outlines = ${address("outlines.json", JSON.stringify(made.outlines))};`,
          `export const countries = ${JSON.stringify(made.names)};`,
        ].join("\n");
      }
      return undefined;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const text = assets.get(request.url ?? "");
        if (text === undefined) return next();
        response.setHeader("Content-Type", "application/json");
        response.end(text);
      });
    },
  };
}

/** Land by country, coasts and borders as lines, and where to write each country's name: Natural Earth, 1:50m. */
function basemap() {
  const path = createRequire(import.meta.url).resolve("world-atlas/countries-50m.json");
  const whole = JSON.parse(readFileSync(path, "utf-8")) as Countries;
  const arcs = decoded(whole.arcs as Point[][], whole.transform as { scale: Point; translate: Point }).map((a) => simplified(a));
  const { transform: _, ...rest } = whole; // the arcs are degrees now, not steps on its grid
  const world: Countries = { ...rest, arcs };
  const shapes = world.objects.countries.geometries.filter((g) => g.id !== ANTARCTICA);
  const collection = { type: "GeometryCollection", geometries: shapes } as never;
  // not merged into one area: the triangles that fill so vast a one have faults
  const land = (feature(world, collection) as unknown as GeoJSON.FeatureCollection).features.map((f) => f.geometry);
  const lines = [
    bare(coarse(mesh(world, collection, (a, b) => a === b)), "coast"),
    bare(coarse(mesh(world, collection, (a, b) => a !== b)), "border"),
  ];
  const names = shapes.flatMap((shape) => {
    const made = feature(world, shape as never) as unknown as GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon>;
    const parts = made.geometry.type === "Polygon" ? [made.geometry.coordinates] : made.geometry.coordinates;
    const biggest = parts.map((p) => ring(p[0] ?? [])).sort((a, b) => b.area - a.area)[0];
    const name = (shape.properties as { name?: string } | undefined)?.name;
    return name && biggest && biggest.area > 0.2
      ? [[name, round(biggest.x), round(biggest.y), Math.round(biggest.area * 10) / 10]]
      : [];
  });
  names.sort((a, b) => Number(b[3]) - Number(a[3]));
  const areas = land.map((geometry) => bare(coarse(geometry as GeoJSON.Polygon), "land"));
  return {
    land: { type: "FeatureCollection", features: areas },
    lines: { type: "FeatureCollection", features: lines },
    outlines: outlines(arcs, shapes),
    names,
  };
}

type Shapes = Countries["objects"]["countries"]["geometries"];

/** What the first picture is drawn of: arcs once each, the rings that are made of them, and which are borders. ~n is arc n backwards. */
function outlines(arcs: Point[][], shapes: Shapes) {
  const rings = shapes.flatMap((shape) =>
    shape.type === "Polygon" ? shape.arcs : shape.type === "MultiPolygon" ? shape.arcs.flat() : [],
  );
  const used = new Map<number, number>();
  for (const arc of rings.flat()) used.set(arc < 0 ? ~arc : arc, (used.get(arc < 0 ? ~arc : arc) ?? 0) + 1);
  return {
    arcs: arcs.map((arc, i) => (used.has(i) ? steps(arc) : [])),
    rings,
    borders: [...used].filter(([, times]) => times > 1).map(([arc]) => arc),
  };
}

const bare = (geometry: GeoJSON.Geometry, kind: string) => ({ type: "Feature", properties: { kind }, geometry });

/** Area in square degrees, and the middle, of a ring. */
function ring(points: GeoJSON.Position[]) {
  let area = 0;
  let x = 0;
  let y = 0;
  points.forEach(([x1 = 0, y1 = 0], i) => {
    const [x2 = 0, y2 = 0] = points[(i + 1) % points.length] ?? [];
    const cross = x1 * y2 - x2 * y1;
    area += cross / 2;
    x += ((x1 + x2) * cross) / 6;
    y += ((y1 + y2) * cross) / 6;
  });
  return area ? { area: Math.abs(area), x: x / area, y: y / area } : { area: 0, x: 0, y: 0 };
}

const round = (n: number) => Math.round(n * 1000) / 1000;

/** The geometry in thousandths of a degree, which is finer than its source. */
function coarse<T extends { coordinates: unknown }>(geometry: T): T {
  const walk = (value: unknown): unknown =>
    typeof value === "number" ? round(value) : Array.isArray(value) ? value.map(walk) : value;
  return { ...geometry, coordinates: walk(geometry.coordinates) };
}

/** The part of TOML that the package's two files use: tables of strings and of lists of strings, each on a line. */
export function toml(text: string): Record<string, Table> {
  const out: Record<string, Table> = { "": {} };
  let table = "";
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (!line || line.startsWith("#")) continue;
    const head = /^\[([\w-]+)\]$/.exec(line);
    const pair = /^([\w-]+)\s*=\s*(".*"|\[.*\])$/.exec(line);
    if (head?.[1]) out[(table = head[1])] ??= {};
    else if (pair?.[1] && pair[2]) out[table]![pair[1]] = JSON.parse(pair[2]) as string | string[];
    else throw new Error(`a line of TOML that the app's build cannot read: ${raw}`);
  }
  return out;
}
