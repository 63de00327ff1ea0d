/** What a screen asks of the server: its state while it waits, and only the newest answer counts. */

import { Problem } from "./api";

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined);
  problem = $state.raw<Problem | undefined>(undefined);
  loading = $state(false);
  #abort: AbortController | undefined;
  #again: (() => Promise<void>) | undefined;
  #settle: () => void = () => undefined;
  /** Resolves when the first answer is here, or the first problem: for what is asked after it. */
  readonly settled = new Promise<void>((done) => (this.#settle = done));

  /** Ask; an answer on its way to an earlier question is dropped. What was known stays until the new answer is here. */
  async load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#again = () => this.load(ask);
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.loading = true;
    try {
      const data = await ask(abort.signal);
      if (abort.signal.aborted) return;
      this.data = data;
      this.problem = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = Problem.of(error);
    } finally {
      if (this.#abort === abort) {
        this.loading = false;
        this.#settle();
      }
    }
  }

  /** The same question once more. */
  retry = (): void => void this.#again?.();

  stop(): void {
    this.#abort?.abort();
    this.loading = false;
  }
}

/** A resource that asks anew whenever what `ask` reads changes; call it while a component is set up. */
export function resource<T>(ask: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const made = new Resource<T>();
  $effect(() => {
    let asked: Promise<T>;
    const abort = new AbortController();
    // ask() runs here, so that what it reads before its first await is what the effect depends on
    asked = ask(abort.signal);
    let first = true;
    void made.load((signal) => {
      if (!first) return ask(signal);
      first = false;
      signal.addEventListener("abort", () => abort.abort());
      return asked;
    });
    return () => made.stop();
  });
  return made;
}
