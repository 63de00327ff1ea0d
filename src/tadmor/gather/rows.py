"""Tables of reports, streamed: JSONL and CSV rows with the columns id, title, text, published, publisher, url.

Other columns are kept as metadata. A row without an id is named by its text. Every row gives one report or one failure:
rows that share an id are all read under it, as corpora hold several versions of one article, and it is for the ledger
to tell them apart by their texts. What stands in ``published`` and is no date leaves the report undated
(:mod:`tadmor.gather.undated`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from tadmor.errors import InputError, TooLarge
from tadmor.gather.build import from_text
from tadmor.gather.clean import clean, optional, short
from tadmor.model import Failure, Original, Report

COLUMNS = ("id", "title", "text", "published", "publisher", "url")
_SAMPLE = 65536
_ESCAPED = re.compile("[\udc80-\udcff]")  # what surrogateescape makes of a byte that is no UTF-8


def read_jsonl(raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Report | Failure]:
    """A report or a failure for each line that is not blank; no line above ``max_bytes`` is held in memory."""
    for number, line in _lines(_text_stream(raw, newline="\n", guess=False), max_bytes):
        if line is None:
            yield Failure(None, path, str(TooLarge.above(max_bytes, f"line {number}: ")))
            continue
        if not line.strip():
            continue
        if _ESCAPED.search(line):
            yield Failure(None, path, f"line {number}: its bytes are no UTF-8")
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Failure(None, path, f"line {number}: no JSON ({short(error)})")
            continue
        if not isinstance(row, dict):
            yield Failure(None, path, f"line {number}: a JSON {_kind(row)}, not an object")
            continue
        yield from read_row(row, f"line {number}", path, _bytes(line))


def read_csv(raw: BinaryIO, path: str, max_bytes: int) -> Iterator[Report | Failure]:
    """A report or a failure for each row under the header; comma, semicolon, tab or bar between columns."""
    stream = _text_stream(raw, newline="", guess=True)
    _allow_fields(max_bytes)
    lines = _Physical(stream, max_bytes)
    head = lines.first()
    reader = csv.reader(lines, delimiter=delimiter(head))
    header: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _LongLine:
            yield Failure(None, path, str(TooLarge.above(max_bytes, f"line {lines.number}: ")))
            continue
        except csv.Error as error:
            yield Failure(None, path, f"line {start}: no CSV ({short(error)})")
            continue
        if header is None:
            header = [c.strip().lower() if c.strip().lower() in COLUMNS else c.strip() for c in cells]
            if "text" not in header:
                yield Failure(None, path, f"no column named text, only: {short(', '.join(header), 200)}")
                return
            continue
        if not any(c.strip() for c in cells):
            continue
        row = {k: v for k, v in zip(header, cells, strict=False) if k}
        if any(_ESCAPED.search(c) for c in cells):
            yield Failure(_identity(row.get("id")), path, f"line {start}: its bytes are no UTF-8")
            continue
        yield from read_row(row, f"line {start}", path)


def read_row(row: Mapping[str, Any], where: str, path: str, data: bytes | None = None) -> Iterator[Report | Failure]:
    """The report, or the failure, of a row; ``where`` names it, ``data`` are its bytes as JSON where it came so."""
    name = _identity(row.get("id"))
    text = row.get("text")
    if not isinstance(text, str):
        yield Failure(name, path, f"{where}: " + ("no text" if text is None else f"its text is a {_kind(text)}"))
        return
    try:
        report = from_text(
            text,
            id=name,
            title=_value(row.get("title")),
            row_published=_value(row.get("published")),
            publisher=_value(row.get("publisher")),
            url=optional(_value(row.get("url"))),
            path=path,
            metadata={clean(str(k)): v for k, w in row.items() if k not in COLUMNS and (v := _value(w)) is not None},
            original=Original(data if data is not None else _json(row), "row"),
        )
        yield replace(report, where=where)
    except InputError as error:
        yield Failure(name, path, f"{where}: {error}")


def _bytes(line: str) -> bytes:
    return line.strip().encode("utf-8", "surrogatepass")


def _json(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _identity(value: object) -> str | None:
    text = _value(value)
    return optional(text)


def _value(value: object) -> str | None:
    """A cell as a string: numbers and truth values as JSON writes them, lists and objects as compact JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value)
    try:
        return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    except (ValueError, RecursionError):
        return None


def _kind(value: object) -> str:
    names = {list: "list", str: "string", bool: "truth value", int: "number", float: "number", dict: "object"}
    return names.get(type(value), "null")


def _text_stream(raw: BinaryIO, newline: str, guess: bool) -> io.TextIOWrapper:
    """The bytes as text: by BOM, as UTF-8 or, for CSV, by a guess; bytes that are no UTF-8 become surrogates."""
    from tadmor.gather.decode import stream_encoding

    buffered = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(_Readable(raw), _SAMPLE)
    head = buffered.peek(_SAMPLE)[:_SAMPLE]
    encoding = stream_encoding(head, guess=guess)
    errors = "surrogateescape" if encoding in ("utf-8", "utf-8-sig") else "replace"
    return io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline=newline)


class _Readable(io.RawIOBase):
    """Any object with ``read`` as a raw stream, left open when the wrapper goes."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _lines(stream: io.TextIOWrapper, limit: int) -> Iterator[tuple[int, str | None]]:
    """Number and text of each line; None for the text of a line above ``limit`` characters."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith("\n"):
            while (rest := stream.readline(_SAMPLE)) and not rest.endswith("\n"):
                pass
            yield number, None
        else:
            yield number, line


class _LongLine(Exception):  # noqa: N818 - caught in this module, tells of one line
    pass


class _Physical:
    """Lines for the csv module, bounded in length."""

    def __init__(self, stream: io.TextIOWrapper, limit: int) -> None:
        self._lines = _lines(stream, limit)
        self._held: list[tuple[int, str | None]] = []
        self.number = 0

    def first(self) -> str:
        self._held = [item for item in [next(self._lines, None)] if item is not None]
        return (self._held[0][1] or "") if self._held else ""

    def __iter__(self) -> _Physical:
        return self

    def __next__(self) -> str:
        self.number, line = self._held.pop() if self._held else next(self._lines)
        if line is None:
            raise _LongLine
        return line


def delimiter(head: str) -> str:
    """What stands between the columns of a header line: comma, semicolon, tab or bar; a comma where there is one column."""
    best = max(",;\t|", key=head.count)
    return best if head.count(best) else ","


def _allow_fields(limit: int) -> None:
    # the csv module's cap on a field is one for the whole process: only ever raise it
    wanted = min(max(limit, 131_072), 2**31 - 1)
    if csv.field_size_limit() < wanted:
        csv.field_size_limit(wanted)
