"""What a report names and who speaks in it: mentions, where they are put, and attributions."""

from __future__ import annotations

from dataclasses import dataclass

from tadmor.model.reports import Span
from tadmor.model.vocabulary import Level, MentionType, RelationKind, SourceKind


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
