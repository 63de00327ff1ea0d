"""Which claims are one incident, with the days by which lists are sorted: found without making the incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection, Text, select, type_coerce

from tadmor import edtf
from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.kept import OF_CLAIM, chunks
from tadmor.model import ClaimRef
from tadmor.reconcile.incidents import date_of
from tadmor.web.making import Members

STATES = frozenset({"territory_held"})
"""Types that tell of no occurrence: claims of nothing else make no incident."""
_RETRACTED = type_coerce(t.report.c.retracted, Text)


@dataclass(frozen=True, slots=True)
class Group:
    """The claims of one incident: ``key`` is that of the table ``member``, ``day`` the ordinal by which it is sorted.

    ``id`` and ``date`` are those that the incident has when it is made; ``types`` are the types of its claims.
    """

    key: int
    id: str
    date: str | None
    day: int | None
    types: frozenset[str]
    members: Members
    claims: tuple[tuple[str, str], ...]


class Groups:
    """All groups of a state of the ledger that make incidents, the oldest first and those without a date last."""

    def __init__(self, items: list[Group]) -> None:
        self.items = sorted(items, key=lambda g: (g.day is None, g.day or 0, g.id))
        self.newest = sorted(items, key=lambda g: (g.day is None, -(g.day or 0), g.id))

    @cached_property
    def of_claim(self) -> dict[tuple[str, str], str]:
        """The id of the incident of each claim, by report id and claim id."""
        return {claim: group.id for group in self.items for claim in group.claims}


def load(connection: Connection) -> Groups:
    """The groups as this transaction sees them; those that tell of nothing but a state are no incidents."""
    m, c = t.member.c, t.claim.c
    stmt = (
        select(m.incident, m.id, m.reading, m.position, c.review, t.report.c.id, c.id, c.type, c.date, _RETRACTED)
        .select_from(t.member)
        .join(t.claim, OF_CLAIM)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
        .where(m.incident.is_not(None))
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *rest in connection.execute(stmt):
        found[key].append(rest)
    return Groups(list(_groups(found)))


def _groups(found: dict[int, list[Any]]) -> Iterator[Group]:
    for key, rows in found.items():
        types = frozenset([row[6] for row in rows])
        if types <= STATES:
            continue
        # The row of a claim has the id of an incident whose first claim it is.
        first = rows[0] if len(rows) == 1 else min(rows, key=lambda row: (row[4], row[5]))
        date = date_of(row[7] for row in rows)
        members = tuple(sorted([(row[1], row[2], row[3] or 0, row[8] or "") for row in rows]))
        claims = tuple(sorted([(row[4], row[5]) for row in rows]))
        yield Group(key, first[0], date, day_of(date), types, members, claims)


def incidents_of(connection: Connection, refs: Sequence[ClaimRef]) -> dict[ClaimRef, str]:
    """The ids of the incidents of claims; those that tell of none are left out.

    As :func:`load` has them, for a few claims: an incident has the id of its first claim, and states alone make none.
    """
    m, c, wanted = t.member.c, t.claim.c, set(refs)
    joined = queries.CLAIMS.join(t.member, OF_CLAIM)
    keys: dict[ClaimRef, int] = {}
    for batch in chunks(sorted({ref.report for ref in refs})):
        stmt = select(t.report.c.id, c.id, m.incident).select_from(joined)
        for report, claim, key in connection.execute(
            stmt.where(queries.CURRENT, m.incident.is_not(None), t.report.c.id.in_(batch))
        ):
            if ClaimRef(report, claim) in wanted:
                keys[ClaimRef(report, claim)] = key
    members: dict[int, list[Any]] = defaultdict(list)
    for numbers in chunks(sorted(set(keys.values()))):
        stmt = select(m.incident, t.report.c.id, c.id, m.id, c.type).select_from(joined)
        for key, *rest in connection.execute(stmt.where(m.incident.in_(numbers))):
            members[key].append(rest)
    return {
        ref: min(members[key])[2]
        for ref, key in keys.items()
        if members[key] and not {row[3] for row in members[key]} <= STATES
    }


@lru_cache(maxsize=65536)
def day_of(date: str | None) -> int | None:
    """The ordinal by which a date sorts, as the command line sorts by it: the first day, else the last."""
    if date is None:
        return None
    first, last = edtf.bounds(date)
    day = first or last
    return day.toordinal() if day else None
