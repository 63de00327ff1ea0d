"""Connections to a ledger's database. What is peculiar to SQLite is in this module, what is to PostgreSQL in ``postgres``."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from tadmor.errors import LedgerError
from tadmor.ledger import postgres

_MAGIC = b"SQLite format 3\0"
_MENDS = {
    sqlite3.SQLITE_BUSY: "is locked: another program is writing to it; try again when that is done",
    sqlite3.SQLITE_LOCKED: "is locked: another program is writing to it; try again when that is done",
    sqlite3.SQLITE_READONLY: "cannot be written: give yourself the right to write the file and its folder, or copy it",
    sqlite3.SQLITE_PERM: "cannot be written: give yourself the right to write the file and its folder, or copy it",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: see that its folder is there and may be written",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full; make room and run the same command again, nothing is lost",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports a fault; see that there is room and that the file may "
    "grow (df, ulimit -f), and run the same command again: what was kept is not lost",
    sqlite3.SQLITE_CORRUPT: "is damaged: take the last backup, or save what can be read with `sqlite3 FILE .recover`",
    sqlite3.SQLITE_NOTADB: "is no ledger: the file is no SQLite database; name another with --ledger",
}


def connect(where: str | Path, *, timeout: float, create: bool) -> tuple[Engine, str]:
    """An engine for the ledger at a path or database URL, and its name for messages, without a password.

    Nothing is written yet. Raises LedgerError when it can be seen from the outside that this will not do.
    """
    if isinstance(where, str) and "://" in where:
        try:
            url = make_url(where)
        except ArgumentError as error:
            raise LedgerError(f"not a database URL: {error}") from error
    else:
        url = URL.create("sqlite", database=str(where))
    if postgres.is_postgres(url):
        return postgres.connect(url, timeout=timeout), named(str(where))
    if url.get_backend_name() != "sqlite":
        raise LedgerError(f"{url.drivername} is not supported: a ledger is a SQLite file or a PostgreSQL database")
    if not url.database or url.database == ":memory:":
        raise LedgerError("a ledger is kept in a file: give its path")
    _check_file(Path(url.database), create)
    # As many connections as there are questions at a time: a question may ask another before it is done.
    engine = create_engine(url, max_overflow=-1, connect_args={"timeout": timeout, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine, url.database


def named(url: str) -> str:
    """A database URL as it is shown: without password and settings."""
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return "the ledger"  # what is not in form may hold a password anywhere


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction that sees one state of the ledger throughout. Raises LedgerError for a fault of the database."""
    with explained(name), engine.connect() as connection:
        if engine.dialect.name != "sqlite":  # whose transactions all see one state
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """A transaction that may write: all of it is kept, or nothing. Writers wait for each other.

    Raises IntegrityError (SQLAlchemy's) when another writer was faster, LedgerError for a fault of the database.
    """
    with explained(name), engine.connect() as connection:
        connection = connection.execution_options(tadmor_writes=True)
        if engine.dialect.name != "sqlite":  # what was kept while this one waited must be seen
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            yield connection


def settle(engine: Engine, name: str) -> None:
    """Have the file write ahead, so that readers never wait for a writer; the file remembers it."""
    if engine.dialect.name != "sqlite":
        return
    with explained(name):
        raw = engine.raw_connection()
        try:
            if raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            for pause in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0, None):  # SQLite's own waiting does not cover this change
                try:
                    raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
                    return
                except sqlite3.OperationalError as error:
                    if pause is None or _code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                        raise LedgerError(message(error, name)) from error
                    time.sleep(pause)
        finally:
            raw.close()


def _check_file(path: Path, create: bool) -> None:
    if "\0" in str(path):
        raise LedgerError(f"{str(path)!r} is no path")
    try:
        if path.is_dir():
            raise LedgerError(f"{path} is no ledger: it is a folder; name a file in it")
        if not path.exists():
            _check_new(path, create)
            return
        with path.open("rb") as stream:
            head = stream.read(len(_MAGIC))
    except OSError as error:
        raise LedgerError(f"{path} cannot be opened: {error.strerror or error}") from error
    if head and head != _MAGIC:
        raise LedgerError(f"{path} {_MENDS[sqlite3.SQLITE_NOTADB]}")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise LedgerError(f"{path} {_MENDS[sqlite3.SQLITE_READONLY]}")


def _check_new(path: Path, create: bool) -> None:
    if not create:
        raise LedgerError(f"there is no ledger at {path}: make one with `tadmor add INPUT --ledger {path}`")
    if not path.parent.is_dir():
        raise LedgerError(f"{path} cannot be made: there is no folder {path.parent}; make it first")
    if not os.access(path.parent, os.W_OK):
        raise LedgerError(f"{path} cannot be made: the folder {path.parent} may not be written")


def _on_connect(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says so, in _on_begin
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a report that was added is there after a power cut, too
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once when another wrote in between; one that says from the
    # start that it will write waits its turn.
    writes = connection.get_execution_options().get("tadmor_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Have faults of the database raised as LedgerError, in words; IntegrityError, which tells of another writer, as it is.

    A Ctrl-C that ends in another error on its way out is raised as the KeyboardInterrupt that it was.
    """
    before = sys.exception()
    try:
        yield
    except Exception as error:
        # One that comes while a transaction ends leaves it half ended, which an assertion of SQLAlchemy's takes for a fault.
        if _interrupted(error, before):
            raise KeyboardInterrupt from error
        if isinstance(error, NoConnection):
            raise LedgerError(f"{name} is asked too much at once: all connections are taken; try again") from error
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            raise LedgerError(message(error.orig, name)) from error
        raise


def _interrupted(error: BaseException, before: BaseException | None) -> bool:
    """Whether an error came while an interrupt was being handled, other than what was being handled ``before``."""
    came = error.__context__
    while came is not None and came is not before:
        if isinstance(came, KeyboardInterrupt):
            return True
        came = came.__context__
    return False


def _code(error: object) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None  # the upper bits say more than a reader needs


def message(error: object, name: str) -> str:
    """What an error of a database's driver means, and what to do."""
    code = _code(error)
    if code in _MENDS:
        return f"{name} {_MENDS[code]}"
    return postgres.message(error, name) or f"{name} cannot be used: {error}"
