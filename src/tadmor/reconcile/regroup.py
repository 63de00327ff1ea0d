"""Which groups change when accounts come, go or are decided about, and what becomes of these.

What is said in ``linkage`` of all accounts is done here for those that hang together with what has changed. Whoever keeps
accounts, in memory (``cluster``) or in the tables of the ledger, asks for it by ``Kept``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from tadmor.model import ClaimRef
from tadmor.reconcile.constraints import Constraint, settled
from tadmor.reconcile.linkage import LINK, TINY, likeness_of_groups, linkage

Group = tuple[ClaimRef, ...]  # in order
Near = Mapping[ClaimRef, float]  # scores with others


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
                    if _mean(x.refs, y.refs, near) >= died - TINY:
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
    return likeness_of_groups(found[0], found[1], mine, its)
