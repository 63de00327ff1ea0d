"""Pages of the queue of review: the ledger's orders, with the filters that lists share."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from tadmor.errors import LedgerError
from tadmor.ledger import Queued, queries, queue
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.reviews import Order
from tadmor.web import incident_list, review_records
from tadmor.web.errors import Unfit
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import pack, unpack

_AT_ONCE = 500  # claims that are looked through in one go, where not all of them fit
_REPORTS = 5000  # ids that a statement takes
_NUMBER = (int, float)
_KEYS: dict[Order, tuple[type | tuple[type, ...], ...]] = {
    "uncertain": (_NUMBER, int, int),
    "newest": (int, int),
    "disputed": (int, int, int, int, int),
}


@dataclass(frozen=True, slots=True)
class Waiting(queries.Filters):
    """The filters of claims, and ``not_by``: without those that this person has reviewed, and not taken back.

    ``reports`` are ids of which the claims are, when these are few enough to be named.
    """

    not_by: str | None = None
    reports: tuple[str, ...] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as conditions on ``claim`` joined with ``reading``. Raises BadDate."""
        out = queries.Filters.conditions(self)
        if self.not_by is not None:
            r, w = v.review.c, v.review.alias().c
            taken_back = select(w.withdraws).where(w.who == self.not_by, w.withdraws.is_not(None))
            mine = select(r.item).where(r.who == self.not_by, r.what != "withdraw", r.row.not_in(taken_back))
            out.append(or_(t.claim.c.item.is_(None), t.claim.c.item.not_in(mine)))
        if self.reports is not None:
            out.append(t.report.c.id.in_(self.reports))
        return out


def page(
    opened: Opened,
    state: str,
    asked: Filters,
    order: Order,
    *,
    not_by: str | None,
    blind: bool,
    cursor: str | None,
    limit: int,
) -> tuple[list[dict[str, Any]], str | None, int | None]:
    """A page of the queue, the cursor of the next page, and how many claims there are in all, where that is known.

    ``reviewed`` false leaves out what people have decided on, as ``--unreviewed`` does. Raises Unfit for a cursor of another
    list.
    """
    unreviewed = asked.reviewed is False
    after = unpack(cursor, *_KEYS[order])
    graded = asked.side is not None or asked.credibility is not None
    told = incident_list.claims_of(opened, state, replace(asked, types=(), reviewed=None)) if graded else None
    if told is None:
        incident_list.grouped(opened)
    reports = tuple(sorted({report for report, _ in told})) if told is not None else None
    if order == "disputed":
        opened.store.weigh()  # in many short transactions, between which others write
    filters = Waiting(
        place=asked.place,
        start=asked.start,
        end=asked.end,
        source=asked.source,
        types=list(asked.types) or None,
        reviewed=True if asked.reviewed else None,
        not_by=not_by,
        reports=reports if reports is not None and len(reports) <= _REPORTS else None,
    )
    with opened.reading() as connection:
        found = _found(connection, order, filters, told, json.dumps(after) if after else None, limit + 1, unreviewed)
        total = None
        if told is None and order != "disputed":
            total = review_records.waiting(connection, filters, unreviewed=unreviewed)
        items = review_records.queued(connection, found[:limit], blind=blind)
    following = pack(review_records.key_of(found[limit - 1].cursor)) if len(found) > limit else None
    return items, following, total


def _found(
    connection: Connection,
    order: Order,
    filters: Waiting,
    told: set[tuple[str, str]] | None,
    after: str | None,
    wanted: int,
    unreviewed: bool,
) -> list[Queued]:
    """The next claims; with ``told`` only those in it."""
    found: list[Queued] = []
    at_once = wanted if told is None else _AT_ONCE
    while len(found) < wanted:
        try:
            rows = queue.queue(connection, order, limit=at_once, unreviewed=unreviewed, after=after, filters=filters)
        except LedgerError as error:
            raise Unfit("cursor", "is none that a page gave") from error
        found += [r for r in rows if told is None or (r.ref.report, r.ref.claim) in told]
        if len(rows) < at_once:
            break
        after = rows[-1].cursor
    return found[:wanted]
