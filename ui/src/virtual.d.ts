declare module "virtual:looks" {
  /** Okabe and Ito's colours, shapes in the order in which they are given out, and sides that keep one look everywhere. */
  export const looks: { palette: string[]; shapes: string[]; others: string; sides: Record<string, [string, string]> };
}
declare module "virtual:taxonomy" {
  export const taxonomy: Record<string, { family: string }>;
}
declare module "virtual:basemap" {
  export const land: string;
  /** Lines with `kind` coast or border. */
  export const lines: string;
  /** The same once more, small enough to be drawn at once: `Outlines` in screens/overview/picture. */
  export const outlines: string;
  /** Name, longitude, latitude, area in square degrees; the biggest first. */
  export const countries: [string, number, number, number][];
}
