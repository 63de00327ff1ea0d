"""Tadmor for Python: ``read`` for one report, ``Ledger`` for many, with the same verbs as the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from tadmor import gather, pipeline
from tadmor.api_base import Found as Found
from tadmor.api_base import Told as Told
from tadmor.api_control import ControlVerbs
from tadmor.api_export import ExportVerbs
from tadmor.api_review import ReviewVerbs
from tadmor.api_versions import VersionVerbs
from tadmor.errors import InputError
from tadmor.gather.forms import form_of
from tadmor.intake.adding import Kept as Kept  # what the verbs of this module give
from tadmor.intake.adding import adding
from tadmor.intake.sorting import NONE, Sorting
from tadmor.intake.workers import Recipe
from tadmor.ledger import AuditRow, Keeping, Rating, Store
from tadmor.model import Failure, Reading, Report
from tadmor.pipeline import Pipeline
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.reader import READERS

Input = str | os.PathLike[str]


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
    https://, and for text otherwise; but a line that ends as files of reports do (.txt, .html, .pdf) is never text.
    ``published`` is the date of publication (EDTF), and overrides what the report says of itself; ``max_bytes`` is the most that
    is read of one item. ``reader`` is "embedded", "rules", "llm" or "mixed"; ``actors`` is a file that adds to the registry,
    ``gazetteer`` one that ``tadmor gazetteer build`` made. ``second`` is the language model that "llm" and "mixed" ask, and that
    reads what is not in English.
    Raises InputError when there is nothing to read, no such file, or more than one report; BadDate; BadChoice for a reader that
    there is not; MissingResource; ModelError.
    """
    line = pipeline.default(reader, _path(actors), _path(gazetteer), second)
    if isinstance(source, str) and not _names_a_file(source) and not source.startswith(("http://", "https://")):
        if "\n" not in source and form_of(source) is not None:
            raise InputError(f"there is no file {source}: give the path of one, an address, or the text of a report")
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


class Ledger(ControlVerbs, ExportVerbs, ReviewVerbs, VersionVerbs):
    """A ledger of reports and what they claim; made when it is not there. Use it as a context manager, or close it.

    ``reader``, ``actors``, ``gazetteer`` and ``second`` are as in :func:`read`; a report that was read with another reader, or
    with other files, is read again when it is added again. ``originals`` is how the bytes of reports are kept:
    "gzip", "plain" or "off".
    Raises LedgerError when the file is no ledger, is locked, or is of a newer version. ``actors`` is opened at the first report
    that is read: InputError then, when it is not in form.
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

    def sources(self) -> list[dict[str, Any]]:
        """Everybody who speaks in the ledger, most claims first, with the reliability that people gave them (F: none)."""
        return [asdict(row) for row in self.store.sources(self._registry())]

    def rate(self, source: str, letter: str, *, who: str, why: str | None = None) -> Rating:
        """Set how reliable a source is, A to F, by any of its names or its identity; the newest letter counts, all are kept.

        Raises LedgerError when nobody of that name speaks in the ledger, or several do.
        """
        return self.store.rate(source, letter, who=who, why=why)

    def audit(self, *, since: str | None = None) -> list[AuditRow]:
        """Who did what, when and why, oldest first; since a day (EDTF, UTC). Raises BadDate."""
        return self.store.audit(since=since)

    def readings(self) -> Iterator[Reading]:
        """All current readings, one a report, in the order in which the reports were added."""
        return self.store.readings()
