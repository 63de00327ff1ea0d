/** The colours with which marks and signs are drawn. */

import { token } from "../../lib/theme.svelte";

export interface Inks {
  edge: string;
  empty: string;
  cross: string;
  paper: string;
  sign: string;
  plain: string;
  dark: string;
  accent: string;
}

/** The inks of the theme as it is now. */
export function inks(): Inks {
  return {
    edge: token("--mark-edge"),
    empty: token("--mark-empty"),
    cross: token("--mark-cross"),
    plain: token("--mark-plain"),
    dark: token("--side-dark"),
    paper: token("--surface"),
    sign: token("--ink"),
    accent: token("--accent"),
  };
}
