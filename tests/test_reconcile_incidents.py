"""Incidents: what is put together and what is kept apart, independence, counts, disputes, order and speed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Account, ClaimRef, Dispute, Incident, Place
from tadmor.reconcile import cluster, explain, incidents
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.constraints import Constraint, heir, merged, moved, split
from tadmor.reconcile.counts import says
from tadmor.reconcile.incidents import IncidentRecord
from tadmor.reconcile.linkage import linkage
from tadmor.reconcile.pairing import probabilities
from tadmor.reconcile.regroup import regroup
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits, traits
from test_reconcile_control import DATES
from test_reconcile_make import ARMY, HOMS, ISIS, MONITOR, OFFICIAL, PALMYRA, RUSSIA, account, killed, voice

MARKET = "Jets hit a market in the town centre and killed shoppers"


def only(accounts: list[Account]) -> Incident:
    (incident,) = incidents(accounts)
    return incident


def dispute(accounts: list[Account], about: str) -> Dispute:
    (found,) = [d for d in only(accounts).disputes if d.about == about]
    return found


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
    assert linkage("abcd", {**raid, **fits}, 0.5) == [[0, 1, 2, 3]]
    assert linkage("abcde", {**raid, **fits, (3, 4): 0.95}, 0.5) == [[0, 1, 2], [3, 4]]


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


def test_a_claim_that_joins_later_leaves_the_id_as_it_is() -> None:
    first = account("r1", "c1", text=MARKET)
    assert only([first]).id == only([first, account("r2", "c1", text=MARKET)]).id


def test_weak_links_do_not_chain_groups_together() -> None:
    chain = {(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.9}
    assert linkage("abcd", chain, 0.68) == [[0, 1], [2, 3]]
    assert linkage("abc", {(0, 1): 0.8, (1, 2): 0.8, (0, 2): 0.7}, 0.68) == [[0, 1, 2]]


def test_a_report_is_as_good_as_its_likeliest_claim() -> None:
    told = {(0, 2): 0.9, (1, 2): 0.7}  # two claims of report a, one of report b
    assert linkage("aab", told, 0.68) == [[0, 1, 2]]
    assert linkage("aab", {**told, (0, 1): 0.1}, 0.68) == [[0, 1, 2]]
    assert linkage("aa", {(0, 1): 0.1}, 0.68) == [[0], [1]]


def test_groups_of_which_one_claim_in_many_is_like_stay_apart() -> None:
    # Reports a and b tell of a raid in three claims each and of what came of it in two; one pair across is like by chance.
    reports = "aaabbb" + "aabb"
    raid = {(i, j): 0.9 for i in range(3) for j in range(3, 6)}
    outcome = {(i, j): 0.9 for i in (6, 7) for j in (8, 9)}
    assert linkage(reports, {**raid, **outcome, (0, 8): 0.8}, 0.2) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]


TYPES = [
    "air_strike",
    "shelling",
    "casualties",
    "territory_taken",
    "attack_repelled",
    "armed_clash",
    "talks",
    "no_type",
]


@st.composite
def many(draw: st.DrawFn) -> list[Account]:
    places = [PALMYRA, HOMS, Place("Palmyra castle"), Place("Syria"), Place("")]
    numbers = st.one_of(st.none(), st.integers(0, 500).map(float))
    return [
        account(
            f"r{draw(st.integers(0, 4))}",
            f"c{n}",
            draw(st.sampled_from(TYPES)),
            certainty=draw(st.sampled_from(["asserted", "hedged", "denied", "expected"])),
            places=draw(st.lists(st.sampled_from(places), max_size=2)),
            actors=draw(st.lists(st.sampled_from([ISIS, ARMY, RUSSIA]), max_size=2)),
            date=draw(st.sampled_from(DATES)),
            published=draw(st.sampled_from([None, "2016-12-11", "2016-12-20"])),
            voices=draw(st.lists(st.sampled_from([OFFICIAL, MONITOR, voice(ISIS)]), max_size=2)),
            counts=[replace(killed(None), min=draw(numbers), max=draw(numbers))] if draw(st.booleans()) else [],
            text=draw(st.sampled_from(["", MARKET, MARKET + " again", "quite another thing"])),
        )
        for n in range(draw(st.integers(0, 12)))
    ]


@settings(max_examples=120, deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_every_claim_stands_in_one_incident_at_most(
    accounts: list[Account], rng: random.Random
) -> None:
    found = incidents(accounts)
    shuffled = accounts[:]
    rng.shuffle(shuffled)
    assert incidents(shuffled) == found
    refs = [r for i in found for r in i.claims]
    assert len(refs) == len(set(refs))
    assert set(refs) <= {a.ref for a in accounts}
    assert len({i.id for i in found}) == len(found)
    for incident in found:
        assert 1 <= incident.independent_sources <= incident.sources
        assert 1 <= incident.credibility.admiralty <= 6
        assert incident.credibility.reasons
        assert {r for d in incident.disputes for p in d.positions for r in p.claims} <= set(incident.claims)
        assert all(len(d.positions) > 1 for d in incident.disputes)
        assert explain.incident(incident)


@settings(max_examples=60, deadline=None)
@given(many(), st.randoms(use_true_random=False), st.integers(0, 4))
def test_reports_added_one_by_one_or_taken_out_give_the_same_as_building_from_nothing(
    accounts: list[Account], rng: random.Random, without: int
) -> None:
    reports = sorted({a.ref.report for a in accounts})
    rng.shuffle(reports)
    record = IncidentRecord()
    for report in reports:
        changed = record.add(a for a in accounts if a.ref.report == report)
        now = record.incidents()
        assert all(c in now for c in changed)
    assert record.incidents() == incidents(accounts)
    left = [a for a in accounts if a.ref.report != f"r{without}"]
    record.remove(a.ref for a in accounts if a not in left)
    assert record.incidents() == incidents(left)
    record.add(accounts)
    assert record.incidents() == incidents(accounts)


@settings(max_examples=60, deadline=None)
@given(many())
def test_one_account_finds_another_just_when_that_finds_it(accounts: list[Account]) -> None:
    items = [traits(a) for a in accounts]
    filed = [{key: days for key, *days in entries(item)} for item in items]
    found = [{n for n, at in enumerate(filed) for x in looks(i) if x.key in at and x.takes(*at[x.key])} for i in items]
    for n, of_n in enumerate(found):
        assert all(n in found[m] for m in of_n)


def finds(a: Account, b: Account) -> bool:
    filed = entries(traits(b))
    return any(x.key == e.key and x.takes(e.first, e.last) for x in looks(traits(a)) for e in filed)


@pytest.mark.parametrize(
    ("date", "published", "found"),
    [
        (None, "2016-12-20", True),
        (None, "2017-01-31", True),  # told within the season
        (None, "2018-01-31", False),
        (None, None, False),
        ("2016", "2018-01-31", True),
        ("2017", "2018-01-31", True),  # by the month's slack
        ("2014", "2018-01-31", False),
    ],
)
def test_by_place_and_word_one_without_a_day_finds_what_was_in_its_time(
    date: str | None, published: str | None, found: bool
) -> None:
    here = account("r1", "c1", date="2016-12-11", text="rockets fell on the orchard")
    other = account("r2", "c1", "siege", date=date, published=published, text="people starved in an orchard there")
    assert [finds(here, other), finds(other, here)] == [found, found]


@pytest.mark.parametrize(
    ("kind", "date", "published", "found"),
    [
        ("advance", "2016-12-11", "2016-12-11", True),
        ("advance", "2016-11-05", "2016-11-05", True),  # goes on for weeks
        ("advance", "2016-08-05", "2016-08-05", False),
        ("air_strike", "2016-11-05", "2016-11-05", False),  # is over in a day
    ],
)
def test_what_goes_on_for_weeks_at_one_place_is_compared_across_them(
    kind: str, date: str, published: str, found: bool
) -> None:
    here = account("r1", "c1", kind, date="2016-12-11", text="they went on towards the town")
    there = account("r2", "c1", kind, date=date, published=published, text="a drive on it was under way")
    assert [finds(here, there), finds(there, here)] == [found, found]


def test_a_truce_is_found_again_by_a_rare_word_though_no_place_is_told() -> None:
    truce = account("r1", "c1", "agreement", places=[], date="2016-12", text="a brokered pause in the war")
    recalled = account("r2", "c1", "agreement", places=[], date="2016-12-11", text="the brokered calm did not last")
    assert [finds(truce, recalled), finds(recalled, truce)] == [True, True]


def test_a_place_that_is_not_told_must_be_made_good_by_words() -> None:
    here = account("r1", "c1", text=MARKET)
    bare = account("r2", "c1", places=[], text="Something else altogether took place elsewhere")
    assert likeness(traits(here), traits(bare)) == 0.0
    named = replace(bare, title=f"Raids on {PALMYRA.name}")
    assert likeness(traits(here), traits(named)) > 0.0


def two_and_one() -> list[Account]:
    return [
        account("r1", "c1", text=MARKET),
        account("r2", "c1", text=MARKET),
        account("r3", "c1", places=[HOMS], text="Barrels fell on a bakery"),
    ]


def groups(constraints: list[Constraint]) -> list[list[str]]:
    return sorted([r.report for r in i.claims] for i in incidents(two_and_one(), constraints=constraints))


R1, R2, R3 = (ClaimRef(r, "c1") for r in ("r1", "r2", "r3"))


def test_what_people_decide_wins_over_scores_and_the_newer_over_the_older() -> None:
    assert groups([]) == [["r1", "r2"], ["r3"]]
    assert groups(split([R1], [R2])) == [["r1"], ["r2"], ["r3"]]
    assert groups(merged([R1, R2], [R3])) == [["r1", "r2", "r3"]]
    assert groups(moved(R2, [R1], [R3])) == [["r1"], ["r2", "r3"]]
    assert groups([*merged([R1], [R2]), *split([R1], [R2])]) == [["r1"], ["r2"], ["r3"]]
    assert groups([*split([R1], [R2]), *merged([R1], [R2])]) == [["r1", "r2"], ["r3"]]
    assert groups([*split([R1], [R2]), *merged([R1], [R3]), *merged([R3], [R2])]) == [["r1", "r2", "r3"]]
    assert groups(merged([R1], [ClaimRef("gone", "c1")])) == [["r1", "r2"], ["r3"]]


def test_a_group_that_was_told_apart_from_another_stays_so_when_it_grows() -> None:
    refs = [ClaimRef(f"r{n}", "c1") for n in range(4)]
    alike = [account(r.report, "c1", text=MARKET) for r in refs]
    found = incidents(alike, constraints=[Constraint(refs[0], refs[3], False)])
    assert sum(len(i.claims) for i in found) == 4
    assert not any({refs[0], refs[3]} <= set(i.claims) for i in found)
    assert len(found) == 2


@pytest.mark.parametrize(
    ("claims", "meant"),
    [
        ([("c1", MARKET), ("c2", "Barrels fell on a bakery")], "c1"),
        ([("c1", "Barrels fell on a bakery"), ("c2", MARKET)], "c2"),
        ([("c1", MARKET + " on Sunday"), ("c2", "Barrels fell")], "c1"),
        ([("c3", MARKET), ("c1", MARKET)], "c1"),
        ([("c1", "Barrels fell on a bakery")], None),
        ([], None),
    ],
)
def test_a_decision_is_about_the_clause_that_people_saw(claims: list[tuple[str, str]], meant: str | None) -> None:
    assert heir("c1", MARKET, claims) == meant


class Plain:
    """Pairs with made scores, grouped step by step."""

    def __init__(self, scores: dict[tuple[ClaimRef, ClaimRef], float], constraints: list[Constraint]) -> None:
        self.scores, self.constraints = scores, constraints
        self.there: set[ClaimRef] = set()
        self.group: dict[ClaimRef, tuple[ClaimRef, ...]] = {}

    def near(self, refs: Iterable[ClaimRef]) -> dict[ClaimRef, dict[ClaimRef, float]]:
        pairs = [(x, s) for x, s in self.scores.items() if set(x) <= self.there]
        return {ref: {b if ref == a else a: s for (a, b), s in pairs if ref in (a, b)} for ref in refs}

    def groups(self, refs: Iterable[ClaimRef]) -> dict[ClaimRef, tuple[ClaimRef, ...]]:
        return {r: self.group[r] for r in refs if r in self.group}

    def bound(self, refs: Iterable[ClaimRef]) -> dict[ClaimRef, set[ClaimRef]]:
        ones = [{c.a, c.b} for c in self.constraints if c.one and {c.a, c.b} <= self.there]
        return {r: {b for one in ones if r in one for b in one} for r in refs}

    def decided(self, refs: Iterable[ClaimRef]) -> list[Constraint]:
        return [c for c in self.constraints if {c.a, c.b} <= set(refs)]

    def step(self, touched: set[ClaimRef]) -> None:
        for group in regroup(self, touched):
            self.group.update((r, group) for r in group)


@pytest.mark.parametrize("seed", range(40))
def test_grouping_step_by_step_gives_what_grouping_all_at_once_gives(seed: int) -> None:
    rng = random.Random(seed)
    refs = [ClaimRef(f"r{rng.randint(0, 12)}", f"c{n}") for n in range(rng.randint(5, 40))]
    dense, even = rng.choice((0.05, 0.15, 0.4)), rng.random() < 0.3
    scores = {
        (a, b): rng.choice((0.08, 0.1, 0.2, 0.4, 0.8)) if even else rng.random() ** 2
        for a in refs for b in refs if a < b and rng.random() < dense
    }  # fmt: skip
    decided = [Constraint(*rng.sample(refs, 2), one=rng.random() < 0.5) for _ in range(rng.choice((0, 0, 4)))]
    step, order = Plain(scores, decided), rng.sample(refs, len(refs))
    for n, ref in enumerate(order):
        step.there.add(ref)
        step.step({ref})
        if rng.random() < 0.2:
            gone = rng.choice(order[: n + 1])
            mates = set(step.group.get(gone, ())) - {gone}
            step.there.discard(gone)
            for r in (gone, *mates):
                step.group.pop(r, None)
            step.step(mates)
        whole = Plain(scores, decided)
        whole.there = set(step.there)
        whole.step(whole.there)
        assert step.group == whole.group


def test_a_long_chain_is_not_grouped_afresh_from_end_to_end() -> None:
    refs = [ClaimRef(f"r{n:03}", "c1") for n in range(200)]
    scores = {(a, b): 0.15 if n % 2 else 0.9 for n, (a, b) in enumerate(pairwise(refs))}
    step = Plain(scores, [])
    step.there = set(refs[:-1])
    step.step(step.there)
    step.there.add(refs[-1])
    assert len(regroup(step, {refs[-1]})) < 10
    step.step({refs[-1]})
    whole = Plain(scores, [])
    whole.there = set(refs)
    whole.step(whole.there)
    assert step.group == whole.group


def test_adding_a_report_touches_only_its_neighbourhood(monkeypatch: pytest.MonkeyPatch) -> None:
    far = [
        account(f"r{n}", "c1", places=[Place(f"Town{n}", f"geonames:9{n}", 30 + n * 0.5, 36.0, "SY")])
        for n in range(20)
    ]
    record = IncidentRecord()
    record.add([account("p1", "c1", text=MARKET), *far])
    before = record.incidents()
    compared: list[str] = []
    told = cluster.likeness

    def counted(a: Traits, b: Traits) -> float:
        compared.append(b.account.ref.report)
        return told(a, b)

    monkeypatch.setattr(cluster, "likeness", counted)
    (changed,) = record.add([account("p2", "c1", text="Planes bombed the market in the town centre")])
    assert [r.report for r in changed.claims] == ["p1", "p2"]
    assert compared == ["p1"]
    assert sum(i in before for i in record.incidents()) == len(far)


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


def test_figures_of_one_source_in_one_report_are_parts_and_of_other_scopes_in_one_report_no_dispute() -> None:
    raid = account("r1", "c1", counts=[killed(21)], text=MARKET)
    parts = account("r1", "c2", "casualties", counts=[killed(15)], text="shoppers died at the market")
    other = account("r2", "c1", counts=[killed(21)], text=MARKET)
    assert [d for i in incidents([raid, parts, other]) for d in i.disputes if d.about == "count"] == []


def test_a_truce_that_ended_is_not_denied() -> None:
    made = account("r1", "c1", "agreement", text="a truce was made in the town")
    over = account("r2", "c1", "agreement", certainty="denied", text="the truce made in the town is over")
    assert [d for i in incidents([made, over]) for d in i.disputes] == []


def test_one_who_names_either_of_two_doers_fits_one_who_names_the_one() -> None:
    either = account("r1", "c1", actors=[ARMY, RUSSIA], text=MARKET)
    assert dispute([either, account("r2", "c1", actors=[RUSSIA], text=MARKET)], "actor").kind == "compatible"


def test_ten_thousand_accounts_take_seconds() -> None:
    rng = random.Random(7)
    words = [f"word{n}" for n in range(400)]
    towns = [Place(f"Town{n}", f"geonames:{n}", 34 + n * 0.05, 36 + n * 0.04, "SY") for n in range(60)]
    accounts = [
        account(
            f"r{n // 8}",
            f"c{n % 8}",
            rng.choice(["air_strike", "shelling", "armed_clash", "territory_taken", "casualties", "talks"]),
            places=[rng.choice(towns)] if rng.random() < 0.9 else [],
            date=f"2016-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" if rng.random() < 0.9 else None,
            text=" ".join(rng.sample(words, 9)),
        )
        for n in range(10_000)
    ]
    started = time.process_time()
    found = incidents(accounts)
    assert time.process_time() - started < 40  # about ten seconds of the processor
    assert len(found) > 2000
