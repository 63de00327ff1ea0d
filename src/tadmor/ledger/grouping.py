"""Keeps the claims of current readings in groups of one occurrence each, in the tables.

What is taken in is compared with what its keys find, and only what hangs together with it is grouped afresh
(``reconcile.regroup``). The groups are those that ``reconcile.incidents`` makes of all accounts at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.kept import OF_CLAIM, KeptRows, chunks, members_of
from tadmor.ledger.review_tables import contest
from tadmor.ledger.rows import account_of
from tadmor.model import Account, ClaimRef
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.constraints import Constraint
from tadmor.reconcile.incidents import incident_id, occurrence
from tadmor.reconcile.method import method
from tadmor.reconcile.regroup import regroup
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits, traits

NAME = "incidents"
_READINGS = 50  # read and filed at once when all is made anew
_KEPT = 20_000  # accounts that are kept ready to be compared

_UNDER = select(t.member_key).where(t.member_key.c.key.in_(bindparam("keys", expanding=True, literal_execute=True)))
"""What is filed under keys: hundreds of numbers, which stand in the statement itself, since as parameters they are slow."""

Progress = Callable[[int, int], None]


Key = tuple[int, int, int | None]  # reading, position, and the review that decides how the claim is told


class Ready(dict[Key, Traits]):
    """Accounts ready to be compared, by what they can change with: what was compared last is wanted next."""

    def __setitem__(self, key: Key, value: Traits) -> None:
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
        connection.execute(insert(t.state).values(name=NAME, value=method()))
    elif made_by != method():
        return
    touched = _drop(connection, ready, [t.member.c.reading.in_(batch) for batch in chunks(gone)])
    touched |= _file(connection, ready, added)
    _regroup(connection, touched)


def revise(
    connection: Connection, ready: Ready, reading: int, position: int | None, change: Callable[[], None]
) -> None:
    """Do ``change``, after which a claim of a current reading is told otherwise, and bring the groups up to date around it.

    ``position`` is that of the claim; None when ``change`` puts one in, at the end of the reading.
    """
    if not current(connection):
        change()
        return
    m, c = t.member.c, t.claim.c
    mine = (m.reading == reading) & (m.position == (-1 if position is None else position))
    member = connection.scalar(select(m.row).where(mine))
    touched = _drop(connection, ready, [mine])
    last = connection.scalar(select(func.max(c.position)).where(c.reading == reading))
    change()
    changed = c.position == position if position is not None else c.position > (-1 if last is None else last)
    # Under the number that it had, so that an incident that stays as it was keeps its own, by which queues go on.
    touched |= _file(connection, ready, [reading], changed, member)
    _regroup(connection, touched)


def ensure(connection: Connection, progress: Progress | None = None) -> None:
    """Make the groups of all current readings anew, unless they are there by the method of this version.

    ``progress`` is told how many of how many readings are done.
    """
    if current(connection):
        return
    ready = Ready()
    for table in (contest, t.likeness, t.member_key, t.member):
        connection.execute(delete(table))
    connection.execute(delete(t.state).where(t.state.c.name == NAME))
    readings = connection.scalars(select(t.reading.c.row).where(queries.CURRENT).order_by(t.reading.c.row)).all()
    for at in range(0, len(readings), _READINGS):
        _file(connection, ready, readings[at : at + _READINGS])
        if progress:
            progress(min(at + _READINGS, len(readings)), len(readings))
    ready.clear()
    _regroup(connection, connection.scalars(select(t.member.c.row)).all())
    connection.execute(insert(t.state).values(name=NAME, value=method()))


def groups(connection: Connection, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[list[Account]]:
    """The accounts of each group with an account that fulfils the conditions, by report and claim."""
    m = t.member.c
    if conditions:
        mine = select(m.incident).join(t.claim, OF_CLAIM).join(t.reading, t.reading.c.row == m.reading)
        conditions = [m.incident.in_(mine.where(*conditions))]
    for _, group in groups_numbered(connection, conditions):
        yield group


def groups_numbered(
    connection: Connection, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[tuple[int, list[Account]]]:
    """The number and the accounts of each group, by report and claim, of members that fulfil the conditions."""
    m = t.member.c
    stmt = _accounts().add_columns(m.incident).where(*conditions).order_by(m.incident)
    group: list[Account] = []
    last = 0
    for *columns, incident in connection.execute(stmt, execution_options={"yield_per": 500}):
        if incident != last and group:
            yield last, sorted(group, key=_ref)
            group = []
        last = incident
        group.append(account_of(*columns[3:]))
    if group:
        yield last, sorted(group, key=_ref)


def accounts_of(connection: Connection, refs: Iterable[ClaimRef]) -> list[Account]:
    """The accounts of these members, by report and claim."""
    wanted = set(refs)
    rows = [row for row, ref, _ in members_of(connection, {r.report for r in wanted}) if ref in wanted]
    found = [
        account_of(*c[3:]) for b in chunks(rows) for c in connection.execute(_accounts().where(t.member.c.row.in_(b)))
    ]
    return sorted(found, key=_ref)


def decide(connection: Connection, constraints: Iterable[Constraint], at: str, who: str, why: str | None) -> None:
    """Keep what somebody decided, and group what it is about afresh. Raises KeyError for a claim that is in no group."""
    given = list(constraints)
    refs = {ref for c in given for ref in (c.a, c.b)}
    known = members_of(connection, {ref.report for ref in refs})
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


def _ref(account: Account) -> ClaimRef:
    return account.ref


def _method(connection: Connection) -> str | None:
    return connection.scalar(select(t.state.c.value).where(t.state.c.name == NAME))


def _any_but(connection: Connection, readings: Collection[int]) -> bool:
    r = t.reading.c.row
    return connection.scalar(select(r).where(r.not_in(list(readings))).limit(1)) is not None


def _each(connection: Connection, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    if rows:  # without any, the statement would be executed once
        connection.execute(statement, rows)


def _fill(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows of plain numbers, hundreds for each report: a driver that takes tuples is handed them as they are."""
    names = [column.name for column in table.columns]
    if not rows:
        return
    if connection.dialect.paramstyle != "qmark":
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    sql = insert(table).compile(dialect=connection.dialect, column_keys=names)
    connection.exec_driver_sql(str(sql), list(rows))


def _accounts() -> Any:
    """Members with what an account needs."""
    m = t.member.c
    return (
        select(m.row, m.reading, m.position, *queries.ACCOUNT)
        .select_from(t.member)
        .join(t.claim, OF_CLAIM)
        .join(t.reading, t.reading.c.row == m.reading)
        .join(t.report, t.report.c.row == t.reading.c.report)
    )


def _items(connection: Connection, ready: Ready, rows: Iterable[int]) -> dict[int, Traits]:
    """The members of these rows as they are compared."""
    m = t.member.c
    out: dict[int, Traits] = {}
    for batch in chunks(rows):
        missing: list[int] = []
        keys = select(m.row, m.reading, m.position, t.claim.c.review).join(t.claim, OF_CLAIM).where(m.row.in_(batch))
        for row, *key in connection.execute(keys):
            item = ready.get((key[0], key[1], key[2]))
            if item is None:
                missing.append(row)
            else:
                out[row] = item
        wanted = _accounts().add_columns(t.claim.c.review).where(m.row.in_(missing))
        for row, reading, position, *columns, review in connection.execute(wanted) if missing else ():
            out[row] = ready[reading, position, review] = traits(account_of(*columns))
    return out


def _drop(connection: Connection, ready: Ready, which: Iterable[ColumnElement[bool]]) -> set[int]:
    """Take members out; those whose groups this may change are returned, and are in none for now."""
    m, k, e = t.member.c, t.member_key.c, t.likeness.c
    gone: set[int] = set()
    incidents: set[int] = set()
    for condition in which:
        for row, incident in connection.execute(select(m.row, m.incident).where(condition)):
            gone.add(row)
            incidents.add(incident)
    if not gone:
        return set()
    mates: set[int] = set()
    for batch in chunks(incidents):
        mates.update(connection.scalars(select(m.row).where(m.incident.in_(batch))))
    mates -= gone
    touched = mates.union(*KeptRows(connection).bound_rows(gone).values()) - gone
    items = _items(connection, ready, sorted(gone))
    keys = [{"k": key, "m": row} for row, item in items.items() for key, _, _ in entries(item)]
    near = [pair for batch in chunks(gone) for pair in connection.execute(select(e.a, e.b).where(e.a.in_(batch)))]
    pairs = [{"x": x, "y": y} for a, b in near for x, y in ((a, b), (b, a))]
    _each(connection, delete(t.member_key).where(k.key == bindparam("k"), k.member == bindparam("m")), keys)
    _each(connection, delete(t.likeness).where(e.a == bindparam("x"), e.b == bindparam("y")), pairs)
    _each(
        connection, delete(contest).where(contest.c.incident == bindparam("i")), [{"i": i} for i in sorted(incidents)]
    )
    ungrouped = update(t.member).where(m.row == bindparam("r")).values(incident=None)
    _each(connection, ungrouped, [{"r": row} for row in sorted(mates)])
    _each(connection, delete(t.member).where(m.row == bindparam("r")), [{"r": row} for row in sorted(gone)])
    return touched


def _file(
    connection: Connection,
    ready: Ready,
    readings: Collection[int],
    which: ColumnElement[bool] | None = None,
    member: int | None = None,
) -> set[int]:
    """Take the occurrences of readings in and compare them with what their keys find; their rows are returned.

    ``which`` keeps some claims; ``member`` is the row that the only one of them is to have.
    """
    c, m = t.claim.c, t.member.c
    fresh: dict[tuple[int, int], tuple[Traits, int | None]] = {}
    for batch in chunks(readings):
        stmt = (
            select(c.reading, c.position, c.review, c.record, c.context, t.report.c.id, t.report.c.title,
                   t.report.c.publisher, t.reading.c.published, t.reading.c.known)
            .select_from(queries.CLAIMS)
            .where(c.reading.in_(batch), queries.TOLD, c.context.is_not(None), true() if which is None else which)
            .order_by(c.reading, c.position)
        )  # fmt: skip
        for reading, position, review, *columns in connection.execute(stmt):
            item = occurrence(account_of(*columns))
            if item is not None:
                fresh[reading, position] = item, review
    if not fresh:
        return set()
    connection.execute(
        insert(t.member),
        [
            {"reading": r, "position": p, "id": incident_id([item.account.ref])}
            | ({} if member is None else {"row": member})
            for (r, p), (item, _) in fresh.items()
        ],
    )
    rows: dict[int, Traits] = {}
    for batch in chunks({reading for reading, _ in fresh}):
        for row, *at in connection.execute(select(m.row, m.reading, m.position).where(m.reading.in_(batch))):
            if (at[0], at[1]) in fresh:
                item, review = fresh[at[0], at[1]]
                rows[row] = ready[at[0], at[1], review] = item
    filed = sorted((key, row, first, last) for row, item in rows.items() for key, first, last in entries(item))
    _fill(connection, t.member_key, filed)
    wanted: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row, item in rows.items():
        for key, since, until in looks(item):
            wanted[key].append((row, since, until))
    pairs: set[tuple[int, int]] = set()
    for batch in chunks(wanted):
        for key, other, first, last in connection.execute(_UNDER, {"keys": batch}):
            for row, since, until in wanted[key]:
                if first <= until and last >= since and row != other:  # as ``Look.takes``
                    pairs.add((row, other) if row < other else (other, row))
    items = rows | _items(connection, ready, sorted({row for pair in pairs for row in pair} - rows.keys()))
    scores = ((a, b, likeness(items[a], items[b])) for a, b in pairs)
    both = sorted((x, y, score) for a, b, score in scores if score for x, y in ((a, b), (b, a)))
    _fill(connection, t.likeness, both)
    return set(rows)


def _regroup(connection: Connection, touched: Collection[int]) -> None:
    """Group afresh what the members given join or draw apart."""
    if not touched:
        return
    kept = KeptRows(connection)
    changed: list[dict[str, int]] = []
    stale: set[int] = set()
    for group in regroup(kept, kept.refs(touched)):
        rows = [kept.rows[ref] for ref in group]
        changed += [{"r": row, "i": min(rows)} for row in rows if kept.incident.get(row) != min(rows)]
        stale |= {min(rows), *(i for row in rows if (i := kept.incident.get(row)) is not None)}
    _each(connection, delete(contest).where(contest.c.incident == bindparam("i")), [{"i": i} for i in sorted(stale)])
    _each(connection, update(t.member).where(t.member.c.row == bindparam("r")).values(incident=bindparam("i")), changed)
