"""The accounts that tell of control, kept between requests: after a write only those are loaded that it has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, Text, tuple_, type_coerce

from tadmor import taxonomy
from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.ledger.rows import account_of
from tadmor.model import Account, ClaimRef

_AT_ONCE = 3_000  # accounts; when more are missing, one question for all costs less than many for some

Key = tuple[int, int, int | None, str | None]
"""Reading, position, the review that decides how the claim is told, and the mark of a retraction: what an account hangs on."""
RETRACTED = type_coerce(t.report.c.retracted, Text)


class KeptAccounts:
    """Accounts by what they can change with. One that is the same object is the same account."""

    def __init__(self) -> None:
        self._kept: dict[Key, Account] = {}
        self._sight: object = None
        self._lock = threading.Lock()

    def load(self, connection: Connection, known_at: str | None) -> list[Account]:
        """All accounts that tell of control and were known on a day (EDTF), by report id and position. Raises BadDate."""
        filters = queries.Filters(types=taxonomy.of_control(), known_at=known_at)
        keys: list[Key] = [tuple(row) for row in connection.execute(_only(queries.accounts(filters)))]
        with self._lock:
            sight = _sight(connection)
            if sight != self._sight:  # other names are covered now
                self._kept.clear()
                self._sight = sight
            missing = [key for key in keys if key not in self._kept]
            if missing:
                self._kept.update(_loaded(connection, filters, missing))
            if known_at is None and len(self._kept) > len(keys):
                self._kept = {key: self._kept[key] for key in keys}
            return [self._kept[key] for key in keys]

    def keys(self, accounts: Iterable[Account]) -> dict[ClaimRef, Key]:
        """By what each of these accounts can change, of those that are kept."""
        with self._lock:
            by_account = {id(account): key for key, account in self._kept.items()}
        return {a.ref: by_account[id(a)] for a in accounts if id(a) in by_account}


def _only(stmt: Select[Any]) -> Select[Any]:
    c = t.claim.c
    return stmt.with_only_columns(c.reading, c.position, c.review, RETRACTED)


def _loaded(connection: Connection, filters: queries.Filters, keys: list[Key]) -> dict[Key, Account]:
    c = t.claim.c
    whole = queries.accounts(filters).add_columns(c.reading, c.position, c.review, RETRACTED)
    if len(keys) > _AT_ONCE:
        statements = [whole]
    else:
        at = tuple_(c.reading, c.position)
        statements = [whole.where(at.in_([key[:2] for key in batch])) for batch in chunks(keys)]
    found: dict[Key, Account] = {}
    for stmt in statements:
        for *columns, reading, position, review, mark in connection.execute(stmt, execution_options={"yield_per": 500}):
            found[reading, position, review, mark] = account_of(*columns)
    return found


def _sight(connection: Connection) -> object:
    """What names come out of the database covered; None where all is seen."""
    names = getattr(connection.dialect, "tadmor_names", None)
    return (names.keys, names.entities) if names else None
