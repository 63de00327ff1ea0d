"""The forms that are read: known by a file's suffix, its media type or its first bytes, each with the module that reads it.

A form is named by its first suffix. Some hold one report (a document), others many (rows, messages, captured pages); some are
streamed, others must lie in a file or in memory because they are read from their end.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tadmor.errors import Empty, InputError, TooLarge
from tadmor.gather.build import from_html, from_text, given
from tadmor.model import Failure, Original, Report

Item = Report | Failure

TEXT = (".txt", ".text", ".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")
JSONL = (".jsonl", ".ndjson")
CSV = (".csv",)
PARQUET = (".parquet",)
PDF = (".pdf",)
DOCX = (".docx",)
MAIL = (".eml",)
MBOX = (".mbox",)
WARC = (".warc",)
WACZ = (".wacz",)
SUFFIXES = (*TEXT, *HTML, *JSONL, *CSV, *PARQUET, *PDF, *DOCX, *MAIL, *MBOX, *WARC, *WACZ)
DOCUMENTS = (*TEXT, *HTML, *PDF, *DOCX, *MAIL)
"""Forms that are read whole; each is capped in size by itself."""

_HTML_HEAD = (
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<article",
    "<div",
    "<p>",
    "<p ",
    "<meta",
    "<title",
    "<section",
    "<main",
)
_MAIL_HEADS = frozenset(
    "from to subject date message-id received return-path mime-version delivered-to content-type reply-to sender".split()
)
_MEDIA = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "message/rfc822": ".eml",
    "application/mbox": ".mbox",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.apache.parquet": ".parquet",
    "application/warc": ".warc",
    "application/wacz": ".wacz",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
}
_IN_MEMORY = 8_000_000  # bytes of a stream that must be read from its end; what is longer goes to a temporary file


def form_of(name: str) -> str | None:
    """The form of a file or address by its suffix, that of packing (``.gz``) left out; None when it is not known."""
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    return suffix if suffix in SUFFIXES else None


def of_media_type(media_type: str) -> str | None:
    """The form of a media type without its parameters; None when it is none that is read, or says too little."""
    found = _MEDIA.get(media_type.strip().lower())
    if found is None and ("jsonl" in media_type or "ndjson" in media_type):
        return ".jsonl"
    return found


def sniff(data: bytes) -> str:
    """The form that the first bytes look like; text when they look like nothing else."""
    if data.startswith(b"PAR1"):
        return ".parquet"
    if data.startswith(b"PK\x03\x04"):
        return ".docx" if b"word/" in data[:4096] or b"[Content_Types].xml" in data[:4096] else ".wacz"
    if data.startswith(b"WARC/"):
        return ".warc"
    if b"%PDF-" in data[:1024]:  # last of these: an archive may hold a PDF near its start
        return ".pdf"
    start = data[:3000].decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if start.startswith("From ") and _mail(start.partition("\n")[2]):
        return ".mbox"
    low = start.lower()
    if low.startswith("<?xml") or low.startswith("<!--"):
        return ".html" if "<html" in low else ".txt"
    if low.startswith(_HTML_HEAD):
        return ".html"
    return ".eml" if _mail(start) else ".txt"


def _mail(start: str) -> bool:
    """Whether a text begins with the head of a message: three known headers before the first blank line."""
    head = start.replace("\r\n", "\n").partition("\n\n")[0]
    names = [line.partition(":")[0].lower() for line in head.split("\n") if not line.startswith((" ", "\t"))]
    return sum(n in _MAIL_HEADS for n in names) >= 3 and all(n and " " not in n for n in names[:3])


def read(form: str, raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Item]:
    """The reports and failures of a stream of a form. Raises InputError, and what reading the stream raises."""
    if form in DOCUMENTS:
        yield from document(form, bounded(raw, max_bytes), path, max_bytes)
        return
    yield from some(_many(form, raw, path, max_bytes))


def _many(form: str, raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Item]:
    from tadmor.gather import rows

    if form in JSONL:
        yield from rows.read_jsonl(raw, path, max_bytes)
    elif form in CSV:
        yield from rows.read_csv(raw, path, max_bytes)
    elif form in MBOX:
        from tadmor.gather.mail import read_mbox

        yield from read_mbox(raw, path, max_bytes)
    elif form in WARC:
        from tadmor.gather.warc import read_warc

        yield from read_warc(raw, path, max_bytes)
    elif form in PARQUET:
        from tadmor.gather.parquet import read_parquet

        with seekable(raw, max_bytes) as file:
            yield from read_parquet(file, path, max_bytes)
    elif form in WACZ:
        from tadmor.gather.wacz import read_wacz

        with seekable(raw, max_bytes) as file:
            yield from read_wacz(file, path, max_bytes)
    else:
        raise InputError(f"no form is called {form!r}")


def some(items: Iterator[Item]) -> Iterator[Item]:
    """The items. Raises Empty when there is none, so that no input is passed over in silence."""
    none = True
    for item in items:
        none = False
        yield item
    if none:
        raise Empty("the file holds no row")


def document(
    form: str,
    data: bytes,
    path: str,
    max_bytes: int,
    *,
    url: str | None = None,
    charset: str | None = None,
    depth: int = 0,
) -> Iterator[Item]:
    """The report of a document; of a message also those of its attachments, each failing alone.

    ``charset`` is what the transport declared, ``depth`` how many messages it came in. Raises InputError.
    """
    if form in MAIL:
        from tadmor.gather.mail import read_eml

        if not data.strip():
            raise Empty("the file is empty")
        yield from read_eml(data, path, max_bytes, depth=depth)
    else:
        yield one(form, data, path, url=url, charset=charset)


def one(
    form: str,
    data: bytes,
    path: str | None,
    *,
    url: str | None = None,
    charset: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Report:
    """The report of a document that holds one, with its bytes. Raises InputError.

    ``published`` is a date in any usual form that came beside the bytes; it counts after what the text itself says.
    """
    from tadmor.gather.decode import decode_html, decode_text

    if not data.strip():
        raise Empty("the file is empty")
    beside = given(url=url, charset=charset, title=title, publisher=publisher, published=published)
    if form in PDF or form in DOCX:
        if form in PDF:
            from tadmor.gather.pdf import read_pdf as read_office
        else:
            from tadmor.gather.docx import read_docx as read_office
        return read_office(data, path=path, metadata=metadata, original=Original(data, form[1:], beside), **beside)
    if form not in HTML and form not in TEXT:
        raise InputError(f"no document is of the form {form!r}")
    made, name = (from_html, "html") if form in HTML else (from_text, "text")
    return made(
        decode_text(data) if form in TEXT and charset is None else decode_html(data, charset),
        path=path,
        url=url,
        title=title,
        publisher=publisher,
        row_published=published,
        metadata=metadata,
        original=Original(data, name, beside),
    )


def bounded(raw: BinaryIO, max_bytes: int) -> bytes:
    """All of a stream. Raises TooLarge as soon as it is above ``max_bytes``."""
    parts: list[bytes] = []
    size = 0
    while chunk := raw.read(min(1 << 20, max_bytes + 1 - size)):
        parts.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge.above(max_bytes)
    return b"".join(parts)


@contextmanager
def seekable(raw: BinaryIO, max_bytes: int) -> Iterator[BinaryIO]:
    """The stream itself where it is a plain file, else a copy of it that can be read from its end.

    A copy is capped at a hundred times ``max_bytes``, since it holds many items. Raises TooLarge.
    """
    if isinstance(raw, io.BufferedReader) and raw.seekable() and _regular(raw):
        yield raw
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        size = 0
        while chunk := raw.read(1 << 20):
            size += len(chunk)
            if size > 100 * max_bytes:
                raise TooLarge(f"above {100 * max_bytes} bytes, a hundred times what --max-bytes says")
            copy.write(chunk)
        copy.seek(0)
        yield copy  # type: ignore[misc]


def _regular(raw: io.BufferedReader) -> bool:
    try:
        return os.fstat(raw.fileno()).st_size > 0
    except (OSError, ValueError):
        return False
