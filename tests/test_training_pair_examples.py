"""Pairs of whole months to learn from, the mentions that the months are judged by, and what an outcome left open teaches."""

from __future__ import annotations

from typing import Any

import pytest
from training import occurrences
from training.derive_pairs import fit
from training.judge_incidents import gold_of, main_of
from training.pair_examples import NOT_SAME, Example, of_months
from training.pair_readings import Twice

from tadmor.model import Account
from tadmor.reconcile.pairing import weigh
from test_reconcile_make import account

MONTH: dict[str, Any] = {
    "month": "2016-12",
    "reports": ["r1", "r2"],
    "occurrences": [[["r1", "c1"], ["r1", "c2"], ["r2", "c1"]]],
}


def told(report: str, *accounts: Account) -> Twice:
    """The report coded with these accounts, and read just so under other ids."""
    coded = {a.ref.claim: a for a in accounts}
    read = {f"m{n}": account(report, f"m{n}", a.claim.type, text=a.claim.text) for n, a in enumerate(accounts, 1)}
    return Twice(report, coded, read, dict(zip(coded, read, strict=True)), "embedded")


FOUND = [
    told(
        "r1",
        account("r1", "c1", "casualties", text="Seven were killed in the market"),
        account("r1", "c2", "air_strike", text="Jets bombed the market"),
        account("r1", "c3", "shelling", text="Mortars fell on the square"),
    ),
    told("r2", account("r2", "c1", "air_strike", text="Planes struck the market")),
]


@pytest.fixture(autouse=True)
def _month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occurrences, "load", lambda: [MONTH])


def test_every_compared_pair_of_two_reports_is_an_example_as_coded_and_as_read() -> None:
    outcomes = {(e.a, e.b): e.outcome for e in of_months(FOUND)}
    assert outcomes == {
        (("r1", "c1"), ("r2", "c1")): 0,
        (("r1", "c2"), ("r2", "c1")): 0,
        (("r1", "c3"), ("r2", "c1")): NOT_SAME,
        (("r1", "m1"), ("r2", "m1")): 0,
        (("r1", "m2"), ("r2", "m1")): 0,
        (("r1", "m3"), ("r2", "m1")): NOT_SAME,
    }


def test_a_claim_that_stands_for_no_coded_one_is_no_example() -> None:
    spare = account("r2", "m9", "air_strike", text="Bombs fell on the market")
    more = [FOUND[0], Twice("r2", FOUND[1].coded, FOUND[1].read | {"m9": spare}, FOUND[1].stands_for, "embedded")]
    assert all(e.b != ("r2", "m9") for e in of_months(more))


def test_all_claims_are_mentions_or_the_main_one_of_each_report() -> None:
    quotes = {i["id"]: [m["quote"] for m in i["reports"]] for i in gold_of(MONTH, FOUND)["incidents"]}
    assert quotes == {
        "2016-12 0": ["Seven were killed in the market", "Jets bombed the market", "Planes struck the market"],
        "r1 c3": ["Mortars fell on the square"],
    }
    quotes = {i["id"]: [m["quote"] for m in i["reports"]] for i in main_of(MONTH, FOUND)["incidents"]}
    assert quotes == {
        "2016-12 0": ["Jets bombed the market", "Planes struck the market"],
        "r1 c3": ["Mortars fell on the square"],
    }


def test_what_is_only_known_not_to_be_the_same_may_still_be_a_part() -> None:
    def seen(outcome: int, sign: str) -> list[Example]:
        return [Example(("a", "c"), ("b", "c"), "coded", "", outcome, 1.0, {"bias": 1.0, sign: 1.0})] * 40

    table = fit([*seen(0, "alike"), *seen(1, "within"), *seen(2, "apart"), *seen(NOT_SAME, "within")])
    same, part = weigh({"bias": 1.0, "within": 1.0}, table)
    assert part > 0.6
    assert same < 0.2
