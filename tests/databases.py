"""Databases for tests of the ledger: a file of SQLite, or a database of the server that TADMOR_TEST_POSTGRES names."""

from __future__ import annotations

import itertools
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text

from tadmor.ledger import Store, database, migrate, tables

Where = Path | str
SERVER = os.environ.get("TADMOR_TEST_POSTGRES", "")
WITHOUT = "TADMOR_TEST_POSTGRES names no PostgreSQL server (postgresql://postgres@127.0.0.1:5432/postgres)"
needs_server = pytest.mark.skipif(not SERVER, reason=WITHOUT)

_RUN = secrets.token_hex(4)  # of this process; what a broken off run left behind has another
_numbers = itertools.count(1)
_clean: list[str] = []  # databases with the tables of a ledger and nothing in them, to be used again


def server_url(name: str, server: str = SERVER) -> URL:
    """The URL of a database of the server."""
    return make_url(server).set(drivername="postgresql+psycopg", database=name)


def on_server(statement: str, server: str = SERVER) -> None:
    """Run a statement that makes or drops a database."""
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def empty_database(server: str = SERVER) -> Iterator[str]:
    """The URL of a database of its own, without tables; dropped in the end."""
    name = f"tadmor_{_RUN}_{next(_numbers)}"
    on_server(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'", server)
    try:
        yield server_url(name, server).render_as_string(hide_password=False)
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)", server)


def quickly(patch: pytest.MonkeyPatch) -> None:
    """Have new ledgers in files made, and all written, in a tenth of the time.

    The first of a process gets its tables from the migrations; those after it by the same statements, which need not be worked
    out again. And nobody waits for the disk: what that is good for, a power cut, no test can show. Programs that a test starts
    do all as ever.
    """
    statements: list[str] = []
    upgrade, on_connect = migrate._upgrade, database._on_connect

    def make(connection: Connection) -> None:
        empty = connection.dialect.name == "sqlite" and not migrate.tables_of(connection)
        if empty and statements:
            for statement in statements:
                connection.exec_driver_sql(statement)
            return
        upgrade(connection)
        if empty:
            found = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
            statements.extend(row[0] for row in connection.exec_driver_sql(found))
            statements.append(f"INSERT INTO alembic_version VALUES ('{tables.HEAD}')")

    def connect(connection: sqlite3.Connection, record: Any) -> None:
        on_connect(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    patch.setattr(migrate, "_upgrade", make)
    patch.setattr(database, "_on_connect", connect)


class Places:
    """Places for the ledgers of one test."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self._folder, self._taken = kind, folder, []  # type: str, Path, list[str]

    def new(self, name: str = "ledger") -> Where:
        """A place at which there is no report yet, and where nobody else keeps any."""
        if self.kind == "sqlite":
            return self._folder / f"{name}.db"
        if not _clean:
            fresh = f"tadmor_{_RUN}_{next(_numbers)}"
            on_server(f"CREATE DATABASE {fresh} TEMPLATE template0 ENCODING 'UTF8'")
            _clean.append(server_url(fresh).render_as_string(hide_password=False))
            Store(_clean[-1]).close()
        self._taken.append(_clean.pop())
        return self._taken[-1]

    def release(self) -> None:
        """Empty what was used, for the next test."""
        for url in self._taken:
            emptied(url)
        _clean.extend(self._taken)


def emptied(where: Where) -> Where:
    """The same place, without what was kept there."""
    if isinstance(where, Path):
        for old in where.parent.glob(f"{where.name}*"):
            old.unlink()
        return where
    numbers = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"
    # Of few rows this costs a tenth of TRUNCATE, which makes new files for all tables.
    sql(where, *(f'DELETE FROM "{table.name}"' for table in reversed(tables.metadata.sorted_tables)), numbers)
    return where


def drop_all() -> None:
    """Drop the databases that tests of this process used."""
    for url in _clean:
        on_server(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")
    _clean.clear()


def sql(where: Where | Store, *statements: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run statements in one transaction; the rows of the last, if it has any."""
    opened = where if isinstance(where, Store) else None
    engine, name = (opened._engine, opened.name) if opened else database.connect(where, timeout=10, create=False)  # type: ignore[arg-type]
    try:
        with database.writing(engine, name) as connection:
            for statement in statements:
                found = connection.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        if opened is None:
            engine.dispose()


def as_of(revision: str, source: Path, target: Path) -> Path:
    """A ledger file as an earlier version of the tables kept it, with what the later one at ``source`` has of it."""
    from alembic import command

    engine, name = database.connect(target, timeout=10, create=True)
    with database.writing(engine, name) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS later", (str(source),))
        for (table,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table != "alembic_version":
                names = ", ".join(f'"{row[1]}"' for row in connection.execute(f'PRAGMA main.table_info("{table}")'))
                connection.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM later."{table}"')
    return target


def content(where: Where) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables without the times at which they were written."""
    found = {}
    engine, place = database.connect(where, timeout=10, create=False)
    with database.reading(engine, place) as connection:
        for name, table in tables.metadata.tables.items():
            kept = ", ".join(f'"{c.name}"' for c in table.columns if c.name not in ("at", "added_at", "read_at"))
            found[name] = sorted(map(tuple, connection.execute(text(f'SELECT {kept} FROM "{name}"'))), key=repr)
    engine.dispose()
    return found
