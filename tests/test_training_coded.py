"""The project's own coded reports are well formed and, where the data folder is there, fit the texts that were coded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from training import coded

from folders import ROOT
from tadmor.evaluate import behaviour

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


def test_each_report_of_gold_train_is_of_one_half_and_nothing_else_is_left_out(shared: Path) -> None:
    rows, _ = coded.for_training(holdout=True)
    gold = {r["report"]["id"] for r in rows if r["practice"] == "gold"}
    halves = [coded.without(rows, n) for n in (0, 1)]
    taken = [gold & {r["report"]["id"] for r in half} for half in halves]
    assert taken[0] | taken[1] == gold
    assert not taken[0] & taken[1]
    assert min(map(len, taken)) > len(gold) / 3
    assert [len(rows) - len(half) for half in halves] == [len(taken[1]), len(taken[0])]
    assert coded.without(rows, None) == rows


def test_a_wrong_quote_of_a_written_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = coded.written()[0]
    spoilt = row | {"claims": [row["claims"][0] | {"quote": "not there", "date": "2016-13"}]}
    (tmp_path / "spoilt.json").write_text(json.dumps([row, spoilt]), encoding="utf-8")
    monkeypatch.setattr(coded, "WRITTEN", tmp_path)
    found = "\n".join(coded.problems())
    assert "written twice" in found
    assert "not in the text: not there" in found
    assert "date 2016-13" in found


def test_what_is_written_for_training_is_in_no_measure() -> None:
    """No sentence of the gate's reports or of the behavioural cases is learnt from."""
    measured = [
        json.loads(p.read_text(encoding="utf-8"))["report"]["text"] for p in (ROOT / "gate/reports").glob("*.json")
    ]
    cases = behaviour.load(ROOT / "tests/behaviour/cases")
    measured += [text for c in cases for text in (c.before, c.after)]
    learnt = {s for row in coded.written() for s in sentences(row["report"]["text"])}
    shared_sentences = {s for text in measured for s in sentences(text)} & learnt
    assert not shared_sentences


def sentences(text: str) -> set[str]:
    return {s.strip() for s in re.split(r"(?<=[.!?])\s+|\n", text) if len(s.split()) > 6}


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    if isinstance(value, list):
        return [s for v in value for s in strings(v)]
    return []
