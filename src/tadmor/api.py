"""Tadmor for Python: ``read`` for one report, ``Ledger`` for many, with the same verbs as the command line."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic, TextIO, TypeVar

from tadmor import edtf, gather, pipeline, taxonomy
from tadmor.errors import InputError
from tadmor.ledger import Store
from tadmor.model import Account, ClaimRef, ControlInterval, Failure, Incident, Party, Place, Reading
from tadmor.pipeline import Input, Pipeline
from tadmor.publish import csv_, geojson, jsonl, sitrep, wire
from tadmor.reading.reader import READERS
from tadmor.reconcile import ControlIndex, held_on
from tadmor.record import to_record
from tadmor.resolve.registry import Registry

T = TypeVar("T")
# Accounts of one occurrence can differ by some days; incidents are built with this margin around the days asked for.
_MARGIN = dt.timedelta(days=10)
_CONTROL = tuple(t.name for t in taxonomy.types().values() if t.implies)


def read(
    source: Input,
    *,
    published: str | None = None,
    max_bytes: int = gather.MAX_BYTES,
    reader: str = READERS[0],
    actors: str | os.PathLike[str] | None = None,
    gazetteer: str | os.PathLike[str] | None = None,
) -> Reading:
    """Read one report: a path, an http(s) address, or the text itself.

    A string is taken for a path when a file of that name is there, for an address when it starts with http:// or
    https://, and for text otherwise. ``published`` is the date of publication (EDTF), and overrides what the report
    says of itself; ``reader`` is "embedded" or "rules"; ``actors`` is a file that adds to the registry, ``gazetteer`` one
    that ``tadmor gazetteer build`` made.
    Raises InputError when there is nothing to read, or more than one report; BadDate; MissingResource.
    """
    line = pipeline.default(reader, _path(actors), _path(gazetteer))
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
class Kept:
    """What became of one report: added with so many claims, or known already."""

    report: str
    added: bool
    claims: int


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An answer with the accounts that it rests on, and the place that it is about, if it is about one."""

    items: list[T]
    accounts: Mapping[ClaimRef, Account]
    place: Place


class Ledger:
    """A ledger of reports and what they claim; made when it is not there. Use it as a context manager, or close it.

    ``reader``, ``actors`` and ``gazetteer`` are as in :func:`read`; a report that was read with another reader, or with other
    files, is read again when it is added again. Raises LedgerError when the file is no ledger, is locked, or is of a newer
    version; InputError when ``actors`` is not in form.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = "tadmor.db",
        *,
        reader: str = READERS[0],
        actors: str | os.PathLike[str] | None = None,
        gazetteer: str | os.PathLike[str] | None = None,
        line: Pipeline | None = None,
    ) -> None:
        self._resources = _path(actors), _path(gazetteer)
        self.store = Store(os.fspath(path))
        self._reader = reader
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

    def add(
        self, *inputs: Input, published: str | None = None, max_bytes: int = gather.MAX_BYTES
    ) -> list[Kept | Failure]:
        """Read and keep; what is known is skipped. One input that fails gives a Failure and the rest are added."""
        return list(self.adding(inputs, published=published, max_bytes=max_bytes))

    def adding(
        self,
        inputs: Sequence[Input],
        *,
        published: str | None = None,
        max_bytes: int = gather.MAX_BYTES,
        stdin: BinaryIO | None = None,
    ) -> Iterator[Kept | Failure]:
        """As :meth:`add`, one report after the other, each kept before the next is read."""
        line = self._line or pipeline.default(self._reader, *self._resources)
        for item in gather.gather(inputs, published=published, max_bytes=max_bytes, stdin=stdin):
            if isinstance(item, Failure):
                yield item
                continue
            if self.store.known(item, line.info):
                yield Kept(item.id, False, 0)
                continue
            reading = line.attempt(item)
            if isinstance(reading, Failure):
                yield reading
            else:
                yield Kept(item.id, self.store.add(reading), len(reading.claims))

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
        low, high = _widened(start, end)
        window = _window(start, end)
        items: list[Incident] = []
        accounts: dict[ClaimRef, Account] = {}
        for item, told in self.store.incidents(place=place, start=low, end=high, progress=progress):
            dated = window is None or (item.date is not None and edtf.overlap(item.date, window))
            if dated and (types is None or item.type in types):
                items.append(item)
                accounts.update((a.ref, a) for a in told)
        return Found(sorted(items, key=_by_date), accounts, Place(place or ""))

    def control(
        self,
        place: str,
        *,
        on: str | None = None,
        according_to: str | None = None,
        known_at: str | None = None,
    ) -> Found[ControlInterval]:
        """Who held the place, from when to when; only on one day with ``on``, as one source tells it, or as then known."""
        accounts = list(self.store.accounts(place=place, types=_CONTROL, known_at=known_at))
        index = ControlIndex(accounts, resolve_holder=self._holder)
        intervals = index.intervals(place, according_to=according_to, known_at=known_at)
        if on is not None:
            intervals = held_on(intervals, on)
        return Found(list(intervals), {a.ref: a for a in accounts}, _place_named(accounts, place))

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
        index = ControlIndex(self.store.accounts(types=_CONTROL, known_at=known_at), resolve_holder=self._holder)
        answers = _Answers()
        for row in rows:
            on = str(row.get("on") or "")
            held = None
            if edtf.valid(on):
                place = Place(
                    str(row.get("place") or ""),
                    lat=_float(row.get("lat")),
                    lon=_float(row.get("lon")),
                    country=row.get("country") or None,
                )
                held = index.first_on(place, on, according_to=according_to, known_at=known_at)
            yield dict(row) | answers.to(held)

    def sources(self) -> list[dict[str, Any]]:
        """Everybody who speaks in the ledger, most claims first."""
        return [asdict(row) for row in self.store.sources()]

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
        """The situation report of a period as an HTML page."""
        accounts = list(self.store.accounts(place=place, start=start, end=end))
        accounts = _happening(accounts, start, end)
        shown = {a.ref for a in accounts}
        incidents = [
            i
            for i in self.incidents(place=place, start=start, end=end).items
            if i.disputes and any(r in shown for r in i.claims)
        ]
        day = _ends(None, end)[1]
        last = str(day) if day else max((a.known for a in accounts if a.known), default=None)
        index = ControlIndex(self.store.accounts(types=_CONTROL, known_at=last), resolve_holder=self._holder)
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
        """Who holds the ground that this party takes: an army holds for its state, a brigade for the movement it is part of."""
        if party.entity is None or not party.entity.startswith("actor:"):
            return party.entity, party.name
        registry = self._line.resources.registry if self._line else Registry.load(self._resources[0])
        return registry.holder(party.entity, on)

    def export(
        self,
        form: str,
        stream: TextIO,
        *,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
    ) -> str | None:
        """Write everything as ``jsonl`` (whole readings), ``csv`` or ``geojson`` (claims); returns what was left out."""
        if form == "jsonl":
            for reading in self.store.readings(place=place, start=start, end=end):
                jsonl.write(to_record(reading), stream)
            return None
        accounts = self.store.accounts(place=place, start=start, end=end)
        if form == "csv":
            csv_.write_rows((csv_.claim_row(a) for a in accounts), csv_.CLAIM_COLUMNS, stream)
            return None
        if form == "geojson":
            _, left = geojson.write_accounts(accounts, stream)
            return f"{left} claims have no place that is resolved and are left out" if left else None
        raise ValueError(f"no such form: {form!r}")


def _ends(start: str | None, end: str | None) -> edtf.Bounds:
    return edtf.bounds(start)[0] if start else None, edtf.bounds(end)[1] if end else None


def _window(start: str | None, end: str | None) -> str | None:
    if start is None and end is None:
        return None
    first, last = _ends(start, end)
    return f"{first or '..'}/{last or '..'}"


def _widened(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    first, last = _ends(start, end)
    return (str(first - _MARGIN) if first else None, str(last + _MARGIN) if last else None)


def _by_date(incident: Incident) -> tuple[bool, dt.date, str]:
    if incident.date is None:
        return True, dt.date.max, incident.id
    first, last = edtf.bounds(incident.date)
    return False, first or last or dt.date.max, incident.id


def _happening(accounts: list[Account], start: str | None, end: str | None) -> list[Account]:
    """Those that began within the period, or were reported in it: a state open for years is no news of every week."""
    window = _window(start, end)
    if window is None:
        return accounts
    return [
        a
        for a in accounts
        if (a.claim.date and edtf.bounds(a.claim.date)[0] and edtf.overlap(str(edtf.bounds(a.claim.date)[0]), window))
        or (a.known and edtf.overlap(a.known, window))
    ]


def _place_named(accounts: Iterable[Account], name: str) -> Place:
    places = [p for a in accounts for p in a.places]
    exact = [p for p in places if p.name.casefold() == name.casefold()]
    resolved = [p for p in exact or places if p.lat is not None]
    return (resolved or exact or [Place(name)])[0]


class _Answers:
    """What is said of a row, worked out once for each interval; the record of each claim is made once for all."""

    most = 16_384  # intervals, by their identity: to hash one is to hash all its claims

    def __init__(self) -> None:
        self._made: dict[int, tuple[ControlInterval, dict[str, Any]]] = {}
        self._records: dict[ClaimRef, dict[str, str]] = {}

    def to(self, held: ControlInterval | None) -> dict[str, Any]:
        """The columns to add, in lists of their own."""
        if held is None:
            return {
                "holder": None,
                "status": "unknown",
                "since": None,
                "credibility": None,
                "sources": [],
                "claims": [],
            }
        kept = self._made.get(id(held))
        if kept is None:
            if len(self._made) >= self.most:
                self._made.clear()
            kept = self._made[id(held)] = held, self._answer(held)
        answer = kept[1]
        return answer | {"sources": answer["sources"][:], "claims": answer["claims"][:]}

    def _answer(self, held: ControlInterval) -> dict[str, Any]:
        for ref in held.claims:
            if ref not in self._records:
                self._records[ref] = wire.ref_to_record(ref)
        return {
            "holder": held.holder,
            "status": held.status,
            "since": held.start,
            "credibility": held.credibility.admiralty,
            "sources": list(held.sources),
            "claims": [self._records[ref] for ref in held.claims],
        }


def _float(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
