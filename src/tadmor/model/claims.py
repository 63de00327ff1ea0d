"""What one report puts forward: claims with their counts, who holds what by them, and the reading that has all layers."""

from __future__ import annotations

from dataclasses import dataclass

from tadmor.model.mentions import Attribution, Mention
from tadmor.model.reports import Report, Span
from tadmor.model.vocabulary import Certainty, ControlStatus

UNREAD = "unread"
"""The reader's name of a report that is kept without having been read; its version is the reason."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many: ``what`` is the codebook's word, ``min``/``max`` inclusive bounds or None, ``mention`` the quantity's id."""

    what: str
    min: float | None
    max: float | None
    of: str | None = None
    approx: bool = False
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a reader knows, from one clause of a claim, of its date and of its counts before they are worked out, as log-odds.

    ``forms`` has the log-probability of each form that the date may have (``tadmor.reading.date_forms.FORMS``); ``times`` says
    of each time expression in view, by its start (code points), that it tells the date; ``numbers`` of each number, by the
    start of its mention, that the claim counts it.
    """

    forms: tuple[float, ...]
    times: tuple[tuple[int, float], ...] = ()
    numbers: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition that the report puts forward, with everybody to whom it is attributed.

    ``start``, ``end``, ``text`` is the clause that states it, ``also`` the other clauses that do; ``trigger`` are the words that
    tell the event most plainly, in that clause or in another one of its sentence that is in ``also``. ``sources`` are
    chains of attribution ids, outermost first; an empty tuple is the report's own voice. ``actors``, ``targets``,
    ``places`` and ``times`` are mention ids; the ``*_names`` are the fullest names in the report, which resolving
    may make fuller. ``score`` is the reader's own probability, 0 to 1. ``hints``, the main clause's first,
    are there until date and counts are resolved.
    """

    id: str
    type: str
    certainty: Certainty
    start: int
    end: int
    text: str
    trigger: Span | None = None
    also: tuple[Span, ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    source_names: tuple[tuple[str, ...], ...] = ()
    actors: tuple[str, ...] = ()
    actor_names: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    date: str | None = None
    counts: tuple[Count, ...] = ()
    acled: str | None = None
    plover: str | None = None
    score: float = 0.5
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlStatement:
    """What one report says of who holds a place at the time it was published (codebook, control statements)."""

    place: str
    holder: str | None
    status: ControlStatus
    as_of: str | None
    claims: tuple[str, ...]
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """Which reader made a reading."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found in one report: the layers of the record format."""

    report: Report
    reader: ReaderInfo
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    claims: tuple[Claim, ...] = ()
    control: tuple[ControlStatement, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def unread(self) -> str | None:
        """Why nobody has read the report (``UnreadReason``), where it is kept unread: its first warning says it in words."""
        return self.reader.version if self.reader.name == UNREAD else None
