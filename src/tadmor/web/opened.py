"""The ledger as the routes use it: one for all threads, with what is kept between requests."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, func, select

from tadmor import pipeline
from tadmor._version import __version__
from tadmor.api import Ledger
from tadmor.errors import LedgerError
from tadmor.ledger import Store, database
from tadmor.ledger import tables as t
from tadmor.ledger.withhold_tables import tombstone
from tadmor.pipeline import Pipeline
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.reader import READERS
from tadmor.resolve.resolve import Resources
from tadmor.web.control_accounts import KeptAccounts
from tadmor.web.control_kept import Index
from tadmor.web.kept import Kept
from tadmor.web.making import Making

T = TypeVar("T")


class Opened:
    """A ledger that many threads ask at once.

    The engine of a store hands each transaction a connection of its own, so that readers share one store safely. Writers take
    ``writing`` first: what a store remembers between two writes is not made for two at a time.
    """

    whole = True
    """Whether this is all of the ledger, with what is withheld."""

    def __init__(
        self,
        where: str | Path | Ledger,
        *,
        reader: str = READERS[0],
        actors: Path | None = None,
        gazetteer: Path | None = None,
        second: LlmSettings | None = None,
    ) -> None:
        self._own = not isinstance(where, Ledger)
        self.ledger = where if isinstance(where, Ledger) else Ledger(where, actors=actors, gazetteer=gazetteer)
        self._reader, self._files, self._second = reader, (actors, gazetteer), second
        self.writing = threading.Lock()
        self.forgetting: list[Callable[[], None]] = []
        self.forget()
        try:
            # A second engine for the questions that only the app asks; a store keeps its own to itself.
            named = self.ledger.store.name if isinstance(where, Ledger) else where
            if isinstance(where, Ledger) and "://" in str(named):
                raise LedgerError(
                    "give the app the database's URL, not an open ledger: its name here lacks the password"
                )
            self._engine, self.name = database.connect(named, timeout=30.0, create=False)
        except BaseException:
            self.close()
            raise

    def forget(self) -> None:
        """Begin anew with what is kept between requests; what is in ``forgetting`` is called, too."""
        self.kept = Kept()
        self.indexes = Kept(most=3)  # of who holds what: each has all accounts that tell of it
        self.making = Making()
        self.accounts = KeptAccounts()
        self.indexing = threading.Lock()
        self.last_index: Index | None = None  # of all accounts, which the next is made of
        self._purged = 0
        for call in self.forgetting:
            call()

    @property
    def store(self) -> Store:
        """The store of the ledger."""
        return self.ledger.store

    @property
    def engine(self) -> Engine:
        """The engine for the questions that only the app asks."""
        return self._engine

    @property
    def line(self) -> Pipeline:
        """What reads reports that are added; opened when it is first needed."""
        return pipeline.default(self._reader, *self._files, self._second)

    @property
    def resources(self) -> Resources:
        """The gazetteer and the registry."""
        return pipeline.resources(*self._files)

    def close(self) -> None:
        """Close the connections; a ledger that was handed in stays open."""
        if hasattr(self, "_engine"):
            self._engine.dispose()
        if self._own:
            self.ledger.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the ledger throughout. Raises LedgerError for a fault of the database."""
        with database.reading(self._engine, self.name) as connection:
            yield connection

    def state(self) -> str:
        """A short digest that is another one whenever anything has been written since.

        When something was purged, by whatever program, nothing of it is kept here either.
        """
        with self.reading() as connection:
            purged = connection.scalar(select(func.max(tombstone.c.row))) or 0
            found = state_of(connection)
        if purged > self._purged:
            self.forget()
            self._purged = purged
        return found

    def once(self, state: str, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, worked out once for each state of the ledger."""
        return self.kept.of(state, key, make)


class PublicOpened(Opened):
    """The same ledger without what is withheld, as viewers and exports have it."""

    whole = False

    def __init__(self, full: Opened) -> None:
        self._own = True
        self.ledger = full.ledger.public()
        self._reader, self._files, self._second = full._reader, full._files, full._second
        self.writing = full.writing
        self.forgetting = []
        self.forget()
        self._engine, self.name = self.ledger.store.engine, full.name


def state_of(connection: Connection) -> str:
    """The state of the ledger that this transaction sees, as a digest of 16 hex digits.

    Rows are only ever added, but for ``superseded_by``, which never changes without a line of the audit log, and for what is
    worked out from the rest, which changes with the readings, the decisions or the method; what is purged leaves a tombstone. So
    the last number of each table and the method say it all; each is found at the end of an index. Other ids of reports have no
    number and are counted.
    """
    numbered = (t.report, t.reading, t.audit, t.decision, t.rating, tombstone)
    columns = [select(func.max(table.c.row)).scalar_subquery() for table in numbered]
    columns.append(select(func.count()).select_from(t.alias).scalar_subquery())
    columns.append(select(func.max(t.state.c.value)).scalar_subquery())
    seen = tuple(connection.execute(select(*columns)).one())
    return hashlib.sha256(repr((__version__, seen)).encode()).hexdigest()[:16]
