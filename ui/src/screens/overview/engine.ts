/** MapLibre, the biggest part of the app: it is fetched when the first picture stands. */

import "maplibre-gl/dist/maplibre-gl.css";
import { Map as BaseMap, ScaleControl, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { baseStyle } from "./basemap";
import type { Camera } from "./camera";

export { layTiles, repaint } from "./basemap";
export type { BaseMap };
export type Point = { x: number; y: number };

/** The map in this element, as the camera has it. Throws where there is no WebGL. */
export function begun(container: HTMLElement, { lon, lat, zoom }: Camera): BaseMap {
  setWorkerUrl(workerUrl);
  const map = new BaseMap({
    container,
    style: baseStyle(),
    center: [lon, lat],
    zoom,
    maxZoom: 14,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    renderWorldCopies: false,
    attributionControl: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom. The list beside it says the same.");
  return map;
}
