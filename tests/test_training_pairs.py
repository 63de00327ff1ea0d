"""The coded pairs of claims are well formed and, where the data folder is there, of claims that are coded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training import pairs

GOOD = {"a": ["r1", "c1"], "b": ["r2", "c4"], "relation": "same", "why": "one strike"}


def test_the_vocabularies_hold_and_no_pair_is_coded_twice() -> None:
    assert len(pairs.load()) >= 400
    assert pairs.problems() == []


def test_every_pair_is_of_coded_claims_outside_the_measured_reports(shared: Path) -> None:
    claims = {(r["report"]["id"], c["id"]) for r in pairs.reports() for c in r["claims"]}
    ends = {tuple(p[k]) for p in pairs.load() for k in ("a", "b")}
    assert ends <= claims
    assert len(pairs.measured()) > 50
    assert not {report for report, _ in ends} & pairs.measured()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"relation": "alike"}, "relation alike"),
        ({"relation": "part-of"}, "names its whole"),
        ({"whole": "a"}, "names its whole"),
        ({"dispute": {"about": "weather", "kind": "update"}}, "dispute"),
        ({"relation": "different", "dispute": {"about": "count", "kind": "update"}}, "claims that are different"),
        ({"b": ["r1", "c2"]}, "of two reports"),
        ({"why": "word " * 20}, "longer than a phrase"),
        ({"note": "x"}, "unknown key note"),
    ],
)
def test_a_pair_out_of_form_is_named(monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], fault: str) -> None:
    monkeypatch.setattr(pairs, "reports", list)
    assert pairs.problems([GOOD]) == []
    (found,) = pairs.problems([GOOD | change])
    assert fault in found


def test_the_same_two_claims_and_claims_that_are_not_coded_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "reports", lambda: [{"report": {"id": "r1"}, "claims": [{"id": "c1"}]}])
    monkeypatch.setattr(pairs, "measured", lambda: frozenset({"r1"}))
    found = pairs.problems([GOOD, GOOD | {"a": GOOD["b"], "b": GOOD["a"]}])
    assert sum("coded twice" in f for f in found) == 1
    assert sum("no coded claim c4 of r2" in f for f in found) == 2
    assert sum("measured on" in f for f in found) == 2


def test_nothing_is_learned_from_reports_of_the_measured_months(shared: Path) -> None:
    from training.pair_readings import to_learn_from, wanted

    assert pairs.measured_months() >= {"2016-07", "2016-08"}
    months = {str(row["report"]["published"])[:7] for row in to_learn_from(wanted())}
    assert len(months) > 20
    assert not months & pairs.measured_months()
