"""``tadmor audit``: who did what, when and why."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tadmor.cli import cli
from tadmor.ledger import Store
from tadmor.model import ClaimRef
from test_ledger_incidents import BAKERY, MARKET, NEWER, read


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "war.db"
    with Store(path) as store:
        first = read("a1", [MARKET])
        store.add(first)
        store.add(read("b1", [BAKERY]))
        store.merge([i.id for i, _ in store.incidents()], who="Ana", why="one raid, [sic]")
        store.rate("Wire a1", "D", who="Ben")
        store.add(replace(first, reader=NEWER))
    return path


def audit(ledger: Path, *args: str) -> Result:
    result = CliRunner().invoke(cli, ["audit", "--ledger", str(ledger), *args])
    assert result.exit_code == 0, result.exception
    return result


def lines(ledger: Path, *args: str) -> list[dict[str, object]]:
    return [json.loads(x) for x in audit(ledger, "--format", "jsonl", *args).stdout.splitlines()]


def test_every_line_says_who_did_what_when_and_why(ledger: Path) -> None:
    rows = lines(ledger)
    assert [(r["what"], r["who"], r["why"]) for r in rows] == [
        ("incidents merged", "Ana", "one raid, [sic]"),
        ("source rated", "Ben", None),
        ("reading superseded", "made 2", "the report was read by another reader"),
    ]
    assert all(dt.datetime.fromisoformat(str(r["at"])).utcoffset() == dt.timedelta(0) for r in rows)
    assert [list(r) for r in rows] == [["at", "what", "who", "before", "after", "why"]] * 3


def test_the_table_tells_it_in_words(ledger: Path) -> None:
    words = " ".join(audit(ledger).stdout.split())
    for part in ("Ana", "incidents merged", "a1:c0", "[sic]", "Wire a1: F Wire a1: D", "reading 1 reading 3"):
        assert part in words


def test_a_review_is_told_in_a_line_and_what_it_changed_by_its_fields(ledger: Path) -> None:
    with Store(ledger) as store:
        store.review(ClaimRef("b1", "c0"), "accept", who="Cem")
        store.review(ClaimRef("b1", "c0"), "correct", who="Cem", fields={"places": ["Nowhereville"], "date": None})
    words = " ".join(audit(ledger, "--what", "claim").stdout.split())
    assert "b1:c0" in words
    assert "as before" in words
    assert "places: Nowhereville" in words
    assert "date: –" in words
    assert "{" not in words


def test_since_and_what_choose_lines(ledger: Path) -> None:
    today = str(dt.datetime.now(dt.UTC).date())
    assert len(lines(ledger, "--since", today)) == 3
    assert [r["who"] for r in lines(ledger, "--what", "Rated", "--what", "merged")] == ["Ana", "Ben"]
    late = audit(ledger, "--since", "2999")
    assert late.stdout == ""
    assert "nothing is in the audit log since 2999" in late.stderr
    other = audit(ledger, "--what", "deleted").stderr
    assert "of that kind; there are incidents merged, reading superseded, source rated" in other


def test_an_empty_log_and_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    Store(path).close()
    assert "nothing is in the audit log yet" in audit(path).stderr
    missing = CliRunner().invoke(cli, ["audit", "--ledger", str(tmp_path / "none.db")])
    assert missing.exit_code == 1
    assert "tadmor add" in missing.stderr
