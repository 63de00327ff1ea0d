"""Fits the choice of the word that tells a claim's event (``tadmor.reading.embedded.event_words``) and writes its weights.

``python -m training.settle_event_words --weights FOLDER`` reads the sentences of event_place but for the held-out tenth, each
with one event and the places that are linked to it. A claim with these places should have its trigger at the event, one with
other places should not: what is fitted is the expected gain in F1 of the links, a hit for each place and a part of one off for
each that is told. A little of the likelihood of the event's word, where the places are right, keeps the fit from leaning on
few sentences. Prints the F1 of the links, cross-fitted, without the choice and with it. Ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from tadmor.evaluate.align import Aligned
from tadmor.model import Claim
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import event_words
from tadmor.reading.embedded.reader import _Network
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.judges import Stated
from tadmor.reading.scene import Scene
from training.beside import likelihood
from training.settle_trees import DATA, reading, sentences

FILE = DATA / "event_words.json"
FOLDS = 3
SEEN = 8  # a feature must be seen more often
PRICE = 0.62  # of a place that is told, beside the two that one rightly told is worth
LIKELY, DECAY = 0.05, 1e-4
KEEP = 1.5  # log-odds by which another word must be likelier than the trigger that a clause was found by
Span = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """A claim of a sentence: what may tell its event, which words do, its trigger and places, what it is worth there."""

    sentence: int
    words: tuple[int, ...]
    known: tuple[dict[str, float], ...]
    right: tuple[bool, ...]
    own: tuple[bool, ...]
    stays: bool  # the trigger as it is tells the event
    places: frozenset[Span]
    worth: float


class _Listener(_Network):
    """Keeps what the choice would be made from, and leaves the triggers as they are."""

    def tells(self, scene: Scene, claims: Sequence[tuple[Claim, Sequence[Stated]]]) -> list[Draft]:
        self.heard = self.events_told(scene, claims)
        return [t.draft for t in self.heard]


def gathered(encoder: Encoder) -> tuple[list[Case], list[list[Span]]]:
    """The claims that are read in the sentences, and the places of each sentence's event."""
    read = reading(encoder, _Listener)
    out: list[Case] = []
    wanted: list[list[Span]] = []
    for e, report in sentences():
        wanted.append(sorted(set(e.places or ())))
        if report is None:
            continue
        judge, made = read(report)
        at = Aligned(e.text, report.text)

        def span(start: int, end: int, at: Aligned = at) -> Span | None:
            return at.span({"start": start, "end": end})

        def of_event(it: Span | None, events: Sequence[Span] = e.triggers or ()) -> bool:
            return it is not None and any(it[0] < b and a < it[1] for a, b in events)

        for claim, told in zip(made.claims, judge.heard, strict=True):
            words, line = told.draft.line.words, [t for t in judge.heard if t.draft.line is told.draft.line]
            tried = tuple(event_words.candidates(told))
            places = frozenset(s for m in told.places if (s := span(m.start, m.end)))
            hits = sum(any(_names(p, w) for p in places) for w in wanted[-1])
            out.append(
                Case(
                    len(wanted) - 1,
                    tried,
                    tuple(event_words.known(told, tried, line)),
                    tuple(of_event(span(words[i].start, words[i].end)) for i in tried),
                    tuple(told.draft.first <= i <= told.draft.last for i in tried),
                    claim.trigger is not None and of_event(span(claim.trigger.start, claim.trigger.end)),
                    places,
                    2 * hits - PRICE * len(places),
                )
            )
    return out, wanted


def _names(place: Span, wanted: Span) -> bool:
    """Whether a mention, which may say more than the name, names the place."""
    return 2 * (min(place[1], wanted[1]) - max(place[0], wanted[0])) >= wanted[1] - wanted[0]


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """Weights by feature."""
    told = [c for c in cases if any(c.right)]
    counts = Counter(name for c in told for row in c.known for name, x in row.items() if x)
    at = {name: k for k, name in enumerate(sorted(n for n, count in counts.items() if count > SEEN))}
    x = np.zeros((sum(len(c.words) for c in told), len(at)), dtype=np.float32)
    group = np.repeat(np.arange(len(told)), [len(c.words) for c in told])
    for i, row in enumerate(row for c in told for row in c.known):
        for name, value in row.items():
            if name in at:
                x[i, at[name]] = value
    features, groups = torch.tensor(x), torch.tensor(group)
    right = torch.tensor([r for c in told for r in c.right], dtype=torch.float32)
    worth = torch.tensor([c.worth for c in told], dtype=torch.float32)
    w = torch.zeros(len(at))
    for name, start in (("own", 2.0), ("event", 0.3)):
        w[at[name]] = start
    w.requires_grad_(True)
    opt = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        opt.zero_grad()
        scores = features @ w
        likely = likelihood(scores, groups, right)
        loss = -(worth * likely.exp()).mean() - LIKELY * (likely * (worth >= 0)).mean() + DECAY * (w**2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    return {name: float(w.detach()[k]) for name, k in at.items()}


def told_at_event(case: Case, weights: Mapping[str, float]) -> bool:
    """Whether the claim's trigger tells the event of its sentence, when it is chosen with these weights."""
    if not case.words:
        return case.stays
    scores = [sum(weights.get(n, 0.0) * x for n, x in row.items()) for row in case.known]
    best = max(range(len(scores)), key=lambda j: (scores[j] + KEEP * case.own[j], -j))
    return case.stays if case.own[best] else case.right[best]


def links(cases: Sequence[Case], wanted: Sequence[Sequence[Span]], tells: Callable[[Case], bool]) -> float:
    """F1 of the links from events to places."""
    got: dict[int, set[Span]] = {}
    for c in cases:
        if tells(c):
            got.setdefault(c.sentence, set()).update(c.places)
    hits = sum(any(_names(p, w) for p in places) for k, places in got.items() for w in wanted[k])
    return 2 * hits / max(1, sum(map(len, got.values())) + sum(map(len, wanted)))


def settle(cases: Sequence[Case], wanted: Sequence[Sequence[Span]]) -> dict[str, float]:
    """The file: weights by feature, with what the trigger that a clause was found by has ahead of others."""
    folds = [fit([c for c in cases if c.sentence % FOLDS != k]) for k in range(FOLDS)]
    before = links(cases, wanted, lambda c: c.stays)
    after = links(cases, wanted, lambda c: told_at_event(c, folds[c.sentence % FOLDS]))
    print(
        f"{len(cases)} claims in {len(wanted)} sentences, F1 {before:.3f} as found, {after:.3f} as chosen", flush=True
    )
    found = fit(cases)
    return {k: round(v, 3) for k, v in (found | {"own": found["own"] + KEEP}).items() if abs(v) >= 0.001}


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument("--out", type=Path, default=FILE)
    a = ap.parse_args()
    table = settle(*gathered(Encoder(a.weights, threads=1)))
    lines = ",\n".join(f"  {json.dumps(k)}: {v}" for k, v in sorted(table.items()))
    a.out.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
