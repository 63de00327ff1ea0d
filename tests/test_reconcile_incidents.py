"""Incidents: what is put together and what is kept apart, and how much work it is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tadmor.model import Account, ClaimRef, Place
from tadmor.reconcile import incidents
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.linkage import linkage
from tadmor.reconcile.pairing import probabilities
from tadmor.reconcile.traits import traits
from test_reconcile_make import (
    ARMY,
    HOMS,
    ISIS,
    MARKET,
    PALMYRA,
    account,
    dispute,
    finds,
    killed,
    only,
)
from work import calls


def test_two_reports_of_one_strike_are_one_incident() -> None:
    found = only([account("r1", "c1", text=MARKET), account("r2", "c4", text="A market was bombed from the air")])
    assert found.claims == (ClaimRef("r1", "c1"), ClaimRef("r2", "c4"))
    assert (found.type, found.date, found.place) == ("air_strike", "2016-12-11", PALMYRA)
    assert (found.sources, found.independent_sources) == (2, 2)


@pytest.mark.parametrize(
    "other",
    [
        account("r2", "c1", places=[HOMS]),
        account("r2", "c1", date="2016-12-19"),
        account("r2", "c1", "talks"),
        account("r2", "c1", places=[], text="Something else altogether took place elsewhere"),
        account("r2", "c1", date=None, text="A different matter of which no day is told"),
        account("r2", "c1", places=[Place("Syria", "country:SY", 35.0, 38.0, "SY")], text="Raids went on all over"),
    ],
)
def test_other_place_day_kind_or_a_vague_one_is_another_incident(other: Account) -> None:
    assert len(incidents([account("r1", "c1", text=MARKET), other])) == 2


def test_without_a_place_only_the_wording_can_bring_claims_together() -> None:
    first = account("r1", "c1", text="Warplanes dropped barrels on the bakery queue at dawn")
    second = account("r2", "c1", places=[], text="warplanes dropped barrels on the bakery queue at dawn")
    assert len(incidents([first, second])) == 1


def test_near_and_part_places_are_brought_together_far_namesakes_are_not() -> None:
    castle = Place("Palmyra castle", "own:7", 34.563, 38.257, "SY")
    namesake = Place("Palmyra", "geonames:9", 43.06, -77.23, "US")
    assert len(incidents([account("r1", "c1", text=MARKET), account("r2", "c1", places=[castle], text=MARKET)])) == 1
    assert len(incidents([account("r1", "c1", text=MARKET), account("r2", "c1", places=[namesake], text=MARKET)])) == 2


def test_two_claims_of_one_speaker_in_one_report_stay_two() -> None:
    found = incidents(
        [account("r1", "c1", text="Jets hit the mill"), account("r1", "c2", text="Planes struck a depot")]
    )
    assert len(found) == 2


def test_states_and_plans_are_no_incidents() -> None:
    state = account("r1", "c1", "territory_held", actors=[ISIS], date="2016-12-11/..")
    plan = account("r1", "c2", "advance", certainty="expected", actors=[ARMY])
    assert incidents([state, plan]) == []


def test_what_is_foretold_stands_with_what_is_told_and_founds_no_incident_alone() -> None:
    rising = account("r1", "c1", "casualties", certainty="expected", text="the toll of the market may rise")
    assert incidents([rising]) == []
    told = "Twelve shoppers died when jets hit the market"
    raid = account("r2", "c1", text=told, counts=[killed(12)])
    found = only([raid, replace(rising, claim=replace(rising.claim, text=told))])
    assert (len(found.claims), found.sources, found.date) == (2, 1, raid.claim.date)
    undated = replace(rising, claim=replace(rising.claim, text=told, date=None))
    assert only([raid, undated]).claims == (raid.ref,)


def test_what_is_foretold_gives_no_date_that_others_give() -> None:
    told = "the two powers agreed on a truce for the whole country after weeks of talks"
    deal = account("r1", "c1", "agreement", actors=[ARMY, ISIS], text=told)
    truce = account("r2", "c1", "agreement", certainty="expected", actors=[ARMY, ISIS], text=told, date="2016-12-12")
    found = only([deal, truce])
    assert (len(found.claims), found.date) == (2, deal.claim.date)
    assert found.disputes == ()


def test_an_attempt_under_way_is_told_of_with_the_attack_and_founds_no_incident_alone() -> None:
    trying = account(
        "r1", "c1", "territory_taken", certainty="expected", actors=[ARMY], targets=[ISIS], date="2016-11-20/..",
        text="the army has been trying for weeks to take the town in an offensive",
    )  # fmt: skip
    attack = account(
        "r2", "c1", "advance", actors=[ARMY], targets=[ISIS], date="2016-11-20/..",
        text="the army presses on with its offensive to take the town, now weeks old",
    )  # fmt: skip
    assert incidents([trying]) == []
    found = only([trying, attack])
    assert (found.type, len(found.claims), found.sources) == ("advance", 2, 1)
    for date in ("2016-12-20/..", "2016-12-12", None):  # to come, on the day of the report, at no day: a plan
        planned = replace(trying, claim=replace(trying.claim, date=date))
        assert len(only([planned, attack]).claims) == 1


def test_a_place_that_is_only_described_is_no_other_place() -> None:
    told = "Twelve shoppers died when jets hit the vegetable market"
    named = account("r1", "c1", text=told, counts=[killed(12)])
    described = account("r2", "c1", text=told, counts=[killed(12)], places=[Place("a rebel-held town")])
    assert len(only([named, described]).claims) == 2
    assert traits(described).places == ()


def test_a_name_in_a_script_without_capitals_is_no_description() -> None:
    named = account("r1", "c1", text="غارات على سرمين", places=[Place("سرمين")])
    assert traits(named).places == (Place("سرمين"),)
    unheard = account("r3", "c1", places=[Place("Ain al-Hajar")])
    assert traits(unheard).places == unheard.places


def test_a_province_stands_for_a_town_in_it_on_the_same_day() -> None:
    told = "Gas was dropped on a town at dawn and dozens of people choked"
    town = account(
        "r1", "c1", "chemical_attack", text=told, places=[Place("Khan Tuman", "geonames:1", 36.1, 37.05, "SY")]
    )
    province = Place("Aleppo Governorate", "admin1:SY.09", 36.2, 37.6, "SY")
    wide = account("r2", "c1", "chemical_attack", text=told, places=[province])
    assert finds(town, wide)
    assert finds(wide, town)
    assert len(only([town, wide]).claims) == 2
    later = replace(wide, claim=replace(wide.claim, date="2016-12-20"))
    assert not finds(town, later)
    nearby = replace(town, ref=ClaimRef("r3", "c1"), places=(Place("Haritan", "geonames:2", 36.3, 37.45, "SY"),))
    assert not finds(
        replace(town, claim=replace(town.claim, text="Gas")), replace(nearby, claim=replace(nearby.claim, text="Gas"))
    )


def test_accounts_of_one_type_and_month_are_compared() -> None:
    first = account("r1", "c1", "protest", places=[], text="Crowds filled the squares", date="2011-03")
    second = account("r2", "c1", "protest", places=[], text="An uprising broke out", date="2011-03")
    assert finds(first, second)
    assert not finds(first, replace(second, claim=replace(second.claim, date="2012-03")))
    assert not finds(first, replace(second, claim=replace(second.claim, type="arrest")))


def test_what_lacks_a_place_is_compared_with_what_is_told_of_the_day_after() -> None:
    here = account("r1", "c1", text="Jets hit the mill")
    nowhere = account("r2", "c1", places=[], text="A raid was reported", date="2016-12-12")
    assert finds(here, nowhere)
    assert finds(nowhere, here)
    assert not finds(here, replace(nowhere, claim=replace(nowhere.claim, date="2016-12-13")))


def test_a_claim_that_fits_a_large_group_does_not_bring_along_what_stands_with_it() -> None:
    # Reports a, b and c tell of one raid; the claim of d on it fits, that of another raid, which d tells of too, fits none.
    raid = {(i, j): 0.9 for i in range(3) for j in range(i + 1, 3)}
    fits = {(i, 3): 0.9 for i in range(3)}
    assert linkage("abcd", {**raid, **fits}, 0.7) == [[0, 1, 2, 3]]
    assert linkage("abcde", {**raid, **fits, (3, 4): 0.95}, 0.7) == [[0, 1, 2], [3, 4]]


def test_accounts_of_one_large_toll_in_the_same_days_are_compared_wherever_they_are() -> None:
    def meet(a: Account, b: Account) -> bool:
        filed = {e.key: e for e in entries(traits(b))}
        found = [(look, filed[look.key]) for look in looks(traits(a)) if look.key in filed]
        return any(look.takes(e.first, e.last) for look, e in found)

    here = account("r1", "c1", text="A bomb went off", counts=[killed(31)])
    there = account("r2", "c1", text="Explosives in a lorry", counts=[killed(31)], places=[HOMS], date="2016-12-10")
    assert meet(here, there)
    assert meet(there, here)
    few = [replace(a, claim=replace(a.claim, counts=(killed(3),))) for a in (here, there)]
    assert not meet(*few)
    assert not meet(here, replace(there, claim=replace(there.claim, date="2016-12-08")))


def strike(report: str, date: str, told: str, text: str, **more: object) -> Account:
    return account(report, "c1", date=date, published=told, text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("later", ["2016-12-12", "2016-12-13", "2016-12-16"])
def test_two_strikes_on_one_town_in_one_week_are_two(later: str) -> None:
    first = strike("r1", "2016-12-11", "2016-12-11", "Jets hit a market and killed shoppers", counts=[killed(12)])
    second = strike("r2", later, later, "A school was bombed and pupils died", counts=[killed(5)])
    assert len(incidents([first, second])) == 2


def test_a_first_and_a_later_toll_of_one_strike_are_one_incident_and_an_update() -> None:
    first = strike("r1", "2016-12-11", "2016-12-11", "Jets hit a market and killed shoppers", counts=[killed(12)])
    later = strike("r2", "2016-12-11", "2016-12-12", "Jets that hit a market killed shoppers", counts=[killed(21)])
    assert dispute([first, later], "count").kind == "update"


def test_an_old_strike_that_a_new_report_recalls_is_not_the_new_one() -> None:
    new = strike("r1", "2016-12-11", "2016-12-12", "Jets hit a market and killed shoppers")
    recalled = strike("r2", "2015-12-11", "2016-12-12", "A year ago jets had hit a market")
    at_the_time = strike("r3", "2015-12-11", "2015-12-11", "Jets hit a market in the town")
    found = [[r.report for r in i.claims] for i in incidents([new, recalled, at_the_time])]
    assert found == [["r2", "r3"], ["r1"]]


def test_an_offensive_and_a_fight_in_it_are_a_whole_and_a_part() -> None:
    whole = account("r1", "c1", "advance", date="2016-11-01/2016-12-20", published="2016-12-20", actors=[ISIS],
                    text="the group's seven-week offensive on the town")  # fmt: skip
    part = account("r2", "c1", "armed_clash", date="2016-12-11", actors=[ISIS], targets=[ARMY],
                   text="they fought at the grain silos")  # fmt: skip
    same, within = probabilities(traits(whole), traits(part))
    assert within > same
    assert len(incidents([whole, part])) == 2


def _told(n: int) -> list[Account]:
    """So many accounts of a year, fifty of each town."""
    rng = random.Random(7)
    words = [f"word{n}" for n in range(400)]
    towns = [Place(f"Town{n}", f"geonames:{n}", 34 + n * 0.05, 36 + n * 0.04, "SY") for n in range(n // 50)]
    return [
        account(
            f"r{i // 8}",
            f"c{i % 8}",
            rng.choice(["air_strike", "shelling", "armed_clash", "territory_taken", "casualties", "talks"]),
            places=[rng.choice(towns)] if rng.random() < 0.9 else [],
            date=f"2016-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" if rng.random() < 0.9 else None,
            text=" ".join(rng.sample(words, 9)),
        )
        for i in range(n)
    ]


def test_work_grows_with_the_accounts_only() -> None:
    few, many = _told(300), _told(1200)
    assert len(incidents(many)) > 600
    assert calls(lambda: incidents(many)) < 5 * calls(lambda: incidents(few))
