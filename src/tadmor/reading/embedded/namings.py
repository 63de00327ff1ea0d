"""How a report names the things that it tells of, its places or its parties: how often each, where, and in what lists."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from tadmor.model import Mention
from tadmor.reading import arguments
from tadmor.reading.scene import Scene

OFTEN = 4  # so many things of those that the report names most often
_BEFORE, _AFTER = 3, 1  # claims before and after one whose arguments may be its own
_FAR = 40  # sentences beyond which nothing is told apart


class Namings:
    """The mentions of one kind of things, before any claim is looked at; a thing is known by a key."""

    def __init__(self, scene: Scene, among: Sequence[Mention], keys: Mapping[str, str]) -> None:
        """``keys`` has for each mention, by id, what the things are counted by."""
        self.scene = scene
        self.among = among
        self._starts = [s.start for s in scene.document.sentences]
        self.named: dict[str, list[Mention]] = {}
        for m in among:
            self.named.setdefault(keys[m.id], []).append(m)
        self.count = {k: len(ms) for k, ms in self.named.items()}
        self.most = max(self.count.values(), default=0)
        self.total = len(among)
        self.lines = {k: [self.line(m.start) for m in ms] for k, ms in self.named.items()}
        # in text order, and no sets: what is chosen among and learnt from must not hang on a process's hashes
        self.head, self.opening = (tuple(k for k, at in self.lines.items() if i in at) for i in (0, 1))
        self.often = sorted(self.count, key=lambda k: (-self.count[k], self.named[k][0].start))[:OFTEN]

    def line(self, offset: int) -> int:
        """Index of the sentence at an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def lines_of(self, key: str, m: Mention) -> Sequence[int]:
        """Indices of the sentences that name a thing; that of its mention ``m`` where it is known by no key."""
        return self.lines.get(key) or [self.line(m.start)]

    def nearest(self, key: str, start: int) -> Mention:
        """The last mention of a thing before an offset, else its first."""
        named = self.named[key]
        return next((m for m in reversed(named) if m.start <= start), named[0])

    def frequency(self, key: str) -> float:
        """The share of all namings that are of a thing, as a logarithm."""
        return math.log((self.count.get(key, 0) + 0.5) / (self.total + 1))

    def from_line(self, key: str, m: Mention, line: int) -> dict[str, float]:
        """How a thing is named in the report, as seen from a sentence of it; ``m`` is one of its mentions."""
        count = self.count.get(key, 0)
        gap = min((line - at for at in self.lines_of(key, m) if at <= line), default=None)
        return {
            "gap": math.log1p(min(gap if gap is not None else _FAR, _FAR)),
            "later": float(gap is None),
            "count": math.log1p(count),
            "most": float(0 < count == self.most),
            "head": float(key in self.head),
            "opening": float(key in self.opening),
        }


def mates(scene: Scene, among: Sequence[Mention], keys: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """For each mention of a list ("Homs, Hama and Idlib") the keys of that list."""
    together = arguments.lists(scene.report.text, among)
    return {m.id: frozenset(keys[among[j].id] for j in g) for m, g in zip(among, together, strict=True) if g}


def around(i: int, claims: int) -> Iterator[int]:
    """The claims around the ``i``-th of so many whose arguments may be its own, the nearest first."""
    yield from range(i - 1, max(-1, i - 1 - _BEFORE), -1)
    yield from range(i + 1, min(claims, i + 1 + _AFTER))
