"""Marking a report, a person or a place as withheld from exports and from viewers' sight, and lifting that.

A mark never changes what the record says. What follows from the marks is kept beside it (``withhold_marks``), and
``withhold_sight`` shows the ledger so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import keeping, queries
from tadmor.ledger import tables as t
from tadmor.ledger.by import By
from tadmor.ledger.folding import fold
from tadmor.ledger.retract import report_id
from tadmor.ledger.withhold_marks import KINDS, Kind, Mark, marks, names, renew, stands
from tadmor.ledger.withhold_tables import withheld

__all__ = ["KINDS", "Kind", "Mark", "add", "lift", "marks", "names", "renew", "stands"]

_SHOWN = 6  # identities that an error names


def add(connection: Connection, kind: str, name: str, by: By) -> Mark:
    """Withhold a report, by its id or another id of it, a person or a place, by a name or the identity.

    A name of a person may be one that no reader has found: it is covered wherever it stands. Raises LedgerError for a report that
    is not there, a name of several places, a name without letters, or what is withheld already.
    """
    if kind not in KINDS:
        raise LedgerError(f"{kind[:40]!r} cannot be withheld: it is one of {', '.join(KINDS)}")
    entity = None
    if kind == "report":
        shown = report_id(connection, name)
    else:
        shown, entity = _meant(connection, kind, " ".join(name.split()))
    w = withheld.c
    same = w.entity == entity if entity else (w.folded == fold(shown)) & (w.kind == kind)
    if connection.scalar(select(w.row).where(same, w.lifted_at.is_(None))) is not None:
        raise LedgerError(f"{shown!r} is withheld already")
    made = connection.execute(
        insert(withheld).values(
            kind=kind, name=shown, folded=fold(shown), entity=entity, at=by.at, who=by.who, why=by.why
        )
    )
    assert made.inserted_primary_key is not None
    row = int(made.inserted_primary_key[0])
    told = {"mark": row, "kind": kind, "name": shown}
    keeping.audit(connection, at=by.at, what="withheld", who=by.who, after=told, why=by.why)
    renew(connection)
    return next(m for m in marks(connection) if m.row == row)


def lift(connection: Connection, row: int, by: By) -> Mark:
    """Withhold it no longer; that it was, and by whom, is kept. Raises LedgerError for a mark that does not hold."""
    found = next((m for m in marks(connection) if m.row == row), None)
    if found is None:
        raise LedgerError(f"no mark {row} holds: `tadmor withhold list` lists them")
    lifted = {"lifted_at": by.at, "lifted_by": by.who, "lifted_why": by.why}
    connection.execute(update(withheld).where(withheld.c.row == row).values(**lifted))
    told = {"mark": row, "kind": found.kind, "name": found.name}
    keeping.audit(connection, at=by.at, what="withheld no longer", who=by.who, before=told, why=by.why)
    renew(connection)
    return next(m for m in marks(connection, lifted=True) if m.row == row)


def _meant(connection: Connection, kind: str, name: str) -> tuple[str, str | None]:
    """The name and the identity, if any, that are meant."""
    if not any(ch.isalnum() for ch in name):
        raise LedgerError("name what is to be withheld: a name with a letter in it")
    tables: Sequence[Any] = (t.claim_place,) if kind == "place" else (t.claim_source, t.claim_party)
    found: dict[str, str] = {}
    for table in tables:
        stmt = select(table.c.entity, func.min(table.c.name)).where(
            queries.called(table, name), table.c.entity.is_not(None)
        )
        found |= {row[0]: row[1] for row in connection.execute(stmt.group_by(table.c.entity))}
    n = t.naming.c
    for row in connection.execute(select(n.entity, n.name).where(or_(n.entity == name, n.folded == fold(name)))):
        if row.entity not in found and row.entity.startswith(("actor:", "person:")) == (kind == "person"):
            found[row.entity] = row.name
    if name in found:
        return found[name], name
    if kind == "place":
        if len(found) > 1:
            known = ", ".join(f"{e} ({shown})" for e, shown in sorted(found.items())[:_SHOWN])
            raise LedgerError(f"{name!r} may be {known}: give the identity of the place that you mean")
        return name, next(iter(found), None)
    # A name may lead to the side for which a person speaks, which is not meant; and of several persons of one name none is told
    # apart in a text: all of the name are covered.
    persons = [e for e in found if e.startswith("person:")]
    return name, persons[0] if len(persons) == 1 else None
