"""A process of its own that takes the words of a PDF file apart: what it needs is bounded, and what breaks it breaks only it.

Run as ``python pdf_worker.py BYTES SECONDS``: the file on standard input, on standard output one JSON line for the document
(``pages``, ``title``, ``created``, ``creator``, or ``error``), and one for each page: its width and height, its words, each
``[text, x0, x1, baseline, height, bold]`` in points from the left and from the top, in the order of the file, and its ruling
lines ``[x0, y0, x1, y1]``. BYTES bounds the memory that it may take, SECONDS the processor's time. It imports nothing of Tadmor.
"""

from __future__ import annotations

import json
import math
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

MOST_PAGES = 3000
_MOST_PATHS = 4000  # drawn objects of a page that are looked at
_MOST_CHARS = 60_000  # of a page
_THIN, _LONG = 2.5, 14.0  # points: what is a ruling line
_HYPHENS = {2: "-", 0xFFFE: "-", 0xAD: "-"}  # how PDFium tells a hyphen at the end of a line


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # a system without such limits; whoever started this still ends it when it takes too long
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read, and tell."""
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    data = sys.stdin.buffer.read()
    try:
        for line in _told(data):
            sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
            sys.stdout.flush()
    except MemoryError:
        sys.stdout.write(json.dumps({"error": "it would take too much memory"}) + "\n")


def _told(data: bytes) -> Iterator[dict[str, Any]]:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
        pages = len(document)
    except pdfium.PdfiumError as error:
        words = str(error)
        yield {
            "error": "it needs a password" if "assword" in words else f"no PDF file, or a damaged one ({words[:120]})"
        }
        return
    if pages > MOST_PAGES:
        yield {"error": f"it has more than {MOST_PAGES} pages"}
        return
    about = document.get_metadata_dict()
    names = {"title": "Title", "created": "CreationDate", "creator": "Creator", "producer": "Producer"}
    yield {"pages": pages} | {key: about.get(name, "") for key, name in names.items()}
    for number in range(pages):
        try:
            page = document[number]
            yield _page(page)
            page.close()
        except pdfium.PdfiumError as error:
            yield {"page_error": str(error)[:120]}


def _page(page: Any) -> dict[str, Any]:
    width, height = page.get_size()
    turn = _turn(page)
    words = list(_words(page, turn))
    return {"w": round(width, 1), "h": round(height, 1), "words": words, "rules": list(_rules(page, turn))}


def _turn(page: Any) -> Any:
    """What makes points from the left and the top, as the page is seen, of the page's own coordinates."""
    left, bottom, right, top = page.get_cropbox()
    rotation = page.get_rotation() % 360

    def turned(x: float, y: float) -> tuple[float, float]:
        x, y = x - left, y - bottom
        if rotation == 90:
            return y, x
        if rotation == 180:
            return right - left - x, y
        if rotation == 270:
            return top - bottom - y, right - left - x
        return x, top - bottom - y

    return turned


def _words(page: Any, turn: Any) -> Iterator[list[Any]]:
    import ctypes

    import pypdfium2.raw as c

    text = page.get_textpage()
    box, x, y = c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    word: _Word | None = None
    for i in range(min(text.count_chars(), _MOST_CHARS)):
        code = c.FPDFText_GetUnicode(text, i)
        char = _HYPHENS.get(code) or (chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " ")
        if char.isspace() or (code < 32 and code not in _HYPHENS):
            if word is not None:
                yield word.told()
            word = None
            continue
        if not (c.FPDFText_GetLooseCharBox(text, i, box) and c.FPDFText_GetCharOrigin(text, i, x, y)):
            continue
        (xa, ya), (xb, yb) = turn(box.left, box.top), turn(box.right, box.bottom)
        x0, x1, tall = min(xa, xb), max(xa, xb), abs(yb - ya)
        _, base = turn(x.value, y.value)
        if tall <= 0 or not -1e4 < x0 < 1e4:
            continue
        if word is not None and not word.takes(x0, x1, base):
            yield word.told()
            word = None
        if word is None:
            if abs(_seen(c.FPDFText_GetCharAngle(text, i), page)) >= 0.2:
                continue  # a stamp, or writing up the margin
            word = _Word(x0, x1, base, _height(text, i, c) or tall, _bold(text, i, c))
        word.add(char, x0, x1)
    if word is not None:
        yield word.told()
    text.close()


class _Word:
    """A word as its characters come, in whatever order of writing the file has them."""

    def __init__(self, x0: float, x1: float, base: float, height: float, bold: int) -> None:
        self.x0, self.x1, self.base, self.height, self.bold = x0, x1, base, height, bold
        self.chars: list[tuple[str, float]] = []

    def takes(self, x0: float, x1: float, base: float) -> bool:
        """Whether a character at that place belongs to it: on its line, and no wider from it than letters are."""
        near = max(x0 - self.x1, self.x0 - x1) <= 0.5 * self.height
        return near and abs(base - self.base) <= 0.25 * self.height

    def add(self, char: str, x0: float, x1: float) -> None:
        """One more character."""
        self.chars.append((char, (x0 + x1) / 2))
        self.x0, self.x1 = min(self.x0, x0), max(self.x1, x1)

    def told(self) -> list[Any]:
        """The word with its place; one that is written from the right in the order in which it is read."""
        text = "".join(char for char, _ in self.chars)
        if not text.isascii() and 2 * sum(unicodedata.bidirectional(c) in ("R", "AL") for c in text) > len(text):
            back = self.chars[0][1] < self.chars[-1][1]  # the file has it as it looks, from the left
            chars = sorted(enumerate(self.chars), key=lambda c: (-round(c[1][1], 1), -c[0] if back else c[0]))
            text = "".join(char for _, (char, _) in chars)
        place = (round(v, 1) for v in (self.x0, self.x1, self.base, self.height))
        return [text, *place, self.bold]


def _height(text: Any, index: int, c: Any) -> float:
    """The height of a line of such characters, in points as they are drawn: boxes of characters tell it for some fonts only."""
    matrix = c.FS_MATRIX()
    if not c.FPDFText_GetMatrix(text, index, matrix):
        return 0.0
    return float(1.15 * c.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d))


def _bold(text: Any, index: int, c: Any) -> int:
    import ctypes

    if c.FPDFText_GetFontWeight(text, index) >= 600:
        return 1
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    c.FPDFText_GetFontInfo(text, index, name, 128, flags)
    return int(any(mark in name.value.lower() for mark in (b"bold", b"black", b"heavy")))


def _seen(angle: float, page: Any) -> float:
    """The angle of writing as the page is seen, in radians between -pi and pi."""
    return (angle + math.radians(page.get_rotation()) + math.pi) % (2 * math.pi) - math.pi if angle >= 0 else 0.0


def _rules(page: Any, turn: Any) -> Iterator[list[float]]:
    """Thin lines and the edges of boxes that are long enough to part text."""
    import pypdfium2.raw as c

    for seen, item in enumerate(page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if seen >= _MOST_PATHS:
            return
        try:
            left, bottom, right, top = item.get_bounds()
        except Exception:  # an object that has no bounds rules nothing
            continue
        (xa, ya), (xb, yb) = turn(left, top), turn(right, bottom)
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        wide, tall = x1 - x0, y1 - y0
        if min(wide, tall) <= _THIN and max(wide, tall) >= _LONG:
            yield [round(v, 1) for v in (x0, y0, x1, y1)]
        elif wide >= _LONG and 8 <= tall <= 400:
            for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                yield [round(v, 1) for v in edge]


if __name__ == "__main__":
    main()
