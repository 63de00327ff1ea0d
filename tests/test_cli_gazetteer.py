"""``tadmor gazetteer build`` and ``search`` from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tadmor.cli import cli
from tadmor.resolve.gazetteer import Gazetteer, default_path

compiled = pytest.mark.skipif(not default_path().is_file(), reason="the gazetteer is not compiled: install the package")


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["gazetteer", *args])


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("name,lat,lon,country", *rows)) + "\n", encoding="utf-8")
    return path


def test_build_says_what_became_of_each_file(tmp_path: Path) -> None:
    rows = [f"Zorba{n},36.{n},37.5,SY" for n in range(4)] + [f"Bad{n},x,37.5,SY" for n in range(7)]
    path, out = table(tmp_path / "mine.csv", *rows), tmp_path / "g.sqlite"
    result = run("build", str(path), "--out", str(out), "--no-base")
    assert result.exit_code == 0, result.output
    assert f"{path} (table): 4 of 11 rows, 7 could not be read" in result.stderr
    assert "row 5: no coordinates: 'x', '37.5'" in result.stderr
    assert "and 2 more" in result.stderr
    assert result.stdout.strip() == f"{out}: 4 places with 4 names"
    assert Gazetteer.open(out).candidates("Zorba2")


def test_columns_are_said_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Siedlung;Breite;Länge\nZorba;36.1;37.5\n", encoding="utf-8")
    out = tmp_path / "g.sqlite"
    columns = ["--column", "name=Siedlung", "--column", "lat=Breite", "--column", "lon=Länge"]
    result = run("build", str(path), "--out", str(out), "--no-base", "--country", "sy", *columns)
    assert result.exit_code == 0, result.output
    assert Gazetteer.open(out).candidates("Zorba")[0].country == "SY"
    wrong = run("build", str(path), "--out", str(out), "--column", "colour=Breite")
    assert wrong.exit_code == 2
    assert "FIELD is one of name, lat, lon" in wrong.stderr


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    result = run("build", str(tmp_path / "none.csv"))
    assert result.exit_code == 2
    assert "none.csv" in result.stderr


@compiled
def test_search_ranks_with_reasons() -> None:
    result = run("search", "Palmyra", "--country", "sy", "--near", "34.5,38.2", "--format", "jsonl")
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert rows[0]["id"] == "geonames:163808"
    assert "in SY, as asked" in rows[0]["reasons"]
    assert "9 km from the point given" in " ".join(rows[0]["reasons"]) or rows[0]["score"] > rows[1]["score"] + 3
    assert [r["score"] for r in rows] == sorted((r["score"] for r in rows), reverse=True)
    assert any("not in SY" in " ".join(r["reasons"]) for r in rows)
    assert all(r["reasons"][2].startswith("population") for r in rows)


@compiled
def test_search_near_another_point_finds_another() -> None:
    def first(*options: str) -> str:
        return str(
            json.loads(run("search", "Tripoli", "--format", "jsonl", *options).stdout.splitlines()[0])["country"]
        )

    assert first() == "LY"
    assert first("--country", "LB") == "LB"


@compiled
def test_search_prints_a_table_and_takes_feature_words() -> None:
    assert "admin1:SY.11" in run("search", "Homs province").stdout.splitlines()[1]
    assert "Bakhmut" in run("search", "Бахмут").stdout


@compiled
def test_search_says_when_there_is_nothing() -> None:
    result = run("search", "Qwxyzzyville")
    assert result.exit_code == 1
    assert "no place of the gazetteer has the name 'Qwxyzzyville'" in result.stderr
    bad = run("search", "Homs", "--near", "north")
    assert bad.exit_code == 2
    assert "LAT,LON" in bad.stderr


@compiled
def test_search_in_a_gazetteer_of_ones_own(tmp_path: Path) -> None:
    out = tmp_path / "g.sqlite"
    run("build", str(table(tmp_path / "mine.csv", "Zorbaville,36.1,37.5,SY")), "--out", str(out))
    result = run("search", "Zorbaville", "--gazetteer", str(out), "--format", "jsonl")
    assert json.loads(result.stdout)["lat"] == 36.1


def test_reports_are_read_with_a_gazetteer_of_ones_own(tmp_path: Path) -> None:
    out = tmp_path / "g.sqlite"
    mine = tmp_path / "mine.csv"
    mine.write_text("name,lat,lon,country,population\nZorbaville,36.25,37.5,SY,90000\n", encoding="utf-8")
    assert run("build", str(mine), "--out", str(out), "--no-base").exit_code == 0
    report = tmp_path / "report.txt"
    report.write_text("Rebels captured Zorbaville in Syria on Sunday.\n", encoding="utf-8")
    args = ["read", str(report), "--gazetteer", str(out), "--format", "jsonl", "--published", "2016-12-12"]
    result = CliRunner().invoke(cli, args)
    assert result.exit_code == 0, result.output
    (place,) = [m for m in json.loads(result.stdout)["mentions"] if m["text"] == "Zorbaville"]
    assert (place["type"], place["lat"], place["lon"]) == ("place", 36.25, 37.5)


def test_a_gazetteer_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["read", str(tmp_path), "--gazetteer", str(tmp_path / "none.sqlite")])
    assert result.exit_code != 0
    assert "none.sqlite" in (result.output + str(result.exception))
