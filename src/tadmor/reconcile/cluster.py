"""Puts accounts of one occurrence together: candidates by place and day, then average linkage.

The result does not depend on the order in which the accounts come: all work is done in the order of their claims.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tadmor.reconcile.days import FAR
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.names import is_country
from tadmor.reconcile.similarity import Traits, likeness, name_words

LINK = 0.68  # least mean likeness between the members of two groups for them to be one occurrence
WINDOW = 150  # most later accounts of one block to compare an account with
COMMON = 60  # a word in more accounts of a block than this tells nothing
CELL = 0.1  # degrees; two overlaid grids of such cells bring together places a few kilometres apart


def groups(items: Sequence[Traits]) -> list[list[int]]:
    """Indices of ``items`` (which are in the order of their claims) that tell of one occurrence, each list sorted."""
    return linkage(len(items), dict(_scores(items)))


def _scores(items: Sequence[Traits]) -> Iterator[tuple[tuple[int, int], float]]:
    seen: set[int] = set()
    size = len(items)
    for i, j in _candidates(items):
        code = i * size + j
        if code in seen:
            continue
        seen.add(code)
        score = likeness(items[i], items[j])
        if score > 0:
            yield (i, j), score


def _candidates(items: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    loose: list[int] = []
    for i, item in enumerate(items):
        keys = _block_keys(item)
        for key in keys:
            blocks[key].append(i)
        if not keys or not _dated(item):
            loose.append(i)
    for key in sorted(blocks):
        yield from _by_day(items, [i for i in blocks[key] if _dated(items[i])])
    yield from _by_words(items, loose)


def _dated(item: Traits) -> bool:
    return item.days is not None and item.days[1] - item.days[0] <= 92


def _block_keys(item: Traits) -> list[str]:
    keys = set(item.place_keys)
    for place in item.places:
        if is_country(place):
            continue
        keys.update(f"word:{w}" for w in name_words(place.name))
        if place.entity and place.lat is not None and place.lon is not None:
            for shift in (0.0, 0.5):
                row, column = int(place.lat / CELL + shift + 1e4), int(place.lon / CELL + shift + 1e4)
                keys.add(f"cell{shift}:{row}:{column}")
    return sorted(keys)


def _by_day(items: Sequence[Traits], block: list[int]) -> Iterator[tuple[int, int]]:
    order = sorted(block, key=lambda i: (items[i].days or (0, FAR), i))
    for position, i in enumerate(order):
        days = items[i].days
        limit = (days[1] if days else FAR) + 1
        for j in order[position + 1 : position + 1 + WINDOW]:
            other = items[j].days
            if other and other[0] > limit:
                break
            if type_likeness(items[i].type, items[j].type):
                yield min(i, j), max(i, j)


def _by_words(items: Sequence[Traits], loose: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs that share rare words, for accounts that lack a place or a day: only wording can bring them together."""
    if not loose:
        return
    index: dict[str, list[int]] = defaultdict(list)
    for i, item in enumerate(items):
        for word in set(item.words.split()):
            if len(word) > 3:
                index[word].append(i)
    for i in loose:
        shared: dict[int, int] = defaultdict(int)
        words = sorted({w for w in items[i].words.split() if len(w) > 3 and len(index[w]) <= COMMON})
        for word in words:
            for j in index[word]:
                if j != i:
                    shared[j] += 1
        enough = max(1, min(3, len(words) // 2))
        best = sorted((-n, j) for j, n in shared.items() if n >= enough)[:20]
        for _, j in best:
            yield min(i, j), max(i, j)


def linkage(size: int, scores: dict[tuple[int, int], float], least: float = LINK) -> list[list[int]]:
    """Agglomerative clustering by mean likeness; a pair without a score counts as 0, which keeps chains apart."""
    members: dict[int, list[int]] = {i: [i] for i in range(size)}
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    heap: list[tuple[float, int, int]] = []
    for (i, j), score in sorted(scores.items()):
        sums[i][j] = sums[j][i] = score
        if score >= least:
            heap.append((-score, i, j))
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue
        mean = sums[a].get(b, 0.0) / (len(members[a]) * len(members[b]))
        if abs(mean + negative) > 1e-9:
            continue  # stale: one of the two has grown since
        members[a] = members[a] + members.pop(b)  # a < b, so that a group keeps the number of its first member
        sums[a].pop(b, None)
        for c, value in sorted(sums.pop(b).items()):
            if c == a:
                continue
            sums[c].pop(b, None)
            sums[a][c] = sums[c][a] = sums[a].get(c, 0.0) + value
        for c in _changed(sums[a]):
            mean = sums[a][c] / (len(members[a]) * len(members[c]))
            if mean >= least:
                heapq.heappush(heap, (-mean, min(a, c), max(a, c)))
    return [sorted(m) for _, m in sorted(members.items())]


def _changed(neighbours: dict[int, float]) -> Iterable[int]:
    return sorted(neighbours)
