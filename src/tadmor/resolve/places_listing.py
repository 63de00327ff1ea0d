"""Names of places and peoples as the record lists them: whole noun phrases, "the Tigris River", "the city of Mosul".

Annotations of mentions (re3d) have the article with the name, the common noun with the name that says which one is meant, and
"Iraqi" of "Iraqi forces" with these alone. All that is done last, when every name has its identity, so that neither finding
places nor choosing among them depends on it; what a claim refers to takes its article at most, as where a claim happens is told
by a toponym (``places_toponym``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tadmor.model import Claim, Mention

_ARTICLE = re.compile(r"(?<![^\W_])the\s$", re.IGNORECASE)
_OF = re.compile(r"\s(?:of|of the)\s", re.IGNORECASE)
_NOUN = re.compile(r"\s[a-z]")  # "the Mosul offensive": the article is that of another noun
_LONGEST_ARTICLE = 5  # characters, with what stands before it
_FORCES = frozenset({"military", "armed group", "coalition", "police"})


def listed(text: str, mentions: Sequence[Mention], claims: Iterable[Claim]) -> tuple[Mention, ...]:
    """The mentions of a report in text order, its places as noun phrases.

    A common noun that a name completes is no mention of its own any more, unless a claim refers to one of the two; nor is the
    nationality in the naming of a known force, as it is none in an organisation's name.
    """
    said = {i for c in claims for i in (*c.places, *c.actors, *c.targets)}
    places = [m for m in mentions if m.type == "place"]
    joined: dict[str, Mention] = {}
    gone = _of_forces(mentions) - said
    before: Mention | None = None
    for m in places:
        if m.level == "name":
            noun = (
                before if before is not None and _completes(text, m, before) and not {before.id, m.id} & said else None
            )
            start = noun.start if noun is not None else _with_article(text, m, before)
            if start != m.start:
                joined[m.id] = replace(m, start=start, text=text[start : m.end])
            if noun is not None:
                gone.add(noun.id)
        before = m
    if not joined and not gone:
        return tuple(mentions)
    kept = (joined.get(m.id, m) for m in mentions if m.id not in gone)
    return tuple(sorted(kept, key=lambda m: (m.start, m.end, m.type)))


def _of_forces(mentions: Sequence[Mention]) -> set[str]:
    """The nationalities that only say whose a force is; mentions are in text order."""
    out: set[str] = set()
    end = 0  # of the forces so far
    for m in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if m.type == "nationality" and m.end <= end:
            out.add(m.id)
        elif m.type == "actor" and m.entity is not None and m.kind in _FORCES:
            end = max(end, m.end)
    return out


def _completes(text: str, name: Mention, noun: Mention) -> bool:
    """Whether the name says which one the common noun before it means: "the city of Mosul"."""
    return noun.level == "nominal" and _OF.fullmatch(text, noun.end, name.start) is not None


def _with_article(text: str, name: Mention, before: Mention | None) -> int:
    """Where the name begins with its article; a place before it may hold that already."""
    low = max(0, name.start - _LONGEST_ARTICLE)
    found = _ARTICLE.search(text[low : name.start])
    start = low + found.start() if found else name.start
    if before is not None and before.end > start:
        return name.start
    return name.start if " " not in name.text and _NOUN.match(text, name.end) else start
