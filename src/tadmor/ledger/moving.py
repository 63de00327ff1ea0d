"""Moves a ledger into another database, whole and exactly: every row of every table, under the number that it has.

Nothing is read anew and nothing worked out again, so that the log, reviews, decisions and other ids are what they were. What
arrived is compared with what was sent, row by row, before it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Column, Connection, MetaData, Table, bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator, TypeEngine

from tadmor.errors import LedgerError
from tadmor.ledger import database, migrate, postgres, review_tables, team_tables, timeline_tables, withhold_tables
from tadmor.ledger.tables import metadata

_BATCH = 1_000
_PART = ".part"
Progress = Callable[[int, int], None]
TABLES = (review_tables, team_tables, timeline_tables, withhold_tables)
"""The modules that add tables to ``tables.metadata``, which must be loaded for it to be whole."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: how many rows of each table, and the SHA-256 of all rows in the order of their keys."""

    rows: Mapping[str, int]
    digest: str


def move(source: str | Path, target: str | Path, *, progress: Progress | None = None) -> Moved:
    """Copy the ledger at ``source`` to ``target``, a path or URL at which there is none; all of it, or nothing is left there.

    Nobody can add to the source meanwhile; it stays as it is, in the version of this code. ``progress`` is told how many of how
    many rows are copied. Raises LedgerError where the target holds anything, or where what arrived is not what was sent.
    """
    mine, name = database.connect(source, timeout=30.0, create=False)
    try:
        migrate.prepare(mine, name, create=False)
        with database.writing(mine, name) as here, _arriving(target, mine.url, name) as there:
            _complete(here, name)
            tables = [_bare(table) for table in metadata.sorted_tables]
            total = sum(here.scalar(select(func.count()).select_from(t)) or 0 for t in tables)
            rows: dict[str, int] = {}
            for table in tables:
                rows[table.name] = _copy(here, there, table, partial(_told, progress, sum(rows.values()), total))
            if there.dialect.name == "postgresql":
                own = ((t.name, t.autoincrement_column.name) for t in tables if t.autoincrement_column is not None)
                postgres.renumber(there, own)
                there.execute(text("ANALYZE"))
            sent, arrived = digest(here), digest(there)
            if sent != arrived:
                raise LedgerError(f"what arrived is not what {name} holds; nothing was kept, and {name} is as it was")
        return Moved(rows, sent)
    finally:
        mine.dispose()


def digest(connection: Connection) -> str:
    """The SHA-256 of all rows of a ledger, in the order of their keys: the same in every database that holds the same."""
    found = hashlib.sha256()
    for table in map(_bare, metadata.sorted_tables):
        found.update(f"\x1e{table.name}".encode())
        for row in _rows(connection, table):
            found.update(b"\x1f" + repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


@contextmanager
def _arriving(target: str | Path, url: URL, source: str) -> Iterator[Connection]:
    """A transaction on a new ledger at ``target``, kept when all went well. A file appears under its name only then."""
    engine, name = database.connect(target, timeout=30.0, create=True)
    final: Path | None = None
    try:
        if engine.url == url:
            raise LedgerError(f"{name} is the ledger that is to be moved: name another place for it")
        if engine.dialect.name == "sqlite":
            final = Path(name)
            if final.exists():
                raise LedgerError(f"{name} is there already: name a file that is not, or move that one away")
            engine.dispose()
            part = final.with_name(final.name + _PART)
            part.unlink(missing_ok=True)  # of a run that was broken off
            engine, _ = database.connect(part, timeout=30.0, create=True)
        with database.writing(engine, name) as connection:
            migrate.upgrade(connection, name)
            held = [
                t.name for t in map(_bare, metadata.sorted_tables) if connection.execute(select(t).limit(1)).first()
            ]
            if held:
                raise LedgerError(
                    f"{name} is not empty (there are rows in {', '.join(held[:3])}): name an empty database"
                )
            yield connection
        engine.dispose()
        if final is not None:
            part.replace(final)
    except IntegrityError as error:
        raise LedgerError(f"{name} does not take what {source} holds; nothing was kept: {error.orig}") from error
    finally:
        engine.dispose()
        if final is not None:
            for left in final.parent.glob(f"{final.name}{_PART}*"):
                left.unlink(missing_ok=True)


def _complete(connection: Connection, name: str) -> None:
    """Raises LedgerError where the ledger has tables that this code does not know, which would be left behind."""
    unknown = sorted(migrate.tables_of(connection) - set(metadata.tables) - {"alembic_version"})
    if unknown:
        raise LedgerError(
            f"{name} holds tables that are none of Tadmor's ({', '.join(unknown)}); move them elsewhere first"
        )


def _told(progress: Progress | None, before: int, total: int, more: int) -> None:
    if progress is not None:
        progress(before + more, total)


def _copy(here: Connection, there: Connection, table: Table, tell: Callable[[int], None]) -> int:
    """Copy all rows of a table, and say how many there were."""
    later = _to_own_rows(table)
    links: list[dict[str, Any]] = []
    done = 0
    for batch in _batches(_rows(here, table)):
        rows = [dict(row._mapping) for row in batch]
        for row in rows:
            for column in later:  # a row may refer to one that comes after it
                if row[column] is not None:
                    links.append({"to": row[column], "of": row["row"], "column": column})
                    row[column] = None
        there.execute(insert(table), rows)
        done += len(rows)
        tell(done)
    for column in later:
        of_column = [{"b_to": x["to"], "b_of": x["of"]} for x in links if x["column"] == column]
        if of_column:
            linked = update(table).where(table.c.row == bindparam("b_of")).values({column: bindparam("b_to")})
            there.execute(linked, of_column)
    return done


def _to_own_rows(table: Table) -> list[str]:
    """The columns that refer to rows of the same table."""
    known = metadata.tables[table.name]
    return [c.name for c in known.columns if any(k.column.table is known for k in c.foreign_keys)]


def _bare(table: Table) -> Table:
    """The table with values as the database holds them, so that they are copied to the letter."""
    columns = [
        Column(c.name, _plain(c.type), primary_key=c.primary_key, autoincrement=c.autoincrement) for c in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    yield from connection.execute(
        select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": _BATCH}
    )


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
