"""Names that the gazetteer lacks: what stands around them can still make them places ("the village of X", "X mountain")."""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.resolve._compile import TRANSLITERATED
from tadmor.resolve.places_text import NewsText
from tadmor.resolve.places_tokens import Word

_LANDFORMS = frozenset({"mountain", "river", "island", "dam", "bridge", "castle", "province", "air base"})
_VAGUE = frozenset({"province", "state", "region", "base", "works", "field"})  # "Kurdish region", "Conoco plant"


def unknown_names(t: NewsText, placed: set[int], taken: set[int], context: set[str]) -> list[tuple[int, int]]:
    """Names that the gazetteer lacks and their surroundings make places, as word ranges.

    ``placed`` are the words of known places, ``taken`` those of all known names, ``context`` the countries spoken of.
    """
    placed = set(placed)
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(t.words):
        j = _end(t, i, placed, taken, context)
        if j is None:
            i += 1
            continue
        found.append((i, j))
        placed.update(range(i, j))
        i = j
    return found


def _end(t: NewsText, i: int, placed: set[int], taken: set[int], context: set[str]) -> int | None:
    """The end of an unknown name at word ``i`` that a feature word makes a place, or None."""
    if (
        i in taken
        or not t.opens(i)
        or t.in_title(t.words[i].start)
        or (i and t.words[i].joined and t.words[i - 1].upper)
    ):
        return None
    j = i + 1
    while (
        j < len(t.words)
        and j not in taken
        and t.words[j].joined
        and j - i < 5
        and (t.words[j].upper or (t.words[j].key in t.lists.articles and j + 1 < len(t.words) and t.is_article(j)))
    ):
        j += 1
    if j < len(t.words) and j in taken and t.words[j].joined and t.words[j].upper:
        return None
    name = t.words[i:j]
    while len(name) > 1 and name[-1].key in t.lists.features and t.lists.features[name[-1].key] != "road":
        name = name[:-1]
    if any(_is_no_name(t, w) for w in name) or (name[0].first and len(name) == 1) or name[-1].key in t.surnames:
        return None
    if len(name) < j - i:
        landform = t.lists.features[t.words[j - 1].key] in _LANDFORMS
        return j if landform or t.is_located(i) else None
    for length in (2, 1):
        feature = t.words[j : j + length]
        if len(feature) == length and all(w.joined and not w.upper and not w.hyphen for w in feature):
            kind = t.lists.features.get(" ".join(w.key for w in feature))
            if kind is not None and kind not in _VAGUE and j not in taken:
                return j + length
    if len(name) > 1 and name[0].key in t.lists.heads:
        return j
    if i > 1 and t.words[i - 1].key == "of" and t.words[i - 2].key in t.lists.before:
        return j
    return (
        j
        if _is_held(t, i, j, placed) or _is_among_places(t, i, j, placed) or _is_arabic_site(t, i, j, name, context)
        else None
    )


def _is_held(t: NewsText, i: int, j: int, placed: set[int]) -> bool:
    """Whether the unknown name is said to lie in a place: "in Xyz, in the Abc district", "in Xyz, in northern Abc"."""
    if j + 1 >= len(t.words) or not t.words[j].comma or t.words[j].key != "in" or not t.is_located(i):
        return False
    k = j + 1
    while k < len(t.words) and k not in placed and t.words[k].joined and k - j < 4:
        if not (
            t.words[k].key in ("the", "rural")
            or t.words[k].key in t.lists.directions
            or t.words[k].key in t.lists.before
            or t.words[k].key == "of"
        ):
            return False
        k += 1
    return k in placed


def _is_among_places(t: NewsText, i: int, j: int, placed: set[int]) -> bool:
    """Whether the unknown name stands in a list between two places: "Sarmada, Xyz and Harem"."""
    if i == 0 or j >= len(t.words):
        return False
    left = i - 1 if t.words[i].comma else i - 2 if t.words[i - 1].key == "and" and t.words[i].joined else -1
    right = j if t.words[j].comma else j + 1 if t.words[j].key == "and" and t.words[j].joined else len(t.words)
    return left >= 0 and right < len(t.words) and left in placed and right in placed


def _is_arabic_site(t: NewsText, i: int, j: int, name: Sequence[Word], context: set[str]) -> bool:
    """Whether an unknown name with an article stands after a preposition of place: "in al-Zakat"."""
    if i == 0 or len(name) < 2 or name[0].key not in t.lists.articles or not name[1].hyphen:
        return False
    if not context & TRANSLITERATED or t.words[i].first or name[-1].owner:
        return False
    after = t.words[j] if j < len(t.words) else None
    if after is not None and (after.key in t.lists.speech or (after.joined and after.upper)):
        return False
    return t.words[i - 1].key in ("in", "near", "at", "around", "toward", "towards", "outside", "inside", "into")


def _is_no_name(t: NewsText, word: Word) -> bool:
    key, lists = word.key, t.lists
    if word.upper and key in ("the", "a", "an", "this", "that"):
        return True
    return (
        key in lists.demonyms
        or key in lists.bodies
        or key in lists.titles
        or key in lists.directions
        or (key in lists.never and key not in lists.articles)
        or (word.shout and len(key) > 1)
    )
