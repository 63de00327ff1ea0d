"""Inputs in order to reports: paths, folders, standard input, addresses. One input that fails gives one failure."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from tadmor import edtf
from tadmor.errors import InputError, Refused
from tadmor.gather import forms
from tadmor.gather.clean import short
from tadmor.gather.fetch import Fetched, Permit, fetch, is_public, is_url
from tadmor.gather.forms import Item
from tadmor.model import Failure, Report

MAX_BYTES = 20_000_000  # of one item, after decompression


def gather(
    inputs: Sequence[str | os.PathLike[str]],
    *,
    published: str | None = None,
    max_bytes: int = MAX_BYTES,
    stdin: BinaryIO | None = None,
) -> Iterator[Report | Failure]:
    """Reports and failures of all inputs, in order: files, folders, ``-`` for standard input, http(s) addresses.

    Folders are read recursively and sorted by path; known suffixes only, hidden names left out, symbolic links followed
    once. Tables, mailboxes and web archives are streamed item by item. The path of a report leaves out the suffix ``.gz``; an
    item of a mailbox or a web archive is named behind ``#``.
    ``published`` (EDTF) overrides the date when the inputs hold one report in total, else it stands for the reports
    without a date. ``max_bytes`` caps each item, after decompression.
    Raises BadDate at once when ``published`` is not EDTF; nothing else, as every other trouble is a failure.
    """
    if published is not None:
        edtf.bounds(published)
    given = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    items = _gather(given, max_bytes=max_bytes, stdin=stdin, permit=is_public)
    return items if published is None else _dated(items, published)


def _gather(
    inputs: Sequence[str | os.PathLike[str]], *, max_bytes: int, stdin: BinaryIO | None, permit: Permit
) -> Iterator[Item]:
    for given in inputs:
        name = os.fsdecode(given)
        if name == "-":
            yield from _standard_input(stdin if stdin is not None else sys.stdin.buffer, max_bytes)
        elif is_url(name):
            yield from _guarded(name, lambda n=name: _address(n, max_bytes, permit))  # type: ignore[misc]
        else:
            yield from _path(name, max_bytes)


def _dated(items: Iterator[Item], published: str) -> Iterator[Item]:
    """Only the first report is held back, until a second one or the end tells whether it is the only one."""
    held: list[Item] = []
    many = False
    for item in items:
        if many:
            yield _fallback(item, published)
        elif isinstance(item, Report) and any(isinstance(h, Report) for h in held):
            many = True
            yield from (_fallback(h, published) for h in (*held, item))
            held = []
        elif isinstance(item, Report) or held:
            held.append(item)
        else:
            yield item
    yield from (replace(h, published=published, published_basis="given") if isinstance(h, Report) else h for h in held)


def _fallback(item: Item, published: str) -> Item:
    if isinstance(item, Report) and item.published is None:
        return replace(item, published=published, published_basis="given")
    return item


def _guarded(path: str, read: Callable[[], Iterator[Item]]) -> Iterator[Item]:
    """What ``read`` yields; an error that ends it becomes a failure of ``path``."""
    try:
        yield from read()
    except InputError as error:
        yield Failure(None, path, short(error, 400))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Failure(None, path, f"damaged compression ({short(error)})")
    except OSError as error:
        yield Failure(None, path, f"cannot be read: {error.strerror or short(error)}")
    except ValueError as error:
        yield Failure(None, path, f"cannot be read: {short(error)}")
    except Exception as error:
        # A fault of a library, or of ours, on one damaged input must not cost the user the others: it is told by name.
        yield Failure(None, path, f"cannot be read: {type(error).__name__}: {short(error)}")


def _path(name: str, max_bytes: int) -> Iterator[Item]:
    try:
        mode = os.stat(name).st_mode  # noqa: PTH116 - a name may be no valid path at all
    except FileNotFoundError:
        yield Failure(None, name, "no such file or folder")
        return
    except (OSError, ValueError) as error:
        yield Failure(None, name, f"cannot be read: {getattr(error, 'strerror', None) or short(error)}")
        return
    if not stat.S_ISDIR(mode):
        yield from _guarded(name, lambda: _file(name, max_bytes))
        return
    found = False
    for file, failure in walk(name):
        if failure is not None:
            found = True
            yield failure
        elif forms.form_of(file) is not None:
            found = True
            yield from _guarded(file, lambda f=file: _file(f, max_bytes))  # type: ignore[misc]
    if not found:
        yield Failure(
            None,
            name,
            "the folder holds no file of a known kind (" + " ".join(forms.SUFFIXES) + ", each also with .gz)",
        )


def walk(folder: str, seen: set[tuple[int, int]] | None = None) -> Iterator[tuple[str, Failure | None]]:
    """Files below a folder but for hidden ones, in the order of their paths; each folder once, however it is linked.

    A folder that cannot be read stands with its failure. ``seen`` are device and inode of the folders met so far.
    """
    seen = set() if seen is None else seen
    try:
        here = os.stat(folder)  # noqa: PTH116
        if (here.st_dev, here.st_ino) in seen:
            return
        seen.add((here.st_dev, here.st_ino))
        with os.scandir(folder) as entries:
            names = sorted(e.name + ("/" if _is_folder(e) else "") for e in entries if not e.name.startswith("."))
    except OSError as error:
        yield folder, Failure(None, folder, f"cannot be read: {error.strerror or short(error)}")
        return
    for name in names:
        path = os.path.join(folder, name.rstrip("/"))  # noqa: PTH118
        if name.endswith("/"):
            yield from walk(path, seen)
        elif _regular(path):
            yield path, None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _regular(path: str) -> bool:
    """A link that leads nowhere is still named, so that reading it says so; pipes and devices in folders are not."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return True


def _file(name: str, max_bytes: int) -> Iterator[Item]:
    packed = name.lower().endswith(".gz")
    document = name[:-3] if packed else name
    form = forms.form_of(name)
    with open(name, "rb") as plain:  # noqa: PTH123
        # the records of a WARC file are packed one by one, which its reader undoes by itself
        raw: BinaryIO = gzip.GzipFile(fileobj=plain) if packed and form not in forms.WARC else plain  # type: ignore[assignment]
        yield from _sniffed(raw, document, max_bytes) if form is None else forms.read(form, raw, document, max_bytes)


def _standard_input(stdin: BinaryIO, max_bytes: int) -> Iterator[Item]:
    yield from _guarded("-", lambda: _sniffed(stdin, "-", max_bytes))


def _sniffed(raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Item]:
    """JSONL when the first line is a JSON object (streamed), else by its beginning."""
    head = _head(raw, max_bytes)
    joined: BinaryIO = _Rejoined(head, raw)  # type: ignore[assignment]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _is_object(head):
        yield from forms.read(".jsonl", joined, path, max_bytes)
    elif (form := forms.sniff(head)) in forms.DOCUMENTS:
        data = forms.bounded(joined, max_bytes)
        yield from forms.read(forms.sniff(data), io.BytesIO(data), path, max_bytes)
    else:
        yield from forms.read(form, joined, path, max_bytes)


def _head(raw: BinaryIO, max_bytes: int) -> bytes:
    """The input up to the end of its first line that is not blank, at least its first bytes."""
    head = b""
    while len(head) <= max_bytes:
        chunk = _some_bytes(raw, 65536)
        if not chunk:
            break
        head += chunk
        if b"\n" in head.lstrip():
            break
        if len(head) >= 64 and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            break
    return head


def _some_bytes(raw: BinaryIO, size: int) -> bytes:
    """What is there already, up to ``size`` bytes, so that a slow pipe is read as it comes."""
    return raw.read1(size) if isinstance(raw, io.BufferedIOBase) else raw.read(size)


def _is_object(head: bytes) -> bool:
    import json

    line = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


class _Rejoined(io.RawIOBase):
    """Bytes already taken from a stream, then the rest of it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._head.read(size) or _some_bytes(self._rest, size)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _address(url: str, max_bytes: int, permit: Permit) -> Iterator[Item]:
    if url.partition("://")[0].lower() not in ("http", "https"):
        raise Refused("only http and https addresses are read")
    yield from _fetched(fetch(url, max_bytes=max_bytes, _permit=permit), url, max_bytes)


def of_fetched(got: Fetched, url: str, max_bytes: int = MAX_BYTES) -> Iterator[Report | Failure]:
    """Reports and failures of a document that was fetched at ``url`` already, by whoever has manners of their own for it."""
    yield from _guarded(url, lambda: _fetched(got, url, max_bytes))


def _fetched(got: Fetched, url: str, max_bytes: int) -> Iterator[Item]:
    form = forms.of_media_type(got.media_type) or forms.form_of(got.url.partition("?")[0])
    if form is None or form in forms.TEXT:
        found = forms.sniff(got.data)
        form = found if found in forms.DOCUMENTS else form or ".txt"
    if form in forms.DOCUMENTS:
        yield from forms.document(form, got.data, url, max_bytes, url=url, charset=got.charset)
        return
    raw: BinaryIO = io.BytesIO(got.data)
    if got.data.startswith(b"\x1f\x8b") and form not in forms.WARC:
        raw = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]
    yield from forms.read(form, raw, url, max_bytes)
