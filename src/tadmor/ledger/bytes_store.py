"""The bytes that reports were read from, in the ledger itself: by their SHA-256, each once, packed with gzip where that helps.

They lie in the same database as what was read in them, so that one transaction keeps both and one copy saves both. gzip is chosen
over better packing because any program will still undo it in many years.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.model import Original

Keeping = Literal["gzip", "plain", "off"]
"""How the bytes of reports are kept: packed, as they are, or not at all."""
_LEVEL = 6


class DamagedBytes(LedgerError):  # noqa: N818 - reads as the state it is
    """Kept bytes are not there, or are not those that were kept."""


def keep(connection: Connection, report: int, original: Original | None, how: Keeping) -> None:
    """Keep the bytes of a report (its row), unless it has some already: the first that gave its text stay."""
    if original is None or how == "off":
        return
    r, o = t.report.c, t.original.c
    if connection.scalar(select(r.original).where(r.row == report)) is not None:
        return
    name = original.sha256
    if connection.scalar(select(o.sha256).where(o.sha256 == name)) is None:
        packed = gzip.compress(original.data, _LEVEL, mtime=0) if how == "gzip" else original.data
        smaller = len(packed) < len(original.data)
        connection.execute(
            insert(t.original).values(
                sha256=name,
                size=len(original.data),
                packing="gzip" if smaller else "",
                data=packed if smaller else original.data,
            )
        )
    connection.execute(
        update(t.report)
        .where(r.row == report, r.original.is_(None))
        .values(original=name, form=original.form, given=dict(original.given))
    )


def missing(connection: Connection, report: int) -> bool:
    """Whether no bytes of the report are kept."""
    return connection.scalar(select(t.report.c.original).where(t.report.c.row == report)) is None


def original_of(connection: Connection, report: int) -> Original | None:
    """The bytes of a report, checked against their hash; None when none are kept. Raises DamagedBytes."""
    r = t.report.c
    found: Any = connection.execute(select(r.original, r.form, r.given).where(r.row == report)).one()
    if found.original is None:
        return None
    return Original(_bytes(connection, found.original), found.form or "text", found.given or {})


def _bytes(connection: Connection, name: str) -> bytes:
    o = t.original.c
    row = connection.execute(select(o.size, o.packing, o.data).where(o.sha256 == name)).one_or_none()
    if row is None:
        raise DamagedBytes(f"the bytes {name[:16]}… are not in the ledger any more")
    data = bytes(row.data)
    if row.packing == "gzip":
        inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            data = inflate.decompress(data, row.size + 1)
        except zlib.error as error:
            raise DamagedBytes(f"the bytes {name[:16]}… are damaged: they cannot be unpacked") from error
    if hashlib.sha256(data).hexdigest() != name:
        raise DamagedBytes(f"the bytes {name[:16]}… are damaged: their SHA-256 is another one")
    return data


def data_of(connection: Connection, report: int) -> bytes:
    """The bytes of a report; none when none are kept. Raises DamagedBytes."""
    name = connection.scalar(select(t.report.c.original).where(t.report.c.row == report))
    return _bytes(connection, name) if name is not None else b""


def forget(connection: Connection, reports: Iterable[int]) -> None:
    """Remove the bytes of reports (their rows), also where others were read from the same: for the purge alone."""
    r = t.report.c
    for batch in chunks(list(reports)):
        names = connection.scalars(select(r.original).where(r.row.in_(batch), r.original.is_not(None)).distinct()).all()
        for few in chunks(names):
            connection.execute(update(t.report).where(r.original.in_(few)).values(original=None, form=None, given=None))
            connection.execute(delete(t.original).where(t.original.c.sha256.in_(few)))


def sizes(connection: Connection) -> tuple[int, int, int]:
    """How many originals are kept, their bytes, and the bytes that they take."""
    o = t.original.c
    stmt = select(func.count(), func.coalesce(func.sum(o.size), 0), func.coalesce(func.sum(func.length(o.data)), 0))
    number, whole, taken = connection.execute(stmt.select_from(t.original)).one()
    return int(number), int(whole), int(taken)
