/** Feeds that are watched, and reports that are kept unread, in the API's shapes and in words. */

import { many } from "../../lib/words";

export interface Feed {
  url: string;
  address: string;
  title: string;
  folder: string;
  asked_at: string | null;
  answered_at: string | null;
  next_at: string;
  status: number | null;
  failures: number;
  error: string | null;
  waiting: number;
  added: number;
  known: number;
  unread: number;
  failed: number;
  newest: string | null;
}
export interface Watched {
  now: string;
  watcher: { who: string; since: string; seen_at: string; until: string; every: number; alive: boolean } | null;
  feeds: Feed[];
  hosts: { name: string; next_at: string; failures: number; error: string | null }[];
  failed: { url: string | null; title: string; error: string | null; done_at: string | null }[];
  unread: Record<string, number>;
}
export type Reason = "language" | "relevance" | "reprint";
export interface UnreadRow {
  id: string;
  reason: Reason;
  why: string;
  title: string;
  publisher: string | null;
  published: string | null;
  language: string | null;
  url: string | null;
}

export const REASONS: readonly [Reason, string][] = [
  ["relevance", "About no conflict"],
  ["reprint", "Nothing new in it"],
  ["language", "In another language"],
];

/** How long it is from one time to another, in the largest unit that says enough: "in 12 min", "3 h ago", "now". */
export function apart(from: string, to: string | null): string {
  const ms = to ? Date.parse(to) - Date.parse(from) : NaN;
  if (Number.isNaN(ms)) return "never";
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return "now";
  const length =
    minutes < 90 ? `${minutes} min` : minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  return ms > 0 ? `in ${length}` : `${length} ago`;
}

/** When something that is to be done is due: "in 12 min", or "now" when its time has come. */
export const due = (from: string, at: string): string => (at > from ? apart(from, at) : "now");

/** What is the matter with a feed, at a glance: failing, faulty (read all the same), quiet (never asked), well. */
export function health(feed: Feed): "failing" | "faulty" | "quiet" | "well" {
  if (feed.failures > 0) return "failing";
  if (feed.error) return "faulty";
  return feed.asked_at ? "well" : "quiet";
}

/** What became of a feed's items: "12 added, 3 unread, 1 not read". */
export function items(feed: Feed): string {
  const parts: [number, string][] = [
    [feed.added, "added"],
    [feed.unread, "kept unread"],
    [feed.known, "known already"],
    [feed.failed, "not read"],
    [feed.waiting, "waiting"],
  ];
  return parts.filter(([n]) => n > 0).map(([n, word]) => `${n.toLocaleString("en")} ${word}`).join(", ") || "no items yet";
}

/** Feeds in need of a person's eye first, then by folder and title. */
export function inOrder(feeds: Feed[]): Feed[] {
  const rank = { failing: 0, faulty: 1, quiet: 2, well: 3 };
  const name = (f: Feed) => `${f.folder}/${f.title || f.url}`;
  return [...feeds].sort((a, b) => rank[health(a)] - rank[health(b)] || name(a).localeCompare(name(b)));
}

/** How watching goes, in one sentence. */
export function headline(watched: Watched): string {
  const feeds = many(watched.feeds.length, "feed");
  if (!watched.watcher) return `${feeds}; nobody has watched yet.`;
  const seen = apart(watched.now, watched.watcher.seen_at);
  return watched.watcher.alive
    ? `${feeds}, watched by ${watched.watcher.who}; last sign of life ${seen}.`
    : `${feeds}. Nobody watches at the moment; the last round was ${seen}.`;
}
