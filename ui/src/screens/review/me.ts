/** Whose reviews are one's own: the member who is signed in, else the name that was given. */
import { session as signed } from "../../lib/session.svelte";
import { who } from "../../lib/who.svelte";

export const me = (): string => (signed.team ? signed.name : who.current);

/** Ask for the name where one is needed and none is known. */
export function askName(): void {
  if (!signed.team && !who.current) who.asking = true;
}
