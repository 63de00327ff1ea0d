"""The rooms in a row: gather, read, resolve and say what one report alone tells of who holds what."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

from tadmor import gather
from tadmor.model import Failure, ReaderInfo, Reading, Report
from tadmor.reading import Reader, RulesReader
from tadmor.reading.reader import READERS
from tadmor.reconcile import control_statements
from tadmor.resolve.resolve import Resources, resolve

Input = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A reader with the resources that it and resolving need, opened once and used for every report."""

    reader: Reader
    resources: Resources

    @property
    def info(self) -> ReaderInfo:
        """The reader's name and version; with the user's own actors or gazetteer, "+" and a stamp of their content."""
        info, stamp = self.reader.info, self.resources.stamp
        return replace(info, version=f"{info.version}+{stamp}") if stamp else info

    def read(self, report: Report) -> Reading:
        """The resolved reading of one report. A pure function: the same report gives the same reading."""
        reading = resolve(self.reader.read(report), self.resources)
        return replace(reading, reader=self.info, control=control_statements(reading))

    def read_many(
        self,
        inputs: Sequence[Input],
        *,
        published: str | None = None,
        max_bytes: int = gather.MAX_BYTES,
        stdin: BinaryIO | None = None,
    ) -> Iterator[Reading | Failure]:
        """Readings and failures in input order; one item that fails does not stop the others. Raises BadDate."""
        for item in gather.gather(inputs, published=published, max_bytes=max_bytes, stdin=stdin):
            yield item if isinstance(item, Failure) else self.attempt(item)

    def attempt(self, report: Report) -> Reading | Failure:
        """The reading, or the failure that stands for it when the reader itself breaks on this report."""
        try:
            return self.read(report)
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


def default(reader: str = READERS[0], actors: Path | None = None, gazetteer: Path | None = None) -> Pipeline:
    """The pipeline with one of the readers and the resources that ship in the package, or those of files.

    Raises MissingResource, InputError when a file is not in form.
    """
    return _default(reader, actors, gazetteer)


@cache
def _default(reader: str, actors: Path | None, gazetteer: Path | None) -> Pipeline:
    return Pipeline(make_reader(reader, actors, gazetteer), resources(actors, gazetteer))


def make_reader(name: str, actors: Path | None = None, gazetteer: Path | None = None) -> Reader:
    """A reader by its name, one of ``READERS``. Raises ValueError for another, MissingResource, InputError."""
    recognisers = resources(actors, gazetteer).recognisers()
    if name == "rules":
        return RulesReader(recognisers)
    if name == "embedded":
        from tadmor.reading.embedded.reader import EmbeddedReader

        return EmbeddedReader(recognisers)
    raise ValueError(f"no reader is called {name!r}; there are {', '.join(READERS)}")
