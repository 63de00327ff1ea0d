"""How claims are told: as they were read, or as people decided. Nothing else writes the rows of claims once they were read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from tadmor.ledger import queries
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.coding import Coding, coding_of
from tadmor.ledger.heirs import Wanted, heirs
from tadmor.ledger.kept import chunks
from tadmor.ledger.linking import Claimed, relinked
from tadmor.ledger.namings import note_namings
from tadmor.ledger.reviews import Review, Stand, stand
from tadmor.ledger.rows import account_of, children_of, claim_row, reading_of, report_of
from tadmor.model import Reading
from tadmor.record import claim_from_record

_CHILDREN = (t.claim_place, t.claim_source, t.claim_party)


@dataclass(frozen=True, slots=True)
class Item:
    """What people reviewed, with its reviews: a row of ``item``."""

    row: int
    report: str
    claim: str
    origin: str
    coding: Coding
    beside: frozenset[str]
    reviews: tuple[Review, ...]
    made: Mapping[int, tuple[int, str, Claimed]]  # by review: reading, hash of its text, the claim as it is to be told

    def stand(self) -> Stand:
        """Which of its reviews count."""
        return stand(self.reviews)


class Current:
    """A reading as reviews are put on it; it is loaded when it is needed."""

    def __init__(self, connection: Connection, row: int) -> None:
        self._connection = connection
        self.row = row

    @cached_property
    def reading(self) -> Reading:
        """The reading as it was read."""
        return whole(self._connection, self.row, as_read=True)

    @cached_property
    def text_hash(self) -> str:
        """Of the text that was read."""
        return self.reading.report.text_hash

    def rows(self, position: int | None = None) -> list[Any]:
        """The rows of its claims, in order."""
        c = t.claim.c
        stmt = select(t.claim).where(c.reading == self.row).order_by(c.position)
        return list(self._connection.execute(stmt if position is None else stmt.where(c.position == position)))

    def of_item(self, item: int) -> Any | None:
        """The row of the claim that the item is about."""
        c = t.claim.c
        return self._connection.execute(select(t.claim).where(c.reading == self.row, c.item == item)).one_or_none()


def whole(connection: Connection, row: int, *, as_read: bool = False) -> Reading:
    """A reading as it is told, or as the reader had it."""
    from tadmor.reconcile import control_statements

    found: dict[str, Any] = {**connection.execute(queries.whole_reading(row)).mappings().one()}
    report = report_of({c.name: found[f"report_{c.name}"] for c in t.report.c}, found)
    if as_read:
        records = [
            a["record"] if a is not None else record for record, a in connection.execute(queries.claims_as_read(row))
        ]
        return reading_of(report, found, [r for r in records if r is not None])
    told = list(connection.execute(queries.claim_records(row)))
    reading = reading_of(report, found, (record for record, is_told, _ in told if is_told))
    if not any(reviewed for _, _, reviewed in told):
        return reading
    # What the report says of who holds what follows from its claims.
    return replace(reading, control=control_statements(reading))


def read_claim(row: Any) -> Claimed | None:
    """The claim of a row as the reader had it; None for one that people added."""
    found = row.as_read if row.as_read is not None else {"record": row.record, "context": row.context}
    return Claimed(found["record"], found["context"]) if found["record"] is not None else None


def items_of(connection: Connection, *, report: str | None = None, rows: Iterable[int] = ()) -> list[Item]:
    """The items of a report, or those with these numbers, oldest first, with their reviews."""
    i, r = v.item.c, v.review.c
    found: list[Any] = []
    if report is not None:
        found = list(connection.execute(select(v.item).where(i.report == report).order_by(i.row)))
    for batch in chunks(sorted(rows)):
        found += connection.execute(select(v.item).where(i.row.in_(batch)).order_by(i.row))
    reviews: dict[int, list[Any]] = {row.row: [] for row in found}
    for batch in chunks(sorted(reviews)):
        for row in connection.execute(select(v.review).where(r.item.in_(batch)).order_by(r.row)):
            reviews[row.item].append(row)
    return [
        Item(
            f.row,
            f.report,
            f.claim,
            f.origin,
            f.coding,
            frozenset(f.beside),
            tuple(review_of(row) for row in reviews[f.row]),
            {
                row.row: (row.reading, row.text_hash, Claimed(row.record, row.context))
                for row in reviews[f.row]
                if row.record is not None
            },
        )
        for f in found
    ]


def review_of(row: Any) -> Review:
    """A row of ``review`` as it is told."""
    return Review(
        row.row, row.at, row.who, row.what, bool(row.adjudicates), row.withdraws, row.before, row.after, row.why
    )


def apply_all(connection: Connection, report: str, reading: int) -> None:
    """Put what people said of a report's claims on a reading of it that is about to become current.

    Its rows are as they were read, and in no incident yet.
    """
    items = items_of(connection, report=report)
    if not items:
        return
    current = Current(connection, reading)
    rows = current.rows()
    wanted = [_wanted(item) for item in items]
    found = heirs(wanted, [(row.id, coding_of(row.record, row.context)) for row in rows])
    for item in items:
        settle(connection, current, item, rows[found[item.row]] if item.row in found else None)
    count(connection, reading)


def settle(connection: Connection, current: Current, item: Item, row: Any | None) -> None:
    """Tell the claim of an item as what stands of its reviews says; ``row`` is its row in the reading, if it has one.

    What people hold to be right and the reader did not find is put in; what they rejected stays, untold.
    """
    decides = item.stand().decides
    if row is None:
        if decides is None or decides.what == "reject":
            return
        claimed = _claimed(item, decides, current, None)
        if claimed is not None:
            _insert(connection, current, item, decides, claimed)
        return
    read = read_claim(row)
    claimed, told = None, decides is not None or read is not None
    if decides is not None and decides.what != "reject":
        claimed = _claimed(item, decides, current, read)
    elif decides is not None:
        told = False
    _update(connection, current, row, item, decides, read, claimed, told=told)


def count(connection: Connection, reading: int) -> None:
    """Keep with the reading how many claims it tells."""
    n = connection.scalar(select(func.count()).select_from(t.claim).where(t.claim.c.reading == reading, queries.TOLD))
    connection.execute(update(t.reading).where(t.reading.c.row == reading).values(claims=n))


def free_id(connection: Connection, reading: int, report: str) -> str:
    """An id for a claim that people add: p1, p2, ... whichever neither the reading nor an item of the report has had."""
    used = set(connection.scalars(select(t.claim.c.id).where(t.claim.c.reading == reading)))
    used |= set(connection.scalars(select(v.item.c.claim).where(v.item.c.report == report)))
    return next(id for n in itertools.count(1) if (id := f"p{n}") not in used)


def _wanted(item: Item) -> Wanted:
    decides = item.stand().decides
    codings = [item.coding]
    if decides is not None and decides.after is not None and decides.after not in codings:
        codings.append(decides.after)
    return Wanted(item.row, item.claim, tuple(codings), item.beside, decides is not None and decides.what == "reject")


def _claimed(item: Item, decides: Review, current: Current, read: Claimed | None) -> Claimed | None:
    """The claim as the review would have it, for this reading.

    A clause that its text no longer has is that of ``read``, the reader's own; None where there is none either.
    """
    reading, text_hash, made = item.made[decides.id]
    if reading == current.row:
        return made
    return relinked(made, current.reading, read, same_text=text_hash == current.text_hash)


def _update(
    connection: Connection,
    current: Current,
    row: Any,
    item: Item,
    decides: Review | None,
    read: Claimed | None,
    claimed: Claimed | None,
    *,
    told: bool,
) -> None:
    shown = claimed or read or Claimed(row.record, row.context)
    claim = replace(claim_from_record(shown.record), id=row.id)
    values = claim_row(claim, shown.context)
    if read is not None:
        values["score"] = row.score  # the reader's, for the queue
    kept = None
    if read is None or claimed is not None:
        kept = {"record": read.record, "context": read.context} if read else {"record": None, "context": None}
    where = (t.claim.c.reading == row.reading, t.claim.c.position == row.position)
    connection.execute(
        update(t.claim)
        .where(*where)
        .values(**values, told=int(told), item=item.row, review=decides.id if decides else None, as_read=kept)
    )
    for table in _CHILDREN:
        connection.execute(delete(table).where(table.c.reading == row.reading, table.c.position == row.position))
    _children(connection, current, row.position, values)


def _insert(connection: Connection, current: Current, item: Item, decides: Review, claimed: Claimed) -> None:
    c = t.claim.c
    last = connection.scalar(select(func.max(c.position)).where(c.reading == current.row))
    position = 0 if last is None else last + 1
    used = set(connection.scalars(select(c.id).where(c.reading == current.row)))
    id = item.claim if item.claim not in used else free_id(connection, current.row, item.report)
    values = claim_row(replace(claim_from_record(claimed.record), id=id), claimed.context)
    connection.execute(
        insert(t.claim).values(
            reading=current.row,
            position=position,
            told=1,
            item=item.row,
            review=decides.id,
            as_read={"record": None, "context": None},
            **values,
        )
    )
    _children(connection, current, position, values)


def _children(connection: Connection, current: Current, position: int, values: Mapping[str, Any]) -> None:
    account = account_of(values["record"], values["context"], "", "", current.reading.report.publisher, None, None)
    speakers = {a.source.name: a.source for a in current.reading.attributions if a.source}
    children = children_of(account, speakers, position)
    for name, rows in children.items():
        if rows:
            connection.execute(insert(t.metadata.tables[name]), [{"reading": current.row, **row} for row in rows])
    named = {(row["entity"], row["folded"]): row["name"] for rows in children.values() for row in rows if row["entity"]}
    note_namings(connection, named)
