/** The claims that are gone through: pages of the queue as they are needed, and what became of each in this session. */
import { Problem, type Filters, type Ref } from "../../lib/api";
import { refKey } from "../incident/records";
import { review, type ClaimReviews, type Coding, type What } from "./api";

/** The orders of the queue, and the lists of claims on which somebody differs, which are gone through in the same way. */
export const ORDERS = {
  uncertain: "Least certain first",
  disputed: "Most disputed first",
  newest: "Newest first",
  coders: "Where coders differ",
  readers: "Where a newer reader differs",
} as const;
export type Order = keyof typeof ORDERS;
export const orderOf = (text: string | null): Order => (text && text in ORDERS ? (text as Order) : "uncertain");

/** Which claims of an order. */
export const SHOWN = {
  open: "Not reviewed yet",
  second: "By others, not yet by you",
  done: "Reviewed",
  all: "All",
} as const;
export type ShownOf = keyof typeof SHOWN;
export const shownOf = (text: string | null): ShownOf => (text && text in SHOWN ? (text as ShownOf) : "open");

export interface Item {
  readonly key: string;
  readonly ref: Ref;
  readonly coding: Coding | null;
  readonly sentence: string;
  readonly score: number | null;
  readonly disputes: number;
  readonly reviewed: boolean;
  readonly told: boolean;
  /** On which coders, or reader and people, differ. */
  readonly fields: readonly string[];
  /** What was decided of it here since the page was opened. */
  readonly done: What | null;
}

export interface Asked {
  readonly order: Order;
  readonly shown: ShownOf;
  readonly blind: boolean;
  readonly me: string;
  readonly filters: Filters;
}
const PAGE = 40;

export class Queue {
  items = $state.raw<readonly Item[]>([]);
  total = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(true);
  at = $state(0);
  #next: string | null = null;
  #asked: Asked | null = null;
  #abort: AbortController | null = null;
  #busy: Promise<void> | null = null;

  current = $derived(this.items[this.at]);
  /** Whether there are more than are here. */
  get more(): boolean {
    return this.#next !== null;
  }

  /** Begin anew; `first` is a claim that a link leads to, which then stands before the others. */
  async begin(asked: Asked, first: Ref | null): Promise<void> {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    this.#asked = asked;
    this.#next = null;
    this.#busy = null;
    this.loading = true;
    this.problem = null;
    try {
      const [page, led] = await Promise.all([ask(asked, null, abort.signal), first ? lead(first, abort.signal) : null]);
      if (abort.signal.aborted) return;
      const there = led ? page.items.findIndex((i) => i.key === led.key) : -1;
      this.items = led && there < 0 ? [led, ...page.items] : page.items;
      this.at = Math.max(0, there);
      this.total = page.total;
      this.#next = page.next;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.items = [];
      this.problem = Problem.of(error);
    } finally {
      if (this.#abort === abort) this.loading = false;
    }
  }

  again(): void {
    if (this.#asked) void this.begin(this.#asked, null);
  }

  /** The next page; whoever asks while it is on its way waits for the same. */
  goOn(): Promise<void> {
    this.#busy ??= this.#page().finally(() => (this.#busy = null));
    return this.#busy;
  }

  async #page(): Promise<void> {
    const abort = this.#abort;
    if (!this.#next || !this.#asked || !abort) return;
    try {
      const page = await ask(this.#asked, this.#next, abort.signal);
      if (abort.signal.aborted) return;
      const known = new Set(this.items.map((i) => i.key));
      this.items = [...this.items, ...page.items.filter((i) => !known.has(i.key))];
      this.#next = page.next;
      this.problem = null;
    } catch (error) {
      if (!abort.signal.aborted) this.problem = Problem.of(error);
    }
  }

  /** Step through the list; true when there was a step to take. */
  async step(by: 1 | -1): Promise<boolean> {
    if (this.at + by >= this.items.length && by > 0) await this.goOn();
    const to = this.at + by;
    if (to < 0 || to >= this.items.length) return false;
    this.at = to;
    if (this.#next && this.items.length - to < 8) void this.goOn(); // so that nobody waits for a page
    return true;
  }

  /** To the next claim on which nothing was decided here; true when there is one. */
  async onward(): Promise<boolean> {
    for (;;) {
      const found = this.items.findIndex((item, i) => i > this.at && !item.done);
      if (found >= 0) {
        this.at = found;
        if (this.#next && this.items.length - found < 8) void this.goOn();
        return true;
      }
      if (!this.#next) return false;
      const had = this.items.length;
      await this.goOn();
      if (this.items.length === had) return false;
    }
  }

  go(key: string): boolean {
    const found = this.items.findIndex((i) => i.key === key);
    if (found >= 0) this.at = found;
    return found >= 0;
  }

  /** What became of a claim; null takes back that something was decided. */
  mark(key: string, done: What | null, told: boolean, coding: Coding | null): void {
    this.items = this.items.map((i) => (i.key === key ? { ...i, done, told, coding: coding ?? i.coding } : i));
  }

  /** A claim that was just added stands after the one that is looked at, and is looked at next. */
  insert(made: ClaimReviews): void {
    const item = itemOf(made.ref, made.shown, { sentence: made.sentence, reviewed: true, done: "add" });
    this.items = [...this.items.slice(0, this.at + 1), item, ...this.items.slice(this.at + 1)];
    this.at += 1;
  }

  /** A claim that is none any more; the one before it is looked at then. */
  remove(key: string): void {
    const found = this.items.findIndex((i) => i.key === key);
    if (found < 0) return;
    this.items = this.items.filter((i) => i.key !== key);
    if (this.at >= found) this.at = Math.max(0, this.at - 1);
  }

  stop(): void {
    this.#abort?.abort();
  }
}

interface Answer {
  items: Item[];
  next: string | null;
  total: number | null;
}

async function ask(asked: Asked, cursor: string | null, signal: AbortSignal): Promise<Answer> {
  if (asked.order === "coders") {
    const page = await review.coders({ unsettled: asked.shown !== "all", cursor, limit: PAGE }, { signal });
    return { ...page, items: page.items.map((d) => itemOf(d.ref, Object.values(d.codings).find((c) => c) ?? null, { reviewed: true, fields: d.fields })) };
  }
  if (asked.order === "readers") {
    const page = await review.disagreements({ newer: asked.shown !== "all", cursor, limit: PAGE }, { signal });
    return { ...page, items: page.items.map((d) => itemOf(d.ref, d.people ?? d.read, { reviewed: true, told: d.people !== null, fields: d.fields })) };
  }
  const page = await review.queue(
    {
      ...asked.filters,
      order: asked.order,
      reviewed: { open: false, second: true, done: true, all: null }[asked.shown],
      not_by: asked.shown === "second" ? asked.me || null : null,
      blind: asked.blind,
      cursor,
      limit: PAGE,
    },
    { signal },
  );
  return {
    ...page,
    items: page.items.map((q) => itemOf(q.ref, q.coding, { sentence: q.sentence, score: q.score, disputes: q.disputes, reviewed: q.reviewed, told: q.told })),
  };
}

async function lead(ref: Ref, signal: AbortSignal): Promise<Item | null> {
  try {
    const found = await review.of(ref, { signal });
    return itemOf(found.ref, found.shown, { sentence: found.sentence, score: found.score, reviewed: found.decided_by !== null, told: found.told });
  } catch (error) {
    if (Problem.of(error).status === 404) return null; // the link is old: the queue goes on without it
    throw error;
  }
}

function itemOf(ref: Ref, coding: Coding | null, more: Partial<Item>): Item {
  return {
    key: refKey(ref),
    ref,
    coding,
    sentence: coding?.text ?? "",
    score: null,
    disputes: 0,
    reviewed: false,
    told: true,
    fields: [],
    done: null,
    ...more,
  };
}
