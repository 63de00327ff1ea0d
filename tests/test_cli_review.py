"""``tadmor review`` and its Python verbs: from the queue to a gold folder that ``tadmor eval`` takes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tadmor import Ledger
from tadmor.cli import cli
from tadmor.cli.review_fields import parsed
from tadmor.evaluate.claims import load_gold, score
from tadmor.model import ClaimRef
from tadmor.publish.gold import file_name, gold
from tadmor.record import to_record
from test_ledger_incidents import BAKERY, MARKET, TALKS, read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "war.db") as ledger:
        for name, rows in (("a1", [MARKET, BAKERY]), ("a2", [MARKET]), ("odd/../id", [TALKS])):
            ledger.store.add(read(name, rows))
    return tmp_path / "war.db"


def run(path: Path, *args: str, code: int = 0, who: str | None = "Ana") -> Result:
    env = {"TADMOR_WHO": who or ""}
    result = CliRunner(env=env).invoke(cli, ["review", "--ledger", str(path), *args])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def test_from_the_queue_to_the_gold_folder(path: Path, tmp_path: Path) -> None:
    rows = [json.loads(x) for x in run(path, "queue", "--format", "jsonl").stdout.splitlines()]
    assert [r["ref"]["report"] for r in rows] == ["a1", "a1", "a2", "odd/../id"]
    assert "a1:c0" in run(path, "queue", "--order", "newest").stdout
    assert run(path, "accept", "a1:c0").stdout.strip() == "a1:c0"
    result = run(
        path, "correct", "a1:c1", "--set", "type=shelling", "--set", "counts=killed=2-5; injured>=3; strikes~4",
        "--set", "places=Homs; Palmyra", "--set", "sources=State Agency > an officer; a resident", "--why", "mortars",
    )  # fmt: skip
    assert "kept; told as: shelling, by Ana" in result.stderr
    shown = json.loads(run(path, "show", "a1:c1", "--format", "json").stdout)
    assert [p["entity"] for p in shown["shown"]["places"]] == ["geonames:3", "geonames:1"]
    assert shown["read"]["type"] == "air_strike"
    assert "mortars" in run(path, "show", "a1:c1").stdout
    run(path, "add", "a1", "--set", "clause=the market", "--set", "type=destruction", "--set", "date=2016-12-11")
    run(path, "reject", "a2:c0", "--why", "told twice")
    assert "3 of 5" not in run(path, "progress").stdout
    assert "4 of 5 claims reviewed (80%)" in run(path, "progress").stdout
    assert json.loads(run(path, "progress", "--format", "json").stdout)["reports_done"] == 2
    left = [json.loads(x) for x in run(path, "queue", "--unreviewed", "--format", "jsonl").stdout.splitlines()]
    assert [r["ref"]["report"] for r in left] == ["odd/../id"]

    folder = tmp_path / "gold"
    assert "2 reports written" in run(path, "export", "-o", str(folder)).stderr
    assert sorted(p.name for p in folder.iterdir()) == ["a1.json", "a2.json"]
    made = json.loads((folder / "a1.json").read_text(encoding="utf-8"))
    assert [c["id"] for c in made["claims"]] == ["c1", "c2", "c3"]
    assert {k: made["claims"][2][k] for k in ("type", "place", "sources")} == {
        "type": "shelling",
        "place": ["Homs", "Palmyra"],
        "sources": [["State Agency", "an officer"], ["a resident"]],
    }
    assert made["claims"][2]["counts"] == [
        {"what": "killed", "min": 2, "max": 5, "of": None},
        {"what": "injured", "min": 3, "max": None, "of": None},
        {"what": "strikes", "min": 4, "max": 4, "of": None, "approx": True},
    ]
    assert all(c["quote"] in made["report"]["text"] for c in made["claims"])
    assert json.loads((folder / "a2.json").read_text(encoding="utf-8"))["claims"] == []
    with Ledger(path) as ledger:
        told = [to_record(r) for r in ledger.readings()]
        read_ = [to_record(r) for r in ledger.store.readings(as_read=True)]
    figures = score(load_gold(folder), told).figures
    assert (figures["claim_f1"], figures["missing"]) == (1.0, 0), "what is told is what was exported"
    assert score(load_gold(folder), read_).figures["claim_f1"] < 1.0
    readings = tmp_path / "read.jsonl"
    readings.write_text("".join(json.dumps(r) + "\n" for r in read_), encoding="utf-8")
    result = CliRunner().invoke(cli, ["eval", "claims", str(folder), "--readings", str(readings), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["gold_claims"] == 3


def test_reports_reviewed_in_part_are_left_out_unless_asked_for(path: Path, tmp_path: Path) -> None:
    run(path, "accept", "a1:c0")
    run(path, "accept", "odd/../id:c0")
    result = run(path, "export", "-o", str(tmp_path / "out"))
    assert "1 report left out: reviewed in part" in result.stderr
    run(path, "export", "-o", str(tmp_path / "all"), "--partial")
    names = sorted(p.name for p in (tmp_path / "all").iterdir())
    assert len(names) == 2
    assert names[1].startswith("odd_.._id-"), "an id leads nowhere else"
    assert [g["report"]["id"] for g in load_gold(tmp_path / "all")] == ["a1", "odd/../id"]
    assert len(load_gold(tmp_path / "all")[0]["claims"]) == 1


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "a/b", "x" * 300, "\x00", "Ünï", "a b", ".hidden"])
def test_names_of_files_stay_in_their_folder(id: str) -> None:
    name = file_name(id)
    assert name
    assert not set(name) & set("/\\\0")
    assert not name.startswith(".")
    assert len(name) < 100
    assert name != file_name(id + "?")


def test_undo_two_coders_and_agreement(path: Path) -> None:
    run(path, "correct", "a1:c0", "--set", "type=shelling")
    run(path, "correct", "a1:c0", "--set", "type=bombing", "--blind", "--why", "a car", who="Ben")
    run(path, "accept", "a2:c0")
    run(path, "accept", "a2:c0", who="Ben")
    rows = {r["field"]: r for r in json.loads(run(path, "agreement", "--format", "json").stdout)}
    assert (rows["type"]["items"], rows["type"]["equal"]) == (2, 0.5)
    assert rows["certainty"]["alpha"] is None
    assert "type" in run(path, "agreement").stdout
    (differs,) = [
        json.loads(x) for x in run(path, "disagreements", "--coders", "--format", "jsonl").stdout.splitlines()
    ]
    assert (differs["ref"]["claim"], differs["fields"], sorted(differs["codings"])) == ("c0", ["type"], ["Ana", "Ben"])
    assert "bombing" in run(path, "disagreements", "--coders").stdout
    assert "withdrawn: accept of" in run(path, "undo", who="Ben").stdout
    assert "withdrawn: correct of" in run(path, "undo", "a1:c0", who="Ben").stdout
    assert json.loads(run(path, "show", "a1:c0", "--format", "json").stdout)["shown"]["type"] == "shelling"
    rows_ = [json.loads(x) for x in run(path, "disagreements", "--format", "jsonl").stdout.splitlines()]
    assert [(r["ref"]["claim"], r["fields"], r["newer"]) for r in rows_] == [("c0", ["type"], False)]
    assert "shelling" in run(path, "disagreements").stdout
    assert run(path, "disagreements", "--newer").stdout == ""
    audit = CliRunner().invoke(cli, ["audit", "--ledger", str(path), "--what", "review withdrawn", "--format", "jsonl"])
    assert len(audit.stdout.splitlines()) == 2


def test_what_is_wrong_is_said_and_nothing_is_kept(path: Path) -> None:
    cases: tuple[tuple[int, str, tuple[str, ...]], ...] = (
        (2, "is no claim: write REPORT:CLAIM", ("accept", "c0")),
        (2, "Missing option '--why'", ("reject", "a1:c0")),
        (2, "write FIELD=VALUE; the fields are type", ("correct", "a1:c0", "--set", "kind=x")),
        (2, "name what is to be another", ("correct", "a1:c0")),
        (2, "killed=12-17", ("correct", "a1:c0", "--set", "counts=many")),
        (2, "set twice", ("correct", "a1:c0", "--set", "date=2016", "--set", "date=2017")),
        (2, "places: ", ("correct", "a1:c0", "--set", "places=[not json")),
    )
    for code, words, args in cases:
        assert words in run(path, *args, code=code).output
    for words, args in (
        ("no report has the id", ("accept", "z9:c0")),
        ("date: 'Sunday' is none", ("correct", "a1:c0", "--set", "date=Sunday")),
        ("is no cursor", ("queue", "--after", "x")),
    ):
        assert words in str(run(path, *args, code=1).exception)
    assert "no claim was coded by two people" in run(path, "agreement").stderr
    with Ledger(path) as ledger:
        assert ledger.audit() == []


def test_fields_as_they_are_written_at_the_shell() -> None:
    assert parsed(["date=", "type=talks", "places=Palmyra @ geonames:1; Arak @; Homs"]) == {
        "date": None,
        "type": "talks",
        "places": [{"name": "Palmyra", "entity": "geonames:1"}, {"name": "Arak", "entity": None}, "Homs"],
    }
    assert parsed(["clause=12-40"]) == {"clause": {"start": 12, "end": 40}}
    assert parsed(["clause=killed = 3", "actors="]) == {"clause": "killed = 3", "actors": []}
    told = parsed(["counts=killed>1,000 of soldiers; area_ha<2.5; civilians<=7"])["counts"]
    assert [(n["what"], n["min"], n["max"], n["of"]) for n in told] == [
        ("killed", 1001, None, "soldiers"),
        ("area_ha", None, 1.5, None),
        ("civilians", None, 7, None),
    ]
    assert parsed(['counts=[{"what": "killed", "min": 2}]']) == {"counts": [{"what": "killed", "min": 2}]}


def test_new_names_get_the_identities_of_registry_and_gazetteer(path: Path) -> None:
    with Ledger(path) as ledger:
        found = ledger.correct(
            ClaimRef("a1", "c0"),
            {"actors": ["Russia"], "places": ["Deir ez-Zor"], "targets": ["the Unheard-of Brigade"]},
            who="Ana",
        )
        assert found.shown["actors"][0]["entity"]
        assert found.shown["places"][0]["entity"].startswith("geonames:")
        assert found.shown["targets"] == [{"name": "the Unheard-of Brigade", "entity": None}]
        (account,) = [a for a in ledger.store.accounts() if a.ref == found.ref]
        assert account.places[0].country == "SY"
        assert account.places[0].lat is not None


def test_the_gold_of_the_demo_is_what_is_told(demo_ledger: Path, tmp_path: Path) -> None:
    """The shape holds for real readings, with titles, chains and repeated clauses."""
    copy = tmp_path / "demo.db"
    shutil.copy(demo_ledger, copy)
    with Ledger(copy) as ledger:
        reading = max(ledger.readings(), key=lambda r: len(r.claims))
        before = list(ledger.store.accounts())
        for claim in reading.claims:
            ledger.accept(ClaimRef(reading.report.id, claim.id), who="Ana")
        assert ledger.export_reviewed(tmp_path / "gold") == (1, 0)
        told = ledger.store.reading(reading.report.id)
        figures = score(load_gold(tmp_path / "gold"), [to_record(told)]).figures
        assert figures["control_f1"] == 1.0 or not told.control
        assert figures["certainty"] == figures["date"] == figures["counts"] == 1.0
        assert figures["claim_f1"] > 0.97, "only claims of one clause and type may be paired crosswise"
        row: dict[str, Any] = gold(told)
        assert {c["type"] for c in row["claims"]} == {c.type for c in reading.claims}
        after = [replace(a, claim=replace(a.claim, score=0.5)) for a in ledger.store.accounts()]
        assert after == [replace(a, claim=replace(a.claim, score=0.5)) for a in before], "accepting leaves all as it is"
        progress = ledger.review_progress()
        assert (progress.accepted, progress.reports_done) == (len(reading.claims), 1)
