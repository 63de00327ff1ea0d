"""The reader protocol: one method from a report to a reading with spans and links, identities left to resolving."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tadmor.model import ReaderInfo, Reading, Report

READERS = ("embedded", "rules")  # those that ship in the package, by name, the default first
SECOND = ("llm", "mixed")  # those that ask a language model which the user has
CHOICES = (*READERS, *SECOND)


class Reader(Protocol):
    """A method of reading. ``read`` is a pure function of the report: the same report gives the same reading."""

    @property
    def info(self) -> ReaderInfo:
        """Name and version, kept with every claim."""
        ...

    def read(self, report: Report) -> Reading:
        """Mentions, attributions and claims, with spans valid in ``report.text``."""
        ...


@runtime_checkable
class Asking(Protocol):
    """What a reader has beside that waits for others: reports may be begun before they are read, many at once."""

    @property
    def width(self) -> int:
        """How many reports are worth beginning before the first of them is read."""
        ...

    @property
    def note(self) -> str | None:
        """What reading has taken so far, in a line for people; None when nobody was asked yet."""
        ...

    def begin(self, report: Report) -> None:
        """Begin a report that will be read later."""
        ...

    def forget(self) -> None:
        """Give up what was begun and has not been read."""
        ...


@runtime_checkable
class Choosing(Protocol):
    """What a reader has beside that leaves some reports to another one, and so has no one name for all."""

    def info_of(self, report: Report) -> ReaderInfo:
        """Name and version with which this report is read."""
        ...


def is_english(report: Report) -> bool:
    """Whether the readers that ship in the package can read the report: it is in English, or too short to tell."""
    return report.language in (None, "en")


def reads_all(reader: Reader) -> bool:
    """Whether a reader reads reports in every language, as a language model does, and not only in English."""
    return isinstance(reader, Asking)
