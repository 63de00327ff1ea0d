"""Arguments: who does it, to whom, and where, among the mentions in and near a claim's clause.

Each mention is judged for each role by where it stands to the trigger: side, distance, the preposition that governs
it, voice, its kind. The weights are in ``data/arguments.json``, derived from coded reports by
``training/derive_arguments.py``. Nobody is inferred: without a fitting mention the role stays empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from tadmor.model import Mention
from tadmor.reading import people
from tadmor.reading.drafts import Draft
from tadmor.reading.odds import probability
from tadmor.reading.scene import Scene
from tadmor.reading.triggers import read_data

ROLES = ("actor", "target", "place")
_PREPOSITIONS = frozenset(
    "in on at of from to by with for into near over against between around across under during toward towards inside"
    " outside among through along via within alongside like including called and or".split()
)
_SKIP = frozenset("the a an its their his her our some several many other all both local nearby so".split())
_BE = frozenset("is are was were be been being".split())
TERRITORY = frozenset("territory_taken territory_lost territory_held siege advance".split())
_COMPASS = r"(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern)?"
_PARTS = (
    r"(?:villages?|towns?|parts?|areas?|districts?|neighbou?rhoods?|portions?|sections?|swathes?|pockets?|suburbs?|half|halves|most|hills?|farms?"
    r"|outskirts|countryside|sites|positions|territory|regions?|points|heights|some)"
)
_PHRASE = re.compile(
    rf"(?:\b(?:{_PARTS}\s+)?(?:to\s+the\s+|in\s+the\s+)?{_COMPASS}(?:\s+and\s+{_COMPASS})?\s+of"
    rf"|\b(?:{_COMPASS}\s+)?{_PARTS}\s+(?:in|of|near|around)|\b(?:the\s+)?{_COMPASS}(?:\s+and\s+{_COMPASS})?)"
    r"\s+(?:the\s+)?(?:(?:city|town|province|district|village)\s+of\s+)?$",
    re.IGNORECASE,
)
# "the besieged northern city of" before a name says what it is; "the northern district of" before one, that a part is meant
_SETTLEMENT = re.compile(
    r"(?:the\s+)?(?:(?!(?:of|in|on|most|parts?|half|rest|south|north|east|west|near|outside|outskirts|countryside|capital)\b)(?-i:[a-z])"
    r"[\w'’-]*\s+){0,4}?(?:(?:cit(?:y|ies)|towns?|villages?)|(?<!ern )(?<!rth )(?<!uth )(?<!ast )(?<!est )"
    r"(?:district|neighbou?rhood|suburb|camp))\s+of\s+(?:the\s+)?(?=\S*(?-i:[A-Z]))",
    re.IGNORECASE,
)
_OF_THE_CITY = re.compile(
    r"\b(?:of|in|near|outside|around)\s+(?P<whole>(?:the|this|that)\s+(?:(?-i:[a-z])[\w-]+\s+){0,2}(?P<head>city|town|province|governorate|village))$",
    re.IGNORECASE,
)
_ENDINGS = frozenset({"city", "town", "ince", "rate", "lage"})
# "X in M": the first of two places so joined is the more specific
_WITHIN = re.compile(r",?\s+(?:village |town |city |district )?(?:in|of|near|outside)\s+(?:\w+\s+){0,2}")
# what stands between the members of a list; nothing at all where a corpus has lost its commas
_JOINS = re.compile(
    r"[\s,;/]*(?:(?:and|or|as well as|&|plus)\s+)?(?:(?:in|of|at|from|the|towns?|villages?|city|of)\s+){0,4}"
)
_ALONE: frozenset[int] = frozenset()
_COUNTRIES = frozenset(
    "syria iraq turkey russia iran lebanon israel jordan ukraine usa us uk france germany britain china egypt qatar"
    " yemen libya europe saudi united philippines kuwait syrias iraqs turkeys russias".split()
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Mentions of each role in text order, with the names to print for places (a phrase where the codebook keeps it)."""

    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    places: tuple[Mention, ...]
    place_names: tuple[str, ...]


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights by role and feature; ``first`` and ``more`` are the thresholds of the likeliest mention and of further ones."""
    return json.loads(read_data("arguments.json"))  # type: ignore[no-any-return]


def candidates(scene: Scene, draft: Draft) -> list[tuple[Mention, list[str]]]:
    """Mentions that may fill a role of the clause, with what is known of each as features."""
    line = draft.line.sentence
    here = scene.within(line.start, line.end)
    places, others = (_Alike.of(draft, [m for m in here if (m.type == "place") == kind]) for kind in (True, False))
    out = [(m, features(scene, draft, m, places if m.type == "place" else others)) for m in here]
    for before, kind in ((scene.earlier_places(line.start), "place"), (scene.earlier_actors(line.start), "actor")):
        present = any((m.type == "place") == (kind == "place") for m in here)
        out.extend((m, _earlier_features(scene, draft, m, rank, present)) for rank, m in enumerate(before))
    return out


def _earlier_features(scene: Scene, draft: Draft, m: Mention, rank: int, present: bool) -> list[str]:
    often = scene.often.get(scene.name(m), 0)
    kind = f"{m.type}-{m.level}"
    return [
        "bias",
        "earlier",
        f"earlier:{rank}-{present}",
        f"earlier-often:{'most' if often == scene.most else min(often, 4)}-{present}",
        f"earlier-type:{draft.type}-{present}",
        f"earlier-kind:{kind}-{rank}",
        f"earlier-country:{is_country(m)}",
        f"earlier-distance:{_lines_back(draft, m)}",
        f"earlier-speaker:{m.id in scene.speakers}",
        f"earlier-type-kind:{draft.type}-{kind}",
    ]


def _lines_back(draft: Draft, m: Mention) -> str:
    gap = draft.line.sentence.start - m.end
    return "near" if gap < 150 else "some" if gap < 500 else "far"


class _Alike(NamedTuple):
    """The places of a clause's sentence, or those in it who may act: how near the nearest is, how many the clause covers."""

    mentions: Sequence[Mention]
    nearest: int
    covered: int

    @classmethod
    def of(cls, draft: Draft, mentions: Sequence[Mention]) -> _Alike:
        return cls(mentions, min(map(draft.gap, mentions), default=0), sum(map(draft.covers, mentions)))


def features(scene: Scene, draft: Draft, m: Mention, alike: _Alike) -> list[str]:
    """Where a mention stands to the trigger of a clause; ``alike`` are those of its kind in the sentence, itself included."""
    words = draft.line.words
    first, last = words[draft.first], words[draft.last]
    at = _index(draft, m.start)
    stop = _index(draft, m.end - 1)
    if m.end <= first.start:
        side, distance = "L", draft.first - stop - 1
    elif m.start >= last.end:
        side, distance = "R", at - draft.last - 1
    else:
        side, distance = "T", 0
    inside = draft.covers(m)
    kind = m.type if m.type != "place" or not is_country(m) else "country"
    near = "0" if distance <= 0 else "1" if distance == 1 else "2" if distance <= 3 else "4" if distance <= 6 else "7"
    same_kind = alike.mentions
    listed = _listed_after(draft, m, same_kind)
    preposition = _governor(draft, _index(draft, listed.start) if listed is not None else at)
    passive = any(w.lower in _BE for w in words[max(0, draft.first - 3) : draft.first])
    follows = words[stop + 1].lower if stop + 1 < len(words) else "</s>"
    surface = words[draft.first].lower
    form = (
        "ing" if surface.endswith("ing") else "ed" if surface.endswith("ed") else "s" if surface.endswith("s") else "0"
    )
    if side == "L":
        rank = sum(1 for x in same_kind if m.end <= x.start and x.end <= first.start)
    else:
        rank = sum(1 for x in same_kind if last.end <= x.start and x.end <= m.start)
    where = f"{side}-{'in' if inside else 'out'}"
    rivals = alike.covered - inside
    nearest = draft.gap(m) <= alike.nearest
    holds, held = nested(draft, m, same_kind)
    head = words[stop].stem
    speaker = m.id in scene.speakers
    return [
        "bias",
        f"kind:{kind}-{m.level}",
        f"where:{where}",
        f"where-kind:{where}-{kind}",
        f"type-where:{draft.type}-{where}-{kind}",
        f"type-where-rank:{draft.type}-{where}-{min(rank, 2)}",
        f"near:{side}-{near}",
        f"near-kind:{side}-{near}-{kind}",
        f"prep:{preposition}",
        f"prep-where:{preposition}-{where}",
        f"prep-type:{preposition}-{draft.type}-{side}",
        f"prep-key:{preposition}-{draft.key}-{side}",
        f"voice:{passive}-{form}-{side}",
        f"voice-prep:{passive}-{form}-{preposition}-{side}-{'in' if inside else 'out'}",
        f"voice-type:{passive}-{form}-{draft.type}-{side}",
        f"key:{draft.key}-{side}",
        f"key-near:{draft.key}-{side}-{near}",
        f"next:{follows}",
        f"head:{head}",
        f"head-type:{head}-{draft.type}",
        f"rank:{side}-{min(rank, 3)}",
        f"rank-prep:{side}-{min(rank, 3)}-{preposition}",
        f"list:{listed is not None}-{preposition}-{side}",
        f"key-form:{draft.key}-{form}-{passive}-{side}-{preposition}",
        f"rivals:{min(rivals, 3)}-{kind}-{'in' if inside else 'out'}",
        f"nearest:{nearest}-{kind}-{side}",
        f"nearest-type:{nearest}-{draft.type}-{side}",
        f"within:{holds}-{held}",
        f"within-kind:{holds}-{held}-{kind}",
        f"speaker:{speaker}",
        f"speaker-type:{speaker}-{draft.type}",
        f"only:{len(same_kind) == 1}-{kind}",
        f"often:{kind == 'place' and scene.often.get(scene.name(m)) == scene.most}",
    ]


def nested(draft: Draft, m: Mention, same_kind: Sequence[Mention]) -> tuple[bool, bool]:
    """Whether "X in M" and "M in X" stand there: of two places so joined, the first is the more specific."""
    sentence = draft.line.sentence
    holds = held = False
    for x in same_kind:
        if x.start < sentence.start or x.end > sentence.end:
            continue
        if x.end <= m.start and m.start - x.end < 25:
            between = sentence.text[x.end - sentence.start : m.start - sentence.start].lower()
            holds = holds or _WITHIN.fullmatch(between) is not None
        elif m.end <= x.start and x.start - m.end < 25:
            between = sentence.text[m.end - sentence.start : x.start - sentence.start].lower()
            held = held or _WITHIN.fullmatch(between) is not None
    return holds, held


def link(scene: Scene, draft: Draft) -> Arguments:
    """The arguments of a clause by the weights alone."""
    scored: dict[str, list[tuple[float, Mention]]] = {role: [] for role in ROLES}
    for m, active in candidates(scene, draft):
        for role, x in zip(ROLES, odds(active), strict=True):
            if allowed(role, m):
                scored[role].append((probability(x), m))
    return choose_from(scene, draft, scored, weights())


def odds(active: Sequence[str]) -> tuple[float, ...]:
    """Log-odds of each role for a candidate with these features."""
    rows = list(filter(None, map(_by_feature().get, active)))
    return tuple(map(sum, zip(*rows, strict=True))) if rows else (0.0,) * len(ROLES)


@cache
def _by_feature() -> dict[str, tuple[float, ...]]:
    """The weights of each feature for all roles."""
    table = weights()
    names = dict.fromkeys(name for role in ROLES for name in table[role])
    return {name: tuple(table[role].get(name, 0.0) for role in ROLES) for name in names}


def choose_from(
    scene: Scene,
    draft: Draft,
    scored: Mapping[str, Sequence[tuple[float, Mention]]],
    table: Mapping[str, Mapping[str, float]],
) -> Arguments:
    """The arguments among candidates with their probabilities; ``table`` has the thresholds of each role."""
    actors = chosen(scene, scored["actor"], table["actor"])
    taken = {scene.party(m) for m in actors}
    targets = chosen(scene, [(p, m) for p, m in scored["target"] if scene.party(m) not in taken], table["target"])
    places = chosen(scene, scored["place"], table["place"])
    return Arguments(actors, targets, places, tuple(place_name(scene, draft, m) for m in places))


def allowed(role: str, m: Mention) -> bool:
    """Whether a mention of this kind may fill the role at all."""
    if role == "place":
        return m.type == "place"
    return m.type != "place" or is_country(m)


def lists(text: str, among: Sequence[Mention]) -> list[frozenset[int]]:
    """For each mention the indices of those that stand in one list with it, itself included; none where it stands alone."""
    order = sorted(range(len(among)), key=lambda i: (among[i].start, -among[i].end))
    groups: list[list[int]] = []
    for i in order:
        last = among[groups[-1][-1]] if groups else None
        if last is not None and last.end <= among[i].start and _JOINS.fullmatch(text, last.end, among[i].start):
            groups[-1].append(i)
        else:
            groups.append([i])
    out = [_ALONE] * len(among)
    for group in groups:
        if len(group) > 1:
            mates = frozenset(group)
            for i in group:
                out[i] = mates
    return out


def chosen(scene: Scene, found: Sequence[tuple[float, Mention]], row: Mapping[str, float]) -> tuple[Mention, ...]:
    """The likeliest mention if it reaches ``first``, and all that reach ``more``; each name once, in text order.

    One that stands in a list with a chosen one ("Homs, Hama and Idlib") need only reach ``mates``.
    """
    mates = row.get("mates", row["more"])
    least = min(row["first"], row["more"], mates)
    best: dict[str, tuple[float, Mention]] = {}
    for p, m in found:
        if p < least:
            continue  # most of them: whatever the others are, it is not kept
        name = scene.party(m)
        if name not in best or p > best[name][0]:
            best[name] = (p, m)
    ranked = sorted(best.values(), key=lambda x: (-x[0], x[1].start))
    together = lists(scene.report.text, [m for _, m in found]) if len(ranked) > 1 else []
    at = {id(m): i for i, (_, m) in enumerate(found)} if len(ranked) > 1 else {}
    kept: list[Mention] = []
    for p, m in ranked:
        listed = any(at[id(o)] in together[at[id(m)]] for o in kept)
        if p < (row["first"] if not kept else mates if listed else row["more"]):
            continue
        if m.type == "place" or not any(_one(scene, m, o) for o in kept):
            kept.append(m)
    return tuple(sorted(kept, key=lambda m: (m.start, m.end)))


def _one(scene: Scene, m: Mention, other: Mention) -> bool:
    """Whether two mentions name one party: they overlap, or their names are alike."""
    overlap = m.start < other.end and other.start < m.end
    return overlap or people.alike(scene.party(m), scene.party(other))


def _listed_after(draft: Draft, m: Mention, alike: Sequence[Mention]) -> Mention | None:
    """The first of a list that the mention stands in ("Homs, Hama and Idlib"), or None when it stands alone."""
    first = None
    nearest = m
    for other in reversed([x for x in alike if x.end <= m.start]):
        between = draft.line.sentence.text[
            other.end - draft.line.sentence.start : nearest.start - draft.line.sentence.start
        ]
        if between.strip(" ,;") not in ("", "and", "or", "the", "and the", "as well as"):
            break
        first = nearest = other
    return first


def place_name(scene: Scene, draft: Draft, m: Mention) -> str:
    """The name of a claim's place: for territory the phrase around it is kept, so that a part does not hand over the whole."""
    name = scene.name(m)
    line = draft.line.sentence
    if draft.type in TERRITORY and line.start <= m.start < line.end:
        lead = _PHRASE.search(scene.report.text, max(line.start, m.start - 60), m.start)
        if lead is not None:
            return settled(_named(scene, m, re.sub(r"\s+", " ", lead[0] + m.text)))
    return settled(_named(scene, m, name))


def _named(scene: Scene, m: Mention, phrase: str) -> str:
    """The phrase with the name of the place that it is part of: "parts of Aleppo" of "parts of the northern city".

    Coders who write names leave "of the city" as it stands in 4 of 153 places of gold-train.
    """
    tail = _OF_THE_CITY.search(phrase) if phrase[-4:] in _ENDINGS else None
    if tail is None:
        return phrase
    name = scene.whole(m, tail["head"].lower())
    return phrase if name is None else f"{phrase[: tail.start('whole')]}{name}"


@lru_cache(maxsize=4096)  # the same few names are asked for at every claim
def settled(name: str) -> str:
    """The name of a place without what says that it is one: "Manbij" of "the northern city of Manbij".

    In coded reports "the town of X" is X in 413 of 429 cases, and "the neighborhood of X" in 25 of 27; of the rest a
    part of X is meant.
    """
    lead = _SETTLEMENT.match(name)
    return name[lead.end() :] if lead else name


def _governor(draft: Draft, at: int) -> str:
    """The preposition that governs the word at an index, or what else stands before its phrase."""
    words = draft.line.words
    i = at - 1
    steps = 0
    while i >= 0 and steps < 4:
        word = words[i]
        if word.lower in _PREPOSITIONS:
            return word.lower
        if draft.first <= i <= draft.last:
            return "trigger"
        if not word.text[0].isalnum():
            return ","
        if word.lower not in _SKIP and word.lower != word.text and steps:
            return "name"
        i -= 1
        steps += 1
    return "<s>" if i < 0 else "none"


def _index(draft: Draft, offset: int) -> int:
    """Index of the word at or before an offset."""
    return max(0, draft.line.word_at(offset))


def is_country(m: Mention) -> bool:
    """Whether the mention is the name of a country that acts in the wars that news tells of."""
    return _begins_with_country(m.text)


@lru_cache(maxsize=4096)  # as above
def _begins_with_country(name: str) -> bool:
    first = next(iter(name.lower().split()), "")
    return first.rstrip("'’s") in _COUNTRIES or first in _COUNTRIES
