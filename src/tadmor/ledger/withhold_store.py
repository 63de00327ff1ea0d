"""The part of a ledger that keeps things from sight: marks, the sight of viewers and exports, purging; and its team."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, select

from tadmor.errors import LedgerError
from tadmor.ledger import database, grouping, purge, withhold
from tadmor.ledger.by import By
from tadmor.ledger.purge import Tombstone
from tadmor.ledger.team import Team
from tadmor.ledger.withhold import Mark
from tadmor.ledger.withhold_tables import withheld

if TYPE_CHECKING:
    from tadmor.ledger.withhold_public import PublicStore

_T = TypeVar("_T")


class Withholding:
    """What is withheld and purged, and who the members are. A part of ``Store``."""

    name: str
    _engine: Engine
    _ready: grouping.Ready

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        raise NotImplementedError

    @property
    def team(self) -> Team:
        """Who may sign in, for team mode."""
        return Team(self._engine, self.name)

    def withhold(self, kind: str, name: str, *, who: str, why: str | None = None) -> Mark:
        """Keep a report (by its id), a person or a place (by a name or the identity) from exports and from viewers' sight.

        What the record says stays as it is, and editors see it. Raises LedgerError, which says how to mend it.
        """
        by = By.of(who, why)
        return self._write(lambda connection: withhold.add(connection, kind, name, by))

    def lift(self, mark: int, *, who: str, why: str | None = None) -> Mark:
        """Withhold no longer what the mark of this number does. Raises LedgerError when it does not hold."""
        by = By.of(who, why)
        return self._write(lambda connection: withhold.lift(connection, mark, by))

    def withheld(self, *, lifted: bool = False) -> list[Mark]:
        """The marks that hold, oldest first; with ``lifted`` all that ever did."""
        with database.reading(self._engine, self.name) as connection:
            return withhold.marks(connection, lifted=lifted)

    def stands(self, mark: Mark) -> bool:
        """Whether what a mark withholds stands anywhere in the ledger now; a name may be marked before it comes."""
        with database.reading(self._engine, self.name) as connection:
            return withhold.stands(connection, mark)

    def withholds(self) -> bool:
        """Whether any mark holds."""
        stmt = select(withheld.c.row).where(withheld.c.lifted_at.is_(None)).limit(1)
        with database.reading(self._engine, self.name) as connection:
            return connection.scalar(stmt) is not None

    def public(self) -> PublicStore:
        """The ledger without what is withheld, as viewers and exports have it; close it by itself."""
        from tadmor.ledger.store import Store
        from tadmor.ledger.withhold_public import PublicStore

        assert isinstance(self, Store)
        return PublicStore(self)

    def purge_report(self, id: str, *, who: str, why: str) -> Tombstone:
        """Remove a report for good, with all that was read in it, said of it and decided about it; see docs/team.md.

        The one exception to nothing being deleted, for where somebody's safety asks for it: it cannot be undone, and the
        tombstone says who, when and why, and nothing else. Copies of the ledger made before are not changed. Raises LedgerError
        for a report that is not there, or without a reason.
        """
        return self._purged(lambda connection: purge.report(connection, id), who, why)

    def purge_name(self, name: str, *, who: str, why: str) -> Tombstone:
        """Cover a name for good wherever it stands: in texts, readings, reviews, decisions and the audit log.

        See :meth:`purge_report`. Its letters become blocks, so that all offsets stay. Adding the report again from elsewhere
        would bring the name back.
        """
        return self._purged(lambda connection: purge.name(connection, name), who, why)

    def tombstones(self) -> list[Tombstone]:
        """That things were purged: when, by whom and why; oldest first."""
        with database.reading(self._engine, self.name) as connection:
            return purge.tombstones(connection)

    def sweep(self) -> None:
        """Write the database anew, so that nothing of what was purged is left on the disk; purging does so by itself.

        Raises LedgerError while another program reads the ledger.
        """
        purge.sweep(self._engine, self.name)

    def _purged(self, act: Callable[[Connection], None], who: str, why: str) -> Tombstone:
        by = By.of(who, why)
        if not by.why:
            raise LedgerError("what is purged is gone for good: say why (--why), without naming it")

        def do(connection: Connection) -> Tombstone:
            purge.begin(connection)
            act(connection)
            withhold.renew(connection)
            return purge.bury(connection, by)

        found = self._write(do)
        self._ready.clear()
        purge.sweep(self._engine, self.name)
        return found
