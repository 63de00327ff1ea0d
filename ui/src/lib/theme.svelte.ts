/** Light, dark or as the system has it; `version` changes whenever colours do, for what is drawn on a canvas. */

type Choice = "system" | "light" | "dark";
const KEY = "tadmor.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

class Theme {
  choice = $state<Choice>(read());
  #system = $state(system.matches);
  dark = $derived(this.choice === "system" ? this.#system : this.choice === "dark");

  constructor() {
    system.addEventListener("change", (event) => (this.#system = event.matches));
    this.#apply();
  }

  choose(choice: Choice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
    this.#apply();
  }

  #apply(): void {
    if (this.choice === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.choice;
  }
}

function read(): Choice {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export const theme = new Theme();

const probe = document.createElement("i");
probe.hidden = true;

/** The colour of a token as it is now, as what is drawn on a canvas takes it: light and dark are one token until it is used. */
export function token(name: string): string {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

export const still = matchMedia("(prefers-reduced-motion: reduce)");
