"""Fits the choice of a claim's date where the reader heard something of it (``tadmor.resolve.claim_dates_heard``).

``python -m training.settle_dates --weights FOLDER`` reads the reports that ``training.train --holdout`` left out and those of
``gold-train``, as the reader reads them, and learns which of the candidates share most of their days with the coded date. The
log-linear model's weights are ones that have not learnt from the report, and with ``--halves`` neither have the looks. Reports
put together of unrelated paragraphs count for half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tadmor.evaluate.claims import date_score
from tadmor.reading.beside import Beside
from tadmor.reading.embedded.session import Encoder
from tadmor.resolve import claim_dates, times
from tadmor.resolve.claim_dates_candidates import Choices
from tadmor.resolve.claim_dates_heard import FEATURES, FILE, Weighed, weighed
from tadmor.resolve.claim_dates_rules import Telling
from training import beside, derive_dates, settle_trees
from training.settle_cases import Row
from training.settle_trees import RESOLVED, found_of, opened, options, rows, weight
from training.unlearnt import readings

FOLDS = 5
RIGHT = 0.5  # share of days in common from which on a date counts as the coded one


@dataclass(frozen=True)
class Dated:
    """A claim that was read and coded: its candidates, and the share of days that each has in common with the coded date."""

    report: str
    weight: float
    found: Weighed
    worth: list[float]


def gathered(reports: Sequence[Row], encoder: Encoder, halves: Sequence[Encoder] = ()) -> list[Dated]:
    """The claims of coded reports that the reader finds, with what it may choose from."""
    out = []
    for row, made, weights in readings(reports, derive_dates, encoder, halves):
        dated, _ = times.resolve_times(made.mentions, made.report)
        choices = Choices(Telling(replace(made, mentions=tuple(dated.get(m.id, m) for m in made.mentions))))
        asked = [claim_dates.ask(c, choices, weights) for c in made.claims]
        found = weighed(asked, choices.telling.published, claim_dates.agreement)
        for k, claim in found_of(row, made.report, made.claims):
            dates = [asked[k].candidates[j].date for j in found[k].among]
            out.append(
                Dated(made.report.id, weight(made.report), found[k], [date_score(claim["date"], d) for d in dates])
            )
    return out


def learnt(cases: Sequence[Dated]) -> Beside:
    """A network that says of each candidate beside the others how likely it is right; cases without a right one teach nothing."""
    taught = [c for c in cases if max(c.worth) > RIGHT]
    lists = [np.array(c.found.known, dtype=np.float32) for c in taught]
    right = [np.array([w > RIGHT for w in c.worth], dtype=np.float32) for c in taught]
    return beside.fit(lists, right, [c.weight for c in taught])


def measured(cases: Sequence[Dated]) -> str:
    """The mean slot of dates chosen by a network that has not seen the report, and by what was likely before them."""
    fold = {r: i % FOLDS for i, r in enumerate(dict.fromkeys(c.report for c in cases))}
    held = {row["report"]["id"] for row in settle_trees.held()}
    slots: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for k in range(FOLDS):
        network = learnt([c for c in cases if fold[c.report] != k])
        for c in cases:
            if fold[c.report] == k:
                odds = network.log_odds(c.found.known, [len(c.found.known)])
                agrees = [row[FEATURES.index("agrees")] for row in c.found.known]
                slots[c.report in held].append((c.worth[int(odds.argmax())], c.worth[int(np.argmax(agrees))]))
    told = {name: np.mean(slots[kind], axis=0).round(4) for name, kind in (("held out", True), ("gold-train", False))}
    return "; ".join(f"{name}: {chosen} as chosen, {before} before" for name, (chosen, before) in told.items())


def main() -> None:
    a = options(__doc__, RESOLVED / FILE)
    cases = gathered(rows(), Encoder(a.weights, threads=1), opened(a.halves))
    print(f"{len(cases)} claims; {measured(cases)}", flush=True)
    beside.write(learnt(cases), a.out)


if __name__ == "__main__":
    main()
