"""The part of a ledger that keeps what reports were read from: bytes, versions, retractions, and verifying all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, func, select

from tadmor.errors import LedgerError
from tadmor.ledger import applying, bytes_store, bytes_verify, database, retract, versions_place
from tadmor.ledger import tables as t
from tadmor.ledger.by import By
from tadmor.ledger.bytes_verify import Verified
from tadmor.ledger.versions_compare import Change, change
from tadmor.model import Original, Reading

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a report: its number (in the order of adding), when it was added and captured (ISO, UTC), and from where.

    ``current`` is whether it is the one that is told. ``change`` is what its claims gained and lost against the text before it in
    time, None for the first, and where one of the two was not read. ``retracted`` has ``at``, ``who`` and ``why``.
    """

    report: str
    number: int
    added_at: str
    captured: str | None
    url: str | None
    path: str | None
    title: str
    published: str | None
    sha256: str | None
    current: bool
    claims: int
    change: Change | None
    retracted: dict[str, str] | None


class Versions:
    """Bytes, versions and retractions. A part of ``Store``."""

    name: str
    _engine: Engine

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        raise NotImplementedError

    def original(self, id: str, version: int | None = None) -> Original | None:
        """The bytes of a report's latest text, or of one version; None when none are kept.

        Raises LedgerError when there is no such text, or its bytes are damaged.
        """
        with database.reading(self._engine, self.name) as connection:
            report = retract.report_id(connection, id)
            r = t.report.c
            if version is None:
                row = versions_place.latest(connection, report)
            else:
                row = connection.scalar(select(r.row).where(r.id == report, r.version == version))
            if row is None:
                raise LedgerError(f"the report {report} has no version {version}")
            return bytes_store.original_of(connection, row)

    def originals(self) -> tuple[int, int, int]:
        """How many originals are kept, how many bytes they have, and how many they take."""
        with database.reading(self._engine, self.name) as connection:
            return bytes_store.sizes(connection)

    def changed(self) -> list[tuple[str, int]]:
        """Reports with more than one text, and how many, in the order in which they changed last."""
        r = t.report.c
        stmt = select(r.id, func.count()).group_by(r.id).having(func.count() > 1).order_by(func.max(r.row))
        with database.reading(self._engine, self.name) as connection:
            return [(id, int(number)) for id, number in connection.execute(stmt)]

    def versions(self, id: str) -> list[Version]:
        """The texts of a report in the order of time, the latest last. Raises LedgerError when there is none."""
        r = t.report.c
        with database.reading(self._engine, self.name) as connection:
            report = retract.report_id(connection, id)
            found = connection.execute(select(t.report).where(r.id == report)).all()
            rows = sorted(found, key=lambda x: (x.captured or x.added_at, x.version))
            current = versions_place.latest(connection, report)
            out: list[Version] = []
            before: Reading | None = None
            for row in rows:
                reading = _reading(connection, row.row)
                both = before is not None and reading is not None and not (before.unread or reading.unread)
                out.append(_version(row, reading, current, change(before, reading) if both else None))  # type: ignore[arg-type]
                before = reading
            return out

    def retract(self, id: str, *, who: str, why: str) -> str:
        """Mark a report as retracted: all its claims stay told, with that mark; returns its id. Kept in the audit log.

        Raises LedgerError when there is no such report, or who or why is not said.
        """
        by = By.of(who, why)
        return self._write(lambda connection: retract.retract(connection, id, by))

    def reinstate(self, id: str, *, who: str, why: str | None = None) -> str:
        """Take the mark of retraction back; both acts stay in the audit log. Raises LedgerError when it has none."""
        by = By.of(who, why)
        return self._write(lambda connection: retract.reinstate(connection, id, by))

    def retracted(self) -> dict[str, dict[str, str]]:
        """Reports whose current text is retracted, each with when, who and why."""
        r = t.report.c
        stmt = (
            select(r.id, r.retracted)
            .join(t.reading, t.reading.c.report == r.row)
            .where(r.retracted.is_not(None), t.reading.c.superseded_by.is_(None))
            .order_by(r.id)
        )
        with database.reading(self._engine, self.name) as connection:
            return {row.id: row.retracted for row in connection.execute(stmt)}

    def verify(self, id: str | None = None) -> Iterator[Verified]:
        """Every text of the ledger, or of one report, verified against its bytes, one after the other. Raises LedgerError."""
        with database.reading(self._engine, self.name) as connection:
            report = retract.report_id(connection, id) if id is not None else None
            rows = bytes_verify.texts(connection, report)
        for row in rows:
            with database.reading(self._engine, self.name) as connection:
                verified = bytes_verify.verify(connection, row)
            yield verified

    def texts(self) -> int:
        """How many texts of reports there are, all versions counted."""
        with database.reading(self._engine, self.name) as connection:
            return connection.scalar(select(func.count()).select_from(t.report)) or 0


def _reading(connection: Connection, report: int) -> Reading | None:
    """The last reading of a text, as it is told."""
    stmt = select(t.reading.c.row).where(t.reading.c.report == report).order_by(t.reading.c.number.desc()).limit(1)
    row = connection.scalar(stmt)
    return applying.whole(connection, row) if row is not None else None


def _version(row: Any, reading: Reading | None, current: int | None, changed: Change | None) -> Version:
    return Version(
        report=row.id,
        number=row.version,
        added_at=row.added_at,
        captured=row.captured,
        url=row.url,
        path=row.path,
        title=row.title,
        published=reading.report.published if reading else row.published,
        sha256=row.original,
        current=row.row == current,
        claims=len(reading.claims) if reading else 0,
        change=changed,
        retracted=row.retracted,
    )
