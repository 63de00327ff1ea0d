"""``tadmor export``: options, filters, files, what is said on standard error, and items that cannot be written."""

from __future__ import annotations

import csv
import importlib
import io
import itertools
import json
import re
import shlex
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from folders import ROOT
from tadmor import Ledger
from tadmor.cli import cli, export_
from tadmor.cli.output import whole
from tadmor.model import Incident, Place
from tadmor.publish import acled, csv_, exports, geojson, ucdp
from tadmor.publish.rows import LeftOut
from test_export_make import READINGS, make
from test_reconcile_make import account


@pytest.fixture(scope="module")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("cli") / "war.db")


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["export", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_command_line_knows_all_forms() -> None:
    assert export_.FORMS == exports.FORMS
    assert set(export_.EITHER) == exports.EITHER


def test_parquet_needs_a_file(ledger_path: Path, tmp_path: Path) -> None:
    code, out, err = run("--ledger", str(ledger_path), "--format", "parquet")
    assert (code, out) == (2, "")
    assert "-o FILE" in err
    target = tmp_path / "claims.parquet"
    assert run("--ledger", str(ledger_path), "--format", "parquet", "-o", str(target))[0] == 0
    assert target.read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("form", "noun"),
    [("acled", "incidents"), ("ucdp", "incidents"), ("annotations", "claims"), ("claimreview", "incidents")],
)
def test_forms_of_one_thing_take_no_choice(ledger_path: Path, form: str, noun: str) -> None:
    code, _, err = run("--ledger", str(ledger_path), "--format", form, "--of", "claims")
    assert code == 2
    assert f"{form} is always of {noun}" in err


@pytest.mark.parametrize("form", [f for f in exports.FORMS if f not in exports.BINARY])
def test_a_file_holds_what_standard_output_would(ledger_path: Path, form: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    code, out, err = run("--ledger", str(ledger_path), "--format", form)
    assert code == 0
    assert run("--ledger", str(ledger_path), "--format", form, "-o", str(target)) == (0, "", err)
    assert target.read_text(encoding="utf-8") == out


def test_incidents_in_every_form_that_holds_either(ledger_path: Path) -> None:
    where = ("--ledger", str(ledger_path), "--of", "incidents")
    lines = [json.loads(x) for x in run(*where)[1].splitlines()]
    rows = list(csv.DictReader(io.StringIO(run(*where, "--format", "csv")[1])))
    assert [r["incident"] for r in rows] == [x["id"] for x in lines]
    assert set(rows[0]) == set(csv_.INCIDENT_COLUMNS)
    _, out, err = run(*where, "--format", "geojson")
    points = json.loads(out)["features"]
    left = re.search(r"(\d+) incidents? left out: no place", err)
    assert len(points) + int(left[1] if left else 0) == len(lines)
    strike = next(r for r in rows if r["type"] == "air_strike")
    assert re.fullmatch(r"12 to 23 killed, best (12|23): .+", strike["counts"])


def test_claims_as_lines(ledger_path: Path) -> None:
    lines = [
        json.loads(x) for x in run("--ledger", str(ledger_path), "--of", "claims", "--place", "Idlib")[1].splitlines()
    ]
    assert [(x["report"], x["id"]) for x in lines] == [("r:1", "c2"), ("r2", "c1")]
    assert lines[0]["counts"][0]["max"] == 12


def test_points_say_when(ledger_path: Path) -> None:
    for of in ("claims", "incidents"):
        points = json.loads(run("--ledger", str(ledger_path), "--format", "geojson", "--of", of)[1])["features"]
        found = {(p["properties"]["when"], p["properties"]["start"], p["properties"]["end"]) for p in points}
        assert ("2016-12-11", "2016-12-11", "2016-12-11") in found
        assert ("2014", "2014-01-01", "2014-12-31") in found


def test_an_open_end_and_an_unknown_date_are_null(tmp_path: Path) -> None:
    made = READINGS[0]
    claims = (replace(made.claims[0], date="2016-12-11/.."), replace(made.claims[1], date=None))
    path = make(tmp_path / "war.db", [replace(made, claims=claims)])
    points = json.loads(run("--ledger", str(path), "--format", "geojson")[1])["features"]
    assert [tuple(p["properties"][k] for k in ("when", "start", "end")) for p in points] == [
        ("2016-12-11/..", "2016-12-11", None),
        (None, None, None),
    ]


@pytest.mark.parametrize("form", ["acled", "ucdp", "claimreview"])
def test_filters_choose_incidents(ledger_path: Path, form: str) -> None:
    where = ("--ledger", str(ledger_path), "--format", form)
    everything = run(*where)[1]
    assert "Idlib" in everything
    assert "Idlib" not in run(*where, "--place", "Palmyra")[1].replace("market of Idlib", "")
    assert "2016-12-11" not in run(*where, "--from", "2017")[1]


def test_one_item_that_cannot_be_written_does_not_stop_the_others(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = acled.row

    def row(incident: Incident, *rest: object) -> object:
        if incident.type == "air_strike":
            raise KeyError("a type that nobody knows")
        return real(incident, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(acled, "row", row)
    code, out, err = run("--ledger", str(ledger_path), "--format", "acled")
    assert code == 0
    assert len(list(csv.DictReader(io.StringIO(out)))) == 1
    assert "1 incident left out: cannot be written; the first: KeyError" in err


def test_no_cell_is_run_as_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    evil = replace(READINGS[0], report=replace(READINGS[0].report, publisher="=HYPERLINK(1)", title="+cmd"))
    south = tuple(replace(m, lat=-m.lat) if m.lat else m for m in evil.mentions)
    path = make(tmp_path / "war.db", [replace(evil, mentions=south)])
    for form in ("csv", "acled", "ucdp"):
        for row in csv.reader(io.StringIO(run("--ledger", str(path), "--format", form)[1])):
            for cell in row:
                assert not cell.startswith(("=", "+", "@"))
                assert not cell.startswith("-") or float(cell) < 0
    (first, *_) = csv.DictReader(io.StringIO(run("--ledger", str(path), "--format", "acled")[1]))
    assert float(first["latitude"]) < 0
    assert first["source"] == "'=HYPERLINK(1)"


def test_half_a_surrogate_pair_does_not_stop_a_file(tmp_path: Path) -> None:
    broken = replace(READINGS[1], report=replace(READINGS[1].report, title="Half \ud83d"))
    path = make(tmp_path / "war.db", [broken])
    for form in ("csv", "geojson", "ucdp", "annotations", "claimreview", "jsonl"):
        assert run("--ledger", str(path), "--format", form, "-o", str(tmp_path / "out"))[0] == 0


def test_a_point_that_is_no_number_is_no_point() -> None:
    stream = io.StringIO()
    nowhere = account("r1", "c1", places=[Place("X", None, float("nan"), 1.0)])
    with pytest.raises(LeftOut, match="no place"):
        list(geojson.claim_features(nowhere))
    assert geojson.write(geojson.claim_features(account("r2", "c1")), stream) == 1
    (point,) = json.loads(stream.getvalue())["features"]
    assert point["properties"]["report"] == "r2"


PAGE = (ROOT / "docs/exports.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    lines = [x for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S) for x in block.splitlines()]
    return [shlex.split(x, comments=True) for x in lines if x.startswith("tadmor export")]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_the_commands_of_the_page_run(
    command: list[str], ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "war.db").write_bytes(ledger_path.read_bytes())
    assert run(*command[2:])[0] == 0


def test_the_page_names_every_form_and_every_column_of_ours() -> None:
    for name in (*exports.FORMS, *acled.OWN, *ucdp.OWN, *csv_.CLAIM_COLUMNS, *csv_.INCIDENT_COLUMNS):
        assert f"`{name}`" in PAGE, name
    shown = [c[c.index("--format") + 1] for c in commands() if "--format" in c]
    assert set(shown) >= set(exports.FORMS) - {"jsonl"}


def test_the_row_of_the_page_is_the_row_of_the_ledger(ledger_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(run("--ledger", str(ledger_path), "--format", "acled")[1]))
    (strike,) = [r for r in rows if r["sub_event_type"] == "Air/drone strike"]
    block = re.search(r"<!-- example: acled -->\n```text\n(.*?)```", PAGE, re.S)
    assert block
    for line in block[1].splitlines():
        column, _, value = line.partition(" = ")
        assert strike[column.strip()] == value.strip(), column
    assert [x.partition(" = ")[0].strip() for x in block[1].splitlines()] == [c for c in strike if strike[c]]


def test_an_export_that_fails_leaves_the_file_of_before(
    ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("yesterday")
    target.chmod(0o640)

    def failing(rows: Iterable[object], *_: object) -> int:
        next(iter(rows))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(csv_, "write_rows", failing)
        result = CliRunner().invoke(cli, ["export", "--ledger", str(ledger_path), "-o", str(target)])
    assert result.exit_code != 0
    assert target.read_text() == "yesterday"
    assert run("--ledger", str(ledger_path), "-o", str(target))[0] == 0
    assert target.read_text().startswith("report,claim")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_stays_a_link_and_a_device_a_device(ledger_path: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("")
    link.symlink_to(target)
    assert run("--ledger", str(ledger_path), "-o", str(link))[0] == 0
    assert link.is_symlink()
    assert target.read_text().startswith("report,claim")
    assert run("--ledger", str(ledger_path), "--format", "csv", "-o", "/dev/null")[0] == 0


@pytest.mark.parametrize(
    "verb",
    [("export", "--format", "csv"), ("export", "--format", "parquet"), ("sitrep",), ("control", "--format", "csv")],
    ids=" ".join,
)
def test_no_ledger_is_written_over(verb: tuple[str, ...], ledger_path: Path, tmp_path: Path) -> None:
    mine = tmp_path / "war.db"
    mine.write_bytes(ledger_path.read_bytes())
    place = ["Palmyra"] if verb[0] == "control" else []
    result = CliRunner().invoke(cli, [*verb, *place, "--ledger", str(mine), "-o", str(mine)])
    assert result.exit_code == 1
    assert "is a database, as a ledger is, and is not written over" in result.stderr
    assert run("--ledger", str(mine), "--format", "csv")[1] == run("--ledger", str(ledger_path), "--format", "csv")[1]


def test_a_folder_that_is_not_there_is_named_by_the_file_that_was_asked_for(ledger_path: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "none" / "x.csv")
    with pytest.raises(FileNotFoundError) as caught, whole(Path(target)) as path:
        path.open("w")
    assert caught.value.filename == target


def test_a_dash_is_standard_output(ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    where = ("--ledger", str(ledger_path), "--format", "csv")
    assert run(*where, "-o", "-")[1] == run(*where)[1]
    assert "-o FILE" in run("--ledger", str(ledger_path), "--format", "parquet", "-o", "-")[2]
    assert CliRunner().invoke(cli, ["sitrep", "--ledger", str(ledger_path), "-o", "-"]).stdout.startswith("<!DOCTYPE")
    assert list(tmp_path.iterdir()) == []


def test_an_owner_is_refused_where_nothing_has_an_author(ledger_path: Path) -> None:
    code, out, err = run("--ledger", str(ledger_path), "--format", "csv", "--owner", "Us")
    assert (code, out) == (2, "")
    assert "--owner is for claimreview" in err


@pytest.mark.parametrize("form", [f for f in exports.FORMS if f not in exports.BINARY])
def test_an_empty_ledger_is_said_to_be_empty(form: str, tmp_path: Path) -> None:
    noun = "report" if form == "jsonl" else "claim" if form in ("csv", "geojson", "annotations") else "incident"
    assert run("--ledger", str(make(tmp_path / "war.db", [])), "--format", form)[2] == f"the ledger has no {noun}\n"


def test_a_point_has_the_country_of_its_own_place_and_an_id_of_its_own(ledger_path: Path) -> None:
    places = [Place("Aleppo", "p1", 36.2, 37.1, "SY"), Place("here", None), Place("Mosul", "p2", 36.3, 43.1, "IQ")]
    points = list(geojson.claim_features(account("r1", "c1", places=places)))
    assert [(p["id"], p["properties"]["place"], p["properties"]["country"]) for p in points] == [
        ("r1:c1", "Aleppo", "SY"),
        ("r1:c1/2", "Mosul", "IQ"),
    ]
    for of in ("claims", "incidents"):
        found = json.loads(run("--ledger", str(ledger_path), "--format", "geojson", "--of", of)[1])["features"]
        assert len({p["id"] for p in found}) == len(found)


@pytest.mark.parametrize(
    ("form", "of", "where"),
    [
        ("jsonl", None, "tadmor.publish.exports.to_record"),
        ("geojson", "claims", "tadmor.publish.geojson.claim_row"),
        ("geojson", "incidents", "tadmor.publish.geojson.incident_to_record"),
    ],
)
def test_a_damaged_item_stops_no_form(
    form: str, of: str | None, where: str, ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name = where.rsplit(".", 1)
    real, calls = getattr(importlib.import_module(module), name), itertools.count()

    def second_fails(item: object) -> object:
        if next(calls) == 1:
            raise KeyError("damaged")
        return real(item)

    monkeypatch.setattr(where, second_fails)
    code, out, err = run("--ledger", str(ledger_path), "--format", form, *(("--of", of) if of else ()))
    assert code == 0
    assert re.search(r"1 (report|claim|incident) left out: cannot be written; the first: KeyError", err)
    assert len(out.splitlines()) > 0
    if form == "geojson":
        assert json.loads(out)["features"]


@pytest.mark.parametrize(
    ("form", "of"), [("csv", "incidents"), ("geojson", "incidents"), ("acled", None), ("ucdp", None)]
)
def test_an_incident_says_which_of_its_claims_were_retracted(form: str, of: str | None, tmp_path: Path) -> None:
    path = make(tmp_path / "war.db")
    with Ledger(path) as ledger:
        ledger.store.retract("r2", who="Ana", why="the agency\ntook it back")
    out = run("--ledger", str(path), "--format", form, *(("--of", of) if of else ()))[1]
    rows = (
        [p["properties"] for p in json.loads(out)["features"]]
        if form == "geojson"
        else list(csv.DictReader(io.StringIO(out)))
    )
    assert "r2:c1 (the agency took it back)" in {r["retracted"] for r in rows}
    assert "r:1:" not in "".join(r["retracted"] or "" for r in rows)
