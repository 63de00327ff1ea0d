"""What the ledger answers with, beside readings, accounts and incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Standing = Literal["holds", "holds in part", "overruled", "rests"]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source in the ledger: how many claims and reports it speaks in, and the first and last day it was heard (ISO).

    ``name``, ``kind`` and ``side`` are those it has most often; a publisher counts where a report speaks in its own
    voice, an outlet that quotes another counts beside the one it quotes. ``reliability`` is the Admiralty's letter that
    people gave it, F until then.
    """

    name: str
    entity: str | None
    kind: str | None
    side: str | None
    claims: int
    reports: int
    first: str | None
    last: str | None
    reliability: str = "F"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of claims in the ledger; ``lat``, ``lon`` in degrees, None when it is not resolved."""

    name: str
    entity: str | None
    lat: float | None
    lon: float | None
    country: str | None
    claims: int
    reports: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Alias:
    """Another id under which a report's text came again."""

    id: str
    report: str
    path: str | None
    url: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the audit log: when (ISO, UTC), what was done, by whom, what was before and after (plain data), why."""

    at: str
    what: str
    who: str
    before: Any
    after: Any
    why: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the ledger keeps: reports, their current readings, claims of these, and what is kept beside them.

    ``superseded`` counts readings that a later one stands in for, ``versions`` earlier texts of reports, ``aliases``
    other ids of texts.
    """

    reports: int
    readings: int
    claims: int
    superseded: int = 0
    versions: int = 0
    aliases: int = 0


@dataclass(frozen=True, slots=True)
class Rating:
    """The reliability of a source, A to F, as somebody set it; ``at`` is when (ISO, UTC), ``entity`` its identity, if any."""

    at: str
    who: str
    name: str
    entity: str | None
    letter: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of incidents, a line of the audit log.

    ``standing``: holds; holds in part (a newer decision overruled some of it); overruled; rests (its claims are told no more).
    """

    at: str
    what: str
    who: str
    why: str | None
    standing: Standing
