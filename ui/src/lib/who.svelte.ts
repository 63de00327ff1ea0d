/** Who decides: asked for once, kept in this browser, sent with every decision. */

const KEY = "tadmor.who";

class Who {
  current = $state(localStorage.getItem(KEY) ?? "");
  asking = $state(false);
  #waiting: { resolve: (name: string) => void; reject: (error: Error) => void }[] = [];

  /** The name, asked for when it is not known yet; rejects with an AbortError when the person does not want to say. */
  name(): Promise<string> {
    if (this.current) return Promise.resolve(this.current);
    this.asking = true;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  tell(name: string): void {
    this.current = name.trim();
    localStorage.setItem(KEY, this.current);
    this.asking = false;
    if (this.current) this.#waiting.splice(0).forEach((w) => w.resolve(this.current));
  }

  cancel(): void {
    this.asking = false;
    const error = new DOMException("No name was given.", "AbortError");
    this.#waiting.splice(0).forEach((w) => w.reject(error));
  }
}

export const who = new Who();
