"""The ledger as callers see it: open, add, ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from tadmor import edtf
from tadmor.errors import LedgerError
from tadmor.ledger import applying, bytes_store, database, deciding, grouping, keeping, migrate, queries, rating, rows
from tadmor.ledger import tables as t
from tadmor.ledger.answers import Alias, AuditRow, Counts, Decision, PlaceRow, Rating, SourceRow
from tadmor.ledger.by import By, now, reason, somebody
from tadmor.ledger.bytes_store import Keeping
from tadmor.ledger.queries import Filters
from tadmor.ledger.review_store import Reviews
from tadmor.ledger.tallying import tally
from tadmor.ledger.unread import Unreads
from tadmor.ledger.versions_store import Versions
from tadmor.ledger.watching import Watching
from tadmor.ledger.withhold_store import Withholding
from tadmor.model import UNREAD, Account, ClaimRef, Incident, ReaderInfo, Reading, Report
from tadmor.reconcile.constraints import Constraint
from tadmor.reconcile.credibility import Letters
from tadmor.reconcile.incidents import incident

if TYPE_CHECKING:
    from tadmor.resolve.registry import Registry

_T = TypeVar("_T")
_TRIES = 5


class Store(Reviews, Watching, Unreads, Versions, Withholding):
    """A ledger, opened; made and brought to the present version of its tables as needed.

    ``where`` is a path or a database URL. With ``create=False`` a ledger that is not there is an error. ``timeout`` is
    how long, in seconds, a writer waits for another; ``originals`` how the bytes of reports are kept. Close it, or use it as a
    context manager. Raises LedgerError when it is no ledger, of a newer version, locked, damaged, or may not be written.
    """

    def __init__(
        self, where: str | Path, *, create: bool = True, timeout: float = 30.0, originals: Keeping = "gzip"
    ) -> None:
        self._originals: Keeping = originals
        self._engine, self.name = database.connect(where, timeout=timeout, create=create)
        self._ready = grouping.Ready()
        try:
            migrate.prepare(self._engine, self.name, create=create)
        except BaseException:
            self._engine.dispose()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """What hands out connections, for questions that the store does not know."""
        return self._engine

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def known(self, report: Report, reader: ReaderInfo) -> bool:
        """Whether ``reader`` has read this text already, so that it need not be read again.

        The text is known by its hash; when it comes under an id that is new, the id is kept as another id of it. A
        date of publication that a person gives (basis "given") and that differs, or the first date of a report that
        had none, makes it unknown: the dates of its claims must be worked out anew.
        """
        with database.reading(self._engine, self.name) as connection:
            state = keeping.look_up(connection, report, reader)
        if state is None:
            return False
        if not state.noted:
            row = state.row
            self._write(lambda connection: keeping.note_alias(connection, report, row, now()))
        if state.bare and report.original is not None and self._originals != "off":
            place = state.row
            self._write(lambda connection: bytes_store.keep(connection, place, report.original, self._originals))
        return state.read

    def add(self, reading: Reading) -> bool:
        """Keep a reading with its report, in one transaction; False when it was there already.

        A report is known by its id and the hash of its text: the same id with another text is kept as its next
        version, the same text under another id as one report with two ids. The reading becomes the report's current
        one; earlier ones stay, marked as superseded.
        """
        at = now()
        report, reader = reading.report, reading.reader
        with database.reading(self._engine, self.name) as connection:
            state = keeping.look_up(connection, report, reader)
        if state and state.read and state.noted and not (state.bare and report.original is not None):
            return False
        prepared = rows.prepare(reading, state.added_at if state else at, at)
        return self._write(
            lambda connection: keeping.keep(connection, report, reader, prepared, at, self._ready, self._originals)
        )

    def accounts(
        self,
        *,
        place: str | None = None,
        entity: str | None = None,
        start: str | None = None,
        end: str | None = None,
        source: str | None = None,
        types: Sequence[str] | None = None,
        known_at: str | None = None,
        reviewed: bool | None = None,
        within: tuple[float, float, float] | None = None,
    ) -> Iterator[Account]:
        """Accounts of the current readings that fulfil all filters, by report id and then in the order of the report.

        ``place`` and ``source`` are names in any spelling of case, diacritics and article, or identities; a name also
        finds what was resolved to an identity that was met under that name. A source is any link of a chain, or the
        publisher of what a report says in its own voice. ``entity`` is an identity among the places, parties or
        sources. ``start`` and ``end`` (EDTF) keep claims whose date has a day in common with them: never those without
        a date. ``known_at`` keeps what was known by the end of it, ``reviewed`` what people decided on, or (False) did not.
        ``within`` (latitude, longitude, km) keeps claims with a place in the box around that circle. Raises BadDate.
        """
        filters = Filters(place, entity, start, end, source, types, known_at, reviewed, within)
        return self._accounts(queries.accounts(filters))

    def incidents(
        self,
        *,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        progress: grouping.Progress | None = None,
    ) -> Iterator[tuple[Incident, list[Account]]]:
        """Incidents with an account that fulfils the filters, in no order, each with all its accounts by report and claim.

        They are kept up as reports come. When another version of Tadmor made them, or none did yet, they are made anew
        first; ``progress`` is told how many of how many reports are done. Raises BadDate.
        """
        conditions = Filters(place, start=start, end=end).conditions()
        self.group(progress)
        with database.reading(self._engine, self.name) as connection:
            letters = rating.reliability(connection)
            for accounts in grouping.groups(connection, conditions):
                made = incident(accounts, reliability=letters)
                if made is not None:
                    yield made, accounts

    def group(self, progress: grouping.Progress | None = None) -> None:
        """Make all incidents anew, unless this version of Tadmor made them; ``progress`` is as in :meth:`incidents`.

        Whatever asks for incidents does so by itself; this is for those who want to tell how far it has come.
        """
        with database.reading(self._engine, self.name) as connection:
            current = grouping.current(connection)
        if not current:
            self._write(lambda connection: grouping.ensure(connection, progress))

    def incident(self, id: str) -> tuple[Incident, list[Account], list[Decision]]:
        """The incident with this id, or the only one whose id begins so, with its accounts and what people decided of it.

        An id that it had before it was merged, or before a claim joined, finds it, too. Raises LedgerError when there is none,
        or several that begin so.
        """
        self.group()
        with database.reading(self._engine, self.name) as connection:
            refs = deciding.find(connection, id)
            accounts = list(grouping.accounts_of(connection, refs))
            made = incident(accounts, reliability=rating.reliability(connection))
            if made is None:
                raise LedgerError(f"{id} is no incident but a state: `tadmor incidents` lists incidents with their ids")
            return made, accounts, deciding.history(connection, refs)

    def merge(self, ids: Sequence[str], *, who: str, why: str | None = None) -> list[str]:
        """These incidents are one; returns the ids of what came of it, as all three ways of deciding do.

        An id may be the beginning of one. What is decided wins over every score and over what was decided before, and
        no later reading undoes it; nothing is forgotten. Raises LedgerError, as :meth:`incident` does, or without ``who``.
        """
        return self._decided(lambda connection, by: deciding.merge(connection, ids, by), who, why)

    def split(self, id: str, claims: Iterable[ClaimRef], *, who: str, why: str | None = None) -> list[str]:
        """These claims of an incident are of another occurrence than its other ones, and all of one. See :meth:`merge`."""
        chosen = list(claims)
        return self._decided(lambda connection, by: deciding.part(connection, id, chosen, by), who, why)

    def move(self, claim: ClaimRef, to: str, *, who: str, why: str | None = None) -> list[str]:
        """The claim is of the incident ``to``, and not of the one in which it stands. See :meth:`merge`."""
        return self._decided(lambda connection, by: deciding.move(connection, claim, to, by), who, why)

    def decide(self, constraints: Iterable[Constraint], *, who: str, why: str | None = None) -> None:
        """Keep what somebody decided about pairs of claims, as :meth:`merge` does about incidents.

        Raises LedgerError when one of the claims is in no incident.
        """
        given = list(constraints)
        try:
            self._decided(lambda connection, by: deciding.constrain(connection, given, by), who, why)
        except KeyError as error:
            raise LedgerError(f"{self.name} has no such claim in an incident: {error}") from error

    def rate(self, source: str, letter: str, *, who: str, why: str | None = None) -> Rating:
        """Set the reliability of a source, A to F, found by any of its names or its identity; what was set before is kept.

        It multiplies what the source weighs wherever credibility is worked out. Raises LedgerError when nobody of that name
        speaks in the ledger, when several do, for another letter, or without ``who``.
        """
        name = somebody(who)
        return self._write(lambda connection: rating.rate(connection, source, letter, By(name, now(), reason(why))))

    def ratings(self) -> list[Rating]:
        """Every letter that people set, oldest first; the newest of a source counts."""
        with database.reading(self._engine, self.name) as connection:
            return rating.ratings(connection)

    def reliability(self) -> Letters:
        """The letters as they stand, for whatever works out credibility (``reconcile.incidents``, ``control``)."""
        with database.reading(self._engine, self.name) as connection:
            return rating.reliability(connection)

    def readings(
        self,
        *,
        place: str | None = None,
        entity: str | None = None,
        start: str | None = None,
        end: str | None = None,
        source: str | None = None,
        types: Sequence[str] | None = None,
        known_at: str | None = None,
        reviewed: bool | None = None,
        superseded: bool = False,
        as_read: bool = False,
    ) -> Iterator[Reading]:
        """Whole readings in the order in which their reports were added; with filters, those with such a claim.

        They are as people decided, or with ``as_read`` as the readers had them. ``superseded`` gives all readings that were ever
        kept, as they were read, the earlier of a report first.
        """
        filters = Filters(place, entity, start, end, source, types, known_at, reviewed)
        return self._readings(queries.readings(filters, superseded=superseded), as_read=as_read or superseded)

    def report(self, id: str) -> Report:
        """The latest text of the report with this id, or other id. Raises LedgerError when there is none."""
        return self.reading(id).report

    def covered_publishers(self) -> list[str]:
        """Publishers in whose names something is covered: none, where all of the ledger is seen."""
        return []

    def reading(self, id: str, *, as_read: bool = False) -> Reading:
        """The current reading of the report with this id, or other id, as people decided, or as the reader had it.

        Raises LedgerError when there is none.
        """
        with database.reading(self._engine, self.name) as connection:
            row = connection.scalar(queries.current_reading(id))
            if row is None:
                row = connection.scalar(queries.reading_of_other_id(id))
            if row is None:
                raise LedgerError(f"no report has the id {id!r}")
            return applying.whole(connection, row, as_read=as_read)

    def readers(self) -> list[ReaderInfo]:
        """The readers that made the current readings, by name and version."""
        r = t.reading.c
        stmt = (
            select(r.reader, r.version)
            .where(queries.CURRENT, r.reader != UNREAD)
            .distinct()
            .order_by(r.reader, r.version)
        )
        with database.reading(self._engine, self.name) as connection:
            return [ReaderInfo(*row) for row in connection.execute(stmt)]

    def sources(self, registry: Registry | None = None) -> list[SourceRow]:
        """Everybody who speaks in the current readings, one row an identity, those with most claims first.

        Of the names that a source has in the ledger, the ``registry``'s name of its identity stands before others.
        """
        with database.reading(self._engine, self.name) as connection:
            found = tally(connection, t.claim_source, ("name",), ("entity",), ("kind",), ("side",), registry=registry)
            letters = rating.reliability(connection)
        return [SourceRow(**row, reliability=letters.of(str(row["name"]), row["entity"])) for row in found]

    def places(self) -> list[PlaceRow]:
        """All places of claims of the current readings, those with most claims first."""
        with database.reading(self._engine, self.name) as connection:
            found = tally(connection, t.claim_place, ("name",), ("entity",), ("lat", "lon"), ("country",))
        return [PlaceRow(**row) for row in found]

    def aliases(self) -> list[Alias]:
        """The other ids of reports, in order."""
        a, r = t.alias.c, t.report.c
        stmt = select(a.id, r.id, a.path, a.url, a.publisher, a.published).join(t.report, r.row == a.report)
        with database.reading(self._engine, self.name) as connection:
            return [Alias(*row) for row in connection.execute(stmt.order_by(a.id, r.id))]

    def audit(self, *, since: str | None = None) -> list[AuditRow]:
        """The audit log, oldest first: what people decided, and each time that one reading took the place of another.

        ``since`` (EDTF) leaves out what was done before its first day (UTC). Raises BadDate.
        """
        a = t.audit.c
        stmt = select(a.at, a.what, a.who, a.before, a.after, a.why).order_by(a.row)
        first = edtf.bounds(since)[0] if since is not None else None
        if first is not None:
            stmt = stmt.where(a.at >= first.isoformat())
        with database.reading(self._engine, self.name) as connection:
            return [AuditRow(*row) for row in connection.execute(stmt)]

    def counts(self) -> Counts:
        """How much the ledger keeps."""
        current, texts = queries.CURRENT, select(func.count()).select_from(t.report)
        with database.reading(self._engine, self.name) as connection:
            reports = connection.scalar(select(func.count(t.report.c.id.distinct()))) or 0
            readings = connection.scalar(select(func.count()).select_from(t.reading).where(current)) or 0
            every = connection.scalar(select(func.count()).select_from(t.reading)) or 0
            claims = connection.scalar(select(func.sum(t.reading.c.claims)).where(current)) or 0
            aliases = connection.scalar(select(func.count()).select_from(t.alias)) or 0
            return Counts(
                reports, readings, int(claims), every - readings, (connection.scalar(texts) or 0) - reports, aliases
            )

    def _decided(self, act: Callable[[Connection, By], list[str]], who: str, why: str | None) -> list[str]:
        name = somebody(who)

        def decide(connection: Connection) -> list[str]:
            grouping.ensure(connection)
            return act(connection, By(name, now(), reason(why)))  # the hour at which it is its turn: the later stands

        return self._write(decide)

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        """Do ``act`` in one transaction, anew when another writer kept the same thing first."""
        for attempt in range(_TRIES):
            try:
                with database.writing(self._engine, self.name) as connection:
                    return act(connection)
            except BaseException as error:
                self._ready.clear()  # what was not kept may yet stand in another's place
                if not isinstance(error, IntegrityError):
                    raise
                if attempt == _TRIES - 1:
                    raise LedgerError(f"{self.name} takes no such row: {error.orig}") from error
        raise AssertionError("unreachable")

    def _accounts(self, stmt: Any) -> Iterator[Account]:
        with database.reading(self._engine, self.name) as connection:
            for row in connection.execute(stmt, execution_options={"yield_per": 500}):
                yield rows.account_of(*row)

    def _readings(self, stmt: Any, *, as_read: bool) -> Iterator[Reading]:
        with database.reading(self._engine, self.name) as connection:
            for key in connection.scalars(stmt).all():
                yield applying.whole(connection, key, as_read=as_read)
