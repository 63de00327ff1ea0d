"""Finding names of the registry in running text: an Aho-Corasick automaton over levelled text, then tests of each hit.

Levelled text has the length of the text, character by character, so that offsets need no translation: letters in lower
case without marks, every dash and space one space, every apostrophe the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import ahocorasick_rs

from tadmor.resolve.actors_lexicon import lexicon

_APOSTROPHES = "'’‘ʼʻ`´′"
_DASHES = "-‐‑‒–—_"
_MOST_SPELLINGS = 48
_ARTICLES = frozenset({"al", "el", "ar", "as", "ash", "ad", "an", "at", "az"})


class _Levels(dict[int, str]):
    """Character code to levelled character, worked out at first need."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _APOSTROPHES:
            level = "'"
        elif char in _DASHES or char.isspace():
            level = " "
        else:
            base = unicodedata.normalize("NFKD", char)[:1].lower() or char
            level = "i" if char in "ıİ" else base if len(base) == 1 else char
        self[code] = level
        return level


_LEVELS = _Levels()


def level(text: str) -> str:
    """``text`` levelled, of the same length."""
    return text.translate(_LEVELS)


def key(name: str) -> str:
    """The levelled form of a name as a whole: one space between words, no apostrophes at its ends."""
    return " ".join(level(name).split()).strip(" '\"")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: its span and its key in the registry."""

    start: int
    end: int
    key: str


def spellings(name: str) -> Iterator[str]:
    """The keys under which a name is looked for: as written, without apostrophes, and with usual other spellings."""
    words = lexicon().spellings
    plain = key(name)
    forms = {plain, key(name.replace("-", "")) if name.lower().startswith(("al-", "el-")) and " " in name else plain}
    forms |= {f.replace("'", "") for f in forms}
    done: set[str] = set()
    for form in sorted(forms):
        options = [words.get(w, (w,)) for w in form.split()]
        count = 1
        for o in options:
            count *= len(o)
        choices: Iterable[tuple[str, ...]] = product(*options) if count <= _MOST_SPELLINGS else [tuple(form.split())]
        for choice in choices:
            spelt = " ".join(choice)
            if spelt not in done:
                done.add(spelt)
                yield spelt
        if form not in done:
            done.add(form)
            yield form


def exact_case(name: str) -> bool:
    """Whether a name is only itself in its own letter case: an abbreviation, or lower case throughout."""
    letters = [c for c in name if c.isalpha()]
    return (
        bool(letters) and " " not in name and len(letters) <= 6 and sum(c.isupper() for c in letters) > len(letters) / 2
    )


class NameMatcher:
    """An automaton over the keys of many names. ``names`` maps each key to the spellings that stand for it."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._keys = sorted(k for k in names if k)
        self._exact: dict[str, frozenset[str] | None] = {}
        for k in self._keys:
            exact = [exact_case(n) for n in names[k]]
            self._exact[k] = frozenset(names[k]) if all(exact) else None
        self._lower = frozenset(k for k in self._keys if any(n == n.lower() for n in names[k]))
        self._automaton: Any = ahocorasick_rs.AhoCorasick(self._keys, matchkind=ahocorasick_rs.MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """Names in ``text`` in order, longest first where they overlap, none overlapping another."""
        flat = level(text)
        hits: list[tuple[int, int, int]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(flat, overlapping=True):
            if self._stands(text, flat, start, end, self._keys[index]):
                hits.append((start, end, index))
        hits.sort(key=lambda h: (h[0] - h[1], h[0]))
        taken: list[tuple[int, int, int]] = []
        covered = bytearray(len(text))
        for start, end, index in hits:
            if not any(covered[start:end]):
                covered[start:end] = b"\x01" * (end - start)
                taken.append((start, end, index))
        return [Hit(start, end, self._keys[index]) for start, end, index in sorted(taken)]

    def _stands(self, text: str, flat: str, start: int, end: int, name: str) -> bool:
        if start and (
            flat[start - 1].isalnum() or (flat[start - 1] == "'" and start > 1 and flat[start - 2].isalnum())
        ):
            return False
        written = text[start:end]
        if end < len(flat) and flat[end].isalnum() and not self._possessive(text, flat, start, end, name):
            return False
        if (
            end < len(flat)
            and flat[end] == "."
            and text[end + 1 : end + 2].isalnum()
            and text[end + 1 : end + 2].islower()
        ):
            return False  # a web address
        exact = self._exact[name]
        if exact is not None:
            if written not in exact:
                return False
            return not (written in lexicon().words_too and _shouted(text, start, end))
        if name in self._lower:
            return True
        return _capital(written)

    def _possessive(self, text: str, flat: str, start: int, end: int, name: str) -> bool:
        """A possessive whose apostrophe was lost: "Assads forces". Not where it could be another word's ending."""
        last = end + 1 >= len(flat) or not flat[end + 1].isalnum()
        capitals = len(name) >= 3 and text[start:end].isupper() and text[end] == "s"
        return last and flat[end] == "s" and (capitals or (len(name) >= 4 and not name.endswith("s")))


_ABBREVIATION = re.compile(r"\s*\(\s*([A-Z][\w/-]{1,9})\s*[,;)]|,?\s+or\s+([A-Z]{2,7}),")
_INSIDE = re.compile(r"\s\(([A-Z][\w/-]{1,9})\)$")


def abbreviated(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """``hits`` with those of the abbreviations that the text itself gives them: "the Arakan Army (AA)", and AA from there on.

    What the text says of an abbreviation comes before what the registry knows by it.
    """
    given: dict[str, tuple[int, str]] = {}
    for hit in hits:
        name = text[hit.start : hit.end]
        inside = _INSIDE.search(name)  # "Arakan Army (AA)" may be a name of the registry as a whole
        m = inside or _ABBREVIATION.match(text, hit.end)
        short = next((g for g in m.groups() if g), "") if m is not None else ""
        if short and _initials(short, name[: inside.start()] if inside else name):
            given.setdefault(short, (hit.end, hit.key))
    if not given:
        return list(hits)
    marks = re.finditer(r"(?<![\w-])(?:" + "|".join(map(re.escape, given)) + r")(?![\w])", text)
    own = [Hit(m.start(), m.end(), given[m[0]][1]) for m in marks if m.start() >= given[m[0]][0]]
    kept = [
        h for h in hits if not any(h.start < o.end and o.start < h.end and text[h.start : h.end] in given for o in own)
    ]
    free = [o for o in own if not any(h.start < o.end and o.start < h.end for h in kept)]
    return sorted([*kept, *free], key=lambda h: (h.start, h.end))


def _initials(short: str, name: str) -> bool:
    """Whether the capitals of ``short`` are letters that begin words of ``name`` of several words, in order."""
    capitals = [c.lower() for c in short if c.isupper()]
    words = iter(w[0].lower() for w in re.findall(r"[^\W\d_]+", name))
    return len(capitals) >= 2 and len(capitals) * 2 > len(short) and all(c in words for c in capitals)


def _capital(written: str) -> bool:
    words = written.replace("-", " ").split()
    content = [w for w in words if w.lower() not in _ARTICLES] or words
    # without letter case (Arabic), nothing can be asked of it
    return any(w[0].isupper() or not (w[0].isupper() or w[0].islower()) for w in content[:2])


def _shouted(text: str, start: int, end: int) -> bool:
    """Whether the word stands in a line of capitals, where "IS" and "WHO" may be plain words."""
    before = text[max(0, start - 24) : start].rsplit("\n", 1)[-1].split()[-2:]
    after = text[end : end + 24].split("\n", 1)[0].split()[:2]
    words = [w for w in (*before, *after) if any(c.isalpha() for c in w)]
    return len(words) > 1 and all(w.upper() == w for w in words)
