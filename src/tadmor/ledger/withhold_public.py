"""A ledger as viewers and exports have it; what is written through it goes to the ledger itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from tadmor.errors import LedgerError
from tadmor.ledger import database, withhold, withhold_sight
from tadmor.ledger import tables as t
from tadmor.ledger.coding import located
from tadmor.ledger.reviews import Review, Reviewed, What
from tadmor.ledger.store import Store
from tadmor.ledger.withhold_names import Names
from tadmor.model import ClaimRef

_T = TypeVar("_T")


class PublicStore(Store):
    """A store that answers without what is withheld (``withhold_sight``). It ends before the store that it is of."""

    def __init__(self, full: Store) -> None:
        self._full = full
        self._ready = full._ready
        self._engine, self.name = withhold_sight.connect(full._engine.url)
        self.name = full.name

    def __enter__(self) -> PublicStore:
        return self

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        return self._full._write(act)

    def review(
        self,
        claim: ClaimRef,
        what: What,
        *,
        who: str,
        why: str | None = None,
        fields: Mapping[str, Any] | None = None,
        adjudicate: bool = False,
        blind: bool = False,
    ) -> Reviewed:
        """As ``Store.review``, of a claim that is seen, in the words that are seen of it."""
        shown = self.reviewed(claim)
        if fields is not None:
            base = (shown.read or shown.shown) if blind else shown.shown  # as the review takes it
            fields = located(fields, self.report(claim.report).text, base["start"])
        super().review(claim, what, who=who, why=why, fields=fields, adjudicate=adjudicate, blind=blind)
        return self._kept(claim)

    def add_claim(self, report: str, fields: Mapping[str, Any], *, who: str, why: str | None = None) -> Reviewed:
        """As ``Store.add_claim``, in a report that is seen, in the words that are seen of it."""
        fields = located(fields, self.report(report).text, 0)
        return self._kept(super().add_claim(report, fields, who=who, why=why).ref)

    def withdraw(self, *, who: str, claim: ClaimRef | None = None, why: str | None = None) -> Review:
        """As ``Store.withdraw``, of a claim that is seen."""
        if claim is not None:
            self._seen(claim)
        taken = super().withdraw(who=who, claim=claim, why=why)
        names = self._names()
        return replace(taken, before=names.data(taken.before), after=names.data(taken.after), why=names.data(taken.why))

    def covered_publishers(self) -> list[str]:
        """Publishers in whose names something is covered: to look for their letters would give the name away."""
        names = self._names()
        stmt = select(t.report.c.publisher).where(t.report.c.publisher.is_not(None)).distinct()
        with database.reading(self._full._engine, self.name) as connection:
            return [p for p in connection.scalars(stmt) if names.text(p) != p]

    def _names(self) -> Names:
        """The names that are covered, as only the whole ledger has them."""
        with database.reading(self._full._engine, self.name) as connection:
            return withhold.names(connection)

    def _kept(self, claim: ClaimRef) -> Reviewed:
        """The claim as it is seen now. Raises LedgerError where it names what is withheld: it is kept all the same."""
        try:
            self._seen(claim)
            return self.reviewed(claim)
        except LedgerError:
            raise LedgerError("it is kept, and out of your sight: it names or stands beside what is withheld") from None

    def _seen(self, claim: ClaimRef) -> None:
        """Raises LedgerError for a claim that is not seen, in the words for one that is not there."""
        c = t.claim.c
        stmt = (
            select(c.id)
            .join(t.reading, t.reading.c.row == c.reading)
            .join(t.report, t.report.c.row == t.reading.c.report)
            .where(t.report.c.id == claim.report, c.id == claim.claim)
        )
        with database.reading(self._engine, self.name) as connection:
            if connection.scalar(stmt.limit(1)) is None:
                raise LedgerError(f"there is no claim {claim.report}:{claim.claim}")
