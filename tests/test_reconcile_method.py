"""The worked examples of docs/method.md, in its order, and the sentences that go with the grades."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tadmor.model import Account, Party, Voice
from tadmor.reconcile import assess, explain
from tadmor.reconcile.sources import independent, interest, speakers
from test_reconcile_make import ARMY, ISIS, MONITOR, OFFICIAL, RUSSIA, account, voice

STRIKE = account("r1", "c1", voices=[MONITOR])
GROUP = account("r1", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], voices=[voice(ISIS)])
LOSER = account("r1", "c2", "territory_taken", actors=[ISIS], targets=[ARMY], voices=[OFFICIAL])
ALLY = account("r1", "c3", "attack_repelled", actors=[RUSSIA], targets=[ISIS], voices=[voice(RUSSIA)])
GAS = account("r1", "c1", "chemical_attack", actors=[ARMY], voices=[MONITOR])
NO_GAS = account("r2", "c1", "chemical_attack", certainty="denied", actors=[ARMY], voices=[OFFICIAL])
STOOD = account("r2", "c1", "attack_repelled", actors=[ARMY], targets=[ISIS], voices=[MONITOR])
PLAN = account("r1", "c1", "territory_taken", certainty="expected", actors=[ARMY], voices=[OFFICIAL])
TAKEN = account("r1", "c1", "territory_taken", actors=[ISIS], voices=[MONITOR], sentence="It fell, the monitor said.")
TOLD_TOO = account("r2", "c2", "territory_taken", actors=[ISIS], sentence="Then the defences gave way.")
TOLD_BEFORE = account("r2", "c1", "attack_repelled", actors=[ARMY], sentence="At first the line held.")
LINE = "Five shells fell on the northern quarter before noon and two houses burned down, a resident said."

EXAMPLES: list[tuple[int, list[Account], list[Account], Mapping[str, str], tuple[int, str]]] = [
    (1, [STRIKE], [], {}, (3, "weak")),
    (2, [account("r1", "c1", sentence=LINE), account("r2", "c1", sentence=LINE + " ")], [], {}, (4, "weak")),
    (3, [account("r1", "c1", sentence=LINE), account("r2", "c1", sentence="Houses were hit.")], [], {}, (2, "fair")),
    (4, [GROUP], [], {}, (4, "weak")),
    (5, [GROUP, LOSER], [], {}, (1, "confirmed")),
    (6, [GROUP, LOSER], [ALLY], {}, (1, "confirmed")),
    (7, [GAS], [NO_GAS], {}, (4, "contested")),
    (8, [GROUP], [STOOD], {}, (5, "discounted")),
    (9, [PLAN], [], {}, (6, "weak")),
    (10, [STRIKE], [], {"the Syrian observatory for human rights": "E"}, (4, "weak")),
    (11, [TAKEN, TOLD_TOO], [TOLD_BEFORE], {}, (2, "fair")),
]


@pytest.mark.parametrize(
    ("number", "support", "against", "letters", "expected"), EXAMPLES, ids=[str(e[0]) for e in EXAMPLES]
)
def test_worked_example(
    number: int,
    support: list[Account],
    against: list[Account],
    letters: Mapping[str, str],
    expected: tuple[int, str],
) -> None:
    found = assess(support, against, reliability=letters)
    assert (found.admiralty, found.grade) == expected, number
    assert found.reasons
    assert all(not r[0].islower() and r.endswith(".") for r in found.reasons)


def test_reasons_name_admission_own_cause_and_contradiction() -> None:
    reasons = " ".join(assess([GROUP, LOSER], [ALLY]).reasons)
    assert "Opposing sides agree on it: government and islamic-state." in reasons
    assert "A Syrian government official says it against the interest of its own side." in reasons
    assert "Islamic State tells of its own cause." in reasons
    assert "Russia says otherwise (weight 0.5 against 2)." in reasons
    assert explain.credibility(assess([GROUP, LOSER])).startswith("Confirmed by independent sources (1, confirmed).")


def test_a_hedged_claim_weighs_half() -> None:
    hedged = account("r1", "c1", certainty="hedged", voices=[MONITOR])
    assert assess([hedged]).admiralty == 4
    assert "It is said only with reserve." in assess([hedged]).reasons


CIVILIANS = Party("civilians", None, "civilian", None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (account("r", "c", "territory_lost", actors=[ARMY], voices=[OFFICIAL]), "against"),
        (account("r", "c", "territory_lost", actors=[ARMY], targets=[ISIS], voices=[voice(ISIS)]), "own"),
        (account("r", "c", "attack_on_civilians", actors=[ARMY], targets=[CIVILIANS], voices=[OFFICIAL]), "against"),
        (account("r", "c", "attack_on_civilians", actors=[ARMY], targets=[CIVILIANS], voices=[voice(ISIS)]), "own"),
        (account("r", "c", "air_strike", actors=[RUSSIA], targets=[ISIS], voices=[voice(RUSSIA)]), "own"),
        (account("r", "c", "air_strike", actors=[RUSSIA], targets=[CIVILIANS], voices=[voice(RUSSIA)]), "against"),
        (account("r", "c", "air_strike", actors=[RUSSIA], targets=[CIVILIANS], voices=[MONITOR]), "none"),
        (account("r", "c", "air_strike", actors=[RUSSIA]), "none"),
    ],
)
def test_in_whose_interest_it_is_said(told: Account, expected: str) -> None:
    assert interest(speakers(told)[0]) == expected


def test_the_side_that_had_the_place_admits_its_fall_though_the_claim_names_no_loser() -> None:
    told = account("r", "c", "territory_taken", actors=[ISIS], voices=[OFFICIAL])
    assert interest(speakers(told)[0]) == "none"
    assert interest(speakers(told)[0], loser_side="government") == "against"


def test_monitors_do_not_speak_for_the_side_that_the_registry_gives_them() -> None:
    monitors = [Voice(n, None, "monitor", "opposition") for n in ("Monitor One", "Monitor Two")]
    activists = [Voice(n, None, "activist", "opposition") for n in ("Activist One", "Activist Two")]
    told = [account(f"r{n}", "c1", voices=[v]) for n, v in enumerate([*monitors, *activists])]
    assert len(independent(s for a in told for s in speakers(a))) == 3
