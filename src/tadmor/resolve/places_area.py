"""Where a name lies that the gazetteer lacks: in the area of the places that stand around it, with a radius, never at a point.

The middle of the area is the one of the report's places that is nearest to the others, those beside the name in the text
counting most. How well they agree says how far the area reaches: the radius is about what two thirds of the names of LGL and
GeoVirus that the gazetteer lacks lay within, by that agreement. Without agreement nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tadmor.model import Mention
from tadmor.resolve.gazetteer import Candidate, distance_km

_BESIDE = 300.0  # characters in which a place's say falls to a third
_ANYWHERE = 0.1  # what a place counts however far off it stands
_TOGETHER_KM = 100.0  # distance in which what two places say of each other falls to a third
_AGREED = 0.4  # share of what the places say that must speak for the middle
_CLOSE, _WIDE = (0.65, 160.0), (0.0, 500.0)  # agreement from which the radius (km) holds
_FEWEST = 2  # places: a report that names London alone tells of anywhere
_MOST = 60  # places that are weighed, the nearest in the text


@dataclass(frozen=True, slots=True)
class Area:
    """The area in which a name lies: its middle in degrees, its radius in km, the country of its middle."""

    lat: float
    lon: float
    radius_km: float
    country: str | None


def area_of(mention: Mention, placed: Sequence[tuple[Mention, Candidate]]) -> Area | None:
    """The area of a mention that is not resolved, by those that are.

    None where they lie apart, are no towns or provinces, or one alone.
    """
    near = sorted(
        ((_gap(mention, m), m.start, c) for m, c in placed if c.kind not in ("country", "region")), key=lambda x: x[:2]
    )[:_MOST]
    if not near:
        return None
    says: dict[str, float] = {}
    places: dict[str, Candidate] = {}
    for gap, _, c in near:
        says[c.id] = says.get(c.id, 0.0) + math.exp(-gap / _BESIDE) + _ANYWHERE
        places[c.id] = c
    if len(places) < _FEWEST:
        return None
    best, most = max(
        ((c, sum(w * _likeness(c, places[i]) for i, w in says.items())) for c in places.values()), key=lambda x: x[1]
    )
    agreed = most / sum(says.values())
    if agreed < _AGREED:
        return None
    radius = _CLOSE[1] if agreed >= _CLOSE[0] else _WIDE[1]
    return Area(best.lat, best.lon, radius, best.country)


def _likeness(a: Candidate, b: Candidate) -> float:
    return math.exp(-distance_km((a.lat, a.lon), (b.lat, b.lon)) / _TOGETHER_KM)


def _gap(a: Mention, b: Mention) -> int:
    """Characters of text between two mentions."""
    return max(a.start - b.end, b.start - a.end, 0)
