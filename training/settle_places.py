"""Fits the choice of a claim's place (``tadmor.reading.embedded.places``) and writes its trees.

``python -m training.settle_places --weights FOLDER`` reads the reports that ``training.train --holdout`` left out and those of
``gold-train``, as the reader reads them, and learns which names of a report were coded as the place of the claims that it
finds. The network has learnt from the latter, but is hardly better at their places (slot 0.67 before this choice, against
0.65), and trees from either set alone better the other as much. Boosted trees of scikit-learn become a file of plain numbers;
the thresholds are those with the best mean slot, each report judged by trees that have not seen it. Reports put together of
unrelated paragraphs count for half.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tadmor.evaluate.claims import flat, listed, pairs
from tadmor.evaluate.names import same_name, set_f1
from tadmor.evaluate.run import report_of
from tadmor.model import Claim, Report
from tadmor.reading.arguments import Arguments
from tadmor.reading.claims import claims
from tadmor.reading.document import analyse
from tadmor.reading.embedded.links import Links
from tadmor.reading.embedded.places import likeliest
from tadmor.reading.embedded.reader import _Network, refine, say
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.embedded.toponyms import Toponyms
from tadmor.reading.embedded.whereabouts import FEATURES, Choice, choices
from tadmor.reading.judges import Stated
from tadmor.reading.scene import Scene
from tadmor.resolve.resolve import Resources
from training import coded
from training.settle_cases import Row

FILE = Path(__file__).parents[1] / "src/tadmor/reading/data/whereabouts.json"
FOLDS = 5
MIXED = 0.5  # what a report of unrelated paragraphs counts


@dataclass(frozen=True)
class Placed:
    """A claim that was read and coded: what may be its place, which names are right, and the coded places."""

    report: int
    weight: float
    choice: Choice
    right: tuple[bool, ...]
    coded: list[str]


class _Listener(_Network):
    """Keeps what the choice of places would be made from."""

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> list[Arguments]:
        told = [[self.telling(scene, s) for s in c] for c in claims]
        self.heard = choices(Toponyms(scene), told)
        return [c[0].linked for c in claims]


def gathered(rows: Sequence[Row], encoder: Encoder) -> list[Placed]:
    """The claims of coded reports that the reader finds, with what it may choose from."""
    recognisers = Resources.open().recognisers()
    links = Links(encoder.folder / "links.npz") if "links.npz" in encoder.manifest["sha256"] else None
    out = []
    for i, row in enumerate(rows):
        report = report_of(row["report"])
        encoded = encoder.encode(report.text)
        judge = _Listener(encoded, encoder)
        found, _ = claims(analyse(report, recognisers, refine=refine(encoded), say=say(encoded, links)), judge)
        weight = MIXED if "bundle" in report.id else 1.0
        out += [
            Placed(i, weight, judge.heard[k], _right(judge.heard[k], places), places)
            for k, places in ((k, listed(claim["place"])) for k, claim in found_of(row, report, found))
        ]
    return out


def found_of(row: Row, report: Report, found: Sequence[Claim]) -> list[tuple[int, Row]]:
    """The claims read that stand for a coded one of their type: their index, and the coded claim."""
    mine = [{"quote": c.text, "also": [a.text for a in c.also], "type": c.type} for c in found]
    return [(j, row["claims"][i]) for i, j, same in pairs(row["claims"], mine, flat(report.text)) if same]


def _right(choice: Choice, places: Sequence[str]) -> tuple[bool, ...]:
    return (*(any(same_name(p, n.printed) for p in places) for n in choice.names), not places)


def grown(cases: Sequence[Placed]) -> HistGradientBoostingClassifier:
    """Trees that say of each name, and of there being none, how likely it is right."""
    taught = [c for c in cases if any(c.right)]
    x = np.array([row for c in taught for row in c.choice.known], dtype=np.float32)
    y = np.array([r for c in taught for r in c.right])
    w = np.array([c.weight for c in taught for _ in c.right])
    model = HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=25, l2_regularization=5.0, random_state=0
    )
    return model.fit(x, y, sample_weight=w)


def nodes(model: HistGradientBoostingClassifier) -> list[list[list[float]]]:
    """The trees as ``forest.forest`` takes them: a feature goes left when it is at most the threshold."""
    out = []
    for (tree,) in model._predictors:
        out.append(
            [
                [round(float(n["value"]), 5)]
                if n["is_leaf"]
                else [int(n["feature_idx"]), float(np.float32(n["num_threshold"])), int(n["left"]), int(n["right"])]
                for n in tree.nodes
            ]
        )
    return out


def thresholds(cases: Sequence[Placed], scores: Sequence[Sequence[float]]) -> tuple[float, dict[str, float]]:
    """The mean slot over claims and the thresholds that give it."""
    top: tuple[float, dict[str, float]] = (0.0, {})
    for none, alike, more in itertools.product((0.5, 0.7, 1.0, 1.4), (0.3, 0.4, 0.5), (0.5, 0.6, 0.7, 0.85)):
        table = {"none": none, "listed": alike, "more": more}
        got = [
            set_f1(c.coded, [n.printed for n in likeliest(c.choice, s, table)])
            for c, s in zip(cases, scores, strict=True)
        ]
        top = max(top, (float(np.average(got, weights=[c.weight for c in cases])), table), key=lambda t: t[0])
    return top


def settle(cases: Sequence[Placed]) -> dict[str, Any]:
    """The file: names of features, bias, trees, thresholds."""
    scores: list[list[float]] = [[] for _ in cases]
    for fold in range(FOLDS):
        model = grown([c for c in cases if c.report % FOLDS != fold])
        for k, c in enumerate(cases):
            if c.report % FOLDS == fold:
                x = np.array(c.choice.known, dtype=np.float32)
                scores[k] = [float(p) for p in model.predict_proba(x)[:, 1]]
    slot, table = thresholds(cases, scores)
    print(f"{len(cases)} claims, mean slot {slot:.3f} with {table}", flush=True)
    model = grown(cases)
    bias = round(float(model._baseline_prediction.ravel()[0]), 5)
    return {"features": list(FEATURES), "bias": bias, "thresholds": table, "trees": nodes(model)}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument("--out", type=Path, default=FILE)
    a = ap.parse_args()
    learnt, held = coded.for_training(holdout=True)
    like_gold = [r for r in learnt if r["practice"] == coded.PRACTICES[0]]
    found = settle(gathered([*held, *like_gold], Encoder(a.weights, threads=1)))
    a.out.write_text(
        json.dumps(found, separators=(",", ":")).replace('"trees":', '\n"trees":').replace("]],[[", "]],\n[[") + "\n"
    )


if __name__ == "__main__":
    main()
