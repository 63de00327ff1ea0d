"""Ranges of counts by side: the worked example of docs/method.md, and that no side's figure is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadmor.model import Account, Count, CountRange, SideRange, Voice
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile.counts import count_ranges
from tadmor.reconcile.incidents import incidents
from test_reconcile_make import MONITOR, OFFICIAL, account, killed

ACTIVISTS = Voice("Marjeh Media Centre", None, "activist", "opposition")
CIVIL_DEFENCE = Voice("a rescue worker", None, "witness", "opposition", anonymous=True)


OWN_WORDS = "Rescuers searched until dusk."  # no reprint of what the others say


def told(report: str, *counts: Count, voices: tuple[Voice, ...] = (), **more: str) -> Account:
    line = {"text": "jets hit the market", "sentence": "Jets hit the market, and people died." if voices else OWN_WORDS}
    return account(report, "c1", "air_strike", voices=voices, counts=counts, **line | more)  # type: ignore[arg-type]


EXAMPLE = [
    told("r1", killed(12), voices=(OFFICIAL,)),
    told("r2", Count("killed", 21, None), voices=(ACTIVISTS,)),
    told("r3", killed(23), voices=(ACTIVISTS,), published="2016-12-13"),
    told("r4", killed(17), voices=(MONITOR,)),
    told("r5", killed(17)),
]


def ranges(accounts: list[Account]) -> dict[str | None, tuple[float | None, float | None, tuple[str, ...]]]:
    (found,) = count_ranges(accounts)
    return {s.side: (s.min, s.max, s.sources) for s in found.by_side}


def test_the_worked_example() -> None:
    (found,) = count_ranges(EXAMPLE)
    assert (found.min, found.max, found.best) == (12, 23, 17)
    assert found.rule == "the figure of most independent sources (2 of them)"
    assert ranges(EXAMPLE) == {
        "government": (12, 12, ("a Syrian government official",)),
        "opposition": (21, 23, ("Marjeh Media Centre",)),
        None: (17, 17, ("Syrian Observatory for Human Rights", "Outlet r5")),
    }
    assert [s.side for s in found.by_side] == ["government", "opposition", None], "who speaks for no side is last"


def test_the_record_keeps_its_keys_and_adds_the_sides() -> None:
    (incident,) = incidents(EXAMPLE)
    (row,) = incident_to_record(incident)["counts"]
    assert list(row)[:5] == ["what", "min", "max", "best", "rule"]
    assert row["by_side"][0] == {
        "side": "government",
        "min": 12,
        "max": 12,
        "sources": ["a Syrian government official"],
        "claims": [{"report": "r1", "claim": "c1"}],
    }


def test_a_figure_that_two_sides_give_counts_for_both_and_a_witness_for_none() -> None:
    both = told("r1", killed(30), voices=(OFFICIAL, ACTIVISTS))
    seen = told("r2", Count("killed", None, 50), voices=(CIVIL_DEFENCE,))
    assert ranges([both, seen]) == {
        "government": (30, 30, ("a Syrian government official",)),
        "opposition": (30, 30, ("Marjeh Media Centre",)),
        None: (None, 50, ("a rescue worker",)),
    }


def test_what_is_denied_or_only_expected_gives_no_figure() -> None:
    assert count_ranges([told("r1", killed(5), voices=(OFFICIAL,), certainty="denied")]) == ()


numbers = st.integers(0, 60)
figure = st.one_of(
    numbers.map(lambda n: killed(n)),
    numbers.map(lambda n: Count("killed", n, None)),
    numbers.map(lambda n: Count("killed", None, n)),
    st.tuples(numbers, numbers).map(lambda p: Count("killed", min(p), max(p))),
)
speaker = st.sampled_from([(OFFICIAL,), (ACTIVISTS,), (MONITOR,), (), (OFFICIAL, MONITOR)])


@given(st.lists(st.tuples(figure, speaker), min_size=1, max_size=6))
def test_the_sides_together_have_the_range_of_all(rows: list[tuple[Count, tuple[Voice, ...]]]) -> None:
    accounts = [told(f"r{n}", count, voices=voices) for n, (count, voices) in enumerate(rows)]
    (found,) = count_ranges(accounts)
    assert found == CountRange(found.what, found.min, found.max, found.best, found.rule, found.by_side)
    assert {r for s in found.by_side for r in s.claims} == {a.ref for a in accounts}
    lows = [s.min for s in found.by_side if s.min is not None]
    assert found.min == min(lows, default=None)
    highs = [s.max for s in found.by_side if s.max is not None]
    if found.max is not None:
        assert found.max == max(highs)
    assert all(isinstance(s, SideRange) and s.sources for s in found.by_side)
    assert all(s.min is None or s.max is None or s.min <= s.max for s in found.by_side)
