"""The reliability of sources, as people set it: A to F, kept for good; the newest of a source counts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select

from tadmor.errors import LedgerError
from tadmor.ledger import keeping, queries
from tadmor.ledger import tables as t
from tadmor.ledger.answers import Rating
from tadmor.ledger.by import By
from tadmor.ledger.folding import fold
from tadmor.ledger.kept import chunks
from tadmor.reconcile.credibility import RELIABILITY, Letters, letters

_SHOWN = 6  # names that an error proposes


def rate(connection: Connection, name: str, letter: str, by: By) -> Rating:
    """Keep the letter of the source that is found by this name or identity. Raises LedgerError when it is none, or several."""
    if letter not in RELIABILITY:
        raise LedgerError(f"{letter!r} is no reliability: it is one of {', '.join(RELIABILITY)}")
    entity, shown = _source(connection, name)
    before = reliability(connection).of(shown, entity)
    rating = Rating(by.at, by.who, shown, entity, letter, by.why)
    connection.execute(
        insert(t.rating).values(
            at=by.at, who=by.who, name=shown, folded=fold(shown), entity=entity, letter=letter, why=by.why
        )
    )
    told = {"source": shown, "entity": entity}
    keeping.audit(
        connection,
        at=by.at,
        what="source rated",
        who=by.who,
        before=told | {"reliability": before},
        after=told | {"reliability": letter},
        why=by.why,
    )
    return rating


def ratings(connection: Connection) -> list[Rating]:
    """Every letter that was ever set, oldest first."""
    r = t.rating.c
    stmt = select(r.at, r.who, r.name, r.entity, r.letter, r.why).order_by(r.row)
    return [Rating(*row) for row in connection.execute(stmt)]


def reliability(connection: Connection) -> Letters:
    """The letters as they stand, by identity and name of every source of the ledger to which one applies.

    A rating applies to whatever the ledger finds by its name or identity, also when a later reader resolves a name that
    was none's, or no longer does.
    """
    found: dict[str, str] = {}
    names: set[str] = set()
    newest: dict[str, Rating] = {}
    for rating in ratings(connection):
        key = rating.entity or fold(rating.name)
        newest.pop(key, None)  # the newest last: of two that apply to one source it is the one that counts
        newest[key] = rating
    for rating in newest.values():
        keys, entities = {fold(rating.name)}, {rating.entity} if rating.entity else set()
        n = t.naming.c
        if rating.entity is None:
            entities |= set(connection.scalars(select(n.entity).where(n.folded == fold(rating.name))))
        for batch in chunks(sorted(entities)):
            keys |= set(connection.scalars(select(n.folded).where(n.entity.in_(batch))))
        found |= dict.fromkeys(entities, rating.letter)
        for name, _ in _rows(connection, keys, entities):
            names.add(name)
            found[name] = rating.letter
    keys = {fold(name) for name in names}
    for _, entity in _rows(connection, keys, ()):
        if entity is not None:
            found.setdefault(entity, "F")  # another of that name, whom nobody has rated
    return letters(found)


def _rows(connection: Connection, keys: Iterable[str], entities: Iterable[str]) -> list[tuple[str, str | None]]:
    """Names and identities of sources with one of these keys or identities."""
    s = t.claim_source.c
    out: set[tuple[str, str | None]] = set()
    for column, values in ((s.folded, keys), (s.entity, entities)):
        for batch in chunks(sorted(values)):
            out |= {(r.name, r.entity) for r in connection.execute(_distinct().where(column.in_(batch)))}
    return sorted(out, key=str)


def _distinct() -> Any:
    s = t.claim_source.c
    return select(s.name, s.entity).distinct()


def _source(connection: Connection, name: str) -> tuple[str | None, str]:
    """Identity and name of the one source that is meant."""
    found = list(connection.execute(_distinct().where(queries.called(t.claim_source, name))))
    if not found:
        raise LedgerError(
            f"nobody called {name!r} speaks in this ledger{_near(connection, name)}; `tadmor sources` lists all"
        )
    entities = sorted({row.entity for row in found if row.entity})
    if len(entities) > 1 and name not in entities:
        known = ", ".join(f"{e} ({_name_of(connection, e)})" for e in entities[:_SHOWN])
        raise LedgerError(f"{name!r} may be {known}: give the identity of the one that you mean")
    entity = name if name in entities else entities[0] if entities else None
    named = sorted({row.name for row in found if row.entity == entity})
    return entity, next((n for n in named if fold(n) == fold(name)), named[0])


def _name_of(connection: Connection, entity: str) -> str:
    s = t.claim_source.c
    return connection.scalar(select(s.name).where(s.entity == entity).order_by(s.name).limit(1)) or entity


def _near(connection: Connection, name: str) -> str:
    """Names that are nearly so, for a message."""
    s = t.claim_source.c
    known: dict[str, str] = {}
    for folded, shown in connection.execute(select(s.folded, s.name).distinct()):
        known.setdefault(folded, shown)
    key = fold(name)
    near = [k for k in known if key and f" {key} " in f" {k} "] or difflib.get_close_matches(key, known, _SHOWN, 0.7)
    return f"; perhaps {', '.join(repr(known[k]) for k in sorted(near)[:_SHOWN])}" if near else ""
