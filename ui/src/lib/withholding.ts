/** What is asked of the server about what is withheld. */

import { get, post, seg, type Page } from "./api";
import type { Kind, Mark } from "./withheld";

export const withholding = {
  marks: (signal: AbortSignal) => get<Page<Mark>>("/withheld", {}, { signal }),
  add: (kind: Kind, name: string, why: string | null) => post<Mark>("/withheld", { kind, name, why }),
  lift: (row: number, why: string | null) => post<Mark>(`/withheld/${seg(row)}/lift`, { why }),
};
