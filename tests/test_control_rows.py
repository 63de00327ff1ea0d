"""The intervals of a place as JSON, CSV and GeoJSON: they say the same, and their times can be counted with."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import join as made
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from tadmor import Ledger, edtf
from tadmor.cli import cli
from tadmor.model import ClaimRef, ControlInterval, Credibility, Place
from tadmor.publish import control_rows
from tadmor.reconcile import held_on

TOWN = max(made.towns(6, random.Random(7))[:4], key=lambda town: len(town.turns))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("rows") / "war.db"
    with Ledger(where) as ledger:
        for reading in made.readings(made.towns(6, random.Random(7)), 200, random.Random(7)):
            ledger.store.add(reading)
    return where


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["control", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_csv_json_and_geojson_say_the_same(path: Path) -> None:
    ask = (TOWN.name, "--ledger", str(path), "--format")
    intervals = json.loads(run(*ask, "json")[1])["intervals"]
    rows = list(csv.DictReader(io.StringIO(run(*ask, "csv")[1])))
    features = json.loads(run(*ask, "geojson")[1])["features"]
    assert len(intervals) == len(rows) == len(features) > 3
    assert list(rows[0]) == list(control_rows.COLUMNS)
    for interval, row, feature in zip(intervals, rows, features, strict=True):
        told = feature["properties"]
        for key in ("holder", "holder_entity", "status", "from", "to"):
            assert (row[key] or None) == interval[key] == told[key]
        assert int(row["credibility"]) == interval["credibility"]["admiralty"] == told["credibility"]
        assert row["grade"] == interval["credibility"]["grade"] == told["grade"]
        for key in ("claims", "against"):
            refs = [f"{c['report']}:{c['claim']}" for c in interval[key]]
            assert row[key] == "; ".join(refs)
            assert told[key] == refs
        assert row["sources"] == "; ".join(interval["sources"])
        assert feature["geometry"] == {"type": "Point", "coordinates": [TOWN.lon, TOWN.lat]}
        assert edtf.valid(told["when"])


def test_a_filter_means_the_same_in_every_form(path: Path) -> None:
    ask = (TOWN.name, "--ledger", str(path), "--on", "2016-06-30", "--known-at", "2017", "--format")
    (row,) = csv.DictReader(io.StringIO(run(*ask, "csv")[1]))
    (interval,) = json.loads(run(*ask, "json")[1])["intervals"]
    assert row["holder"] == interval["holder"]
    assert row["from"] == interval["from"]


def test_a_file_gets_what_the_terminal_would(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "town.csv"
    assert run(TOWN.name, "--ledger", str(path), "-o", str(target))[1] == ""
    assert target.read_text(encoding="utf-8") == run(TOWN.name, "--ledger", str(path), "--format", "csv")[1]
    assert run(TOWN.name, "--ledger", str(path), "-o", str(tmp_path / "no" / "where.csv"))[0] == 1


def test_a_place_of_which_nothing_is_told_has_no_rows(path: Path) -> None:
    for form in ("csv", "geojson"):
        code, out, err = run("Atlantis", "--ledger", str(path), "--format", form)
        assert code == 0
        assert "no claim in the ledger names a place 'Atlantis'" in err
        assert out.strip() == ",".join(control_rows.COLUMNS) if form == "csv" else json.loads(out)["features"] == []


def test_a_place_without_a_point_keeps_its_intervals(tmp_path: Path) -> None:
    where = tmp_path / "names.db"
    with Ledger(where) as ledger:
        for reading in made.readings(made.towns(6, random.Random(7)), 50, random.Random(7)):
            bare = tuple(
                replace(m, lat=None, lon=None, entity=None) if m.lat is not None else m for m in reading.mentions
            )
            ledger.store.add(replace(reading, mentions=bare))
    _, out, err = run(TOWN.name, "--ledger", str(where), "--format", "geojson")
    features = json.loads(out)["features"]
    assert features
    assert all(f["geometry"] is None for f in features)
    assert "no point" in err


@pytest.mark.parametrize(
    ("start", "end", "when", "first", "last"),
    [
        ("2016-12-11", None, "2016-12-11/..", "2016-12-11", None),
        (None, "2015-05-20", "../2015-05-20", None, "2015-05-20"),
        ("2015-05", "2016-03-27", "2015-05/2016-03-27", "2015-05-16", "2016-03-27"),
        ("2016-12-10/2016-12-11", "2017-03~", "2016-12-11/2017-03~", "2016-12-11", "2017-03-16"),
        ("2015-05-01/2015-05-31", None, "2015-05-16~/..", "2015-05-16", None),
        (None, None, "../..", None, None),
    ],
)
def test_times(start: str | None, end: str | None, when: str, first: str | None, last: str | None) -> None:
    assert control_rows.times(start, end) == {"when": when, "start": first, "end": last}


DATES = st.one_of(
    st.none(),
    st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)).flatmap(
        lambda d: st.sampled_from(
            [d.isoformat(), f"{d:%Y-%m}", f"{d:%Y}~", f"{d}/{d + dt.timedelta(days=3)}", f"{d}/.."]
        )
    ),
)


@given(DATES, DATES)
def test_the_days_of_a_feature_are_those_by_which_tadmor_counts(start: str | None, end: str | None) -> None:
    first, last = (edtf.bounds(d)[0] if d else None for d in (start, end))
    assume(not (first and last and last < first))
    row = control_rows.times(start, end)
    assert edtf.valid(str(row["when"]))
    interval = ControlInterval("A", "held", start, end, (), (), (), Credibility(3, "weak", ()))
    if row["start"] and (row["end"] is None or row["start"] < row["end"]):
        assert held_on([interval], row["start"])
        assert not held_on([interval], str(dt.date.fromisoformat(row["start"]) - dt.timedelta(days=1)))
    if row["end"]:
        assert not held_on([interval], row["end"])


def test_no_cell_runs_as_a_formula_in_a_spreadsheet() -> None:
    interval = ControlInterval(
        "=1+1", "held", None, None, ("@SUM(A1)",), (ClaimRef("-r", "c1"),), (), Credibility(3, "weak", ())
    )
    from tadmor.publish import csv_

    stream = io.StringIO()
    csv_.write_rows(
        [control_rows.flat(control_rows.interval_row(Place("+A1"), interval))], control_rows.COLUMNS, stream
    )
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert [row[k] for k in ("place", "holder", "sources", "claims")] == ["'+A1", "'=1+1", "'@SUM(A1)", "'-r:c1"]
