"""What is known of a report, and the one transaction that keeps a reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from tadmor.ledger import applying, bytes_store, grouping, withhold_marks
from tadmor.ledger import tables as t
from tadmor.ledger.grouping import Ready
from tadmor.ledger.namings import note_namings
from tadmor.ledger.rows import Prepared, report_row
from tadmor.ledger.versions_place import latest as latest_text
from tadmor.ledger.versions_place import placed
from tadmor.model import ReaderInfo, Report


@dataclass(frozen=True, slots=True)
class State:
    """What the ledger has of a report's text: its row and first id, and whether this reader has read it so already.

    ``noted`` is whether the id that was asked for leads to the text; ``read`` is whether a reading by this reader,
    against this date of publication, is there; ``bare`` whether no bytes of it are kept.
    """

    row: int
    version: int
    id: str
    added_at: str
    noted: bool
    read: bool
    bare: bool


def look_up(connection: Connection, report: Report, reader: ReaderInfo) -> State | None:
    """What is known of ``report``, by the hash of its text; None when its text is new."""
    r = t.report.c
    found = connection.execute(
        select(r.row, r.version, r.id, r.added_at, r.original).where(r.text_hash == report.text_hash)
    ).one_or_none()
    if found is None:
        return None
    noted = found.id == report.id or _has_alias(connection, report.id, found.row)
    read = _is_read(connection, found, report, reader)
    return State(*found[:4], noted=noted, read=read, bare=found.original is None)


def note_alias(connection: Connection, report: Report, row: int, at: str) -> None:
    """Keep that the text of report ``row`` came again under another id."""
    if _has_alias(connection, report.id, row):
        return
    connection.execute(
        insert(t.alias).values(
            id=report.id,
            report=row,
            path=report.path,
            url=report.url,
            publisher=report.publisher,
            published=report.published,
            added_at=at,
        )
    )


def keep(
    connection: Connection,
    report: Report,
    reader: ReaderInfo,
    prepared: Prepared,
    at: str,
    ready: Ready,
    originals: bytes_store.Keeping = "gzip",
) -> bool:
    """Write the reading, unless it is there; whether anything but another id was added.

    The reading becomes the current one of its report, is told as people decided about its claims, and these go into the
    incidents in place of those of the one before. When the ledger has a later text of that report, it is kept as superseded
    by the reading of that text. ``originals`` is how the bytes are kept that it was read from.
    """
    state = look_up(connection, report, reader)
    came = report
    if state is None:
        report = placed(connection, report)
    if state is None:
        row, report_id = _new_version(connection, report, at), report.id
        bytes_store.keep(connection, row, report.original, originals)
        if came.id != report.id:
            note_alias(connection, came, row, at)
    else:
        row, report_id = state.row, state.id
        if not state.noted:
            note_alias(connection, report, row, at)
        bytes_store.keep(connection, row, report.original, originals)
        if state.read:
            return False
    current = _current(connection, report_id)
    latest = not current or row == latest_text(connection, report_id)
    number = connection.scalar(select(func.max(t.reading.c.number)).where(t.reading.c.report == row)) or 0
    added = connection.execute(
        insert(t.reading).values(
            report=row,
            number=number + 1,
            superseded_by=None if latest else current[0].row,
            **prepared.reading,
        )
    )
    key = added.inserted_primary_key
    assert key is not None
    _write(connection, t.claim, prepared.claims, key[0])
    for name, rows in prepared.children.items():
        _write(connection, t.metadata.tables[name], rows, key[0])
    note_namings(connection, prepared.namings)
    if latest:
        for old in current:
            _supersede(connection, old, key[0], new_text=old.report != row, reader=reader, at=at)
        applying.apply_all(connection, report_id, key[0])
        grouping.take(connection, ready, [key[0]], [old.row for old in current])
    withhold_marks.renew(connection, key[0])
    return True


def audit(
    connection: Connection,
    *,
    at: str,
    what: str,
    who: str,
    before: Any = None,
    after: Any = None,
    why: str | None = None,
) -> int:
    """Add a line to the audit log; returns its number."""
    line = insert(t.audit).values(at=at, what=what, who=who, before=before, after=after, why=why)
    key = connection.execute(line).inserted_primary_key
    assert key is not None
    return int(key[0])


def _has_alias(connection: Connection, report_id: str, row: int) -> bool:
    a = t.alias.c
    return connection.scalar(select(a.report).where(a.id == report_id, a.report == row)) is not None


def _is_read(connection: Connection, found: Any, report: Report, reader: ReaderInfo) -> bool:
    r = t.reading.c
    last = connection.execute(
        select(r.published)
        .where(r.report == found.row, r.reader == reader.name, r.version == reader.version)
        .order_by(r.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return False
    # All dates of a reading hang on the date of publication. One that a person gives, or that a report without a date
    # has now, makes another reading; any other difference (a reprint of another day) does not.
    given = report.published_basis == "given" and report.published is not None
    learned = last.published is None and report.published is not None and report.id == found.id
    return not ((given or learned) and report.published != last.published)


def _last_version(connection: Connection, report_id: str) -> int:
    return connection.scalar(select(func.max(t.report.c.version)).where(t.report.c.id == report_id)) or 0


def _new_version(connection: Connection, report: Report, at: str) -> int:
    version = _last_version(connection, report.id) + 1
    added = connection.execute(insert(t.report).values(version=version, **report_row(report, at)))
    key = added.inserted_primary_key
    assert key is not None
    return int(key[0])


def _current(connection: Connection, report_id: str) -> list[Any]:
    r = t.reading.c
    return list(
        connection.execute(
            select(r.row, r.report, r.reader, r.version, r.published)
            .join(t.report, t.report.c.row == r.report)
            .where(t.report.c.id == report_id, r.superseded_by.is_(None))
            .order_by(r.row)
        )
    )


def _supersede(connection: Connection, old: Any, new: int, *, new_text: bool, reader: ReaderInfo, at: str) -> None:
    connection.execute(update(t.reading).where(t.reading.c.row == old.row).values(superseded_by=new))
    if new_text:
        why = "the report came with another text"
    elif (old.reader, old.version) != (reader.name, reader.version):
        why = "the report was read by another reader"
    else:
        why = "the report has another date of publication"
    audit(
        connection,
        at=at,
        what="reading superseded",
        who=f"{reader.name} {reader.version}",
        before={"reading": old.row},
        after={"reading": new},
        why=why,
    )


def _write(connection: Connection, table: Any, rows: Iterable[dict[str, Any]], reading: int) -> None:
    batch = [{"reading": reading, **row} for row in rows]
    if batch:
        connection.execute(insert(table), batch)
