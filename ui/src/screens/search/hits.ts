/** What is searched for, found again in what came back. */
import type { Found } from "../../lib/api";

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

const LETTER = /[\p{L}\p{N}]/u;

/** The words of a question as the server takes them: parted at white space, in lower case. */
export const wordsOf = (q: string): string[] => [...new Set(q.toLowerCase().split(/\s+/).filter(Boolean))];

/** A text in pieces, those that a word of the question stands in marked. Cases are as good as each other. */
export function pieces(text: string, words: readonly string[]): Piece[] {
  const wanted = words.filter((w) => LETTER.test(w) || w.length > 1).sort((a, b) => b.length - a.length);
  if (!wanted.length || !text) return text ? [{ text, hit: false }] : [];
  const pattern = new RegExp(wanted.map((w) => w.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"), "giu");
  const out: Piece[] = [];
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    if (found.index > last) out.push({ text: text.slice(last, found.index), hit: false });
    out.push({ text: found[0], hit: true });
    last = found.index + found[0].length;
  }
  if (last < text.length) out.push({ text: text.slice(last), hit: false });
  return out;
}

export const KINDS: readonly { kind: Found["kind"]; title: string }[] = [
  { kind: "place", title: "Places" },
  { kind: "source", title: "Sources" },
  { kind: "incident", title: "Incidents" },
  { kind: "sentence", title: "Sentences" },
];

/** What was found by kind, in the order in which it is shown; kinds without any are left out. */
export function byKind(found: readonly Found[]): { kind: Found["kind"]; title: string; items: Found[] }[] {
  return KINDS.map((k) => ({ ...k, items: found.filter((f) => f.kind === k.kind) })).filter((k) => k.items.length);
}

/** Why something was found that holds none of the words: "ISIS is Daesh here". */
export function alsoCalled(meant: readonly { asked: string; name: string }[]): string {
  return meant.map((m) => `${m.asked} is ${m.name} here`).join(" · ");
}
