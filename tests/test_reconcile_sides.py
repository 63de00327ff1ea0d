"""What sides say of each other: blame, denials in other words, tolls of friend and foe, truces that ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tadmor.model import Account, Certainty, Party, Place, Voice
from tadmor.reconcile import incidents
from tadmor.reconcile.credibility import assess
from tadmor.reconcile.disputes import contrary, disputes
from test_reconcile_make import ARMY, ISIS, MONITOR, OFFICIAL, account, killed, only, voice

STATE = Party("Israel", "country:IL", None, None)
JIHAD = Party("Palestinian Islamic Jihad", "actor:islamic-jihad", "armed group", "palestinian")
MINISTRY = Voice("the health ministry", "actor:ministry", "official", "palestinian")
SPOKESMAN = Voice("an army spokesman", "actor:spokesman", "official", "israel")
GAZA = (Place("Gaza City", "geonames:3", 31.5, 34.47, "PS"),)
STRUCK = "an air strike on the hospital killed patients on Tuesday"
MISFIRED = "a rocket that fell short hit the hospital on Tuesday"


def blast() -> list[Account]:
    """One blast as two sides tell it, each with its own means and doer."""
    return [
        account("r1", "c1", "air_strike", places=GAZA, actors=[STATE], voices=[MINISTRY], text=STRUCK),
        account("r2", "c1", "shelling", places=GAZA, actors=[JIHAD], voices=[SPOKESMAN], text=MISFIRED),
    ]


def test_sides_that_lay_one_deed_to_each_other_dispute_the_doer_though_they_name_other_means() -> None:
    (actor,) = disputes(blast())
    assert (actor.about, actor.kind) == ("actor", "contradiction")
    assert [p.says for p in actor.positions] == ["by Israel", "by Palestinian Islamic Jihad"]


def test_two_deeds_of_different_means_without_a_target_in_common_are_no_dispute() -> None:
    struck, misfired = blast()
    elsewhere = replace(misfired, claim=replace(misfired.claim, text="rockets fell on a bakery"))
    assert disputes([struck, elsewhere]) == ()


def test_who_names_its_own_side_as_the_doer_blames_nobody_else() -> None:
    struck, misfired = blast()
    assert disputes([struck, replace(misfired, voices=(MINISTRY,))]) == ()


def test_sides_that_blame_each_other_are_no_agreement_across_the_front() -> None:
    third = account("r3", "c1", "air_strike", places=GAZA, voices=[MONITOR], text="a blast at the hospital")
    graded = assess([*blast(), third])
    assert not any("Opposing sides agree" in r for r in graded.reasons)
    assert any("lay it to each other" in r for r in graded.reasons)
    assert assess(blast()).admiralty == 2


@pytest.mark.parametrize(("denied", "disputed"), [("armed_clash", True), ("chemical_attack", False)])
def test_to_deny_the_attack_in_other_words_is_to_deny_it_and_to_deny_one_means_is_not(
    denied: str, disputed: bool
) -> None:
    accounts = [
        account("r1", "c1", "air_strike", actors=[ARMY], voices=[MONITOR], text="jets bombed the camp"),
        account("r2", "c1", denied, certainty="denied", actors=[ARMY], voices=[OFFICIAL], text="it did so"),
    ]
    assert [d.about for d in disputes(accounts)] == (["denial"] if disputed else [])
    assert [a.ref.report for a in contrary(accounts, "air_strike")] == (["r2"] if disputed else [])


def test_a_denial_by_the_accused_is_its_own_cause_whatever_the_deed() -> None:
    told = account("r1", "c1", "shelling", actors=[ARMY], voices=[voice(ISIS)], text="shells hit the camp")
    denied = account("r2", "c1", "shelling", certainty="denied", actors=[ARMY], voices=[voice(ARMY)], text="it shelled")
    assert "weight 0.5" in " ".join(assess([told], [denied]).reasons)


@pytest.mark.parametrize(
    ("sentence", "denial"),
    [
        ("The truce between the army and the group broke down on Sunday.", False),
        ("The army denied that it had agreed to a truce with the group.", True),
    ],
)
def test_a_truce_that_broke_down_is_not_gainsaid_and_one_that_was_never_made_is(sentence: str, denial: bool) -> None:
    def truce(report: str, certainty: Certainty, words: str) -> Account:
        return account(
            report, "c1", "agreement", certainty=certainty, actors=[ARMY, ISIS], text=words, sentence=words, voices=[]
        )

    accounts = [truce("r1", "asserted", "The army and the group agreed to a truce."), truce("r2", "denied", sentence)]
    assert [d.about for d in disputes(accounts)] == (["denial"] if denial else [])
    assert bool(contrary(accounts, "agreement")) == denial


def test_tolls_of_foes_for_the_same_dead_contradict_though_the_one_is_many_times_the_other() -> None:
    accounts = [
        account("r1", "c1", counts=[killed(63, of="soldiers")], voices=[OFFICIAL], text="the barracks was hit"),
        account("r2", "c1", counts=[killed(400, of="soldiers")], voices=[voice(ISIS)], text="the barracks was hit"),
    ]
    assert [(d.about, d.kind) for d in disputes(accounts)] == [("count", "contradiction")]
    assert disputes([accounts[0], replace(accounts[1], voices=(MONITOR,))]) == ()


def test_a_toll_that_its_own_source_takes_back_later_is_an_update() -> None:
    first = account("r1", "c1", counts=[killed(44)], known="2016-12-11", voices=[MONITOR], text="jets hit the market")
    later = account("r2", "c1", counts=[killed(30)], known="2016-12-13", voices=[MONITOR], text="jets hit the market")
    assert [d.kind for d in disputes([first, later])] == ["update"]
    assert [d.kind for d in disputes([first, replace(later, voices=(OFFICIAL,))])] == ["contradiction"]


def test_strikes_on_two_towns_some_kilometres_apart_are_two() -> None:
    north = Place("Taftanaz", "geonames:4", 35.998, 36.786, "SY")
    south = Place("Binnish", "geonames:5", 35.956, 36.713, "SY")
    one = account(
        "r1", "c1", places=[north], counts=[killed(4)], text="Warplanes bombed Taftanaz on Sunday, killing four"
    )
    two = account("r2", "c1", places=[south], text="A raid on Binnish wounded nine at a bakery")
    assert len(incidents([one, two])) == 2
    named = replace(two, sentence="A raid on Binnish near Taftanaz wounded nine at a bakery.")
    assert only([one, named]).claims == (one.ref, two.ref)


def test_a_wave_of_strikes_on_a_country_is_not_the_strike_on_one_of_its_towns() -> None:
    country = Place("Ukraine", "country:UA", None, None, "UA")
    town = Place("Lviv", "geonames:702550", 49.84, 24.02, "UA")
    wave = account("r1", "c1", "shelling", places=[country], counts=[killed(14)],
                   text="83 missiles were launched at cities across Ukraine, killing 14")  # fmt: skip
    hit = account("r2", "c1", "shelling", places=[town], text="a rocket hit a power station in Lviv")
    assert len(incidents([wave, hit])) == 2
