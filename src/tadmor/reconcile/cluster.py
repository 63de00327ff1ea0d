"""Puts accounts of one occurrence together by average linkage of what their keys bring together.

Whether two accounts are compared, and with what score, depends on the two alone; so does the order in which groups are
merged. The result therefore does not depend on the order in which accounts come, and one that comes later changes only
the groups that it joins or draws apart: ``regroup`` finds these, for whoever keeps accounts (``Groups`` in memory, the ledger in
its tables).
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from tadmor.model import ClaimRef
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.constraints import Constraint, settled
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import Traits

LINK = 0.2  # least likeness of two groups for them to be one occurrence
ALONE = 0.7  # least score of two claims of one report, of which no other report says whether they are one

Group = tuple[ClaimRef, ...]  # in order
Near = Mapping[ClaimRef, float]  # scores with others
_TINY = 1e-9


class Kept(Protocol):
    """Where accounts, the scores of their pairs and their groups are kept. All is asked for many accounts at once."""

    def near(self, refs: Collection[ClaimRef]) -> Mapping[ClaimRef, Near]:
        """For each account those that it was compared with, with scores above 0."""

    def groups(self, refs: Collection[ClaimRef]) -> Mapping[ClaimRef, Group]:
        """The group of each account that stands in one, without accounts that are gone."""

    def bound(self, refs: Collection[ClaimRef]) -> Mapping[ClaimRef, Collection[ClaimRef]]:
        """For each account those that people said are one with it."""

    def decided(self, refs: Collection[ClaimRef]) -> Sequence[Constraint]:
        """What people decided about pairs of the accounts, oldest first."""


def regroup(kept: Kept, touched: Collection[ClaimRef]) -> list[Group]:
    """The groups of the accounts touched, and of all whose groups change with them, as grouping all anew would make them.

    Touched are accounts that are new, that have lost one of their group, or that people have decided about.

    While nothing merges across, merging what is within a set of accounts and merging the rest are two processes that know
    nothing of each other. So it is enough to merge within the set, and to see that no group that was made on the way would have
    merged with any that was made in a group outside, as long as both were there (``_meet``). An outside group with which one
    would have is taken into the set.
    """
    region = _closed(kept, touched)
    near = dict(kept.near(region))
    runs: dict[frozenset[ClaimRef], Run] = {}
    apart: set[tuple[frozenset[ClaimRef], Group]] = set()
    outside: dict[ClaimRef, Group] = {}
    while True:
        parts = _parts(region, near, kept.bound(region))
        for part in parts:
            if part not in runs:
                runs[part] = _run(part, near, kept.decided(part))
        beyond = {b for a in region for b, score in near[a].items() if score >= LINK and b not in region}
        outside.update(kept.groups(beyond - outside.keys()))
        todo = {b for o in beyond if o in outside for b in outside[o]} - near.keys()
        near.update(kept.near(todo))
        more: set[ClaimRef] = set()
        for part in parts:
            for group in sorted({outside[b] for a in part for b, s in near[a].items() if s >= LINK and b in outside}):
                if group[0] in region or (part, group) in apart:
                    continue
                if any(_mean(mine, group, near) >= LINK for mine in runs[part].groups) or _meet(
                    runs[part], _run(group, near, kept.decided(group)), near
                ):
                    more.update(group)
                else:
                    apart.add((part, group))
        if not more:
            return sorted(group for part in parts for group in runs[part].groups)
        fresh = _closed(kept, more) - region
        region |= fresh
        near.update(kept.near(fresh - near.keys()))


def _closed(kept: Kept, refs: Collection[ClaimRef]) -> set[ClaimRef]:
    """The accounts with all of their groups, and those that people bound to any of them."""
    out: set[ClaimRef] = set()
    todo = set(refs)
    while todo:
        out |= todo
        more = {ref for group in kept.groups(todo).values() for ref in group}
        todo = more.union(*kept.bound(todo).values()) - out
    return out


def _parts(
    region: Collection[ClaimRef], near: Mapping[ClaimRef, Near], bound: Mapping[ClaimRef, Collection[ClaimRef]]
) -> list[frozenset[ClaimRef]]:
    """The accounts, taken apart where no score could ever join them."""
    left = set(region)
    out: list[frozenset[ClaimRef]] = []
    for ref in sorted(region):
        if ref not in left:
            continue
        left.discard(ref)
        part, todo = [ref], [ref]
        while todo:
            at = todo.pop()
            found = {b for b, score in near[at].items() if score >= LINK}.union(bound.get(at, ())) & left
            left -= found
            part += found
            todo += found
        out.append(frozenset(part))
    return out


class Made(NamedTuple):
    """A group that was made on the way, and the time for which it was there: from ``born`` down to ``died``.

    Time runs down: it is the least likeness at which any two groups have merged so far.
    """

    refs: frozenset[ClaimRef]
    born: float
    died: float


@dataclass(frozen=True)
class Run:
    """What merging made of some accounts: the groups, and at what likeness which accounts were brought together, in order."""

    groups: list[Group]
    members: list[ClaimRef]
    steps: list[tuple[float, list[int]]]

    @cached_property
    def made(self) -> dict[ClaimRef, list[Made]]:
        """For each account all groups that it was ever in, the first first."""
        ways: list[list[tuple[float, frozenset[ClaimRef]]]] = [[(math.inf, frozenset((r,)))] for r in self.members]
        now = math.inf
        for level, indices in self.steps:
            now = min(now, level)
            group = frozenset(self.members[i] for i in indices)
            for i in indices:
                ways[i].append((now, group))
        made: dict[ClaimRef, list[Made]] = {}
        for ref, way in zip(self.members, ways, strict=True):
            ends = [born for born, _ in way[1:]] + [LINK]
            made[ref] = [Made(group, born, died) for (born, group), died in zip(way, ends, strict=True)]
        return made


def _run(refs: Collection[ClaimRef], near: Mapping[ClaimRef, Near], constraints: Sequence[Constraint]) -> Run:
    members = sorted(refs)
    number = {ref: i for i, ref in enumerate(members)}
    scores = {
        (i, number[b]): score for i, a in enumerate(members) for b, score in near[a].items() if number.get(b, -1) > i
    }
    together: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for held in settled(constraints, members) if constraints else ():
        (together if held.one else apart).append((number[held.a], number[held.b]))
    steps: list[tuple[float, list[int]]] = []
    found = linkage([r.report for r in members], scores, together=together, apart=apart, steps=steps)
    return Run([tuple(members[i] for i in indices) for indices in found], members, steps)


def _meet(one: Run, other: Run, near: Mapping[ClaimRef, Near]) -> bool:
    """Whether two groups, each made on the way of one run, might have merged while both were there."""
    seen: set[tuple[frozenset[ClaimRef], frozenset[ClaimRef]]] = set()
    for b, of_b in other.made.items():
        for a, score in near[b].items():
            if score < LINK or a not in one.made:
                continue
            for x in one.made[a]:
                for y in of_b:
                    died = max(x.died, y.died)
                    if died > min(x.born, y.born) or (x.refs, y.refs) in seen:
                        continue
                    seen.add((x.refs, y.refs))
                    if _mean(x.refs, y.refs, near) >= died - _TINY:
                        return True
    return False


def _mean(a: Collection[ClaimRef], b: Collection[ClaimRef], near: Mapping[ClaimRef, Near]) -> float:
    """The likeness of two groups, as ``linkage`` has it."""
    one: dict[tuple[ClaimRef, str], float] = {}
    other: dict[tuple[ClaimRef, str], float] = {}
    small, large = (b, a) if len(b) < len(a) else (a, b)
    for x in small:
        for y, score in near[x].items():
            if y in large:
                one[x, y.report] = max(score, one.get((x, y.report), 0.0))
                other[y, x.report] = max(score, other.get((y, x.report), 0.0))
    mine, its = Counter(x.report for x in small), Counter(y.report for y in large)
    found = [[((x.report, s), score) for (x, s), score in side.items()] for side in (one, other)]
    return _likeness(found[0], found[1], mine, its)


Found = Iterable[
    tuple[tuple[str, str], float]
]  # best scores of claims with reports: the claim's own, the other, the score


def _likeness(one: Found, other: Found, a: Mapping[str, int], b: Mapping[str, int]) -> float:
    """How like two groups are, from the best scores of claims of either with reports of the other.

    ``a`` and ``b`` are how many claims each group has of which report.
    """
    pairs = _compared(a, b)
    if not pairs:
        within = max((score for _, score in one), default=0.0)
        return within if within >= ALONE else 0.0
    sums = (math.fsum(score for (r, s), score in side if r != s) for side in (one, other))
    return sum(total / n for total, n in zip(sums, (pairs, _compared(b, a)), strict=True)) / 2


def _compared(a: Mapping[str, int], b: Mapping[str, int]) -> int:
    """How many pairs there are of a claim of the one group and a report of the other that is not its own."""
    return sum(a.values()) * len(b) - sum(n for report, n in a.items() if report in b)


class Groups:
    """Accounts in groups of one occurrence each, kept up as accounts come and go.

    ``constraints`` are what people decided, oldest first.
    """

    def __init__(self, items: Iterable[Traits] = (), *, constraints: Sequence[Constraint] = ()) -> None:
        self._items: dict[ClaimRef, Traits] = {}
        self._blocks: dict[int, dict[ClaimRef, tuple[int, int]]] = {}
        self._edges: dict[ClaimRef, dict[ClaimRef, float]] = {}
        self._group: dict[ClaimRef, Group] = {}
        self._constraints = tuple(constraints)
        self._bound: dict[ClaimRef, set[ClaimRef]] = defaultdict(set)
        for held in self._constraints:
            if held.one:
                self._bound[held.a].add(held.b)
                self._bound[held.b].add(held.a)
        self.add(items)

    def __iter__(self) -> Iterator[Group]:
        """The groups, each in the order of its claims, by their first claims."""
        return iter(sorted(set(self._group.values())))

    def of(self, ref: ClaimRef) -> Group | None:
        """The group that the account stands in."""
        return self._group.get(ref)

    def __getitem__(self, ref: ClaimRef) -> Traits:
        return self._items[ref]

    def add(self, items: Iterable[Traits]) -> list[Group]:
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
            for key, first, last in entries(item):
                self._blocks.setdefault(key, {})[ref] = first, last
        return self._regroup(touched | set(fresh))

    def remove(self, refs: Iterable[ClaimRef]) -> list[Group]:
        """Take accounts out; returns the groups that are new or have changed."""
        return self._regroup(self._drop(ref for ref in set(refs) if ref in self._items))

    def _drop(self, refs: Iterable[ClaimRef]) -> set[ClaimRef]:
        """Forget accounts; those whose groups this may change are returned."""
        touched: set[ClaimRef] = set()
        gone = set(refs)
        for ref in gone:
            touched.update(self._group[ref], self._bound.get(ref, ()))
            for key, _, _ in entries(self._items.pop(ref)):
                block = self._blocks[key]
                del block[ref]
                if not block:
                    del self._blocks[key]
            for other in self._edges.pop(ref):
                if other in self._edges:
                    self._edges[other].pop(ref, None)
        for ref in gone:
            for mate in self._group.get(ref, ()):
                self._group.pop(mate, None)  # to be grouped afresh
        return {ref for ref in touched if ref in self._items}

    def _candidates(self, item: Traits) -> list[ClaimRef]:
        found: set[ClaimRef] = set()
        for look in looks(item):
            found.update(ref for ref, days in self._blocks.get(look.key, {}).items() if look.takes(*days))
        return sorted(found)

    def _regroup(self, touched: set[ClaimRef]) -> list[Group]:
        made = [group for group in regroup(self, touched) if self._group.get(group[0]) != group] if touched else []
        for group in made:
            for ref in group:
                self._group[ref] = group
        return sorted(made)

    def near(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, dict[ClaimRef, float]]:
        """See ``Kept``."""
        return {ref: self._edges[ref] for ref in refs}

    def groups(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, Group]:
        """See ``Kept``."""
        return {ref: self._group[ref] for ref in refs if ref in self._group}

    def bound(self, refs: Collection[ClaimRef]) -> dict[ClaimRef, list[ClaimRef]]:
        """See ``Kept``."""
        found = ((ref, self._bound[ref]) for ref in refs if ref in self._bound)
        return {ref: [b for b in others if b in self._items] for ref, others in found}

    def decided(self, refs: Collection[ClaimRef]) -> list[Constraint]:
        """See ``Kept``."""
        return [c for c in self._constraints if c.a in refs and c.b in refs]


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
    other report of the other group, one of no score counting as 0; two groups are as like as the mean of that, over the claims
    of the one and over those of the other. A mean keeps chains apart, and groups of which only a claim or two are like.
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
        return _likeness(mine, its, told[a], told[b])

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
        if a not in members or b not in members or abs(likeness_of(a, b) + negative) > _TINY:
            continue  # stale: one of the two has grown since
        merge(a, b, -negative)
        for c in sorted(best[a]):
            value = likeness_of(a, c)
            if value >= least:
                heapq.heappush(heap, (-value, min(a, c), max(a, c)))
    return [sorted(m) for _, m in sorted(members.items())]
