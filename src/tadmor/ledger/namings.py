"""Keeps the names under which identities were met."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks


def note_namings(connection: Connection, namings: Mapping[tuple[str, str], str]) -> None:
    """Keep these names, by identity and folded name, unless they are there."""
    wanted = dict(namings)
    entities = sorted({entity for entity, _ in wanted})
    n = t.naming.c
    for batch in chunks(entities):
        known = connection.execute(select(n.entity, n.folded).where(n.entity.in_(batch)))
        for row in known:
            wanted.pop((row.entity, row.folded), None)
    if wanted:
        rows = [{"entity": entity, "folded": key, "name": name} for (entity, key), name in sorted(wanted.items())]
        connection.execute(insert(t.naming), rows)
