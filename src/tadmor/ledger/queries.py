"""The questions that are put to a ledger, as statements. They see current readings only, unless told otherwise."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from tadmor import edtf
from tadmor.ledger import speaking
from tadmor.ledger import tables as t
from tadmor.ledger.folding import fold
from tadmor.ledger.rows import EARLIEST, LATEST, days

KM_PER_DEGREE = 111.0  # of latitude, a little less than it is anywhere


@dataclass(frozen=True, slots=True)
class Filters:
    """What claims must fulfil; None asks nothing. See :meth:`tadmor.ledger.Store.accounts`."""

    place: str | None = None
    entity: str | None = None
    start: str | None = None
    end: str | None = None
    source: str | None = None
    types: Sequence[str] | None = None
    known_at: str | None = None
    reviewed: bool | None = None
    within: tuple[float, float, float] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as conditions on ``claim`` joined with ``reading``. Raises BadDate."""
        out: list[ColumnElement[bool]] = []
        if self.place is not None:
            out.append(_claim_in(t.claim_place, called(t.claim_place, self.place)))
        if self.entity is not None:
            out.append(
                or_(
                    *(
                        _claim_in(table, table.c.entity == self.entity)
                        for table in (t.claim_place, t.claim_party, t.claim_source)
                    )
                )
            )
        if self.source is not None:
            named = or_(called(t.claim_source, self.source), speaking.nameless_of(self.source))
            out.append(_claim_in(t.claim_source, named))
        if self.start is not None:
            out.append(t.claim.c.date_end >= _day(self.start, 0))
        if self.end is not None:
            out.append(t.claim.c.date_start <= _day(self.end, 1))
        if self.types is not None:
            out.append(t.claim.c.type.in_(list(self.types)))
        if self.known_at is not None:
            out.append(t.reading.c.known <= _day(self.known_at, 1))
        if self.reviewed is not None:
            out.append(t.claim.c.review.is_not(None) if self.reviewed else t.claim.c.review.is_(None))
        if self.within is not None:
            out.append(_claim_in(t.claim_place, _in_box(*self.within)))
        return out


CURRENT = t.reading.c.superseded_by.is_(None)
TOLD = t.claim.c.told == 1
"""What people have not rejected."""
CLAIMS = t.claim.join(t.reading, t.claim.c.reading == t.reading.c.row).join(
    t.report, t.reading.c.report == t.report.c.row
)
ACCOUNT = (
    t.claim.c.record,
    t.claim.c.context,
    t.report.c.id,
    t.report.c.title,
    t.report.c.publisher,
    t.reading.c.published,
    t.reading.c.known,
    t.report.c.retracted,
)
"""What an account is made of (``rows.account_of``), in order."""


def accounts(filters: Filters) -> Select[Any]:
    """Claims with what an account needs, ordered by report id and position, whatever the order of adding was."""
    return (
        select(*ACCOUNT)
        .select_from(CLAIMS)
        .where(CURRENT, TOLD, t.claim.c.context.is_not(None), *filters.conditions())
        .order_by(t.report.c.id, t.claim.c.position)
    )


def readings(filters: Filters, *, superseded: bool = False) -> Executable:
    """Keys of readings in the order of adding; with filters, of those with a claim that fulfils them."""
    stmt = select(t.reading.c.row).order_by(t.reading.c.report, t.reading.c.number)
    if not superseded:
        stmt = stmt.where(CURRENT)
    conditions = filters.conditions()
    if conditions:
        matching = select(t.claim.c.reading).select_from(CLAIMS).where(TOLD, *conditions)
        stmt = stmt.where(t.reading.c.row.in_(matching))
    return stmt


def whole_reading(row: int) -> Executable:
    """A reading with its report, columns of the report prefixed ``report_``."""
    columns = [c.label(f"report_{c.name}") for c in t.report.c]
    return (
        select(*t.reading.c, *columns)
        .select_from(t.reading.join(t.report, t.reading.c.report == t.report.c.row))
        .where(t.reading.c.row == row)
    )


def claim_records(row: int) -> Executable:
    """The claims of a reading in order, whether each is told, and whether people decided how."""
    c = t.claim.c
    return select(c.record, TOLD, c.review.is_not(None)).where(c.reading == row).order_by(c.position)


def claims_as_read(row: int) -> Executable:
    """The claims of a reading in order, with what the reader had where that is not what is told."""
    c = t.claim.c
    return select(c.record, c.as_read).where(c.reading == row).order_by(c.position)


def current_reading(report_id: str) -> Executable:
    """Key of the current reading of the report with this id."""
    return (
        select(t.reading.c.row)
        .join(t.report, t.reading.c.report == t.report.c.row)
        .where(t.report.c.id == report_id, CURRENT)
    )


def reading_of_other_id(other_id: str) -> Executable:
    """Key of the latest reading of the text that came last under this other id.

    It may be superseded where the report went on to another text under its own id: that text never came under this one.
    """
    return (
        select(t.reading.c.row)
        .join(t.alias, t.alias.c.report == t.reading.c.report)
        .where(t.alias.c.id == other_id)
        .order_by(t.alias.c.added_at.desc(), t.reading.c.report.desc(), t.reading.c.number.desc())
        .limit(1)
    )


def tallies(table: FromClause) -> Executable:
    """Claims, reports, first and last day known, for each identity, or folded name where there is none.

    A source without an identity is told under the one that it goes by (``speaking.nameless``).
    """
    key, rows = _keyed(table)
    return (
        select(
            key,
            func.count(distinct(cast(t.claim.c.reading, BigInteger) * _SPREAD + t.claim.c.position)).label("claims"),
            func.count(distinct(t.reading.c.report)).label("reports"),
            func.min(t.reading.c.known).label("first"),
            func.max(t.reading.c.known).label("last"),
        )
        .select_from(rows)
        .where(CURRENT, TOLD)
        .group_by(key)
    )


def among(column: ColumnElement[str], values: Iterable[str], dialect: str) -> ColumnElement[bool]:
    """Whether the column has one of the values, however many: they go into the statement as one variable."""
    packed = literal(json.dumps(sorted(values)), Text())
    if dialect == "sqlite":
        return column.in_(select(func.json_each(packed).table_valued("value").c.value))
    each = func.json_array_elements_text(cast(packed, JSON)).column_valued("value")
    return column.in_(select(cast(each, Text)))


def labels(table: FromClause, *columns: str) -> Executable:
    """How often each of the given columns' values goes with each key of :func:`tallies`.

    The side of a source is the one that it speaks for.
    """
    key, rows = _keyed(table)
    spoken = {"side": speaking.spoken_side().label("side")} if table is t.claim_source else {}
    chosen = [spoken.get(name, table.c[name]) for name in columns]
    return (
        select(key, *chosen, func.count().label("times"))
        .select_from(rows)
        .where(CURRENT, TOLD)
        .group_by(key, *chosen)
        .order_by(key, func.count().desc(), *chosen)
    )


_SPREAD = 1_000_000  # more claims than any reading has: makes one number of (reading, position)


def _keyed(table: FromClause) -> tuple[ColumnElement[str], FromClause]:
    """The key of the table's rows, and the rows with their claims and readings."""
    same = and_(t.claim.c.reading == table.c.reading, t.claim.c.position == table.c.position)
    rows = table.join(t.claim, same).join(t.reading, t.reading.c.row == t.claim.c.reading)
    if table is not t.claim_source:
        return func.coalesce(table.c.entity, table.c.folded).label("key"), rows
    # worked out once, not for each row
    one = speaking.nameless().cte("one").prefix_with("MATERIALIZED")
    known = one.c.folded == table.c.folded
    key = func.coalesce(table.c.entity, one.c.entity, table.c.folded).label("key")
    return key, rows.outerjoin(one, known)


def _claim_in(table: FromClause, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return tuple_(t.claim.c.reading, t.claim.c.position).in_(select(table.c.reading, table.c.position).where(condition))


def _in_box(lat: float, lon: float, km: float) -> ColumnElement[bool]:
    """Whether a place lies in the smallest box of degrees that holds the circle of ``km`` around a point."""
    high = km / KM_PER_DEGREE
    wide = high / max(0.01, math.cos(math.radians(lat)))
    place = t.claim_place.c
    return and_(place.lat.between(lat - high, lat + high), place.lon.between(lon - wide, lon + wide))


def called(table: FromClause, name: str) -> ColumnElement[bool]:
    """Rows that bear the name or identity, or an identity that was met under that name, or another name of it."""
    key = fold(name)
    entities = select(t.naming.c.entity).where(t.naming.c.folded == key)
    names = select(t.naming.c.folded).where(t.naming.c.entity.in_(entities))
    return or_(
        table.c.entity == name,
        table.c.folded == key,
        table.c.entity.in_(entities),
        and_(table.c.entity.is_(None), table.c.folded.in_(names)),
    )


def _day(date: str, end: int) -> str:
    edtf.bounds(date)
    return days(date)[end] or (EARLIEST, LATEST)[end]
