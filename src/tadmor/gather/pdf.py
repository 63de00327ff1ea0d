"""PDF: the text of a document in reading order, with the page on which each passage begins.

Columns are read one after the other, headers, footers and numbers of pages are left out, and tables are kept in the text
without being passages, so that no sentence is read out of their cells. Taking the file apart is left to PDFium in a process of
its own, which is ended when it takes too long or too much memory; a damaged or hostile file costs no more than its own failure.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tadmor.errors import Empty, InputError, MissingResource, TooLarge
from tadmor.gather import dates
from tadmor.gather.build import assemble
from tadmor.gather.clean import fold, optional, short
from tadmor.gather.pdf_layout import Word
from tadmor.gather.pdf_pieces import Page, pieces
from tadmor.gather.pdf_tables import Rule
from tadmor.gather.plain import name_kinds
from tadmor.model import Original, Report

MOST_CHARACTERS = 20_000_000
_SECONDS = 8.0  # without a page, after which the file is given up
_PROCESSOR = 300  # seconds of the processor for one file
_MEMORY = 2_000_000_000  # bytes
_LINE = 30_000_000  # bytes of what is told of one page
_PRINTS = re.compile(
    r"(?i)chrom|skia|mozilla|firefox|webkit|wkhtml|safari|quartz pdfcontext|headless|scan|print to pdf|printpdf"
)
_WORKER = Path(__file__).with_name("pdf_worker.py")


def read_pdf(
    data: bytes,
    *,
    path: str | None = None,
    url: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    charset: str | None = None,
    metadata: Mapping[str, str] | None = None,
    original: Original | None = None,
) -> Report:
    """The report of a document. Raises InputError when it cannot be read, Empty when it has no text, as scans have.

    Its date is what the text says, else the day on which it says it was made, unless a browser or a scanner made it.
    """
    about, pages = _taken_apart(data)
    if not any(page.words for page in pages):
        raise Empty("it has no text, only images: make it searchable first (OCR, for example with ocrmypdf)")
    found, own_title = pieces(pages)
    if not any(any(c.isalnum() for c in p.text) for p in found if p.kind is not None):
        raise Empty("it has no text outside of tables")
    said = optional(title) or own_title or _told_title(about, found)
    named = [part for p in found for part in (name_kinds(p, alone=len(found) == 1) if p.kind is not None else [p])]
    return assemble(
        named,
        title=said,
        id=None,
        published=None,
        publisher=optional(publisher),
        url=url,
        path=path,
        row_published=published or _made(about),
        metadata={**(metadata or {}), "pages": str(len(pages))},
        original=original,
    )


def _told_title(about: Mapping[str, Any], found: list[Any]) -> str | None:
    """The title of the file's properties, when the text begins with it: programs leave that of another document there."""
    told = optional(str(about.get("title") or ""))
    head = " ".join(fold(p.text) for p in found[:8]).lower()
    return told if told and len(told.split()) >= 2 and told.lower() in head else None


def _made(about: Mapping[str, Any]) -> str | None:
    """The day on which the file says it was made; None for what was printed from a browser or scanned, which is done later."""
    if _PRINTS.search(f"{about.get('creator') or ''} {about.get('producer') or ''}"):
        return None
    m = re.match(r"D:(\d{4})(\d\d)(\d\d)", str(about.get("created") or ""))
    return dates.normalise(f"{m[1]}-{m[2]}-{m[3]}") if m else None


def _taken_apart(data: bytes) -> tuple[dict[str, Any], list[Page]]:
    """What the file says of itself, and its pages. Raises InputError."""
    lines = _told(data)
    about = next(lines, None)
    if about is None:
        raise InputError("no PDF file, or a damaged one: it could not be taken apart")
    if "error" in about:
        raise InputError(str(about["error"]))
    pages: list[Page] = []
    broken, size = 0, 0
    for line in lines:
        if "error" in line:
            raise InputError(str(line["error"]))
        if "page_error" in line:
            broken += 1
            pages.append(Page(1.0, (), ()))
            continue
        words = tuple(Word(t, x0, x1, y, h, bool(b)) for t, x0, x1, y, h, b in line["words"])
        size += sum(len(w.text) + 1 for w in words)
        if size > MOST_CHARACTERS:
            raise TooLarge(f"its text is above {MOST_CHARACTERS} characters")
        pages.append(Page(line["h"], words, tuple(Rule(*r) for r in line["rules"])))
    if len(pages) < about["pages"]:
        raise InputError(
            f"page {len(pages) + 1} of {about['pages']} could not be read: it takes too long, or breaks what reads it"
        )
    if broken == len(pages):
        raise InputError("a damaged PDF file: none of its pages can be read")
    return about, pages


def _told(data: bytes) -> Iterator[dict[str, Any]]:
    """The lines of the worker, until it ends or is ended because nothing came for some seconds."""
    if not sys.executable:
        raise MissingResource(
            "PDF files are read by a process of its own, and where Python is is not known: set sys.executable"
        )
    command = [sys.executable, "-P", str(_WORKER), str(_MEMORY), str(_PROCESSOR)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        feeding = threading.Thread(target=_feed, args=(worker.stdin, data), daemon=True)
        feeding.start()
        try:
            while True:
                watch = threading.Timer(_SECONDS, worker.kill)
                watch.start()
                line = worker.stdout.readline(_LINE)
                watch.cancel()
                if not line.endswith(b"\n"):
                    return
                try:
                    told = json.loads(line)
                except ValueError as error:
                    raise InputError(f"it could not be taken apart ({short(error)})") from error
                yield told
        finally:
            worker.kill()
            feeding.join()


def _feed(stream: Any, data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except (OSError, ValueError):
        return  # it ended before it had all: what it said tells why
