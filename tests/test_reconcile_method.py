"""The worked examples of docs/method.md, in its order, and the sentences that go with the grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from tadmor.model import Account, Party, Voice
from tadmor.reconcile import assess, explain
from tadmor.reconcile.credibility import HEDGED, OUTLET, RELIABILITY, RELIABILITY_WORDS, WEIGHT, backing
from tadmor.reconcile.sources import REPRINT, SHORTEST, independent, interest, speakers
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
    (12, [account("r1", "c1", voices=[replace(MONITOR, through=("SANA",))])], [], {"Sana": "D"}, (4, "weak")),
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


METHOD = Path(__file__).resolve().parents[1] / "docs/method.md"


def test_the_weights_and_letters_of_the_page_are_those_of_the_code() -> None:
    page = METHOD.read_text("utf-8").partition("### Worked examples")[0]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    weights = [float(row[1]) for row in rows if len(row) == 2 and row[1] in ("1.5", "1", "0.75", "0.5")]
    assert weights == [WEIGHT["against"], WEIGHT["none"], OUTLET, WEIGHT["own"]]
    assert {r[0]: (r[1], float(r[2])) for r in rows if len(r) == 3 and r[0] in RELIABILITY} == {
        letter: (RELIABILITY_WORDS[letter], times) for letter, times in RELIABILITY.items()
    }
    grades = {row[2] for row in rows if len(row) == 3 and row[1][:1] in tuple("123456")}
    assert grades == {"confirmed", "fair", "weak", "contested", "discounted"}
    assert HEDGED == 0.5


def test_a_letter_is_found_by_identity_before_name_and_named_in_the_reasons() -> None:
    letters = {"actor:sohr": "B", "Syrian Observatory for Human Rights": "E"}
    assert [b.weight for b in backing([STRIKE], letters)] == [1.25]
    assert assess([STRIKE], reliability=letters).reasons[-1] == (
        "Syrian Observatory for Human Rights is rated B, usually reliable (weight times 1.25)."
    )
    through = account("r1", "c1", voices=[replace(MONITOR, through=("SANA", "The Wire"))])
    assert [b.weight for b in backing([through], {"SANA": "E", "The Wire": "D", "actor:sohr": "A"})] == [0.25]
    assert [b.weight for b in backing([through], {"SANA": "A", "actor:sohr": "D"})] == [0.5]
    reasons = " ".join(assess([through], reliability={"SANA": "E"}).reasons)
    assert "SANA, through whom Syrian Observatory for Human Rights is quoted, is rated E, unreliable" in reasons
    assert "rated" not in " ".join(assess([STRIKE], reliability={"actor:sohr": "C", "SANA": "E"}).reasons)


@settings(max_examples=200, deadline=None)
@given(st.text("ab ", max_size=40), st.text("ab ", max_size=12), st.integers(0, 40))
def test_a_text_that_is_much_shorter_is_no_reprint(text: str, more: str, at: int) -> None:
    longer = text[:at] + more + text[at:]
    if fuzz.ratio(text, longer) >= REPRINT:
        assert len(text) >= SHORTEST * len(longer)
