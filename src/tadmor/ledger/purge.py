"""Removing a report or a name for good, where somebody's safety asks for it: the one exception to nothing being deleted.

What is left is a tombstone: who, when and why. Rows are found by going through every table that there is (``tables.metadata``),
so that a table that is added later is not forgotten. Incidents are made anew when they are next asked for.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Text, and_, delete, insert, or_, select, text, type_coerce, update

from tadmor.errors import LedgerError
from tadmor.ledger import bytes_store, database, grouping
from tadmor.ledger import review_tables as v
from tadmor.ledger import tables as t
from tadmor.ledger.by import By
from tadmor.ledger.feeds_tables import feed_item, sketch
from tadmor.ledger.folding import fold
from tadmor.ledger.kept import chunks
from tadmor.ledger.retract import report_id
from tadmor.ledger.timeline_tables import timeline
from tadmor.ledger.withhold_names import Names
from tadmor.ledger.withhold_tables import covered, tombstone, withheld

_DERIVED = (v.contest, t.likeness, t.member_key, t.member, timeline)
_CHILDREN = (t.claim_place, t.claim_source, t.claim_party)
_APART = frozenset(
    {"team_member", "team_session", "team_token", "team_try", "tombstone", "state", "withheld", "covered"}
)
"""Tables that a name is not covered in: who may sign in under it may be another; what follows from marks is made anew."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That something was purged: when (ISO, UTC), by whom and why."""

    row: int
    at: str
    who: str
    why: str


def tombstones(connection: Connection) -> list[Tombstone]:
    """All of them, oldest first."""
    c = tombstone.c
    return [Tombstone(*row) for row in connection.execute(select(c.row, c.at, c.who, c.why).order_by(c.row))]


def bury(connection: Connection, by: By) -> Tombstone:
    """Leave a tombstone."""
    made = connection.execute(insert(tombstone).values(at=by.at, who=by.who, why=by.why))
    assert made.inserted_primary_key is not None
    return Tombstone(int(made.inserted_primary_key[0]), by.at, by.who, by.why or "")


def begin(connection: Connection) -> None:
    """Have what is deleted overwritten, where the database can, and the incidents made anew when they are next asked for."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for table in _DERIVED:
        connection.execute(delete(table))
    connection.execute(delete(t.state).where(t.state.c.name == grouping.NAME))


def report(connection: Connection, id: str) -> None:
    """Remove a report, all its texts and readings, reviews of its claims and decisions about them. Raises LedgerError."""
    id = report_id(connection, id)
    r, x = t.report.c, t.reading.c
    reports = connection.scalars(select(r.row).where(r.id == id)).all()
    readings = connection.scalars(select(x.row).where(x.report.in_(reports))).all()
    others = {id, *connection.scalars(select(t.alias.c.id).where(t.alias.c.report.in_(reports)))}
    items = connection.scalars(select(v.item.c.row).where(v.item.c.report == id)).all()
    acts: set[int] = set()
    for batch in chunks(items):
        acts.update(connection.scalars(select(v.review.c.act).where(v.review.c.item.in_(batch))))
        connection.execute(delete(v.review).where(v.review.c.item.in_(batch)))
        connection.execute(delete(v.item).where(v.item.c.row.in_(batch)))
    d = t.decision.c
    mine = or_(d.a_report == id, d.b_report == id)
    acts.update(a for a in connection.scalars(select(d.act).where(mine)) if a is not None)
    connection.execute(delete(t.decision).where(mine))
    met = _namings(connection, readings)
    for table in (*_CHILDREN, t.claim):
        for batch in chunks(readings):
            connection.execute(delete(table).where(table.c.reading.in_(batch)))
    connection.execute(delete(covered).where(covered.c.report.in_(reports)))
    connection.execute(delete(t.alias).where(t.alias.c.report.in_(reports)))
    connection.execute(update(t.reading).where(x.report.in_(reports)).values(superseded_by=None))
    connection.execute(delete(t.reading).where(x.report.in_(reports)))
    bytes_store.forget(connection, reports)
    connection.execute(delete(sketch).where(sketch.c.report.in_(reports)))
    # what a feed gave stays known by its key, so that it is not fetched again
    i = feed_item.c
    given = {"url": "", "title": "", "text": None, "error": None, "report": None, "state": "known"}
    for batch in chunks(sorted(others)):
        connection.execute(update(feed_item).where(i.report.in_(batch)).values(**given))
    connection.execute(delete(t.report).where(r.row.in_(reports)))
    connection.execute(delete(withheld).where(withheld.c.kind == "report", withheld.c.name.in_(sorted(others))))
    _forget_namings(connection, met)
    _silence(connection, others, acts)


def name(connection: Connection, name: str) -> None:
    """Cover a name in everything that the ledger keeps. Raises LedgerError for a name without letters, or that stands nowhere."""
    shown = " ".join(name.split())
    n = t.naming.c
    persons = select(n.entity).where(n.folded == fold(shown), n.entity.startswith("person:", autoescape=True))
    known = Names([shown], connection.scalars(persons))
    if not known.keys:
        raise LedgerError("name what is to be purged: a name with a letter in it")
    changed = _forget_bytes(connection, known)
    for table in t.metadata.sorted_tables:
        if table.name not in _APART:
            changed += _cover(connection, table, known)
    w = withheld.c
    for row, *said in connection.execute(select(w.row, w.name, w.entity, w.why, w.lifted_why)).all():
        if any(s and known.hits(s) for s in said):
            changed += 1
            connection.execute(delete(withheld).where(w.row == row))
    if not changed:
        raise LedgerError(f"{shown!r} stands nowhere in this ledger; nothing was changed")


def _forget_bytes(connection: Connection, known: Names) -> int:
    """Remove the bytes of reports that have the name, in what was read of them or as it stands in the bytes; how many reports.

    Damaged bytes go too, since nobody can tell what is in them, and they prove nothing any more; they are not counted.
    """
    r = t.report.c
    found = []
    damaged = []
    for row, title, text_, metadata in connection.execute(
        select(r.row, r.title, r.text, r.metadata).where(r.original.is_not(None))
    ).all():
        if any(x and known.hits(x) for x in (title, text_, metadata)):
            found.append(row)
            continue
        try:
            if known.hits(bytes_store.data_of(connection, row).decode("utf-8", "ignore")):
                found.append(row)
        except bytes_store.DamagedBytes:
            damaged.append(row)
    bytes_store.forget(connection, [*found, *damaged])
    return len(found)


def sweep(engine: Engine, name: str) -> None:
    """Write the database anew, so that nothing of what was purged is left in free pages or in the write-ahead log.

    Raises LedgerError while another program keeps the log from being emptied; what was purged is seen by nobody even then.
    """
    engine.dispose()
    with database.explained(name), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            for table in t.metadata.sorted_tables:
                connection.execute(text(f'VACUUM FULL "{table.name}"'))
            return
        raw = connection.connection.cursor()
        raw.execute("VACUUM")
        for _ in range(50):
            busy, *_left = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                return
            time.sleep(0.1)
    raise LedgerError(
        f"it is purged, but {name}-wal still holds it, since another program reads the ledger: end that, and run "
        "`tadmor withhold sweep`"
    )


def _cover(connection: Connection, table: Any, known: Names) -> int:
    """Cover names in every text and all plain data of a table; how many rows were changed."""
    columns = [c for c in table.columns if isinstance(c.type, t.SafeText | t.Json) and not isinstance(c.type, t.Coded)]
    if not columns:
        return 0
    keys = list(table.primary_key.columns)
    raw = [type_coerce(c, Text).label(f"raw_{c.name}") for c in columns]
    changed = 0
    for row in connection.execute(select(*keys, *raw)).all():
        where = and_(*(key == value for key, value in zip(keys, row, strict=False)))
        if not any(value and known.maybe(value) for value in row[len(keys) :]):
            continue
        kept = connection.execute(select(*columns).where(where)).mappings().one()
        new = {c.name: _covered(c, kept[c.name], known) for c in columns}
        if all(new[c.name] == kept[c.name] for c in columns):
            continue
        changed += 1
        if table is t.naming:  # that somebody was met under the name is itself what is to be forgotten
            connection.execute(delete(table).where(where))
            continue
        if table is t.report and new["text"] != kept["text"]:
            _rehash(connection, row[0], new)
        connection.execute(update(table).where(where).values(**new))
    return changed


def _covered(column: Any, value: Any, known: Names) -> Any:
    if value is None:
        return None
    if column.name == "entity":
        return None if column.nullable and known.hits(value) else value
    return known.text(value) if isinstance(value, str) else known.data(value)


def _rehash(connection: Connection, row: int, new: dict[str, Any]) -> None:
    """Give the text the hash of what it is now, wherever the old one is kept; by it the name could be guessed."""
    old = connection.scalar(select(t.report.c.text_hash).where(t.report.c.row == row))
    new["text_hash"] = hashlib.sha256(new["text"].encode("utf-8", "surrogatepass")).hexdigest()
    if connection.scalar(select(t.report.c.row).where(t.report.c.text_hash == new["text_hash"], t.report.c.row != row)):
        new["text_hash"] = hashlib.sha256(
            f"{new['text_hash']}:{row}".encode()
        ).hexdigest()  # two that differed in the name only
    for table in (v.item, v.review):
        connection.execute(update(table).where(table.c.text_hash == old).values(text_hash=new["text_hash"]))


def _silence(connection: Connection, ids: set[str], acts: Iterable[int]) -> None:
    """Have the audit log say of a report only that something was done, by whom and when."""
    a, numbers = t.audit.c, set(acts)
    for row, before, after in connection.execute(select(a.row, a.before, a.after)).all():
        if row in numbers or _tells(before, ids) or _tells(after, ids):
            connection.execute(update(t.audit).where(a.row == row).values(before=None, after=None, why=None))
            connection.execute(update(t.decision).where(t.decision.c.act == row).values(why=None))


def _tells(value: Any, ids: set[str]) -> bool:
    if isinstance(value, str):
        return value in ids or any(value.startswith(f"{id}:") for id in ids)
    if isinstance(value, dict):
        return any(_tells(x, ids) for x in value.values())
    return isinstance(value, list) and any(_tells(x, ids) for x in value)


def _namings(connection: Connection, readings: Iterable[int]) -> set[tuple[str, str]]:
    """The names, by identity and folded, under which identities were met in these readings."""
    out: set[tuple[str, str]] = set()
    for batch in chunks(readings):
        for table in _CHILDREN:
            stmt = select(table.c.entity, table.c.folded).where(table.c.reading.in_(batch), table.c.entity.is_not(None))
            out |= {(row.entity, row.folded) for row in connection.execute(stmt)}
        for record in connection.scalars(select(t.reading.c.record).where(t.reading.c.row.in_(batch))):
            out |= _met(record)
    return out


def _met(record: dict[str, Any]) -> set[tuple[str, str]]:
    pairs = {(m.get("entity"), name) for m in record["mentions"] for name in (m["text"], m.get("name"))}
    pairs |= {(s.get("entity"), s.get("name") or s["text"]) for a in record["attributions"] if (s := a.get("source"))}
    return {(entity, fold(name)) for entity, name in pairs if entity and name}


def _forget_namings(connection: Connection, gone: set[tuple[str, str]]) -> None:
    """Forget the names that nothing else in the ledger has."""
    left = set(gone)
    entities = {entity for entity, _ in gone}
    for table in _CHILDREN:
        for batch in chunks(sorted(entities)):
            stmt = select(table.c.entity, table.c.folded).where(table.c.entity.in_(batch)).distinct()
            left -= {(row.entity, row.folded) for row in connection.execute(stmt)}
    if not left:
        return
    raw = type_coerce(t.reading.c.record, Text).label("raw")
    signs = {entity for entity, _ in left}
    rows = connection.execute(select(t.reading.c.row, raw)).all()
    for batch in chunks([row.row for row in rows if any(sign in row.raw for sign in signs)], 50):
        for record in connection.scalars(select(t.reading.c.record).where(t.reading.c.row.in_(batch))):
            left -= _met(record)
    n = t.naming.c
    for entity, folded in sorted(left):
        connection.execute(delete(t.naming).where(n.entity == entity, n.folded == folded))
