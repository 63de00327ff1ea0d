/** The server's API, typed; the only way in which the app gets at the ledger. */

import { queryString } from "./router.svelte";
import { session } from "./session.svelte";
import { who } from "./who.svelte";

const BASE = "/api/v1";

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface Ref {
  report: string;
  claim: string;
}
export interface PlaceRef {
  name: string;
  entity?: string | null;
  key?: string | null;
  lat?: number | null;
  lon?: number | null;
  country?: string | null;
}
export interface Credibility {
  admiralty: number;
  grade: string;
  reasons: string[];
}
export interface Info {
  ledger: string;
  version: string;
  reports: number;
  /** How many of them have no date of publication. */
  undated: number;
  claims: number;
  incidents: number;
  readers: { name: string; version: string }[];
  first: string | null;
  last: string | null;
  types: string[];
  sides: string[];
  tiles: string | null;
}

export type Status = "held" | "contested" | "besieged" | "lost" | "unknown";
export interface TimelineInterval {
  holder: string | null;
  side: string | null;
  status: Status;
  /** ISO days; the last day belongs to the next interval. Null when open or unknown. */
  from: string | null;
  to: string | null;
}
export interface Timeline {
  key: string;
  name: string;
  lat: number | null;
  lon: number | null;
  country: string | null;
  intervals: TimelineInterval[];
}
export interface ControlClaim extends Ref {
  type: string;
  certainty: string;
  date: string | null;
  says: string[];
  sentence: string;
  publisher: string | null;
  published: string | null;
}
export interface ControlInterval {
  holder: string | null;
  holder_entity: string | null;
  side?: string | null;
  status: Status;
  /** EDTF, null when open or unknown. */
  from: string | null;
  to: string | null;
  sources: string[];
  claims: ControlClaim[];
  against: ControlClaim[];
  credibility: Credibility;
}
export interface SourceInterval extends TimelineInterval {
  claims: Ref[];
}
export interface PlaceRow extends PlaceRef {
  key: string;
  claims: number;
  reports?: number;
  /** Days of the first and the last report that tells of it. */
  first: string | null;
  last: string | null;
}
export interface PlaceAnswer {
  place: PlaceRow;
  control: ControlInterval[];
  sources: { name: string; side: string | null; kind: string | null; claims?: number; intervals: SourceInterval[] }[];
  incidents: Incident[];
}

export interface SideRange {
  side: string | null;
  min: number | null;
  max: number | null;
  sources: string[];
  claims: Ref[];
}
export interface CountRange {
  what: string;
  min: number | null;
  max: number | null;
  best: number | null;
  rule: string | null;
  by_side: SideRange[];
}
export interface HeldBy {
  source: string;
  side: string | null;
  since: string | null;
  claims: (Ref & { sentence: string })[];
}
export interface Position {
  says: string;
  sources: string[];
  claims: Ref[];
  since?: string | null;
  held_by?: HeldBy[];
}
export interface Dispute {
  about: string;
  kind: string;
  positions: Position[];
}
export interface Incident {
  id: string;
  type: string;
  place: PlaceRef | null;
  date: string | null;
  claims: Ref[];
  sources: number;
  independent_sources: number;
  sides: string[];
  counts: CountRange[];
  credibility: Credibility;
  disputes: Dispute[];
}
export interface Count {
  what: string;
  min: number | null;
  max: number | null;
  approx?: boolean;
  of?: string | null;
}
export interface Account extends Ref {
  type: string;
  certainty: string;
  /** 0 to 1, how sure the reader is. */
  score?: number;
  sources: string[];
  /** The same in the command line's form. */
  says?: string[];
  sides: string[];
  date: string | null;
  places: string[];
  actors: string[];
  targets: string[];
  counts: Count[];
  sentence: string;
  clause: string | null;
  /** Where the clause stands in the text of the report, in characters. */
  start?: number | null;
  end?: number | null;
  published: string | null;
  publisher: string | null;
  known?: string | null;
  /** Why the report was retracted, where it was. */
  retracted?: string | null;
  title?: string | null;
  url?: string | null;
  incident?: string | null;
}
export interface Decision {
  at: string;
  what: string;
  who: string;
  why: string | null;
  standing: string;
}
export interface IncidentAnswer extends Incident {
  accounts: Account[];
  decisions: Decision[];
}
export interface ReportRow {
  id: string;
  title: string | null;
  publisher: string | null;
  published: string | null;
  url: string | null;
  claims: number;
  reader: string | null;
}
export interface SourceRow {
  name: string;
  entity: string | null;
  kind: string | null;
  side: string | null;
  reliability: string | null;
  claims: number;
  reports: number;
  first: string | null;
  last: string | null;
}
export interface SourceAnswer {
  source: SourceRow;
  claims: Account[];
  /** For which side it was held to speak in reports, one run of days after the other. */
  sides: { side: string; first: string; last: string; claims: number }[];
  with: { name: string; agree: number; dispute: number }[];
}
export interface Found {
  kind: "sentence" | "place" | "source" | "incident";
  label: string;
  report?: string | null;
  claim?: string | null;
  start?: number | null;
  end?: number | null;
  href?: string | null;
  /** It was found since somebody or some place that is called what was `asked` goes by `name` there. */
  meant?: { asked: string; entity: string; name: string }[] | null;
}
/** The filters that lists share; `from` and `to` are EDTF, `credibility` means at least as good as. */
export interface Filters {
  place?: string | null;
  from?: string | null;
  to?: string | null;
  type?: string[];
  source?: string | null;
  side?: string | null;
  credibility?: number | null;
  reviewed?: boolean | null;
}

/** An answer that is no answer, in the words of problem+json (RFC 9457). Status 0: the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly type = "about:blank",
  ) {
    super(detail || title);
    this.name = "Problem";
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem(-1, "This went wrong in the app", error instanceof Error ? error.message : String(error));
  }
}

type Query = Record<string, string | number | boolean | string[] | null | undefined>;
interface Asking {
  signal?: AbortSignal;
}

/** The address of an API path, for downloads and links; parts of the path are given encoded already (`seg`). */
export function address(path: string, query: Query = {}): string {
  const plain = Object.entries(query).map(([k, v]) => [k, typeof v === "boolean" ? String(v) : v] as const);
  const search = queryString(Object.fromEntries(plain));
  return `${BASE}${path}${search ? `?${search}` : ""}`;
}

/** One part of a path, encoded. */
export const seg = (part: string | number): string => encodeURIComponent(part);

async function ask<T>(path: string, query: Query | undefined, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address(path, query), { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "The server does not answer", "Is tadmor serve still running? Nothing that you see is lost.");
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (!response.ok) {
    if (response.status === 401 && path !== "/session") session.lost();
    const told = type.includes("json") ? ((await response.json().catch(() => ({}))) as Record<string, unknown>) : {};
    const title = text(told["title"]) || response.statusText || `Status ${response.status}`;
    throw new Problem(response.status, title, text(told["detail"]), text(told["type"]) || undefined);
  }
  if (response.status === 204) return undefined as T;
  if (!type.includes("json")) throw new Problem(response.status, "Not an answer of Tadmor's API", `${path} gave ${type || "no type"}.`);
  return (await response.json()) as T;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

export function get<T>(path: string, query?: Query, asking: Asking = {}): Promise<T> {
  return ask<T>(path, query, { headers: { Accept: "application/json" }, signal: asking.signal ?? null });
}

/** Send a decision or a report; asks for the person's name first where the server wants to know who decides. */
export async function post<T>(path: string, body: unknown, asking: Asking = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...(await by(path)) };
  let sent: BodyInit;
  if (body instanceof FormData) sent = body;
  else {
    headers["Content-Type"] = "application/json";
    sent = JSON.stringify(body ?? {});
  }
  return ask<T>(path, undefined, { method: "POST", headers, body: sent, signal: asking.signal ?? null });
}

/** Take something away: end a session. */
export async function remove(path: string): Promise<void> {
  const headers = { Accept: "application/json", "Content-Type": "application/json", ...(await by(path)) };
  return ask<void>(path, undefined, { method: "DELETE", headers, body: "{}" });
}

/** Who decides: a team's member by the session, of which the page knows the token; else a name, asked for when it is not known. */
async function by(path: string): Promise<Record<string, string>> {
  if (session.team) return session.csrf ? { "X-Tadmor-CSRF": session.csrf } : {};
  return path === "/session" ? {} : { "X-Tadmor-Who": encodeName(await who.name()) };
}

/** Headers carry Latin-1 only: other letters are sent per cent encoded, as in a URL. */
function encodeName(name: string): string {
  return /^[\x20-\x24\x26-\x7e]*$/.test(name) ? name : encodeURIComponent(name);
}

/** Every item of a list, page by page, up to `most`. */
export async function all<T>(path: string, query: Query = {}, most = 5000, asking: Asking = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path, { ...query, limit: 500, cursor }, asking);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < most);
  return items;
}

export interface JobEvent {
  done: number;
  of: number;
  kept: unknown[];
  failed: unknown[];
  /** Which of the files that failed are of no known form, in words. */
  left_out?: string | null;
}

/** Progress of a job as it comes; gives back how to stop listening. */
export function follow(job: string, told: (event: JobEvent) => void, failed: (problem: Problem) => void): () => void {
  const events = new EventSource(address(`/jobs/${seg(job)}/events`));
  events.onmessage = (message) => {
    const event = JSON.parse(String(message.data)) as JobEvent;
    told(event);
    if (event.done >= event.of) events.close();
  };
  events.onerror = () => {
    if (events.readyState !== EventSource.CLOSED) return;
    failed(new Problem(0, "Progress is no longer told", "The reports are still being read; look again in a while."));
  };
  return () => events.close();
}

export const api = {
  info: (a?: Asking) => get<Info>("/info", {}, a),
  timelines: (q: { according_to?: string | null; known_at?: string | null }, a?: Asking) =>
    get<{ places: Timeline[] }>("/control/timelines", q, a),
  places: (q: { q?: string; cursor?: string | null; limit?: number }, a?: Asking) => get<Page<PlaceRow>>("/places", q, a),
  place: (key: string, a?: Asking) => get<PlaceAnswer>(`/places/${seg(key)}`, {}, a),
  incidents: (q: Filters & { cursor?: string | null; limit?: number }, a?: Asking) =>
    get<Page<Incident>>("/incidents", { ...q }, a),
  incident: (id: string, a?: Asking) => get<IncidentAnswer>(`/incidents/${seg(id)}`, {}, a),
  reports: (q: { q?: string; cursor?: string | null; limit?: number }, a?: Asking) =>
    get<Page<ReportRow>>("/reports", q, a),
  /** The reading of a report as record.md has it, which the report's screen types for itself. */
  report: <T>(id: string, a?: Asking) => get<T>(`/reports/${seg(id)}`, {}, a),
  sources: (q: Filters & { q?: string; cursor?: string | null; limit?: number } = {}, a?: Asking) =>
    get<Page<SourceRow>>("/sources", { ...q }, a),
  source: (name: string, a?: Asking) => get<SourceAnswer>(`/sources/${seg(name)}`, {}, a),
  search: (q: Filters & { q: string; cursor?: string | null; limit?: number }, a?: Asking) =>
    get<Page<Found>>("/search", { ...q }, a),
  exportAddress: (q: Filters & { form: string; of?: string }) => address("/export", { ...q }),
};
