"""Opening a ledger: made, migrated, re-opened, or refused with what to do about it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from databases import as_of
from tadmor.errors import LedgerError
from tadmor.ledger import Store, database, migrate, queries, tables
from test_ledger_made import made


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def test_a_new_ledger_is_made_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    with Store(path) as store:
        store.add(made(1))
    with Store(str(path)) as store:
        assert store.report("r1") == made(1).report
    with Store(f"sqlite:///{path}") as store:
        assert store.counts().claims == 3
    assert [p.name for p in tmp_path.iterdir()] == ["war.db"], "nothing is left beside a closed ledger"
    assert sql(path, "PRAGMA journal_mode") == [("wal",)]


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with Store(path) as store:
        assert store.add(made(1))


@pytest.mark.parametrize("name", ["100% sure?.db", "a#b.db", "ملف.db", "with space.db", "memory"])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    with Store(tmp_path / name) as store:
        store.add(made(1))
    assert (tmp_path / name).exists()
    with Store(tmp_path / name, create=False) as store:
        assert store.counts().reports == 1


def test_the_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with Store(tmp_path / "a.db") as store, store._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == tables.HEAD
        assert compare_metadata(context, tables.metadata) == []
    assert ScriptDirectory.from_config(migrate._config()).get_current_head() == tables.HEAD


def test_new_ledgers_of_one_process_are_alike_and_as_the_migrations_make_them(tmp_path: Path) -> None:
    """The tests make all but the first in a shorter way (``databases.quickly``)."""
    for name in ("one.db", "two.db"):
        Store(tmp_path / name).close()
    as_of(tables.HEAD, tmp_path / "two.db", tmp_path / "migrated.db")
    every = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    version = "SELECT version_num FROM alembic_version"
    found = [(sql(path, every), sql(path, version)) for path in tmp_path.iterdir()]
    assert len(found) == 3
    assert len(found[0][0]) > 60
    assert found[0] == found[1] == found[2]


def test_a_migration_broken_off_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    upgrade = migrate._upgrade

    def broken(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_upgrade", broken)
        with pytest.raises(KeyboardInterrupt):
            Store(path)
    assert sql(path, "SELECT count(*) FROM sqlite_master") == [(0,)]
    with Store(path) as store:
        assert store.add(made(1))


def test_opening_a_ledger_of_this_version_needs_no_alembic(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(path).close()
    code = "import sys; from tadmor.ledger import Store; Store(sys.argv[1]).close(); print('alembic' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_a_newer_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        store.add(made(1))
    sql(path, "UPDATE alembic_version SET version_num = '9001'")
    with pytest.raises(LedgerError, match=r"version 9001, newer .* upgrade Tadmor"):
        Store(path)
    assert sql(path, "SELECT version_num FROM alembic_version") == [("9001",)]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a ledger at all, only a few notes")
    with pytest.raises(LedgerError, match=r"notes\.txt is no ledger"):
        Store(path)
    assert path.read_text() == "not a ledger at all, only a few notes"


@pytest.mark.parametrize(
    "extra", ["", "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('x')"]
)
def test_the_database_of_another_program_is_left_alone(tmp_path: Path, extra: str) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"CREATE TABLE places (url); {extra};")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="is no ledger: it is the database of another program"):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path) as store:
        for n in range(20):
            store.add(made(n))
    raw = bytearray(path.read_bytes())
    raw[100 : len(raw)] = b"\x07" * (len(raw) - 100)
    path.write_bytes(raw)
    with pytest.raises(LedgerError, match="damaged"):
        Store(path)


def test_folders_and_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is a folder"):
        Store(tmp_path)
    with pytest.raises(LedgerError, match="there is no folder"):
        Store(tmp_path / "nowhere" / "a.db")
    with pytest.raises(LedgerError, match=r"there is no ledger at .* `tadmor add"):
        Store(tmp_path / "a.db", create=False)
    with pytest.raises(LedgerError, match="kept in a file"):
        Store(":memory:")
    with pytest.raises(LedgerError, match="no path"):
        Store(tmp_path / "a\0b.db")
    with pytest.raises(
        LedgerError, match=r"nosuch is not supported: a ledger is a SQLite file or a PostgreSQL database"
    ):
        Store("nosuch://host/db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_ledger_that_may_not_be_written(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store(path).close()
    path.chmod(0o400)
    with pytest.raises(LedgerError, match="cannot be written"):
        Store(path)


def test_a_locked_ledger_is_named_and_can_still_be_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Store(path, timeout=0.05) as store:
        store.add(made(1))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="is locked: another program"):
            store.add(made(2))
        assert not store.add(made(1)), "what is known is known without a lock"
        assert len(list(store.accounts())) == 3
        other.execute("ROLLBACK")
        other.close()
        assert store.add(made(2))


@pytest.fixture
def statements(tmp_path: Path) -> Iterator[tuple[Store, list[tuple[str, object]]]]:
    with Store(tmp_path / "a.db") as store:
        store.add(made(1))
        seen: list[tuple[str, object]] = []

        def note(conn: object, cursor: object, statement: str, parameters: object, context: object, many: bool) -> None:
            seen.append((statement, parameters[0] if many else parameters))  # type: ignore[index]

        event.listen(store._engine, "before_cursor_execute", note)
        yield store, seen
        event.remove(store._engine, "before_cursor_execute", note)


def test_adding_never_goes_through_a_whole_table(statements: tuple[Store, list[tuple[str, object]]]) -> None:
    store, seen = statements
    store.add(made(1, tail="Corrected."))
    store.add(made(1, id="copy"))
    asked = [(s, p) for s, p in seen if s.startswith(("SELECT", "UPDATE"))]
    assert len(asked) > 8
    with closing(sqlite3.connect(store.name)) as connection:
        for statement, parameters in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()  # type: ignore[arg-type]
            assert not [step for step in plan if step[3].startswith("SCAN")], statement


def test_a_ledger_of_the_first_version_is_upgraded_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    reading = made(1)
    with Store(path) as store:
        store.add(replace(reading, report=replace(reading.report, url="https://www.news.example/a/")))
        accounts, found = list(store.accounts()), list(store.incidents())
    with Store(as_of("0001", path, tmp_path / "earlier.db")) as store:
        assert list(store.accounts()) == accounts
        assert list(store.incidents()) == found
        assert [v.state for v in store.verify()] == ["no bytes"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT address FROM report").fetchall() == [("news.example/a",)]
    connection.close()


def test_tables_and_queries_are_sql_that_postgresql_knows() -> None:
    dialect = postgresql.dialect()
    for table in tables.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
    filters = queries.Filters("Palmyra", "actor:x", "2016", "2017", "SANA", ["air_strike"], "2017")
    for statement in (
        queries.accounts(filters),
        queries.readings(filters),
        queries.tallies(tables.claim_source),
        queries.labels(tables.claim_place, "name", "lat"),
        queries.current_reading("r1"),
        queries.reading_of_other_id("r1"),
    ):
        assert "SELECT" in str(statement.compile(dialect=dialect))  # type: ignore[attr-defined]


def test_messages_hide_the_password_of_a_url() -> None:
    with pytest.raises(LedgerError) as caught:
        database.connect("postgresql+nosuch://me:secret@host/db", timeout=1, create=True)
    assert "pip install 'tadmor[postgres]'" in str(caught.value)
    assert "secret" not in str(caught.value)
