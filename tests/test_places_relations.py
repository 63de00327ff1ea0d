"""Parts of places and spots beside them: what the text says, and a point with its uncertainty."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadmor.model import Mention, ReaderInfo, Reading, Relation, Report
from tadmor.record import from_record, to_record
from tadmor.resolve.gazetteer import Candidate, Gazetteer, default_path, distance_km
from tadmor.resolve.places import resolve_places
from tadmor.resolve.places_relations import reach_km, relation_of

LAT, LON = 36.5, 38.0


def mention(text: str, name: str, identity: str = "geonames:1", lat: float = LAT, lon: float = LON) -> Mention:
    start = text.index(name)
    return Mention(f"m{start}", start, start + len(name), name, "place", "name", identity, name, lat=lat, lon=lon)


def relation(text: str, name: str = "Manbij", identity: str = "geonames:1") -> Relation | None:
    return relation_of(text, mention(text, name, identity), reach_km=4.0)


@pytest.mark.parametrize(
    ("text", "kind", "direction", "km"),
    [
        ("Shells hit eastern Manbij.", "within", "east", None),
        ("Shells hit north-west Manbij.", "within", "northwest", None),
        ("They hold the southern districts of Manbij.", "within", "south", None),
        ("They met in central Manbij.", "within", "centre", None),
        ("A blast shook the centre of Manbij.", "within", "centre", None),
        ("Smoke rose over Manbij's eastern neighbourhoods.", "within", "east", None),
        ("They reached the outskirts of Manbij.", "side", None, None),
        ("They reached the north-eastern outskirts of the city of Manbij.", "side", "northeast", None),
        ("Manbij's southern suburbs were shelled.", "side", "south", None),
        ("The drone fell 6 km south of Manbij.", "distance", "south", 6.0),
        ("The drone fell 15 miles (24 km) north of Manbij.", "distance", "north", 24.135),
        ("The drone fell two kilometres from Manbij.", "distance", None, 2.0),
        ("It lies 1,500 metres to the west of the town of Manbij.", "distance", "west", 1.5),
        ("They fought in rural Manbij.", "countryside", None, None),
        ("They fought in the northern countryside of Manbij.", "countryside", "north", None),
        ("They fought in the western Manbij countryside.", "countryside", "west", None),
        ("They camped near Manbij.", "near", None, None),
        ("They camped outside the besieged city of Manbij.", "near", None, None),
        ("Villages south of Manbij were taken.", "direction", "south", None),
        ("They came from the south-east of Manbij.", "within", "southeast", None),
        ("They left the far north of Manbij.", "within", "north", None),
        ("Villages to the south of Manbij were taken.", "direction", "south", None),
        ("They dug in on both banks of the Manbij.", "within", None, None),
        ("They hold the northern and eastern outskirts of Manbij.", "side", None, None),
        ("It lies 140 km (87 miles) north-northwest of Manbij.", "distance", "northwest", 140.0),
        ("It lies 10 km east of central Manbij.", "distance", "east", 10.0),
        ("It lies 25 km (15 miles) from the centre of Manbij.", "distance", None, 25.0),
        ("It lies 5km inland from Manbij.", "distance", None, 5.0),
        ("It lies 5 km from the border with Manbij.", "distance", None, 5.0),
        ("They fought along the border with Manbij.", "near", None, None),
        ("They camped close to its northern border with Manbij.", "near", None, None),
    ],
)
def test_what_the_text_says(text: str, kind: str, direction: str | None, km: float | None) -> None:
    found = relation(text)
    assert found is not None
    assert (found.kind, found.direction, found.distance_km, found.of) == (kind, direction, km, "geonames:1")
    assert found.radius_km >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "They took Manbij.",
        "They fled to the southern city of Manbij.",
        "Troops went north. Manbij was quiet.",
        "The eastern front moved; in Manbij all was quiet.",
        "They left for Manbij from the south.",
        "Nothing is near\nManbij",
        "They took Manbij suburbs of Raqqa.",
    ],
)
def test_a_place_itself_has_no_relation(text: str) -> None:
    assert relation(text) is None


def test_a_name_with_a_direction_in_it_is_no_part() -> None:
    text = "They left South Sudan."
    assert relation_of(text, replace(mention(text, "South Sudan", "country:SS"), name="South Sudan")) is None
    inside = relation_of(text, replace(mention(text, "South Sudan", "country:SD"), name="Sudan"), reach_km=600.0)
    assert inside is not None
    assert (inside.kind, inside.direction) == ("within", "south")


def test_points_lie_where_the_text_puts_them() -> None:
    south = relation("The drone fell 6 km south of Manbij.")
    assert south is not None
    assert distance_km((south.lat, south.lon), (LAT, LON)) == pytest.approx(6, abs=0.1)
    assert south.lat < LAT
    assert south.lon == pytest.approx(LON, abs=0.001)
    assert 2 <= south.radius_km <= 6
    around = relation("The drone fell 6 km from Manbij.")
    assert around is not None
    assert (around.lat, around.lon) == (LAT, LON)
    assert around.radius_km >= 6
    east = relation("Shells hit eastern Manbij.")
    assert east is not None
    assert distance_km((east.lat, east.lon), (LAT, LON)) < 4
    assert east.lon > LON


def test_between_two_places() -> None:
    text = "They cut the road between Manbij and the town of Jarabulus."
    one, other = mention(text, "Manbij"), mention(text, "Jarabulus", "geonames:2", 36.82, 38.01)
    first = relation_of(text, one, others=[one, other])
    assert first is not None
    assert first == relation_of(text, other, others=[one, other])
    assert (first.kind, first.of, first.lat) == ("between", "geonames:1 geonames:2", 36.66)
    assert first.radius_km == pytest.approx(17.8, abs=0.3)
    text = "Talks between Moscow and Damascus failed."
    one, other = mention(text, "Moscow"), mention(text, "Damascus", "geonames:2", 33.5, 36.3)
    assert relation_of(text, one, others=[one, other]) is None


@pytest.mark.parametrize(
    "text",
    [
        "A shell hit the highway linking Manbij with Jarabulus.",
        "A shell hit the road from Manbij to Jarabulus.",
        "A shell hit a point half way between Manbij and Jarabulus.",
        "A shell hit the Manbij-Jarabulus road.",
        "Clashes went on at the border between Manbij and Jarabulus.",
    ],
)
def test_a_way_from_one_place_to_another_lies_between_them(text: str) -> None:
    one, other = mention(text, "Manbij"), mention(text, "Jarabulus", "geonames:2", 36.82, 38.01)
    for m in (one, other):
        found = relation_of(text, m, others=[one, other])
        assert found is not None
        assert (found.kind, found.of) == ("between", "geonames:1 geonames:2")


def test_who_goes_from_one_place_to_another_is_not_between_them() -> None:
    text = "They fled from Manbij to Jarabulus."
    one, other = mention(text, "Manbij"), mention(text, "Jarabulus", "geonames:2", 36.82, 38.01)
    assert relation_of(text, one, others=[one, other]) is None
    assert relation_of(text, other, others=[one, other]) is None


def test_a_name_that_is_a_place_as_a_whole_is_no_part_of_it() -> None:
    text = "They left Rural Manbij."
    whole = replace(mention(text, "Rural Manbij"), name="Rif Manbij")
    assert relation_of(text, whole, whole=True) is None
    part = relation_of(text, whole)
    assert part is not None
    assert part.kind == "countryside"


def test_a_direction_before_the_countryside_counts() -> None:
    text = "They left the northern Manbij countryside."
    found = relation_of(text, mention(text, "northern Manbij countryside"))
    assert found is not None
    assert (found.kind, found.direction) == ("countryside", "north")


def test_an_area_is_cut_by_its_own_reach() -> None:
    small, large = relation("In northern Manbij."), None
    text = "In northern Syria."
    large = relation_of(text, mention(text, "Syria", "country:SY"), reach_km=300.0)
    assert small is not None
    assert large is not None
    assert large.radius_km > 20 * small.radius_km


def test_what_is_unresolved_has_none() -> None:
    text = "Near Manbij."
    assert relation_of(text, replace(mention(text, "Manbij"), lat=None)) is None
    assert relation_of(text, replace(mention(text, "Manbij"), entity=None)) is None


def test_reach_grows_with_people_and_areas_have_their_own() -> None:
    town = Candidate("geonames:1", "A", 1.0, 1.0, "SY", "11", "town", "town", 2_000_000)
    assert 8 < reach_km(town) < 15
    assert reach_km(replace(town, population=0)) == 1.5
    assert reach_km(replace(town, kind="admin1", radius_km=80.0)) == 80.0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.text(max_size=60),
    after=st.text(max_size=40),
    lat=st.floats(-90, 90, allow_nan=False),
    lon=st.floats(-180, 180, allow_nan=False),
    reach=st.floats(0.5, 3000),
)
def test_any_text_gives_a_point_on_the_globe(before: str, after: str, lat: float, lon: float, reach: float) -> None:
    for phrase in (before, f"{before} 900 miles north-east of ", f"{before} eastern "):
        text = f"{phrase}Manbij{after}"
        m = Mention(
            "m", len(phrase), len(phrase) + 6, "Manbij", "place", "name", "geonames:1", "Manbij", lat=lat, lon=lon
        )
        found = relation_of(text, m, reach_km=reach)
        if found is not None:
            assert -90 <= found.lat <= 90
            assert -180 <= found.lon <= 180
            assert found.radius_km > 0


@pytest.mark.skipif(not default_path().is_file(), reason="the gazetteer is not compiled: install the package")
def test_resolving_gives_mentions_their_relation_and_the_record_keeps_it() -> None:
    gazetteer = Gazetteer.open()
    text = (
        "Syrian jets struck 6 km south of Manbij and the bakery in Homs; Saraqib hospital and Idlib province were hit."
    )
    report = Report("r", text)
    mentions = [
        Mention(f"m{k}", f.start, f.end, text[f.start : f.end], f.type, f.level, f.entity)
        for k, f in enumerate(gazetteer.recognise(text))
    ]
    by_text = {m.text: m for m in resolve_places(mentions, report, gazetteer).values()}
    manbij = by_text["Manbij"]
    assert manbij.relation is not None
    assert manbij.radius_km is not None
    assert (manbij.entity, manbij.relation.kind, manbij.relation.of) == (
        "geonames:167357",
        "distance",
        "geonames:167357",
    )
    assert manbij.radius_km > 6, "measured from the town that is named"
    assert (by_text["Homs"].relation, by_text["Homs"].radius_km) == (None, None)
    assert by_text["Saraqib hospital"].radius_km is not None, "only the town is known"
    assert by_text["Idlib province"].radius_km is not None
    reading = Reading(report, ReaderInfo("rules", "0"), tuple(by_text.values()))
    row = json.loads(json.dumps(to_record(reading)))
    assert from_record(row) == reading
    homs = next(m for m in row["mentions"] if m["text"] == "Homs")
    assert not {"relation", "radius_km"} & set(homs), "written only when known"
