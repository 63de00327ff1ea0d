/** What the ledger holds, asked once for the whole app; `known` settles when it is here. */

import { api } from "./api";
import { Resource } from "./resource.svelte";
import type { Info } from "./api";

export const info = new Resource<Info>();
export const loadInfo = (): Promise<void> => info.load((signal) => api.info({ signal }));
