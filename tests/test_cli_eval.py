"""``tadmor eval``: figures of a reader on coded data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from folders import ROOT
from tadmor.cli import cli
from tadmor.evaluate import run


def one_report(folder: Path) -> Path:
    gold = folder / "gold"
    gold.mkdir()
    shutil.copy(sorted((ROOT / "gate/reports").glob("*.json"))[0], gold)
    return gold


def test_claims_are_scored_with_their_calibration(tmp_path: Path) -> None:
    diagram = tmp_path / "reliability.svg"
    gold = one_report(tmp_path)
    done = CliRunner().invoke(cli, ["eval", "claims", str(gold), "--json", "--reliability", str(diagram)])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["reports"] == 1
    assert 0 <= figures["ece"] <= 1
    assert figures["claim_f1"] <= figures["typed_f1"]
    assert diagram.read_text(encoding="utf-8").startswith("<svg")


def test_a_diagram_of_what_has_no_scores_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"id": "r", "text": "Rebels took Saraqib.", "mentions": []}) + "\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["eval", "mentions", str(rows), "--reliability", str(tmp_path / "x.svg")])
    assert done.exit_code == 2
    assert "--reliability" in done.output


def test_how_far_the_reading_has_come_is_told() -> None:
    rows = [{"id": f"r{i}", "text": "Rebels took Saraqib."} for i in range(3)]
    told: list[tuple[int, int]] = []
    assert len(run.read_rows(rows, "rules", told=lambda done, of: told.append((done, of)))) == 3
    assert told == [(0, 3), (1, 3), (2, 3)]
