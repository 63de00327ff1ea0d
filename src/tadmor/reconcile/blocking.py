"""Which accounts are compared with which: keys by place, day and rare words, as numbers that a table can hold.

An account is filed under its entries and looks others up by its keys; both depend on the account alone. So whoever keeps
accounts, in memory or in a database, finds the same candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from tadmor.model import Place
from tadmor.reconcile.days import Span
from tadmor.reconcile.names import is_country
from tadmor.reconcile.pairing import LASTING, family, is_region
from tadmor.reconcile.traits import PRECISE_DAYS, Traits, name_words
from tadmor.reconcile.wording import rarity

CELL = 0.1  # degrees; two overlaid grids of such cells bring together places a few kilometres apart
AREA = 1.5  # the same for a province and the towns in it, which may be 100 km from its middle
REACH = 3  # days apart at which accounts that name precise days are still compared
WIDE = 92  # days; a wider date places nothing
RARE = 3.0  # rarity of a word that brings two accounts together where place or day is wanting
FEW = 5  # so many of its rarest words stand for an account that has neither
LONG = 1096  # days; what took longer is looked for in the time of its report
SLACK = 31  # days apart at which accounts that lack place or day are still compared by place and word
LASTS = 62  # days apart at which two accounts of what goes on at one place for weeks are still compared
MANY = 10  # so many killed, say, that two accounts of one day which have the number in common are compared wherever they are
SELDOM = 12.0  # summed rarity of two words that bring accounts together at any time: one clause of 160,000 has both
# Dated accounts are filed by stretches of days, short ones where days are precise: a look goes through a few of them.
_STRETCH = {"day": 16, "wide": 128}
_SEASON = 128
_BEFORE = {"day": PRECISE_DAYS + REACH, "wide": WIDE + REACH + 1}  # days before its own that a look must go back

_LOCAL = frozenset({"displacement", "aid"})  # affairs of one place

Key = tuple[str, ...]


class Entry(NamedTuple):
    """Under what key an account is filed, with its first and last day as ordinals; both 0 where days don't matter."""

    key: int
    first: int
    last: int


class Look(NamedTuple):
    """A key to look under: wanted are entries that begin by the day ``until`` and end on ``since`` or later."""

    key: int
    since: int
    until: int

    def takes(self, first: int, last: int) -> bool:
        """Whether an entry of these days is wanted."""
        return first <= self.until and last >= self.since


def entries(item: Traits) -> list[Entry]:
    """Where an account stands to be found: by place and days if it has both, and by its type and day and rare words."""
    places = sorted(set(_places(item)))
    full = _full(item)
    out: list[Entry] = []
    if full and item.days is not None:
        kind = "day" if item.precise else "wide"
        stretch = str(item.days[0] // _STRETCH[kind])
        out += [Entry(_number((kind, place, stretch)), *item.days) for place in places]
        if item.type in LASTING:
            named = [place for place in places if not place.startswith("cell")]
            out += [Entry(_number(("lasting", place, n)), *item.days) for place in named for n in _seasons(item, 0)]
    out += [
        Entry(_number(key), 0, 0) for key in (*_tolls(item, 0), *_areas(item, region=_region(item)), *_periods(item))
    ]
    lacking = not full
    out += [Entry(_number(key) | lacking, 0, 0) for key in _keys(item, 0)]
    first, last = _time(item) or (0, 0)
    seasons = _seasons(item, 0)
    for key in _worded(item, places):
        out += [Entry(_number((*key, n)) | lacking, first, last) for n in seasons]
    return out


def looks(item: Traits) -> list[Look]:
    """Where an account looks for others: one with place and day among such, and by the rest among those that lack either.

    One account finds another just when that finds it, so that it is all one which of them came first.
    """
    places = sorted(set(_places(item)))
    full = _full(item)
    out: list[Look] = []
    if full and item.days is not None:
        since, until = item.days[0] - REACH, item.days[1] + REACH
        for kind, length in _STRETCH.items():
            stretches = range((item.days[0] - _BEFORE[kind]) // length, until // length + 1)
            out += [Look(_number((kind, place, str(n))), since, until) for place in places for n in stretches]
        if item.type in LASTING:
            named = [place for place in places if not place.startswith("cell")]
            since, until = item.days[0] - LASTS, item.days[1] + LASTS
            out += [
                Look(_number(("lasting", place, n)), since, until) for place in named for n in _seasons(item, LASTS)
            ]
    out += [
        Look(_number(key), 0, 0) for key in (*_tolls(item, 1), *_areas(item, region=not _region(item)), *_periods(item))
    ]
    rest = [(_number(key), 0, 0) for key in _keys(item, 1)]
    first, last = _time(item) or (SLACK, -SLACK)
    seasons = _seasons(item, SLACK)
    for key in _worded(item, places):
        rest += [(_number((*key, n)), first - SLACK, last + SLACK) for n in seasons]
    out += [Look(number | 1, *days) for number, *days in rest]
    if not full:
        out += [Look(number, *days) for number, *days in rest]
    return out


def _tolls(item: Traits, slack: int) -> list[Key]:
    """Its large tolls with each precise day, and the days up to ``slack`` around: two of one toll may have a place wrong."""
    if item.days is None or not item.precise:
        return []
    days = range(item.days[0] - slack, item.days[1] + slack + 1)
    figures = {(n.what, str(n.min), str(n.max)) for n in item.account.claim.counts if (n.min or n.max or 0) >= MANY}
    return [("toll", str(day), *figure) for figure in sorted(figures) for day in days]


def _areas(item: Traits, *, region: bool) -> list[Key]:
    """Wide cells around its places with its family and each precise day: a province stands for the towns in it."""
    if item.days is None or not item.precise:
        return []
    cells = {cell for p in item.places if not is_country(p) for cell in _cells(p, AREA)}
    days = range(item.days[0], item.days[1] + 1)
    kind = "region" if region else "town"
    return [(kind, cell, family(item.type), str(day)) for cell in sorted(cells) for day in days]


def _region(item: Traits) -> bool:
    """Whether it names a province or a district, and nothing narrower."""
    fine = [p for p in item.places if not is_country(p)]
    return bool(fine) and all(is_region(p) for p in fine)


def _periods(item: Traits) -> list[Key]:
    """Its type with the month or year that it gives: of one type few are told of a whole month."""
    if item.days is None or item.precise or item.running:
        return []
    return [("period", item.type, str(item.days[0]), str(item.days[1]))]


def _number(key: Key) -> int:
    """The key in 64 bits, even: the odd number after it is the same key for accounts that lack place or day.

    That two keys of millions share a number is as good as ruled out, and would only have two more accounts compared.
    """
    digest = blake2b("\x1f".join(key).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) & ~1


def _places(item: Traits) -> Iterator[str]:
    """What the item's places are looked up by: identity or name, telling words of the name, cells of two grids."""
    yield from item.place_keys
    for place in item.places:
        if is_country(place):
            continue
        yield from (f"word:{w}" for w in name_words(place.name))
        if place.entity:
            yield from _cells(place, CELL)


def _cells(place: Place, size: float) -> Iterator[str]:
    """The cells of two overlaid grids in which it lies; none of a place that is not on the map."""
    if place.lat is not None and place.lon is not None:
        for shift in (0.0, 0.5):
            yield f"cell{shift}:{int(place.lat / size + shift + 1e4)}:{int(place.lon / size + shift + 1e4)}"


def _full(item: Traits) -> bool:
    """Whether place and day are enough to find its like by: a place on the map, and no affair of the whole country."""
    return (
        _dated(item)
        and (family(item.type) != "affairs" or item.type in _LOCAL)
        and any(p.lat is not None and not is_country(p) for p in item.places)
    )


def _dated(item: Traits) -> bool:
    return item.days is not None and item.days[1] - item.days[0] <= WIDE


def _rare(item: Traits) -> tuple[str, ...]:
    """Its rare words, the rarest first."""
    return _rarest(item.stems)


@lru_cache(maxsize=1024)  # asked for several times of one account
def _rarest(stems: frozenset[str]) -> tuple[str, ...]:
    # Words that the table does not know are all equally rare: which of them stand for the account must not hang on the alphabet.
    ranked = sorted((-r, crc32(w.encode()), w) for w in stems if (r := rarity(w)) >= RARE)
    return tuple(w for _, _, w in ranked)


def _keys(item: Traits, slack: int) -> list[Key]:
    """Its family with each precise day, and those pairs of its rarest words that are seldom at any time.

    Of what is no affair of the whole country the days up to ``slack`` around count, too: what is told of "on Monday" was heard of
    on Tuesday.
    """
    keys: list[Key] = []
    if item.days is not None and item.precise:
        kind = family(item.type)
        around = 0 if kind == "affairs" else slack
        keys += [("days", str(day), kind) for day in range(item.days[0] - around, item.days[1] + around + 1)]
    return keys + [("words", *pair) for pair in _paired(item) if _seldom(pair)]


def _worded(item: Traits, places: Sequence[str]) -> list[Key]:
    """Its rare words with every name of its places, and the rarest in pairs, for accounts of its time.

    That two places are near is too little where the day is wanting, too.
    """
    rare = _rare(item)
    named: list[Key] = [("place", place, word) for place in places if not place.startswith("cell") for word in rare]
    if item.type == "agreement":  # truces of a country are few, and each is looked back on for months
        named += [("agreement", word) for word in rare]
    return named + [("words", *pair) for pair in _paired(item) if not _seldom(pair)]


def _paired(item: Traits) -> Iterator[tuple[str, str]]:
    return combinations(sorted(_rare(item)[:FEW]), 2)


def _seldom(pair: tuple[str, str]) -> bool:
    return rarity(pair[0]) + rarity(pair[1]) >= SELDOM


def _time(item: Traits) -> Span | None:
    """When it was, or, where that is not told or was too long, the season before its report; None when that has no day."""
    if item.days is not None and item.days[1] - item.days[0] <= LONG:
        return item.days
    return None if item.told is None else (item.told - WIDE, item.told)


def _seasons(item: Traits, slack: int) -> list[str]:
    time = _time(item)
    if time is None:
        return [""]
    return [str(n) for n in range((time[0] - slack) // _SEASON, (time[1] + slack) // _SEASON + 1)]
