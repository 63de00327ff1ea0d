"""Offices: "the Homs governor" is Talal Barazi where the report names "Homs Governor Talal Barazi"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tadmor.model import Mention
from tadmor.reading.cues import mention_lexicon

_WORD = re.compile(r"[\w'’.-]+")
_BEFORE = re.compile(r"(?:[\w'’.-]+[ ]){1,4}$")
_LINKS = frozenset("of in for at from with on to and who".split())
_ARTICLES = frozenset("the this that".split())
_STEM = 4  # letters by which "Turkish" and "Turkey's" are one
KUNYA = frozenset({"abu", "um", "umm"})  # a title that is part of the name: "Abu Issa"


class Offices:
    """Who holds the offices that a report gives to persons, each with the words that say which office it is."""

    def __init__(self, text: str, mentions: Sequence[Mention], names: Sequence[tuple[Mention, str]]) -> None:
        """``names`` are the person mentions that carry a name, each with the person's fullest name."""
        self._held: dict[str, list[tuple[frozenset[str], str]]] = {}
        for m, name in names:
            before = _BEFORE.search(text, max(0, m.start - 60), m.start)
            prefix = m.text[: m.text.find(name.split()[0])] if name.split()[0] in m.text else ""
            self._add(((before[0] if before else "") + prefix).split(), name)
        of = {m.id: name for m, name in names}
        persons = [m for m in mentions if m.type == "person"]
        for a, b in pairwise(persons):
            if text[a.end : b.start] in (", ", ","):
                if a.id in of and b.level == "nominal":
                    self._add(_phrase(b.text), of[a.id])
                elif b.id in of and a.level == "nominal":
                    self._add(_phrase(a.text), of[b.id])

    def _add(self, words: Sequence[str], name: str) -> None:
        heads = mention_lexicon().titles
        if not words or words[-1].lower() not in heads or words[-1].lower() in KUNYA:
            return
        modifiers = []
        for w in reversed(words[:-1]):
            if w.lower() in _ARTICLES or w.lower() in _LINKS or w.endswith("."):
                break
            modifiers.append(w)
        self._held.setdefault(words[-1].lower(), []).append((_stems(modifiers), name))

    def holder(self, phrase: str) -> str | None:
        """The person whom a description of an office means, None where it is nobody's, or more than one person's."""
        words = _phrase(phrase)
        if len(words) < 2 or words[-1].lower() not in self._held or words[0].lower() in ("a", "an"):
            return None
        modifiers = _stems(w for w in words[:-1] if w.lower() not in _ARTICLES)
        if not modifiers and words[0].lower() not in _ARTICLES:
            return None
        held = self._held[words[-1].lower()]
        fits = {name for own, name in held if (modifiers <= own if modifiers else True)}
        return next(iter(fits)) if len(fits) == 1 else None


def _phrase(text: str) -> list[str]:
    """The words of a noun phrase up to its head."""
    words = _WORD.findall(text)
    end = next((i for i, w in enumerate(words) if i and w.lower() in _LINKS), len(words))
    return words[:end]


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(w.lower().replace("'s", "").replace("’s", "")[:_STEM] for w in words)
