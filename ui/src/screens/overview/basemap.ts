/** Land, coasts and borders from this server, in the colours of the theme; tiles that the server's keeper has set are laid over them. */

import { addProtocol, type Map as BaseMap, type StyleSpecification } from "maplibre-gl";
import { land, lines } from "virtual:basemap";
import { token } from "../../lib/theme.svelte";
import { Archive } from "./pmtiles";

/** Layer, property and token of everything that has a colour. */
const COLOURS = [
  ["sea", "background-color", "--sea"],
  ["land", "fill-color", "--land"],
  ["seam", "line-color", "--land"],
  ["coast", "line-color", "--coast"],
  ["borders", "line-color", "--border"],
] as const;

export function baseStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land, tolerance: 0.3 },
      lines: { type: "geojson", data: lines, tolerance: 0.3 },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": token("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": token("--land") } },
      // a line of the land's own colour closes the hairlines between neighbours
      { id: "seam", type: "line", source: "land", paint: { "line-color": token("--land"), "line-width": 1 } },
      {
        id: "coast",
        type: "line",
        source: "lines",
        filter: ["==", ["get", "kind"], "coast"],
        layout: { "line-join": "round" },
        paint: { "line-color": token("--coast"), "line-width": 0.9 },
      },
      {
        id: "borders",
        type: "line",
        source: "lines",
        filter: ["==", ["get", "kind"], "border"],
        paint: { "line-color": token("--border"), "line-width": 1, "line-dasharray": [4, 2.5] },
      },
    ],
  };
}

/** Lay tiles over the coasts, once: a pattern with {z}, {x} and {y}, or an archive of pictures. Throws where that cannot be read. */
export async function layTiles(map: BaseMap, tiles: string): Promise<void> {
  let [minzoom, maxzoom] = [0, 19];
  let pattern = tiles;
  if (/\.pmtiles($|[?#])/.test(tiles)) {
    const archive = new Archive(tiles);
    [minzoom, maxzoom] = await archive.zooms();
    addProtocol("archive", async ({ url }, { signal }) => {
      const [z = 0, x = 0, y = 0] = url.slice("archive://".length).split("/").map(Number);
      // where there is none, one that is all to be seen through: the coasts are there
      return { data: (await archive.tile(z, x, y, signal)) ?? (await createImageBitmap(new ImageData(1, 1))) };
    });
    pattern = "archive://{z}/{x}/{y}";
  }
  const lay = () => {
    if (map.getSource("tiles")) return;
    map.addSource("tiles", { type: "raster", tiles: [pattern], tileSize: 256, minzoom, maxzoom });
    map.addLayer({ id: "tiles", type: "raster", source: "tiles" });
  };
  if (map.isStyleLoaded()) lay();
  else void map.once("load", lay);
}

/** Take the colours of the theme as it is now, at once or as soon as the map has its style. */
export function repaint(map: BaseMap): void {
  const paint = () => COLOURS.forEach(([layer, property, name]) => map.setPaintProperty(layer, property, token(name)));
  if (map.isStyleLoaded()) paint();
  else void map.once("load", paint);
}
