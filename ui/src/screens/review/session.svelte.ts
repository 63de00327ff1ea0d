/** Going through the queue: the claim that is looked at, the correction in the making, what was decided here, and how to undo it. */
import { api, Problem, type IncidentAnswer, type Ref } from "../../lib/api";
import { Resource } from "../../lib/resource.svelte";
import { many } from "../../lib/words";
import { undoing } from "../incident/acts";
import type { Wish } from "../incident/ActDialog.svelte";
import { refKey } from "../incident/records";
import type { Claim, Reading, Span } from "../report/reading";
import { review, type ClaimReviews, type Coding, type Judging, type Progress, type What } from "./api";
import { assign, changed, draftOf, within, type Draft, type Field, type RoleField } from "./draft";
import { me } from "./me";
import { Queue } from "./queue.svelte";
import { readingOf } from "./readings";
import { claimWords } from "./words";

type Done = { kind: "review"; ref: Ref } | { kind: "incident"; id: string };
const DID: Record<What, string> = { accept: "Accepted", correct: "Corrected", reject: "Rejected", add: "Added", withdraw: "Undone" };

export class Session {
  readonly queue = new Queue();
  readonly progress = new Resource<Progress>();
  /** The claim that is looked at, and its report. */
  found = $state.raw<ClaimReviews | null>(null);
  reading = $state.raw<Reading | null>(null);
  /** Why there is none to look at. */
  lost = $state.raw<Problem | null>(null);
  /** Whether others' work is out of sight until one has decided oneself. */
  blind = $state(false);
  /** The correction in the making; null when none is. */
  draft = $state.raw<Draft | null>(null);
  /** The field at which the correction begins. */
  field = $state<Field | null>(null);
  busy = $state(false);
  /** Whether another claim than the one in view was asked for: until it is here nothing is decided, lest it be of the wrong one. */
  opening = $state(false);
  /** Why the last act was not kept. */
  fault = $state.raw<Problem | null>(null);
  /** What was done last, for all to see and hear. */
  said = $state("");
  /** Whether something was decided here that can be undone. */
  undoable = $state(false);
  /** How many claims were decided on since the page was opened. */
  here = $state(0);
  incident = $state.raw<IncidentAnswer | null>(null);
  wish = $state.raw<Wish | null>(null);
  #done: Done[] = [];
  #drafts = new Map<string, Draft>();
  #asking = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #warned = false;

  /** Whether the coder sees the reader's coding alone. */
  readonly hidden = $derived(this.blind && !!this.found?.read && !(me() in this.found.coders));
  /** The coding from which an act starts. */
  readonly base = $derived<Coding | null>(this.found ? (this.hidden ? this.found.read : this.found.shown) : null);
  readonly record = $derived<Claim | null>(this.found ? (this.hidden ? this.found.claim_read : this.found.claim) : null);
  /** Whether the claim that is asked for is the one in view. */
  readonly ready = $derived(this.found !== null && !this.opening);
  readonly unsaved = $derived.by(() => this.draft !== null && Object.keys(this.changes).length > 0);
  readonly changes = $derived(this.base && this.draft ? changed(this.base, this.draft) : {});

  /** Look at a claim of the queue. */
  async look(ref: Ref): Promise<void> {
    const asked = ++this.#asking;
    this.leave();
    this.opening = true;
    this.fault = null;
    this.lost = null;
    try {
      const [found, reading] = await Promise.all([review.of(ref), readingOf(ref.report)]);
      if (asked !== this.#asking) return;
      this.found = found;
      this.reading = reading;
      this.opening = false;
      const waiting = this.#drafts.get(refKey(found.ref));
      if (waiting) this.edit(null, waiting);
    } catch (error) {
      if (asked !== this.#asking) return;
      this.found = null;
      this.opening = false;
      this.lost = Problem.of(error);
    }
    const next = this.queue.items[this.queue.at + 1];
    if (next) readingOf(next.ref.report).catch(() => undefined); // so that it is there when its turn comes
  }

  nothing(): void {
    this.#asking += 1;
    this.leave();
    this.opening = false;
    this.found = null;
    this.lost = null;
  }

  edit(field: Field | null, draft?: Draft): void {
    if (!this.base || !this.ready) return;
    this.field = field;
    this.fault = null;
    this.said = "";
    this.draft ??= draft ?? (this.found && this.#drafts.get(refKey(this.found.ref))) ?? draftOf(this.base);
  }

  change(draft: Draft): void {
    if (this.draft) this.draft = draft; // a field that closes may still tell of itself
  }

  /** Leave the correction; what was changed waits until somebody comes back to the claim. */
  leave(): void {
    if (this.found && this.draft) {
      if (Object.keys(this.changes).length) this.#drafts.set(refKey(this.found.ref), this.draft);
      else this.#drafts.delete(refKey(this.found.ref));
    }
    this.draft = null;
    this.field = null;
  }

  /** Drop the correction for good. */
  drop(): void {
    if (this.found) this.#drafts.delete(refKey(this.found.ref));
    this.draft = null;
    this.field = null;
    this.fault = null;
  }

  fits(role: RoleField, stretch: Span | null): boolean {
    const draft = this.draft ?? this.base;
    return !!stretch && !!draft && (role !== "trigger" || within(stretch, draft));
  }

  /** The selected words are this part of the claim. */
  assign(role: RoleField, stretch: Span): void {
    if (!this.base || !this.ready || !this.fits(role, stretch)) return;
    if (!this.draft) this.edit(null);
    this.draft = assign(this.draft!, role, stretch);
  }

  accept(): Promise<boolean> {
    return this.#act("accept", (ref, how) => review.accept(ref, how));
  }
  correct(why: string): Promise<boolean> {
    const fields = this.changes;
    return this.#act("correct", (ref, how) => review.correct(ref, fields, { ...how, why: why.trim() || null }));
  }
  reject(why: string): Promise<boolean> {
    return this.#act("reject", (ref, { seen }) => review.reject(ref, why, { seen }));
  }

  /** Settle between coders: the claim stands as this one of them has it. */
  settle(name: string): Promise<boolean> {
    const wanted = this.found?.coders[name];
    const shown = this.found?.shown;
    if (wanted === undefined || !shown) return Promise.resolve(false);
    const why = `settled as ${name} has it`;
    if (wanted === null) return this.#act("reject", (ref, { seen }) => review.reject(ref, why, { adjudicate: true, seen }));
    const fields = changed(shown, draftOf(wanted));
    return Object.keys(fields).length
      ? this.#act("correct", (ref, how) => review.correct(ref, fields, { ...how, adjudicate: true, why }))
      : this.#act("accept", (ref, how) => review.accept(ref, { ...how, adjudicate: true, why }));
  }

  /** The reader of today is right: the claim stands as it has it. */
  takeRead(): Promise<boolean> {
    const { read, shown } = this.found ?? {};
    if (!read || !shown) return Promise.resolve(false);
    const fields = changed(shown, draftOf(read));
    return this.#act("correct", (ref, how) => review.correct(ref, fields, { ...how, why: "as the newer reader has it" }));
  }

  /** Add a claim that no reader found; it is then the one that is looked at, to be filled in. */
  async add(clause: Span, type: string): Promise<boolean> {
    const report = this.found?.ref.report;
    if (!report || !this.ready || this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      const made = await review.add(report, { clause: { ...clause }, type });
      this.#keep({ kind: "review", ref: made.ref });
      this.here += 1;
      this.#count();
      this.said = `Added: ${claimWords(made.shown)}.`;
      this.queue.insert(made);
      return true;
    } catch (error) {
      if (!quit(error)) this.fault = Problem.of(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  #keep(done: Done): void {
    this.#done.push(done);
    this.undoable = true;
    this.#warned = false;
  }
  #drop(): void {
    this.#done.pop();
    this.undoable = this.#done.length > 0;
  }

  async #act(what: What, send: (ref: Ref, how: Judging) => Promise<ClaimReviews>): Promise<boolean> {
    const before = this.found;
    if (!before || !this.ready || this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      const after = await send(before.ref, this.hidden ? { blind: true } : { seen: before.decided_by ?? 0 });
      const key = refKey(before.ref);
      this.#drafts.delete(key);
      if (this.found && refKey(this.found.ref) === key) {
        this.drop();
        this.found = after;
      }
      this.queue.mark(key, what, after.told, after.shown);
      this.#keep({ kind: "review", ref: after.ref });
      this.here += 1;
      this.#count();
      this.said = `${DID[what]}: ${claimWords(before.shown)}.`;
      return true;
    } catch (error) {
      if (quit(error)) return false;
      this.fault = Problem.of(error);
      if (this.fault.status === 409) await this.#again(before.ref); // somebody else may have decided meanwhile
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Take back what was decided here last, or with nothing decided here, and asked twice, one's newest review of all. */
  async undo(): Promise<void> {
    if (this.busy) return;
    const last = this.#done.at(-1);
    if (last?.kind === "incident") return this.#undoIncident(last.id);
    if (!last && !this.#warned) {
      this.#warned = true;
      this.said = "Nothing was decided since this page was opened. Undo once more to take back your newest review of all.";
      return;
    }
    this.busy = true;
    this.fault = null;
    try {
      const { withdrawn, claim } = await review.undo(last?.ref ?? null);
      this.#drop();
      this.#warned = false;
      if (last) this.here -= 1;
      this.#count();
      const words = withdrawn.after ?? withdrawn.before;
      this.said = `Undone: ${{ accept: "an acceptance", correct: "a correction", reject: "a rejection", add: "an added claim", withdraw: "" }[withdrawn.what]}${words ? ` of ${claimWords(words)}` : ""}.`;
      if (claim) {
        const key = refKey(claim.ref);
        const gone = !claim.told && !claim.read && claim.decided_by === null; // it was added, and is no claim any more
        if (gone) this.queue.remove(key);
        else {
          this.queue.mark(key, null, claim.told, claim.shown);
          // while the next claim is on its way the one undone is still in view: it is gone back to all the same
          if (this.found && refKey(this.found.ref) === key && !this.opening) this.found = claim;
          else if (this.queue.current?.key === key) void this.look(claim.ref);
          else this.queue.go(key);
        }
      }
    } catch (error) {
      if (!quit(error)) this.fault = Problem.of(error);
    } finally {
      this.busy = false;
    }
  }

  /** Merge, split or move from here: the incident of the claim is fetched, and the dialog asks for the rest. */
  async regroup(verb: "merge" | "split" | "move"): Promise<void> {
    const found = this.found;
    if (!found || !this.ready || this.busy) return;
    if (!found.incident) {
      this.said = found.told ? "This claim tells of a state or of what is expected: it belongs to no incident." : "A rejected claim belongs to no incident.";
      return;
    }
    this.busy = true;
    this.fault = null;
    try {
      const incident = await api.incident(found.incident);
      const account = incident.accounts.find((a) => refKey(a) === refKey(found.ref));
      if (verb !== "merge" && !account) throw new Problem(-1, "The claim is no longer in this incident", "Go to the next claim and come back.");
      if (verb === "split" && incident.accounts.length < 2) {
        this.said = "It is the only account of its incident: there is nothing to split it from.";
        return;
      }
      this.incident = incident;
      this.wish = verb === "merge" ? { verb } : verb === "split" ? { verb, accounts: [account!] } : { verb, account: account! };
    } catch (error) {
      this.fault = Problem.of(error);
    } finally {
      this.busy = false;
    }
  }

  async #undoIncident(id: string): Promise<void> {
    this.busy = true;
    try {
      const incident = await api.incident(id);
      const newest = [...incident.decisions].sort((a, b) => b.at.localeCompare(a.at))[0];
      const steps = newest ? await undoing(newest, new AbortController().signal) : null;
      if (!newest || !steps) {
        this.#drop();
        this.said = "What was decided of that incident has been changed since: put it right on the incident's own page.";
        return;
      }
      this.incident = incident;
      this.wish = { verb: "undo", steps, of: `${newest.what} by ${newest.who}` };
    } catch (error) {
      this.fault = Problem.of(error);
    } finally {
      this.busy = false;
    }
  }

  /** The dialog is left, with the incidents that came of it, or with nothing. */
  async regrouped(ids: string[] | null): Promise<void> {
    const verb = this.wish?.verb;
    this.wish = null;
    this.incident = null;
    if (!ids) return;
    if (verb === "undo") this.#drop();
    else if (ids[0]) this.#keep({ kind: "incident", id: ids[0] });
    this.said = verb === "undo" ? "Undone: the opposite stands now." : `Kept. It came to ${many(ids.length, "incident")}.`;
    if (this.found) await this.#again(this.found.ref);
  }

  /** The claim as it is told by now; a correction in the making stays. */
  async #again(ref: Ref): Promise<void> {
    const asked = this.#asking;
    try {
      const found = await review.of(ref);
      if (asked === this.#asking && this.found && refKey(this.found.ref) === refKey(ref)) this.found = found;
    } catch (error) {
      this.fault ??= Problem.of(error);
    }
  }

  loadProgress(): void {
    void this.progress.load((signal) => review.progress({ signal }));
  }

  /** The figures are asked for anew once decisions come to rest: on a long record they take a moment. */
  #count(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.loadProgress(), 1200);
  }

  stop(): void {
    clearTimeout(this.#soon);
    this.queue.stop();
    this.progress.stop();
  }
}

/** Whether somebody did not want to say who decides. */
const quit = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";
