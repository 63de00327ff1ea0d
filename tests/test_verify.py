"""The bytes of reports: kept once, packed, with what was read of them; and what no longer matches is named span by span."""

from __future__ import annotations

import gzip
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from made_forms import FIRST, SECOND, THIRD, TITLE, eml, good, page
from tadmor import Ledger
from tadmor.api import Kept
from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.gather import from_html, from_text, gather
from tadmor.gather.again import read_again
from tadmor.ledger import Store, bytes_verify
from tadmor.model import Original, Report
from test_ledger_made import made


def sql(path: Path, statement: str, *values: Any) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


def with_bytes(number: int, **changes: Any):
    """A made reading whose report was read from the bytes of its text."""
    reading = made(number, **changes)
    text = reading.report.text.strip()  # as gathering leaves it
    original = Original(text.encode(), "text", {"title": reading.report.title})
    return replace(reading, report=replace(reading.report, text=text, original=original))


@pytest.mark.parametrize("form", sorted(good()))
def test_every_report_has_the_bytes_it_was_read_from_and_they_give_it_again(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"x{form}"
    path.write_bytes(good()[form])
    items = list(gather([path]))
    assert items
    for item in items:
        assert isinstance(item, Report)
        assert item.original is not None
        again = read_again(item.original)
        assert (again.text, again.title, again.passages) == (item.text, item.title, item.passages)


def test_strings_that_programs_hand_over_have_bytes_too() -> None:
    text = from_text(f"{FIRST} \ud800 \x00 {SECOND}", title=f"{TITLE} - Northern Agency", publisher="Northern Agency")
    html = from_html(page().decode(), url="https://news.example/a", title="Another title of the page")
    for report in (text, html):
        assert report.original is not None
        assert read_again(report.original).text == report.text


def test_bytes_are_no_part_of_what_a_report_says() -> None:
    one = from_text(FIRST)
    assert one == replace(one, original=None)
    assert "original" not in repr(one)


def test_bytes_are_kept_packed_and_once(tmp_path: Path) -> None:
    with Store(tmp_path / "a.db") as store:
        first = with_bytes(1, claims=12)
        store.add(first)
        store.add(replace(first, reader=replace(first.reader, version="2")))
        number, whole, taken = store.originals()
        data = first.report.original.data
        assert (number, whole) == (1, len(data))
        assert taken < len(data) / 2
        assert store.original("r1") == first.report.original
    with sqlite3.connect(tmp_path / "a.db") as connection:
        (packed,) = connection.execute("SELECT data FROM original").fetchone()
    connection.close()
    assert gzip.decompress(packed) == data, "any program can unpack them"


@pytest.mark.parametrize("way", ["plain", "off"])
def test_bytes_may_be_kept_as_they_are_or_not_at_all(tmp_path: Path, way: Any) -> None:
    with Store(tmp_path / "a.db", originals=way) as store:
        store.add(with_bytes(1, claims=12))
        assert store.originals()[0] == (0 if way == "off" else 1)
        assert (store.original("r1") is None) == (way == "off")
        assert [v.state for v in store.verify()] == ["no bytes" if way == "off" else "matches"]
    with Store(tmp_path / "a.db") as store:
        assert store.known(with_bytes(1, claims=12).report, made(1).reader)
        assert store.original("r1") is not None, "bytes that were not kept are when it comes again"


def test_bytes_that_cannot_be_made_smaller_are_kept_as_they_are(tmp_path: Path) -> None:
    import random

    data = random.Random(1).randbytes(2000)
    with Store(tmp_path / "a.db") as store:
        reading = made(1)
        store.add(replace(reading, report=replace(reading.report, original=Original(data, "pdf"))))
        assert store.originals() == (1, 2000, 2000)
        assert store.original("r1").data == data  # type: ignore[union-attr]


def test_a_whole_ledger_matches(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for form, data in good().items():
        (folder / f"x{form}").write_bytes(data)
    with Ledger(tmp_path / "a.db", reader="rules") as ledger:
        assert all(isinstance(k, Kept) for k in ledger.add(folder))
        verified = list(ledger.verify())
        assert {v.state for v in verified} == {"matches"}
        assert sum(v.spans for v in verified) > 50
    result = CliRunner().invoke(cli, ["verify", str(tmp_path / "a.db")])
    assert result.exit_code == 0
    assert "0 do not" in result.output


def test_damaged_bytes_are_found_by_their_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        for n in (1, 2, 3, 4):
            store.add(with_bytes(n, claims=6))
        names = {f"r{n}": store.original(f"r{n}").sha256 for n in (1, 2, 3)}  # type: ignore[union-attr]
    sql(path, "UPDATE original SET data = ? WHERE sha256 = ?", gzip.compress(b"other bytes"), names["r1"])
    sql(path, "UPDATE original SET data = substr(data, 1, 40) WHERE sha256 = ?", names["r2"])
    sql(path, "DELETE FROM original WHERE sha256 = ?", names["r3"])
    with Store(path) as store:
        found = {v.report: v for v in store.verify()}
        assert [found[f"r{n}"].state for n in (1, 2, 3, 4)] == ["differs"] * 3 + ["matches"]
        assert {m.what for n in (1, 2, 3) for m in found[f"r{n}"].mismatches} == {"bytes"}
        with pytest.raises(LedgerError, match="damaged"):
            store.original("r1")
    result = CliRunner().invoke(cli, ["verify", "--ledger", str(path), "--format", "jsonl"])
    assert result.exit_code == 1
    rows = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert [r["report"] for r in rows] == ["r1", "r2", "r3"]


def test_a_bomb_in_the_store_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        store.add(with_bytes(1))
    sql(path, "UPDATE original SET data = ?, packing = 'gzip'", gzip.compress(bytes(200_000_000)))
    with Store(path) as store:
        assert [v.state for v in store.verify()] == ["differs"]


def test_a_text_that_was_changed_in_the_ledger_is_found_span_by_span(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        store.add(with_bytes(1))
    sql(path, "UPDATE report SET text = replace(text, 'Group 1 took', 'Group 9 lost')")
    with Store(path) as store:
        (found,) = store.verify()
        assert {m.what for m in found.mismatches} == {"text", "span"}
        wrong = {m.where: m.text for m in found.mismatches if m.where}
        assert "claim c2" in wrong
        assert all("Group 1" in text or text == "took" for text in wrong.values())


def test_a_span_that_was_changed_in_the_ledger_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        store.add(with_bytes(1))
    record = json.loads(sqlite3.connect(path).execute("SELECT record FROM claim WHERE position = 0").fetchone()[0])
    record["start"] += 3
    sql(path, "UPDATE claim SET record = ? WHERE position = 0", json.dumps(record))
    with Store(path) as store:
        (found,) = store.verify()
        assert [(m.what, m.where) for m in found.mismatches] == [("span", "claim c1")]


def test_what_a_newer_version_reads_otherwise_is_told_span_by_span(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(tmp_path / "a.db", reader="rules") as ledger:
        (tmp_path / "a.txt").write_text(f"{TITLE}\n\n{FIRST}\n\n{THIRD}\n")
        ledger.add(tmp_path / "a.txt")
        real = bytes_verify.read_again

        def shifted(original: Original) -> Report:
            report = real(original)
            return replace(report, text="A new first line.\n" + report.text)

        monkeypatch.setattr(bytes_verify, "read_again", shifted)
        (moved,) = ledger.verify()
        assert moved.moved == moved.spans > 0
        assert [m.what for m in moved.mismatches] == ["text"]

        def without(original: Original) -> Report:
            report = real(original)
            return replace(report, text=report.text.replace(THIRD, ""))

        monkeypatch.setattr(bytes_verify, "read_again", without)
        (gone,) = ledger.verify()
        words = [m.text for m in gone.mismatches if m.where.startswith("claim") and "," not in m.where]
        assert words
        assert all(w in THIRD for w in words)
        assert gone.moved == 0


def test_verifying_one_report_and_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        store.add(with_bytes(1))
        store.add(with_bytes(2))
        assert [v.report for v in store.verify("r2")] == ["r2"]
    assert CliRunner().invoke(cli, ["verify", str(path), "--report", "none"]).exit_code == 1
    assert CliRunner().invoke(cli, ["verify", str(tmp_path / "none.db")]).exit_code == 1


def test_adding_keeps_or_leaves_the_bytes_as_asked(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(eml())
    for way, kept in (("gzip", 1), ("plain", 1), ("off", 0)):
        path = tmp_path / f"{way}.db"
        args = ["add", str(tmp_path / "a.eml"), "--ledger", str(path), "--reader", "rules", "--originals", way]
        assert CliRunner().invoke(cli, args).exit_code == 0
        with Store(path) as store:
            assert store.originals()[0] == kept
