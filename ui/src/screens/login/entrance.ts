/** Signing in and out. */

import { get, post, remove } from "../../lib/api";
import { loadInfo } from "../../lib/info.svelte";
import { session, type Told } from "../../lib/session.svelte";

/** Ask who is signed in; the first thing that the app does. */
export async function loadSession(): Promise<void> {
  try {
    session.told(await get<Told>("/session"));
  } catch {
    // a server that does not answer is told of by whatever is asked of it next
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  session.told(await post<Told>("/session", { name, password }));
  void loadInfo();
}

export async function signOut(): Promise<void> {
  try {
    await remove("/session");
  } finally {
    await loadSession();
  }
}
