"""Krippendorff's alpha against the examples that he and others published, and what it is by its definition."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadmor.ledger.agreement import agreement, alpha, day_distance, interval, masi, nominal

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: four observers, twelve units, values missing.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def units(observers: Any) -> list[list[Any]]:
    return [[v for v in unit if v is not None] for unit in zip(*observers, strict=True)]


def test_the_published_example_with_missing_values() -> None:
    assert alpha(units(OBSERVERS), nominal) == pytest.approx(0.743, abs=5e-4)
    assert alpha(units(OBSERVERS), interval) == pytest.approx(0.849, abs=5e-4)


def test_the_published_examples_of_two_observers() -> None:
    """The same paper, sections A and B: binary and nominal data, nothing missing."""
    meg, owen = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    assert alpha(units((meg, owen)), nominal) == pytest.approx(0.095, abs=5e-4)
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert alpha(units((ben, gerry)), nominal) == pytest.approx(0.692, abs=5e-4)


def test_what_alpha_is_at_its_ends() -> None:
    assert alpha([[1, 1], [2, 2], [3, 3]], nominal) == 1.0
    assert alpha([], nominal) is None
    assert alpha([[1], [2]], nominal) is None, "one value of an item says nothing"
    assert alpha([[1, 1], [1, 1]], nominal) is None, "nothing varies"
    worse = alpha([[1, 2], [2, 1]], nominal)
    assert worse is not None
    assert worse < 0


values = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=4), min_size=1, max_size=6)


@given(values)
def test_alpha_is_what_the_coincidences_give(told: list[list[int]]) -> None:
    """The other way of working it out: 1 - (n - 1) * sum of o_ck / sum of n_c * n_k, over unequal c and k."""
    pairs: dict[tuple[int, int], float] = {}
    for unit in told:
        for a, b in itertools.permutations(range(len(unit)), 2):
            key = unit[a], unit[b]
            pairs[key] = pairs.get(key, 0.0) + 1 / (len(unit) - 1)
    every = [v for unit in told for v in unit]
    unlike = sum(n for (a, b), n in pairs.items() if a != b)
    chance = sum(every.count(a) * every.count(b) for a, b in itertools.permutations(sorted(set(every)), 2))
    found = alpha(told, nominal)
    if chance == 0:
        assert found is None
    else:
        assert found == pytest.approx(1 - (len(every) - 1) * unlike / chance)


def test_masi_is_as_published() -> None:
    """Passonneau, LREC 2006: monotonicity 1, 2/3, 1/3 and 0 times Jaccard."""
    a, ab, bc = frozenset("a"), frozenset("ab"), frozenset("bc")
    assert masi(ab, ab) == masi(frozenset(), frozenset()) == 0.0
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(a, bc) == masi(a, frozenset()) == 1.0


def test_dates_agree_by_the_days_that_they_share() -> None:
    assert day_distance("2016-12-11", "2016-12-11") == day_distance(None, None) == 0.0
    assert day_distance("2016-12-11", None) == day_distance("2016", "2017") == 1.0
    assert day_distance("2016-12", "2016-12-11") == pytest.approx(1 - 1 / 31)
    assert day_distance("../..", "../..") == 0.0
    assert 0 < day_distance("2016-12-11/..", "2016-12-12/..") < 0.01


def coding(**fields: Any) -> dict[str, Any]:
    bare = {"type": "air_strike", "certainty": "asserted", "start": 0, "end": 10, "text": "ten chars.", "date": None}
    return bare | {f: [] for f in ("sources", "actors", "targets", "places", "counts")} | fields


def test_each_field_by_its_own_measure() -> None:
    by_id, by_name = {"name": "the town", "entity": "geonames:1"}, {"name": "Palmyra", "entity": "geonames:1"}
    first = {"Ana": coding(places=[by_id]), "Ben": coding(places=[by_name], type="shelling")}
    second = {"Ana": coding(places=[{"name": "Arak", "entity": None}]), "Ben": coding(places=[]), "Cai": None}
    alone = {"Ana": coding(type="talks")}
    found = {a.field: a for a in agreement([first, second, alone])}
    assert found["claim"].items == 2
    assert found["claim"].equal == pytest.approx(2 / 4), "of the pairs, two are with who rejects it"
    assert found["type"].values == 4, "who rejects a claim says nothing of its type"
    assert found["type"].equal == 1 / 2
    assert found["places"].equal == 1 / 2, "two names of one identity are the same place"
    assert found["date"].alpha is None
    assert found["places"].coders == 2
