"""Review of claims by people: each act is kept for good, with a line in the audit log, and tells the claim anew at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import grouping, keeping, queries, withhold_marks
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.applying import Current, Item, count, free_id, items_of, read_claim, settle
from tadmor.ledger.by import By
from tadmor.ledger.coding import Coding, coding_of, corrected, differing, fresh
from tadmor.ledger.deciding import label
from tadmor.ledger.heirs import beside
from tadmor.ledger.linking import Claimed, blank, linked
from tadmor.ledger.reviews import Review, Reviewed, What, fields_of, stand
from tadmor.model import ClaimRef

_DONE: Mapping[What, str] = {
    "accept": "claim accepted",
    "correct": "claim corrected",
    "reject": "claim rejected",
    "add": "claim added",
    "withdraw": "review withdrawn",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a claim stands: its report's first id, the current reading of it, and its row."""

    report: str
    current: Current
    row: Any

    @property
    def ref(self) -> ClaimRef:
        """The claim as it is known today."""
        return ClaimRef(self.report, self.row.id)


def find(connection: Connection, ref: ClaimRef) -> Spot:
    """The claim, by the id that it has, or had when it was first reviewed. Raises LedgerError when there is none."""
    report, reading = _report(connection, ref.report)
    current = Current(connection, reading)
    c, i = t.claim.c, v.item.c
    row = connection.execute(select(t.claim).where(c.reading == reading, c.id == ref.claim)).one_or_none()
    if row is None:
        before = select(i.row).where(i.report == report, i.claim == ref.claim)
        rows = connection.execute(select(t.claim).where(c.reading == reading, c.item.in_(before))).all()
        row = rows[0] if len(rows) == 1 else None
    if row is None:
        ids = connection.scalars(select(c.id).where(c.reading == reading).order_by(c.position)).all()
        has = f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else ", ".join(ids) or "no claims"
        raise LedgerError(f"report {report} has no claim {ref.claim}: it has {has}")
    return Spot(report, current, row)


def review(
    connection: Connection,
    ready: grouping.Ready,
    ref: ClaimRef,
    what: What,
    by: By,
    *,
    fields: Mapping[str, Any] | None = None,
    adjudicates: bool = False,
    blind: bool = False,
) -> ClaimRef:
    """Keep one act on a claim (accept, correct or reject); returns the claim as it is known. Raises LedgerError.

    What is accepted or corrected is the claim as it is told, or with ``blind`` as the reader had it.
    """
    spot = find(connection, ref)
    row = spot.row
    shown = Claimed(row.record, row.context)
    base = (read_claim(row) or shown) if blind else shown
    made: Claimed | None = None
    if what == "reject":
        if not by.why:
            raise LedgerError(f"it is not said why {label(spot.ref)} is rejected: give the reason (--why)")
    elif what == "accept":
        made = linked(connection, base, base.coding, spot.current.reading)
    elif what == "correct":
        coding = corrected(base.coding, fields or {}, spot.current.reading.report.text)
        if coding == base.coding:
            raise LedgerError(f"{label(spot.ref)} says that already: accept it, or name what is to be another (--set)")
        made = linked(connection, base, coding, spot.current.reading)
    else:
        raise LedgerError(f"{what!r} is no act on a claim; they are accept, correct, reject")
    item = _item(connection, spot)
    before = shown.coding if row.told else None
    _keep(connection, spot.report, row.id, item, what, by, before, made, spot.current, adjudicates=adjudicates)
    _settle(connection, ready, spot.current, item)
    return spot.ref


def add(connection: Connection, ready: grouping.Ready, report_id: str, fields: Mapping[str, Any], by: By) -> ClaimRef:
    """Keep a claim that no reader found; returns it. Raises LedgerError."""
    report, reading = _report(connection, report_id)
    current = Current(connection, reading)
    coding = fresh(fields, current.reading.report.text)
    made = linked(connection, blank(""), coding, current.reading)
    rows = current.rows()
    others = [coding_of(r.record, r.context) for r in rows]
    for row, other in zip(rows, others, strict=True):
        if row.told and not differing(made.coding, other):
            raise LedgerError(f"{label(ClaimRef(report, row.id))} says that already: accept or correct it")
    id = free_id(connection, reading, report)
    item = _new_item(connection, report, id, "people", current.text_hash, made.coding, others)
    _keep(connection, report, id, item, "add", by, None, made, current)
    _settle(connection, ready, current, item)
    return ClaimRef(report, id)


def withdraw(connection: Connection, ready: grouping.Ready, by: By, ref: ClaimRef | None) -> Review:
    """Take back somebody's own newest review that stands, of this claim or of all; what was before it counts again.

    Returns the review that is taken back. Raises LedgerError when there is none.
    """
    r = v.review.c
    if ref is not None:
        spot = find(connection, ref)
        rows = [spot.row.item] if spot.row.item is not None else []
        mine = [x for item in items_of(connection, rows=rows) for x in _standing(item, by.who)]
    else:
        mine = []
        stmt = select(r.item).where(r.who == by.who).group_by(r.item)
        for item in items_of(connection, rows=connection.scalars(stmt).all()):
            mine += _standing(item, by.who)
    if not mine:
        of = label(ref) if ref is not None else "this ledger"
        raise LedgerError(f"{by.who} has no review of {of} that could be withdrawn")
    last = max(mine, key=lambda x: x.id)
    number = connection.scalar(select(r.item).where(r.row == last.id))
    assert number is not None
    (item,) = items_of(connection, rows=[number])
    _, reading = _report(connection, item.report)
    current = Current(connection, reading)
    row = current.of_item(item.row)
    _keep(
        connection,
        item.report,
        row.id if row is not None else item.claim,
        item.row,
        "withdraw",
        by,
        last.after,
        None,
        current,
        withdraws=last,
    )
    _settle(connection, ready, current, item.row)
    return last


def look(connection: Connection, ref: ClaimRef) -> Reviewed:
    """A claim with all that people said of it. Raises LedgerError when there is none."""
    spot = find(connection, ref)
    row, read = spot.row, read_claim(spot.row)
    reviews = items_of(connection, rows=[row.item])[0].reviews if row.item is not None else ()
    shown = Claimed(row.record, row.context)
    p = t.report.c
    title, published = connection.execute(
        select(p.title, t.reading.c.published)
        .join(t.report, p.row == t.reading.c.report)
        .where(t.reading.c.row == row.reading)
    ).one()
    return Reviewed(
        ref=spot.ref,
        title=title,
        published=published,
        sentence=shown.context["sentence"],
        score=row.score,
        told=bool(row.told),
        shown=shown.coding,
        read=read.coding if read else None,
        reviews=reviews,
        weights=stand(reviews).weights,
    )


def _report(connection: Connection, id: str) -> tuple[str, int]:
    """The first id of a report that is known by this id or other id, and its current reading. Raises LedgerError."""
    reading = connection.scalar(queries.current_reading(id))
    if reading is not None:
        return id, reading
    a = t.alias.c
    stmt = (
        select(t.report.c.id, t.reading.c.row)
        .join(t.alias, a.report == t.report.c.row)
        .join(t.reading, t.reading.c.report == t.report.c.row)
        .where(a.id == id, queries.CURRENT)
    )
    found = connection.execute(stmt).all()
    if len(found) != 1:
        raise LedgerError(
            f"no report has the id {id!r}: write a claim as report:claim, as `tadmor review queue` prints it"
        )
    return found[0][0], found[0][1]


def _item(connection: Connection, spot: Spot) -> int:
    """The item of a claim that a reader found, made when it is the first time that somebody reviews it."""
    row, c = spot.row, t.claim.c
    if row.item is not None:
        return int(row.item)
    others = [coding_of(r.record, r.context) for r in spot.current.rows() if r.position != row.position]
    mine = coding_of(row.record, row.context)
    item = _new_item(connection, spot.report, row.id, "reader", spot.current.text_hash, mine, others)
    connection.execute(update(t.claim).where(c.reading == row.reading, c.position == row.position).values(item=item))
    return item


def _new_item(
    connection: Connection, report: str, id: str, origin: str, text_hash: str, coding: Coding, others: list[Coding]
) -> int:
    stmt = insert(v.item).values(
        report=report, claim=id, origin=origin, text_hash=text_hash, coding=coding, beside=beside(coding, others)
    )
    key = connection.execute(stmt).inserted_primary_key
    assert key is not None
    return int(key[0])


def _keep(
    connection: Connection,
    report: str,
    claim: str,
    item: int,
    what: What,
    by: By,
    before: Coding | None,
    made: Claimed | None,
    current: Current,
    *,
    adjudicates: bool = False,
    withdraws: Review | None = None,
) -> int:
    """Add the review and the line of the audit log that tells of it; returns the number of the line."""
    after = made.coding if made else None
    named = {"report": report, "claim": claim}
    how = {"adjudicates": True} if adjudicates else {"withdraws": withdraws.what} if withdraws else {}
    if what == "correct" and before is not None and after is not None:
        changed = {k for k in after if after[k] != before.get(k)}
        old, new = ({k: x for k, x in fields_of(coding).items() if k in changed} for coding in (before, after))
    else:
        old, new = fields_of(before), fields_of(after)
    act = keeping.audit(
        connection,
        at=by.at,
        what=_DONE[what],
        who=by.who,
        before=named | old if before is not None else None,
        after=named | how | new,
        why=by.why,
    )
    connection.execute(
        insert(v.review).values(
            at=by.at,
            who=by.who,
            what=what,
            item=item,
            adjudicates=int(adjudicates or bool(withdraws and withdraws.adjudicates)),
            withdraws=withdraws.id if withdraws else None,
            before=before,
            after=after,
            why=by.why,
            reading=current.row,
            text_hash=current.text_hash,
            record=made.record if made else None,
            context=made.context if made else None,
            act=act,
        )
    )
    return act


def _settle(connection: Connection, ready: grouping.Ready, current: Current, number: int) -> None:
    """Tell the claim of an item as is now decided, and group what it touches afresh."""
    (item,) = items_of(connection, rows=[number])
    row = current.of_item(number)
    grouping.revise(
        connection,
        ready,
        current.row,
        row.position if row is not None else None,
        lambda: settle(connection, current, item, row),
    )
    count(connection, current.row)
    withhold_marks.renew(connection, current.row)


def _standing(item: Item, who: str) -> list[Review]:
    """What somebody said of an item and has not withdrawn."""
    weights = stand(item.reviews).weights
    return [r for r in item.reviews if r.who == who and weights[r.id] in ("decides", "counts", "earlier")]
