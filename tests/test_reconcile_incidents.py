"""Incidents: what is put together and what is kept apart, independence, counts, disputes, order and speed."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Account, ClaimRef, Dispute, Incident, Place
from tadmor.reconcile import cluster, explain, incidents
from tadmor.reconcile.cluster import linkage
from tadmor.reconcile.counts import says
from tadmor.reconcile.incidents import IncidentRecord
from tadmor.reconcile.pairing import probabilities
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
    earlier = replace(repelled, claim=replace(repelled.claim, date="2016-12-10"))
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
    started = time.perf_counter()
    found = incidents(accounts)
    assert time.perf_counter() - started < 40  # about ten seconds alone on one core
    assert len(found) > 2000
