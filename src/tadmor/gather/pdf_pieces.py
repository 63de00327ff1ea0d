"""Pages of a PDF file to the pieces of a report: page furniture left out, lines joined to paragraphs, headings by their look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tadmor.gather.clean import clean, fold
from tadmor.gather.pdf_layout import BULLET, TABLE, Block, Line, Word, mirrored, ordered, right_edge, segments
from tadmor.gather.pdf_tables import Rule, ruled
from tadmor.gather.pieces import Piece
from tadmor.gather.sentences import ends_sentence

_NOTE = 0.88  # of the body's size: smaller print is a note where nothing larger stands below it
_MARGIN = 0.11  # of the page's height, at the top and at the bottom
_PAGE_NUMBER = re.compile(
    r"(?i)(?:page|p\.?|seite|p[aá]gina|стр\.?|صفحة)?\s*[-–—|]?\s*\d{1,4}\s*(?:(?:/|of|de|von|sur|из)\s*\d{1,4})?\s*[-–—|]?\s*"
    r"(?:\|?\s*p\s?a\s?g\s?e)?"
)
_PRINTED = re.compile(
    r"(?i)\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\.?)?|(?:https?|file)://\S+|www\.\S+"
)
_LEADER = re.compile(r"(?:\s?[.…·_]){5,}\s*\d{0,4}\s*$")
_MOST_HEADING = 200  # characters
_RUN_ON = re.compile(r"(\w)-$")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was taken apart: its height, its words and its ruling lines."""

    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; ``full`` is whether the last of them reaches the right end of its column."""

    lines: list[Line]
    page: int
    size: float
    bold: bool
    full: bool = False
    low: bool = False


def pieces(pages: Sequence[Page]) -> tuple[list[Piece], str | None]:
    """The pieces of a document, each with its page, and its title as its look shows it."""
    kept = list(_without_furniture(pages))
    size = _body_size(w for words in kept for w in words)
    parts: list[_Paragraph | Block] = []
    for number, (page, words) in enumerate(zip(pages, kept, strict=True), 1):
        parts += _of_page(page, words, number, size, parts)
    known = Counter(fold(w.text).strip(".,;:()").lower() for words in kept for w in words)
    title = _title(parts, size)
    out: list[Piece] = []
    for part in parts:
        if isinstance(part, Block):
            text = "\n".join(fold_cells(row) for row in part.rows)
            if text.strip():
                out.append(Piece(text, None))
            continue
        text = _joined(part.lines, known)
        if not text:
            continue
        heading = part is title or _is_heading(part, text, size)
        kind = "headline" if part is title else "subhead" if heading else "body"
        out.append(Piece(text, kind, page=part.page))  # type: ignore[arg-type]
    return out, (_joined(title.lines, known) if title is not None else None)


def fold_cells(row: str) -> str:
    """A row of a table with each cell on one line, the tabs between them kept."""
    return "\t".join(fold(clean(cell)) for cell in row.split("\t"))


def _without_furniture(pages: Sequence[Page]) -> Iterator[list[Word]]:
    """The words of each page without what stands at the margin of many pages, and without numbers, addresses and clocks there."""
    seen: Counter[tuple[str, int]] = Counter()
    marginal: list[list[tuple[Line, tuple[str, int]]]] = []
    for page in pages:
        found = []
        for line in segments(w for w in page.words if _at_margin(w, page.height)):
            key = re.sub(r"\d+", "#", fold(line.text).lower()), round(line.height)
            found.append((line, key))
        seen.update({key for _, key in found})
        marginal.append(found)
    often = max(2, round(0.4 * len(pages)))
    for page, found in zip(pages, marginal, strict=True):
        gone = {
            id(w)
            for line, key in found
            if (len(pages) > 1 and seen[key] >= often) or _is_furniture(fold(line.text))
            for w in line.words
        }
        yield [w for w in page.words if id(w) not in gone]


def _is_furniture(text: str) -> bool:
    """Whether a line at the margin is one by its words alone: the number of a page, or what a browser prints there."""
    return bool(_PAGE_NUMBER.fullmatch(text) or _PRINTED.fullmatch(text))


def _at_margin(word: Word, height: float) -> bool:
    return word.y < _MARGIN * height or word.y - word.height > (1 - _MARGIN) * height


def _body_size(words: Iterable[Word]) -> float:
    """The height of most characters."""
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word.height * 2) / 2] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _of_page(
    page: Page, words: list[Word], number: int, size: float, before: list[_Paragraph | Block]
) -> list[_Paragraph | Block]:
    """Paragraphs and tables of a page in reading order; what goes on from an earlier page is added to that."""
    edge, rules = right_edge(words), page.rules
    if edge is not None:
        words = mirrored(words, edge)
        rules = tuple(Rule(edge - r.x1, r.y0, edge - r.x0, r.y1) for r in rules)
    tables = ruled(words, rules)
    inside = {i for t in tables for i in t.places}
    lines = segments(w for i, w in enumerate(words) if i not in inside)
    lines += [
        Line((Word(f"{TABLE}{n}", t.left, t.right, (t.top + t.bottom) / 2, size, False),)) for n, t in enumerate(tables)
    ]
    blocks = ordered(lines, [t.block for t in tables])
    floor = max((s.y for s in lines if s.height >= _NOTE * size), default=0.0)
    out: list[_Paragraph | Block] = []
    for block in (part for whole in blocks for part in _without_leaders(whole)):
        if block.kind == "table":
            out.append(block)
            continue
        for paragraph in _paragraphs(block.lines, number, floor, size):
            last = next((p for p in reversed([*before, *out]) if isinstance(p, _Paragraph) and not p.low), None)
            if last is not None and not paragraph.low and _goes_on(last, paragraph, size):
                last.lines += paragraph.lines
                last.full = paragraph.full
            else:
                out.append(paragraph)
    notes = [p for p in out if isinstance(p, _Paragraph) and p.low]
    return [p for p in out if not (isinstance(p, _Paragraph) and p.low)] + notes


def _without_leaders(block: Block) -> Iterator[Block]:
    """The block with its lines of a table of contents, which end in dots and a number, set apart as a table."""
    runs: list[tuple[bool, list[Line]]] = []
    for line in block.lines:
        led = _LEADER.search(line.text) is not None
        if runs and runs[-1][0] == led:
            runs[-1][1].append(line)
        else:
            runs.append((led, [line]))
    if block.kind == "table" or not any(led for led, _ in runs):
        yield block
        return
    for led, lines in runs:
        yield Block("table", rows=tuple(s.text for s in lines)) if led else Block("text", tuple(lines))


def _paragraphs(lines: Sequence[Line], number: int, floor: float, size: float) -> Iterator[_Paragraph]:
    """Paragraphs of a block; small print below ``floor``, the lowest line of the body, is set apart as notes."""
    left, right = min(s.x0 for s in lines), max(s.x1 for s in lines)
    steps = [b.y - a.y for a, b in pairwise(lines) if 0 < b.y - a.y < 3 * max(a.height, b.height)]
    pitch = median(steps) if steps else 1.2 * size
    held: _Paragraph | None = None
    for i, line in enumerate(lines):
        if held is None or _begins(lines[i - 1], line, held, left, right, pitch):
            if held is not None:
                yield held
            low = line.height < _NOTE * size and line.y > floor
            held = _Paragraph([], number, line.height, line.bold, low=low)
        held.lines.append(line)
        held.full = line.x1 >= right - 0.12 * (right - left)
    if held is not None:
        yield held


def _begins(last: Line, line: Line, held: _Paragraph, left: float, right: float, pitch: float) -> bool:
    """Whether a line begins a new paragraph."""
    if line.y - last.y > 1.35 * max(pitch, last.height) or line.y < last.y:
        return True
    if abs(line.height - last.height) > 0.12 * max(line.height, last.height) or line.bold != last.bold:
        return True
    if BULLET.fullmatch(line.words[0].text) and len(line.words) > 1 and not line.words[0].text.isalnum():
        return True
    if line.y - last.y > 1.2 * pitch and ends_sentence(last.text):
        return True
    hanging = BULLET.fullmatch(held.lines[0].words[0].text)
    indented = line.x0 > left + 0.8 * line.height and last.x0 <= left + 2 and not hanging
    short = last.x1 < right - 0.2 * (right - left)
    return (indented and ends_sentence(last.text)) or (short and ends_sentence(last.text))


def _goes_on(last: _Paragraph, paragraph: _Paragraph, size: float) -> bool:
    """Whether a paragraph that begins a column or page is the rest of the one before."""
    told, first = last.lines[-1].text, paragraph.lines[0]
    below = first.y - last.lines[-1].y
    if below > 1.6 * first.height and paragraph.page == last.page and first.x0 < last.lines[-1].x1:
        return False  # below it, in the same column: parted on purpose
    if ends_sentence(told) or told.endswith(":") or last.bold != paragraph.bold:
        return False
    if abs(last.size - paragraph.size) > 0.1 * size or last.size > 1.12 * size:
        return False
    opening = first.text[:1]
    if BULLET.fullmatch(first.words[0].text) and not first.words[0].text.isalnum():
        return False
    return opening.islower() or (last.full and (opening.isalnum() or opening in "(\"'“‘"))


def _joined(lines: Sequence[Line], known: Counter[str]) -> str:
    """The text of the lines; a hyphen at the end of one goes when the rest of the document writes the word without it."""
    text = ""
    for line in lines:
        said = fold(clean(line.text))
        if not text or not said:
            text += said
        elif _RUN_ON.search(text) and said[:1].isalpha():
            head = re.split(r"[\s(\"'“‘]", text[:-1])[-1]
            tail = re.split(r"[\s.,;:)\"'”’!?]", said)[0]
            whole, parted = f"{head}{tail}".lower(), f"{head}-{tail}".lower()
            plain = known[whole] or (not known[parted] and said[:1].islower() and head.isalpha())
            text = (text[:-1] if plain else text) + said
        else:
            text += " " + said
    return text


def _is_heading(part: _Paragraph, text: str, size: float) -> bool:
    if len(text) > _MOST_HEADING or not any(c.isalpha() for c in text):
        return False
    if part.size > 1.15 * size:
        return not (ends_sentence(text) and len(text) > 80)
    return part.bold and len(part.lines) <= 2 and len(text) <= 120 and not ends_sentence(text)


def _title(parts: Sequence[_Paragraph | Block], size: float) -> _Paragraph | None:
    """The largest text of the first page, if it is larger than the body; the first of several of one size."""
    first = [p for p in parts if isinstance(p, _Paragraph) and p.page == 1 and p.size > 1.2 * size]
    fit = [p for p in first if sum(len(s.words) for s in p.lines) >= 2 and sum(len(s.text) for s in p.lines) <= 250]
    return max(fit, key=lambda p: (round(p.size), -fit.index(p))) if fit else None
