"""Tadmor for Python: ``read`` for one report, ``Ledger`` for many, with the same verbs as the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic, TextIO, TypeVar

from tadmor import edtf, gather, pipeline, taxonomy
from tadmor.api_review import ReviewVerbs
from tadmor.api_versions import VersionVerbs
from tadmor.errors import InputError, LedgerError
from tadmor.intake.adding import Kept as Kept  # what the verbs of this module give
from tadmor.intake.adding import adding
from tadmor.intake.sorting import NONE, Sorting
from tadmor.intake.workers import Recipe
from tadmor.ledger import AuditRow, Decision, Keeping, Rating, Store
from tadmor.model import Account, ClaimRef, ControlInterval, Failure, Incident, Party, Place, Reading, Report
from tadmor.pipeline import Input, Pipeline
from tadmor.publish import control_join, control_places, exports, sitrep
from tadmor.publish.control_places import ControlMap
from tadmor.publish.periods import by_date, ends, happening, place_named, widened, window
from tadmor.publish.world import World
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.reader import READERS
from tadmor.reconcile import ControlIndex, held_on
from tadmor.reconcile.control import told_by
from tadmor.resolve.registry import Registry
from tadmor.resolve.resolve import Resources

T = TypeVar("T")


def read(
    source: Input,
    *,
    published: str | None = None,
    max_bytes: int = gather.MAX_BYTES,
    reader: str = READERS[0],
    actors: str | os.PathLike[str] | None = None,
    gazetteer: str | os.PathLike[str] | None = None,
    second: LlmSettings | None = None,
) -> Reading:
    """Read one report: a path, an http(s) address, or the text itself.

    A string is taken for a path when a file of that name is there, for an address when it starts with http:// or
    https://, and for text otherwise. ``published`` is the date of publication (EDTF), and overrides what the report
    says of itself; ``reader`` is "embedded", "rules", "llm" or "mixed"; ``actors`` is a file that adds to the registry,
    ``gazetteer`` one that ``tadmor gazetteer build`` made. ``second`` is the language model that "llm" and "mixed" ask, and that
    reads what is not in English.
    Raises InputError when there is nothing to read, or more than one report; BadDate; MissingResource; ModelError.
    """
    line = pipeline.default(reader, _path(actors), _path(gazetteer), second)
    if isinstance(source, str) and not _names_a_file(source) and not source.startswith(("http://", "https://")):
        return line.read(gather.from_text(source, published=published))
    items = list(gather.gather([source], published=published, max_bytes=max_bytes))
    if len(items) != 1:
        raise InputError(f"{os.fspath(source)} holds {len(items)} reports: read them with Ledger.add or tadmor read")
    if isinstance(items[0], Failure):
        raise InputError(f"{items[0].path}: {items[0].error}")
    return line.read(items[0])


def _path(path: str | os.PathLike[str] | None) -> Path | None:
    return None if path is None else Path(path)


def _names_a_file(source: str) -> bool:
    try:
        return bool(source.strip()) and "\n" not in source and Path(source).exists()
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An answer with the accounts that it rests on, and the place that it is about, if it is about one."""

    items: list[T]
    accounts: Mapping[ClaimRef, Account]
    place: Place


@dataclass(frozen=True, slots=True)
class Told:
    """An incident with all its accounts, and what people decided of it, oldest first."""

    incident: Incident
    accounts: Mapping[ClaimRef, Account]
    decisions: list[Decision]


class Ledger(ReviewVerbs, VersionVerbs):
    """A ledger of reports and what they claim; made when it is not there. Use it as a context manager, or close it.

    ``reader``, ``actors``, ``gazetteer`` and ``second`` are as in :func:`read`; a report that was read with another reader, or
    with other files, is read again when it is added again. ``originals`` is how the bytes of reports are kept:
    "gzip", "plain" or "off".
    Raises LedgerError when the file is no ledger, is locked, or is of a newer version; InputError when ``actors`` is not in form.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = "tadmor.db",
        *,
        reader: str = READERS[0],
        actors: str | os.PathLike[str] | None = None,
        gazetteer: str | os.PathLike[str] | None = None,
        line: Pipeline | None = None,
        originals: Keeping = "gzip",
        second: LlmSettings | None = None,
    ) -> None:
        self._resources = _path(actors), _path(gazetteer)
        self.store = Store(os.fspath(path), originals=originals)
        self._reader = reader
        self._second = second
        self._line = line

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger."""
        self.store.close()

    def public(self) -> Ledger:
        """The ledger without what is withheld, as exports and viewers have it; close it by itself, before this one."""
        seen = copy(self)
        seen.store = self.store.public()
        return seen

    def add(
        self,
        *inputs: Input,
        published: str | None = None,
        max_bytes: int = gather.MAX_BYTES,
        sorting: Sorting = NONE,
        jobs: int = 1,
    ) -> list[Kept | Failure]:
        """Read and keep; what is known is skipped. One input that fails gives a Failure and the rest are added.

        ``sorting`` has reports kept without being read that are about no conflict, or say nothing new (``Kept.unread``); ``jobs``
        processes read side by side.
        """
        return list(self.adding(inputs, published=published, max_bytes=max_bytes, sorting=sorting, jobs=jobs))

    def adding(
        self,
        inputs: Sequence[Input],
        *,
        published: str | None = None,
        max_bytes: int = gather.MAX_BYTES,
        stdin: BinaryIO | None = None,
        sorting: Sorting = NONE,
        jobs: int = 1,
    ) -> Iterator[Kept | Failure]:
        """As :meth:`add`, one report after the other, each kept before the next is told of."""
        items = gather.gather(inputs, published=published, max_bytes=max_bytes, stdin=stdin)
        yield from self._adding(items, sorting, jobs)

    def adding_unread(
        self, reasons: Sequence[str] = ("relevance", "reprint", "language"), *, jobs: int = 1
    ) -> Iterator[Kept | Failure]:
        """Read now what was kept without being read for one of these reasons; what still cannot be read stays as it is."""
        yield from self._adding(self.store.unread_reports(reasons), NONE, jobs)

    def _adding(self, items: Iterable[Report | Failure], sorting: Sorting, jobs: int) -> Iterator[Kept | Failure]:
        line = self._opened()
        recipe = None if self._line is not None else Recipe(self._reader, *self._resources)
        yield from adding(self.store, line, items, sorting=sorting, jobs=jobs, recipe=recipe)

    def _opened(self) -> Pipeline:
        return self._line or pipeline.default(self._reader, *self._resources, self._second)

    @property
    def note(self) -> str | None:
        """What reading has taken so far, in a line for people, where a language model is asked; None otherwise."""
        return self._opened().note if self._line is not None or self._second is not None else None

    def incidents(
        self,
        *,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        types: Sequence[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Found[Incident]:
        """What happened, as every account tells it, by date; incidents without a date only when no date is asked for.

        Those with an account of the place are told whole. They are kept up as reports are added; where another version made
        them, they are made anew once, and ``progress`` is told how many of how many reports are done.
        """
        low, high = widened(start, end)
        period = window(start, end)
        items: list[Incident] = []
        accounts: dict[ClaimRef, Account] = {}
        for item, told in self.store.incidents(place=place, start=low, end=high, progress=progress):
            dated = period is None or (item.date is not None and edtf.overlap(item.date, period))
            if dated and (types is None or item.type in types):
                items.append(item)
                accounts.update((a.ref, a) for a in told)
        return Found(sorted(items, key=by_date), accounts, Place(place or ""))

    def control(
        self,
        place: str,
        *,
        on: str | None = None,
        according_to: str | None = None,
        known_at: str | None = None,
    ) -> Found[ControlInterval]:
        """Who held the place, from when to when; only on one day with ``on``, as one source tells it, or as then known."""
        accounts = list(self.store.accounts(place=place, types=taxonomy.of_control(), known_at=known_at))
        index = self._control_index(accounts)
        intervals = index.intervals(place, according_to=according_to, known_at=known_at)
        if on is not None:
            intervals = held_on(intervals, on)
        told = told_by(accounts, according_to) if according_to else accounts
        return Found(list(intervals), {a.ref: a for a in told}, place_named(accounts, place))

    def _control_index(self, accounts: Iterable[Account]) -> ControlIndex:
        return ControlIndex(accounts, resolve_holder=self._holder, reliability=self.store.reliability())

    def control_map(
        self,
        on: str,
        *,
        according_to: str | None = None,
        known_at: str | None = None,
        countries: Collection[str] = (),
    ) -> ControlMap:
        """Who held what on a day (EDTF): every place of which a claim up to that day implies who has it.

        ``countries`` (alpha-2) keeps the places of these. ``publish.control_map.svg`` draws it. What is withheld is not in
        it. Raises BadDate.
        """
        if self.store.withholds():
            with self.public() as seen:
                return seen.control_map(on, according_to=according_to, known_at=known_at, countries=countries)
        accounts = list(self.store.accounts(types=taxonomy.of_control(), known_at=known_at))
        index = self._control_index(accounts)
        resources = self._open()
        return control_places.control_map(
            accounts,
            index,
            on,
            registry=resources.registry,
            gazetteer=resources.gazetteer,
            according_to=according_to,
            known_at=known_at,
            countries=countries,
        )

    def join(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        according_to: str | None = None,
        known_at: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Each row (at least ``place`` and ``on``) with holder, status, since, credibility, sources and claims added.

        ``lat``, ``lon`` (degrees) and ``country`` (alpha-2) say which place is meant, where a row has them. A row whose ``on``
        is no date is answered as unknown. Rows with one answer share the records in ``claims``: copy one before changing it.
        Raises BadDate when ``known_at`` is none.
        """
        if self.store.withholds():
            with self.public() as seen:
                yield from seen.join(rows, according_to=according_to, known_at=known_at)
            return
        index = self._control_index(self.store.accounts(types=taxonomy.of_control(), known_at=known_at))
        yield from control_join.joined(rows, index, according_to=according_to, known_at=known_at)

    def incident(self, id: str) -> Told:
        """One incident, by its id or the beginning of it, with its accounts and what people decided of it.

        Raises LedgerError, which says how to mend it, when there is none, or more than one.
        """
        found, accounts, decisions = self.store.incident(id)
        return Told(found, {a.ref: a for a in accounts}, decisions)

    def merge(self, *ids: str, who: str, why: str | None = None) -> list[str]:
        """These incidents are one, as ``who`` decides; returns the ids of what came of it, as ``split`` and ``move`` do.

        What people decide wins over every score and every later reading, the newer over the older; nothing is forgotten. An id
        may be the beginning of one, or one that the incident had before. Raises LedgerError, which says how to mend it.
        """
        return self.store.merge(ids, who=who, why=why)

    def split(self, id: str, claims: Iterable[ClaimRef], *, who: str, why: str | None = None) -> list[str]:
        """These claims of an incident tell of another occurrence than the rest of it. See :meth:`merge`."""
        return self.store.split(id, claims, who=who, why=why)

    def move(self, claim: ClaimRef, to: str, *, who: str, why: str | None = None) -> list[str]:
        """The claim tells of the incident ``to``, not of that in which it stands. See :meth:`merge`."""
        return self.store.move(claim, to, who=who, why=why)

    def sources(self) -> list[dict[str, Any]]:
        """Everybody who speaks in the ledger, most claims first, with the reliability that people gave them (F: none)."""
        return [asdict(row) for row in self.store.sources()]

    def rate(self, source: str, letter: str, *, who: str, why: str | None = None) -> Rating:
        """Set how reliable a source is, A to F, by any of its names or its identity; the newest letter counts, all are kept.

        Raises LedgerError when nobody of that name speaks in the ledger, or several do.
        """
        return self.store.rate(source, letter, who=who, why=why)

    def audit(self, *, since: str | None = None) -> list[AuditRow]:
        """Who did what, when and why, oldest first; since a day (EDTF, UTC). Raises BadDate."""
        return self.store.audit(since=since)

    def readings(self) -> Iterator[Reading]:
        """All current readings."""
        return self.store.readings()

    def sitrep(
        self,
        *,
        start: str | None = None,
        end: str | None = None,
        place: str | None = None,
        title: str | None = None,
    ) -> str:
        """The situation report of a period as an HTML page, without what is withheld."""
        if self.store.withholds():
            with self.public() as seen:
                return seen.sitrep(start=start, end=end, place=place, title=title)
        accounts = list(self.store.accounts(place=place, start=start, end=end))
        accounts = happening(accounts, start, end)
        shown = {a.ref for a in accounts}
        incidents = [
            i
            for i in self.incidents(place=place, start=start, end=end).items
            if i.disputes and any(r in shown for r in i.claims)
        ]
        day = ends(None, end)[1]
        last = str(day) if day else max((a.known for a in accounts if a.known), default=None)
        index = self._control_index(self.store.accounts(types=taxonomy.of_control(), known_at=last))
        control: dict[str, Sequence[ControlInterval]] = {}
        for account in accounts:
            for p in account.places:
                key = p.entity or p.name
                if last and key not in control:
                    control[key] = [h for h in index.on(p, last) if h.holder]
        readers = [f"{r.name} {r.version}" for r in self.store.readers()]
        return sitrep.page(
            accounts, incidents, control, start=start, end=end, title=title, reader=", ".join(readers) or "no reader"
        )

    def _holder(self, party: Party, on: str | None) -> tuple[str | None, str]:
        registry = self._line.resources.registry if self._line else Registry.load(self._resources[0])
        return registry.holding(party, on)

    def _open(self) -> Resources:
        return self._line.resources if self._line else pipeline.resources(*self._resources)

    def export(
        self,
        form: str,
        stream: TextIO | BinaryIO,
        *,
        of: str | None = None,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        owner: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> str | None:
        """Write what the ledger holds in one of the forms of docs/exports.md; returns what was left out, a line a reason.

        What is withheld is in none of them, and is not told of.

        The forms are jsonl, csv, geojson, acled, ucdp, parquet (to a binary stream), annotations and claimreview. ``of`` is
        "claims" or "incidents" for jsonl, csv, geojson and parquet; jsonl without it holds whole readings, the others claims.
        ``owner`` stands for the reviews of claimreview; ``progress`` is as in :meth:`incidents`. Raises ValueError for another
        form, or an ``of`` that does not fit; BadDate.
        """
        if self.store.withholds():
            with self.public() as seen:
                return seen.export(
                    form, stream, of=of, place=place, start=start, end=end, owner=owner, progress=progress
                )

        def told() -> Iterator[tuple[Incident, list[Account]]]:
            found = self.incidents(place=place, start=start, end=end, progress=progress)
            for item in found.items:
                yield item, [found.accounts[ref] for ref in item.claims if ref in found.accounts]

        def accounts() -> Iterator[Account]:
            return self.store.accounts(place=place, start=start, end=end)

        filtered = any(x is not None for x in (place, start, end))
        material = exports.Material(
            readings=lambda: self.store.readings(place=place, start=start, end=end),
            accounts=accounts,
            incidents=told,
            chosen=lambda: {a.ref for a in accounts()} if filtered else None,
            world=self._world,
        )
        return exports.write(form, stream, material, of=of, owner=owner)

    def _world(self) -> World:
        """What rows of a codebook need besides; readings are kept a while, since incidents share reports."""
        resources = self._open()

        @lru_cache(maxsize=256)
        def reading(report: str) -> Reading | None:
            try:
                return self.store.reading(report)
            except LedgerError:
                return None

        return World(resources.registry, resources.gazetteer, reading, self.store.reliability())
