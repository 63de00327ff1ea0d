"""Who a source without an identity is, and for whom sources speak, as conditions and columns of ``claim_source``.

A source that stands without an identity ("the Observatory" in one report) is told as the identity that was met under its name in
others, where that identity speaks in the ledger and is the only one that does: a name that two have is nobody's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, or_, select

from tadmor.ledger import tables as t
from tadmor.reconcile.sources import NEUTRAL, PARTISAN


def nameless() -> Select[Any]:
    """Folded names of sources without an identity, each with the identity that it is told as."""
    s, n = t.claim_source.alias("unknown"), t.naming.c
    unknown = select(s.c.folded).where(s.c.folded == n.folded, s.c.entity.is_(None))
    return select(n.folded, n.entity).where(exists(unknown), *_alone())


def told_as(connection: Connection) -> dict[str, str]:
    """The same, as the ledger has them now."""
    return {row.folded: row.entity for row in connection.execute(nameless())}


def nameless_of(entity: str) -> ColumnElement[bool]:
    """Whether a source without an identity is told as this one."""
    s = t.claim_source.c
    names = select(t.naming.c.folded).where(t.naming.c.entity == entity, *_alone())
    return and_(s.entity.is_(None), s.folded.in_(names))


def of_source(entity: str | None, folded: str) -> ColumnElement[bool]:
    """Whether a row is one of the source with this identity, or of the one without an identity that has this folded name."""
    s = t.claim_source.c
    if entity is None:
        return and_(s.entity.is_(None), s.folded == folded)
    return or_(s.entity == entity, nameless_of(entity))


def spoken_side() -> ColumnElement[str | None]:
    """The side that a source speaks for, as ``reconcile.sources.speaks_for`` has it; NULL for none."""
    s = t.claim_source.c
    return case((and_(s.kind.in_(sorted(PARTISAN)), func.lower(s.side).not_in(sorted(NEUTRAL))), s.side))


def _alone() -> tuple[ColumnElement[bool], ...]:
    """Whether a naming's identity speaks in the current readings, and nobody else who does was met under that name."""
    n, other = t.naming, t.naming.alias("other")
    met = select(other.c.entity).where(
        other.c.folded == n.c.folded, other.c.entity != n.c.entity, _speaks(other.c.entity)
    )
    return _speaks(n.c.entity), ~exists(met)


def _speaks(entity: ColumnElement[Any]) -> ColumnElement[bool]:
    said, claim, reading = t.claim_source.alias("said"), t.claim.alias("stated"), t.reading.alias("read")
    same = and_(claim.c.reading == said.c.reading, claim.c.position == said.c.position)
    rows = said.join(claim, same).join(reading, reading.c.row == claim.c.reading)
    told = said.c.entity == entity, reading.c.superseded_by.is_(None), claim.c.told == 1
    return exists(select(said.c.entity).select_from(rows).where(*told))
