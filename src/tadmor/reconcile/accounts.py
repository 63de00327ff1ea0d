"""Flattens a resolved reading into accounts: one claim each, with its places, parties, voices and sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tadmor import edtf
from tadmor.errors import BadDate
from tadmor.model import Account, Attribution, Claim, ClaimRef, Mention, Party, Place, Reading, Report, Voice
from tadmor.reconcile.names import fold, fold_place, is_part

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_TERRITORY = frozenset({"territory_taken", "territory_lost", "territory_held"})


@dataclass(frozen=True, slots=True)
class Named:
    """The mentions of one reading, by id and by name, so that a name without a mention finds its identity."""

    by_id: Mapping[str, Mention]
    places: Mapping[str, Mention]
    actors: Mapping[str, Mention]


def named(reading: Reading) -> Named:
    """The mentions of a reading; of several that share a name the first with an identity stands for it."""
    places: dict[str, Mention] = {}
    actors: dict[str, Mention] = {}
    for mention in reading.mentions:
        if mention.entity is None:
            continue
        if mention.type == "place":
            for name in (mention.text, mention.name):
                if name:
                    places.setdefault(fold_place(name), mention)
        elif mention.type in ("actor", "person"):
            for name in (mention.text, mention.name):
                if name:
                    actors.setdefault(fold(name), mention)
    return Named({m.id: m for m in reading.mentions}, places, actors)


def accounts(reading: Reading, *, added: str | None = None) -> list[Account]:
    """One account per claim, in the order of the claims.

    ``added`` is the ISO day on which the record took the report in: it stands for the day known when the report has no
    date of publication.
    """
    if not reading.claims:
        return []
    report = reading.report
    names = named(reading)
    attributions = {a.id: a for a in reading.attributions}
    known = _first_day(report.published) or added
    bounds = _sentence_bounds(report)
    return [
        Account(
            ref=ClaimRef(report.id, claim.id),
            claim=claim,
            title=report.title,
            publisher=report.publisher,
            published=report.published,
            known=known,
            places=tuple(dict.fromkeys(place for _, place in places_of(claim, names))),
            actors=tuple(dict.fromkeys(party for _, party in parties_of(claim.actors, claim.actor_names, names))),
            targets=tuple(dict.fromkeys(party for _, party in parties_of(claim.targets, claim.target_names, names))),
            voices=_voices(claim, attributions),
            sentence=_sentence(report.text, bounds, claim.start, claim.end),
        )
        for claim in reading.claims
    ]


def places_of(claim: Claim, names: Named) -> list[tuple[str, Place]]:
    """The claim's places, each with the words that the report has for it.

    A phrase that names only a part of a place ("south of X") keeps its words and has no identity. A place without an identity of
    which only the area is known has no point here: two of them in one area are not the same place.
    """
    out: list[tuple[str, Place]] = []
    for phrase, mention in _paired(claim.places, claim.place_names, names.by_id):
        found = mention or names.places.get(fold_place(phrase))
        if found is None:
            out.append((phrase, Place(phrase)))
        elif found.entity is None:
            out.append((phrase, Place(_shown(phrase, found), None, None, None, found.country)))
        elif claim.type in _TERRITORY and is_part(phrase) and fold_place(phrase) != fold_place(found.text):
            out.append((phrase, Place(phrase, None, found.lat, found.lon, found.country)))
        else:
            out.append((phrase, Place(_shown(phrase, found), found.entity, found.lat, found.lon, found.country)))
    return out


def _shown(phrase: str, found: Mention) -> str:
    """The name that the report itself uses ("Palmyra"), the gazetteer's ("Tadmur") only where it uses none ("the city")."""
    bare = _ARTICLE.sub("", phrase)
    return bare if bare[:1].isupper() else found.name or phrase


def parties_of(ids: Sequence[str], phrases: Sequence[str], names: Named) -> list[tuple[str, Party]]:
    """Actors or targets of a claim, each with the words that the report has for it."""
    out: list[tuple[str, Party]] = []
    for phrase, mention in _paired(ids, phrases, names.by_id):
        found = mention or names.actors.get(fold(phrase))
        if found is None:
            out.append((phrase, Party(phrase)))
        else:
            out.append((phrase, Party(found.name or phrase, found.entity, found.kind, found.side)))
    return out


def _paired(
    ids: Sequence[str], phrases: Sequence[str], mentions: Mapping[str, Mention]
) -> list[tuple[str, Mention | None]]:
    """Names with their mentions: in parallel where there are as many, else the mentions, else the names alone."""
    found = [m for i in ids if (m := mentions.get(i))]
    if found and len(ids) == len(phrases):
        return [(phrase, mentions.get(i)) for phrase, i in zip(phrases, ids, strict=True)]
    if found:
        return [(m.text, m) for m in found]
    return [(phrase, None) for phrase in phrases]


def _voices(claim: Claim, attributions: Mapping[str, Attribution]) -> tuple[Voice, ...]:
    out: list[Voice] = []
    for index, chain in enumerate(claim.sources):
        names = claim.source_names[index] if index < len(claim.source_names) else ()
        speakers = [a.source for i in chain if (a := attributions.get(i)) and a.source]
        if speakers:
            inner = speakers[-1]
            through = tuple(s.name for s in speakers[:-1])
            out.append(Voice(inner.name, inner.entity, inner.kind, inner.side, inner.anonymous, through))
        elif names:
            out.append(Voice(names[-1], through=tuple(names[:-1])))
    if not claim.sources:
        out = [Voice(chain[-1], through=tuple(chain[:-1])) for chain in claim.source_names if chain]
    return tuple(dict.fromkeys(out))


def _first_day(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        start, end = edtf.bounds(value)
    except BadDate:
        return None
    day = start or end
    return day.isoformat() if day else None


def _sentence_bounds(report: Report) -> tuple[list[int], list[int]]:
    from tadmor.reading.text import sentences  # loads the sentence splitter, which only reading a report needs

    found = sentences(report)
    return [s.start for s in found], [s.end for s in found]


def _sentence(text: str, bounds: tuple[list[int], list[int]], start: int, end: int) -> str:
    """The sentence or sentences that hold ``text[start:end]``."""
    starts, ends = bounds
    first = bisect_right(starts, start) - 1
    last = bisect_right(starts, max(start, end - 1)) - 1
    a = starts[first] if first >= 0 and ends[first] > start else start
    b = max(ends[last], end) if last >= 0 else end
    return text[a:b].strip()
