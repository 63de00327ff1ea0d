"""Backups are whole, of one moment, made while others write; what is restored is the ledger that it was."""

from __future__ import annotations

import datetime as dt
import shutil
import stat
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from databases import Places, Where, as_of, content, empty_database, needs_server, sql
from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.ledger import Store, backup
from tadmor.model import Reading
from test_ledger_made import made
from test_ledger_moving import full, told

needs_programs = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")


def programs(where: Where) -> None:
    if isinstance(where, str) and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")


def test_a_backup_that_is_made_while_others_write_is_of_one_moment(places: Places, tmp_path: Path) -> None:
    where = places.new("war")
    programs(where)
    full(where)
    going, failed = threading.Event(), []

    def write() -> None:
        try:
            with Store(where) as store:
                for n in range(100, 116):
                    store.add(bulletin(n))
                    going.set()
        except BaseException as error:
            failed.append(error)
            going.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert going.wait(60)
    target = tmp_path / "backup"
    kind = backup.back_up(where, target)
    writer.join()
    assert failed == []
    assert kind == ("SQLite file" if isinstance(where, Path) else "PostgreSQL archive")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    restored: Where = tmp_path / "restored.db"
    if isinstance(where, Path):
        counts = backup.restore(target, restored)
        check(restored, counts.reports)
    else:
        with empty_database() as url:
            counts = backup.restore(target, url)
            check(url, counts.reports)
    assert not list(tmp_path.glob("*.part*"))


def bulletin(number: int) -> Reading:
    """A report of a week of its own, which needs to be compared with no other."""
    return made(number, date=str(dt.date(2016, 1, 3) + dt.timedelta(weeks=number)))


def check(where: Where, reports: int) -> None:
    """Each report that is there is there with all its claims, and the ledger takes more."""
    assert 7 <= reports <= 22
    with Store(where, create=False) as store:
        assert all(r == bulletin(int(r.report.id[1:])) for r in store.readings() if int(r.report.id[1:]) >= 100)
        assert store.counts().reports == reports
        assert not store.add(bulletin(100))
        assert store.add(bulletin(500))


@needs_server
@needs_programs
def test_a_file_is_restored_into_postgresql_and_what_was_there_is_left_alone(tmp_path: Path) -> None:
    where = tmp_path / "war.db"
    before = full(where)
    kept = content(where)
    backup.back_up(where, tmp_path / "backup.db")
    with empty_database() as url:
        backup.restore(tmp_path / "backup.db", url)
        assert content(url) == kept
        with Store(url, create=False) as store:
            assert told(store) == before
        with pytest.raises(LedgerError, match="is not empty"):
            backup.restore(tmp_path / "backup.db", url)
        backup.back_up(url, tmp_path / "archive")
        with pytest.raises(LedgerError, match=r"restore it into an empty database .* `tadmor migrate`"):
            backup.restore(tmp_path / "archive", tmp_path / "file.db")
        with pytest.raises(LedgerError, match="is not empty"):
            backup.restore(tmp_path / "archive", url)
        assert content(url) == kept
        with empty_database() as other:
            backup.restore(tmp_path / "archive", other)
            assert content(other) == kept
            with Store(other, create=False) as store:
                assert store.add(made(50)), "numbers go on after the last"


def test_an_earlier_ledger_is_kept_at_its_version_and_brought_to_this_one_when_restored(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    with Store(path) as store:
        store.add(made(1))
    earlier = as_of("0002", path, tmp_path / "earlier.db")
    backup.back_up(earlier, tmp_path / "backup.db")
    assert sql(tmp_path / "backup.db", "SELECT version_num FROM alembic_version") == [("0002",)]
    assert sql(earlier, "SELECT version_num FROM alembic_version") == [("0002",)]
    before = (tmp_path / "backup.db").read_bytes()
    assert backup.restore(tmp_path / "backup.db", tmp_path / "restored.db").claims == 3
    assert (tmp_path / "backup.db").read_bytes() == before


def test_what_cannot_be_done_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    with Store(path) as store:
        for n in range(20):
            store.add(made(n))
    (tmp_path / "there.db").write_text("mine")
    for to in (tmp_path / "there.db", path):
        with pytest.raises(LedgerError, match="is there already"):
            backup.back_up(path, to)
    with pytest.raises(LedgerError, match="cannot be written"):
        backup.back_up(path, tmp_path / "nowhere" / "backup.db")
    with pytest.raises(LedgerError, match="is no backup"):
        backup.restore(tmp_path / "there.db", tmp_path / "new.db")
    with pytest.raises(LedgerError, match="there is no ledger at"):
        backup.back_up(tmp_path / "none.db", tmp_path / "backup.db")
    backup.back_up(path, tmp_path / "backup.db")
    with pytest.raises(LedgerError, match="is there already"):
        backup.restore(tmp_path / "backup.db", path)
    raw = bytearray((tmp_path / "backup.db").read_bytes())
    raw[20_000:60_000] = b"\x07" * 40_000
    (tmp_path / "damaged.db").write_bytes(raw)
    with pytest.raises(LedgerError, match="damaged"):
        backup.restore(tmp_path / "damaged.db", tmp_path / "new.db")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup.db", "damaged.db", "there.db", "war.db"]
    assert (tmp_path / "there.db").read_text() == "mine"


@needs_server
def test_without_pg_dump_another_way_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_database() as url:
        with pytest.raises(LedgerError, match="there is nothing in it"):
            backup.back_up(url, tmp_path / "a")
        Store(url).close()
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(LedgerError, match=r"pg_dump is not installed: .* `tadmor migrate"):
            backup.back_up(url, tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    with Store(path) as store:
        store.add(made(1))
    done = CliRunner().invoke(cli, ["backup", "--ledger", str(path), str(tmp_path / "b.db")])
    assert done.exit_code == 0, done.output
    assert "is whole: a SQLite file" in done.output
    done = CliRunner().invoke(cli, ["restore", str(tmp_path / "b.db"), "--to", str(tmp_path / "again.db")])
    assert done.exit_code == 0, done.output
    assert "restored: 1 report, 1 current reading, 3 claims" in done.output
    assert content(tmp_path / "again.db") == content(path)
