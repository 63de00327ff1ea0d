"""Words of a page to blocks in reading order: columns one after the other, what spans them between, tables apart.

A page is cut where its columns part: at the gutter that most rows leave free. Rows that cross it (a headline, a box) split the
page into bands, which are read from the top; in a band, the left side is read before the right. Lengths are in points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

BULLET = re.compile(r"[•▪■◦●○‣∙·–—*o§-]|[\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]")
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z*†‡§])(?:,\d{1,3})*[\])]?")
_UNITS = frozenset(("km", "m", "cm", "mm", "ha"))
_GUTTER = 8.0  # least width of what parts two columns
_NARROWEST = 70.0  # of a column
_DEPTH = 40
TABLE = "\ufdd0"
"""What the only word of a line begins with that stands for a table found before, with the number of the table behind it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its left and right end, its baseline from the top of the page, its height, and whether it is bold.

    On a page that is written from the right all is mirrored (``mirrored``), so that the first column is on the left.
    """

    text: str
    x0: float
    x1: float
    y: float
    height: float
    bold: bool
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand side by side in one row of a column."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Its words as they are read: those of the other direction of writing, where several stand together, turned around."""
        from_right = self.words[0].mirrored
        if not from_right and all(w.text.isascii() for w in self.words):
            return " ".join(w.text for w in self.words)
        runs: list[tuple[bool, list[str]]] = []
        for word in self.words:
            other = direction(word.text) == ("L" if from_right else "R")
            if runs and runs[-1][0] == other:
                runs[-1][1].append(word.text)
            else:
                runs.append((other, [word.text]))
        return " ".join(text for other, run in runs for text in (reversed(run) if other else run))

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return max(w.x1 for w in self.words)

    @property
    def y(self) -> float:
        """Its baseline, from the top."""
        return median(w.y for w in self.words)

    @property
    def height(self) -> float:
        """That of most of its words."""
        return median(w.height for w in self.words)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(w.bold for w in self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one column in order, or the rows of a table, each a line of cells parted by tabs in ``rows``."""

    kind: Literal["text", "table"]
    lines: tuple[Line, ...] = ()
    rows: tuple[str, ...] = ()


def direction(text: str) -> str:
    """L or R: how the letters of a word are written, numbers as L; empty where it has neither."""
    if text.isascii():
        return "L" if any(c.isalnum() for c in text) else ""
    kinds = [unicodedata.bidirectional(c) for c in text]
    right = sum(k in ("R", "AL") for k in kinds)
    left = sum(k in ("L", "EN", "AN") for k in kinds)
    return "R" if right > left else "L" if left else ""


def right_edge(words: Sequence[Word]) -> float | None:
    """Where a page that is written from the right begins, its right end; None for any other page."""
    told = [direction(w.text) for w in words if not w.text.isascii() or w.text.isalpha()]
    return max(w.x1 for w in words) if 2 * told.count("R") > len(told) else None


def mirrored(words: Iterable[Word], edge: float) -> list[Word]:
    """The words of a page as if it were written from the left, ``edge`` being its right end."""
    return [Word(w.text, edge - w.x1, edge - w.x0, w.y, w.height, w.bold, True) for w in words]


def segments(words: Iterable[Word]) -> list[Line]:
    """Words put together to lines, parted where the space between is as wide as a gutter may be; from the top."""
    out: list[Line] = []
    for row in _rows_of_words(words):
        held: list[Word] = []
        for word in row:
            wide = held and word.x0 - held[-1].x1 > 0.8 * max(word.height, held[-1].height)
            if wide and not (len(held) == 1 and BULLET.fullmatch(held[0].text)):
                out.append(Line(tuple(held)))
                held = []
            held.append(word)
        out.append(Line(tuple(held)))
    return out


def _rows_of_words(words: Iterable[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.y, w.x0)):
        if rows and word.y - rows[-1][0].y <= 0.45 * max(word.height, rows[-1][0].height):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_without_marks(sorted(row, key=lambda w: w.x0)) for row in rows]


def _without_marks(row: list[Word]) -> list[Word]:
    """A row without the raised marks of footnotes, which are no numbers of the sentence; units keep theirs (km²)."""
    height, base = median(w.height for w in row), median(w.y for w in row)
    return [
        w
        for i, w in enumerate(row)
        if not (
            i
            and w.height < 0.8 * height
            and w.y < base - 0.1 * height
            and _MARK.fullmatch(w.text)
            and row[i - 1].text.lower() not in _UNITS
        )
    ]


def rows_of(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines by rows, from the top, each from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda s: (s.y, s.x0)):
        if rows and line.y - rows[-1][0].y <= 0.45 * max(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda s: s.x0) for row in rows]


def ordered(lines: Sequence[Line], tables: Sequence[Block] = (), depth: int = 0) -> list[Block]:
    """Blocks in reading order; ``tables`` are those for which lines stand."""
    if not lines:
        return []
    rows = rows_of(lines)
    at = gutter(rows) if depth < _DEPTH else None
    table = unruled(rows)
    if table is not None and not (at is not None and _prose_beside(rows, *table, at)):
        first, last = table
        inside = tuple("\t".join(s.text for s in row) for row in rows[first:last])
        return [
            *ordered([s for row in rows[:first] for s in row], tables, depth),
            Block("table", rows=inside),
            *ordered([s for row in rows[last:] for s in row], tables, depth),
        ]
    if at is None:
        return _column(rows, tables)
    bands: list[tuple[bool, list[Line]]] = []
    for row in rows:
        crossing = any(_crosses(s, at) for s in row)
        if bands and bands[-1][0] == crossing:
            bands[-1][1].extend(row)
        else:
            bands.append((crossing, list(row)))
    if len(bands) > 1:
        return [block for _, band in bands for block in ordered(band, tables, depth + 1)]
    left = [s for s in lines if s.x0 < at]
    return ordered(left, tables, depth + 1) + ordered([s for s in lines if s.x0 >= at], tables, depth + 1)


def _column(rows: Sequence[Sequence[Line]], tables: Sequence[Block]) -> list[Block]:
    """The rows of one column as blocks: text, and the tables that stand between."""
    out: list[Block] = []
    held: list[Line] = []
    for row in rows:
        said: list[Word] = []
        for line in row:
            if not line.words[0].text.startswith(TABLE):
                said += line.words
                continue
            if said:
                held.append(Line(tuple(said)))
            out += ([Block("text", tuple(held))] if held else []) + [tables[int(line.words[0].text[len(TABLE) :])]]
            held, said = [], []
        if said:
            held.append(Line(tuple(said)))
    return [*out, Block("text", tuple(held))] if held else out


def _prose_beside(rows: Sequence[Sequence[Line]], first: int, last: int, at: float) -> bool:
    """Whether what stands left or right of the gutter around a table is prose, so that the columns are parted first."""
    inside = [s for row in rows[first:last] for s in row]
    around = [s for row in rows[max(0, first - 3) : last + 3] for s in row]
    if all(len(s.words) <= 4 for s in inside):
        around = inside  # nothing of it can be prose
    sides = [[len(s.words) for s in around if (s.x0 < at) is left] for left in (True, False)]
    return any(side and median(side) >= 5 for side in sides)


def _crosses(line: Line, x: float) -> bool:
    return line.x0 < x - 1 and line.x1 > x + 1


def gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Where the columns part: the middle of a space that at least three lines on end leave free, with text on either side.

    The lines of two columns need not stand at the same heights.
    """
    lines = [s for row in rows for s in row]
    spaces = _spaces(lines)
    if len(spaces) < 3:
        return None
    left, right = min(s.x0 for s in lines), max(s.x1 for s in lines)
    best: tuple[int, float, float] | None = None
    for x in sorted({float(round((a + b) / 2)) for a, b in spaces}):
        if x - left < _NARROWEST or right - x < _NARROWEST:
            continue
        free = [min(b, right) - max(a, left) for a, b in spaces if a <= x <= b]
        if len(free) < 3 or _longest(rows, x) < 3:
            continue
        key = (len(free), median(free), -x)
        if best is None or key > best:
            best = key
    return -best[2] if best else None


def _spaces(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The spaces between each line and the nearest one on its right, at its height or half a line away."""
    found: list[tuple[float, float]] = []
    by_height = sorted(lines, key=lambda s: s.y)
    for i, line in enumerate(by_height):
        reach = 0.7 * line.height
        nearest: float | None = None
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(by_height) and abs(by_height[j].y - line.y) <= reach:
                if by_height[j].x0 - line.x1 >= 0 and (nearest is None or by_height[j].x0 < nearest):
                    nearest = by_height[j].x0
                j += step
        if nearest is not None and nearest - line.x1 >= _GUTTER:
            found.append((line.x1, nearest))
    return found


def _longest(rows: Sequence[Sequence[Line]], x: float) -> int:
    """Of the bands that nothing crosses, the most lines that one has on the side on which it has fewer."""
    most = left = right = 0
    for row in rows:
        if any(_crosses(s, x) for s in row):
            left = right = 0
        else:
            left += sum(s.x0 < x for s in row)
            right += sum(s.x0 >= x for s in row)
            most = max(most, min(left, right))
    return most


def unruled(rows: Sequence[Sequence[Line]]) -> tuple[int, int] | None:
    """The first run of rows that look like a table without lines: short cells or numbers in at least two columns."""
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and (_cells(rows[end]) or (end > at and _wrapped(rows, end))):
            end += 1
        while end > at and not _cells(rows[end - 1]):
            end -= 1
        if (end - at >= 3 and _tabular(rows[at:end])) or (end - at == 2 and _figures(rows[at:end])):
            return at, end
        at = max(end, at + 1)
    return None


def _cells(row: Sequence[Line]) -> bool:
    """Whether a row may be one of a table: several pieces, none of them as long as a line of prose."""
    return len(row) >= 2 and all(len(s.words) <= 8 and not s.words[0].text.startswith(TABLE) for s in row)


def _wrapped(rows: Sequence[Sequence[Line]], at: int) -> bool:
    """Whether a row with one short piece is what did not fit into a cell of the row above."""
    return len(rows[at]) == 1 and len(rows[at][0].words) <= 4 and at + 1 < len(rows) and _cells(rows[at + 1])


def _tabular(rows: Sequence[Sequence[Line]]) -> bool:
    whole = [row for row in rows if len(row) >= 2]
    later = [s for row in whole for s in row[1:]]
    numbers = sum(number_like(s.text) for s in later)
    short = sum(len(s.words) <= 3 or number_like(s.text) for s in later)
    many = sum(len(row) >= 3 for row in whole)
    if sum(len(row[0].words) for row in whole) > 5 * len(whole):
        return False  # the first column is prose
    return short >= 0.7 * len(later) and (numbers >= 0.5 * len(later) or many >= 0.7 * len(whole))


def _figures(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether two rows are figures and what they are of: at least three short cells each, a third of them numbers."""
    cells = [s for row in rows for s in row]
    short = all(len(row) >= 3 for row in rows) and all(len(s.words) <= 3 for s in cells)
    return short and sum(number_like(s.text) for s in cells) * 3 >= len(cells)


def number_like(text: str) -> bool:
    """Whether a cell holds a number, a share, or the sign for none."""
    return re.fullmatch(r"[-–—~<>≈+$€£%\d.,\s()/*]+|n/?a|N/?A", text) is not None
