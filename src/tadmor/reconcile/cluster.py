"""Puts accounts of one occurrence together: candidates by place, day and rare words, then average linkage.

Whether two accounts are compared, and with what score, depends on the two alone; so does the order in which groups are
merged. The result therefore does not depend on the order in which accounts come, and one that comes later changes only
the groups of those that it can be compared with (``Groups.add``).
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from zlib import crc32

from tadmor.model import ClaimRef
from tadmor.reconcile.days import iso
from tadmor.reconcile.names import is_country
from tadmor.reconcile.pairing import family
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import PRECISE_DAYS, Traits, name_words
from tadmor.reconcile.wording import rarity

LINK = 0.1  # least likeness of two groups for them to be one occurrence
ALONE = 0.25  # least score of two claims of one report, of which no other report says whether they are one
CELL = 0.1  # degrees; two overlaid grids of such cells bring together places a few kilometres apart
REACH = 3  # days apart at which accounts that name precise days are still compared
WIDE = 92  # days; a wider date places nothing
RARE = 3.0  # rarity of a word that brings two accounts together where place or day is wanting
SMALL = 100  # accounts that hang together and are all compared, also those that no key brings together
FEW = 5  # so many of its rarest words stand for an account that has neither
_BACK = PRECISE_DAYS + REACH
_DAY, _WIDE, _LOOSE, _ANY = "day", "wide", "loose", "any"  # precisely dated, dated, lacking place or day, all

Key = tuple[str, ...]
Entry = tuple[int, int, ClaimRef]  # first day, last day, account


class Groups:
    """Accounts in groups of one occurrence each, kept up as accounts come and go."""

    def __init__(self, items: Iterable[Traits] = ()) -> None:
        self._items: dict[ClaimRef, Traits] = {}
        self._blocks: dict[Key, list[Entry]] = {}
        self._edges: dict[ClaimRef, dict[ClaimRef, float]] = {}
        self._group: dict[ClaimRef, tuple[ClaimRef, ...]] = {}
        self.add(items)

    def __iter__(self) -> Iterator[tuple[ClaimRef, ...]]:
        """The groups, each in the order of its claims, by their first claims."""
        return iter(sorted(set(self._group.values())))

    def of(self, ref: ClaimRef) -> tuple[ClaimRef, ...] | None:
        """The group that the account stands in."""
        return self._group.get(ref)

    def __getitem__(self, ref: ClaimRef) -> Traits:
        return self._items[ref]

    def add(self, items: Iterable[Traits]) -> list[tuple[ClaimRef, ...]]:
        """Take in accounts, in place of those of the same claims; returns the groups that are new or have changed."""
        fresh = {i.account.ref: i for i in items}
        touched = self._drop(ref for ref in fresh if ref in self._items)
        for ref in sorted(fresh):
            item = fresh[ref]
            near = self._edges[ref] = {}
            for other in self._candidates(item):
                score = likeness(item, self._items[other])
                if score:
                    near[other] = self._edges[other][ref] = score
            self._items[ref] = item
            for key, entry in _entries(item):
                insort(self._blocks.setdefault(key, []), entry)
        return self._regroup(touched | set(fresh))

    def remove(self, refs: Iterable[ClaimRef]) -> list[tuple[ClaimRef, ...]]:
        """Take accounts out; returns the groups that are new or have changed."""
        return self._regroup(self._drop(ref for ref in set(refs) if ref in self._items))

    def _drop(self, refs: Iterable[ClaimRef]) -> set[ClaimRef]:
        """Forget accounts; those whose groups this may change are returned."""
        touched: set[ClaimRef] = set()
        gone = set(refs)
        for ref in gone:
            touched.update(self._group.pop(ref), (o for o, s in self._edges[ref].items() if s >= LINK))
            for key, entry in _entries(self._items.pop(ref)):
                block = self._blocks[key]
                block.remove(entry)
                if not block:
                    del self._blocks[key]
            for other in self._edges.pop(ref):
                if other in self._edges:
                    self._edges[other].pop(ref, None)
        return touched - gone

    def _candidates(self, item: Traits) -> list[ClaimRef]:
        found: set[ClaimRef] = set()
        for key in _queries(item):
            block = self._blocks.get(key)
            if block is None:
                continue
            if item.days is None or key[0] not in (_DAY, _WIDE):
                found.update(entry[2] for entry in block)
                continue
            first, last = item.days[0] - REACH, item.days[1] + REACH
            since = first - (_BACK if key[0] == _DAY else WIDE + 1)
            start = bisect_left(block, since, key=_first)
            end = bisect_right(block, last, key=_first)
            found.update(entry[2] for entry in block[start:end] if entry[1] >= first)
        return sorted(found)

    def _regroup(self, touched: set[ClaimRef]) -> list[tuple[ClaimRef, ...]]:
        """Group afresh whatever hangs together with the accounts given by scores that could join two groups."""
        made: list[tuple[ClaimRef, ...]] = []
        seen: set[ClaimRef] = set()
        for ref in sorted(touched):
            if ref in seen:
                continue
            part, todo = {ref}, [ref]
            while todo:
                for other, score in self._edges[todo.pop()].items():
                    if score >= LINK and other not in part:
                        part.add(other)
                        todo.append(other)
            seen |= part
            members = sorted(part)
            number = {r: i for i, r in enumerate(members)}
            scores = {
                (i, number[other]): score
                for i, r in enumerate(members)
                for other, score in self._edges[r].items()
                if number.get(other, -1) > i
            }
            if len(members) <= SMALL:
                for i, j in combinations(range(len(members)), 2):
                    if (i, j) not in scores and (score := likeness(self._items[members[i]], self._items[members[j]])):
                        scores[i, j] = score
            for indices in linkage([r.report for r in members], scores):
                group = tuple(members[i] for i in indices)
                if self._group.get(group[0]) != group:
                    made.append(group)
                for r in group:
                    self._group[r] = group
        return sorted(made)


def _first(entry: Entry) -> int:
    return entry[0]


def _places(item: Traits) -> Iterator[str]:
    """What the item's places are looked up by: identity or name, telling words of the name, cells of two grids."""
    yield from item.place_keys
    for place in item.places:
        if is_country(place):
            continue
        yield from (f"word:{w}" for w in name_words(place.name))
        if place.entity and place.lat is not None and place.lon is not None:
            for shift in (0.0, 0.5):
                yield f"cell{shift}:{int(place.lat / CELL + shift + 1e4)}:{int(place.lon / CELL + shift + 1e4)}"


def _entries(item: Traits) -> Iterator[tuple[Key, Entry]]:
    """Where an account stands to be found: by place and day if it has both, and by its type, months and rare words."""
    days = item.days or (0, 0)
    entry = (days[0], days[1], item.account.ref)
    places = sorted(set(_places(item)))
    full = _full(item)
    if full:
        yield from (((_DAY if item.precise else _WIDE, place), entry) for place in places)
    for key in _keys(item, places):
        yield (_ANY, *key), entry
        if not full or (key[0] == "months" and not item.precise):
            yield (_LOOSE, *key), entry


def _queries(item: Traits) -> Iterator[Key]:
    """Where an account looks for others: one with place and day among such, and by the rest among those that lack either."""
    places = sorted(set(_places(item)))
    full = _full(item)
    if full:
        yield from ((kind, place) for kind in (_DAY, _WIDE) for place in places)
    for key in _keys(item, places):
        yield (_LOOSE if full or (key[0] == "months" and item.precise) else _ANY, *key)


def _full(item: Traits) -> bool:
    """Whether place and day are enough to find its like by: a place on the map, and no affair of the whole country."""
    return (
        _dated(item)
        and family(item.type) != "affairs"
        and any(p.lat is not None and not is_country(p) for p in item.places)
    )


def _dated(item: Traits) -> bool:
    return item.days is not None and item.days[1] - item.days[0] <= WIDE


def _keys(item: Traits, places: Sequence[str]) -> list[Key]:
    """Its type with each day or month, its rare words with every place it has, and the rarest of them in pairs."""
    # Words that the table does not know are all equally rare: which of them stand for the account must not hang on the alphabet.
    rare = [w for _, _, w in sorted((-rarity(w), crc32(w.encode()), w) for w in item.stems if rarity(w) >= RARE)]
    keys: list[Key] = [("place", place, word) for place in places for word in rare]
    if item.days is not None and _dated(item):
        months = sorted({iso(day)[:7] for day in (*range(*item.days, 28), item.days[1])})
        keys += [("months", month, item.type) for month in months]
        if item.precise:
            keys += [("days", iso(day), item.type) for day in range(item.days[0], item.days[1] + 1)]
    return keys + [("words", *pair) for pair in combinations(sorted(rare[:FEW]), 2)]


def linkage(reports: Sequence[str], scores: dict[tuple[int, int], float], least: float = LINK) -> list[list[int]]:
    """Agglomerative clustering of accounts, each given by its report; the groups as sorted lists of indices.

    What a report says of two groups is as good as its likeliest claim: two groups are as like as the mean, over the pairs of a
    report of the one and another report of the other, of the best score of their claims. A pair without a score counts as
    0, which keeps chains apart. Scores within one report count only for groups that have no other report, from ``ALONE`` on.
    """
    members: dict[int, list[int]] = {i: [i] for i in range(len(reports))}
    told: dict[int, frozenset[str]] = {i: frozenset((r,)) for i, r in enumerate(reports)}
    best: dict[int, dict[int, dict[tuple[str, str], float]]] = defaultdict(dict)

    def likeness_of(a: int, b: int) -> float:
        found = best[a].get(b, {})
        pairs = len(told[a]) * len(told[b]) - len(told[a] & told[b])
        if not pairs:
            within = max(found.values(), default=0.0)
            return within if within >= ALONE else 0.0
        return math.fsum(score for (r, s), score in found.items() if r != s) / pairs

    for (i, j), score in sorted(scores.items()):
        best[i][j] = {(reports[i], reports[j]): score}
        best[j][i] = {(reports[j], reports[i]): score}
    heap = [(-score, i, j) for (i, j), score in scores.items() if score >= least]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or abs(likeness_of(a, b) + negative) > 1e-9:
            continue  # stale: one of the two has grown since
        members[a] = members[a] + members.pop(b)  # a < b, so that a group keeps the number of its first member
        told[a] |= told.pop(b)
        best[a].pop(b, None)
        for c, found in best.pop(b).items():
            best[c].pop(b, None)
            if c != a:
                mine, its = best[a].setdefault(c, {}), best[c].setdefault(a, {})
                for (r, s), score in found.items():
                    mine[r, s] = its[s, r] = max(score, mine.get((r, s), 0.0))
        for c in sorted(best[a]):
            value = likeness_of(a, c)
            if value >= least:
                heapq.heappush(heap, (-value, min(a, c), max(a, c)))
    return [sorted(m) for _, m in sorted(members.items())]
