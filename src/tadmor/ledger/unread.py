"""Reports that are kept without having been read: which, why, and what they say, so that they can be read later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, delete, func, insert, select

from tadmor.ledger import database, queries
from tadmor.ledger import feeds_tables as f
from tadmor.ledger import tables as t
from tadmor.model import UNREAD, Report

_T = TypeVar("_T")
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Unread:
    """A report that is kept unread: its id, the reason (language, relevance, reprint) and why in words."""

    id: str
    reason: str
    why: str
    title: str
    publisher: str | None
    published: str | None
    language: str | None
    url: str | None


class Unreads:
    """Reports that are kept unread, and sketches by which reprints are found. A part of ``Store``."""

    name: str
    _engine: Engine

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        raise NotImplementedError

    def report(self, id: str) -> Report:
        """See ``Store.report``."""
        raise NotImplementedError

    def unread(
        self, reason: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[tuple[int, Unread]]:
        """Reports that are unread, with the row of their reading, oldest first; ``after`` a row, at most ``limit``."""
        r, g = t.report.c, t.reading.c
        stmt = (
            select(g.row, r.id, g.version, g.record, r.title, r.publisher, g.published, r.language, r.url)
            .join(t.report, g.report == r.row)
            .where(queries.CURRENT, g.reader == UNREAD, g.row > after)
            .order_by(g.row)
        )
        if reason is not None:
            stmt = stmt.where(g.version == reason)
        if limit is not None:
            stmt = stmt.limit(limit)
        with database.reading(self._engine, self.name) as connection:
            return [
                (row, Unread(id, version, next(iter(record.get("warnings") or ()), ""), *rest))
                for row, id, version, record, *rest in connection.execute(stmt)
            ]

    def unread_counts(self) -> dict[str, int]:
        """How many reports are unread, by reason."""
        g = t.reading.c
        stmt = select(g.version, func.count()).where(queries.CURRENT, g.reader == UNREAD).group_by(g.version)
        with database.reading(self._engine, self.name) as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(stmt.order_by(g.version))}

    def unread_reports(self, reasons: Sequence[str]) -> Iterator[Report]:
        """The reports that are unread for these reasons, oldest first, as they were gathered."""
        for reason in reasons:
            after = 0
            while found := self.unread(reason, after=after, limit=_PAGE):
                for _, one in found:
                    yield self.report(one.id)
                after = found[-1][0]

    def was_read(self, report: Report) -> bool:
        """Whether any reader has read this text, so that no step before reading may take it away again."""
        g, r = t.reading.c, t.report.c
        stmt = (
            select(g.row).join(t.report, g.report == r.row).where(r.text_hash == report.text_hash, g.reader != UNREAD)
        )
        with database.reading(self._engine, self.name) as connection:
            return connection.scalar(stmt.limit(1)) is not None

    def alike(self, keys: Sequence[int]) -> list[Report]:
        """Reports that share a key of a sketch, those kept first in front, at most twenty: id, text, address and date alone."""
        if not keys:
            return []
        rows = select(f.sketch.c.report).where(f.sketch.c.key.in_(keys)).distinct()
        r = t.report.c
        stmt = select(r.id, r.text, r.url, r.published).where(r.row.in_(rows)).order_by(r.row).limit(20)
        with database.reading(self._engine, self.name) as connection:
            return [
                Report(id, text, url=url, published=published) for id, text, url, published in connection.execute(stmt)
            ]

    def note_sketch(self, report: Report, keys: Sequence[int]) -> None:
        """Keep the sketch of a report that is kept, so that reprints of it are found."""

        def act(connection: Connection) -> None:
            row = connection.scalar(select(t.report.c.row).where(t.report.c.text_hash == report.text_hash))
            if row is None:
                return
            connection.execute(delete(f.sketch).where(f.sketch.c.report == row))
            values: list[dict[str, Any]] = [{"key": key, "report": row} for key in sorted(set(keys))]
            if values:
                connection.execute(insert(f.sketch), values)

        self._write(act)
