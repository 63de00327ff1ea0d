"""What the command line refuses or says instead of doing something else than was meant: values, options, periods, files."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from folders import ROOT
from tadmor.cli import cli
from tadmor.cli.verb import examples
from tadmor.ledger import Store
from tadmor.resolve.gazetteer import Gazetteer, default_path
from tadmor.resolve.gazetteer_search import search
from test_export_make import make

compiled = pytest.mark.skipif(not default_path().is_file(), reason="the gazetteer is not compiled: install the package")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of a few readings: who took Palmyra, and an air strike on Idlib of which nobody says who holds it."""
    return make(tmp_path_factory.mktemp("usage") / "war.db")


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@compiled
@pytest.mark.parametrize(
    "verb",
    [
        ("control", "--map", "--on", "2016-12-11"),
        ("gazetteer", "search", "Homs"),
        ("gazetteer", "build"),
    ],
)
@pytest.mark.parametrize(
    ("given", "meant"), [("Syria", "Syria is SY"), ("uk", "United Kingdom is GB"), ("XX", ""), ("", ""), ("SYR", "")]
)
def test_a_country_is_two_letters(verb: tuple[str, ...], given: str, meant: str) -> None:
    code, _, err = run(*verb, "--country", given)
    assert code == 2
    assert "write the two letters of a country, such as SY" in err
    assert meant in err
    assert (" is GB" in err) == ("GB" in meant)


@compiled
def test_a_name_without_a_letter_is_no_name_to_search() -> None:
    for name in ("", " ", "-"):
        code, _, err = run("gazetteer", "search", "--", name)
        assert code == 2
        assert "no name of a place" in err
        assert search(Gazetteer.open(), name) == []


def test_a_place_that_no_claim_names_is_told_from_one_of_which_nobody_says_who_held_it(path: Path) -> None:
    code, _, err = run("control", "Palmira", "--ledger", str(path))
    assert (code, err) == (0, "no claim in the ledger names a place 'Palmira'; names like it: Palmyra\n")
    assert run("control", "Atlantis", "--ledger", str(path))[2] == "no claim in the ledger names a place 'Atlantis'\n"
    assert run("control", "Idlib", "--ledger", str(path))[2] == "no claim in the ledger says who held Idlib\n"
    known = run("control", "Palmyra", "--on", "1990-01-01", "--according-to", "nobody", "--ledger", str(path))[2]
    assert "no claim of nobody says who held Palmyra on 1990-01-01" in known


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_rows_without_an_answer_are_counted_by_what_they_lack(path: Path, tmp_path: Path, between: str) -> None:
    rows = [
        ("Palmyra", "2016-12-12"),
        ("Idlib", "2016-12-12"),
        ("Atlantis", "2016-12-12"),
        ("Palmyra", "soon"),
        ("", "2016-12-12"),
        ("Palmyra", ""),
    ]
    points, target = tmp_path / "points.csv", tmp_path / "joined.csv"
    points.write_text("\n".join(between.join(row) for row in (("place", "on"), *rows)) + "\n", encoding="utf-8")
    code, out, err = run("control", "--join", str(points), "--ledger", str(path), "-o", str(target))
    assert (code, out) == (0, "")
    with target.open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(r["place"], r["on"]) for r in found] == rows
    assert [r["status"] for r in found][1:] == ["unknown"] * 5
    assert found[0]["holder"] == "ISIS"
    assert err == (
        "5 of 6 rows have no answer: 2 of which nobody says who held the place then, 1 with a day that cannot be read, "
        "1 without a place, 1 without a day\n"
    )


def test_nothing_is_counted_where_every_row_has_an_answer(path: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("place,on\nPalmyra,2016-12-12\n", encoding="utf-8")
    assert run("control", "--join", str(points), "--ledger", str(path))[2] == ""


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("control", "--map", "--on", "2016-12-11", "-o", "map.png"), "name it .geojson or .svg"),
        (("control", "Palmyra", "-o", "x.html"), "name it .txt, .json, .csv or .geojson"),
        (("export", "-o", "e.xlsx"), "name it .jsonl, .csv, .geojson or .parquet"),
        (("export", "-o", "e.json"), "or say which form with --format"),
    ],
)
def test_a_suffix_of_no_form_is_refused(path: Path, tmp_path: Path, args: tuple[str, ...], named: str) -> None:
    target = tmp_path / args[-1]
    code, out, err = run(*args[:-1], str(target), "--ledger", str(path))
    assert (code, out) == (2, "")
    assert named in err
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "form", "start"),
    [
        ("e.CSV", None, b"report,claim,"),
        ("e.geojson", None, b'{"type": "FeatureCollection"'),
        ("e.parquet", None, b"PAR1"),
        ("e.jsonl", None, b'{"'),
        ("e", None, b'{"'),
        ("e.json", "csv", b"report,claim,"),
        ("e.csv", "acled", b"event_id_cnty,"),
    ],
)
def test_the_suffix_chooses_the_form_of_an_export(
    path: Path, tmp_path: Path, name: str, form: str | None, start: bytes
) -> None:
    target = tmp_path / name
    args = ("--format", form) if form else ()
    code, _, err = run("export", "-o", str(target), "--ledger", str(path), *args)
    assert code == 0, err
    assert target.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("control", "--map", "--on", "2016-12-11", "--brief"), "--brief goes with the table"),
        (("control", "Palmyra", "--all", "--format", "csv"), "--all goes with the table of one place, not with csv"),
        (("control", "Palmyra", "--brief", "--format", "json"), "not with json"),
        (("control", "--join", __file__, "--all"), "--all goes with the table"),
        (("control", "--join", __file__, "--on", "2016"), "each row has its own day"),
        (("control", "--join", "nowhere.csv"), "'nowhere.csv' does not exist"),
        (("versions", "--version", "2"), "--version needs a REPORT"),
        (("export", "--from", "2018", "--to", "2016"), "the period ends before it begins: --from 2018 --to 2016"),
        (("sitrep", "--to", "2016-12-10", "--from", "2016-12-11"), "--from 2016-12-11 --to 2016-12-10"),
        (("incidents", "--from", "2018", "--to", "2016"), "ends before it begins"),
        (("review", "queue", "--from", "2018", "--to", "2016"), "ends before it begins"),
    ],
)
def test_what_does_not_go_together_is_refused(path: Path, args: tuple[str, ...], said: str) -> None:
    where = () if args[0] == "review" else ("--ledger", str(path))
    code, out, err = run(*args, *where)
    assert (code, out) == (2, "")
    assert said in err


def test_a_period_may_be_one_day_month_or_open(path: Path) -> None:
    for ends in (("2016-12", "2016-12"), ("2016-12-11", "2016"), ("2016-12-11", "2016-12-11/.."), ("..", "2016")):
        assert run("export", "--from", ends[0], "--to", ends[1], "--ledger", str(path))[0] == 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "geojson", "annotations", "acled", "ucdp", "claimreview"])
def test_filters_that_nothing_fits_are_told(path: Path, form: str) -> None:
    noun = "incident" if form in ("acled", "ucdp", "claimreview") else "claim"
    for filters in (("--place", "Atlantis"), ("--from", "2030")):
        code, _, err = run("export", "--format", form, *filters, "--ledger", str(path))
        assert (code, err) == (0, f"no {noun} in the ledger fits these filters\n")
    assert "fits" not in run("export", "--format", form, "--place", "Palmyra", "--ledger", str(path))[2]


def test_a_situation_report_of_nothing_says_so(path: Path, tmp_path: Path) -> None:
    said = "no claim in the ledger fits these filters"
    target = str(tmp_path / "s.html")
    assert run("sitrep", "--place", "Atlantis", "-o", target, "--ledger", str(path))[2] == f"wrote {target}\n{said}\n"
    assert said not in run("sitrep", "--place", "Palmyra", "-o", target, "--ledger", str(path))[2]
    with Store(tmp_path / "empty.db"):
        pass
    assert "the ledger has no claim" in run("sitrep", "-o", target, "--ledger", str(tmp_path / "empty.db"))[2]


def test_one_version_is_shown_alone_and_one_that_is_not_there_is_an_error(path: Path) -> None:
    where = ("--ledger", str(path))
    assert run("versions", "r2", "--version", "1", *where)[1] == run("versions", "r2", *where)[1]
    result = CliRunner().invoke(cli, ["versions", "r2", "--version", "3", *where])
    assert result.exit_code == 1
    assert "the report r2 has no version 3: it has 1" in result.stderr


def test_a_name_that_stands_nowhere_is_withheld_and_said_to_stand_nowhere(tmp_path: Path) -> None:
    path = make(tmp_path / "war.db")

    def add(kind: str, name: str) -> str:
        code, _, err = run("withhold", "add", kind, name, "--who", "Ana", "--ledger", str(path))
        assert code == 0
        return err

    nowhere = "; it stands nowhere in this ledger now"
    assert add("person", "Nobody Such") == f"the person Nobody Such is withheld: mark 1{nowhere}\n"
    assert nowhere in add("place", "Atlantis")
    for kind, name in (("person", "Governor Badi"), ("person", "market"), ("place", "idlib"), ("report", "r2")):
        assert nowhere not in add(kind, name), name
    with Store(path) as store:
        assert len(store.withheld()) == 6


WHOLE = re.compile(r"r-[0-9a-f]{16}")
IDS = re.compile(r"(?<![\w-])r-(?=[0-9a-f]*[0-9])[0-9a-f]+|(?<![\w-])[0-9a-f]{4,}\.\.\.")


@pytest.mark.parametrize("verb", examples())
def test_ids_in_the_examples_are_whole(verb: str) -> None:
    for line in examples()[verb].values():
        assert all(WHOLE.fullmatch(id) for id in IDS.findall(line)), line
        shown = re.search(r"incidents show (\S+)", line)
        assert shown is None or shown[1].startswith("i")


def test_ids_in_the_docs_are_whole() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        found = IDS.findall(page.read_text(encoding="utf-8"))
        assert all(WHOLE.fullmatch(id) for id in found), (page.name, found)
