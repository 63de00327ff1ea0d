/** Review as the API has it: claims that wait, what people decided of them, and how far they agree. */
import { address, get, post, seg, type Count, type Filters, type Page, type Ref } from "../../lib/api";
import type { Claim, Span } from "../report/reading";

/** A name in a claim, with the identity it stands for; null is that none is known. */
export interface Named {
  name: string;
  entity?: string | null;
}

/** What a claim says, as people see and correct it. */
export interface Coding {
  type: string;
  certainty: string;
  start: number;
  end: number;
  text: string;
  trigger?: Span | null;
  /** Chains of names, outermost speaker first. */
  sources: string[][];
  actors: Named[];
  targets: Named[];
  places: Named[];
  date: string | null;
  counts: Count[];
}
export type What = "accept" | "correct" | "reject" | "add" | "withdraw";

/** One act of one person; a coding is null where the claim is not told. */
export interface Review {
  id: number;
  at: string;
  who: string;
  what: What;
  adjudicates: boolean;
  withdraws: number | null;
  before: Coding | null;
  after: Coding | null;
  why: string | null;
}
export type Weight = "decides" | "counts" | "earlier" | "withdrawn" | "withdraws";

export interface ClaimReviews {
  ref: Ref;
  title: string | null;
  published: string | null;
  sentence: string;
  score: number;
  told: boolean;
  /** As the record tells it, and as the reader of today has it; null when it found no such thing. */
  shown: Coding;
  read: Coding | null;
  reviews: Review[];
  weights: Record<string, Weight>;
  decided_by: number | null;
  /** The newest coding of each coder; null is that they reject it. */
  coders: Record<string, Coding | null>;
  /** Fields, or "claim": whether it is one. */
  coders_differ: string[];
  settled: boolean;
  reader: string;
  reader_differs: string[];
  /** Whether the reader read it after people decided. */
  newer: boolean;
  claim: Claim;
  claim_read: Claim | null;
  incident: string | null;
}
export interface Queued {
  ref: Ref;
  title: string | null;
  published: string | null;
  sentence: string;
  coding: Coding;
  score: number;
  told: boolean;
  reviewed: boolean;
  contradictions: number;
  disputes: number;
  incident: string | null;
}
export interface QueuePage extends Page<Queued> {
  total: number | null;
}
export interface Progress {
  claims: number;
  reviewed: number;
  accepted: number;
  corrected: number;
  rejected: number;
  added: number;
  reports: number;
  reports_begun: number;
  reports_done: number;
  coded_twice: number;
  coders: Record<string, number>;
}
export interface FieldAgreement {
  field: string;
  alpha: number | null;
  items: number;
  values: number;
  coders: number;
  equal: number | null;
}
export interface Disagreement {
  ref: Ref;
  fields: string[];
  people: Coding | null;
  read: Coding | null;
  by: Review;
  reader: string;
  newer: boolean;
}
export interface CodersDiffer {
  ref: Ref;
  fields: string[];
  codings: Record<string, Coding | null>;
  settled: boolean;
}

/** Fields that are set anew, as the API takes them. */
export interface Fields {
  type?: string;
  certainty?: string;
  clause?: { start: number; end: number; text: string };
  trigger?: { start: number; end: number; text: string } | null;
  sources?: string[][];
  actors?: (string | Named)[];
  targets?: (string | Named)[];
  places?: (string | Named)[];
  date?: string | null;
  counts?: Count[];
}
export interface Judging {
  why?: string | null;
  adjudicate?: boolean;
  blind?: boolean;
  /** The review that decided the claim when it was looked at, 0 for none: refused when another does by now. */
  seen?: number;
}

type Asking = { signal?: AbortSignal };
interface QueueQuery extends Filters {
  order: string;
  not_by?: string | null;
  blind?: boolean;
  cursor?: string | null;
  limit?: number;
}

const path = (ref: Ref, last: string): string => `/claims/${seg(ref.report)}/${seg(ref.claim)}/${last}`;

export const review = {
  queue: (q: QueueQuery, a?: Asking) => get<QueuePage>("/review/queue", { ...q }, a),
  progress: (a?: Asking) => get<Progress>("/review/progress", {}, a),
  agreement: (a?: Asking) => get<{ items: FieldAgreement[] }>("/review/agreement", {}, a),
  disagreements: (q: { newer?: boolean; cursor?: string | null; limit?: number }, a?: Asking) =>
    get<Page<Disagreement> & { total: number }>("/review/disagreements", q, a),
  coders: (q: { unsettled?: boolean; cursor?: string | null; limit?: number }, a?: Asking) =>
    get<Page<CodersDiffer> & { total: number }>("/review/coders", q, a),
  of: (ref: Ref, a?: Asking) => get<ClaimReviews>(path(ref, "reviews"), {}, a),
  accept: (ref: Ref, how: Judging = {}) => post<ClaimReviews>(path(ref, "accept"), how),
  correct: (ref: Ref, fields: Fields, how: Judging = {}) => post<ClaimReviews>(path(ref, "correct"), { fields, ...how }),
  reject: (ref: Ref, why: string, how: Omit<Judging, "why" | "blind"> = {}) => post<ClaimReviews>(path(ref, "reject"), { why, ...how }),
  add: (report: string, fields: Fields, why: string | null = null) => post<ClaimReviews>("/claims", { report, fields, why }),
  undo: (ref: Ref | null) =>
    post<{ withdrawn: Review; claim: ClaimReviews | null }>(ref ? path(ref, "undo") : "/review/undo", {}),
  goldAddress: (partial: boolean) => address("/review/gold", { partial: partial || null }),
};
