"""Building a gazetteer of one's own: the kinds of files, rows that cannot be read, breaking off and going on, joining."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tadmor.errors import InputError
from tadmor.resolve import gazetteer_build
from tadmor.resolve.gazetteer import Gazetteer, default_path
from tadmor.resolve.gazetteer_build import Built, build
from tadmor.resolve.gazetteer_sources import detect
from tadmor.resolve.resolve import Resources

compiled = pytest.mark.skipif(not default_path().is_file(), reason="the gazetteer is not compiled: install the package")


def dump_row(number: int, name: str, lat: float, lon: float, code: str = "PPL", **cells: str) -> str:
    """A row of a GeoNames dump."""
    row = [
        str(number),
        name,
        name,
        cells.get("alternates", ""),
        str(lat),
        str(lon),
        "P",
        code,
        cells.get("country", "SY"),
    ]
    row += ["", cells.get("admin1", "11"), cells.get("admin2", ""), "", "", cells.get("population", "0")]
    return "\t".join([*row, "", "10", "Asia/Damascus", "2020-01-01"]) + "\n"


PCODES = "lon,lat,ADM3_EN,ADM3_PCODE,ADM3ALT1EN,ADM3_AR,ADM2_EN,ADM2_PCODE,ADM1_EN,ADM1_PCODE,ADM0_EN,ADM0_PCODE\n"
COMMUNITIES = "lon,lat,PP_NAME_EN,PP_PCODE,PP_ALT1_EN,ADM3_EN,ADM3_PCODE,ADM1_EN,ADM1_PCODE,ADM0_EN,ADM0_PCODE\n"


def write(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines), encoding="utf-8")
    return path


def made(out: Path, *files: Path, **options: object) -> tuple[Built, Gazetteer]:
    options.setdefault("base", False)
    built = build(files, out, **options)  # type: ignore[arg-type]
    return built, Gazetteer.open(out)


def test_a_dump_of_geonames(tmp_path: Path) -> None:
    dump = write(
        tmp_path / "SY.txt",
        dump_row(1, "Qasr Umar", 34.5, 38.2, alternates="Kasr Omar,قصر عمر,QSR", population="900"),
        dump_row(2, "Qasr Umar airbase", 34.6, 38.3, "AIRB"),
        dump_row(3, "Hotel Umar", 34.6, 38.3, "HTL"),
        "4\tbroken\n",
        dump_row(5, "Nowhere", 0, 0),
        dump_row(6, "Beyond", 95, 20),
    )
    built, gazetteer = made(tmp_path / "out.sqlite", dump)
    source = built.sources[0]
    assert (source.kind, source.rows, source.kept, source.bad) == ("geonames", 6, 2, 3)
    assert source.named[0] == "row 4: 2 columns instead of 19"
    assert [(c.id, c.kind, c.population) for c in gazetteer.candidates("Kasr Omar")] == [("geonames:1", "town", 900)]
    assert [c.id for c in gazetteer.candidates("قصر عمر")] == ["geonames:1"]
    assert gazetteer.candidates("QSR") == ()
    assert [(c.id, c.feature, c.kind) for c in gazetteer.candidates("Qasr Umar Airbase")] == [
        ("geonames:2", "air base", "site")
    ]
    assert [c.match for c in gazetteer.candidates("al-Qasr Omar")] == ["loose"]


def test_alternate_names_and_areas_of_geonames(tmp_path: Path) -> None:
    dump = write(
        tmp_path / "dump.txt",
        *(dump_row(n, f"Town{n}", 34 + n / 10, 38.0, admin2="77", admin1="11") for n in range(1, 5)),
        dump_row(90, "Homsland", 34.2, 38.1, "ADM1", admin1="11"),
    )
    alternates = write(
        tmp_path / "alternateNamesV2.txt",
        "1\t1\ten\tArtemtown\t1\t\t\t\t\t\n",
        "2\t1\tlink\thttps://example.org/Artem\t\t\t\t\t\t\n",
        "3\t2\tuk\tБахмут\t\t\t\t\t\t\n",
        "4\t999\ten\tElsewhere\t1\t\t\t\t\t\n",
        "5\t90\ten\tLand of Homs\t1\t\t\t\t\t\n",
        "x\ty\n",
    )
    admin1 = write(tmp_path / "admin1CodesASCII.txt", "SY.11\tHoms\tHoms\t90\n", "SY.99\tEmpty\tEmpty\t91\n")
    admin2 = write(tmp_path / "admin2Codes.txt", "SY.11.77\tMiddle\tMiddle\t92\n")
    assert [detect(p).kind for p in (dump, alternates, admin1, admin2)] == [
        "geonames",
        "alternates",
        "admin1",
        "admin2",
    ]
    built, gazetteer = made(tmp_path / "out.sqlite", alternates, admin2, admin1, dump)
    assert [s.kind for s in built.sources] == ["geonames", "admin1", "admin2", "alternates"]
    assert [(c.id, c.match) for c in gazetteer.candidates("Artemtown")] == [("geonames:1", "own")]
    assert [c.id for c in gazetteer.candidates("Бахмут")] == ["geonames:2"]
    assert gazetteer.candidates("Elsewhere") == ()
    assert [c.id for c in gazetteer.candidates("Land of Homs")] == ["admin1:SY.11"]
    assert [c.id for c in gazetteer.candidates("Homs")] == ["admin1:SY.11"]
    assert gazetteer.by_id("admin1:SY.99") is None, "nothing says where it lies"
    middle = gazetteer.by_id("admin2:SY.11.77")
    assert middle is not None
    assert (middle.lat, middle.lon, middle.kind) == (34.25, 38.0, "admin2")
    assert middle.radius_km == pytest.approx(1.5 * 111.2 * 0.1118, abs=0.5)
    assert gazetteer.candidates("Town1")[0].within == ("admin2:SY.11.77",)
    assert built.sources[3].bad == 1


@compiled
def test_pcodes_carry_their_code_and_what_holds_them(tmp_path: Path) -> None:
    areas = write(
        tmp_path / "adm3.csv",
        PCODES,
        "38.3,34.6,Xalub,SY049901,Khalub,خالوب,Xal,SY0499,Homs,SY04,Syrian Arab Republic,SY\n",
        "38.3,,Xadub,SY049902,,,Xal,SY0499,Homs,SY04,Syrian Arab Republic,SY\n",
        "38.3,34.6,,SY049903,,,Xal,SY0499,Homs,SY04,Syrian Arab Republic,SY\n",
    )
    places = write(
        tmp_path / "adm4.csv",
        COMMUNITIES,
        "38.31,34.61,Jafrun (Xalub),C9001,,Xalub,SY049901,Homs,SY04,Syrian Arab Republic,SY\n",
        "38.33,34.63,Kafrun - Old Kafrun,C9002,,Xalub,SY049901,Homs,SY04,Syrian Arab Republic,SY\n",
        "38.284,34.562,Tadmor,C2889,,Xalub,SY049901,Homs,SY04,Syrian Arab Republic,SY\n",
        "38.41,north,Bad,C9003,,Xalub,SY049901,Homs,SY04,Syrian Arab Republic,SY\n",
    )
    built, gazetteer = made(tmp_path / "out.sqlite", places, areas, base=True)
    jafrun = gazetteer.candidates("Jafrun")[0]
    assert (jafrun.id, jafrun.pcode, jafrun.country, jafrun.admin1) == ("pcode:C9001", "C9001", "SY", "11")
    assert jafrun.within == ("pcode:SY049901",)
    assert [c.id for c in gazetteer.candidates("Old Kafrun")] == ["pcode:C9002"]
    assert gazetteer.by_id("pcode:C9001") == gazetteer.candidates("Jafrun (Xalub)")[0]
    area = gazetteer.by_id("pcode:SY049901")
    assert area is not None
    assert (area.name, area.kind, area.feature, area.within) == ("Xalub", "admin2", "subdistrict", ("pcode:SY0499",))
    assert [c.id for c in gazetteer.candidates("خالوب")] == ["pcode:SY049901"]
    tadmur = gazetteer.by_id("geonames:163808")
    assert tadmur is not None
    assert (tadmur.pcode, tadmur.within) == ("C2889", ("pcode:SY049901",)), (
        "the town that GeoNames has, not a second one"
    )
    assert built.joined == 1
    assert [c.id for c in gazetteer.candidates("Tadmor")] == ["geonames:163808"]
    homs = gazetteer.by_id("admin1:SY.11")
    assert homs is not None
    assert homs.pcode == "SY04"
    assert [(s.bad, s.named) for s in built.sources] == [
        (1, ("row 3: no name",)),
        (1, ("row 4: no coordinates: 'north', '38.41'",)),
    ]


@compiled
@pytest.mark.parametrize(
    ("header", "row", "identity"),
    [
        ("item,itemLabel,coord", "http://www.wikidata.org/entity/Q5804,Zorbaville,Point(37.5 36.4)", "wikidata:Q5804"),
        ("id;name;latitude;longitude", "7;Zorbaville;36,4;37,5", "csv:places:7"),
        ("title\ty\tx", "Zorbaville\t36.4\t37.5", None),
        ("Name,Lat,Lng,Country,Governorate", "Zorbaville,36.4,37.5,Syria,Aleppo", None),
    ],
)
def test_any_table_with_names_and_coordinates(tmp_path: Path, header: str, row: str, identity: str | None) -> None:
    table = write(tmp_path / "places.csv", header, "\n", row, "\n")
    built, gazetteer = made(tmp_path / "out.sqlite", table, country="SY")
    (found,) = gazetteer.candidates("Zorbaville")
    assert (found.lat, found.lon, found.country, built.sources[0].bad) == (36.4, 37.5, "SY", 0)
    assert found.id == identity if identity else found.id.startswith("csv:places:")
    if "Governorate" in header:
        assert found.admin1 == "09"


def test_columns_can_be_said(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "A,B,C,D\n", "Zorba,36.4,37.5,air base\n")
    with pytest.raises(InputError, match=r"no column for name nor for lat and lon.*--column"):
        build([table], tmp_path / "out.sqlite", base=False)
    columns = {"name": "A", "lat": "B", "lon": "C", "feature": "D"}
    _, gazetteer = made(tmp_path / "out.sqlite", table, columns=columns)
    assert [(c.feature, c.kind) for c in gazetteer.candidates("Zorba")] == [("air base", "site")]
    with pytest.raises(InputError, match="no column 'Z'"):
        build([table], tmp_path / "out.sqlite", base=False, columns={"name": "Z"})


def test_packed_files_and_files_of_no_kind(tmp_path: Path) -> None:
    row = dump_row(1, "Packed", 34.5, 38.2)
    with gzip.open(tmp_path / "a.txt.gz", "wb") as stream:
        stream.write(row.encode())
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("readme.txt", "x" * 10_000)
        archive.writestr("SY.txt", row.replace("1\tPacked", "2\tZipped", 1))
    _, gazetteer = made(tmp_path / "out.sqlite", tmp_path / "a.txt.gz", tmp_path / "b.zip")
    assert gazetteer.candidates("Packed")
    assert gazetteer.candidates("Zipped")
    for name, content in (("no.csv", b"just words\n"), ("empty.csv", b""), ("bad.zip", b"no archive")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=name):
            detect(tmp_path / name)


def test_a_broken_off_build_goes_on_and_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer_build, "CHUNK", 10)
    lines = [dump_row(n, f"Place {n}", 34 + n / 1000, 38.0) for n in range(1, 96)]
    lines[40] = "bad\n"
    dump = write(tmp_path / "SY.txt", *lines)
    table = write(tmp_path / "t.csv", "name,lat,lon\n", '"Two\nlines",34.1,38.1\n', "Plain,34.2,38.2\n")
    whole, _ = made(tmp_path / "whole.sqlite", dump, table)

    class StopError(Exception):
        pass

    seen: list[int] = []

    def stop(after: int) -> gazetteer_build.Watch:
        def watch(name: str, done: int, of: int) -> None:
            seen.append(done)
            if len(seen) == after:
                raise StopError

        return watch

    out = tmp_path / "out.sqlite"
    for after in (3, 2, 8):  # in the first file, in it again, in the last steps
        seen.clear()
        with pytest.raises(StopError):
            build([dump, table], out, base=False, watch=stop(after))
        assert not out.exists()
    seen.clear()
    built = build([dump, table], out, base=False, watch=lambda name, done, of: seen.append(done))
    assert built.resumed
    assert len(seen) < 8, "what was done is not done again"
    assert (built.places, built.names, built.sources) == (whole.places, whole.names, whole.sources)
    assert sorted(p.name for p in tmp_path.glob("out*")) == ["out.sqlite"]
    assert _content(out) == _content(tmp_path / "whole.sqlite")


def test_another_build_is_not_gone_on_with(tmp_path: Path) -> None:
    dump = write(tmp_path / "SY.txt", dump_row(1, "One", 34.5, 38.2))

    def stop(name: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out.sqlite"
    with pytest.raises(KeyboardInterrupt):
        build([dump], out, base=False, watch=stop)
    write(dump, dump_row(2, "Two", 34.5, 38.2))
    built, gazetteer = made(out, dump)
    assert not built.resumed
    assert not gazetteer.candidates("One")
    (tmp_path / "out.sqlite.part").write_bytes(b"no database at all, but a file that is in the way" * 30)
    assert made(out, dump)[0].places == 1


def test_two_builders_and_bad_targets(tmp_path: Path) -> None:
    dump = write(tmp_path / "SY.txt", dump_row(1, "One", 34.5, 38.2))
    out = tmp_path / "out.sqlite"
    other = sqlite3.connect(out.with_name("out.sqlite.part"), isolation_level=None)
    other.execute("CREATE TABLE x (y)")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="being built by another process"):
        build([dump], out, base=False)
    other.close()
    with pytest.raises(InputError, match="is a source"):
        build([dump], dump, base=False)


@compiled
def test_what_was_built_is_what_resolving_opens(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "name,lat,lon,country\n", "Zorbaville,36.4,37.5,SY\n")
    build([table], tmp_path / "out.sqlite")
    resources = Resources.open(gazetteer=tmp_path / "out.sqlite")
    text = "Shells fell in Zorbaville and in Homs in Syria."
    found: Sequence[str] = [text[f.start : f.end] for f in resources.gazetteer.recognise(text)]
    assert found == ["Zorbaville", "Homs", "Syria"]
    assert resources.gazetteer.by_id("geonames:163808") is not None, "the package's own places are there too"


def _content(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return [
            row for table in ("place", "name", "loose") for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
    finally:
        db.close()
