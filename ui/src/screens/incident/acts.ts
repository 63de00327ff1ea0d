/** Decisions on incidents as the API takes them. */
import { all, api, post, seg, type Decision, type Incident, type IncidentAnswer } from "../../lib/api";
import { iso } from "../../lib/days";
import { bounds } from "../../lib/edtf";
import { opposite, type AuditLine, type Step } from "./undo";

/** Let the ledger keep a decision; gives back the ids of the incidents that came of it. Rejects with Problem or AbortError. */
export async function decide(step: Step, why: string): Promise<string[]> {
  const reason = why.trim() || null;
  const send = (path: string, body: object): Promise<{ ids: string[] }> => post(path, { ...body, why: reason });
  const answer =
    step.verb === "merge"
      ? await send("/incidents/merge", { ids: step.ids })
      : step.verb === "split"
        ? await send(`/incidents/${seg(step.id)}/split`, { claims: step.claims })
        : await send("/incidents/move", { claim: step.claim, to: step.to });
  return answer.ids;
}

/**
 * The steps that undo the newest decision on an incident; null when none do, or when it holds no more. Earlier ones are not
 * offered: what they left has been changed since, and is put right by the verbs themselves.
 */
export async function undoing(decision: Decision, signal: AbortSignal): Promise<Step[] | null> {
  if (decision.standing !== "holds") return null;
  const lines = await all<AuditLine>("/audit", { since: decision.at.slice(0, 10) }, 5000, { signal });
  const line = lines.find((l) => l.at === decision.at && l.what === decision.what);
  return line ? opposite(line) : null;
}

/** Incidents that may tell of the same occurrence: at this place within a month, this one left out. */
export async function neighbours(incident: IncidentAnswer, signal: AbortSignal): Promise<Incident[]> {
  const [first, last] = bounds(incident.date);
  const found = await api.incidents(
    {
      place: incident.place?.entity ?? incident.place?.name ?? null,
      from: first === null ? null : iso(first - 30),
      to: last === null ? null : iso(last + 30),
      limit: 100,
    },
    { signal },
  );
  const middle = first ?? last ?? 0;
  const away = (i: Incident): number => Math.abs((bounds(i.date)[0] ?? middle + 1e6) - middle);
  return found.items.filter((i) => i.id !== incident.id).sort((a, b) => away(a) - away(b));
}
