"""Fits the choice of a claim's place (``tadmor.reading.embedded.places``) and writes its trees.

``python -m training.settle_places --weights FOLDER`` reads the reports that ``training.train --holdout`` left out and those of
``gold-train``, as the reader reads them, and learns which names of a report were coded as the place of the claims that it
finds. The network has learnt from the latter, but is hardly better at their places (slot 0.67 before this choice, against
0.65), and trees from either set alone better the other as much. Boosted trees of scikit-learn become a file of plain numbers, the
network that stands beside them (``training.beside``) one of arrays;
each report is judged by trees that have not seen it when thresholds are chosen. Reports put together of unrelated paragraphs
count for half.

Sentences of event_place that stand alone are learnt from besides: the claims at their events, with the places linked to these.
Its held-out tenth is left out. The trees know how long the report is, and so learn what is different where a sentence is all
there is: less is told, and a name in it is oftener that of another event, or of nobody's. The thresholds are those with the
best sum of the mean slot on reports and the F1 of the links on sentences.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tadmor.evaluate.align import Aligned
from tadmor.evaluate.claims import listed
from tadmor.evaluate.names import same_name, set_f1
from tadmor.evaluate.run import report_of
from tadmor.model import Claim
from tadmor.reading.arguments import Arguments
from tadmor.reading.beside import Beside
from tadmor.reading.embedded.places import likeliest
from tadmor.reading.embedded.reader import _Network
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.embedded.toponyms import Toponyms
from tadmor.reading.embedded.whereabouts import FEATURES, Choice, choices
from tadmor.reading.judges import Stated
from tadmor.reading.odds import probability
from tadmor.reading.scene import Scene
from training import beside, examples
from training.settle_cases import Row
from training.settle_trees import DATA, found_of, opened, options, reading, rows, sentences, table, weight, write

FILE = DATA / "whereabouts.json"
FOLDS = 5
LINK = 0.5  # what the claim at such a sentence's event counts beside a claim of a report


@dataclass(frozen=True)
class Placed:
    """A claim that was read and coded: what may be its place, which names are right, and the coded places."""

    report: int
    weight: float
    choice: Choice
    right: tuple[bool, ...]
    coded: list[str]


@dataclass(frozen=True)
class Linked:
    """A claim read at the event of a sentence: what may be its place, which names are linked to the event, how many are."""

    report: int
    choice: Choice
    right: tuple[bool, ...]
    places: int


class _Listener(_Network):
    """Keeps what the choice of places would be made from."""

    def where(self, scene: Scene, claims: Sequence[Sequence[Stated]]) -> list[Arguments]:
        told = [[self.telling(scene, s) for s in c] for c in claims]
        self.heard = choices(Toponyms(scene), told)
        return [c[0].linked for c in claims]

    def who(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> None:
        """As linked: parties are settled after places."""


def gathered(reports: Sequence[Row], encoder: Encoder, halves: Sequence[Encoder] = ()) -> list[Placed]:
    """The claims of coded reports that the reader finds, with what it may choose from."""
    read = reading(encoder, _Listener, halves)
    out = []
    for i, row in enumerate(reports):
        report = report_of(row["report"])
        judge, made = read(report)
        out += [
            Placed(i, weight(report), judge.heard[k], _right(judge.heard[k], places), places)
            for k, places in ((k, listed(claim["place"])) for k, claim in found_of(row, report, made.claims))
        ]
    return out


def events(encoder: Encoder) -> list[Linked]:
    """The claims that are read at the events of single sentences."""
    read = reading(encoder, _Listener)
    out = []
    for i, (e, report) in enumerate(sentences()):
        if report is None:
            continue
        judge, made = read(report)
        at = Aligned(e.text, report.text)
        for k, claim in enumerate(made.claims):
            trigger = at.span({"start": claim.trigger.start, "end": claim.trigger.end}) if claim.trigger else None
            if trigger is None or not any(_touch(trigger, t) for t in e.triggers or ()):
                continue
            names = [at.span({"start": n.mention.start, "end": n.mention.end}) for n in judge.heard[k].names]
            right = (*(s is not None and any(_names(s, p) for p in e.places or ()) for s in names), not e.places)
            out.append(Linked(i, judge.heard[k], right, len(e.places or ())))
    return out


def _touch(a: examples.Pair, b: examples.Pair) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _names(span: examples.Pair, place: examples.Pair) -> bool:
    """Whether a mention names a place: it holds it, or they share half of both together."""
    common = min(span[1], place[1]) - max(span[0], place[0])
    held = span[0] <= place[0] and place[1] <= span[1]
    return held or 2 * common >= max(span[1], place[1]) - min(span[0], place[0])


def _right(choice: Choice, places: Sequence[str]) -> tuple[bool, ...]:
    return (*(any(same_name(p, n.printed) for p in places) for n in choice.names), not places)


def grown(cases: Sequence[Placed], linked: Sequence[Linked]) -> tuple[HistGradientBoostingClassifier, Beside]:
    """Trees and a network that say of each name, and of there being none, how likely it is right."""
    taught = [(c.choice, c.right, c.weight) for c in cases] + [(c.choice, c.right, LINK) for c in linked]
    taught = [t for t in taught if any(t[1])]
    lists = [np.array(choice.known, dtype=np.float32) for choice, _, _ in taught]
    right = [np.array(r, dtype=np.float32) for _, r, _ in taught]
    x, y = np.concatenate(lists), np.concatenate(right)
    w = np.array([weight for _, right, weight in taught for _ in right])
    model = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_leaf_nodes=12, min_samples_leaf=60, l2_regularization=10.0, random_state=0
    )
    return model.fit(x, y, sample_weight=w), beside.fit(lists, right, [weight for _, _, weight in taught])


def thresholds(
    cases: Sequence[Placed], linked: Sequence[Linked], scores: Sequence[Sequence[float]]
) -> tuple[float, float, dict[str, float]]:
    """The mean slot over claims, the F1 of the links, and the thresholds with the best sum; scores of both kinds, in order."""
    top: tuple[float, float, dict[str, float]] = (0.0, 0.0, {})
    weights = [c.weight for c in cases]
    for none, alike, more in itertools.product((0.7, 0.8, 0.9, 1.0, 1.4), (0.3, 0.4), (0.5, 0.6, 0.7)):
        tried = {"none": none, "listed": alike, "more": more}
        got = [
            set_f1(c.coded, [n.printed for n in likeliest(c.choice, s, tried)])
            for c, s in zip(cases, scores[: len(cases)], strict=True)
        ]
        slot, links = float(np.average(got, weights=weights)), _links(linked, scores[len(cases) :], tried)
        top = max(top, (slot, links, tried), key=lambda t: t[0] + t[1])
    return top


def _links(linked: Sequence[Linked], scores: Sequence[Sequence[float]], limits: dict[str, float]) -> float:
    hits = kept = 0
    for c, s in zip(linked, scores, strict=True):
        right = {n.key for n, r in zip(c.choice.names, c.right, strict=False) if r}
        found = likeliest(c.choice, s, limits)
        kept += len(found)
        hits += sum(n.key in right for n in found)
    return 2 * hits / max(1, kept + sum(c.places for c in linked))


def settle(cases: Sequence[Placed], linked: Sequence[Linked]) -> tuple[dict[str, Any], Beside]:
    """The files: names of features, bias, trees, thresholds; and the network."""
    both = [*cases, *linked]
    scores: list[list[float]] = [[] for _ in both]
    for fold in range(FOLDS):
        learnt = [c for c in cases if c.report % FOLDS != fold], [c for c in linked if c.report % FOLDS != fold]
        trees, network = grown(*learnt)
        for k, c in enumerate(both):
            if c.report % FOLDS == fold:
                rows = c.choice.known
                told = trees.decision_function(np.array(rows, dtype=np.float32)) + network.log_odds(rows, [len(rows)])
                scores[k] = [probability(float(x) / 2) for x in told]
    slot, links, best = thresholds(cases, linked, scores)
    print(f"{len(cases)} claims, mean slot {slot:.3f}; {len(linked)} events, F1 {links:.3f}; {best}", flush=True)
    trees, network = grown(cases, linked)
    return table(trees, FEATURES) | {"thresholds": best}, network


def main() -> None:
    a = options(__doc__, FILE)
    encoder = Encoder(a.weights, threads=1)
    trees, network = settle(gathered(rows(), encoder, opened(a.halves)), events(encoder))
    write(trees, a.out)
    beside.write(network, a.out.with_suffix(".npz"))


if __name__ == "__main__":
    main()
