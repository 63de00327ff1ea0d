"""How far coders agree: Krippendorff's alpha for each field of the claims that two or more coded.

Alpha is 1 - Do/De: the disagreement observed among the values that one item was given, over the disagreement expected when all
values are paired at random (Krippendorff, Content Analysis, 2004, chapter 11; Computing Krippendorff's Alpha-Reliability, 2011).
With n values in items of two or more, an item u of m values, and d the distance of two values::

    Do = 1/n       * sum over u of (1/(m - 1)) * sum over ordered pairs in u of d
    De = 1/(n(n-1)) * sum over ordered pairs of all values of d

1 is perfect agreement, 0 what chance gives; it needs neither the same coders for all items nor all of them for any. It is
undefined when nothing varies. By Krippendorff's custom 0.8 lets one rely on a field, and 0.667 draw tentative conclusions.

Distances: type, certainty and whether it is a claim at all are nominal. Actors, targets, places and sources are sets, by MASI
(Passonneau, Measuring Agreement on Set-valued Items, LREC 2006): 1 - J * M, with J the Jaccard index and M 1 for equal sets, 2/3
where one holds the other, 1/3 where they overlap, 0 where they do not; two empty sets are equal. Counts are sets, too, of (what,
least, greatest): bounds may be open and a coder may see another number of counts, so that no distance of numbers is defined
between any two codings. Dates are sets of days, by Jaccard (open ends reach ten years): "2016-12" and "2016-12-11" agree a
little, other years not at all, an unknown date only with another. Clauses are sets of characters, by Jaccard.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

from tadmor import edtf
from tadmor.ledger.coding import FIELDS, Coding, name_key
from tadmor.ledger.folding import fold

V = TypeVar("V", bound=Hashable)
_OPEN = 3650  # days that an open end of a date reaches


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha of one field over ``items`` that two or more of ``coders`` coded; None when nothing varies, or nobody did.

    ``equal`` is the share of pairs of codings of one item that are the same.
    """

    field: str
    alpha: float | None
    items: int
    values: int
    coders: int
    equal: float | None


def alpha(units: Iterable[Sequence[V]], distance: Callable[[V, V], float]) -> float | None:
    """Krippendorff's alpha of the values that each unit was given, by a distance that is 0 for equal values.

    Units of fewer than two values say nothing and are left out. None when there are no others, or all values are at distance 0.
    """
    told = [list(unit) for unit in units if len(unit) > 1]
    n = sum(map(len, told))
    if not n:
        return None
    seen = 2 * sum(sum(distance(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1) for unit in told) / n
    tally = Counter(value for unit in told for value in unit)
    by_chance = 2 * sum(i * j * distance(a, b) for (a, i), (b, j) in combinations(tally.items(), 2)) / (n * (n - 1))
    return None if by_chance == 0 else 1 - seen / by_chance


def nominal(a: Hashable, b: Hashable) -> float:
    """0 for the same, 1 for another."""
    return float(a != b)


def interval(a: float, b: float) -> float:
    """The squared difference, for values of which differences have a meaning."""
    return (a - b) ** 2


def masi(a: frozenset[Any], b: frozenset[Any]) -> float:
    """The MASI distance of two sets."""
    if a == b:
        return 0.0
    both = len(a & b)
    if not both:
        return 1.0
    return 1 - both / len(a | b) * (2 / 3 if a <= b or b <= a else 1 / 3)


def day_distance(a: str | None, b: str | None) -> float:
    """1 less the share of days that two dates (EDTF) have in common; an unknown date is at distance 1 from any other."""
    if a is None or b is None:
        return float(a != b)
    return _apart(_days(a), _days(b))


def agreement(items: Iterable[Mapping[str, Coding | None]]) -> list[Agreement]:
    """Alpha of each field over items, each the codings by coder; None is that the coder rejects the claim.

    "claim" is whether it is one. The other fields are compared among those who hold it to be one.
    """
    twice = [item for item in items if len(item) > 1]
    found = [_field("claim", [{who: c is not None for who, c in item.items()} for item in twice], nominal)]
    kept = [{who: c for who, c in item.items() if c is not None} for item in twice]
    for field in FIELDS:
        value, distance = _MEASURES[field]
        found.append(
            _field(field, [{who: value(c, n) for who, c in item.items()} for n, item in enumerate(kept)], distance)
        )
    return found


def _field(name: str, items: Sequence[Mapping[str, Any]], distance: Callable[[Any, Any], float]) -> Agreement:
    units = [item for item in items if len(item) > 1]
    pairs = [float(distance(a, b) == 0) for item in units for a, b in combinations(item.values(), 2)]
    return Agreement(
        field=name,
        alpha=alpha([list(item.values()) for item in units], distance),
        items=len(units),
        values=sum(map(len, units)),
        coders=len({who for item in units for who in item}),
        equal=sum(pairs) / len(pairs) if pairs else None,
    )


def _apart(a: tuple[int, int], b: tuple[int, int]) -> float:
    """1 less the Jaccard index of two ranges, ends included."""
    both = min(a[1], b[1]) - max(a[0], b[0]) + 1
    return 1.0 if both <= 0 else 1 - both / (max(a[1], b[1]) - min(a[0], b[0]) + 1)


@lru_cache(maxsize=4096)
def _days(date: str) -> tuple[int, int]:
    first, last = edtf.bounds(date)
    if first is None and last is None:
        return 1, dt.date.max.toordinal()
    low = first.toordinal() if first else None
    high = last.toordinal() if last else None
    if low is None:
        assert high is not None
        return high - _OPEN, high
    return low, low + _OPEN if high is None else high


def _clause_distance(a: tuple[int, int, int], b: tuple[int, int, int]) -> float:
    return _apart((a[1], a[2] - 1), (b[1], b[2] - 1)) if a[0] == b[0] else 1.0


def _names(field: str) -> Callable[[Coding, int], Hashable]:
    return lambda coding, _: frozenset(map(name_key, coding[field]))


_MEASURES: Mapping[str, tuple[Callable[[Coding, int], Any], Callable[[Any, Any], float]]] = {
    "type": (lambda c, _: c["type"], nominal),
    "certainty": (lambda c, _: c["certainty"], nominal),
    "clause": (lambda c, item: (item, c["start"], c["end"]), _clause_distance),
    "sources": (lambda c, _: frozenset(tuple(map(fold, chain)) for chain in c["sources"]), masi),
    "actors": (_names("actors"), masi),
    "targets": (_names("targets"), masi),
    "places": (_names("places"), masi),
    "date": (lambda c, _: c["date"], day_distance),
    "counts": (lambda c, _: frozenset(json.dumps([n["what"], n["min"], n["max"]]) for n in c["counts"]), masi),
}
