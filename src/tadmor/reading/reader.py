"""The reader protocol: one method from a report to a reading with spans and links, identities left to resolving."""

from __future__ import annotations

from typing import Protocol

from tadmor.model import ReaderInfo, Reading, Report

READERS = ("embedded", "rules")  # by name, the default first


class Reader(Protocol):
    """A method of reading. ``read`` is a pure function of the report: the same report gives the same reading."""

    @property
    def info(self) -> ReaderInfo:
        """Name and version, kept with every claim."""
        ...

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, with spans valid in ``report.text``."""
        ...
