/** What the members' screen asks of the server. */

import { get, post, seg, type Page } from "../../lib/api";
import type { Right, Told } from "../../lib/session.svelte";
import type { Kind } from "../../lib/withheld";

export interface Member {
  id: number;
  name: string;
  role: string;
  made_at: string;
  disabled_at: string | null;
}
export interface Token {
  row: number;
  name: string;
  start: string;
  scopes: string[];
  expires: string;
  used_at: string | null;
  revoked_at: string | null;
  holds: boolean;
}
export interface Tombstone {
  row: number;
  at: string;
  who: string;
  why: string;
}

export const KINDS: readonly { kind: Kind; words: string; hint: string }[] = [
  { kind: "person", words: "Person", hint: "A name, in any spelling. Every person of that name is covered." },
  { kind: "place", words: "Place", hint: "A name, or where several places have it, the identity, as geonames:163808." },
  { kind: "report", words: "Report", hint: "The id of the report: the last part of its address." },
];

/** What each role adds to the one before, in words. */
export const ROLE_WORDS: Readonly<Record<string, string>> = {
  viewer: "looks, searches and exports",
  coder: "also adds reports and reviews claims",
  editor: "also decides about incidents and sources, and withholds",
  admin: "also manages members, and purges",
};

/** Rights that a token can have, of those that somebody has. */
export const grantable = (rights: readonly { right: Right; what: string }[]): { right: Right; what: string }[] =>
  rights.filter((r) => r.right !== "members" && r.right !== "purge");

export const team = {
  password: (current: string, fresh: string) => post<Told>("/session/password", { current, new: fresh }),
  tokens: (signal: AbortSignal) => get<Page<Token>>("/tokens", {}, { signal }),
  makeToken: (name: string, scopes: string[], days: number) =>
    post<{ secret: string; token: Token }>("/tokens", { name, scopes, days }),
  endToken: (row: number) => post<Token>(`/tokens/${seg(row)}/revoke`, {}),
  members: (signal: AbortSignal) => get<Page<Member>>("/members", {}, { signal }),
  add: (name: string, role: string) => post<{ member: Member; password: string }>("/members", { name, role }),
  setRole: (id: number, role: string) => post<Member>(`/members/${seg(id)}/role`, { role }),
  reset: (id: number) => post<{ member: Member; password: string }>(`/members/${seg(id)}/password`, {}),
  disable: (id: number) => post<Member>(`/members/${seg(id)}/disable`, {}),
  enable: (id: number) => post<Member>(`/members/${seg(id)}/enable`, {}),
  purges: (signal: AbortSignal) => get<Page<Tombstone>>("/purges", {}, { signal }),
  purge: (kind: "report" | "name", name: string, why: string) =>
    post<{ tombstone: Tombstone; left: string | null }>("/purges", { kind, name, why }),
};
