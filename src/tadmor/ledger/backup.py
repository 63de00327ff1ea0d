"""Backups of a ledger, made while it is in use, and the way back from them.

Of a file it is a file, made by SQLite's online backup; of a PostgreSQL database an archive of ``pg_dump``. Both are of one
moment, and neither keeps anybody from reading or writing. A backup appears under its name only when it is whole and was looked
through.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from tadmor.errors import LedgerError
from tadmor.ledger import database, migrate, moving
from tadmor.ledger.answers import Counts
from tadmor.ledger.store import Store

Kind = Literal["SQLite file", "PostgreSQL archive"]
_ARCHIVE = b"PGDMP"
_SQLITE = b"SQLite format 3\0"


def back_up(where: str | Path, target: Path) -> Kind:
    """Write a backup of the ledger to a new file that nobody else on this machine may read; says what it is.

    The ledger is not brought to a newer version for it. Raises LedgerError where ``target`` is there already, where there is no
    ledger, where it is damaged, or where ``pg_dump`` is not installed.
    """
    engine, name = database.connect(where, timeout=30.0, create=False)
    try:
        migrate.check(engine, name)
        with _whole(target) as part:
            if engine.dialect.name == "sqlite":
                _copy_file(Path(name), part)
                return "SQLite file"
            settings, secret = _settings(engine)
            _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={part}", settings],
                 secret, name)  # fmt: skip
            _run("pg_restore", ["--list", str(part)], {}, str(target))
            return "PostgreSQL archive"
    finally:
        engine.dispose()


def restore(backup: Path, where: str | Path, *, progress: moving.Progress | None = None) -> Counts:
    """Make a ledger of a backup at a path or URL where there is none yet; how much is in it then.

    A file can be restored as a file or into PostgreSQL, an archive into PostgreSQL. The backup stays as it is; the ledger is
    brought to the version of this code. Raises LedgerError where there is something at ``where``, or the backup is none.
    """
    kind = _kind(backup)
    if kind == "SQLite file" and not _is_url(where):
        with _whole(Path(where)) as part:
            _copy_file(backup, part)
    elif kind == "SQLite file":
        with tempfile.TemporaryDirectory(prefix="tadmor-") as folder:
            copy = Path(folder) / "backup.db"
            _copy_file(backup, copy)  # to be moved it must be of this version, and a backup is not to be changed
            moving.move(copy, where, progress=progress)
    elif _is_url(where):
        _unpack(backup, str(where))
    else:
        raise LedgerError(
            f"{backup} is a PostgreSQL archive: restore it into an empty database with --to postgresql://..., then "
            "`tadmor migrate` makes a file of it"
        )
    with Store(where, create=False) as store:
        return store.counts()


def _unpack(backup: Path, url: str) -> None:
    engine, name = database.connect(url, timeout=30.0, create=False)
    try:
        with database.reading(engine, name) as connection:
            there = sorted(migrate.tables_of(connection))
        if there:
            raise LedgerError(
                f"{name} is not empty (it has {', '.join(there[:3])}): name a new database, made with `createdb`"
            )
        settings, secret = _settings(engine)
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", f"--dbname={settings}"]
        _run("pg_restore", [*options, str(backup)], secret, name)
        with database.writing(engine, name) as connection:
            connection.exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()


def _is_url(where: str | Path) -> bool:
    return isinstance(where, str) and "://" in where and not where.startswith("sqlite")


def _kind(backup: Path) -> Kind:
    try:
        with backup.open("rb") as stream:
            head = stream.read(len(_SQLITE))
    except OSError as error:
        raise LedgerError(f"{backup} cannot be opened: {error.strerror or error}") from error
    if head == _SQLITE:
        return "SQLite file"
    if head.startswith(_ARCHIVE):
        return "PostgreSQL archive"
    raise LedgerError(f"{backup} is no backup: it is neither a SQLite file nor an archive of pg_dump")


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its name when all went well, and is on the disk then."""
    if target.exists():
        raise LedgerError(f"{target} is there already: name a file that is not")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        for left in target.parent.glob(f"{target.name}.part*"):
            left.unlink(missing_ok=True)


def _copy_file(source: Path, target: Path) -> None:
    """A copy of one moment, looked through. Raises LedgerError where the source is damaged."""
    try:
        with closing(sqlite3.connect(source, timeout=30.0)) as mine, closing(sqlite3.connect(target)) as copy:
            mine.backup(copy)
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
            strays = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise LedgerError(database.message(error, str(source))) from error
    if found != ["ok"] or strays:
        raise LedgerError(
            f"{source} is damaged ({'; '.join(found) if found != ['ok'] else strays}): take an earlier backup"
        )


def _settings(engine: Engine) -> tuple[str, dict[str, str]]:
    """How PostgreSQL's programs reach the database, and the password, which is not to be seen in a list of processes."""
    from psycopg.conninfo import make_conninfo

    _, given = engine.dialect.create_connect_args(engine.url)
    given.pop("context", None)  # of the driver, not of the server
    secret = {"PGPASSWORD": str(given.pop("password"))} if given.get("password") else {}
    return make_conninfo("", **given), secret


def _run(program: str, arguments: list[str], secret: dict[str, str], name: str) -> None:
    if shutil.which(program) is None:
        raise LedgerError(
            f"{program} is not installed: install PostgreSQL's client programs (Debian: postgresql-client); or make a file of "
            "the ledger with `tadmor migrate --ledger URL --to FILE`"
        )
    done = subprocess.run([program, *arguments], env=os.environ | secret, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
        raise LedgerError(f"{name}: {program} failed: {said[:600]}")
