"""Which war and which country a report is about: what its bare words ("the army", "the junta") lean on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tadmor.model import Mention, Report
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.registry import Registry

_WAR_WORDS = 40_000  # code points: the war is plain from the first pages of any report
_MOST = 0.6  # of a report without a war: the part of all its words for countries that one country must have


@dataclass(frozen=True, slots=True)
class Theatre:
    """A war by its id, and the country (alpha-2) that stands out in it, or in the report where there is no war."""

    war: str | None
    country: str | None


def theatre_of(report: Report, mentions: Sequence[Mention], registry: Registry) -> Theatre:
    """The theatre of a report: by the countries of its places, its words for countries, and the actors it names."""
    countries: Counter[str] = Counter()
    for mention in mentions:
        if mention.type == "place" and mention.country:
            countries[mention.country] += 1
    for code in registry.countries_in(report.text[:_WAR_WORDS]):
        countries[code] += 2
    votes: Counter[str] = Counter()
    for code, count in countries.items():
        war = registry.war_of(code)
        if war is not None:
            votes[war] += count
    for mention in mentions:
        if mention.type == "actor" and mention.entity is not None and mention.entity in registry.actors:
            own = registry.wars_of(mention.entity)
            place = lexicon().wars.get(next(iter(own))) if len(own) == 1 else None
            if place is None:
                continue
            votes.update(own)
            country = registry.actors[mention.entity].country
            if country is not None and country in place.countries:
                countries[country] += 1
    if not votes:
        total = countries.total()
        return Theatre(None, next((c for c, n in countries.most_common(1) if n >= _MOST * total), None))
    best = min(votes, key=lambda w: (-votes[w], w))
    inside = Counter({c: countries[c] for c in lexicon().wars[best].countries if countries[c]}).most_common(2)
    clear = inside and (len(inside) == 1 or inside[0][1] > inside[1][1])
    return Theatre(best, inside[0][0] if clear else None)


def war_of(report: Report, mentions: Sequence[Mention], registry: Registry) -> str | None:
    """The war that a report is about; None when it speaks of no country that the registry knows a war of."""
    return theatre_of(report, mentions, registry).war
