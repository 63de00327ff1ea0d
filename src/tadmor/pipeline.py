"""The rooms in a row: gather, read, resolve and say what one report alone tells of who holds what.

A report in a language that no reader knows, and one that is set aside before reading, is kept unread: a reading without claims,
by the reader ``unread``, whose version is the reason and whose first warning says it in words.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tadmor.errors import BadChoice, InputError, TadmorError
from tadmor.gather.language import named
from tadmor.model import UNREAD, Failure, ReaderInfo, Reading, Report, UnreadReason
from tadmor.reading import Reader, Recogniser, RulesReader
from tadmor.reading.mentions import recognised
from tadmor.reading.reader import CHOICES, READERS, SECOND, Asking, Choosing, is_english, reads_all
from tadmor.reconcile import control_statements
from tadmor.resolve import foreign
from tadmor.resolve.resolve import Resources, resolve

if TYPE_CHECKING:
    from tadmor.reading.llm.settings import LlmSettings


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A reader with the resources that it and resolving need, opened once and used for every report."""

    reader: Reader
    resources: Resources

    @property
    def info(self) -> ReaderInfo:
        """The reader's name and version; with the user's own actors or gazetteer, "+" and a stamp of their content."""
        return self._stamped(self.reader.info)

    def reads(self, report: Report) -> bool:
        """Whether the reader knows the language of the report."""
        return is_english(report) or reads_all(self.reader)

    def info_of(self, report: Report) -> ReaderInfo:
        """The name and version with which this report is read: a reader may leave some reports to another, or to nobody."""
        if not self.reads(report):
            return ReaderInfo(UNREAD, "language")
        return self._stamped(self.reader.info_of(report) if isinstance(self.reader, Choosing) else self.reader.info)

    @property
    def note(self) -> str | None:
        """What reading has taken so far, in a line for people; None where it takes nothing but time."""
        return self.reader.note if isinstance(self.reader, Asking) else None

    def _stamped(self, info: ReaderInfo) -> ReaderInfo:
        stamp = self.resources.stamp
        return replace(info, version=f"{info.version}+{stamp}") if stamp else info

    def read(self, report: Report) -> Reading:
        """The resolved reading of one report. A pure function: the same report gives the same reading.

        In a language that the reader does not know, it is kept unread, with the names that it holds (:meth:`leave`).
        """
        if not self.reads(report):
            return self.leave(report, "language", self._foreign(report))
        reading = resolve(self.reader.read(report), self.resources)
        return replace(reading, reader=self._stamped(reading.reader), control=control_statements(reading))

    def leave(self, report: Report, reason: UnreadReason, why: str) -> Reading:
        """The report kept unread, and why: no claims, yet the places, actors, dates and numbers that it names in any language.

        One that is set aside for what it is about (reason "relevance") is kept without these: to look for them would cost
        more than the step that spares the reading.
        """
        info = ReaderInfo(UNREAD, reason)
        if reason == "relevance":
            return Reading(report, info, warnings=(why,))
        if not is_english(report):
            named_in = foreign.mentions(report, self.resources.gazetteer, self.resources.registry)
            return Reading(report, info, named_in, warnings=(why,))
        found = recognised(report, self.resources.recognisers())
        return replace(resolve(Reading(report, info, found, warnings=(why,)), self.resources), reader=info)

    def _foreign(self, report: Report) -> str:
        return (
            f"not read: it is in {named(report.language or '')}, which the {self.reader.info.name} reader does not know;"
            " a language model reads it (--model NAME)"
        )

    def ahead(
        self, items: Iterable[Report | Failure], wanted: Callable[[Report], bool] = lambda _: True
    ) -> Iterator[Report | Failure]:
        """The same items in the same order, those that are ``wanted`` begun some way ahead by a reader that asks a model.

        So several requests are under way at once while reports are read one after the other.
        """
        reader = self.reader
        if not isinstance(reader, Asking):
            yield from items
            return
        waiting: deque[Report | Failure] = deque()
        try:
            for item in items:
                if isinstance(item, Report) and wanted(item):
                    reader.begin(item)
                waiting.append(item)
                if len(waiting) > reader.width:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:
            reader.forget()

    def attempt(self, report: Report) -> Reading | Failure:
        """The reading, or the failure that stands for it when the reader itself breaks on this report."""
        try:
            return self.read(report)
        except TadmorError as error:
            return Failure(report.id, report.path or "", str(error))
        except Exception as error:
            # A fault of ours on one report must not cost the user the other ten thousand: it is reported by name.
            return Failure(report.id, report.path or "", f"the reader failed: {type(error).__name__}: {error}")


def resources(actors: Path | None = None, gazetteer: Path | None = None) -> Resources:
    """The gazetteer and the registry that ship in the package, opened once.

    ``actors`` is a file that adds to the registry, ``gazetteer`` one that ``tadmor gazetteer build`` wrote and that is used
    instead of the shipped one. Raises MissingResource, InputError when a file is not in form.
    """
    return _resources(actors, gazetteer)


@cache
def _resources(actors: Path | None, gazetteer: Path | None) -> Resources:
    return Resources.open(actors=actors, gazetteer=gazetteer)


def default(
    reader: str = READERS[0],
    actors: Path | None = None,
    gazetteer: Path | None = None,
    second: LlmSettings | None = None,
) -> Pipeline:
    """The pipeline with one of the readers and the resources that ship in the package, or those of files.

    ``second`` is the language model that "llm" and "mixed" ask, and that reads what is not in English beside "embedded" and
    "rules". Raises MissingResource, InputError when a file is not in form, or the model is missing.
    """
    return _default(reader, actors, gazetteer, second)


@cache
def _default(reader: str, actors: Path | None, gazetteer: Path | None, second: LlmSettings | None) -> Pipeline:
    return Pipeline(make_reader(reader, actors, gazetteer, second), resources(actors, gazetteer))


def make_reader(
    name: str, actors: Path | None = None, gazetteer: Path | None = None, second: LlmSettings | None = None
) -> Reader:
    """A reader by its name, as in :func:`default`. Raises ValueError for one not in ``CHOICES``; MissingResource, InputError."""
    if name not in CHOICES:
        raise BadChoice(f"no reader is called {name!r}; there are {', '.join(CHOICES)}")
    recognisers = resources(actors, gazetteer).recognisers()
    if second is None:
        if name in SECOND:
            raise InputError(
                f"the {name} reader asks a language model: name it with --model, and its server with --base-url"
            )
        return _packaged(name, recognisers)
    from tadmor.reading.llm.mixed import MixedReader
    from tadmor.reading.llm.reader import LlmReader

    asking = LlmReader(recognisers, second)
    if name == "llm":
        return asking
    if name == "mixed":
        return MixedReader(_packaged(READERS[0], recognisers), asking, second.below)
    return MixedReader(_packaged(name, recognisers), asking, 0.0)


def _packaged(name: str, recognisers: Sequence[Recogniser]) -> Reader:
    if name == "rules":
        return RulesReader(recognisers)
    from tadmor.reading.embedded.reader import EmbeddedReader

    return EmbeddedReader(recognisers)
