"""The nouns of Tadmor: frozen value objects that every stage hands to the next. This module imports nothing of ours.

All offsets count Unicode code points of ``Report.text`` and are end-exclusive: for every span,
``report.text[span.start:span.end] == span.text``. Dates are EDTF (ISO 8601-2) strings, or None when unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

PassageKind = Literal["headline", "lead", "body", "caption", "credit", "subhead"]
PublishedBasis = Literal["given", "dateline", "metadata", "none"]
MentionType = Literal["actor", "person", "nationality", "place", "time", "quantity", "equipment"]
Level = Literal["name", "nominal", "pronoun"]
Certainty = Literal["asserted", "hedged", "denied", "expected"]
SourceKind = Literal[
    "official",
    "military",
    "armed group",
    "monitor",
    "activist",
    "witness",
    "agency",
    "media",
    "organisation",
    "other",
]
ControlStatus = Literal["held", "contested", "besieged", "lost", "unknown"]
RelationKind = Literal["within", "countryside", "side", "near", "direction", "distance", "between"]
DisputeAbout = Literal["count", "actor", "date", "place", "outcome", "denial", "control"]
DisputeKind = Literal["contradiction", "update", "compatible", "scope"]
UnreadReason = Literal["language", "relevance", "reprint"]
Grade = Literal["confirmed", "fair", "weak", "contested", "discounted"]

UNREAD = "unread"
"""The reader's name of a report that is kept without having been read; its version is the reason."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a report's text: ``text`` is ``report.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the report; ``repeats`` is the index of the passage that it says again, which is read once.

    ``page`` is the page, from 1, on which it begins, where the report was read from a form that has pages.
    """

    start: int
    end: int
    kind: PassageKind
    repeats: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes that a report was read from, and what came beside them: read again, they give the same text.

    ``form`` says how they are read: text, html, pdf, docx, eml, row (a row of a table as a JSON object in UTF-8) or string (a
    string that a program handed over, in UTF-8). ``given`` is what came beside them: charset, url, title, publisher, published.
    """

    data: bytes = field(repr=False)
    form: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the bytes, by which they are kept."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read: title, line break, text, with page chrome left out.

    ``id`` is the input row's id when it had one, else derived from the text. ``published`` is EDTF or None, never
    the crawl date. ``path`` names where it was read from. ``original`` has the bytes while the report is on its way; it is no
    part of what the report says, so that two reports with the same text and different bytes are equal. ``retracted`` is why it
    was retracted, where somebody marked it so in a ledger.
    """

    id: str
    text: str
    title: str = ""
    path: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: str | None = None
    published_basis: PublishedBasis = "none"
    passages: tuple[Passage, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    original: Original | None = field(default=None, compare=False, repr=False)
    retracted: str | None = None

    @property
    def text_hash(self) -> str:
        """Hex SHA-256 of the text's UTF-8 bytes: two reports with one hash say the same thing."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read: what it was, where it came from, and why, in words."""

    id: str | None
    path: str
    error: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a text puts something in regard to a place that it names: "6 km south of Manbij", "eastern Aleppo".

    ``kind``: within (a part of it), countryside (the land around it), side (its edge, outskirts, suburbs), near, direction
    (to that side of it, how far is not said), distance, between (it and another). ``direction`` is a word of the compass of
    eight points, or "centre"; ``distance_km`` what the text says. The spot meant lies within ``radius_km`` of ``lat``, ``lon``
    (degrees). ``of`` is the identity of the place, for "between" of both, parted by a space.
    """

    kind: RelationKind
    direction: str | None
    distance_km: float | None
    lat: float
    lon: float
    radius_km: float
    of: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A naming of a thing in the text.

    The reader fills span, type and level; resolving adds the identity: ``entity`` and ``name`` for actors and places
    (``lat``, ``lon`` in degrees, ``country`` ISO 3166-1 alpha-2), ``kind`` and ``side`` for actors, ``value`` (EDTF) for times,
    ``min``, ``max``, ``approx`` and ``unit`` for quantities. A place's ``lat``, ``lon`` are those of the place that is named;
    ``relation`` says where in regard to it the text puts things, when it does, and ``radius_km`` how far from ``lat``, ``lon``
    the spot meant may lie: known for areas, for relations and for a site that is only known by its town.
    """

    id: str
    start: int
    end: int
    text: str
    type: MentionType
    level: Level = "name"
    entity: str | None = None
    name: str | None = None
    kind: str | None = None
    side: str | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    value: str | None = None
    min: float | None = None
    max: float | None = None
    approx: bool = False
    unit: str | None = None
    relation: Relation | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who speaks in an attribution: ``text`` as it stands there, ``name`` the fullest name in the report.

    ``mention`` is the id of the actor or person mention that it names, if any.
    """

    start: int
    end: int
    text: str
    name: str
    mention: str | None = None
    entity: str | None = None
    anonymous: bool = False
    kind: SourceKind = "other"
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue and content of one act of saying; ``via`` is the attribution that this one is nested in."""

    id: str
    source: Source | None
    cue: Span | None
    content: tuple[Span, ...]
    via: str | None = None


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
class DateHint:
    """What a reader knows of a claim's date before any date is worked out, as log weights that are added to the resolver's.

    ``forms`` has one for each form that a date may have (``tadmor.reading.date_forms.FORMS``); ``times`` one for each time
    expression, by its start (code points); ``untold`` is that of a date which no time expression tells.
    """

    forms: tuple[float, ...]
    times: tuple[tuple[int, float], ...] = ()
    untold: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition that the report puts forward, with everybody to whom it is attributed.

    ``start``, ``end``, ``text`` is the clause that states it, ``also`` the other clauses that do. ``sources`` are
    chains of attribution ids, outermost first; an empty tuple is the report's own voice. ``actors``, ``targets``,
    ``places`` and ``times`` are mention ids; the ``*_names`` are the fullest names in the report, which resolving
    may make fuller. ``score`` is the reader's own probability, 0 to 1. ``hint`` is there until the date is resolved.
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
    hint: DateHint | None = None


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


@dataclass(frozen=True, slots=True, order=True)
class ClaimRef:
    """A claim anywhere in the record: report id and claim id."""

    report: str
    claim: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place as reconciling knows it: an identity with coordinates, or only a name when it is not resolved."""

    name: str
    entity: str | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An actor or target of a claim, with its identity and its side at the claim's date, where known."""

    name: str
    entity: str | None = None
    kind: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of a claim: the innermost of a chain, and the outlets and speakers through whom it came, outermost first."""

    name: str
    entity: str | None = None
    kind: SourceKind = "other"
    side: str | None = None
    anonymous: bool = False
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """One claim of one report with everything that reconciling needs beside it.

    ``known`` is the day (ISO) on which the record could know it: the report's date of publication, else the day it was
    added. ``voices`` is empty when the report speaks in its own voice; then ``publisher`` is the source. ``retracted`` is why the
    report was retracted, where it was: its claims stay told, with that mark.
    """

    ref: ClaimRef
    claim: Claim
    title: str
    publisher: str | None
    published: str | None
    known: str | None
    places: tuple[Place, ...]
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    voices: tuple[Voice, ...]
    sentence: str
    retracted: str | None = None


@dataclass(frozen=True, slots=True)
class SideRange:
    """What those who speak for one side say of a count; ``side`` is None for monitors, witnesses and outlets, who speak for none.

    ``sources`` are the names of who gives the figures, ``claims`` where.
    """

    side: str | None
    min: float | None
    max: float | None
    sources: tuple[str, ...]
    claims: tuple[ClaimRef, ...]


@dataclass(frozen=True, slots=True)
class CountRange:
    """What all accounts of an incident say of one count; ``rule`` says in words how ``best`` was chosen.

    ``by_side`` is the range as each side gives it, who speak for no side last.
    """

    what: str
    min: float | None
    max: float | None
    best: float | None
    rule: str
    by_side: tuple[SideRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Credibility:
    """Admiralty credibility of information, 1 (confirmed) to 6 (cannot be judged), with its reasons as sentences."""

    admiralty: int
    grade: Grade
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a dispute: what it says, who says it, in which claims."""

    says: str
    sources: tuple[str, ...]
    claims: tuple[ClaimRef, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Accounts of one incident that differ: about what, of which kind, and the positions."""

    about: DisputeAbout
    kind: DisputeKind
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """One occurrence, as every claim that tells of it has it."""

    id: str
    type: str
    place: Place | None
    date: str | None
    claims: tuple[ClaimRef, ...]
    sources: int
    independent_sources: int
    sides: tuple[str, ...]
    counts: tuple[CountRange, ...]
    credibility: Credibility
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class ControlInterval:
    """Who held a place from when to when (EDTF days, None when open), by which claims, and which speak against it."""

    holder: str | None
    status: ControlStatus
    start: str | None
    end: str | None
    sources: tuple[str, ...]
    claims: tuple[ClaimRef, ...]
    against: tuple[ClaimRef, ...]
    credibility: Credibility
    holder_entity: str | None = None
