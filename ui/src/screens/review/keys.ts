/** What the keys do. */

export type Act =
  | "next"
  | "previous"
  | "accept"
  | "edit"
  | "reject"
  | "merge"
  | "split"
  | "undo"
  | "whole"
  | "help";

export const KEYS: readonly { key: string; act: Act; words: string }[] = [
  { key: "j", act: "next", words: "The next claim" },
  { key: "k", act: "previous", words: "The claim before" },
  { key: "a", act: "accept", words: "Accept it as it stands, and go on" },
  { key: "e", act: "edit", words: "Correct it; choose words in its text to say what they are" },
  { key: "r", act: "reject", words: "Reject it, with a reason" },
  { key: "m", act: "merge", words: "Merge its incident with another" },
  { key: "s", act: "split", words: "Split it off its incident" },
  { key: "u", act: "undo", words: "Undo what you decided last" },
  { key: "c", act: "whole", words: "The whole report, or the part around the claim" },
  { key: "?", act: "help", words: "These keys" },
];

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat?: boolean;
}

/** The act of a key, or nothing: keys with a modifier are the browser's, and a key that is held down decides nothing. */
export function actOf(event: Pressed): Act | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const found = KEYS.find((k) => k.key === (event.key.length === 1 ? event.key.toLowerCase() : event.key));
  if (!found) return null;
  return event.repeat && found.act !== "next" && found.act !== "previous" ? null : found.act;
}

/** Whether keys belong to what has the focus: somebody is writing, or chooses from a list, or a dialog is open. */
export function taken(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && !!target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable], [role=menu]");
}
