"""Resolves the place mentions of a report to identities of the gazetteer, all of one report together.

Every distinct name is decided once (one sense per report), all together, by what the rest of the report lends each candidate
(:mod:`tadmor.resolve.places_ranking`). A name whose candidates are hardly likely together is left open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tadmor.model import Mention, Reading, Report
from tadmor.resolve.gazetteer import Candidate, Gazetteer, distance_km
from tadmor.resolve.names import fold
from tadmor.resolve.places_area import area_of
from tadmor.resolve.places_names import Name, bare, look_up, names_of
from tadmor.resolve.places_ranking import prior, rank
from tadmor.resolve.places_relations import with_relation
from tadmor.resolve.places_words import words

__all__ = ["Candidate", "by_country", "distance_km", "locate", "look_up", "nations_of", "prior", "resolve_places"]


def resolve_places(mentions: Sequence[Mention], report: Report, gazetteer: Gazetteer) -> dict[str, Mention]:
    """Place and nationality mentions of the report with their identities, by mention id.

    Resolved ones carry ``entity``, ``name``, ``lat``, ``lon`` and ``country``; a nationality carries its country's. A site
    named after a known place and not itself in the gazetteer ("Hama airport") gets the identity ``<place>/<feature>`` and
    the coordinates of that place. Where the text speaks of a part of a place or of a spot beside it, the mention has that
    ``relation``; ``radius_km`` is known for these, for areas and for such sites. A name that stays unresolved has no ``entity``
    and no ``name``; where the places around it lie together, ``lat``, ``lon``, ``radius_km`` and ``country`` give its area.
    """
    found = locate_mentions(mentions, report, gazetteer)
    resolved: dict[str, Mention] = {}
    for mention in mentions:
        if mention.type not in ("place", "nationality"):
            continue
        place = found.get(mention.id)
        resolved[mention.id] = (
            mention
            if place is None
            else replace(mention, entity=place.id, name=place.name, lat=place.lat, lon=place.lon, country=place.country)
        )
    others = [m for m in resolved.values() if m.type == "place" and m.lat is not None]
    placed = [(m, place) for m in others if (place := found.get(m.id)) is not None]
    for mention, place in placed:
        whole = any(c.id == place.id for c in gazetteer.strict(bare(mention.text)))
        resolved[mention.id] = with_relation(report.text, mention, place, others, whole=whole)
    for mention in mentions:
        if mention.type == "place" and mention.level == "name" and found.get(mention.id) is None:
            area = area_of(mention, placed)
            if area is not None:
                resolved[mention.id] = replace(
                    mention, lat=area.lat, lon=area.lon, radius_km=area.radius_km, country=area.country
                )
    return resolved


def locate(reading: Reading, gazetteer: Gazetteer) -> dict[str, Candidate | None]:
    """The place of every place and nationality mention of the reading, by mention id; None where it stays unresolved."""
    return locate_mentions(reading.mentions, reading.report, gazetteer)


def locate_mentions(mentions: Sequence[Mention], report: Report, gazetteer: Gazetteer) -> dict[str, Candidate | None]:
    """As :func:`locate`, for the mentions of a report that are not a reading yet."""
    nations = nations_of(mentions, gazetteer)
    names = names_of(mentions, report, gazetteer)
    told = by_country(nations)
    choices = rank(names, told)
    spoken = {c.best.country for n, c in zip(names, choices, strict=True) if c.best and not n.derived} | set(told)
    plains = {n.core: c.best for n, c in zip(names, choices, strict=True) if c.best and not n.derived}
    found: dict[str, Candidate | None] = dict(nations)
    for name, choice in zip(names, choices, strict=True):
        place = choice.best
        if name.derived:
            plain = plains.get(name.core)
            if plain is not None and any(c.id == plain.id for c in name.candidates):
                place = plain  # the hospital of the Xton that the report speaks of
            # "the Salem mosque" is at Salem only where the report speaks of that country
            elif place is not None and spoken and place.country not in spoken:
                place = None
            place = _site(name, place) if place is not None else None
        found.update((m.id, place) for m in name.mentions)
    return found


def _site(name: Name, place: Candidate) -> Candidate:
    """The site that is known by the place it is named after."""
    feature = name.feature or ""
    return replace(place, id=f"{place.id}/{_slug(feature)}", name=name.mentions[0].text, feature=feature, kind="site")


def nations_of(mentions: Sequence[Mention], gazetteer: Gazetteer) -> dict[str, Candidate | None]:
    """The country of every nationality of the report, by mention id."""
    return {m.id: _nation(m, gazetteer) for m in mentions if m.type == "nationality"}


def by_country(nations: Mapping[str, Candidate | None]) -> Counter[str]:
    """How often the nationalities of a report (:func:`nations_of`) name each country (alpha-2)."""
    return Counter(place.country for place in nations.values() if place is not None and place.country)


def _nation(mention: Mention, gazetteer: Gazetteer) -> Candidate | None:
    key = fold(bare(mention.text))
    code = (mention.entity or "").removeprefix("country:") or words().demonyms.get(key)
    return _country(code, gazetteer) if code else None


def _country(code: str, gazetteer: Gazetteer) -> Candidate | None:
    return gazetteer.by_id(f"country:{code}")


def _slug(feature: str) -> str:
    return feature.replace(" ", "-")
