"""Sources and places with how much is told by them and of them."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from tadmor.ledger import queries
from tadmor.ledger.folding import fold

if TYPE_CHECKING:
    from tadmor.resolve.registry import Registry


def tally(
    connection: Connection,
    table: Any,
    *columns: tuple[str, ...],
    registry: Registry | None = None,
) -> list[dict[str, Any]]:
    """One row a key, with the values that columns have together most often (the first in order among equals).

    The first of the columns is the name; of those that an identity has, the registry's stands before others.
    """
    votes: dict[str, list[Counter[tuple[Any, ...]]]] = {}
    for row in connection.execute(queries.labels(table, *chain(*columns))).mappings():
        for counted, names in zip(votes.setdefault(row["key"], [Counter() for _ in columns]), columns, strict=True):
            told = tuple(row[name] for name in names)
            if None not in told:
                counted[told] += row["times"]
    found = []
    for counts in connection.execute(queries.tallies(table)).mappings():
        one = {name: counts[name] for name in ("claims", "reports", "first", "last")}
        for counted, names in zip(votes[counts["key"]], columns, strict=True):
            most = min(counted, key=lambda told: (-counted[told], str(told))) if counted else (None,) * len(names)
            one |= dict(zip(names, most, strict=True))
        known = registry.actors.get(str(one["entity"])) if registry else None
        if known is not None and fold(known.name) in {fold(name) for (name,) in votes[counts["key"]][0]}:
            one["name"] = known.name
        found.append(one)
    return sorted(found, key=lambda row: (-row["claims"], str(row["name"]), str(row["entity"])))
