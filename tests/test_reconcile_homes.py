"""Parties as they hold ground in a country: hosts and guests, rebels and who leads them, and who had a place in peace."""

from __future__ import annotations

from tadmor.model import Account, ClaimRef, ControlInterval, Party, Place
from tadmor.reconcile import ControlIndex, control, explain, held_on
from tadmor.resolve.registry import Registry
from test_reconcile_make import account

TOWN = Place("Adra", "geonames:501", 36.5, 37.3, "SY")
BESIDE = Place("Barza", "geonames:502", 36.6, 37.4, "SY")  # 14 km off
FAR = Place("Hosn", "geonames:503", 35.0, 36.3, "SY")
REBELS = Party("rebels", "actor:syrian-opposition", "armed group", "opposition")
ISIS = Party("ISIS", "actor:islamic-state", "armed group", "islamic-state")
LED = Party("Syrian National Army", "actor:syrian-national-army", "armed group", "turkey")
FRONT = Party("Hayat Tahrir al-Sham", "actor:tahrir-al-sham", "armed group", "opposition")
ARMY = Party("Syrian army", "actor:syrian-army", "military", "government")


def asked(accounts: list[Account], place: Place = TOWN) -> list[ControlInterval]:
    return control(accounts, place, resolve_holder=Registry.load().holding)


def told(n: int, kind: str, who: Party, date: str, place: Place = TOWN, **more: object) -> Account:
    return account(f"r{n}", "c1", kind, actors=[who], places=[place], date=date,
                   sentence=f"Report {n} from {place.name}.", **more)  # type: ignore[arg-type]  # fmt: skip


def test_a_guest_holds_for_its_host_and_a_coalition_holds_nothing() -> None:
    registry = Registry.load()
    guests = (("actor:russia", "state"), ("actor:hezbollah", "armed group"), ("actor:iran", "military"))
    for entity, kind in guests:
        party = Party(entity, entity, kind, "government")
        assert registry.holding(party, "2016-03-27", "SY").entity == "actor:syrian-government", entity
    assert (
        registry.holding(Party("Hezbollah", "actor:hezbollah", "armed group"), "2016-03-27", "LB").entity
        == "actor:hezbollah"
    )
    coalition = registry.holding(
        Party("coalition", "actor:us-led-coalition", "coalition", "coalition"), "2017-10-01", "SY"
    )
    assert coalition.kind == "coalition"
    assert registry.holding(
        Party("United States", "actor:united-states", "state", "coalition"), "2017-10-01", "SY"
    ).kind == ("coalition")
    assert (
        registry.holding(Party("Turkey", "actor:turkey", "state", "turkey"), "2018-03-18", "SY").entity
        == "actor:turkey"
    )


def test_a_country_holds_its_own_towns_by_its_government() -> None:
    registry = Registry.load()
    syria = Party("Syria", "country:SY", "state")
    assert registry.holding(syria, "2013-06-22", "SY").entity == "actor:syrian-government"
    assert registry.holding(syria, "2013-06-22", "LB").entity == "country:SY"


def test_a_name_without_identity_is_looked_up_in_the_war_of_the_country() -> None:
    registry = Registry.load()
    assert registry.holding(Party("Syrian Army"), "2016-03-27", "SY").entity == "actor:syrian-government"
    assert registry.holding(Party("Syrian Army"), "2016-03-27").entity is None
    assert registry.holding(Party("the Valley Brigade"), "2016-03-27", "SY").entity is None


def test_what_a_coalition_is_said_to_take_somebody_else_has() -> None:
    coalition = Party("coalition", "actor:us-led-coalition", "coalition", "coalition")
    accounts = [
        told(1, "territory_held", ISIS, "2017-06-01"),
        told(2, "territory_taken", coalition, "2017-09-01", targets=[ISIS]),
    ]
    assert "US-led coalition" not in {i.holder for i in asked(accounts)}


def test_the_government_is_taken_to_have_had_a_place_before_anything_is_told() -> None:
    found = asked([told(1, "territory_taken", REBELS, "2013-03-06")])
    before, since = found
    assert (before.holder, before.start, before.end, before.claims) == ("Syrian government", None, "2013-03-06", ())
    assert before.credibility.reasons[0].startswith("No account tells who held it until then")
    assert explain.interval(before)
    assert (since.holder, since.start) == ("Syrian opposition", "2013-03-06")
    assert [i.holder for i in held_on(found, "2012-01-01")] == ["Syrian government"]


def test_one_source_alone_does_not_tell_what_is_only_inferred() -> None:
    accounts = [told(1, "territory_taken", REBELS, "2013-03-06", publisher="Valley News")]
    index = ControlIndex(accounts, resolve_holder=Registry.load().holding)
    assert [i.holder for i in index.intervals(TOWN)] == ["Syrian government", "Syrian opposition"]
    assert [i.holder for i in index.intervals(TOWN, according_to="Valley News")] == ["Syrian opposition"]


def test_a_holder_first_told_of_in_a_state_had_the_place_for_some_time() -> None:
    found = asked([told(1, "territory_held", ISIS, "2015-06-01")])
    assert [(i.holder, bool(i.claims)) for i in found] == [
        ("Syrian government", False),
        ("ISIS", False),
        ("ISIS", True),
    ]
    assert [i.holder for i in held_on(found, "2015-01-01")] == ["ISIS"]
    assert [i.holder for i in held_on(found, "2011-06-01")] == ["Syrian government"]


def test_a_party_of_rebels_by_name_outweighs_the_bare_word_and_not_the_other_way_round() -> None:
    accounts = [
        told(1, "territory_taken", FRONT, "2017-06-09", targets=[REBELS]),
        told(2, "territory_held", REBELS, "2017-10-08"),
        told(3, "territory_held", REBELS, "2018-01-08"),
    ]
    assert [i.holder for i in held_on(asked(accounts), "2018-01-10")] == ["Hayat Tahrir al-Sham"]


def region(*places: Place) -> list[Account]:
    return [
        told(10 * k + n, "territory_taken", LED, f"2016-10-{n + 1:02}", place)
        for k, place in enumerate(places, 1)
        for n in range(4)
    ]


def test_bare_rebels_hold_for_those_whom_a_state_leads_where_these_fight_all_around() -> None:
    alone = [told(1, "territory_taken", REBELS, "2016-10-06", targets=[ISIS])]
    on = "2016-12-01"
    assert [i.holder for i in held_on(asked(alone), on)] == ["Syrian opposition"]
    assert [i.holder_entity for i in held_on(asked([*alone, *region(BESIDE)]), on)] == [LED.entity]
    assert [i.holder for i in held_on(asked([*alone, *region(FAR)]), on)] == ["Syrian opposition"]
    others = [told(50 + n, "territory_held", FRONT, "2016-10-06", BESIDE) for n in range(4)]
    assert [i.holder for i in held_on(asked([*alone, *region(BESIDE), *others]), on)] == ["Syrian opposition"]
    # years before, the same words are their own
    early = [told(1, "territory_taken", REBELS, "2013-10-06")]
    assert [i.holder for i in held_on(asked([*early, *region(BESIDE)]), "2013-12-01")] == ["Syrian opposition"]


def test_a_timeline_is_worked_out_anew_when_who_fights_around_is_told() -> None:
    alone = [told(1, "territory_taken", REBELS, "2016-10-06", targets=[ISIS])]
    index = ControlIndex(alone, resolve_holder=Registry.load().holding)
    mark = index.mark(TOWN)
    assert [i.holder for i in index.on(TOWN, "2016-12-01")] == ["Syrian opposition"]
    more = index.updated([*alone, *region(BESIDE)])
    assert more.mark(TOWN) != mark
    assert {a.ref for a in more.rests_on(TOWN)} > {ClaimRef("r1", "c1")}
    assert [i.holder_entity for i in more.on(TOWN, "2016-12-01")] == [LED.entity]
    less = more.updated(alone)
    assert [i.holder for i in less.on(TOWN, "2016-12-01")] == ["Syrian opposition"]
