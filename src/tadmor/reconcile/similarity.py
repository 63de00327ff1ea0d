"""How far two accounts tell of one occurrence, 0 to 1, from type, place, date, parties, counts and wording."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from tadmor.model import Account, Count, Place
from tadmor.reconcile.days import FAR, Span, gap, open_ended, span
from tadmor.reconcile.lexicon import generic_words, type_likeness
from tadmor.reconcile.names import distance_km, fold, fold_place, is_country, party_key, place_key
from tadmor.reconcile.sources import belligerent, speakers

PRECISE_DAYS = 7  # a date of more days says about when, not when
STRONG_WORDING = 0.8  # what takes the place of a missing place or day
SAME_KM, NEAR_KM, FAR_KM = 3.0, 10.0, 60.0
_W_TYPE, _W_PLACE, _W_DATE, _W_WORDING, _W_PARTIES, _W_COUNTS = 0.25, 0.25, 0.25, 0.15, 0.10, 0.05


@dataclass(frozen=True, slots=True)
class Traits:
    """What comparing needs of an account, worked out once."""

    account: Account
    type: str
    days: Span | None
    precise: bool
    places: tuple[Place, ...]
    place_keys: frozenset[str]
    parties: frozenset[str]
    sides: frozenset[str]
    actors: frozenset[str]
    words: str
    voices: frozenset[str]
    state: bool  # a territory_held that lasts on: a state, not an occurrence


def traits(account: Account) -> Traits:
    """The traits of one account."""
    days = _until_told(span(account.claim.date), account)
    parties = (*account.actors, *account.targets)
    return Traits(
        account=account,
        type=account.claim.type,
        days=days,
        precise=days is not None and days[1] - days[0] < PRECISE_DAYS,
        places=account.places,
        place_keys=frozenset(place_key(p) for p in account.places if not is_country(p)),
        parties=frozenset(party_key(p) for p in parties),
        sides=frozenset(s for p in parties if (s := belligerent(p.side))),
        actors=frozenset(party_key(p) for p in account.actors),
        words=fold(account.claim.text),
        voices=frozenset(s.key for s in speakers(account)),
        state=account.claim.type == "territory_held"
        and (days is None or days[1] - days[0] >= PRECISE_DAYS or open_ended(account.claim.date)),
    )


def _until_told(days: Span | None, account: Account) -> Span | None:
    """An occurrence that lasts on is told of until the day of its report."""
    told = span(account.published)
    if days is None or days[1] != FAR or told is None:
        return days
    return days[0], max(days[0], told[1])


def likeness(a: Traits, b: Traits) -> float:
    """The score of a pair; 0 when type, place or date speak against one occurrence."""
    kin = type_likeness(a.type, b.type)
    if kin == 0.0 or a.state != b.state:
        return 0.0
    place = place_likeness(a.places, b.places)
    if place == 0.0:
        return 0.0
    date = date_likeness(a, b)
    wording = wording_likeness(a.words, b.words)
    vague = place is None or date is None
    if vague and (wording < STRONG_WORDING or kin < 1.0):
        return 0.0
    if date == 0.0 and (wording < STRONG_WORDING or a.days is None or b.days is None or gap(a.days, b.days) > 31):
        return 0.0
    score = (
        _W_TYPE * kin
        + _W_PLACE * (0.5 if place is None else place)
        + _W_DATE * (0.4 if date is None else date)
        + _W_WORDING * wording
        + _W_PARTIES * _party_likeness(a, b)
        + _W_COUNTS * _count_likeness(a.account.claim.counts, b.account.claim.counts)
    )
    if a.account.ref.report == b.account.ref.report and a.type == b.type and a.voices & b.voices:
        score -= 0.2  # a report codes one proposition once: two claims of the same speaker are two occurrences
    return max(0.0, min(1.0, score))


def place_likeness(a: tuple[Place, ...], b: tuple[Place, ...]) -> float | None:
    """1 for one place, less for a near one or a part of it, 0 for different ones, None when a side names none.

    A country in common is as good as no place: it does not tell two occurrences apart.
    """
    fine_a, fine_b = [p for p in a if not is_country(p)], [p for p in b if not is_country(p)]
    if not fine_a or not fine_b:
        return None
    return max(_one_place(p, q) for p in fine_a for q in fine_b)


def _one_place(a: Place, b: Place) -> float:
    if a.entity and a.entity == b.entity:
        return 1.0
    km = distance_km(a, b)
    x, y = fold_place(a.name), fold_place(b.name)
    if x == y and (km is None or km <= FAR_KM):
        return 1.0
    if km is not None and km <= SAME_KM:
        return 0.9
    if km is not None and km <= NEAR_KM:
        return 0.5
    if km is None or km <= FAR_KM:
        s, t = name_words(a.name), name_words(b.name)
        if s and t and (s <= t or t <= s):
            return 0.6
    return 0.0


@lru_cache(maxsize=65536)
def name_words(name: str) -> frozenset[str]:
    """The words of a place name that tell it from others."""
    return frozenset(w for w in fold_place(name).split() if w not in generic_words() and len(w) > 2 and w != "of")


def date_likeness(a: Traits, b: Traits) -> float | None:
    """1 for the same precise days, less for wide or neighbouring ones, 0 for days apart, None when one is unknown."""
    if a.days is None or b.days is None:
        return None
    if a.days == b.days and a.precise:
        return 1.0
    apart = gap(a.days, b.days)
    if apart == 0:
        if a.precise and b.precise:
            return 0.9
        wide = max(a.days[1] - a.days[0], b.days[1] - b.days[0])
        return 0.75 if wide <= 31 and (a.precise or b.precise) else 0.5 if wide <= 31 else 0.3 if wide <= 366 else 0.2
    return 0.6 if apart == 1 and a.precise and b.precise else 0.0


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


def _party_likeness(a: Traits, b: Traits) -> float:
    if not a.parties or not b.parties:
        return 0.5
    if a.parties & b.parties:
        return 1.0
    if a.sides & b.sides:
        return 0.7
    return -0.5 if a.sides and b.sides else 0.3


def _count_likeness(a: tuple[Count, ...], b: tuple[Count, ...]) -> float:
    """1 for an equal figure, a half for overlapping ranges, below 0 for figures apart; 0 when nothing compares."""
    best: float | None = None
    for m in a:
        for n in b:
            if m.what != n.what:
                continue
            if (m.min, m.max) == (n.min, n.max):
                value = 1.0
            elif counts_overlap(m, n):
                value = 0.5
            else:
                value = -0.5
            best = value if best is None else max(best, value)
    return best or 0.0


def counts_overlap(a: Count, b: Count) -> bool:
    """Whether one number could satisfy both; an approximate figure reaches a tenth further."""
    (a0, a1), (b0, b1) = count_bounds(a), count_bounds(b)
    return a0 <= b1 and b0 <= a1


def count_bounds(n: Count) -> tuple[float, float]:
    """Lowest and highest number that the count allows."""
    low = 0.0 if n.min is None else n.min
    high = float("inf") if n.max is None else n.max
    return (low * 0.9, high * 1.1) if n.approx else (low, high)
