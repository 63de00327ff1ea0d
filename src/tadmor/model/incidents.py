"""What many reports together tell: incidents with their counts and disputes, and who held a place from when to when."""

from __future__ import annotations

from dataclasses import dataclass

from tadmor.model.accounts import ClaimRef, Place
from tadmor.model.vocabulary import ControlStatus, DisputeAbout, DisputeKind, Grade


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
