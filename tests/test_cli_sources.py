"""``tadmor sources``: the list with its letters, and rate from the shell."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tadmor import Ledger
from tadmor.cli import cli
from tadmor.ledger import Store
from test_ledger_made import made


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "war.db"
    with Store(path) as store:
        store.add(made(1))
    return path


def invoke(*args: str) -> Result:
    return CliRunner().invoke(cli, ["sources", *args])


def letters(ledger: Path) -> dict[str, str]:
    rows = [json.loads(x) for x in invoke("--format", "jsonl", "--ledger", str(ledger)).stdout.splitlines()]
    return {row["name"]: row["reliability"] for row in rows}


def test_sources_are_f_until_somebody_rates_them(ledger: Path) -> None:
    assert letters(ledger) == {"Northern Agency": "F", "The Wire": "F"}
    result = invoke("rate", "northern agency", "d", "--who", "Ana", "--why", "dates are wrong", "--ledger", str(ledger))
    assert result.exit_code == 0, result.exception
    assert "Northern Agency (actor:northern) is rated D by Ana" in result.stderr
    assert letters(ledger) == {"Northern Agency": "D", "The Wire": "F"}
    (table,) = [x for x in invoke("--ledger", str(ledger)).stdout.splitlines() if x.startswith("Northern")]
    assert table.split()[-1] == "D"
    rows = list(csv.DictReader(io.StringIO(invoke("--format", "csv", "--ledger", str(ledger)).stdout)))
    assert {r["name"]: r["reliability"] for r in rows} == letters(ledger)


def test_a_letter_reaches_incidents(ledger: Path) -> None:
    def grades() -> list[int]:
        with Ledger(ledger) as opened:
            return [i.credibility.admiralty for i in opened.incidents().items]

    before = grades()
    invoke("--ledger", str(ledger), "rate", "actor:northern", "E", "--who", "Ana")
    assert grades() > before


def test_what_cannot_be_rated_is_refused(ledger: Path) -> None:
    at = ("--who", "Ana", "--ledger", str(ledger))
    assert "nobody called 'Nobody' speaks in this ledger" in str(invoke("rate", "Nobody", "B", *at).exception)
    assert invoke("rate", "Northern Agency", "G", *at).exit_code == 2
    assert "Missing option '--who'" in invoke("rate", "The Wire", "B", "--ledger", str(ledger)).stderr
    assert set(letters(ledger).values()) == {"F"}
