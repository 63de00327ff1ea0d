"""Accounts of one incident: independence, counts, and what they dispute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tadmor.model import Account, ClaimRef
from tadmor.reconcile import explain, incidents
from tadmor.reconcile.counts import says
from tadmor.reconcile.disputes import disputes
from test_reconcile_make import (
    ARMY,
    ISIS,
    MARKET,
    MONITOR,
    OFFICIAL,
    RUSSIA,
    account,
    dispute,
    killed,
    only,
    voice,
)


def test_reprints_and_speakers_of_one_side_count_once() -> None:
    line = "Seven people died when two rockets struck the vegetable market of the town on Sunday, residents told reporters."
    wire = [account(f"r{n}", "c1", "shelling", text="rockets struck the market", sentence=line) for n in range(3)]
    ours = [
        account(
            "r4", "c1", "shelling", text="rockets struck the market", voices=[OFFICIAL], sentence="An official said."
        ),
        account("r5", "c1", "shelling", text="rockets hit the market", voices=[voice(ARMY)], sentence="The army said."),
    ]
    found = only([*wire, *ours])
    assert (found.sources, found.independent_sources) == (5, 2)
    assert found.sides == ("government",)


def fall() -> list[Account]:
    return [
        account("r1", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], voices=[OFFICIAL, voice(ISIS)],
                text="the group retook the town"),
        account("r1", "c2", "attack_repelled", actors=[RUSSIA], targets=[ISIS], date="2016-12-10/2016-12-11",
                voices=[voice(RUSSIA)], text="the assault on the town was beaten back"),
    ]  # fmt: skip


def test_repelled_against_taken_is_a_dispute_about_the_outcome() -> None:
    found = only(fall())
    assert found.type == "territory_taken"
    (outcome,) = found.disputes
    assert (outcome.about, outcome.kind) == ("outcome", "contradiction")
    assert [(p.says, p.sources) for p in outcome.positions] == [
        ("taken by Islamic State", ("a Syrian government official", "Islamic State")),
        ("attack repelled by Russia", ("Russia",)),
    ]
    assert found.sides == ("government", "islamic-state")
    assert "Disputed: outcome" in explain.incident(found)


def test_an_attack_repelled_the_day_before_the_fall_is_an_update() -> None:
    taken, repelled = fall()
    earlier = replace(repelled, ref=ClaimRef("r2", "c2"), claim=replace(repelled.claim, date="2016-12-10"))
    assert dispute([taken, earlier], "outcome").kind == "update"


def test_a_denial_is_a_dispute() -> None:
    accounts = [
        account("r1", "c1", "chemical_attack", voices=[MONITOR], text="gas was used in the town"),
        account(
            "r2", "c1", "chemical_attack", certainty="denied", actors=[ARMY], voices=[OFFICIAL], text="no gas used"
        ),
    ]
    found = dispute(accounts, "denial")
    assert [p.says for p in found.positions] == ["chemical attack: said", "chemical attack: denied"]
    assert only(accounts).credibility.grade == "contested"


def test_different_doers_of_opposing_sides_are_disputed_allies_are_not() -> None:
    by_army = account("r1", "c1", actors=[ARMY], text=MARKET)
    assert dispute([by_army, account("r2", "c1", actors=[ISIS], text=MARKET)], "actor").kind == "contradiction"
    assert only([by_army, account("r2", "c1", actors=[RUSSIA], text=MARKET)]).disputes == ()


@pytest.mark.parametrize(
    ("first", "second", "days", "kind"),
    [
        (killed(30), killed(44), ("2016-12-11", "2016-12-13"), "update"),
        (killed(44), killed(30), ("2016-12-11", "2016-12-13"), "contradiction"),
        (killed(30), killed(34), ("2016-12-11", "2016-12-11"), "contradiction"),
        (replace(killed(24), max=None), killed(31), ("2016-12-11", "2016-12-11"), "compatible"),
        (killed(40, approx=True), killed(42), ("2016-12-11", "2016-12-11"), "compatible"),
    ],
)
def test_figures_contradict_follow_or_fit_each_other(first, second, days, kind) -> None:  # type: ignore[no-untyped-def]
    accounts = [
        account("r1", "c1", counts=[first], known=days[0], text=MARKET),
        account("r2", "c1", counts=[second], known=days[1], text=MARKET),
    ]
    found = dispute(accounts, "count")
    assert found.kind == kind
    assert {p.says for p in found.positions} == {says(first), says(second)}


def test_whose_dead_are_counted_is_told_apart() -> None:
    found = only(
        [
            account("r1", "c1", "armed_clash", counts=[killed(39, of="rebels")], text="39 rebels died in the battle"),
            account(
                "r2", "c1", "armed_clash", counts=[killed(30, of="soldiers")], text="30 soldiers died in the battle"
            ),
        ]
    )
    assert [(d.about, d.kind) for d in found.disputes] == [("count", "scope")]


def test_the_best_figure_is_that_of_most_independent_sources_and_says_so() -> None:
    accounts = [
        account(f"r{n}", "c1", counts=[killed(value)], known=f"2016-12-1{n}", text=MARKET, sentence=sentence)
        for n, (value, sentence) in enumerate(
            [
                (12, "A doctor counted the dead."),
                (17, "The ministry put the toll higher."),
                (12, "Rescuers gave a toll."),
            ]
        )
    ]
    (figure,) = only(accounts).counts
    assert (figure.what, figure.min, figure.max, figure.best) == ("killed", 12, 17, 12)
    assert "most independent sources" in figure.rule
    (tied,) = only(accounts[:2]).counts
    assert (tied.best, "latest" in tied.rule) == (17, True)
    (open_ended,) = only([account("r", "c", counts=[replace(killed(40), max=None)])]).counts
    assert (open_ended.min, open_ended.max, open_ended.best) == (40, None, 40)


def test_figures_of_one_source_in_one_report_are_parts_and_of_other_scopes_in_one_report_no_dispute() -> None:
    raid = account("r1", "c1", counts=[killed(21)], text=MARKET)
    parts = account("r1", "c2", "casualties", counts=[killed(15)], text="shoppers died at the market")
    other = account("r2", "c1", counts=[killed(21)], text=MARKET)
    assert [d for i in incidents([raid, parts, other]) for d in i.disputes if d.about == "count"] == []


def test_numbers_that_one_source_gives_side_by_side_are_a_whole_and_its_part_wherever_they_are_told() -> None:
    both = account("r1", "c1", counts=[killed(21), killed(15)], text=MARKET)
    whole = account("r2", "c1", counts=[killed(21)], text=MARKET)
    part = account("r3", "c1", counts=[killed(15)], text=MARKET)
    assert [d for i in incidents([both, whole, part]) for d in i.disputes if d.about == "count"] == []
    assert dispute([whole, part], "count").kind == "contradiction"


def test_more_than_a_number_and_at_least_the_number_are_no_dispute() -> None:
    more = account("r1", "c1", counts=[replace(killed(301), max=None)], text=MARKET)
    least = account("r2", "c1", counts=[replace(killed(300), max=None)], text=MARKET)
    assert [d for i in incidents([more, least]) for d in i.disputes if d.about == "count"] == []


def test_a_truce_that_ended_is_not_denied() -> None:
    made = account("r1", "c1", "agreement", text="a truce was made in the town")
    over = account("r2", "c1", "agreement", certainty="denied", text="the truce made in the town is over")
    assert [d for i in incidents([made, over]) for d in i.disputes] == []


def test_one_who_names_either_of_two_doers_fits_one_who_names_the_one() -> None:
    either = account("r1", "c1", actors=[ARMY, RUSSIA], text=MARKET)
    assert dispute([either, account("r2", "c1", actors=[RUSSIA], text=MARKET)], "actor").kind == "compatible"


def test_a_place_taken_back_on_a_later_day_is_an_update_and_on_one_day_a_contradiction() -> None:
    taken = account("r1", "c1", "territory_taken", actors=[ISIS], date="2016-12-11")
    for day, kind in (("2016-12-13", "update"), ("2016-12-11", "contradiction"), ("2016-12", "contradiction")):
        back = account("r1", "c2", "territory_taken", actors=[ARMY], date=day)
        assert [d.kind for d in disputes([taken, back]) if d.about == "control"] == [kind]
