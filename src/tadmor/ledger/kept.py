"""What grouping asks of the tables: members, their likenesses, their groups, and what people decided about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.model import ClaimRef
from tadmor.reconcile.constraints import Constraint, heir
from tadmor.reconcile.regroup import Group

_BATCH = 500  # values in one statement
OF_CLAIM = (t.claim.c.reading == t.member.c.reading) & (t.claim.c.position == t.member.c.position)


def chunks(values: Iterable[Any], size: int = _BATCH) -> Iterator[list[Any]]:
    """The values in lists that one statement takes."""
    rows = list(values)
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def _refs() -> Any:
    m = t.member.c
    return (
        select(m.row, m.incident, t.report.c.id, t.claim.c.id.label("claim"))
        .select_from(t.member)
        .join(t.claim, OF_CLAIM)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
    )


def members_of(connection: Connection, reports: Iterable[str]) -> list[tuple[int, ClaimRef, str]]:
    """Row, claim and clause of the members of reports, in the order of each."""
    m, out = t.member.c, []
    for batch in chunks(sorted(reports)):
        stmt = _refs().add_columns(t.claim.c.record).where(t.report.c.id.in_(batch)).order_by(m.reading, m.position)
        out += [
            (row, ClaimRef(report, claim), record["text"]) for row, _, report, claim, record in connection.execute(stmt)
        ]
    return out


def wordings(connection: Connection, reports: Iterable[str]) -> list[tuple[int | None, ClaimRef, str]]:
    """As ``members_of``, with a line more for each other clause that a claim had: as it was read, and in reviews.

    A claim that people rejected, or have tell of no occurrence, has lines without a row: what was decided of it rests, and does
    not go to another claim of like words.
    """
    reports = sorted(reports)
    out: list[tuple[int | None, ClaimRef, str]] = [*members_of(connection, reports)]
    m, c, r = t.member.c, t.claim.c, v.review.c
    for batch in chunks(reports):
        stmt = (
            select(m.row, t.report.c.id, c.id, c.record, c.as_read, r.record)
            .select_from(t.report)
            .join(t.reading, t.reading.c.report == t.report.c.row)
            .join(t.claim, c.reading == t.reading.c.row)
            .join(v.review, r.item == c.item)
            .outerjoin(t.member, OF_CLAIM)
            .where(t.report.c.id.in_(batch), t.reading.c.superseded_by.is_(None))
            .order_by(c.reading, c.position, r.row)
        )
        for row, report, claim, told, as_read, reviewed in connection.execute(stmt):
            records = (told, as_read["record"] if as_read else None, reviewed)
            out += [(row, ClaimRef(report, claim), found["text"]) for found in records if found]
    return out


@dataclass(frozen=True, slots=True)
class Meant:
    """A decision: the members that it is about, None where none is left, whether they are one, and the act that it is part of."""

    a: int | None
    b: int | None
    one: bool
    act: int | None


class KeptRows:
    """What grouping asks of the tables (``regroup.Kept``); each row is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ref: dict[int, ClaimRef] = {}
        self._near: dict[int, dict[ClaimRef, float]] = {}
        self._decisions: dict[int, tuple[int, int, bool]] = {}  # by their number: two members, one or apart
        self._any = bool(connection.scalar(select(func.max(t.decision.c.row))))
        self._seen: set[str] = set()  # reports of which decisions are loaded
        self.meant: dict[int, Meant] = {}  # every decision that was looked up, by its number
        self.rows: dict[ClaimRef, int] = {}
        self.incident: dict[int, int | None] = {}

    def refs(self, rows: Collection[int]) -> list[ClaimRef]:
        """The claims of members."""
        for batch in chunks(sorted(row for row in rows if row not in self._ref)):
            for row, incident, report, claim in self._connection.execute(_refs().where(t.member.c.row.in_(batch))):
                self._ref[row] = ClaimRef(report, claim)
                self.rows[self._ref[row]] = row
                self.incident[row] = incident
        return [self._ref[row] for row in rows]

    def near(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, dict[ClaimRef, float]]:
        """See ``regroup.Kept``."""
        e = t.likeness.c
        missing = sorted(row for ref in refs if (row := self.rows[ref]) not in self._near)
        found: list[tuple[int, int, float]] = []
        for batch in chunks(missing):
            found += (tuple(row) for row in self._connection.execute(select(e.a, e.b, e.score).where(e.a.in_(batch))))
        self.refs({b for _, b, _ in found})
        self._near.update((row, {}) for row in missing)
        for a, b, score in found:
            self._near[a][self._ref[b]] = score
        return {ref: self._near[self.rows[ref]] for ref in refs}

    def groups(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, Group]:
        """See ``regroup.Kept``."""
        m = t.member.c
        of = {ref: self.incident[self.rows[ref]] for ref in refs}
        members: dict[int, list[int]] = defaultdict(list)
        for batch in chunks(sorted({i for i in of.values() if i is not None})):
            for row, incident in self._connection.execute(select(m.row, m.incident).where(m.incident.in_(batch))):
                members[incident].append(row)
        self.refs([row for rows in members.values() for row in rows])
        made = {incident: tuple(sorted(self.refs(rows))) for incident, rows in members.items()}
        return {ref: made[incident] for ref, incident in of.items() if incident is not None}

    def bound(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, list[ClaimRef]]:
        """See ``regroup.Kept``."""
        found = self.bound_rows([self.rows[ref] for ref in refs]) if self._any else {}
        return {self._ref[row]: self.refs(others) for row, others in found.items()}

    def bound_rows(self, rows: Collection[int]) -> dict[int, list[int]]:
        """As ``bound``, by rows."""
        if not self._any:
            return {}
        self._load({ref.report for ref in self.refs(rows)})
        out: dict[int, list[int]] = defaultdict(list)
        for a, b, one in self._decisions.values():
            if one:
                out[a].append(b)
                out[b].append(a)
        return {row: out[row] for row in rows if row in out}

    def decided(self, refs: Collection[ClaimRef]) -> list[Constraint]:
        """See ``regroup.Kept``."""
        return list(self.numbered(refs).values())

    def numbered(self, refs: Collection[ClaimRef]) -> dict[int, Constraint]:
        """As ``decided``, by the number of the decision."""
        if not self._any:
            return {}
        self._load({ref.report for ref in refs})
        among = {self.rows[ref] for ref in refs}
        return {
            number: Constraint(self._ref[a], self._ref[b], one)
            for number, (a, b, one) in sorted(self._decisions.items())
            if a in among and b in among
        }

    def touching(self, refs: Collection[ClaimRef]) -> dict[int, Meant]:
        """The decisions that one of the claims is about, by their number; the other claim may be in another incident, or gone."""
        if not self._any:
            return {}
        self._load({ref.report for ref in refs})
        mine = {self.rows[ref] for ref in refs}
        return {number: m for number, m in sorted(self.meant.items()) if m.a in mine or m.b in mine}

    def _load(self, reports: set[str]) -> None:
        d = t.decision.c
        given: list[Any] = []
        for batch in chunks(sorted(reports - self._seen)):
            stmt = select(t.decision).where(or_(d.a_report.in_(batch), d.b_report.in_(batch)))
            given += [row for row in self._connection.execute(stmt) if row.row not in self._decisions]
        self._seen |= reports
        if not given:
            return
        members: dict[str, list[tuple[int | None, ClaimRef, str]]] = defaultdict(list)
        for found in wordings(self._connection, {r for row in given for r in (row.a_report, row.b_report)}):
            members[found[1].report].append(found)

        def meant(report: str, claim: str, text: str) -> int | None:
            heard = heir(claim, text, ((ref.claim, words) for _, ref, words in members[report]))
            return next((row for row, ref, _ in members[report] if ref.claim == heard), None)

        for row in given:
            a, b = meant(row.a_report, row.a_claim, row.a_text), meant(row.b_report, row.b_claim, row.b_text)
            self.meant[row.row] = Meant(a, b, bool(row.one), row.act)
            if a is not None and b is not None and a != b:
                self._decisions[row.row] = a, b, bool(row.one)
