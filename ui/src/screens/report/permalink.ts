/** Links to a place in a report: `#s=120-188` is a stretch of its text in code points, `#c3` a claim. */

export type Target = { readonly start: number; readonly end: number } | { readonly claim: string } | null;

/** What the part of an address after `#` points at; null when it is nothing of ours. */
export function target(hash: string): Target {
  const text = decode(hash.replace(/^#/, ""));
  const span = /^s=(\d{1,9})-(\d{1,9})$/.exec(text);
  if (span) {
    const start = Number(span[1]);
    const end = Number(span[2]);
    return end > start ? { start, end } : null;
  }
  const claim = /^(?:claim=)?([\w.:-]{1,80})$/.exec(text);
  return claim ? { claim: claim[1]! } : null;
}

/** The part of an address that leads to a stretch of the text. */
export const toSpan = (start: number, end: number): string => `#s=${start}-${end}`;

/** The part of an address that leads to a claim. */
export const toClaim = (id: string): string => `#${encodeURIComponent(id)}`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
