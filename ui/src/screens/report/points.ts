/**
 * Offsets of the record count Unicode code points; JavaScript's strings count UTF-16 units, of which an emoji or a letter
 * beyond the basic plane has two. This turns the former into the latter.
 */

const SURROGATE = /[\ud800-\udfff]/;

export interface Points {
  /** Length of the text in code points. */
  readonly length: number;
  /** The place in the string (UTF-16 units) at which the code point with this number begins. */
  unit(point: number): number;
  /** The number of the code point that begins at, or covers, this place in the string. */
  point(unit: number): number;
  /** The text from one code point to another, the end left out. Offsets beyond the text are drawn in. */
  slice(start: number, end: number): string;
}

/** The offsets of a text. A text without surrogates, most of them, needs no table. */
export function points(text: string): Points {
  if (!SURROGATE.test(text)) {
    const clamp = (n: number): number => Math.max(0, Math.min(text.length, n));
    return { length: text.length, unit: clamp, point: clamp, slice: (start, end) => text.slice(clamp(start), clamp(end)) };
  }
  const table = new Uint32Array(text.length + 1);
  let length = 0;
  for (let unit = 0; unit < text.length; length += 1) {
    table[length] = unit;
    unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
  }
  table[length] = text.length;
  const unit = (point: number): number => table[Math.max(0, Math.min(length, point))]!;
  const point = (wanted: number): number => {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (table[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return { length, unit, point, slice: (start, end) => text.slice(unit(start), unit(end)) };
}
