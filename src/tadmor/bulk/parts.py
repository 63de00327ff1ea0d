"""A corpus cut into parts: some rows of a Parquet file, some records of a web archive, or a whole file of another form.

A part is worked on by itself, wherever; so it says only where its bytes lie. Parquet is cut by rows, web archives between
records, where a gzip member begins: those bytes are a web archive again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tadmor import gather
from tadmor.bulk import folders
from tadmor.errors import InputError
from tadmor.gather.parquet import cells, columns, read_cells
from tadmor.model import Failure, Report

ROWS = 500  # reports in a part, as a rule: some minutes of reading on one core
BYTES = 16_000_000  # of a web archive, as it lies there
_WARC = (".warc", ".warc.gz")
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"

Form = Literal["rows", "records", "file"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a corpus: rows ``first`` up to ``last`` of row group ``group``, or bytes, or a whole file."""

    address: str
    form: Form
    first: int = 0
    last: int = 0
    group: int = 0

    def __str__(self) -> str:
        """The part as messages name it."""
        if self.form == "rows":
            return f"{self.address} (row group {self.group}, rows {self.first} to {self.last - 1})"
        return self.address if self.form == "file" else f"{self.address} (bytes {self.first} to {self.last - 1})"


@dataclass(frozen=True, slots=True)
class Content:
    """What a part holds: bytes that tell it from others, their SHA-256 (hex), and how many rows of its file come before."""

    part: Part
    data: bytes
    digest: str
    before: int = 0


def cut(address: str, *, rows: int = ROWS, size: int = BYTES) -> list[Part]:
    """The parts of one file. Raises InputError when it cannot be read."""
    kind = folders.suffix(address)
    if kind == ".parquet":
        return list(_rows(address, rows))
    if kind in _WARC:
        return list(_records(address, size))
    return [Part(address, "file")]


def content(part: Part) -> Content:
    """The bytes of a part. Raises InputError."""
    before = 0
    if part.form == "rows":
        data, before = _as_lines(part)
    elif part.form == "records":
        data = folders.read_range(part.address, part.first, part.last)
    else:
        with folders.opened(part.address) as stream:
            data = stream.read()
    return Content(part, data, hashlib.sha256(data).hexdigest(), before)


def reports(
    found: Content, *, published: str | None = None, max_bytes: int = gather.MAX_BYTES
) -> Iterator[Report | Failure]:
    """The reports of a part, in order; what cannot be read is a failure. Their path is the address of the file.

    ``published`` stands for those without a date of their own.
    """
    # Not by ``gather``, for which one report in all has the date that is given: here it is one of many, in a part of its own.
    for item in _items(found, max_bytes):
        yield _given(item, published)


def _items(found: Content, max_bytes: int) -> Iterator[Report | Failure]:
    part = found.part
    if part.form == "rows":
        for number, line in enumerate(found.data.splitlines(), found.before + 1):
            for item in read_cells(json.loads(line), f"row {number}", part.address, max_bytes):
                yield replace(item, path=str(part)) if isinstance(item, Failure) else item
        return
    if part.form == "file" and not folders.is_remote(part.address):
        yield from gather.gather([part.address], max_bytes=max_bytes)
        return
    with tempfile.TemporaryDirectory(prefix="tadmor-part-") as folder:
        path = Path(folder) / part.address.rpartition("/")[2]
        path.write_bytes(found.data)
        for item in gather.gather([path], max_bytes=max_bytes):
            yield _renamed(item, str(path), part)


def _renamed(item: Report | Failure, path: str, part: Part) -> Report | Failure:
    """The item under the address of the part, where it was read from a copy."""
    bare = path.removesuffix(".gz")
    said = item.path or ""
    inner = next((said[len(p) :] for p in (path, bare) if said.startswith(p)), None)
    if inner is None:
        return item
    address = part.address.removesuffix(".gz") if said.startswith(bare) else part.address
    where = str(part) if isinstance(item, Failure) and part.form != "file" else address
    return replace(item, path=where + inner)


def _given(item: Report | Failure, published: str | None) -> Report | Failure:
    if published is None or isinstance(item, Failure) or item.published is not None:
        return item
    return replace(item, published=published, published_basis="given")


def _rows(address: str, rows: int) -> Iterator[Part]:
    with folders.opened(address) as stream:
        file = _parquet(address, stream)
        try:
            columns(file.schema_arrow.names)
        except InputError as error:
            raise InputError(f"{address}: {error}") from error
        for group in range(file.num_row_groups):
            n = file.metadata.row_group(group).num_rows
            for first in range(0, n, rows):
                yield Part(address, "rows", first, min(n, first + rows), group)


def _parquet(address: str, stream: Any) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(stream)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{address}: no Parquet ({str(error)[:200]})") from error


def _as_lines(part: Part) -> tuple[bytes, int]:
    """The rows of a part as JSON Lines, each what ``gather.parquet.cells`` gives of one, and how many rows come before."""
    import pyarrow as pa

    with folders.opened(part.address) as stream:
        try:
            file = _parquet(part.address, stream)
            names = columns(file.schema_arrow.names)
            table = file.read_row_group(part.group)
            before = sum(file.metadata.row_group(n).num_rows for n in range(part.group)) + part.first
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{part}: damaged Parquet ({str(error)[:200]})") from error
    lines = (json.dumps(cells(table, at, names), ensure_ascii=True) for at in range(part.first, part.last))
    return "".join(f"{line}\n" for line in lines).encode("ascii"), before


def _records(address: str, size: int) -> Iterator[Part]:
    """Parts of a web archive of at least ``size`` bytes each, the last excepted; one part where it cannot be cut."""
    total = sum(found.size for found in folders.find(address))
    starts = _starts(address) if total > size else []
    first = 0
    for start in starts:
        if start - first >= size:
            yield Part(address, "records", first, start)
            first = start
    if total > first or not total:
        yield Part(address, "records", first, total)


def _starts(address: str) -> list[int]:
    """Where the records of a web archive begin (bytes), as far as it can be read: what is damaged stays in one part."""
    from fastwarc.warc import ArchiveIterator

    starts: list[int] = []
    packed = folders.suffix(address).endswith(".gz")
    with folders.opened(address) as stream:
        try:
            for record in ArchiveIterator(_Plain(stream), parse_http=False):
                starts.append(int(record.stream_pos))
        except (OSError, ValueError, RuntimeError, EOFError):
            pass
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what a fault in the library's Rust comes as
                raise
        # Where it is packed as a whole, the places at which records begin are none at which it can be cut.
        return [start for start in sorted(set(starts)) if not packed or _head(stream, start) == _GZIP]


def _head(stream: Any, start: int) -> bytes:
    stream.seek(start)
    return bytes(stream.read(len(_GZIP)))


class _Plain:
    """An Arrow stream with just what a reader of web archives asks for."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = _CHUNK) -> bytes:
        return bytes(self._stream.read(size))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        """Left to whoever opened the stream."""
