"""Whether two clauses of one type state one claim: what the network found in each, compared.

The headline, the lead and the body tell an event again in other words; words in common, which the lexicon's weights compare
(``merging.pair_odds``), are then few. A log-linear model (manifest, ``repeats``) adds to them how near the clauses are for the
encoder, and whether their actors, targets, places, speakers, times and numbers are the same, others, or not said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tadmor.reading import merging
from tadmor.reading.arguments import Arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.session import Encoded, Floats
from tadmor.reading.odds import weigh
from tadmor.reading.scene import Scene
from tadmor.reading.stances import stance

_COMPARED = ("actors", "targets", "places", "speakers", "times", "numbers")
FEATURES = (
    "bias",
    "words",  # log-odds by the lexicon's weights
    "alike",  # cosine of the clauses' mean states, 0 at _COSINE
    "alike in headline",
    *(f"{what} {how}" for what in _COMPARED for how in ("same", "other", "one-sided")),
    "same sentence",
    "next sentence",
    "far",  # log of sentences between
    "headline",
    "overlap",
    "certainty other",
    "both at one trigger",
)
_COSINE = 0.6
_CLIP = 6.0
Names: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause with what is known of it: its mean state, and the names that fill its slots, in the order of _COMPARED."""

    draft: Draft
    state: Floats
    slots: tuple[Names, ...]
    certainty: str


def telling(
    scene: Scene, encoded: Encoded, draft: Draft, linked: Arguments, speakers: Names, certainty: str
) -> Telling:
    """What of a clause is compared. ``linked`` are its arguments, ``speakers`` the names of those who say it."""
    document = scene.document
    state = encoded.mean(draft.start, draft.end)
    sentence = draft.line.sentence
    times = document.mentions_in(draft.start, draft.end, "time") or document.mentions_in(
        sentence.start, sentence.end, "time"
    )
    numbers = document.mentions_in(draft.start, draft.end, "quantity")
    slots = (
        frozenset(scene.party(m).lower() for m in linked.actors),
        frozenset(scene.party(m).lower() for m in linked.targets),
        frozenset(scene.name(m).lower() for m in linked.places),
        frozenset(s.lower() for s in speakers),
        frozenset(m.text.lower() for m in times),
        frozenset(m.text.lower() for m in numbers),
    )
    return Telling(draft, state / max(float(np.linalg.norm(state)), 1e-6), slots, stance(draft) or certainty)


def same(a: Telling, b: Telling, weights: Mapping[str, float]) -> float:
    """The probability that two clauses of one type state one claim; ``a`` comes first in the text."""
    return 1.0 if merging.identical(a.draft, b.draft) else weigh(weights, FEATURES, known(a, b))


def known(a: Telling, b: Telling) -> tuple[float, ...]:
    """What is known of the two together, in the order of FEATURES."""
    x, y = a.draft, b.draft
    alike = float(a.state @ b.state) - _COSINE
    compared: list[float] = []
    for one, other in zip(a.slots, b.slots, strict=True):
        both = bool(one and other)
        compared += [
            float(both and bool(one & other)),
            float(both and not one & other),
            float(bool(one) != bool(other)),
        ]
    apart = abs(y.line.index - x.line.index)
    headline = x.line.place == "headline" or y.line.place == "headline"
    shared = min(x.end, y.end) - max(x.start, y.start)
    return (
        1.0,
        max(-_CLIP, min(_CLIP, merging.pair_odds(x, y))),
        alike,
        alike if headline else 0.0,
        *compared,
        float(apart == 0),
        float(apart == 1),
        math.log1p(apart),
        float(headline),
        float(shared > 0),
        float(a.certainty != b.certainty),
        float(x.line.index == y.line.index and x.first == y.first),
    )
