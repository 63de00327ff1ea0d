"""A claim taken out of its report, with the places, parties and voices that comparing it with others needs."""

from __future__ import annotations

from dataclasses import dataclass

from tadmor.model.claims import Claim
from tadmor.model.vocabulary import SourceKind


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
