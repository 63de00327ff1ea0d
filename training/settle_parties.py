"""Fits the choice of a claim's actors and targets (``tadmor.reading.embedded.participants``) and writes its trees.

``python -m training.settle_parties --weights FOLDER`` reads the same reports as ``training.settle_places``, as the reader
reads them with its places chosen, and learns which parties of a report were coded as the actors, and which as the targets,
of the claims that it finds. The thresholds are those with the best mean slot, each report judged by trees that have not seen
it, those of targets with the actors chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tadmor.evaluate.names import same_name, set_f1
from tadmor.evaluate.run import report_of
from tadmor.model import Claim
from tadmor.reading.embedded.involvement import OF_ROLE, ROLES, after_actors, casts
from tadmor.reading.embedded.participants import FILES, likeliest, scored
from tadmor.reading.embedded.parties import Cast, Parties
from tadmor.reading.embedded.reader import _Network
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.forest import forest
from tadmor.reading.judges import Stated
from tadmor.reading.scene import Scene
from training import settle_trees
from training.settle_cases import Row
from training.settle_trees import DATA, found_of, reading, table, weight, write

Rows = Sequence[Sequence[float]]
FOLDS = 3
START = {"none": 0.85, "listed": 0.4, "more": 0.7, "apart": 0.9}
TRIED = {"none": (0.7, 1.0, 1.2), "apart": (0.6, 1.1), "more": (0.6, 0.85), "listed": (0.3, 0.5)}


@dataclass(frozen=True)
class Peopled:
    """A claim that was read and coded: who may fill its roles, and the coded names of each role."""

    report: int
    weight: float
    cast: Cast
    coded: dict[str, list[str]]

    def right(self, role: str) -> list[bool]:
        """Whether each party that is weighed is coded for the role, and last whether nobody is."""
        names = self.coded[role]
        among = [self.cast.parties[j] for j in self.cast.weighed[role][:-1]]
        return [*(any(same_name(n, p.printed) for n in names) for p in among), not names]


class _Listener(_Network):
    """Keeps what the choice of parties would be made from."""

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> None:
        self.heard = casts(Parties(scene), self.involved(scene, claims))


def gathered(reports: Sequence[Row], encoder: Encoder, halves: Sequence[Encoder] = ()) -> list[Peopled]:
    """The claims of coded reports that the reader finds, with whom it may choose from."""
    read = reading(encoder, _Listener, halves)
    out = []
    for i, row in enumerate(reports):
        report = report_of(row["report"])
        judge, made = read(report)
        out += [
            Peopled(i, weight(report), judge.heard[k], {role: claim[f"{role}s"] for role in ROLES})
            for k, claim in found_of(row, report, made.claims)
        ]
    return out


def grown(cases: Sequence[Peopled], rows: Sequence[Rows], role: str) -> HistGradientBoostingClassifier:
    """Trees that say of each party, and of there being nobody, how likely it is right."""
    told = [
        (row, r, c.weight)
        for c, own in zip(cases, rows, strict=True)
        if any(right := c.right(role))
        for row, r in zip(own, right, strict=True)
    ]
    x = np.array([row for row, _, _ in told], dtype=np.float32)
    y = np.array([r for _, r, _ in told])
    w = np.array([weight for _, _, weight in told])
    model = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.05,
        max_features=0.3,  # of the features at each branch: trees that differ err less together
        max_leaf_nodes=10,
        min_samples_leaf=20,
        l2_regularization=8.0,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(x, y, sample_weight=w)


def crossed(
    cases: Sequence[Peopled], rows: Sequence[Rows], role: str, acting: Sequence[Sequence[float]] | None
) -> list[list[float]]:
    """The probabilities of each case, by trees that have not seen its report."""
    out: list[list[float]] = [[] for _ in cases]
    for fold in range(FOLDS):
        seen = [k for k, c in enumerate(cases) if c.report % FOLDS != fold]
        unseen = [k for k, c in enumerate(cases) if c.report % FOLDS == fold]
        grew = table(grown([cases[k] for k in seen], [rows[k] for k in seen], role), OF_ROLE[role])
        trees = forest(grew["features"], grew["bias"], grew["trees"])
        told = None if acting is None else [acting[k] for k in unseen]
        for k, scores in zip(unseen, scored([cases[k].cast for k in unseen], role, trees, told), strict=True):
            out[k] = scores
    return out


def thresholds(
    cases: Sequence[Peopled], role: str, scores: Sequence[Sequence[float]], taken: Sequence[Collection[str]]
) -> tuple[float, dict[str, float]]:
    """The mean slot over claims and the thresholds that give it, found one by one."""
    weights = [c.weight for c in cases]

    def quality(limits: dict[str, float]) -> float:
        got = [
            set_f1(c.coded[role], [p.printed for p in likeliest(c.cast, s, limits, t)])
            for c, s, t in zip(cases, scores, taken, strict=True)
        ]
        return float(np.average(got, weights=weights))

    top = (quality(START), START)
    for name, values in TRIED.items():
        for value in values:
            if value != top[1][name]:
                limits = top[1] | {name: value}
                top = max(top, (quality(limits), limits), key=lambda t: t[0])
    return top


def settle(cases: Sequence[Peopled]) -> dict[str, dict[str, Any]]:
    """The file of each role: names of features, bias, trees, thresholds."""
    out = {}
    taken: list[frozenset[str]] = [frozenset() for _ in cases]
    acting: list[list[float]] | None = None
    for role in ROLES:
        rows: list[Rows] = [c.cast.known[role] for c in cases]
        if acting is not None:
            rows = [after_actors(c.cast, a) for c, a in zip(cases, acting, strict=True)]
        scores = crossed(cases, rows, role, acting)
        slot, best = thresholds(cases, role, scores, taken)
        print(f"{role}: {len(cases)} claims, mean slot {slot:.3f} with {best}", flush=True)
        out[role] = table(grown(cases, rows, role), OF_ROLE[role]) | {"thresholds": best}
        taken = [
            frozenset(p.key for p in likeliest(c.cast, s, best, t))
            for c, s, t in zip(cases, scores, taken, strict=True)
        ]
        acting = scores
    return out


def main() -> None:
    a = settle_trees.options(__doc__, DATA)
    cases = gathered(settle_trees.rows(), Encoder(a.weights, threads=1), settle_trees.opened(a.halves))
    for role, found in settle(cases).items():
        write(found, a.out / FILES[role])


if __name__ == "__main__":
    main()
