/** Land, coasts and borders from this server, in the colours of the theme; an own tile address is laid over them. */

import type { Map as BaseMap, StyleSpecification } from "maplibre-gl";
import { land, lines } from "virtual:basemap";
import { token } from "../../lib/theme.svelte";

/** Layer, property and token of everything that has a colour. */
const COLOURS = [
  ["sea", "background-color", "--sea"],
  ["land", "fill-color", "--land"],
  ["seam", "line-color", "--land"],
  ["coast", "line-color", "--coast"],
  ["borders", "line-color", "--border"],
] as const;

export function baseStyle(tiles: string | null): StyleSpecification {
  const made: StyleSpecification = {
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
  if (tiles) {
    made.sources["tiles"] = { type: "raster", tiles: [tiles], tileSize: 256, maxzoom: 19 };
    made.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  return made;
}

/** Take the colours of the theme as it is now, at once or as soon as the map has its style. */
export function repaint(map: BaseMap): void {
  const paint = () => COLOURS.forEach(([layer, property, name]) => map.setPaintProperty(layer, property, token(name)));
  if (map.isStyleLoaded()) paint();
  else void map.once("load", paint);
}
