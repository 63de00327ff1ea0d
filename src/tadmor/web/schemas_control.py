"""The shapes of answers about control, and what all shapes have in common."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An object that may have more keys than are named."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Ref(Shape):
    """A claim anywhere in the record."""

    report: str
    claim: str


class Credibility(Shape):
    """Admiralty credibility of information with its reasons."""

    admiralty: int = Field(ge=1, le=6)
    grade: str
    reasons: list[str]


class Feature(Shape):
    """A place of the map of a day, as ``tadmor control --map --format geojson`` has it."""

    type: Literal["Feature"]
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class ControlMap(Shape):
    """Who held what on a day."""

    type: Literal["FeatureCollection"]
    on: str
    according_to: str | None
    known_at: str | None
    without_point: list[str]
    features: list[Feature]


class Span(Shape):
    """Who held a place from when to when: days, None when open or unknown; the last day belongs to what follows."""

    holder: str | None
    side: str | None
    status: Literal["held", "contested", "besieged", "lost", "unknown"]
    start: str | None = Field(alias="from")
    end: str | None = Field(alias="to")


class Timeline(Shape):
    """One place over time."""

    key: str
    name: str
    lat: float
    lon: float
    country: str | None
    intervals: list[Span]


class Timelines(Shape):
    """All places over time."""

    places: list[Timeline]


class Told(Ref):
    """A claim with who says so, and the sentence."""

    type: str | None = None
    certainty: str | None = None
    date: str | None = None
    says: list[str] = []
    sentence: str | None = None
    publisher: str | None = None
    published: str | None = None


class Interval(Shape):
    """As ``tadmor control PLACE --format json`` has it, and the side; ``from`` and ``to`` are EDTF."""

    holder: str | None
    holder_entity: str | None
    side: str | None
    status: str
    start: str | None = Field(alias="from")
    end: str | None = Field(alias="to")
    sources: list[str]
    claims: list[Told]
    against: list[Told]
    credibility: Credibility


class SourceSpan(Span):
    """What one source tells, and in which claims."""

    claims: list[Ref]


class Ribbon(Shape):
    """Who held a place as one source alone tells it."""

    name: str
    entity: str | None
    side: str | None
    kind: str | None
    claims: int
    intervals: list[SourceSpan]
