"""How claims are grouped: in any order, step by step, in chains, and as people decide."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.model import Account, ClaimRef, Place
from tadmor.reconcile import cluster, explain, incidents
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.constraints import Constraint, heir, merged, moved, split
from tadmor.reconcile.incidents import IncidentRecord
from tadmor.reconcile.linkage import linkage
from tadmor.reconcile.regroup import regroup
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits, traits
from test_reconcile_control import DATES
from test_reconcile_make import (
    ARMY,
    HOMS,
    ISIS,
    MARKET,
    MONITOR,
    OFFICIAL,
    PALMYRA,
    RUSSIA,
    account,
    finds,
    killed,
    only,
    voice,
)


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
    assert linkage(reports, {**raid, **outcome, (0, 8): 0.6}, 0.3) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]


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
