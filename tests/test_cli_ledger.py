from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from folders import DEMO
from tadmor.cli import cli


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_adding_again_adds_nothing(tmp_path: Path) -> None:
    ledger = str(tmp_path / "war.db")
    code, _, err = run("add", str(DEMO), "--ledger", ledger, "--reader", "rules")
    assert code == 0
    assert "11 reports added" in err
    first = run("export", "--ledger", ledger)[1]
    code, _, err = run("add", str(DEMO), "--ledger", ledger, "--reader", "rules")
    assert code == 0
    assert "0 reports added" in err
    assert "11 known already" in err
    assert run("export", "--ledger", ledger)[1] == first


@pytest.mark.parametrize("verb", ["incidents", "sources", "sitrep", "export"])
def test_a_ledger_that_is_not_there_is_not_made(verb: str, tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    code, _, err = run(verb, "--ledger", str(missing))
    assert code == 1
    assert "tadmor add" in err
    assert not missing.exists()


def test_control_names_the_holder_the_sides_and_the_contrary_claim(demo_ledger: Path) -> None:
    code, out, _ = run("control", "Palmyra", "--on", "2016-12-11", "--ledger", str(demo_ledger), "--format", "json")
    assert code == 0
    row = json.loads(out)
    held = [i for i in row["intervals"] if i["holder_entity"] == "actor:islamic-state"]
    assert held, row
    said = " ".join(s for i in held for c in i["claims"] for s in c["says"])
    assert "Barazi" in said
    assert any("64" in c["sentence"] or "repelled" in c["sentence"] for i in held for c in i["against"])


def test_control_before_and_after_differs(demo_ledger: Path) -> None:
    def holders(day: str) -> set[str | None]:
        _, out, _ = run("control", "Palmyra", "--on", day, "--ledger", str(demo_ledger), "--format", "json")
        return {i["holder_entity"] for i in json.loads(out)["intervals"]}

    assert holders("2016-12-09") == {"actor:syrian-government"}
    assert holders("2016-12-13") == {"actor:islamic-state"}


def test_later_reports_do_not_rewrite_what_was_known(demo_ledger: Path) -> None:
    args = ("control", "Palmyra", "--on", "2016-12-13", "--ledger", str(demo_ledger), "--format", "json")
    _, then, _ = run(*args, "--known-at", "2016-12-09")
    assert {i["holder_entity"] for i in json.loads(then)["intervals"]} == {"actor:syrian-government"}


def test_control_as_one_source_tells_it(demo_ledger: Path) -> None:
    _, out, _ = run("control", "Palmyra", "--according-to", "Barazi", "--ledger", str(demo_ledger), "--format", "json")
    rows = [c for i in json.loads(out)["intervals"] for c in i["claims"]]
    assert rows
    assert all("Barazi" in " ".join(c["says"]) for c in rows)


def test_join_keeps_the_columns_and_adds_the_answer(demo_ledger: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text(
        "id,place,country,on,note\nq1,Palmyra,SY,2016-12-13,kept\nq2,Atlantis,,2016-12-13,\nq3,Palmyra,SY,soon,\n"
    )
    code, out, _ = run("control", "--join", str(points), "--ledger", str(demo_ledger))
    assert code == 0
    rows = [json.loads(x) for x in out.splitlines()]
    assert rows[0]["note"] == "kept"
    assert rows[0]["status"] == "held"
    assert rows[0]["holder"]
    assert rows[0]["sources"]
    assert [r["holder"] for r in rows[1:]] == [None, None]
    _, table, _ = run("control", "--join", str(points), "--ledger", str(demo_ledger), "--format", "csv")
    assert [r["holder"] for r in csv.DictReader(io.StringIO(table))] == [rows[0]["holder"], "", ""]


def test_a_points_table_is_not_written_over(demo_ledger: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("place,on\nPalmyra,2016-12-13\n")
    args = ["control", "--join", str(points), "--ledger", str(demo_ledger), "-o", str(points)]
    result = CliRunner().invoke(cli, args)
    assert (result.exit_code, points.read_text()) == (2, "place,on\nPalmyra,2016-12-13\n")
    assert "write over" in result.output


def test_a_fault_of_the_output_is_not_laid_to_the_points(demo_ledger: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("place,on\nPalmyra,2016-12-13\n")
    result = CliRunner().invoke(
        cli, ["control", "--join", str(points), "--ledger", str(demo_ledger), "-o", str(tmp_path / "no" / "x.jsonl")]
    )
    assert result.exit_code != 0
    assert "points.csv cannot be read" not in f"{result.output}{result.exception}"


def test_a_points_table_without_its_columns_says_which(demo_ledger: Path, tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    points.write_text("name,on\nPalmyra,2016-12-13\n")
    result = CliRunner().invoke(cli, ["control", "--join", str(points), "--ledger", str(demo_ledger)])
    assert "place" in str(result.exception)


def test_incidents_keep_rival_accounts_together(demo_ledger: Path) -> None:
    args = ("--place", "Palmyra", "--from", "2016-12-10", "--to", "2016-12-11", "--ledger", str(demo_ledger))
    code, out, _ = run("incidents", *args, "--format", "jsonl")
    assert code == 0
    incidents = [json.loads(x) for x in out.splitlines()]
    fall = [i for i in incidents if any(d["about"] in ("outcome", "control", "denial") for d in i["disputes"])]
    assert fall, [i["disputes"] for i in incidents]
    strikes = [n for i in incidents for n in i["counts"] if n["what"] == "killed" and n["min"] == 301]
    assert strikes
    assert "Palmyra" in run("incidents", *args)[1]


def test_sources_lists_who_speaks(demo_ledger: Path) -> None:
    _, out, _ = run("sources", "--ledger", str(demo_ledger), "--format", "jsonl")
    names = {json.loads(x)["name"] for x in out.splitlines()}
    assert any("Observatory" in n for n in names)
    assert any("Defense Ministry" in n for n in names)


def test_the_situation_report_has_both_sides_and_escapes(demo_ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "sitrep.html"
    code, _, _ = run(
        "sitrep",
        "--from",
        "2016-12-09",
        "--to",
        "2016-12-13",
        "-o",
        str(page),
        "--ledger",
        str(demo_ledger),
        "--title",
        "<b>x",
    )
    assert code == 0
    html = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;x" in html
    assert "<b>x" not in html
    assert "Where accounts differ" in html
    assert "What is not known" in html
    assert "Barazi" in html


def test_exports_hold_the_same_claims(demo_ledger: Path) -> None:
    readings = [json.loads(x) for x in run("export", "--ledger", str(demo_ledger))[1].splitlines()]
    claims = {(r["report"]["id"], c["id"]) for r in readings for c in r["claims"]}
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv", "--ledger", str(demo_ledger))[1])))
    assert {(r["report"], r["claim"]) for r in rows} == claims
    points = json.loads(run("export", "--format", "geojson", "--ledger", str(demo_ledger))[1])
    assert points["type"] == "FeatureCollection"
    for f in points["features"]:
        lon, lat = f["geometry"]["coordinates"]
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        assert (f["properties"]["report"], f["properties"]["claim"]) in claims
