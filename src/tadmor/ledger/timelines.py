"""Timelines of who held each place, kept from one start of a server to the next: to work them out takes seconds.

What is kept says what it rests on, so that nobody is told what is no longer so: all of them are given out only for the very
state of the ledger that they were worked out of, and a single one only while its mark is what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tadmor.ledger.kept import chunks
from tadmor.ledger.timeline_tables import timeline

_WHOLE = ""


@dataclass(frozen=True, slots=True)
class KeptTimeline:
    """A timeline as it is kept: ``mark`` is what stands for what it rests on, ``holders`` are pairs of an identity and its side.

    ``told`` is what is answered of the place, with its intervals; None where nothing is told of it.
    """

    mark: str
    holders: tuple[tuple[str | None, str | None], ...]
    told: dict[str, Any] | None


def whole(connection: Connection, state: str) -> list[dict[str, Any]] | None:
    """All that is told, when it was worked out of just this state of the ledger; None when it was not, or never was."""
    c = timeline.c
    if not is_of(connection, state):
        return None
    return [told for (told,) in connection.execute(select(c.told).where(c.place != _WHOLE)) if told]


def is_of(connection: Connection, state: str) -> bool:
    """Whether all that is kept was worked out of just this state of the ledger."""
    c = timeline.c
    return bool(state) and connection.scalar(select(c.mark).where(c.place == _WHOLE)) == state


def kept(connection: Connection) -> dict[str, KeptTimeline]:
    """The timelines that are kept, of whatever state, by the digest of their place."""
    c = timeline.c
    rows = connection.execute(select(c.place, c.mark, c.holders, c.told).where(c.place != _WHOLE))
    return {p: KeptTimeline(mark, tuple((e, s) for e, s in holders), told or None) for p, mark, holders, told in rows}


def keep(connection: Connection, state: str, fresh: Mapping[str, KeptTimeline], every: Collection[str]) -> None:
    """Keep ``fresh`` beside what is there, in a transaction that writes.

    ``every`` are the digests of all places of this state; ``state`` is empty where some of them were not worked out of it.
    """
    c = timeline.c
    wanted = frozenset(every)
    gone = {p for p in connection.scalars(select(c.place)) if p not in wanted}
    for batch in chunks(sorted(gone | {_WHOLE, *fresh})):
        connection.execute(delete(timeline).where(c.place.in_(batch)))
    rows = [
        {"place": p, "mark": k.mark, "holders": [list(h) for h in k.holders], "told": k.told or {}}
        for p, k in sorted(fresh.items())
    ]
    rows.append({"place": _WHOLE, "mark": state, "holders": [], "told": {}})
    for batch in chunks(rows):
        connection.execute(insert(timeline), batch)


def forget(connection: Connection) -> None:
    """Keep none of them any longer."""
    connection.execute(delete(timeline))
