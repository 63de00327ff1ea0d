"""What is purged is gone from the kept bytes and from what feeds gave, too."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tadmor.errors import LedgerError
from tadmor.gather.feeds import Item, Source
from tadmor.ledger import Store
from tadmor.model import Original, Reading
from test_ledger_made import made

NOW = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
NAME = "Ferhad Quillon"


def kept(number: int, data: bytes, **changes: object) -> Reading:
    reading = made(number, **changes)
    return replace(reading, report=replace(reading.report, original=Original(data, "text", {"title": None})))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "war.db"
    with Store(path, originals="plain") as store:
        store.add(kept(1, b"A page. " * 20 + NAME.encode()))  # the name stands beside the text that was read
        store.add(kept(2, b"Nobody is named here. " * 20))
        store.add(kept(3, b"A photograph of the old quarter. " * 20, tail=f"{NAME} was there."))
        store.follow([Source("https://news.example/feed", "News", "")], NOW)
        (feed,) = store.feeds()
        items = [Item("k3", "https://news.example/old-quarter", "The old quarter")]
        store.note_feed(feed.row, items, now=NOW)
        (waiting,) = store.items(due=NOW)
        store.note_item(waiting.row, "added", now=NOW, report=store.reading("r3").report.id)
    return path


def on_disk(path: Path, *words: str) -> list[str]:
    raw = b"".join(p.read_bytes() for p in path.parent.iterdir() if p.is_file()).lower()
    return [w for w in words if w.lower().encode() in raw]


def test_a_name_goes_with_the_bytes_that_have_it(ledger: Path) -> None:
    with Store(ledger) as store:
        assert on_disk(ledger, "quillon", "photograph") == ["quillon", "photograph"]
        store.purge_name(NAME, who="Ada", why="asked to")
        # the bytes behind a text that named him go whole, be the name in them or not
        assert {v.report: v.state for v in store.verify() if v.state == "no bytes"}.keys() == {"r1", "r3"}
        assert store.original("r2") is not None
    assert on_disk(ledger, "quillon", "photograph") == []


def test_a_report_goes_with_its_bytes_and_its_feed_fetches_it_no_more(ledger: Path) -> None:
    with Store(ledger) as store:
        store.purge_report("r3", who="Ada", why="asked to")
        assert on_disk(ledger, "photograph", "old-quarter", "The old quarter") == []
        (feed,) = store.feeds()
        again = [Item("k3", "https://news.example/old-quarter", "The old quarter")]
        assert store.note_feed(feed.row, again, now=NOW + dt.timedelta(days=1)) == 0
        assert list(store.items(due=NOW + dt.timedelta(days=2))) == []
        assert store.original("r2") is not None


def damage(ledger: Path, report: str) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute(
            "UPDATE original SET data = CAST('x' || CAST(data AS TEXT) AS BLOB) "
            "WHERE sha256 = (SELECT original FROM report WHERE id = ?)",
            (report,),
        )


def test_damaged_bytes_go_with_a_name_since_nobody_can_tell_what_is_in_them(ledger: Path) -> None:
    damage(ledger, "r2")
    with Store(ledger) as store:
        store.purge_name(NAME, who="Ada", why="asked to")
        assert store.original("r2") is None
    assert on_disk(ledger, "nobody is named here") == []


def test_damaged_bytes_alone_are_no_reason_for_a_purge(ledger: Path) -> None:
    damage(ledger, "r2")
    with Store(ledger) as store, pytest.raises(LedgerError, match="stands nowhere"):
        store.purge_name("Perpetua Vandermolen", who="Ada", why="asked to")
    assert on_disk(ledger, "nobody is named here") == ["nobody is named here"]
