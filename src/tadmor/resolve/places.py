"""Resolves the place mentions of a report to identities of the gazetteer, all of one report together.

Every distinct name is decided once (one sense per report). A candidate's score is its prior (population, kind of name)
plus what the rest of the report lends it: the countries and provinces that the report speaks of, by name, by nationality
or through its other places; nearness to places that are already clear; a container named after a comma ("Sarmin, Idlib").
Everything is deterministic: ties go to the smaller identity. A name whose best score stays low is left unresolved.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tadmor.model import Mention, Reading, Report
from tadmor.resolve.gazetteer import Candidate, Gazetteer, distance_km
from tadmor.resolve.names import fold
from tadmor.resolve.places_relations import with_relation
from tadmor.resolve.places_words import words

__all__ = ["Candidate", "distance_km", "locate", "look_up", "prior", "resolve_places"]

_MOST = 30  # candidates weighed per name
_ANCHORS = 12  # clear places that others are measured against
_NEAR_KM = 120.0
# Weights of the evidence beside the prior, which is about the decimal logarithm of the population; judgements, tried on
# public corpora of toponyms.
_COUNTRY = 3.0  # the share of the report's places and nationalities that are of the candidate's country
_PROVINCE = 2.4  # the report speaks of its province
_DISTRICT = 2.0  # the report speaks of a district that holds it
_NEAREST, _NEAR = 0.8, 0.8  # it is near the nearest clear place, near the next three
_ENOUGH = 3.0  # score below which a name is left unresolved: a hamlet that nothing speaks for
_POSSESSIVE = re.compile(r"['’ʼ‘`´]s?$")


@dataclass(slots=True)
class _Name:
    """One distinct name of the report: where it stands, what it may be, which container follows it."""

    key: str
    core: str
    feature: str | None
    mentions: list[Mention]
    candidates: list[Candidate]
    derived: bool = False
    containers: set[str] = field(default_factory=set)
    holders: set[tuple[str, str | None]] = field(default_factory=set)
    held: set[tuple[str, str | None]] = field(default_factory=set)
    scores: dict[str, float] = field(default_factory=dict)
    best: Candidate | None = None


def resolve_places(mentions: Sequence[Mention], report: Report, gazetteer: Gazetteer) -> dict[str, Mention]:
    """Place and nationality mentions of the report with their identities, by mention id.

    Resolved ones carry ``entity``, ``name``, ``lat``, ``lon`` and ``country``; a nationality carries its country's. A site
    named after a known place and not itself in the gazetteer ("Hama airport") gets the identity ``<place>/<feature>`` and
    the coordinates of that place. Where the text speaks of a part of a place or of a spot beside it, the mention has that
    ``relation``; ``radius_km`` is known for these, for areas and for such sites. Names that stay unresolved are returned as
    they were.
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
    for mention in others:
        place = found.get(mention.id)
        if place is not None:
            resolved[mention.id] = with_relation(report.text, mention, place, others)
    return resolved


def locate(reading: Reading, gazetteer: Gazetteer) -> dict[str, Candidate | None]:
    """The place of every place and nationality mention of the reading, by mention id; None where it stays unresolved."""
    return locate_mentions(reading.mentions, reading.report, gazetteer)


def locate_mentions(mentions: Sequence[Mention], report: Report, gazetteer: Gazetteer) -> dict[str, Candidate | None]:
    """As :func:`locate`, for the mentions of a report that are not a reading yet."""
    nations = {m.id: _nation(m, gazetteer) for m in mentions if m.type == "nationality"}
    names = _names(mentions, report, gazetteer)
    supported = _rank(names, nations)
    found: dict[str, Candidate | None] = dict(nations)
    for name in names:
        place = name.best
        if place is not None and name.derived and name.key not in supported:
            place = None  # "the Salem mosque" is at Salem only where the report speaks of that country
        if place is not None and name.derived:
            text = name.mentions[0].text
            place = replace(
                place, id=f"{place.id}/{_slug(name.feature or '')}", name=text, feature=name.feature or "", kind="site"
            )
        found.update((m.id, place) for m in name.mentions)
    return found


def _nation(mention: Mention, gazetteer: Gazetteer) -> Candidate | None:
    key = fold(_POSSESSIVE.sub("", mention.text))
    code = (mention.entity or "").removeprefix("country:") or words().demonyms.get(key)
    return _country(code, gazetteer) if code else None


def _country(code: str, gazetteer: Gazetteer) -> Candidate | None:
    return gazetteer.by_id(f"country:{code}")


# -- the distinct names of a report ------------------------------------------------------------------------------


def _names(mentions: Iterable[Mention], report: Report, gazetteer: Gazetteer) -> list[_Name]:
    groups: dict[str, _Name] = {}
    places = sorted((m for m in mentions if m.type == "place" and m.level == "name"), key=lambda m: m.start)
    for mention in places:
        text = _POSSESSIVE.sub("", mention.text)
        key = fold(text)
        if key not in groups:
            candidates, feature, derived = look_up(text, gazetteer)
            groups[key] = _Name(key, fold(_parse(text)[0]), feature, [], candidates, derived)
        groups[key].mentions.append(mention)
    for left, right in pairwise(places):
        if re.fullmatch(r"\s?,\s?|\s\(", report.text[left.end : right.start]):
            groups[fold(_POSSESSIVE.sub("", left.text))].containers.add(fold(_POSSESSIVE.sub("", right.text)))
    for mention in places:
        state = re.match(r",\s((?:[A-Z]\.?\s?){1,2}[a-z]*\.?)", report.text[mention.end : mention.end + 12])
        if state and (name := words().abbreviations.get(state[1].strip())):
            groups[fold(_POSSESSIVE.sub("", mention.text))].containers.add(fold(name))
    for group in groups.values():
        for key in group.containers:
            _link(group, groups.get(key), key, gazetteer)
    return list(groups.values())


def _link(name: _Name, other: _Name | None, key: str, gazetteer: Gazetteer) -> None:
    """Note which countries and provinces named after a comma hold one of the name's candidates, and that they do."""
    for holder in other.candidates if other else gazetteer.strict(key):
        if holder.kind not in ("country", "admin1") or not holder.country:
            continue
        area = (holder.country, holder.admin1 if holder.kind == "admin1" else None)
        if any(c.country == area[0] and area[1] in (None, c.admin1) and c.id != holder.id for c in name.candidates):
            name.holders.add(area)
            if other:
                other.held.add(area)


def look_up(text: str, gazetteer: Gazetteer) -> tuple[list[Candidate], str | None, bool]:
    """What a name may be, the kind of place that its words ask for, and whether it is only a site at those places."""
    core, feature = _parse(text)
    candidates, derived = _candidates(text, core, feature, gazetteer)
    return candidates, feature, derived


def _parse(text: str) -> tuple[str, str | None]:
    """The name without feature words and what they make of it: ("Homs", "province") of "Homs province"."""
    lists = words()
    match = re.match(r"(?:the\s+)?([\w-]+)\s+of\s+(.+)$", text)
    if match and fold(match[1]) in lists.before:
        return match[2], lists.features.get(fold(match[1]))
    parts = text.split()
    for length in (2, 1):
        if len(parts) > length:
            kind = lists.features.get(fold(" ".join(parts[-length:])))
            if kind is not None:
                return " ".join(parts[:-length]), kind
    while len(parts) > 1 and fold(parts[0]) in lists.directions:
        parts = parts[1:]
    return " ".join(parts), None


_FITS = {
    "province": ("admin1",),
    "state": ("admin1", "country"),
    "county": ("admin2",),
    "town": ("town",),
    "region": ("region", "admin1"),
}


def _candidates(text: str, core: str, feature: str | None, gazetteer: Gazetteer) -> tuple[list[Candidate], bool]:
    """What the name may be, and whether it is only a site at that place."""
    state = words().abbreviations.get(text)
    if state:
        return [c for c in gazetteer.strict(state) if c.kind == "admin1"], False
    if fold(text) in words().never:
        return [], False
    whole = list(gazetteer.strict(text))
    if feature is None:
        return (whole or list(gazetteer.candidates(core)))[:_MOST], False
    if whole:
        return whole[:_MOST], False
    inner = list(gazetteer.strict(core))
    if not any(c.kind == "town" for c in inner):
        inner += [c for c in gazetteer.variants(core) if c not in inner]
    fitting = [c for c in inner if c.feature == feature or c.kind in _FITS.get(feature, ())]
    if feature == "district":
        fitting = [c for c in inner if c.feature in ("district", "subdistrict")] or [
            c for c in inner if c.feature == "camp"
        ]
    if feature in ("mountain", "river", "field", "works"):
        fitting = fitting or [c for c in inner if c.kind in ("site", "region")]
    if fitting:
        return fitting[:_MOST], False
    if feature in ("province", "state", "county", "mountain", "river", "island", "road"):
        return [], False
    return [c for c in inner if c.kind == "town"][:_MOST], True


# -- the choice --------------------------------------------------------------------------------------------------


def _rank(names: list[_Name], nations: Mapping[str, Candidate | None]) -> set[str]:
    """Choose for every name; gives the keys of those whose country the rest of the report speaks of."""
    told: dict[str, float] = defaultdict(float)
    for place in nations.values():
        if place is not None and place.country:
            told[place.country] += 1.0
    national = {country: 0.7 * math.log1p(n) for country, n in told.items()}
    shares = {id(name): _shares(name) for name in names}
    for name in names:
        evidence = _evidence(name, names, shares, national)
        for c in name.candidates:
            name.scores[c.id] = _score(c, name, evidence)
        _choose(name)
    anchors = _clear(names)
    for name in names:
        if len(name.candidates) > 1:
            for c in name.candidates:
                name.scores[c.id] += _nearness(c, name, anchors)
            _choose(name)
    spoken = {name.best.country for name in names if name.best and not name.derived} | set(told)
    return {name.key for name in names if name.best and name.best.country in spoken}


def prior(c: Candidate, feature: str | None, candidates: Sequence[Candidate]) -> float:
    """How likely the name means this candidate before any context, against the others of the name.

    About the decimal logarithm of the number of people, less for names that are not the usual one. ``feature`` is the kind
    of place that the words of the name ask for ("province" in "Homs province").
    """
    score = math.log10(max(c.population, 300))
    if c.kind in ("region", "site"):
        score = 5.5 if c.kind == "region" else 4.5
    elif c.kind == "admin2":
        score = (4.0 if feature is None else 5.0) - (0.3 if c.feature == "subdistrict" else 0.0)
        if feature is None and any(c.id in o.within for o in candidates):
            score = 1.0  # a district named after its town: the town, unless "district" is said
    elif c.kind == "admin1" and feature is None:
        if any(
            o.kind == "town" and o.country == c.country and o.admin1 == c.admin1 and o.population > 20_000
            for o in candidates
        ):
            score -= 3.0 if c.country != "US" else 0.5
        else:
            score -= 0.3
        if any(o.kind == "town" and o.country == c.country and o.population > 500_000 for o in candidates):
            score -= 0.9  # Washington, New York: the city, unless the report speaks of the state
    elif c.kind == "country":
        score = max(score, 6.5)
    return score - {"main": 0.0, "own": 0.0, "alternate": 0.8, "loose": 0.8}[c.match]


def _shares(name: _Name) -> list[tuple[Candidate, float]]:
    """How likely each candidate is before any context; the shares add up to 1."""
    weights = [(c, 10 ** (0.9 * prior(c, name.feature, name.candidates))) for c in name.candidates]
    total = sum(w for _, w in weights) or 1.0
    return [(c, w / total) for c, w in weights]


@dataclass(slots=True)
class _Evidence:
    """How much the rest of the report speaks of each country, province (country, code) and district (identity)."""

    countries: dict[str, float]
    provinces: dict[tuple[str, str], float]
    districts: dict[str, float]


def _evidence(
    name: _Name,
    names: Sequence[_Name],
    shares: Mapping[int, list[tuple[Candidate, float]]],
    national: Mapping[str, float],
) -> _Evidence:
    """What the rest of the report says, with ``name`` itself left out."""
    countries: dict[str, float] = defaultdict(float, national)
    provinces: dict[tuple[str, str], float] = defaultdict(float)
    districts: dict[str, float] = defaultdict(float)
    for other in names:
        if other is name or (other.core == name.core and not other.feature):
            continue
        often = 0.6 + 0.4 * math.log1p(len(other.mentions))
        best_country: dict[str, float] = defaultdict(float)
        best_province: dict[tuple[str, str], float] = defaultdict(float)
        for c, share in shares[id(other)]:
            if c.country:
                best_country[c.country] += share
                if c.admin1 and c.kind != "country":
                    best_province[c.country, c.admin1] += share
            for district in (c.id, *c.within) if c.kind == "admin2" else c.within:
                districts[district] += often * share * (2.0 if c.kind == "admin2" else 0.7)
        for country, share in best_country.items():
            countries[country] += often * share
        for province, share in best_province.items():
            # a small town's other namesakes still speak for their province, a little
            provinces[province] += often * (0.15 + 0.85 * share)
    return _Evidence(countries, provinces, districts)


def _score(c: Candidate, name: _Name, evidence: _Evidence) -> float:
    score = prior(c, name.feature, name.candidates)
    countries, provinces = evidence.countries, evidence.provinces
    total = sum(countries.values())
    if c.country and total > 0:
        told = countries.get(c.country, 0.0)
        score += _COUNTRY * told / (total + 0.5) + 0.5 * min(1.0, told)
        if told < 0.05 and total > 1.0 and c.kind != "country":
            score -= 2.0 if c.match == "loose" else 1.0 if c.match == "alternate" else 0.5
    if c.within:
        score += _DISTRICT * (1.0 - math.exp(-max(evidence.districts.get(d, 0.0) for d in c.within)))
    if c.country and c.admin1 and c.kind != "country":
        score += _PROVINCE * (1.0 - math.exp(-provinces.get((c.country, c.admin1), 0.0)))
    area = (c.country or "", c.admin1 if c.kind == "admin1" else None)
    if c.kind in ("country", "admin1") and area in name.held:
        score += 2.0
    if c.kind != "country" and ((c.country or "", None) in name.holders or (c.country or "", c.admin1) in name.holders):
        score += 4.0
    return score


def _choose(name: _Name) -> None:
    ranked = sorted(name.candidates, key=lambda c: (-name.scores[c.id], c.id))
    name.best = ranked[0] if ranked and name.scores[ranked[0].id] >= _ENOUGH else None


def _clear(names: Sequence[_Name]) -> list[tuple[_Name, Candidate]]:
    """The places that others can be measured against: those with the widest margin to their next candidate."""
    margins = []
    for name in names:
        if name.best is None or name.best.kind in ("country", "region"):
            continue
        scores = sorted(name.scores.values(), reverse=True)
        margin = scores[0] - scores[1] if len(scores) > 1 else 2.0
        if margin > 0.4:
            margins.append((-margin, name.key, name, name.best))
    margins.sort(key=lambda m: (m[0], m[1]))
    return [(name, best) for _, _, name, best in margins[:_ANCHORS]]


def _nearness(c: Candidate, name: _Name, anchors: Sequence[tuple[_Name, Candidate]]) -> float:
    score = 0.0
    if c.kind != "country":
        near = [
            math.exp(-distance_km((c.lat, c.lon), (a.lat, a.lon)) / _NEAR_KM)
            for other, a in anchors
            if other.core != name.core
        ]
        if near:
            near.sort(reverse=True)
            score += _NEAREST * near[0] + _NEAR * sum(near[1:4]) / 3
    return score


def _slug(feature: str) -> str:
    return feature.replace(" ", "-")
