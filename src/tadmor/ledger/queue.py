"""Which claims wait for review, and how far review has come.

Each order is that of an index, so that the first page costs the same in a long record as in a short one; a page goes on where the
last one ended, by its cursor, whatever was reviewed in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select

from tadmor.errors import LedgerError
from tadmor.ledger import grouping, queries
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.applying import Item, items_of, read_claim
from tadmor.ledger.coding import apart, coding_of, differing
from tadmor.ledger.kept import OF_CLAIM, chunks
from tadmor.ledger.queries import Filters
from tadmor.ledger.reviews import ORDERS, CodersDiffer, Disagreement, Order, Progress, Queued
from tadmor.model import ClaimRef
from tadmor.reconcile import disputes

AT_ONCE = 50  # incidents weighed in one go, while others wait to write


def contested(connection: Connection, among: Sequence[int] | None = None) -> list[int]:
    """The incidents of several claims, or those among these, of which it is not known how much they are disputed."""
    m = t.member.c
    known = select(v.contest.c.incident)
    stmt = select(m.incident).where(m.incident.is_not(None), m.incident.not_in(known)).group_by(m.incident)
    if among is not None:
        stmt = stmt.where(m.incident.in_(among))
    return list(connection.scalars(stmt.having(func.count() > 1).order_by(m.incident)))


def weigh(connection: Connection, incidents: Sequence[int]) -> None:
    """Work out how much each of these incidents is disputed, where that is not known."""
    still = contested(connection, incidents)
    found = []
    for incident, accounts in grouping.groups_numbered(connection, [t.member.c.incident.in_(still)]) if still else ():
        told = disputes(accounts)
        sharp = sum(d.kind == "contradiction" for d in told)
        found.append({"incident": incident, "contradictions": sharp, "disputes": len(told)})
    if found:
        connection.execute(insert(v.contest), found)


def queue(
    connection: Connection,
    order: Order,
    *,
    limit: int,
    unreviewed: bool,
    after: str | None,
    filters: Filters,
) -> list[Queued]:
    """The next claims in this order; see ``Store.queue``. Raises LedgerError for another order or cursor."""
    if order not in ORDERS:
        raise LedgerError(f"{order!r} is no order of the queue; they are {', '.join(ORDERS)}")
    columns, falling = _ORDER[order]
    c, k = t.claim.c, v.contest.c
    stmt: Select[Any] = select(
        t.report.c.id, t.report.c.title, t.reading.c.published, c.record, c.context, c.score, c.told, c.review,
        func.coalesce(k.contradictions, 0), func.coalesce(k.disputes, 0), *columns,
    )  # fmt: skip
    if order == "disputed":
        joined = v.contest.join(t.member, t.member.c.incident == k.incident).join(t.claim, OF_CLAIM)
    else:
        joined = t.claim.outerjoin(t.member, OF_CLAIM).outerjoin(v.contest, k.incident == t.member.c.incident)
    joined = joined.join(t.reading, c.reading == t.reading.c.row).join(t.report, t.report.c.row == t.reading.c.report)
    stmt = stmt.select_from(joined).where(queries.CURRENT, c.context.is_not(None), *filters.conditions())
    if unreviewed:
        # Only the order by score has an index that begins with the review; in the others it would lead away from theirs.
        open_ = c.review.is_(None) if order == "uncertain" else func.coalesce(c.review, 0) == 0
        stmt = stmt.where(open_, queries.TOLD)
    last = None if after is None else _values(after, len(columns))
    if last is not None:
        stmt = stmt.where(_behind(columns, falling, last))
    ways = [column.desc() if down else column for column, down in zip(columns, falling, strict=True)]
    stmt = stmt.order_by(*ways)
    found: list[Any] = []
    if order == "disputed":  # some incidents after the other, so that not all claims are put in order for one page
        for batch in _most_disputed(connection, last):
            found += connection.execute(stmt.where(k.incident.in_(batch)).limit(limit - len(found)))
            if len(found) >= limit:
                break
    else:
        found += connection.execute(stmt.limit(limit))
    return [_queued(row, len(columns)) for row in found]


_ORDER: dict[Order, tuple[Sequence[Any], Sequence[bool]]] = {
    "uncertain": ((t.claim.c.score, t.claim.c.reading, t.claim.c.position), (False, False, False)),
    "newest": ((t.claim.c.reading, t.claim.c.position), (True, False)),
    "disputed": (
        (v.contest.c.contradictions, v.contest.c.disputes, v.contest.c.incident, t.claim.c.reading, t.claim.c.position),
        (True, True, True, False, False),
    ),
}
"""The columns of each order, and which of them fall. "newest" is by the reading that was kept last."""


def progress(connection: Connection) -> Progress:
    """How far review has come."""
    c, r = t.claim.c, t.reading.c
    what = v.review.c.what
    joined = t.claim.join(t.reading, c.reading == r.row).outerjoin(v.review, v.review.c.row == c.review)
    tally = {
        (kind, told): n
        for kind, told, n in connection.execute(
            select(what, c.told, func.count()).select_from(joined).where(queries.CURRENT).group_by(what, c.told)
        )
    }
    by = {kind: sum(n for (k, _), n in tally.items() if k == kind) for kind in ("accept", "correct", "reject", "add")}
    per = (
        select(
            c.reading.label("reading"),
            func.sum(c.told).label("told"),
            func.count(c.review).label("done"),
            func.sum(c.told * (1 - _is_set(c.review))).label("open"),
        )
        .select_from(t.claim.join(t.reading, c.reading == r.row))
        .where(queries.CURRENT)
        .group_by(c.reading)
        .subquery()
    )
    reports = connection.scalar(select(func.count()).select_from(t.reading).where(queries.CURRENT)) or 0
    begun = connection.scalar(select(func.count()).select_from(per).where(per.c.done > 0)) or 0
    done = connection.scalar(select(func.count()).select_from(per).where(per.c.done > 0, per.c.open == 0)) or 0
    coders: dict[str, int] = {}
    twice = 0
    for item in every_item(connection):
        standing = item.stand().coders
        twice += len(standing) > 1
        for who in standing:
            coders[who] = coders.get(who, 0) + 1
    reviewed = sum(by.values())
    return Progress(
        claims=reviewed + tally.get((None, 1), 0),
        reviewed=reviewed,
        accepted=by["accept"],
        corrected=by["correct"],
        rejected=by["reject"],
        added=by["add"],
        reports=reports,
        reports_begun=begun,
        reports_done=done,
        coded_twice=twice,
        coders=dict(sorted(coders.items())),
    )


def reviewed_reports(connection: Connection) -> list[tuple[str, tuple[str, ...], bool]]:
    """Reports of which people reviewed claims, in order: id, ids of those told, and whether no other claim is told."""
    c = t.claim.c
    begun = select(c.reading).where(c.review.is_not(None))
    stmt = (
        select(t.report.c.id, c.id, c.review, c.told)
        .select_from(queries.CLAIMS)
        .where(queries.CURRENT, c.reading.in_(begun), or_(queries.TOLD, c.review.is_not(None)))
        .order_by(t.report.c.id, c.position)
    )
    told: dict[str, list[str]] = {}
    unfinished: set[str] = set()
    for report, claim, review, is_told in connection.execute(stmt):
        mine = told.setdefault(report, [])
        if review is None:
            unfinished.add(report)
        elif is_told:
            mine.append(claim)
    return [(report, tuple(claims), report not in unfinished) for report, claims in told.items()]


def every_item(connection: Connection) -> Iterator[Any]:
    """All that people reviewed, with its reviews, in the order in which they began."""
    for batch in chunks(connection.scalars(select(v.item.c.row).order_by(v.item.c.row)).all()):
        yield from items_of(connection, rows=batch)


def disagreements(connection: Connection, *, newer: bool) -> Iterator[Disagreement]:
    """Where the readers of the current readings differ from people, by report and claim.

    ``newer`` keeps those of readings made after the review: what a newer reader, or another text, has brought.
    """
    c, r = t.claim.c, t.reading.c
    stmt = (
        select(t.claim, t.report.c.id.label("report_id"), r.reader, r.version, r.row.label("of"))
        .select_from(queries.CLAIMS)
        .where(queries.CURRENT, c.review.is_not(None))
        .order_by(t.report.c.id, c.position)
    )
    rows = connection.execute(stmt).all()
    items: dict[int, Item] = {}
    for batch in chunks(sorted({row.item for row in rows})):
        items |= {item.row: item for item in items_of(connection, rows=batch)}
    for row in rows:
        decides = items[row.item].stand().decides
        if decides is None:
            continue
        read = read_claim(row)
        if read is None and decides.what == "reject":
            continue
        people = coding_of(row.record, row.context) if row.told else None
        found = read.coding if read else None
        fields = differing(people, found) if people and found else ("claim",)
        after = row.of > _made_on(connection, decides.id)
        if fields and (after or not newer):
            yield Disagreement(
                ClaimRef(row.report_id, row.id), fields, people, found, decides, f"{row.reader} {row.version}", after
            )


def coders_differ(connection: Connection, *, unsettled: bool) -> Iterator[CodersDiffer]:
    """Claims of current readings on which coders differ, in the order in which they were first reviewed."""
    c = t.claim.c
    for item in every_item(connection):
        standing = item.stand()
        codings = {who: r.after for who, r in standing.coders.items()}
        settled = bool(standing.decides and standing.decides.adjudicates)
        if len(codings) < 2 or (settled and unsettled):
            continue
        fields = apart(codings.values())
        stmt = select(t.report.c.id, c.id).select_from(queries.CLAIMS).where(queries.CURRENT, c.item == item.row)
        row = connection.execute(stmt).one_or_none() if fields else None
        if row is not None:
            yield CodersDiffer(ClaimRef(*row), fields, codings, settled)


def _made_on(connection: Connection, review: int) -> int:
    return connection.scalar(select(v.review.c.reading).where(v.review.c.row == review)) or 0


def _is_set(column: Any) -> Any:
    from sqlalchemy import case

    return case((column.is_(None), 0), else_=1)


def _most_disputed(connection: Connection, last: Sequence[float] | None) -> Iterator[list[int]]:
    """Incidents with a dispute in the order of the queue, some at a time, from that of the last claim seen."""
    k = v.contest.c
    columns = (k.contradictions, k.disputes, k.incident)
    stmt = select(*columns).where(k.disputes > 0).order_by(*(c.desc() for c in columns)).limit(AT_ONCE)
    here = list(last[:3]) if last is not None else None
    if here is not None:
        here[2] += 1  # the incident itself may have claims that were not seen
    while True:
        page = connection.execute(stmt if here is None else stmt.where(_behind(columns, (True,) * 3, here))).all()
        if not page:
            return
        yield [row.incident for row in page]
        here = list(page[-1])


def _queued(row: Any, columns: int) -> Queued:
    report, title, published, record, context, score, told, review, sharp, disputed = row[:10]
    return Queued(
        ref=ClaimRef(report, record["id"]),
        title=title,
        published=published,
        sentence=context["sentence"],
        coding=coding_of(record, context),
        score=score,
        told=bool(told),
        reviewed=review is not None,
        contradictions=sharp,
        disputes=disputed,
        cursor=json.dumps(list(row[10 : 10 + columns]), separators=(",", ":")),
    )


def _values(cursor: str, columns: int) -> list[float]:
    try:
        values = json.loads(cursor)
    except (ValueError, RecursionError):
        values = None
    fits = isinstance(values, list) and len(values) == columns
    if not fits or not all(isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < 2**63 for x in values):
        raise LedgerError(f"{cursor[:80]!r} is no cursor of this order of the queue")
    return list(values)


def _behind(columns: Sequence[Any], falling: Sequence[bool], values: Sequence[float]) -> Any:
    """What comes after the row that has these values, in an order in which some columns fall."""
    parts = []
    for at, (column, down, value) in enumerate(zip(columns, falling, values, strict=True)):
        same = [c == x for c, x in zip(columns[:at], values[:at], strict=True)]
        parts.append(and_(*same, column < value if down else column > value))
    return or_(*parts)
