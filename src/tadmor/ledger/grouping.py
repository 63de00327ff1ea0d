"""Keeps the claims of current readings in groups of one occurrence each, in the tables.

What is taken in is compared with what its keys find, and only what hangs together with it is grouped afresh
(``reconcile.cluster``). The groups are those that ``reconcile.incidents`` makes of all accounts at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, bindparam, delete, func, insert, or_, select, update

from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.rows import account_of
from tadmor.model import Account, ClaimRef
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.cluster import Group, regroup
from tadmor.reconcile.constraints import Constraint, heir
from tadmor.reconcile.incidents import occurrence
from tadmor.reconcile.method import method
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits, traits

_NAME = "incidents"
_BATCH = 500  # values in one statement
_READINGS = 50  # read and filed at once when all is made anew
_KEPT = 20_000  # accounts that are kept ready to be compared

Progress = Callable[[int, int], None]


class Ready(dict[tuple[int, int], Traits]):
    """Accounts ready to be compared, by reading and position, which never change: what was compared last is wanted next."""

    def __setitem__(self, key: tuple[int, int], value: Traits) -> None:
        if len(self) >= _KEPT:
            self.clear()
        super().__setitem__(key, value)


def current(connection: Connection) -> bool:
    """Whether all current readings are in the groups, put there by the method of this version."""
    return _method(connection) == method()


def take(connection: Connection, ready: Ready, added: Collection[int], gone: Collection[int]) -> None:
    """Bring the groups up to date: readings that have become current, and those that are so no longer.

    Groups that another method made are left as they are, to be made anew by ``ensure`` when they are asked for.
    """
    made_by = _method(connection)
    if made_by is None and not gone and not _any_but(connection, added):
        connection.execute(insert(t.state).values(name=_NAME, value=method()))
    elif made_by != method():
        return
    touched = _drop(connection, ready, gone)
    touched |= _file(connection, ready, added)
    _regroup(connection, touched)


def ensure(connection: Connection, progress: Progress | None = None) -> None:
    """Make the groups of all current readings anew, unless they are there by the method of this version.

    ``progress`` is told how many of how many readings are done.
    """
    if current(connection):
        return
    ready = Ready()
    for table in (t.likeness, t.member_key, t.member):
        connection.execute(delete(table))
    connection.execute(delete(t.state).where(t.state.c.name == _NAME))
    readings = connection.scalars(select(t.reading.c.row).where(queries.CURRENT).order_by(t.reading.c.row)).all()
    for at in range(0, len(readings), _READINGS):
        _file(connection, ready, readings[at : at + _READINGS])
        if progress:
            progress(min(at + _READINGS, len(readings)), len(readings))
    ready.clear()
    _regroup(connection, connection.scalars(select(t.member.c.row)).all())
    connection.execute(insert(t.state).values(name=_NAME, value=method()))


def groups(connection: Connection, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[list[Account]]:
    """The accounts of each group with an account that fulfils the conditions, by report and claim."""
    m = t.member.c
    stmt = _accounts().add_columns(m.incident).order_by(m.incident)
    if conditions:
        mine = select(m.incident).join(t.claim, _OF_CLAIM).join(t.reading, t.reading.c.row == m.reading)
        stmt = stmt.where(m.incident.in_(mine.where(*conditions)))
    group: list[Account] = []
    last = None
    for *columns, incident in connection.execute(stmt, execution_options={"yield_per": 500}):
        if incident != last and group:
            yield sorted(group, key=_ref)
            group = []
        last = incident
        group.append(account_of(*columns[3:]))
    if group:
        yield sorted(group, key=_ref)


def decide(connection: Connection, constraints: Iterable[Constraint], at: str, who: str, why: str | None) -> None:
    """Keep what somebody decided, and group what it is about afresh. Raises KeyError for a claim that is in no group."""
    given = list(constraints)
    refs = {ref for c in given for ref in (c.a, c.b)}
    known = _members_of(connection, {ref.report for ref in refs})
    texts = {ref: (row, text) for row, ref, text in known}
    rows = [
        {"at": at, "who": who, "why": why, "one": int(c.one)}
        | {f"{side}_{name}": value for side, ref in (("a", c.a), ("b", c.b))
           for name, value in (("report", ref.report), ("claim", ref.claim), ("text", texts[ref][1]))}
        for c in given
    ]  # fmt: skip
    if rows:
        connection.execute(insert(t.decision), rows)
        _regroup(connection, {texts[ref][0] for ref in refs})


_OF_CLAIM = (t.claim.c.reading == t.member.c.reading) & (t.claim.c.position == t.member.c.position)


def _ref(account: Account) -> ClaimRef:
    return account.ref


def _method(connection: Connection) -> str | None:
    # One writer at a time, where the database knows others: two that file at once would not find each other.
    return connection.scalar(select(t.state.c.value).where(t.state.c.name == _NAME).with_for_update())


def _any_but(connection: Connection, readings: Collection[int]) -> bool:
    r = t.reading.c.row
    return connection.scalar(select(r).where(r.not_in(list(readings))).limit(1)) is not None


def _chunks(values: Iterable[Any], size: int = _BATCH) -> Iterator[list[Any]]:
    rows = list(values)
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def _each(connection: Connection, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    if rows:  # without any, the statement would be executed once
        connection.execute(statement, rows)


def _accounts() -> Any:
    """Members with what an account needs."""
    m = t.member.c
    return (
        select(m.row, m.reading, m.position, *queries.ACCOUNT)
        .select_from(t.member)
        .join(t.claim, _OF_CLAIM)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
    )


def _items(connection: Connection, ready: Ready, rows: Iterable[int]) -> dict[int, Traits]:
    """The members of these rows as they are compared."""
    m = t.member.c
    out: dict[int, Traits] = {}
    for batch in _chunks(rows):
        missing: list[int] = []
        for row, reading, position in connection.execute(select(m.row, m.reading, m.position).where(m.row.in_(batch))):
            item = ready.get((reading, position))
            if item is None:
                missing.append(row)
            else:
                out[row] = item
        for row, reading, position, *columns in (
            connection.execute(_accounts().where(m.row.in_(missing))) if missing else ()
        ):
            out[row] = ready[reading, position] = traits(account_of(*columns))
    return out


def _drop(connection: Connection, ready: Ready, readings: Collection[int]) -> set[int]:
    """Take the members of readings out; those whose groups this may change are returned, and are in none for now."""
    m, k, e = t.member.c, t.member_key.c, t.likeness.c
    gone: set[int] = set()
    incidents: set[int] = set()
    for batch in _chunks(readings):
        for row, incident in connection.execute(select(m.row, m.incident).where(m.reading.in_(batch))):
            gone.add(row)
            incidents.add(incident)
    if not gone:
        return set()
    mates: set[int] = set()
    for batch in _chunks(incidents):
        mates.update(connection.scalars(select(m.row).where(m.incident.in_(batch))))
    mates -= gone
    touched = mates.union(*_Kept(connection).bound_rows(gone).values()) - gone
    items = _items(connection, ready, sorted(gone))
    keys = [{"k": key, "m": row} for row, item in items.items() for key, _, _ in entries(item)]
    near = [pair for batch in _chunks(gone) for pair in connection.execute(select(e.a, e.b).where(e.a.in_(batch)))]
    pairs = [{"x": x, "y": y} for a, b in near for x, y in ((a, b), (b, a))]
    _each(connection, delete(t.member_key).where(k.key == bindparam("k"), k.member == bindparam("m")), keys)
    _each(connection, delete(t.likeness).where(e.a == bindparam("x"), e.b == bindparam("y")), pairs)
    ungrouped = update(t.member).where(m.row == bindparam("r")).values(incident=None)
    _each(connection, ungrouped, [{"r": row} for row in sorted(mates)])
    _each(connection, delete(t.member).where(m.row == bindparam("r")), [{"r": row} for row in sorted(gone)])
    return touched


def _file(connection: Connection, ready: Ready, readings: Collection[int]) -> set[int]:
    """Take the occurrences of readings in and compare them with what their keys find; their rows are returned."""
    c, m, k = t.claim.c, t.member.c, t.member_key.c
    fresh: dict[tuple[int, int], Traits] = {}
    for batch in _chunks(readings):
        stmt = (
            select(c.reading, c.position, c.record, c.context, t.report.c.id, t.report.c.title, t.report.c.publisher,
                   t.reading.c.published, t.reading.c.known)
            .select_from(queries.CLAIMS)
            .where(c.reading.in_(batch), c.context.is_not(None))
            .order_by(c.reading, c.position)
        )  # fmt: skip
        for reading, position, *columns in connection.execute(stmt):
            item = occurrence(account_of(*columns))
            if item is not None:
                fresh[reading, position] = item
    if not fresh:
        return set()
    connection.execute(insert(t.member), [{"reading": r, "position": p} for r, p in fresh])
    rows: dict[int, Traits] = {}
    for batch in _chunks({reading for reading, _ in fresh}):
        for row, *at in connection.execute(select(m.row, m.reading, m.position).where(m.reading.in_(batch))):
            rows[row] = ready[at[0], at[1]] = fresh[at[0], at[1]]
    filed = sorted((key, row, first, last) for row, item in rows.items() for key, first, last in entries(item))
    _each(
        connection, insert(t.member_key), [{"key": n, "member": row, "first": a, "last": b} for n, row, a, b in filed]
    )
    wanted: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row, item in rows.items():
        for key, since, until in looks(item):
            wanted[key].append((row, since, until))
    pairs: set[tuple[int, int]] = set()
    for batch in _chunks(wanted):
        for key, other, first, last in connection.execute(select(t.member_key).where(k.key.in_(batch))):
            for row, since, until in wanted[key]:
                if first <= until and last >= since and row != other:  # as ``Look.takes``
                    pairs.add((row, other) if row < other else (other, row))
    items = rows | _items(connection, ready, sorted({row for pair in pairs for row in pair} - rows.keys()))
    scores = ((a, b, likeness(items[a], items[b])) for a, b in pairs)
    both = sorted((x, y, score) for a, b, score in scores if score for x, y in ((a, b), (b, a)))
    _each(connection, insert(t.likeness), [{"a": a, "b": b, "score": score} for a, b, score in both])
    return set(rows)


def _regroup(connection: Connection, touched: Collection[int]) -> None:
    """Group afresh what the members given join or draw apart."""
    if not touched:
        return
    kept = _Kept(connection)
    changed: list[dict[str, int]] = []
    for group in regroup(kept, kept.refs(touched)):
        rows = [kept.rows[ref] for ref in group]
        changed += [{"r": row, "i": min(rows)} for row in rows if kept.incident.get(row) != min(rows)]
    _each(connection, update(t.member).where(t.member.c.row == bindparam("r")).values(incident=bindparam("i")), changed)


def _refs() -> Any:
    m = t.member.c
    return (
        select(m.row, m.incident, t.report.c.id, t.claim.c.id.label("claim"))
        .select_from(t.member)
        .join(t.claim, _OF_CLAIM)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
    )


def _members_of(connection: Connection, reports: Iterable[str]) -> list[tuple[int, ClaimRef, str]]:
    """Row, claim and clause of the members of reports, in the order of each."""
    m, out = t.member.c, []
    for batch in _chunks(sorted(reports)):
        stmt = _refs().add_columns(t.claim.c.record).where(t.report.c.id.in_(batch)).order_by(m.reading, m.position)
        out += [
            (row, ClaimRef(report, claim), record["text"]) for row, _, report, claim, record in connection.execute(stmt)
        ]
    return out


class _Kept:
    """What grouping asks of the tables (``cluster.Kept``); each row is read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ref: dict[int, ClaimRef] = {}
        self._near: dict[int, dict[ClaimRef, float]] = {}
        self._decisions: dict[int, tuple[int, int, bool]] = {}  # by their number: two members, one or apart
        self._any = bool(connection.scalar(select(func.max(t.decision.c.row))))
        self._seen: set[str] = set()  # reports of which decisions are loaded
        self.rows: dict[ClaimRef, int] = {}
        self.incident: dict[int, int | None] = {}

    def refs(self, rows: Collection[int]) -> list[ClaimRef]:
        """The claims of members."""
        for batch in _chunks(sorted(row for row in rows if row not in self._ref)):
            for row, incident, report, claim in self._connection.execute(_refs().where(t.member.c.row.in_(batch))):
                self._ref[row] = ClaimRef(report, claim)
                self.rows[self._ref[row]] = row
                self.incident[row] = incident
        return [self._ref[row] for row in rows]

    def near(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, dict[ClaimRef, float]]:
        """See ``cluster.Kept``."""
        e = t.likeness.c
        missing = sorted(row for ref in refs if (row := self.rows[ref]) not in self._near)
        found: list[tuple[int, int, float]] = []
        for batch in _chunks(missing):
            found += (tuple(row) for row in self._connection.execute(select(e.a, e.b, e.score).where(e.a.in_(batch))))
        self.refs({b for _, b, _ in found})
        self._near.update((row, {}) for row in missing)
        for a, b, score in found:
            self._near[a][self._ref[b]] = score
        return {ref: self._near[self.rows[ref]] for ref in refs}

    def groups(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, Group]:
        """See ``cluster.Kept``."""
        m = t.member.c
        of = {ref: self.incident[self.rows[ref]] for ref in refs}
        members: dict[int, list[int]] = defaultdict(list)
        for batch in _chunks(sorted({i for i in of.values() if i is not None})):
            for row, incident in self._connection.execute(select(m.row, m.incident).where(m.incident.in_(batch))):
                members[incident].append(row)
        self.refs([row for rows in members.values() for row in rows])
        made = {incident: tuple(sorted(self.refs(rows))) for incident, rows in members.items()}
        return {ref: made[incident] for ref, incident in of.items() if incident is not None}

    def bound(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, list[ClaimRef]]:
        """See ``cluster.Kept``."""
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
        """See ``cluster.Kept``."""
        if not self._any:
            return []
        self._load({ref.report for ref in refs})
        among = {self.rows[ref] for ref in refs}
        return [
            Constraint(self._ref[a], self._ref[b], one)
            for _, (a, b, one) in sorted(self._decisions.items())
            if a in among and b in among
        ]

    def _load(self, reports: set[str]) -> None:
        d = t.decision.c
        given: list[Any] = []
        for batch in _chunks(sorted(reports - self._seen)):
            stmt = select(t.decision).where(or_(d.a_report.in_(batch), d.b_report.in_(batch)))
            given += [row for row in self._connection.execute(stmt) if row.row not in self._decisions]
        self._seen |= reports
        if not given:
            return
        members: dict[str, list[tuple[int, ClaimRef, str]]] = defaultdict(list)
        for found in _members_of(self._connection, {r for row in given for r in (row.a_report, row.b_report)}):
            members[found[1].report].append(found)

        def meant(report: str, claim: str, text: str) -> int | None:
            heard = heir(claim, text, ((ref.claim, words) for _, ref, words in members[report]))
            return next((row for row, ref, _ in members[report] if ref.claim == heard), None)

        for row in given:
            a, b = meant(row.a_report, row.a_claim, row.a_text), meant(row.b_report, row.b_claim, row.b_text)
            if a is not None and b is not None and a != b:
                self._decisions[row.row] = a, b, bool(row.one)
