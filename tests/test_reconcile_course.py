"""The likeliest course of a place: lone contradictions, words that bear on a part, titles' years, allies and sponsors."""

from __future__ import annotations

from tadmor.model import ClaimRef, Party, Place
from tadmor.reconcile import control, held_on
from tadmor.reconcile.bearing import AROUND, CALLED, OUTSIDE, PART, UNNAMED, WHOLE, WIDER, bearing, title_period
from tadmor.reconcile.days import span
from test_reconcile_make import ARMY, ISIS, RUSSIA, account

TAKEN = "The group took Palmyra on that day."


def test_a_lone_capture_that_others_contradict_before_and_after_changes_nothing() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-06-01", sentence="The army holds Palmyra."),
        account(
            "r2", "c1", "territory_taken", actors=[ISIS], date="2016-06-10", sentence="They took several villages."
        ),
        account("r3", "c1", "territory_held", actors=[ARMY], date="2016-06-20", sentence="Troops still hold Palmyra."),
    ]
    (held,) = held_on(control(accounts, "Palmyra"), "2016-06-12")
    assert held.holder == "Syrian Army"
    assert "r2" in {r.report for r in held.against}


def test_a_capture_and_a_recapture_both_stand() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ARMY], date="2016-06-01", sentence="The army holds Palmyra."),
        account("r2", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-06-10", sentence=TAKEN),
        account("r3", "c1", "territory_taken", actors=[ARMY], targets=[ISIS], date="2016-06-20",
                sentence="The army took Palmyra back."),
    ]  # fmt: skip
    found = control(accounts, "Palmyra")
    assert [(i.holder, i.start) for i in found] == [
        ("Syrian Army", "2016-06-01"), ("Islamic State", "2016-06-10"), ("Syrian Army", "2016-06-20"),
    ]  # fmt: skip


def test_who_lost_a_place_had_it_before_the_first_day_of_which_anything_is_told() -> None:
    accounts = [
        account("r1", "c1", "territory_held", actors=[ISIS], date="2016-05/..", published="2016-08-01",
                sentence="Palmyra has been held by them since May."),
        account("r2", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-05-20", sentence=TAKEN),
        account("r3", "c1", "territory_lost", actors=[ARMY], date="2016-05-20", sentence="The army left Palmyra."),
    ]  # fmt: skip
    before, since = control(accounts, "Palmyra")
    assert (before.holder, before.status, before.start, before.end) == ("Syrian Army", "held", None, "2016-05-20")
    assert before.claims == (ClaimRef("r2", "c1"), ClaimRef("r3", "c1"))
    assert (since.holder, since.start) == ("Islamic State", "2016-05-20")


def test_words_say_how_far_a_claim_bears_on_the_place() -> None:
    def share(sentence: str) -> float:
        return bearing(account("r", "c1", "territory_taken", actors=[ISIS], date="2016-06-10", sentence=sentence))

    assert share("They took Palmyra.") == WHOLE
    assert share("They took the town of Palmyra.") == WHOLE
    assert share("They took the town.") == CALLED
    assert share("They took it.") == UNNAMED
    assert share("They captured three villages near Palmyra.") == AROUND
    assert share("They captured several districts of Palmyra.") == PART
    assert share("They took ground in the Palmyra countryside.") == WIDER
    assert share("They took ground in the province of Palmyra.") == WIDER


def test_a_name_within_another_name_names_no_province() -> None:
    safi = Place("Safi", "geonames:77", 34.9, 38.0, "SY")
    told = account(
        "r", "c1", "territory_taken", actors=[ISIS], places=[safi], date="2016-06-10",
        sentence="From the Tel Abusafi district they came down and took Safi.",
    )  # fmt: skip
    assert bearing(told) == WHOLE


def test_a_title_names_the_period_of_its_days() -> None:
    assert title_period("Battle of X (2016-2017)") == (span("2016")[0], span("2017")[1])  # type: ignore[index]
    assert title_period("Y offensive (March 2016)") == span("2016-03")
    assert title_period("The war") is None


def test_a_day_years_before_its_title_hardly_weighs() -> None:
    from dataclasses import replace

    told = account("r", "c1", "territory_taken", actors=[ISIS], date="2012-03-29", sentence=TAKEN)
    assert bearing(replace(told, title="An offensive (2017)")) == OUTSIDE


def test_a_state_holds_for_the_party_of_its_side() -> None:
    russia = Party(RUSSIA.name, RUSSIA.entity, "state", ARMY.side)
    accounts = [
        account("r1", "c1", "territory_taken", actors=[russia], date="2016-03-27", sentence="Russia took Palmyra."),
        account("r2", "c1", "territory_held", actors=[ARMY], date="2016-04-01", sentence="The army holds Palmyra."),
        account("r3", "c1", "territory_held", actors=[ARMY], date="2016-05-01", sentence="The army holds Palmyra."),
    ]
    assert [i.holder for i in held_on(control(accounts, "Palmyra"), "2016-03-28")] == ["Syrian Army"]
