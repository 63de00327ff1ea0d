"""Fits the choice of what a claim counts where the reader heard something of it (``tadmor.resolve.claim_counts_heard``).

``python -m training.settle_counts --weights FOLDER`` reads the reports that ``training.train --holdout`` left out and those of
``gold-train``, as the reader reads them, and learns which of the numbers near a claim were coded as its counts. The log-linear
model's weights are ones that have not learnt from the report, and with ``--halves`` neither have the looks. The chance from
which on a number is counted is the one with the best mean slot, each report judged by trees that have not seen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tadmor.evaluate.names import set_f1
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.odds import probability
from tadmor.resolve import claim_counts, quantities
from tadmor.resolve.claim_counts_features import Numbers
from tadmor.resolve.claim_counts_heard import FEATURES, FILE, Judged
from tadmor.resolve.claim_counts_heard import rows as known
from training import derive_counts, settle_trees
from training.settle_cases import Row
from training.settle_trees import RESOLVED, found_of, opened, options, rows, table, weight, write
from training.unlearnt import readings

FOLDS = 5
LEAST = (0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.54)


@dataclass(frozen=True)
class Told:
    """A report as it was read: what each claim may count, a row of FEATURES for each, and what is coded, where a claim is."""

    id: str
    weight: float
    judged: Sequence[Sequence[Judged]]
    known: Sequence[Sequence[Sequence[float]]]
    coded: dict[int, list[Row]]

    def right(self, claim: int) -> list[bool]:
        """Whether each candidate of a coded claim is coded as one of its counts."""
        candidates = [j.candidate for j in self.judged[claim]]
        return [what != claim_counts.NONE for what in derive_counts.labels(candidates, self.coded[claim])]


def gathered(reports: Sequence[Row], encoder: Encoder, halves: Sequence[Encoder] = ()) -> list[Told]:
    """Coded reports as the reader reads them, with what their claims may count."""
    out = []
    for row, made, weights in readings(reports, derive_counts, encoder, halves):
        valued = quantities.resolve_quantities(made.mentions, made.report)
        numbers = Numbers(replace(made, mentions=tuple(valued.get(m.id, m) for m in made.mentions)))
        judged = [claim_counts.judge(numbers.of(c), weights) for c in made.claims]
        coded = {k: claim["counts"] for k, claim in found_of(row, made.report, made.claims)}
        out.append(Told(made.report.id, weight(made.report), judged, known(made.claims, judged), coded))
    return out


def grown(reports: Sequence[Told]) -> HistGradientBoostingClassifier:
    """Trees that say of each number how likely the claim counts it."""
    taught = [
        (row, y, r.weight) for r in reports for k in r.coded for row, y in zip(r.known[k], r.right(k), strict=True)
    ]
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=30, l2_regularization=5.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    x, y, w = (np.array(part, dtype=np.float32) for part in zip(*taught, strict=True))
    return model.fit(x, y > 0, sample_weight=w)


def crossed(reports: Sequence[Told]) -> list[list[list[float]]]:
    """The chances of all candidates of each report, by trees that have not seen it."""
    out: list[list[list[float]]] = [[] for _ in reports]
    for fold in range(FOLDS):
        trees = grown([r for i, r in enumerate(reports) if i % FOLDS != fold])
        for i in range(fold, len(reports), FOLDS):
            flat = np.array([row for own in reports[i].known for row in own], dtype=np.float32)
            odds = iter(trees.decision_function(flat).tolist() if len(flat) else [])
            out[i] = [[probability(next(odds)) for _ in own] for own in reports[i].known]
    return out


def slots(
    reports: Sequence[Told], chances: Sequence[Sequence[Sequence[float]]], least: float
) -> list[tuple[Told, float]]:
    """The score of each coded claim."""
    out = []
    for r, told in zip(reports, chances, strict=True):
        found = claim_counts.counted(r.judged, told, least)
        for k, coded in r.coded.items():
            got: list[dict[str, Any]] = [{"what": n.what, "min": n.min, "max": n.max} for n in found[k]]
            out.append((r, set_f1(coded, got, derive_counts.same)))
    return out


def settle(reports: Sequence[Told]) -> dict[str, Any]:
    """The file: names of features, bias, trees, and the chance from which on a number is counted."""
    chances = crossed(reports)
    before = [[[probability(j.odds) for j in own] for own in r.judged] for r in reports]
    tried = {least: slots(reports, chances, least) for least in LEAST}

    def mean(scored: Sequence[tuple[Told, float]]) -> float:
        return float(np.average([s for _, s in scored], weights=[r.weight for r, _ in scored]))

    smooth = np.convolve([mean(s) for s in tried.values()], np.ones(3) / 3, mode="valid")  # single steps may be chance
    least = LEAST[1 + int(smooth.argmax())]
    held = {row["report"]["id"] for row in settle_trees.held()}
    for name, kind in (("held out", True), ("gold-train", False)):
        by_trees, plain = (
            np.mean([s for r, s in scored if (r.id in held) == kind])
            for scored in (tried[least], slots(reports, before, claim_counts.LEAST))
        )
        print(f"{name}: mean slot {by_trees:.4f} by trees at {least}, {plain:.4f} before", flush=True)
    return table(grown(reports), FEATURES) | {"thresholds": {"least": least}}


def main() -> None:
    a = options(__doc__, RESOLVED / FILE)
    write(settle(gathered(rows(), Encoder(a.weights, threads=1), opened(a.halves))), a.out)


if __name__ == "__main__":
    main()
