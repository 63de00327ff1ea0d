/** Where the app is: the path and the query of the address, which is all that a link to a screen needs. */

export type Screen =
  | "overview"
  | "place"
  | "incident"
  | "report"
  | "sources"
  | "source"
  | "review"
  | "search"
  | "add"
  | "watch"
  | "export"
  | "members"
  | "unknown";

export interface Route {
  screen: Screen;
  /** The key, id or name in the path, decoded; empty for screens without one. */
  param: string;
}

const NAMED: Screen[] = ["place", "incident", "report", "source"];
const PLAIN: Screen[] = ["sources", "review", "search", "add", "watch", "export", "members"];

/** The screen at a path; everything after the first part is the parameter, so that names may hold slashes. */
export function parse(path: string): Route {
  const [, first = "", ...rest] = path.split("/");
  if (!first) return { screen: "overview", param: "" };
  const param = rest.map(decode).join("/");
  const screen = first as Screen;
  if (NAMED.includes(screen) && param) return { screen, param };
  if (PLAIN.includes(screen) && !param) return { screen, param: "" };
  return { screen: "unknown", param: "" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody's own address with a stray per cent sign
  }
}

type Query = Record<string, string | number | string[] | null | undefined>;

/** An address within the app: `href("place", "geonames:163808", { on: "2016-12-11" })`. */
export function href(screen: Screen, param = "", query: Query = {}, hash = ""): string {
  const path = screen === "overview" ? "/" : `/${screen}${param ? `/${encodeURIComponent(param)}` : ""}`;
  const search = queryString(query);
  return `${path}${search ? `?${search}` : ""}${hash ? `#${encodeURIComponent(hash)}` : ""}`;
}

/** The query as text; empty values are left out, lists are repeated. */
export function queryString(query: Query): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((each) => out.append(name, each));
    else if (value !== null && value !== undefined && value !== "") out.set(name, String(value));
  }
  return out.toString();
}

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  hash = $state(location.hash);
  route = $derived(parse(this.path));
  query = $derived(new URLSearchParams(this.search));

  constructor() {
    addEventListener("popstate", () => this.#read());
    addEventListener("hashchange", () => this.#read());
    document.addEventListener("click", (event) => this.#follow(event));
  }

  /** Go to an address within the app; with `replace` without a step in the browser's history. */
  go(address: string, { replace = false }: { replace?: boolean } = {}): void {
    const before = this.path;
    history[replace ? "replaceState" : "pushState"](null, "", address);
    this.#read();
    if (this.path !== before && !location.hash) scrollTo(0, 0);
  }

  /** Change parts of the query and keep the rest; null takes one away. Leaves no step in the history unless asked to. */
  setQuery(changes: Query, { push = false }: { push?: boolean } = {}): void {
    const next = new URLSearchParams(this.search);
    for (const [name, value] of Object.entries(changes)) {
      next.delete(name);
      if (Array.isArray(value)) value.forEach((each) => next.append(name, each));
      else if (value !== null && value !== undefined && value !== "") next.set(name, String(value));
    }
    const search = next.toString();
    if (`?${search}` === this.search || (!search && !this.search)) return;
    this.go(`${this.path}${search ? `?${search}` : ""}${this.hash}`, { replace: !push });
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
    this.hash = location.hash;
  }

  /** Links within the app change the screen without loading the page anew; all others are the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.href || link.target || link.hasAttribute("download")) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || to.pathname.startsWith("/api/")) return;
    if (to.pathname === location.pathname && to.search === location.search && to.hash) return;
    event.preventDefault();
    this.go(to.pathname + to.search + to.hash);
  }
}

export const router = new Router();
