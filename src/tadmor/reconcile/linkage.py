"""Agglomerative clustering of accounts by the scores of their pairs: mean-square linkage, claim by claim, report by report."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

LINK = 0.3  # least likeness of two groups for them to be one occurrence
ALONE = 0.7  # least score of two claims of one report, of which no other report says whether they are one
TINY = 1e-9  # likenesses that differ by no more are equal but for the rounding of their sums

# Best scores of claims with reports: the report of the claim, the other report, the score.
Found = Iterable[tuple[tuple[str, str], float]]


def likeness_of_groups(one: Found, other: Found, a: Mapping[str, int], b: Mapping[str, int]) -> float:
    """How like two groups are, from the best scores of claims of either with reports of the other.

    ``a`` and ``b`` are how many claims each group has of which report.
    """
    pairs = _compared(a, b)
    if not pairs:
        within = max((score for _, score in one), default=0.0)
        return within if within >= ALONE else 0.0
    sums = (math.fsum(score * score for (r, s), score in side if r != s) for side in (one, other))
    return math.sqrt(min(total / n for total, n in zip(sums, (pairs, _compared(b, a)), strict=True)))


def _compared(a: Mapping[str, int], b: Mapping[str, int]) -> int:
    """How many pairs there are of a claim of the one group and a report of the other that is not its own."""
    return sum(a.values()) * len(b) - sum(n for report, n in a.items() if report in b)


def linkage(
    reports: Sequence[str],
    scores: Mapping[tuple[int, int], float],
    least: float = LINK,
    *,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    steps: list[tuple[float, list[int]]] | None = None,
) -> list[list[int]]:
    """Agglomerative clustering of accounts, each given by its report; the groups as sorted lists of indices.

    A report tells of one occurrence in several claims. So each claim of a group is held against the likeliest claim of each
    other report of the other group, one of no score counting as 0; two groups are as like as the root mean square of that over
    the claims of the one or of the other, whichever is less: a claim that fits a large group does not bring along all that
    stands with it. A mean keeps chains apart, and groups of which only a claim or two are like; squares, since a few accounts
    that are surely of one occurrence say more than the many of which little is known.
    Scores within one report count only for groups that have no other report, from ``ALONE`` on.
    Accounts of ``together`` are one group from the start; groups with accounts of ``apart`` are never merged.
    Each merging is added to ``steps``: at what likeness (infinite for ``together``), and the indices of the group that it made.
    """
    members: dict[int, list[int]] = {i: [i] for i in range(len(reports))}
    told: dict[int, Counter[str]] = {i: Counter((r,)) for i, r in enumerate(reports)}
    best: dict[int, dict[int, dict[tuple[int, str], float]]] = defaultdict(dict)
    foes: dict[int, set[int]] = defaultdict(set)

    def likeness_of(a: int, b: int) -> float:
        if b in foes[a]:
            return 0.0
        mine = [((reports[i], s), score) for (i, s), score in best[a].get(b, {}).items()]
        its = [((reports[i], s), score) for (i, s), score in best[b].get(a, {}).items()]
        return likeness_of_groups(mine, its, told[a], told[b])

    def merge(a: int, b: int, level: float) -> None:
        members[a] = members[a] + members.pop(b)  # a < b, so that a group keeps the number of its first member
        if steps is not None:
            steps.append((level, members[a]))
        told[a] = told[a] + told.pop(b)
        best[a].pop(b, None)
        for c, found in best.pop(b, {}).items():
            back = best[c].pop(b, {})
            if c != a:
                best[a].setdefault(c, {}).update(found)  # of other claims than those that are there
                its = best[c].setdefault(a, {})
                for key, score in back.items():
                    its[key] = max(score, its.get(key, 0.0))
        for c in foes.pop(b, ()):
            foes[c].discard(b)
            foes[c].add(a)
            foes[a].add(c)

    for (i, j), score in sorted(scores.items()):
        best[i][j] = {(i, reports[j]): score}
        best[j][i] = {(j, reports[i]): score}
    group = list(range(len(reports)))
    for i, j in together:
        a, b = sorted((group[i], group[j]))
        if a != b:
            group = [a if g == b else g for g in group]
            merge(a, b, math.inf)
    for i, j in apart:
        foes[group[i]].add(group[j])
        foes[group[j]].add(group[i])
    pairs = ((likeness_of(i, j), i, j) for i in list(best) for j in best[i] if i < j)
    heap = [(-value, i, j) for value, i, j in pairs if value >= least]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or abs(likeness_of(a, b) + negative) > TINY:
            continue  # stale: one of the two has grown since
        merge(a, b, -negative)
        for c in sorted(best[a]):
            value = likeness_of(a, c)
            if value >= least:
                heapq.heappush(heap, (-value, min(a, c), max(a, c)))
    return [sorted(m) for _, m in sorted(members.items())]
