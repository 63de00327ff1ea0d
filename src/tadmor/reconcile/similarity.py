"""How far two accounts tell of one occurrence, 0 to 1."""

from __future__ import annotations

import math

from rapidfuzz import fuzz

from tadmor.reconcile.days import gap
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.pairing import FAR_KM, SAME_KM, family, place_relation, placed, probabilities
from tadmor.reconcile.traits import PRECISE_DAYS, Traits
from tadmor.reconcile.wording import worth

__all__ = ["FAR_KM", "PRECISE_DAYS", "SAME_KM", "likeness", "wording_likeness"]

ONE_SPEAKER = 0.7  # taken off the log odds of two claims of one report by one speaker, each coded once as a proposition
ONE_TYPE = 1.5  # taken off besides when they are of one type
STRANGE = 8.0  # summed rarity of the words that claims of types that are no kin must share
SURE = 0.9  # least probability for places that are far from one another: one of them may be wrongly found, seldom more
LIKELY = 0.5  # least probability where a place or a day is wanting, or days differ: a little likeness of the rest tells nothing
TOWNS = 0.6  # the same for violence at towns kilometres apart, or where one tells no town, if neither names the other's
TIE = 3.0  # least summed rarity of words in common where a place is wanting
_NO_PLACE = frozenset({"none", "half", "country"})
_UNLINKED = frozenset({"10km", "30km", "60km", "half"})
_ALMOST = 0.05  # a probability below this tells nothing


def likeness(a: Traits, b: Traits) -> float:
    """The learned probability that the two tell of one occurrence; 0 for a state and an event, and for strange types.

    Types that are no kin can be one occurrence all the same, since readers err, but only where much of the wording is shared.

    The weights were learned from claims of two reports. Two of one report by one speaker are less likely one, since a report
    is coded with each proposition once; what two sources say of one event are two claims all the same.
    """
    if a.state != b.state:
        return 0.0
    if not type_likeness(a.type, b.type) and worth(a.stems & b.stems) < STRANGE:
        return 0.0
    same, _ = probabilities(a, b)
    if same < _ALMOST or (same < SURE and _wanting(a, b, same)) or _loose(a, b):
        return 0.0
    if a.account.ref.report == b.account.ref.report and a.voices & b.voices:
        odds = ONE_SPEAKER + (ONE_TYPE if a.type == b.type else 0.0)
        same = same / (same + (1.0 - same) * math.exp(odds))
    return same if same >= _ALMOST else 0.0


def _wanting(a: Traits, b: Traits, same: float) -> bool:
    """Whether place and day say too little, or too much against it, for so low a probability."""
    place = place_relation(a.places, b.places)
    if place in _UNLINKED and family(a.type) == family(b.type) == "violence" and not (placed(a, b) or placed(b, a)):
        return same < TOWNS
    if place == "far" or same >= LIKELY:
        return place == "far"
    if place in _NO_PLACE or a.days is None or b.days is None:
        return True
    battle = family(a.type) == family(b.type) == "ground"  # what is fought over one day falls or stands the next
    return gap(a.days, b.days) > (1 if battle else 0)


def _loose(a: Traits, b: Traits) -> bool:
    """Whether a place is wanting and neither words nor a place that the other names tie the two together."""
    if place_relation(a.places, b.places) not in _NO_PLACE or placed(a, b) or placed(b, a):
        return False
    return worth((a.stems | a.around) & (b.stems | b.around)) < TIE


def wording_likeness(a: str, b: str) -> float:
    """Share of words in common, 0 to 1, whatever their order (rapidfuzz token_set_ratio, damped for short texts)."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    short = min(len(a), len(b))
    return (
        fuzz.token_sort_ratio(a, b) / 100
        if short < 25
        else max(fuzz.token_sort_ratio(a, b) / 100, 0.85 * fuzz.token_set_ratio(a, b) / 100)
    )
