"""Tables that are drawn with lines: where they are on a page, and their cells, row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tadmor.gather.pdf_layout import Block, Word

_NEAR = 3.0  # points within which two lines meet
_MOST_RULES = 3000
_PROSE = 18  # words of a cell, on the average, from which a grid is no table but a layout of boxes


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line from (``x0``, ``y0``) to (``x1``, ``y1``), across or down; points from the left and from the top."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def across(self) -> bool:
        """Whether it runs from left to right."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its edges in points, the places of its words among those of the page, and the block with its rows."""

    left: float
    top: float
    right: float
    bottom: float
    places: frozenset[int]
    block: Block


def ruled(words: Sequence[Word], rules: Iterable[Rule]) -> list[Table]:
    """The tables of a page, from the top."""
    out: list[Table] = []
    taken: set[int] = set()
    for grid in _grids(list(rules)[:_MOST_RULES]):
        xs, ys = _lines(r.x0 for r in grid if not r.across), _lines(r.y0 for r in grid if r.across)
        if len(xs) < 3 or len(ys) < 3:  # fewer than two columns or rows: a box, or an underline
            continue
        cells: dict[tuple[int, int], list[Word]] = defaultdict(list)
        inside: set[int] = set()
        for i, word in enumerate(words):
            middle, level = (word.x0 + word.x1) / 2, word.y - 0.3 * word.height
            if i not in taken and xs[0] <= middle <= xs[-1] and ys[0] <= level <= ys[-1]:
                cells[bisect_right(ys, level), bisect_right(xs, middle)].append(word)
                inside.add(i)
        if len({c for _, c in cells}) < 2 or sum(map(len, cells.values())) > _PROSE * len(cells):
            continue
        taken |= inside
        rows = tuple(
            "\t".join(_text(cells[r, c]) for c in range(1, len(xs)) if (r, c) in cells)
            for r in sorted({r for r, _ in cells})
        )
        out.append(Table(xs[0], ys[0], xs[-1], ys[-1], frozenset(inside), Block("table", rows=rows)))
    return sorted(out, key=lambda t: t.top)


def _text(words: Iterable[Word]) -> str:
    lines: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        lines[round(word.y / 3)].append(word)
    return " ".join(w.text for y in sorted(lines) for w in sorted(lines[y], key=lambda w: w.x0))


def _grids(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that meet each other, directly or through others."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    across = sorted((i for i, r in enumerate(rules) if r.across), key=lambda i: rules[i].y0)
    down = [i for i, r in enumerate(rules) if not r.across]
    heights = [rules[i].y0 for i in across]
    for d in down:
        a = rules[d]
        for k in range(bisect_right(heights, a.y0 - _NEAR), bisect_right(heights, a.y1 + _NEAR)):
            b = rules[across[k]]
            if b.x0 - _NEAR <= a.x0 <= b.x1 + _NEAR:
                parent[root(d)] = root(across[k])
    found: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        found[root(i)].append(rule)
    return [g for g in found.values() if len(g) >= 6]


def _lines(values: Iterable[float]) -> list[float]:
    """The places of lines, those that are nearly the same taken together."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR:
            out.append(value)
    return out
