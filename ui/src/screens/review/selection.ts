/** A selection in the text of a report as a stretch of it: whole words, in code points. */
import type { Span } from "../report/reading";
import { points } from "../report/points";

/** A paragraph as it is shown, and the offset (code points) at which it begins. */
export interface Shown {
  readonly start: number;
  readonly text: string;
}

/** Where a paragraph's letter stands in the report; `unit` counts as JavaScript does. */
export const pointIn = (paragraph: Shown, unit: number): number => paragraph.start + points(paragraph.text).point(Math.max(0, Math.min(paragraph.text.length, unit)));

/**
 * The stretch between two places of paragraphs, drawn out to whole words and without white space at its ends; null when no word
 * is in it. `text` is that of the report.
 */
export function stretch(text: string, from: { paragraph: Shown; unit: number }, to: { paragraph: Shown; unit: number }): Span | null {
  const first = wordStart(from.paragraph.text, skip(from.paragraph.text, from.unit, 1));
  const last = wordEnd(to.paragraph.text, skip(to.paragraph.text, to.unit, -1));
  const start = pointIn(from.paragraph, first);
  const end = pointIn(to.paragraph, last);
  if (start >= end) return null;
  const words = points(text).slice(start, end);
  return words.trim() ? { start, end, text: words } : null;
}

/** Past white space: forwards from the beginning of a selection, backwards from its end. */
function skip(text: string, unit: number, by: 1 | -1): number {
  let at = unit;
  if (by > 0) while (at < text.length && /\s/u.test(text[at]!)) at += 1;
  else while (at > 0 && /\s/u.test(text[at - 1]!)) at -= 1;
  return at;
}

const words = typeof Intl !== "undefined" && "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

function word(text: string, unit: number): { start: number; end: number } | null {
  const found = words?.segment(text).containing(unit);
  return found?.isWordLike ? { start: found.index, end: found.index + found.segment.length } : null;
}
const wordStart = (text: string, unit: number): number => (unit < text.length ? (word(text, unit)?.start ?? unit) : unit);
const wordEnd = (text: string, unit: number): number => (unit > 0 ? (word(text, unit - 1)?.end ?? unit) : unit);

/** The selection within a container whose paragraphs are its `.passage` elements, given in the same order; null when there is none. */
export function selected(container: HTMLElement, shown: readonly Shown[], text: string): Span | null {
  const selection = container.ownerDocument.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!container.contains(range.commonAncestorContainer)) return null;
  const elements = [...container.querySelectorAll<HTMLElement>(".passage")];
  const from = place(elements, shown, range.startContainer, range.startOffset, "start");
  const to = place(elements, shown, range.endContainer, range.endOffset, "end");
  return from && to ? stretch(text, from, to) : null;
}

function place(
  elements: readonly HTMLElement[],
  shown: readonly Shown[],
  node: Node,
  offset: number,
  edge: "start" | "end",
): { paragraph: Shown; unit: number } | null {
  const index = elements.findIndex((e) => e.contains(node));
  if (index >= 0 && shown[index]) {
    const range = elements[index]!.ownerDocument.createRange();
    range.setStart(elements[index]!, 0);
    range.setEnd(node, offset);
    const whole = elements[index]!.textContent ?? "";
    const lead = Math.max(0, whole.indexOf(shown[index].text)); // white space that the page has around the paragraph
    return { paragraph: shown[index], unit: range.toString().length - lead };
  }
  // between paragraphs: a selection that ends there takes in the one before, one that begins there the one after
  const after = elements.findIndex((e) => !!(node.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) || (node.contains(e) && [...node.childNodes].indexOf(topOf(node, e)) >= offset));
  const at = edge === "start" ? (after < 0 ? elements.length - 1 : after) : (after < 0 ? elements.length : after) - 1;
  const paragraph = shown[at];
  return paragraph ? { paragraph, unit: edge === "start" ? 0 : paragraph.text.length } : null;
}

/** The child of a node that holds an element. */
function topOf(node: Node, element: Node): ChildNode {
  let at = element;
  while (at.parentNode && at.parentNode !== node) at = at.parentNode;
  return at as ChildNode;
}
