"""Whether two clauses of one type state one claim: what the network found in each, compared.

The headline, the lead and the body tell an event again in other words; words in common, which the lexicon's weights compare
(``merging.pair_odds``), are then few. A log-linear model (manifest, ``repeats``) adds to them how near the clauses are for the
encoder, and whether their actors, targets, places, speakers, times and numbers are the same, others, or not said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
_PLACES = 3 * _COMPARED.index("places")  # where the three comparisons of places begin
_OTHER_ACTORS = 3 * _COMPARED.index("actors") + 1
_HELD = frozenset(("territory_held", "siege"))
FEATURES = (
    "bias",
    "words",  # log-odds by the lexicon's weights
    "alike",  # cosine of the clauses' mean states, 0 at _COSINE
    "alike in headline",
    "alike sentences",  # cosine of the mean states of their sentences, 0 at _COSINE
    "alike triggers",
    *(f"{what} {how}" for what in _COMPARED for how in ("same", "other", "one-sided")),
    "same sentence",
    "next sentence",
    "far",  # log of sentences between
    "headline",
    "headline and first",
    "overlap",
    "certainty other",
    "both at one trigger",
    "one stem",  # both triggers have it
    "words inside",  # share of the telling words of the one that has fewer which the other has too
    "names inside",  # the same of capitalised words
    "nothing named",  # one of the two has no capitalised word
    "sentence numbers same",
    "sentence numbers other",
    "pointing back",  # the later trigger stands with "the", "this" or "that", which the earlier one's does not
    "another",  # the later sentence says that it tells of something else: "another", "also", "meanwhile"
    "other of the type",  # log of how many clauses of the type the report has beside the two
    "between",  # log of how many of them stand between the two
    "held places same",  # of what is held or besieged
    "held places other",
    "held places unsaid",
    "held actors other",
    "held sentence",
)
_COSINE = 0.6
_CLIP = 6.0
_BACK = frozenset("the this that these those".split())
_ANOTHER = frozenset(
    "another other others also further separately meanwhile elsewhere additionally similarly moreover later second"
    " again".split()
)
Names: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Telling:
    """A clause with what is known of it.

    Mean states of the clause, of its sentence and of its trigger, of length 1; the names that fill its slots, in the order of
    _COMPARED; ``nth`` among the ``of_type`` clauses of its type in the report; the numerals of its line.
    """

    draft: Draft
    states: tuple[Floats, Floats, Floats]
    slots: tuple[Names, ...]
    certainty: str
    nth: int = 0
    of_type: int = 1
    numerals: Names = frozenset()


def telling(
    scene: Scene,
    encoded: Encoded,
    draft: Draft,
    linked: Arguments,
    speakers: Names,
    certainty: str,
    among: Sequence[Draft],
) -> Telling:
    """What of a clause is compared: ``linked`` are its arguments, ``speakers`` the names of those who say it.

    ``among`` are all clauses of the report that state claims, itself with them.
    """
    document = scene.document
    sentence, words = draft.line.sentence, draft.line.words
    spans = (
        (draft.start, draft.end),
        (sentence.start, sentence.end),
        (words[draft.first].start, words[draft.last].end),
    )
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
    like = [d for d in among if d.type == draft.type]
    nth = sum(d.start < draft.start for d in like)
    a, b, c = (_unit(encoded.mean(*span)) for span in spans)
    numerals = frozenset(w.text for w in words if w.text[0].isdigit())
    return Telling(draft, (a, b, c), slots, stance(draft) or certainty, nth, len(like), numerals)


def same(a: Telling, b: Telling, weights: Mapping[str, float]) -> float:
    """The probability that two clauses of one type state one claim; ``a`` comes first in the text.

    It is 0 where each names another who holds or besieges: of one place there may be two holders, and control is read from both.
    """
    holders, others = a.slots[0], b.slots[0]
    if a.draft.type in _HELD and holders and others and not holders & others:
        return 0.0
    return 1.0 if merging.identical(a.draft, b.draft) else weigh(weights, FEATURES, known(a, b))


def known(a: Telling, b: Telling) -> tuple[float, ...]:
    """What is known of the two together, in the order of FEATURES."""
    x, y = a.draft, b.draft
    alike, sentences, triggers = (float(s @ t) - _COSINE for s, t in zip(a.states, b.states, strict=True))
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
    held = float(x.type in _HELD)
    stems, names = _inside(x.stems, y.stems), _inside(x.names, y.names)
    numbers, others = a.numerals, b.numerals
    return (
        1.0,
        max(-_CLIP, min(_CLIP, merging.pair_odds(x, y))),
        alike,
        alike if headline else 0.0,
        sentences,
        triggers,
        *compared,
        float(apart == 0),
        float(apart == 1),
        math.log1p(apart),
        float(headline),
        float(headline and "first" in (x.line.place, y.line.place)),
        float(shared > 0),
        float(a.certainty != b.certainty),
        float(x.line.index == y.line.index and x.first == y.first),
        float(x.line.words[x.first].stem == y.line.words[y.first].stem),
        stems if stems is not None else 0.0,
        names if names is not None else 0.0,
        float(names is None),
        float(apart > 0 and bool(numbers & others)),
        float(apart > 0 and bool(numbers and others) and not numbers & others),
        float(y.led_by(_BACK) and not x.led_by(_BACK)),
        float(any(w.lower in _ANOTHER for w in y.line.words[: y.first])),
        math.log1p(max(0, a.of_type - 2)),
        math.log1p(max(0, abs(b.nth - a.nth) - 1)),
        *(held * x for x in compared[_PLACES : _PLACES + 3]),
        held * compared[_OTHER_ACTORS],
        held * float(apart == 0),
    )


def _unit(state: Floats) -> Floats:
    return np.asarray(state / max(float(np.sqrt(state.dot(state))), 1e-6), dtype=np.float32)


def _inside(a: Names, b: Names) -> float | None:
    """The share of the smaller set that the other has too; None where one is empty."""
    return len(a & b) / min(len(a), len(b)) if a and b else None
