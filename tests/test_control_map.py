"""The map of a day: which places it shows, what it says of them, and that it can be read."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from benchmarks import join as made
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.make_basemap import compact

from tadmor import Ledger
from tadmor.cli import cli
from tadmor.errors import BadDate
from tadmor.model import ClaimRef, ControlInterval, Credibility, Place
from tadmor.publish import basemap, control_map, map_layout, map_marks
from tadmor.publish.basemap import Frame
from tadmor.publish.control_places import ControlMap, PlaceControl
from tadmor.publish.map_layout import Box, Wanted
from tadmor.resolve.gazetteer import distance_km

SVG = "{http://www.w3.org/2000/svg}"
TOWNS = made.towns(20, random.Random(5))
DAY = "2016-06-30"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("map") / "war.db"
    with Ledger(where) as opened:
        for reading in made.readings(TOWNS, 250, random.Random(5)):
            opened.store.add(reading)
    return where


@pytest.fixture(scope="module")
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as opened:
        yield opened


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["control", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def found(name: str, lat: float, lon: float, holder: str | None = "the Guard", **more: object) -> PlaceControl:
    interval = ControlInterval(
        holder, "held", "2016-01-05", None, ("a monitor",), (ClaimRef("r1", "c1"),), (), Credibility(3, "weak", ())
    )
    interval = replace(interval, **{k: v for k, v in more.items() if k in ("status",)})
    rest = {k: v for k, v in more.items() if k != "status"}
    return PlaceControl(
        Place(name, f"made:{name}", lat, lon, "SY"),
        interval,
        **({"side": None, "heard": "2016-06-01", "told": 3} | rest),  # type: ignore[arg-type]
    )


def marks(svg: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == "place"]


def words(svg: str) -> str:
    return "\n".join(e.text or "" for e in ET.fromstring(svg).iter() if e.text)


@pytest.mark.parametrize("source", [None, "Coast Observatory"])
@pytest.mark.parametrize("known", [None, "2016"])
def test_every_place_is_answered_as_by_the_join(ledger: Ledger, source: str | None, known: str | None) -> None:
    shown = ledger.control_map(DAY, according_to=source, known_at=known)
    assert len(shown.places) > (3 if source else 12)
    rows = [{"place": p.place.name, "lat": p.place.lat, "lon": p.place.lon, "on": DAY} for p in shown.places]
    for p, answer in zip(shown.places, ledger.join(rows, according_to=source, known_at=known), strict=True):
        assert (p.held.holder, p.held.status, p.held.start) == (answer["holder"], answer["status"], answer["since"])
        assert [{"report": r.report, "claim": r.claim} for r in p.held.claims] == answer["claims"]


def test_a_place_is_known_from_the_first_day_of_which_somebody_tells(ledger: Ledger) -> None:
    first: dict[str, str] = {}
    for account in ledger.store.accounts():
        for place in account.places:
            day = (account.claim.date or account.published or "")[:10]
            first[place.entity or ""] = min(day, first.get(place.entity or "", "9999"))
    for day in ("2012-06-01", "2014-01-01", DAY):
        shown = {p.place.entity for p in ledger.control_map(day).places}
        assert shown <= {entity for entity, since in first.items() if since <= day}
    assert len(ledger.control_map("2012-06-01").places) < len(ledger.control_map(DAY).places)
    assert not ledger.control_map("2011-12-31").places


def test_what_was_known_then_is_not_rewritten_by_later_reports(tmp_path: Path, ledger: Ledger) -> None:
    then = "2015-12-31"
    with Ledger(tmp_path / "then.db") as early:
        for reading in made.readings(TOWNS, 250, random.Random(5)):
            if (reading.report.published or "") <= then:
                early.store.add(reading)
        expected = early.control_map(DAY)
    asked = ledger.control_map(DAY, known_at=then)
    assert asked.places == expected.places
    assert asked.places != ledger.control_map(DAY).places
    assert all(p.heard <= then for p in asked.places)


def test_the_letter_that_people_gave_a_source_counts_in_all_answers(tmp_path: Path) -> None:
    with Ledger(tmp_path / "rated.db") as ledger:
        for reading in made.readings(TOWNS, 75, random.Random(5)):
            ledger.store.add(reading)
        before = ledger.control_map(DAY).places
        lone = next(p for p in before if len(p.held.sources) == 1 and p.held.credibility.admiralty == 3)
        ledger.store.rate(lone.held.sources[0], "E", who="a tester")
        (after,) = (p for p in ledger.control_map(DAY).places if p.place == lone.place)
        (interval,) = ledger.control(lone.place.name, on=DAY).items
        (row,) = ledger.join([{"place": lone.place.name, "on": DAY}])
    assert after.held == interval
    assert (interval.credibility.admiralty, row["credibility"]) == (4, 4)


def test_a_day_that_is_none_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadDate):
        ledger.control_map("sometime")


def test_the_geojson_has_a_point_for_every_place_with_its_claims(path: Path, ledger: Ledger) -> None:
    code, out, err = run("--map", "--on", DAY, "--ledger", str(path))
    assert (code, err) == (0, "")
    collection = json.loads(out)
    shown = ledger.control_map(DAY)
    assert collection["on"] == DAY
    assert len(collection["features"]) == len(shown.places)
    for feature, place in zip(collection["features"], shown.places, strict=True):
        assert feature["geometry"] == {"type": "Point", "coordinates": [place.place.lon, place.place.lat]}
        told = feature["properties"]
        assert told["holder"] == place.held.holder
        assert told["side"] == place.side
        assert told["claims"] == [f"{r.report}:{r.claim}" for r in place.held.claims]
        assert told["heard"] <= DAY


def test_the_svg_has_a_mark_for_every_place_and_says_of_which_day_and_whom(path: Path, ledger: Ledger) -> None:
    args = ("--map", "--on", DAY, "--format", "svg", "--ledger", str(path))
    _, out, _ = run(*args)
    assert len(marks(out)) == len(ledger.control_map(DAY).places)
    assert "30 June 2016" in words(out)
    assert "not what is true" in words(out)
    assert "Natural Earth" in words(out)
    assert run(*args)[1] == out
    _, alone, _ = run(*args, "--according-to", "Coast Observatory", "--known-at", "2017-01")
    assert "Coast Observatory alone" in words(alone)
    assert "January 2017" in words(alone)


def test_a_file_whose_name_ends_in_svg_is_one(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.svg"
    code, out, _ = run("--map", "--on", DAY, "-o", str(target), "--ledger", str(path))
    assert (code, out) == (0, "")
    assert marks(target.read_text(encoding="utf-8"))


def test_nothing_known_is_said_and_gives_an_empty_map(path: Path) -> None:
    code, out, err = run("--map", "--on", "1999-01-01", "--ledger", str(path))
    assert code == 0
    assert json.loads(out)["features"] == []
    assert "no claim in the ledger says who held any place on 1999-01-01" in err
    _, svg, _ = run("--map", "--on", "1999-01-01", "--format", "svg", "--ledger", str(path))
    assert not marks(svg)
    assert "No claim in the ledger" in words(svg)


def test_places_of_another_country_are_left_out_when_one_is_asked_for(path: Path) -> None:
    assert json.loads(run("--map", "--on", DAY, "--country", "iq", "--ledger", str(path))[1])["features"] == []
    assert json.loads(run("--map", "--on", DAY, "--country", "sy", "--ledger", str(path))[1])["features"]


def test_a_place_without_a_point_is_left_out_and_named(tmp_path: Path) -> None:
    where = tmp_path / "names.db"
    with Ledger(where) as ledger:
        for reading in made.readings(TOWNS[:4], 60, random.Random(5)):
            lost = [
                replace(m, entity=None, lat=None, lon=None, country=None) if m.text == TOWNS[0].name else m
                for m in reading.mentions
            ]
            ledger.store.add(replace(reading, mentions=tuple(lost)))
    _, out, err = run("--map", "--on", DAY, "--ledger", str(where))
    assert TOWNS[0].name not in {f["properties"]["place"] for f in json.loads(out)["features"]}
    assert json.loads(out)["without_point"] == [TOWNS[0].name]
    assert f"1 place: {TOWNS[0].name}" in err


def test_a_place_of_another_country_is_not_named_either(tmp_path: Path) -> None:
    where = tmp_path / "names.db"
    with Ledger(where) as ledger:
        for reading in made.readings(TOWNS[:4], 60, random.Random(5)):
            lost = [
                replace(m, entity=None, lat=None, lon=None, country="UA") if m.text == TOWNS[0].name else m
                for m in reading.mentions
            ]
            ledger.store.add(replace(reading, mentions=tuple(lost)))
    assert json.loads(run("--map", "--on", DAY, "--ledger", str(where))[1])["without_point"] == [TOWNS[0].name]
    _, out, _ = run("--map", "--on", DAY, "--country", "sy", "--ledger", str(where))
    assert "without_point" not in json.loads(out) or json.loads(out)["without_point"] == []


@pytest.mark.parametrize(
    "args",
    [
        ("--map",),
        ("Palmyra", "--map", "--on", DAY),
        ("--map", "--on", DAY, "--format", "csv"),
        ("Palmyra", "--country", "SY"),
        ("Palmyra", "--format", "svg"),
        (),
    ],
)
def test_what_does_not_go_together_is_refused(args: tuple[str, ...], path: Path) -> None:
    assert run(*args, "--ledger", str(path))[0] == 2


HOSTILE = '<script>alert("x")</script> & ]]> \x00\x0b\ud800\u202e =1+1 ' + "long " * 30


def test_names_from_reports_are_text_and_nothing_else() -> None:
    place = found(HOSTILE, 34.0, 38.0, HOSTILE)
    svg = control_map.svg(ControlMap(DAY, (place,), (HOSTILE,), according_to=HOSTILE))
    root = ET.fromstring(svg.encode("utf-8"))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg", "title", "defs", "clipPath", "rect", "g", "path", "text", "circle",
    }  # fmt: skip
    assert "<script>" in words(svg)
    assert len(marks(svg)) == 1


def test_labels_meet_neither_each_other_nor_a_mark_nor_the_edge(ledger: Ledger) -> None:
    rng = random.Random(3)
    crowd = tuple(
        found(f"Town {'x' * rng.randrange(9)} {n}", rng.uniform(34, 36), rng.uniform(36, 39), told=rng.randrange(30))
        for n in range(150)
    )
    for shown in (ControlMap(DAY, crowd), ledger.control_map(DAY)):
        plan = control_map.laid_out(shown)
        boxes = [label.box for label in plan.labels] + [name.box for name in plan.names]
        assert len(plan.labels) > 10
        for k, box in enumerate(boxes):
            assert box.within(plan.projection.box)
            assert not any(box.meets(other) for other in boxes[:k])
            assert not any(box.meets(mark.box) for mark in plan.marks)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(2, 9), st.floats(5, 90)), min_size=1, max_size=40
    )
)
def test_labels_are_placed_apart_wherever_the_marks_are(spots: list[tuple[float, float, float, float]]) -> None:
    wanted = [Wanted(x, y, reach, width, 12) for x, y, reach, width in spots]
    taken = [Box(x - r, y - r, x + r, y + r) for x, y, r, _ in spots]
    panel = Box(0, 0, 300, 300)
    boxes = map_layout.place_labels(wanted, panel, taken)
    kept = [b for b in boxes if b]
    for k, box in enumerate(kept):
        assert box.within(panel)
        assert not any(box.meets(o) for o in (*kept[:k], *taken))


def test_the_place_most_is_said_of_has_its_label_first() -> None:
    places = tuple(found(f"Place {n}", 35.0, 38.0 + n / 1e4, told=n) for n in range(1, 6))
    far = (found("West", 34.0, 36.0), found("East", 36.0, 40.0))
    labels = [label.words for label in control_map.laid_out(ControlMap(DAY, (*places, *far))).labels]
    assert "Place 5" in labels
    assert "Place 1" not in labels


def test_a_few_places_far_off_are_named_and_do_not_widen_the_map() -> None:
    near = tuple(found(f"Near {n}", 34 + n / 10, 38.0 + n % 3 / 5, told=1) for n in range(20))
    svg = control_map.svg(ControlMap(DAY, (*near, found("Faraway", -33.0, 151.0, "the Fleet"))))
    assert len(marks(svg)) == 20
    assert "Too far off to be shown: Faraway (the Fleet)." in words(svg)


@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=1, max_size=60))
def test_nine_in_ten_places_are_always_within_the_frame(points: list[tuple[float, float]]) -> None:
    near = map_layout.main_field(np.array(points))
    assert near.sum() >= math.ceil(0.9 * len(points))
    projection = map_layout.fit(np.array(points)[near], 10, 20, 800, (500, 900))
    xy = projection.xy(np.array(points)[near])
    assert all(Box(x, y, x, y).within(projection.box) for x, y in xy.tolist())


def test_sides_are_told_apart_by_colour_and_by_shape() -> None:
    sides = ["government", "opposition", "islamic-state", "kurdish", "turkey", "north", "south"]
    places = tuple(found(s, 34, 38 + n, f"the {s}", side=s) for n, s in enumerate(sides))
    looks = list(map_marks.groups(places).values())
    assert len({g.colour for g in looks}) == len({g.shape for g in looks}) == len(sides)


def test_the_look_of_a_side_does_not_hang_on_how_many_places_it_has() -> None:
    one = [found(f"a{n}", 34, 38, "A", side="aaa") for n in range(5)] + [found("b", 34, 38, "B", side="bbb")]
    other = [found(f"b{n}", 34, 38, "B", side="bbb") for n in range(5)] + [found("a", 34, 38, "A", side="aaa")]
    first, second = map_marks.groups(one), map_marks.groups(other)
    assert {k: (g.colour, g.shape) for k, g in first.items()} == {k: (g.colour, g.shape) for k, g in second.items()}


def test_many_holders_of_one_place_are_shown_together() -> None:
    places = tuple(found(str(n), 34, 38, f"group {n}") for n in range(60))
    groups = set(map_marks.groups(places).values())
    assert [g.label for g in groups] == ["Others"]
    assert sum(g.number for g in groups) == 60


@pytest.mark.parametrize(
    ("status", "tags"),
    [
        ("held", ["path"]),
        ("contested", ["path", "path", "path"]),
        ("besieged", ["path", "circle"]),
        ("lost", ["path", "path"]),
    ],
)
def test_every_status_has_a_mark_of_its_own(status: str, tags: list[str]) -> None:
    svg = control_map.svg(ControlMap(DAY, (found("A", 34, 38, status=status),)))
    (mark,) = marks(svg)
    assert mark.get("data-status") == status
    assert [e.tag.removeprefix(SVG) for e in mark][1:] == tags


def test_a_place_of_which_nothing_was_told_for_a_year_is_pale() -> None:
    old, new = found("Old", 34, 38, heard="2015-01-01"), found("New", 34, 39, heard="2016-06-01")
    pale = {g.get("data-place"): g.get("opacity") for g in marks(control_map.svg(ControlMap(DAY, (old, new))))}
    assert pale == {"made:Old": "0.45", "made:New": None}


def test_the_base_map_has_the_land_where_it_is() -> None:
    cut = basemap.cut(Frame(35, 32, 43, 38))
    assert {"Syria", "Turkey", "Iraq", "Lebanon", "Jordan"} <= {name for name, _ in cut.land}
    for name, (ring, *_) in cut.land:
        assert ring[:, 0].min() >= 35, name
        assert ring[:, 0].max() <= 43
    syria = next(rings[0] for name, rings in cut.land if name == "Syria")
    inside = map_layout._inside(np.array([(38.28, 34.56), (36.28, 33.51), (35.5, 33.88), (40.0, 32.5)]), syria)
    assert inside.tolist() == [True, True, False, False]
    assert cut.borders
    assert cut.coasts


def test_land_goes_on_beyond_the_antimeridian() -> None:
    east = basemap.cut(Frame(170, 60, 200, 70))
    assert {"Russia", "United States of America"} <= {name for name, _ in east.land}
    for lines in (east.coasts, east.borders):
        assert all(np.abs(np.diff(line[:, 0])).max() < 20 for line in lines)


def test_a_ring_is_cut_along_the_frame() -> None:
    ring = np.array([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], dtype=float)
    cut = basemap.clip_ring(ring, Frame(5, -5, 20, 4))
    assert (cut.min(axis=0).tolist(), cut.max(axis=0).tolist()) == ([5, 0], [10, 4])
    assert len(basemap.clip_ring(ring, Frame(20, 20, 30, 30))) == 0


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    projection = map_layout.fit(np.array([(36.0, 33.0), (40.0, 37.0), (38, 35), (37, 36)]), 0, 0, 800, (500, 900))
    km, pixels = map_layout.nice_length(projection, 170)
    degrees = math.degrees(pixels / projection.scale)
    middle = projection.middle
    assert distance_km((middle, 38.0), (middle, 38.0 + degrees)) == pytest.approx(km, rel=1e-3)
    assert km in (1, 2, 5, 10, 20, 50, 100, 200, 500)


def test_the_base_map_is_made_from_topojson() -> None:
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [1, 0], [0, 1]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0]], "properties": {"name": "B"}},
                    {"type": "MultiPolygon", "arcs": [[[0]], [[-1]]], "properties": {"name": "A"}},
                    {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Antarctica"}},
                ]
            }
        },
    }
    made_map = compact(topology)
    assert made_map["arcs"] == [[0, 0, 1, 0, 0, 1]]
    assert made_map["countries"] == [["A", [[[0]], [[-1]]]], ["B", [[[0]]]]]
