/** Claims by reference, and who speaks in an account. */
import type { Account as ApiAccount, Ref } from "../../lib/api";

/** `known` is the first day (ISO) on which the record could know of it: published, or else added. */
export type Account = ApiAccount & { says?: string[]; known?: string | null };

export const refKey = (ref: Ref): string => `${ref.report}:${ref.claim}`;

/** The account that a key stands for is looked up by it, so no key is ever taken apart: ids of reports may hold colons. */
export const refOf = ({ report, claim }: Ref): Ref => ({ report, claim });

/** Who says so in an account, in words; the outlet where nobody is named, and "the report" where that is unknown too. */
export function speakers(account: Account): readonly string[] {
  const named = account.says?.length ? account.says : account.sources;
  return named?.length ? named : [account.publisher ?? "the report"];
}

/** The name within words such as "an officer, via SANA", by which the source is found. */
export const sourceName = (words: string): string => words.split(", via ")[0]!;

export const knownOn = (account: Account): string | null => account.known ?? account.published;
