"""Searching the gazetteer by hand: what a name may be, in the order in which it would be chosen, with the reasons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tadmor.resolve.gazetteer import Candidate, Gazetteer, distance_km
from tadmor.resolve.places import look_up, prior

# What a country or a point adds that the user names: as much as a report does that speaks of nothing else.
_COUNTRY = 3.5
_NEAR = 1.6
_NEAR_KM = 120.0
_MATCHES = {
    "main": "its name",
    "own": "a name that news gives it",
    "alternate": "another name of it",
    "loose": "a transliteration of one of its names",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate with its score (about the decimal logarithm of a population, plus context) and why it has it, in words."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...]


def search(
    gazetteer: Gazetteer,
    name: str,
    *,
    country: str | None = None,
    near: tuple[float, float] | None = None,
    limit: int | None = None,
) -> Sequence[Hit]:
    """Candidates of a name, best first. ``country`` is ISO 3166-1 alpha-2, ``near`` (lat, lon) in degrees.

    Feature words in the name count as in a report: "Homs province" is asked among provinces. Names that are the same but
    for transliteration follow those that have the name itself.
    """
    looked = look_up(name, gazetteer)
    feature, derived = looked.feature, looked.derived
    known = {c.id for c in looked.candidates}
    candidates = looked.candidates + [c for c in gazetteer.variants(name) if c.id not in known]
    hits = [_hit(c, feature, candidates, derived, country, near) for c in candidates]
    hits.sort(key=lambda h: (-h.score, h.candidate.id))
    return hits[:limit]


def _hit(
    c: Candidate,
    feature: str | None,
    candidates: Sequence[Candidate],
    derived: bool,
    country: str | None,
    near: tuple[float, float] | None,
) -> Hit:
    score = prior(c, feature, candidates)
    reasons = [_MATCHES[c.match], c.feature]
    if derived and feature:
        reasons.append(f"only a {feature} named after it is meant")
    reasons.append(f"population {c.population:,}" if c.population else "population unknown")
    if country is not None and c.country:
        inside = c.country == country.upper()
        score += _COUNTRY if inside else 0.0
        reasons.append(f"in {country.upper()}, as asked" if inside else f"in {c.country}, not in {country.upper()}")
    if near is not None:
        far = distance_km(near, (c.lat, c.lon))
        score += _NEAR * math.exp(-far / _NEAR_KM)
        reasons.append(f"{far:,.0f} km from the point given")
    if any(c.id in o.within for o in candidates):
        reasons.append("an area named after its town")
    return Hit(c, round(score, 2), tuple(reasons))
