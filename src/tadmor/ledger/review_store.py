"""The part of a ledger by which people review claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from tadmor.ledger import agreement, database, grouping, queue, reviewing
from tadmor.ledger.agreement import Agreement
from tadmor.ledger.by import By
from tadmor.ledger.kept import chunks
from tadmor.ledger.queries import Filters
from tadmor.ledger.reviews import CodersDiffer, Disagreement, Order, Progress, Queued, Review, Reviewed, What
from tadmor.model import ClaimRef

_T = TypeVar("_T")
_MOST = 1000  # claims of one page of the queue


class Reviews:
    """Review of claims: acts, the queue, how far it has come and how far coders agree. A part of ``Store``."""

    name: str
    _engine: Engine
    _ready: grouping.Ready

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        raise NotImplementedError

    def group(self, progress: grouping.Progress | None = None) -> None:
        """See ``Store.group``."""
        raise NotImplementedError

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
        """Accept, correct or reject a claim; returns it with all that was said of it.

        ``fields`` are those corrected (``ledger.coding``), checked against the taxonomy, EDTF and the report's text; a rejection
        needs ``why``. What is accepted or corrected is the claim as the record tells it, with ``blind`` as the reader had it, so
        that a second coder may work without the first. ``adjudicate`` settles between coders: it stands over all that
        is no adjudication. Nothing is overwritten, and no later reading undoes it. Raises LedgerError, which says how to mend it.
        """
        by = By.of(who, why)

        def act(connection: Connection) -> Reviewed:
            ref = reviewing.review(
                connection, self._ready, claim, what, by, fields=fields, adjudicates=adjudicate, blind=blind
            )
            return reviewing.look(connection, ref)

        return self._write(act)

    def add_claim(self, report: str, fields: Mapping[str, Any], *, who: str, why: str | None = None) -> Reviewed:
        """Add a claim that no reader found: at least ``clause`` and ``type``. See :meth:`review`."""
        by = By.of(who, why)
        return self._write(
            lambda connection: reviewing.look(connection, reviewing.add(connection, self._ready, report, fields, by))
        )

    def withdraw(self, *, who: str, claim: ClaimRef | None = None, why: str | None = None) -> Review:
        """Undo: take back the newest review by ``who`` that stands, of this claim or of all; the one before counts again.

        Returns the review that is taken back. Raises LedgerError when there is none.
        """
        by = By.of(who, why)
        return self._write(lambda connection: reviewing.withdraw(connection, self._ready, by, claim))

    def reviewed(self, claim: ClaimRef) -> Reviewed:
        """A claim as it is told and as it was read, with every review of it. Raises LedgerError when there is none."""
        with database.reading(self._engine, self.name) as connection:
            return reviewing.look(connection, claim)

    def queue(
        self,
        order: Order = "uncertain",
        *,
        limit: int = 50,
        unreviewed: bool = False,
        after: str | None = None,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        source: str | None = None,
        types: Sequence[str] | None = None,
    ) -> list[Queued]:
        """Claims for review: least certain first (by the reader's score), most disputed, or of the reading kept last.

        "disputed" has the claims of incidents with a dispute, most contradictions first, then most disputes. ``unreviewed``
        leaves out what people have decided on. ``after`` is the cursor of the last claim that was seen; the filters are those of
        ``Store.accounts``. Raises LedgerError for another order or cursor, BadDate.
        """
        if order == "disputed":
            self.weigh()
        filters = Filters(place, start=start, end=end, source=source, types=types)
        with database.reading(self._engine, self.name) as connection:
            return queue.queue(
                connection,
                order,
                limit=max(1, min(limit, _MOST)),
                unreviewed=unreviewed,
                after=after,
                filters=filters,
            )

    def weigh(self) -> None:
        """Work out how much incidents are disputed, where that is not known; the order "disputed" goes by it."""
        self.group()
        with database.reading(self._engine, self.name) as connection:
            unknown = queue.contested(connection)
        for batch in chunks(unknown, queue.AT_ONCE):  # a long record takes a minute, which nobody else is to wait
            self._write(partial(queue.weigh, incidents=batch))

    def progress(self) -> Progress:
        """How far review has come."""
        with database.reading(self._engine, self.name) as connection:
            return queue.progress(connection)

    def disagreements(self, *, newer: bool = False) -> list[Disagreement]:
        """Where the reader of today differs from people; with ``newer`` only where it read after the review."""
        with database.reading(self._engine, self.name) as connection:
            return list(queue.disagreements(connection, newer=newer))

    def coders_differ(self, *, unsettled: bool = False) -> list[CodersDiffer]:
        """Claims on which coders differ, with what each has; with ``unsettled`` only those that nobody has adjudicated."""
        with database.reading(self._engine, self.name) as connection:
            return list(queue.coders_differ(connection, unsettled=unsettled))

    def reviewed_reports(self) -> list[tuple[str, tuple[str, ...], bool]]:
        """Reports of which people reviewed claims: id, ids of the reviewed claims that are told, whether all are reviewed."""
        with database.reading(self._engine, self.name) as connection:
            return queue.reviewed_reports(connection)

    def agreement(self) -> list[Agreement]:
        """Krippendorff's alpha of each field over claims that two or more coded, without adjudications (``ledger.agreement``)."""
        with database.reading(self._engine, self.name) as connection:
            return agreement.agreement(
                {who: r.after for who, r in item.stand().coders.items()} for item in queue.every_item(connection)
            )
