"""Which place a name is among its namesakes, places named inside longer names, and the areas of names that are unknown."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tadmor.model import Claim, Mention, ReaderInfo, Reading, Report
from tadmor.reconcile.accounts import named as names_in
from tadmor.reconcile.accounts import places_of
from tadmor.resolve.gazetteer import Candidate, Gazetteer, default_path
from tadmor.resolve.places import resolve_places
from tadmor.resolve.places_area import area_of
from tadmor.resolve.places_context import FEATURES, NONE
from tadmor.resolve.places_named import named
from tadmor.resolve.places_names import look_up, names_of, within
from tadmor.resolve.places_ranking import context_of, first, passes, rank, shared

needs_gazetteer = pytest.mark.skipif(
    not default_path().is_file(), reason="the gazetteer is not compiled: install the package"
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def mentions(text: str, *names: str, type: str = "place") -> list[Mention]:
    """A mention of every occurrence of the names, in text order."""
    found = sorted((i, n) for n in names for i in range(len(text)) if text.startswith(n, i))
    return [Mention(f"m{k}", i, i + len(n), n, type, "name") for k, (i, n) in enumerate(found)]  # type: ignore[arg-type]


def resolved(gazetteer: Gazetteer, text: str, *names: str) -> dict[str, Mention]:
    return {m.text: m for m in resolve_places(mentions(text, *names), Report("r", text), gazetteer).values()}


# -- the choice among namesakes ----------------------------------------------------------------------------------


@needs_gazetteer
def test_small_towns_make_each_other_clear(gazetteer: Gazetteer) -> None:
    text = "The sheriff of Lamar County said that the road from Paris to Reno and Blossom was closed."
    places = resolved(gazetteer, text, "Lamar County", "Paris", "Reno", "Blossom")
    assert {m.country for m in places.values()} == {"US"}
    assert places["Paris"].lat == pytest.approx(33.66, abs=0.1)
    assert places["Blossom"].lat == pytest.approx(33.66, abs=0.1)


@needs_gazetteer
def test_the_great_city_stays_where_nothing_speaks_against_it(gazetteer: Gazetteer) -> None:
    text = "Envoys of Syria, Russia and Turkey met in Paris and then in Geneva."
    places = resolved(gazetteer, text, "Syria", "Russia", "Turkey", "Paris", "Geneva")
    assert (places["Paris"].entity, places["Geneva"].country) == ("geonames:2988507", "CH")


@needs_gazetteer
@pytest.mark.parametrize(
    ("text", "names", "entity"),
    [
        ("Officials in Washington spoke with Syria and Iraq.", ("Syria", "Iraq"), "geonames:4140963"),
        ("Oregon, Idaho and Washington passed the same law.", ("Oregon", "Idaho"), "admin1:US.WA"),
    ],
)
def test_a_state_among_states_and_the_city_else(
    gazetteer: Gazetteer, text: str, names: tuple[str, ...], entity: str
) -> None:
    assert resolved(gazetteer, text, "Washington", *names)["Washington"].entity == entity


@needs_gazetteer
def test_bodies_speak_for_where_a_report_is(gazetteer: Gazetteer) -> None:
    text = "The Arlington council met. The Texas Water Board sent a man."
    found = [*mentions(text, "Arlington"), Mention("a1", 27, 47, text[27:47], "actor", "name")]
    assert found[1].text.startswith("The Texas")
    place = resolve_places(found, Report("r", text), gazetteer)["m0"]
    assert place.lat == pytest.approx(32.73, abs=0.1)
    assert set(resolve_places(found, Report("r", text), gazetteer)) == {"m0"}


@needs_gazetteer
def test_shares_of_a_name_leave_room_for_none(gazetteer: Gazetteer) -> None:
    text = "Troops left Homs, Hama and Springfield."
    names = names_of(mentions(text, "Homs", "Hama", "Springfield"), Report("r", text), gazetteer)
    for choice in rank(names, {"SY": 2}):
        assert all(0.0 <= s <= 1.0 for s in choice.shares)
        assert 0.0 < sum(choice.shares) <= 1.0
    context = context_of(names, {})
    assert context is not None
    before = first(context)
    assert np.add.reduceat(before, context.bounds[:-1]) == pytest.approx(np.ones(len(names)))
    assert shared(context, before, passes()[0]).shape == before.shape


@needs_gazetteer
def test_no_names_no_choice(gazetteer: Gazetteer) -> None:
    assert rank([], {}) == []
    text = "They left Qazwinatabad."
    names = names_of(mentions(text, "Qazwinatabad"), Report("r", text), gazetteer)
    assert [c.best for c in rank(names, {"SY": 1})] == [None]
    assert context_of([n for n in names if n.candidates], {}) is None


@needs_gazetteer
def test_a_dateline_and_officials_abroad_do_not_move_a_town_of_war(gazetteer: Gazetteer) -> None:
    text = (
        "LONDON, Dec. 10 - Fighters entered Palmyra and Kunduz after clashes, officials said. Russian warplanes carried out"
        " strikes, Washington said."
    )
    found = mentions(text, "LONDON", "Palmyra", "Kunduz", "Washington") + mentions(text, "Russian", type="nationality")
    places = {m.text: m for m in resolve_places(found, Report("r", text), gazetteer).values()}
    assert (places["Palmyra"].entity, places["Kunduz"].country) == ("geonames:163808", "AF")


@needs_gazetteer
@pytest.mark.parametrize("direction", ["northwestern", "north-western", "north western"])
def test_directions_are_written_in_many_ways(gazetteer: Gazetteer, direction: str) -> None:
    places = resolved(gazetteer, f"Rebels advanced in {direction} Syria.", f"{direction} Syria")
    assert places[f"{direction} Syria"].entity == "country:SY"


@needs_gazetteer
def test_a_region_of_no_country_alone_is_found(gazetteer: Gazetteer) -> None:
    places = resolved(gazetteer, "The conflict spread across the Middle East.", "Middle East")
    assert places["Middle East"].country is None
    assert places["Middle East"].lat is not None


def test_every_feature_has_a_weight() -> None:
    for weights in passes():
        assert weights.candidate.shape == (len(FEATURES),)
        assert weights.none.shape == (len(NONE),)
        assert np.isfinite(weights.candidate).all()
    top = dict(zip(FEATURES, passes()[-1].candidate, strict=True))
    assert top["prior"] > 0 > top["untold"]  # more people speak for a place, a country that nobody names against it


# -- names and what is inside them -------------------------------------------------------------------------------


@needs_gazetteer
@pytest.mark.parametrize(
    ("text", "core", "derived"),
    [
        ("the Philippines", "philippines", False),
        ("W. Va.", "w va", False),
        ("Ky.", "ky", False),
        ("Gainesville Fire Station", "gainesville", True),
        ("the former Manhattan Playhouse", "manhattan", True),
        ("Henderson County Jail", "henderson county", True),
        ("D-Charleston", "d charleston", False),
    ],
)
def test_names_are_found_by_what_is_inside(gazetteer: Gazetteer, text: str, core: str, derived: bool) -> None:
    found = look_up(text.removeprefix("D-"), gazetteer)
    assert found.candidates
    assert (found.core, found.derived) == (core.removeprefix("d "), derived)


@needs_gazetteer
@pytest.mark.parametrize("text", ["Pakistan mountains", "Xyzzy Street", "Homs Road", "Ossory County Lane Road"])
def test_what_lies_anywhere_is_no_site(gazetteer: Gazetteer, text: str) -> None:
    assert look_up(text, gazetteer).candidates == []


@needs_gazetteer
def test_a_lower_case_direction_is_no_part_of_the_name(gazetteer: Gazetteer) -> None:
    names = {c.name for c in look_up("north Arlington", gazetteer).candidates}
    assert "Arlington" in names
    assert "North Arlington" not in names
    assert {c.name for c in look_up("North Arlington", gazetteer).candidates} == {"North Arlington"}


@needs_gazetteer
def test_a_county_goes_by_its_bare_name(gazetteer: Gazetteer) -> None:
    text = "Deputies of Barrow, Oconee and Clarke County in Georgia searched the woods near Athens."
    places = resolved(gazetteer, text, "Barrow", "Oconee", "Clarke County", "Georgia", "Athens")
    assert places["Barrow"].entity == "admin2:US.GA.13013"
    assert places["Athens"].lat == pytest.approx(33.96, abs=0.1)


@needs_gazetteer
def test_where_a_name_stands_inside_a_text(gazetteer: Gazetteer) -> None:
    text = "a former Charleston’s mayor"
    found = within(text, gazetteer)
    assert found.span is not None
    assert text[slice(*found.span)] == "Charleston"
    assert within("the man", gazetteer).span is None


@needs_gazetteer
def test_descriptions_name_places_too(gazetteer: Gazetteer) -> None:
    text = "A Houston man and Ohio officials spoke to the Boston Herald. Jackson Lee did not."
    spans = {"A Houston man": "person", "Ohio officials": "actor"}
    found = [
        Mention(f"m{k}", text.index(t), text.index(t) + len(t), t, kind, "nominal")  # type: ignore[arg-type]
        for k, (t, kind) in enumerate(spans.items())
    ]
    herald, lee = text.index("the Boston"), text.index("Jackson")
    found.append(Mention("m8", herald, herald + 17, text[herald : herald + 17], "actor", "name"))
    found.append(Mention("m9", lee, lee + 11, "Jackson Lee", "person", "name"))
    beside = named(found, gazetteer)
    assert [(m.id, m.text, m.type) for m in beside] == [("p1", "Houston", "place"), ("p2", "Ohio", "place")]
    assert all(text[m.start : m.end] == m.text for m in beside)
    assert named([*found, *beside], gazetteer) == []


# -- areas of unknown names --------------------------------------------------------------------------------------


def place(name: str, lat: float, lon: float, kind: str = "town") -> Candidate:
    return Candidate(f"geonames:{sum(map(ord, name))}", name, lat, lon, "SY", "09", kind, kind, 1000)


def at(start: int, text: str) -> Mention:
    return Mention(f"m{start}", start, start + len(text), text, "place", "name")


def test_an_unknown_name_lies_among_the_places_beside_it() -> None:
    near = [(at(10, "Aton"), place("Aton", 36.2, 37.1)), (at(40, "Bton"), place("Bton", 36.3, 37.2))]
    area = area_of(at(25, "Unknown"), near)
    assert area is not None
    assert (area.lat, area.country) in {(36.2, "SY"), (36.3, "SY")}
    assert area.radius_km >= 100.0


def test_places_far_apart_and_countries_say_nothing() -> None:
    apart = [(at(10 * k, n), place(n, 20.0 * k, 30.0 * k)) for k, n in enumerate(("Aton", "Bton", "Cton"))]
    assert area_of(at(500, "Unknown"), apart) is None
    assert area_of(at(5, "Unknown"), [(at(10, "Syria"), place("Syria", 35.0, 38.0, "country"))]) is None
    assert area_of(at(5, "Unknown"), []) is None
    assert area_of(at(5, "Unknown"), [(at(20, "Aton"), place("Aton", 36.2, 37.1))]) is None


def test_less_agreement_makes_a_wider_area() -> None:
    together = [(at(10 * k, f"T{k}"), place(f"T{k}", 36.0, 37.0 + k / 10)) for k in range(4)]
    torn = [*together[:3], (at(30, "Far"), place("Far", 10.0, 10.0)), (at(45, "Off"), place("Off", -30.0, 20.0))]
    close, wide = area_of(at(60, "Unknown"), together), area_of(at(60, "Unknown"), torn)
    assert close is not None
    assert wide is not None
    assert close.radius_km < wide.radius_km
    assert not math.isnan(wide.lat)


@needs_gazetteer
def test_a_name_in_an_area_has_no_identity(gazetteer: Gazetteer) -> None:
    text = "Shells fell on Saraqib, on Qazwinatabad and on Idlib in Syria."
    unknown = resolved(gazetteer, text, "Saraqib", "Qazwinatabad", "Idlib", "Syria")["Qazwinatabad"]
    assert (unknown.entity, unknown.name, unknown.country) == (None, None, "SY")
    assert unknown.lat == pytest.approx(35.9, abs=0.2)
    assert unknown.radius_km is not None
    assert unknown.radius_km > 50


def test_an_area_is_no_position_of_a_claim() -> None:
    text = "Shells fell on Qazwinatabad."
    unknown = Mention("m1", 15, 27, text[15:27], "place", lat=35.9, lon=36.7, country="SY", radius_km=160.0)
    claim = Claim("c1", "shelling", "asserted", 0, 28, text, places=("m1",), place_names=("Qazwinatabad",))
    reading = Reading(Report("r", text), ReaderInfo("rules", "1"), (unknown,), (), (claim,))
    [(phrase, found)] = places_of(claim, names_in(reading))
    assert phrase == "Qazwinatabad"
    assert (found.entity, found.lat, found.lon, found.country) == (None, None, None, "SY")
