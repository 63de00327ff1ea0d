"""Claims under review as plain data: the record of ``tadmor review show``, with what the screen shows beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, select

from tadmor.ledger import Queued, queries, reviewing
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.applying import read_claim
from tadmor.ledger.coding import apart, coding_of, differing
from tadmor.ledger.kept import chunks
from tadmor.ledger.reviews import Reviewed, stand
from tadmor.model import ClaimRef
from tadmor.web import groups

Row = dict[str, Any]


def whole(connection: Connection, ref: ClaimRef) -> Row:
    """A claim with every review of it, and where coders, and the reader of today, differ. Raises LedgerError when there is none.

    ``claim`` and ``claim_read`` are the claim as it is told and as the reader had it, as a reading has it: with ids of mentions.
    """
    spot = reviewing.find(connection, ref)
    found = reviewing.look(connection, ref)
    row, read = spot.row, read_claim(spot.row)
    standing = stand(found.reviews)
    codings = {who: review.after for who, review in standing.coders.items()}
    r = t.reading.c
    reader, version = connection.execute(select(r.reader, r.version).where(r.row == row.reading)).one()
    fields, newer = _reader_differs(connection, found, row.reading)
    return asdict(found) | {
        "decided_by": standing.decides.id if standing.decides else None,
        "coders": codings,
        "coders_differ": list(apart(codings.values())),
        "settled": bool(standing.decides and standing.decides.adjudicates),
        "reader": f"{reader} {version}",
        "reader_differs": list(fields),
        "newer": newer,
        "claim": row.record,
        "claim_read": read.record if read else None,
        "incident": groups.incidents_of(connection, [spot.ref]).get(spot.ref),
    }


def _reader_differs(connection: Connection, found: Reviewed, reading: int) -> tuple[Sequence[str], bool]:
    """The fields in which the reader of today differs from what people decided, and whether it read after they did."""
    decides = found.decided_by
    if decides is None or (found.read is None and decides.what == "reject"):
        return (), False
    if found.told and found.read is not None:
        fields: Sequence[str] = differing(found.shown, found.read)
    else:
        fields = ("claim",)
    made_on = connection.scalar(select(v.review.c.reading).where(v.review.c.row == decides.id)) or 0
    return fields, bool(fields) and reading > made_on


def queued(connection: Connection, rows: Iterable[Queued], *, blind: bool) -> list[Row]:
    """Claims of the queue, each with its incident; with ``blind`` as the reader had them, and nothing of what others decided."""
    rows = list(rows)
    of_claim = groups.incidents_of(connection, [row.ref for row in rows])
    out = [asdict(row) | {"incident": of_claim.get(row.ref)} for row in rows]
    if blind:
        read = _as_read(connection, [row.ref for row in rows])
        for row, item in zip(rows, out, strict=True):
            if row.ref in read:
                item |= read[row.ref]
            item |= {"reviewed": False, "told": True}
    for item in out:
        item.pop("cursor")
    return out


def _as_read(connection: Connection, refs: Sequence[ClaimRef]) -> dict[ClaimRef, Row]:
    """The coding and the sentence of claims of which the reader had another than is told."""
    c, wanted = t.claim.c, set(refs)
    out: dict[ClaimRef, Row] = {}
    for batch in chunks(sorted({ref.report for ref in refs})):
        stmt = select(t.report.c.id, c.id, c.as_read).select_from(queries.CLAIMS)
        for report, claim, read in connection.execute(
            stmt.where(queries.CURRENT, c.as_read.is_not(None), t.report.c.id.in_(batch))
        ):
            if ClaimRef(report, claim) in wanted and read["record"] is not None:
                context = read["context"]
                out[ClaimRef(report, claim)] = {
                    "coding": coding_of(read["record"], context),
                    "sentence": context["sentence"],
                }
    return out


def named(connection: Connection, review: int) -> ClaimRef | None:
    """The claim that a review is about, as it is known today; None when no reading of today has it."""
    item = select(v.review.c.item).where(v.review.c.row == review).scalar_subquery()
    stmt = (
        select(t.report.c.id, t.claim.c.id).select_from(queries.CLAIMS).where(queries.CURRENT, t.claim.c.item == item)
    )
    row = connection.execute(stmt).one_or_none()
    return ClaimRef(*row) if row is not None else None


def waiting(connection: Connection, filters: queries.Filters, *, unreviewed: bool) -> int:
    """How many claims fulfil the filters, with ``unreviewed`` of those on which nobody has decided."""
    c = t.claim.c
    stmt = select(func.count()).select_from(queries.CLAIMS)
    stmt = stmt.where(queries.CURRENT, c.context.is_not(None), *filters.conditions())
    if unreviewed:
        stmt = stmt.where(c.review.is_(None), queries.TOLD)
    return connection.scalar(stmt) or 0


def key_of(cursor: str) -> tuple[Any, ...]:
    """The values of a cursor of the ledger's queue."""
    return tuple(json.loads(cursor))
