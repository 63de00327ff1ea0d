"""The distinct names of a report: what each may be, which kind of place its words ask for, and what follows it after a comma.

A name is looked up as it stands, then without its article, its direction or its feature word ("the town of X", "X province").
What the gazetteer lacks but holds a name that it has ("Xton Fire Station", "the Xton Court Building") is a site at that place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tadmor.model import Mention, Report
from tadmor.resolve._compile import TRANSLITERATED
from tadmor.resolve.gazetteer import Candidate, Gazetteer
from tadmor.resolve.names import fold
from tadmor.resolve.places_words import words

_MOST = 30  # candidates weighed per name
_POSSESSIVE = re.compile(r"['’ʼ‘`´]s?$")
_PARTY = re.compile(r"^[DRI]-(?=[A-Z])")
_ARTICLE = re.compile(r"the\s+(?=\S)", re.IGNORECASE)
_COUNTIES = ("county", "parish")  # "in Xy and Zed counties": a county's bare name
# Kinds of places that lie anywhere beside what they are named after, if it is that place at all.
_OF_THEIR_OWN = ("province", "state", "county", "mountain", "river", "island", "road")
_WORD = re.compile(r"\S+")
_LONGEST = 4  # words of a name that is looked for inside another


@dataclass(slots=True)
class Name:
    """One distinct name of the report: where it stands, what it may be, which container follows it.

    ``key`` and ``core`` are folded, ``core`` without feature words. ``derived`` says that the name is that of a site at one of
    the candidates. ``containers`` are the keys of what follows after a comma, ``holders`` the (country, province or None) among
    them that hold one of the candidates, ``held`` those of the name itself that hold another's.
    """

    key: str
    core: str
    feature: str | None
    mentions: list[Mention]
    candidates: list[Candidate]
    derived: bool = False
    containers: set[str] = field(default_factory=set)
    holders: set[tuple[str, str | None]] = field(default_factory=set)
    held: set[tuple[str, str | None]] = field(default_factory=set)


def bare(text: str) -> str:
    """The text without a possessive ending and without a party before a state or town ("D-Xton")."""
    return _PARTY.sub("", _POSSESSIVE.sub("", text))


def names_of(mentions: Sequence[Mention], report: Report, gazetteer: Gazetteer) -> list[Name]:
    """The distinct names of the report's place mentions, in text order."""
    groups: dict[str, Name] = {}
    places = sorted((m for m in mentions if m.type == "place" and m.level == "name"), key=lambda m: (m.start, m.end))
    for mention in places:
        text = _written(mention, report)
        key = fold(text)
        if key not in groups:
            looked = look_up(text, gazetteer)
            groups[key] = Name(key, looked.core, looked.feature, [], looked.candidates, looked.derived)
        groups[key].mentions.append(mention)
    for left, right in pairwise(places):
        if re.fullmatch(r"\s?,\s?|\s\(", report.text[left.end : right.start]):
            groups[fold(_written(left, report))].containers.add(fold(_written(right, report)))
    for mention in places:
        state = re.match(r",\s((?:[A-Z]\.?\s?){1,2}[a-z]*\.?)", report.text[mention.end : mention.end + 12])
        if state and (name := words().abbreviations.get(state[1].strip())):
            groups[fold(_written(mention, report))].containers.add(fold(name))
    for group in groups.values():
        for key in sorted(group.containers):
            _link(group, groups.get(key), key, gazetteer)
    return [*groups.values(), *_of_bodies(mentions, groups, gazetteer)]


def _of_bodies(mentions: Sequence[Mention], known: Mapping[str, Name], gazetteer: Gazetteer) -> list[Name]:
    """The names of places inside those of bodies ("the Xland Rescue Council"), as names without mentions.

    They speak for where the report is, but no mention is theirs.
    """
    out: dict[str, Name] = {}
    cores = {name.core for name in known.values()}
    for text in dict.fromkeys(bare(m.text) for m in mentions if m.type == "actor" and m.level == "name"):
        found = within(text, gazetteer)
        if found.candidates and found.core not in cores:
            out.setdefault(found.core, Name(found.core, found.core, None, [], found.candidates))
    return list(out.values())


def _written(mention: Mention, report: Report) -> str:
    """The name as written, without a possessive ending, with the full stop of an abbreviated state that was left out of it."""
    text = bare(mention.text)
    if report.text[mention.end : mention.end + 1] == "." and _state(f"{text}."):
        return f"{text}."
    return text


def _state(text: str) -> str | None:
    return words().abbreviations.get(text) or words().abbreviations.get(text.replace(". ", "."))


def _link(name: Name, other: Name | None, key: str, gazetteer: Gazetteer) -> None:
    """Note which countries and provinces named after a comma hold one of the name's candidates, and that they do."""
    for holder in other.candidates if other else gazetteer.strict(key):
        if holder.kind not in ("country", "admin1") or not holder.country:
            continue
        area = (holder.country, holder.admin1 if holder.kind == "admin1" else None)
        if any(c.country == area[0] and area[1] in (None, c.admin1) and c.id != holder.id for c in name.candidates):
            name.holders.add(area)
            if other:
                other.held.add(area)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a name may be, the kind of place that its words ask for, and whether it is only a site at those places.

    ``core`` is the folded name by which they were found, ``span`` where that stands in the text where it is a name inside
    another (offsets in code points).
    """

    candidates: list[Candidate]
    feature: str | None
    derived: bool
    core: str
    span: tuple[int, int] | None = None


def look_up(text: str, gazetteer: Gazetteer) -> Lookup:
    """What a name may be, as it stands or by a name inside it; without candidates where the gazetteer has none."""
    found = _look_up(text, gazetteer)
    plain = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
    if not found.candidates and plain != text:
        found = _look_up(plain, gazetteer)
    if found.candidates or found.feature in _OF_THEIR_OWN or fold(plain) in words().never:
        return found
    inside = within(plain, gazetteer)
    if found.feature is not None and any(c.kind == "country" for c in inside.candidates):
        return found  # a town or a region somewhere in that country
    return inside if inside.candidates else found


def _look_up(text: str, gazetteer: Gazetteer) -> Lookup:
    core, feature = _parse(text)
    candidates, derived = _candidates(text, core, feature, gazetteer)
    first, _, rest = core.partition(" ")
    if not candidates and feature and rest and fold(first) in words().directions:
        core = rest  # "northern Hama countryside"
        candidates, derived = _candidates(f"{rest} {text.split()[-1]}", rest, feature, gazetteer)
    return Lookup(candidates, feature, derived, fold(core))


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


# News calls one and the same field an airport, an air base or a base.
_ALIKE = {"base": ("base", "air base"), "airport": ("airport", "air base"), "air base": ("air base", "airport")}
_FITS = {
    "province": ("admin1",),
    "state": ("admin1", "country"),
    "county": ("admin2",),
    "town": ("town",),
    "region": ("region", "admin1"),
}


def _candidates(text: str, core: str, feature: str | None, gazetteer: Gazetteer) -> tuple[list[Candidate], bool]:
    """What the name may be, and whether it is only a site at that place."""
    state = _state(text) or _state(core)
    if state:
        return [c for c in gazetteer.strict(state) if c.kind == "admin1"], False
    if fold(text) in words().never:
        return [], False
    whole = list(gazetteer.strict(text))
    if text[:1].islower() and core != text and not any(c.kind in ("region", "site", "admin1") for c in whole):
        whole = []  # "north Arlington" is a part of Arlington, "North Arlington" another town
    if feature is None:
        found = (list(gazetteer.candidates(text)) if whole else list(gazetteer.candidates(core)))[:_MOST]
        return found + _counties(text if whole else core, found, gazetteer), False
    if whole:
        if feature == "town":  # "Dublin City" may be Dublin, though there are towns of the whole name
            known = {c.id for c in whole}
            inner = [c for c in gazetteer.strict(core) if c.kind == "town" and c.id not in known]
            whole += [replace(c, match="alternate") for c in inner]
        return whole[:_MOST], False
    inner = list(gazetteer.strict(core))
    if not any(c.kind == "town" for c in inner):
        inner += [c for c in gazetteer.variants(core) if c not in inner]
    alike = _ALIKE.get(feature, (feature,))
    fitting = [c for c in inner if c.feature in alike or c.kind in _FITS.get(feature, ())]
    if feature == "district":
        fitting = [c for c in inner if c.feature in ("district", "subdistrict")] or [
            c for c in inner if c.feature == "camp"
        ]
    if feature in ("mountain", "river", "field", "works"):
        fitting = fitting or [c for c in inner if c.kind in ("site", "region")]
    if fitting:
        return fitting[:_MOST], False
    if feature in _OF_THEIR_OWN:
        return [], False
    sites = _sites(core, feature, gazetteer)
    if sites:
        return sites[:_MOST], False
    return [c for c in inner if c.kind == "town"][:_MOST], True


def _sites(core: str, feature: str, gazetteer: Gazetteer) -> list[Candidate]:
    """Sites of that name under another word for what they are or another spelling: "Dayr az Zawr military airport"."""
    found: dict[str, Candidate] = {}
    alike = _ALIKE.get(feature, (feature,))
    for word, kind in words().features.items():
        if kind in alike:
            for c in gazetteer.candidates(f"{core} {word}"):
                if c.kind == "site" and c.feature in alike:
                    found.setdefault(c.id, c)
    return list(found.values())


def _counties(core: str, found: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """Counties of that bare name, which have the word in the gazetteer."""
    known = {c.id for c in found}
    counties = (c for word in _COUNTIES for c in gazetteer.strict(f"{core} {word}"))
    return [replace(c, match="alternate") for c in counties if c.kind == "admin2" and c.id not in known]


def within(text: str, gazetteer: Gazetteer) -> Lookup:
    """The places of the longest name inside the text; the text's other words, folded, are the feature."""
    spans = [m.span() for m in _WORD.finditer(text)]
    parts = [text[a:b] for a, b in spans]
    lists = words()
    for length in range(min(_LONGEST, len(parts) - 1), 0, -1):
        for i in range(len(parts) - length + 1):
            first, last = parts[i], parts[i + length - 1]
            inner = bare(text[spans[i][0] : spans[i + length - 1][1]])
            key = fold(inner)
            if not (first[0].isupper() and last[0].isupper()) or len(key) < 4:
                continue
            if key in lists.never or key in lists.features or (length == 1 and key in lists.ordinary):
                continue
            rest = [p for p in (fold(p) for p in (*parts[:i], *parts[i + length :])) if p and p not in lists.articles]
            # where names are transliterated, what stands beside a town's name may make another town's of it
            usual = all(p in lists.ordinary or p in lists.bodies or p in lists.features for p in rest)
            found = [c for c in gazetteer.strict(key) if usual or c.country not in TRANSLITERATED]
            found = [c for c in found if c.kind in ("country", "admin1", "admin2", "town") and c.match != "alternate"]
            if found:
                begin = spans[i][0] + text[spans[i][0] : spans[i + length - 1][1]].find(inner)
                return Lookup(found[:_MOST], " ".join(rest), True, key, (begin, begin + len(inner)))
    return Lookup([], None, False, fold(text))
