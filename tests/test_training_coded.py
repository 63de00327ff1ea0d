"""The project's own coded reports are well formed and, where the data folder is there, fit the texts that were coded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from training import coded

from conftest import ROOT

FILES = sorted((ROOT / "training/coded").glob("*.json"))


def test_there_are_at_least_150_reports_and_the_checker_finds_nothing() -> None:
    assert sum(len(json.loads(p.read_text(encoding="utf-8"))) for p in FILES) >= 150
    assert coded.problems() == []


def test_no_file_carries_text() -> None:
    longest = max((len(s) for p in FILES for s in strings(json.loads(p.read_text(encoding="utf-8")))), default=0)
    assert longest <= 100  # a hash, an id, a name


def test_a_restored_report_has_its_quotes(shared: Path) -> None:
    rows = coded.restored()
    assert len(rows) >= 150
    for row in rows:
        full = row["report"]["title"] + "\n" + row["report"]["text"]
        for claim in row["claims"]:
            assert claim["quote"] in full


def test_another_text_is_refused(shared: Path) -> None:
    entry = json.loads(FILES[0].read_text(encoding="utf-8"))[0]
    with pytest.raises(ValueError, match="not the one that was coded"):
        coded.restore(entry | {"sha256": "0" * 64})


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return []
