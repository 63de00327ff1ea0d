"""How the place stands in the words of a claim: as what is taken or held, or only near it, in it, or as a thing at it.

"They took Adra" tells of Adra; "the hill that overlooks Adra", "the road to Adra" and "the Adra border post" do not. Read
are the words just before and after the name, folded (:func:`tadmor.reconcile.names.fold`) and without Arabic articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

WHOLE = 1.0
MOST = 0.6  # "most of X"; "in X", where what was taken may be a thing in it
PART = 0.3  # a district or a building of a place is not the place
AROUND = 0.15  # nor are the villages and hills at it

_AT_IT = frozenset(
    "grain silo silos border crossing post posts road roads highway countryside mountain mountains hill hills heights oil gas"
    " oilfield oilfields field fields dam front frontline frontlines axis axes outskirts suburbs farms farmlands villages bridge"
    " checkpoint checkpoints surroundings desert plain valley airbase airport airfield base barracks battalion triangle junction"
    " tower quarry warehouses forest pocket line lines crossroads depot depots station refinery plant subdistrict canton"
    " portion section stretch entrance entrances exits edge edges gates".split()
)  # fmt: skip
_IN_IT = frozenset(
    "neighborhood neighborhoods neighbourhood neighbourhoods district districts quarter quarters prison hospital citadel castle"
    " stadium university mosque camp market roundabout square".split()
)  # fmt: skip
_KIND_OF = frozenset(
    "military air communications main strategic central power industrial national thermal refugee".split()
)
_CALLED = frozenset("city town village".split())
_WHERE = frozenset(
    "north south east west northern southern eastern western northeastern northwestern southeastern southwestern central and"
    " outer main".split()
)
_TAKING = re.compile(
    r"(?:re)?(?:captur|seiz|tak(?:e|ing|en)|took|gain|secur|liberat|control|overr[au]n|lost|los|enter|conquer|occup|held|hold|evacuat"
    r"|abandon|left|leav|fled|flee)\w*$"
)
_BESIDE = frozenset(
    "near around outside overlooking toward towards between along beyond surrounding via linking connecting against encircling"
    " encircle encircled besieging besiege surround isolating threatening approaching approach reaching reach".split()
)
_WHOLE_OF = frozenset(
    "capture recapture control seizure fall liberation loss takeover conquest occupation"
    " siege all whole entire entirety rest remainder stronghold bastion capital capitals fortress out possession defence defense"
    " hold".split()
)  # fmt: skip
_NAMING = frozenset("city town village cities towns villages".split())
_PART_OF = frozenset(
    "part parts half third quarter quarters neighborhoods neighbourhoods districts center centre heart percent pockets sections"
    " portions side".split()
)  # fmt: skip
_LENGTHS = frozenset("km kilometers kilometres kilometer kilometre miles mile away meters metres".split())
_BACK = 8  # words before the name that are looked at


def standing(text: str, names: Iterable[str]) -> float | None:
    """How far the text speaks of the whole place at the best of the spots that name it, 0 to 1; None where none does.

    ``text`` and ``names`` are folded and without Arabic articles.
    """
    shares = [_spot(text[:start].split()[-_BACK:], text[end:].split()[:5]) for start, end in _spots(text, names)]
    return max(shares, default=None)


def _spots(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    for name in names:
        start = text.find(name) if name else -1
        while start >= 0:
            end = start + len(name)
            if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
                yield start, end
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
