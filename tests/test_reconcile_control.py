"""Control over time: the Palmyra pattern, carrying forward, weighing, sources alone, what was known when."""

from __future__ import annotations

import random
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadmor.errors import BadDate
from tadmor.model import Account, Party, Place
from tadmor.reconcile import ControlIndex, control, explain, held_on
from tadmor.reconcile.evidence import Evidence, evidence
from test_reconcile_make import ARMY, HOMS, ISIS, MONITOR, MONITORS, OFFICIAL, PALMYRA, RUSSIA, SDF, account, voice


def palmyra() -> list[Account]:
    """A report of the fall of a town as its rivals tell it."""
    return [
        account("r1", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-12-11",
                voices=[OFFICIAL, voice(ISIS)], sentence="The town fell to IS on Sunday, both sides said."),
        account("r1", "c2", "attack_repelled", actors=[RUSSIA], targets=[ISIS], date="2016-12-10/2016-12-11",
                voices=[voice(RUSSIA)], sentence="Russia said the assault had been beaten back."),
        account("r1", "c3", "territory_taken", actors=[ARMY], targets=[ISIS], date="2016-03~",
                sentence="Troops had driven the group out of Palmyra in March."),
        account("r1", "c4", "territory_held", actors=[ISIS], date="2015-05~/2016-03~",
                sentence="It had run Palmyra for ten months."),
        account("r1", "c5", "air_strike", actors=[RUSSIA], targets=[ISIS], date="2016-12-11", voices=[voice(RUSSIA)]),
    ]  # fmt: skip


def test_the_fall_names_holder_both_sides_and_the_contrary_claim() -> None:
    accounts = palmyra()
    (held,) = held_on(control(accounts, PALMYRA), "2016-12-11")
    assert (held.holder, held.holder_entity, held.status) == ("Islamic State", ISIS.entity, "held")
    assert held.start == "2016-12-11"
    assert held.end is None
    assert set(held.sources) == {"a Syrian government official", "Islamic State"}
    assert [r.claim for r in held.claims] == ["c1"]
    assert [r.claim for r in held.against] == ["c2"]
    sentences = {a.ref: a.sentence for a in accounts}
    assert sentences[held.claims[0]].startswith("The town fell")
    assert held.credibility.admiralty == 1
    assert any("against the interest of its own side" in r for r in held.credibility.reasons)
    assert any("Russia" in r and "otherwise" in r for r in held.credibility.reasons)
    assert "Islamic State held it from 2016-12-11" in explain.interval(held)


def test_earlier_holders_follow_each_other_without_gaps() -> None:
    found = control(palmyra(), "Palmyra")
    assert [(i.holder, i.start, i.end) for i in found] == [
        ("Islamic State", "2015-05~", "2016-03~"),
        ("Syrian Army", "2016-03~", "2016-12-11"),
        ("Islamic State", "2016-12-11", None),
    ]
    assert [i.holder for i in held_on(found, "2016-07-01")] == ["Syrian Army"]
    assert held_on(found, "2014-01-01") == []


def test_one_source_alone_keeps_its_own_account() -> None:
    accounts = palmyra()
    told = held_on(control(accounts, "Palmyra", according_to="russia"), "2016-12-11")
    assert [(i.holder, i.sources, i.against) for i in told] == [("Russia", ("Russia",), ())]
    by_alias = held_on(control(accounts, "Palmyra", according_to="actor:islamic-state"), "2016-12-11")
    assert [i.holder for i in by_alias] == ["Islamic State"]
    assert control(accounts, "Palmyra", according_to="nobody") == []


def test_initials_and_a_part_of_the_name_will_do_for_a_source() -> None:
    accounts = [account("r", "c1", "territory_held", actors=[ISIS], date="2016-12-11", voices=[MONITOR])]
    for name in ("SOHR", "observatory", "Syrian Observatory for Human Rights"):
        assert control(accounts, "Palmyra", according_to=name), name


def test_later_reports_do_not_rewrite_what_was_known() -> None:
    early = account("r1", "c1", "attack_repelled", actors=[ARMY], targets=[ISIS], date="2016-12-10", known="2016-12-10")
    late = account("r2", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-12-10", known="2016-12-12",
                   voices=[OFFICIAL])  # fmt: skip
    then = held_on(control([early, late], "Palmyra", known_at="2016-12-11"), "2016-12-11")
    now = held_on(control([early, late], "Palmyra"), "2016-12-11")
    assert [i.holder for i in then] == ["Syrian Army"]
    assert [i.holder for i in now] == ["Islamic State"]
    assert [r.report for r in now[0].against] == ["r1"]


def test_a_capture_tells_who_held_the_place_before() -> None:
    found = control([account("r", "c1", "territory_taken", actors=[SDF], targets=[ISIS], date="2017-10-17")], "Palmyra")
    assert [(i.holder, i.start, i.end) for i in found] == [
        ("Islamic State", None, "2017-10-17"),
        ("Syrian Democratic Forces", "2017-10-17", None),
    ]
    assert [i.holder for i in held_on(found, "2016")] == ["Islamic State"]


def test_lost_without_a_taker_leaves_nobody() -> None:
    found = control(
        [
            account("r1", "c1", "territory_held", actors=[ARMY], date="2016-01-05/..", published="2016-01-05"),
            account("r2", "c1", "territory_lost", actors=[ARMY], date="2016-02-05", voices=[OFFICIAL]),
        ],
        "Palmyra",
    )
    assert [(i.holder, i.status, i.start) for i in found] == [
        ("Syrian Army", "held", "2016-01-05"),
        (None, "lost", "2016-02-05"),
    ]
    assert "Syrian Army is said to have lost it" in found[1].credibility.reasons[0]


def test_a_siege_keeps_the_holder_until_it_is_lifted() -> None:
    found = control(
        [
            account("r1", "c1", "territory_held", actors=[ARMY], date="2016-01-05"),
            account("r2", "c1", "siege", actors=[ISIS], targets=[ARMY], date="2016-02-01"),
            account("r3", "c1", "siege", certainty="denied", actors=[ISIS], date="2016-09-01"),
        ],
        "Palmyra",
    )
    assert [(i.holder, i.status, i.start) for i in found] == [
        ("Syrian Army", "held", "2016-01-05"),
        ("Syrian Army", "besieged", "2016-02-01"),
        ("Syrian Army", "held", "2016-09-01"),
    ]


def test_fighting_makes_contested_for_two_weeks() -> None:
    found = control(
        [
            account("r1", "c1", "territory_held", actors=[ARMY], date="2016-01-05"),
            account("r2", "c1", "armed_clash", actors=[ISIS], targets=[ARMY], date="2016-02-01"),
        ],
        "Palmyra",
    )
    assert [(i.holder, i.status, i.start, i.end) for i in found] == [
        ("Syrian Army", "held", "2016-01-05", "2016-02-01"),
        ("Syrian Army", "contested", "2016-02-01", "2016-02-15"),
        ("Syrian Army", "held", "2016-02-15", None),
    ]


def test_a_wide_date_is_not_put_after_the_report_that_tells_of_it() -> None:
    told = account("r1", "c1", "armed_clash", actors=[ISIS], targets=[ARMY], date="2016-12~", published="2016-12-11")
    held = account("r1", "c2", "territory_held", actors=[ARMY], date="2016-12-01", published="2016-12-11")
    contested = next(i for i in control([told, held], "Palmyra") if i.status == "contested")
    assert contested.end == "2016-12-25"


@pytest.mark.parametrize(
    ("date", "day"), [("../2016", "2015-12-31"), ("../2016-03", "2016-02-29"), ("../2016-03-27", "2016-03-26")]
)
def test_what_was_held_until_some_time_in_a_year_was_held_before_that_year_began(date: str, day: str) -> None:
    said = account("r1", "c1", "territory_held", actors=[ISIS], date=date, published="2016-04-06")
    (found,) = evidence([said])
    assert (found.label, found.until) == (day, found.day)


@pytest.mark.parametrize("kind", ["territory_held", "territory_taken"])
def test_nobody_tells_of_days_after_the_report_by_a_date_without_a_beginning(kind: str) -> None:
    said = account("r1", "c1", kind, actors=[ISIS], date="../2018-05", published="2017-04-06")
    (found,) = evidence([said])
    assert found.label == "2017-04-06"
    later = account("r2", "c1", "territory_taken", actors=[ARMY], targets=[ISIS], date="2017-10-01", voices=[MONITOR])
    (held,) = held_on(control([said, later], PALMYRA), "2018-06-01")
    assert held.holder == "Syrian Army"


def test_an_epithet_does_not_outweigh_a_well_sourced_capture() -> None:
    found = control(
        [
            account("r1", "c1", "territory_taken", actors=[ARMY], date="2016-03-27", voices=[*MONITORS]),
            account("r2", "c1", "territory_held", actors=[ISIS], date="2016-04-01/..", known="2016-04-01"),
        ],
        "Palmyra",
    )
    assert [i.holder for i in held_on(found, "2016-04-02")] == ["Syrian Army"]
    assert [r.report for r in held_on(found, "2016-04-02")[0].against] == ["r2"]


def test_denials_and_plans_do_not_establish_control() -> None:
    denied = account("r1", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11")
    planned = account("r2", "c1", "territory_taken", certainty="expected", actors=[ISIS], date="2016-12-11")
    assert control([denied, planned], "Palmyra") == []


def test_a_denied_capture_stands_against_it() -> None:
    found = control(
        [
            account("r1", "c1", "territory_held", actors=[ARMY], date="2016-12-01"),
            account("r2", "c1", "territory_taken", actors=[ISIS], targets=[ARMY], date="2016-12-11", voices=[*MONITORS]),
            account("r3", "c1", "territory_taken", certainty="denied", actors=[ISIS], date="2016-12-11",
                    voices=[OFFICIAL]),
        ],
        "Palmyra",
    )  # fmt: skip
    (held,) = held_on(found, "2016-12-11")
    assert held.holder == "Islamic State"
    assert [r.report for r in held.against] == ["r3"]


def test_parties_are_rolled_up_to_the_holder() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def state(party: Party, on: str | None, country: str | None) -> Party:
        seen.append((on, country))
        whole = Party("Syrian government", "actor:syrian-government", party.kind, party.side)
        return whole if party.side == "government" else party

    accounts = [
        account("r1", "c1", "territory_taken", actors=[ARMY], date="2016-03-27"),
        account("r2", "c1", "territory_held", actors=[RUSSIA], date="2016-05-01"),
    ]
    found = control(accounts, "Palmyra", resolve_holder=state)
    assert [(i.holder, i.holder_entity) for i in found] == [("Syrian government", "actor:syrian-government")]
    assert ("2016-03-27", "SY") in seen


def test_undated_reports_speak_of_the_day_they_were_published_and_no_other() -> None:
    dated = account("r1", "c1", "territory_held", actors=[ARMY], date=None, published="2016-05-01", known="2016-05-01")
    (interval,) = control([dated], "Palmyra")
    assert interval.start == "2016-05-01"
    undated = account("r2", "c1", "territory_held", actors=[ARMY], date=None, published=None, known="2026-01-01")
    (unknown,) = control([undated], "Palmyra")
    assert (unknown.holder, unknown.start, unknown.end) == ("Syrian Army", None, None)
    assert held_on([unknown], "2026-01-01") == []


def test_places_by_identity_alias_name_and_nearness_but_not_by_part() -> None:
    town = account("r1", "c1", "territory_held", actors=[ARMY], date="2016-05-01", place_names=("Tadmor",))
    part = account("r2", "c1", "territory_held", actors=[ISIS], date="2016-05-01",
                   places=[Place("south of Palmyra", None, 34.55, 38.28, "SY")])  # fmt: skip
    index = ControlIndex([town, part])
    for asked in ("Palmyra", "palmyra", "Tadmor", Place("?", None, 34.57, 38.29), PALMYRA):
        assert [i.holder for i in index.on(asked, "2016-05-01")] == ["Syrian Army"], asked
    assert index.on(Place("Palmyra", country="US"), "2016-05-01") == []
    assert [i.holder for i in index.on("south of Palmyra", "2016-05-01")] == ["Islamic State"]
    assert index.on("Nowhere", "2016-05-01") == []


def test_a_day_that_is_no_day_is_refused() -> None:
    with pytest.raises(BadDate):
        held_on([], "sometime")


TYPES = ["territory_taken", "territory_held", "territory_lost", "siege", "armed_clash", "advance", "attack_repelled"]
DATES = [None, "2016", "2016-12", "2016-12-11", "2016-12-10/2016-12-12", "2016-12-11/..", "../2016-12", "../..", "201X",
         "2016-22", "2016-12~", "2016-13-99", "rubbish", "2016-12-12/2016-12-01"]  # fmt: skip


SPOTS = [PALMYRA, Place("Tadmur", "geonames:1", 34.56, 38.28, "SY"), HOMS, Place("Palmyra"),
         Place("Palmyra", "geonames:9", 40.0, -90.0, "US"), Place("south of Palmyra", None, 34.55, 38.28, "SY")]  # fmt: skip


@st.composite
def many(draw: st.DrawFn, most: int = 10, spots: tuple[Place, ...] = (PALMYRA,)) -> list[Account]:
    return [
        account(
            f"r{draw(st.integers(0, 4))}",
            f"c{n}",
            draw(st.sampled_from(TYPES)),
            certainty=draw(st.sampled_from(["asserted", "hedged", "denied", "expected"])),
            actors=draw(st.lists(st.sampled_from([ISIS, ARMY, SDF, RUSSIA]), max_size=2)),
            targets=draw(st.lists(st.sampled_from([ISIS, ARMY]), max_size=1)),
            places=[draw(st.sampled_from(spots))],
            place_names=draw(st.sampled_from([(), ("Tadmor",)])),
            date=draw(st.sampled_from(DATES)),
            known=draw(st.sampled_from([None, "2016-12-11", "2017-01-01"])),
            published=draw(st.sampled_from([None, "2016-12-11", "2016-12-20", "odd"])),
            voices=draw(st.lists(st.sampled_from([OFFICIAL, MONITOR, voice(ISIS)]), max_size=2)),
        )
        for n in range(draw(st.integers(0, most)))
    ]


@settings(max_examples=120, deadline=None)
@given(many(), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_intervals_are_sound(accounts: list[Account], rng: random.Random) -> None:
    found = control(accounts, PALMYRA)
    shuffled = accounts[:]
    rng.shuffle(shuffled)
    assert control(shuffled, PALMYRA) == found
    refs = {a.ref for a in accounts}
    for interval in found:
        assert set(interval.claims) <= refs
        assert not set(interval.claims) & set(interval.against)
        assert interval.status != "held" or interval.holder
        assert explain.interval(interval)
    dated = [i for i in found if i.start or i.end]
    assert all(a.end == b.start for a, b in pairwise(dated))
    assert len(held_on(found, "2016-12-11")) <= 1


ASKED: list[Place | str] = ["Palmyra", "Tadmor", "nowhere", "", PALMYRA, Place("palmyra", country="SY"),
         Place("Palmyra", country="US"), Place("a point", None, 34.57, 38.29), Place("", None, 34.56, 38.28)]  # fmt: skip
ON = ["2016-12-11", "2016-12", "2016-12-10/2016-12-12", "2016", "2015-22", "../2016-12-10", "2017-01/..", ".."]


@settings(max_examples=40, deadline=None)
@given(
    many(most=25, spots=tuple(SPOTS)),
    st.sampled_from([None, "SOHR", "Islamic State", "nobody"]),
    st.sampled_from([None, "2016-12-15"]),
    st.sampled_from([1, 10_000, 2**27]),
)
def test_an_index_answers_as_each_question_by_itself(
    accounts: list[Account], source: str | None, known: str | None, most_bytes: int
) -> None:
    index = ControlIndex(accounts, most_bytes=most_bytes)
    alone = {asked: control(accounts, asked, according_to=source, known_at=known) for asked in ASKED}
    for asked in ASKED + ASKED[::-1]:
        for on in ON:
            held = held_on(alone[asked], on)
            assert index.on(asked, on, according_to=source, known_at=known) == held
            assert index.first_on(asked, on, according_to=source, known_at=known) == (held[0] if held else None)
        assert index.intervals(asked, according_to=source, known_at=known) == alone[asked]


def test_dates_shown_against_the_order_of_the_days_are_still_found() -> None:
    # a capture "from March on" counts from the first of March but is shown as the month, whose middle comes later
    accounts = [
        account("r1", "c1", "territory_taken", actors=[SDF], date="2016-02-20", voices=[*MONITORS]),
        account("r2", "c1", "territory_taken", actors=[ISIS], targets=[SDF], date="2016-03/..", voices=[*MONITORS]),
        account("r3", "c1", "territory_taken", actors=[ARMY], targets=[ISIS], date="2016-03-09", voices=[*MONITORS]),
        # so vague a date alone would weigh too little for the capture to stand
        account("r4", "c1", "territory_held", actors=[ISIS], date="2016-03-04", voices=[*MONITORS]),
    ]
    found, index = control(accounts, "Palmyra"), ControlIndex(accounts)
    assert [(i.holder, i.start) for i in found][-3:] == [
        ("Syrian Democratic Forces", "2016-02-20"),
        ("Islamic State", "2016-03"),
        ("Syrian Army", "2016-03-09"),
    ]
    for day in (
        "2016-02-01",
        "2016-02-25",
        "2016-03-02",
        "2016-03-08",
        "2016-03-09",
        "2016-03-12",
        "2016-03-20",
        "2016",
    ):
        assert index.on("Palmyra", day) == held_on(found, day), day
    assert [i.holder for i in found[-3:] if i in index.on("Palmyra", "2016-03-12")] == [
        "Syrian Democratic Forces",
        "Syrian Army",
    ]


def test_a_timeline_is_worked_out_once_however_the_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["tadmor.reconcile.control"]
    worked_out: list[int] = []
    segments = module.segments

    def counting(found: Any, *given: Any) -> Any:
        worked_out.append(len(found))
        return segments(found, *given)

    monkeypatch.setattr(module, "segments", counting)
    index = ControlIndex(palmyra())
    for day in range(1, 29):
        for asked in ("Palmyra", Place("Palmyra", country="SY"), Place("?", None, 34.56 + day / 10_000, 38.28)):
            assert index.first_on(asked, f"2016-07-{day:02}").holder == "Syrian Army"  # type: ignore[union-attr]
    assert worked_out == [4]


def test_a_point_in_the_far_north_is_found_as_one_in_the_south_is() -> None:
    place = Place("Northtown", "geonames:9", 60.0, 30.1001, "RU")
    told = account("r1", "c1", "territory_taken", places=[place], actors=[ARMY], sentence="The army took Northtown.")
    index = ControlIndex([told])
    for lon in (30.0505, 30.0490):  # 2.8 km west of it, on either side of a line of the grid
        assert len(index.accounts(Place("", None, 60.0, lon))) == 1


def test_what_an_index_keeps_is_bounded() -> None:
    accounts = [
        account(
            f"r{n}", "c1", "territory_held", actors=[ARMY], places=[Place(f"Town {n}", f"x:{n}")], date="2016-05-01"
        )
        for n in range(50)
    ]
    index = ControlIndex(accounts, most_bytes=2_000)
    for _ in range(2):
        for n in range(50):
            assert [i.claims[0].report for i in index.on(f"Town {n}", "2016-06-01")] == [f"r{n}"]
    assert 1 <= len(index._asked) <= 2
    assert 1 <= len(index._made) <= 2
    assert len(index._sets) <= 4


def test_evidence_is_a_value() -> None:
    assert Evidence.__dataclass_params__.frozen  # type: ignore[attr-defined]
