"""How the place stands in the words of a claim: as what is taken or held, or only near it, in it, or as a thing at it.

"They took Adra" tells of Adra; "the hill that overlooks Adra", "the road to Adra" and "the Adra border post" do not. Read
are the words just before and after the name, folded (:func:`tadmor.reconcile.names.fold`) and without Arabic articles.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files

WHOLE = 1.0
MOST = 0.6  # "most of X"; "in X", where what was taken may be a thing in it
PART = 0.3  # a district or a building of a place is not the place
AROUND = 0.15  # nor are the villages and hills at it

_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(some)
    for name, some in tomllib.loads(
        files("tadmor.reconcile").joinpath("data/standing.toml").read_text(encoding="utf-8")
    ).items()
}
_AT_IT = _WORDS["at_it"]
_IN_IT = _WORDS["in_it"]
_KIND_OF = _WORDS["kinds"]
_CALLED = _WORDS["called"]
_WHERE = _WORDS["directions"]
_TAKING = re.compile(
    r"(?:re)?(?:captur|seiz|tak(?:e|ing|en)|took|gain|secur|liberat|control|overr[au]n|lost|los|enter|conquer|occup|held|hold|evacuat"
    r"|abandon|left|leav|fled|flee)\w*$"
)
_BESIDE = _WORDS["beside"]
_WHOLE_OF = _WORDS["whole_of"]
_NAMING = _WORDS["naming"]
_PART_OF = _WORDS["part_of"]
_LENGTHS = _WORDS["lengths"]
_BACK = 8  # words before the name that are looked at


def standing(text: str, names: Iterable[str]) -> float | None:
    """How far the text speaks of the whole place at the best of the spots that name it, 0 to 1; None where none does.

    ``text`` and ``names`` are folded and without Arabic articles.
    """
    shares = [
        _spot(text[:start].split()[-_BACK:], text[end:].split()[:5])
        for name in names
        for start, end in spots(name, text)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()
    ]
    return max(shares, default=None)


def spots(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the name stands in the text, inside of words too. No pattern is made for each name: there are thousands of names."""
    start = text.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + 1)


def _spot(before: list[str], after: list[str]) -> float:
    if after and after[0] in ("itself", "proper"):
        return WHOLE
    while after and after[0] in _CALLED:
        after = after[1:]
    if after and after[0] in _WHERE:
        after = [w for w in after if w not in _WHERE]
    noun = after[1] if len(after) > 1 and after[0] in _KIND_OF else after[0] if after else ""
    if noun in _AT_IT:
        return AROUND
    return min(PART if noun in _IN_IT else WHOLE, _governed(before))


def _governed(before: list[str]) -> float:
    """By the word that governs the name: the last verb of taking or holding, or preposition, before it.

    "City of" governs nothing: what stands before it counts.
    """
    k = len(before) - 1
    while k >= 0:
        word, ahead = before[k], before[k - 1] if k else ""
        if word in _BESIDE or (word == "from" and ahead in _LENGTHS) or (word == "to" and k == len(before) - 1):
            return AROUND
        if word in ("in", "at"):
            return MOST
        if word == "including" or word in ("from", "over") or _TAKING.match(word):
            return WHOLE
        if word == "of":
            if ahead not in _NAMING:
                return _share_of(ahead)
            k -= 1
        k -= 1
    return WHOLE


def _share_of(noun: str) -> float:
    if noun in _WHOLE_OF or not noun:
        return WHOLE
    return PART if noun in _PART_OF else MOST if noun in ("most", "much") else AROUND
