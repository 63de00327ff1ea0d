/** Who is signed in, and what they may do. In local mode nobody signs in, and whoever reaches the app may do everything. */

export type Right = "read" | "export" | "add" | "review" | "decide" | "audit" | "withhold" | "members" | "purge";
export interface Told {
  /** Whether the server is for several people, who sign in. */
  team: boolean;
  name: string | null;
  role: string | null;
  rights: { right: Right; what: string }[];
  /** Sent along with whatever changes something. */
  csrf: string;
  roles: string[];
}

class Session {
  #told = $state.raw<Told | undefined>();
  /** Whether the session that was there has ended by itself, so that the entrance can say why it is seen. */
  ended = $state(false);

  known = $derived(this.#told !== undefined);
  team = $derived(this.#told?.team ?? false);
  name = $derived(this.#told?.name ?? "");
  role = $derived(this.#told?.role ?? "");
  roles = $derived(this.#told?.roles ?? []);
  rights = $derived(this.#told?.rights ?? []);
  csrf = $derived(this.#told?.csrf ?? "");
  /** Whether the entrance stands before every screen. */
  out = $derived(this.team && !this.name);

  told(told: Told): void {
    this.#told = told;
    if (told.name) this.ended = false;
  }

  /** The server knows the session no longer. */
  lost(): void {
    if (!this.#told?.team || !this.#told.name) return;
    this.ended = true;
    this.#told = { ...this.#told, name: null, role: null, rights: [], csrf: "" };
  }

  /** Whether something may be done; until it is known, everything may be tried. */
  may(right: Right): boolean {
    return !this.#told || this.rights.some((r) => r.right === right);
  }
}

export const session = new Session();
