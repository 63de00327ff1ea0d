"""The months of coded occurrences are well formed and, where the data folder is there, of claims that are coded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from training import occurrences, pairs

GOOD: dict[str, Any] = {
    "month": "2016-01",
    "reports": ["r1", "r2", "r3"],
    "occurrences": [[["r1", "c1"], ["r2", "c4"]], [["r1", "c2"], ["r3", "c1"]]],
}


def test_no_claim_stands_twice_and_every_occurrence_is_told_by_two_reports() -> None:
    assert len(occurrences.load()) >= 5
    assert occurrences.problems() == []


def test_the_months_are_of_coded_claims_outside_the_measured_reports(shared: Path) -> None:
    claims = {(r["report"]["id"], c["id"]) for r in pairs.reports() for c in r["claims"]}
    for month in occurrences.load():
        assert {tuple(end) for told in month["occurrences"] for end in told} <= claims
        assert not set(month["reports"]) & pairs.measured()


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ([[["r1", "c1"], ["r1", "c2"]]], "of one report"),
        ([[["r1", "c1"], ["r2", "c1"]], [["r1", "c1"], ["r3", "c1"]]], "in two occurrences"),
        ([[["r1", "c1"], ["r9", "c1"]]], "no report of the month"),
    ],
)
def test_a_month_out_of_form_is_named(monkeypatch: pytest.MonkeyPatch, told: list[Any], fault: str) -> None:
    monkeypatch.setattr(occurrences, "reports", list)
    assert occurrences.problems([GOOD]) == []
    assert any(fault in line for line in occurrences.problems([GOOD | {"occurrences": told}]))
