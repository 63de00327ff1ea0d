"""Web archives (WARC, packed or not): each captured page or document as a report with its address and the time of capture.

Read are responses with status 200, resources, and conversions (the plain text of WET files), of a media type that is known.
The time of capture is kept as metadata (``captured``, ISO 8601 in UTC); it is never taken for the date of publication.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from tadmor.errors import Empty, InputError, TooLarge
from tadmor.gather import forms
from tadmor.gather.build import given
from tadmor.gather.clean import optional, short
from tadmor.gather.transfer import body
from tadmor.model import Failure, Report

Item = Report | Failure

_RATIO = 300  # by which packing may make a web page smaller; what claims more is a bomb
_ALWAYS = 50_000_000  # bytes that a record may have in any case
_UNSEEN = 2_000_000_000  # bytes of a record of a stream of which nobody knows how long it is
_MOST_HEAD = 64 << 10
_MOST_TAIL = 64 << 20  # packed bytes that are looked at again


def read_warc(
    raw: BinaryIO, path: str, max_bytes: int, *, only: Collection[str] | None = None, size: int | None = None
) -> Iterator[Item]:
    """A report or a failure for each page and document; ``only`` are the addresses of pages that are wanted, if not all.

    ``size`` is that of the packed stream in bytes, where it is known and ``raw`` is no file. Where the archive is damaged, the
    rest of it cannot be read: that is one failure, after what was read. Raises Empty when it holds nothing that is read.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    length = size if size is not None else _size(raw)
    passed: Counter[str] = Counter()
    found, at = False, 0
    stream = raw if _seekable(raw) else _Forward(raw)
    records = None
    while True:
        try:
            records = records or ArchiveIterator(stream, parse_http=False, max_header_len=_MOST_HEAD)
            record = next(records, None)
            if record is None:
                break
            at = record.stream_pos
            if not record.record_type & wanted:
                _no_bomb(record.content_length, length, at)
                continue
            for item in _record(record, path, max_bytes, only, length, passed):
                found = True
                yield item
        except (InputError, OSError, ValueError, OverflowError, MemoryError) as error:
            yield Failure(None, path, f"damaged after byte {at}, the rest cannot be read ({short(error)})")
            return
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what a fault in the library's Rust comes as
                raise
            yield Failure(None, path, f"damaged after byte {at}, the rest cannot be read ({short(error)})")
            return
    if found and _torn(raw, at):
        yield Failure(None, path, f"cut off after byte {at}: what follows is no whole record")
    if not found:
        told = ", ".join(f"{n} {what}" for what, n in passed.most_common(6))
        raise Empty(f"the archive holds no page that can be read{f': it has {told}' if told else ''}")


def _record(
    record: Any, path: str, max_bytes: int, only: Collection[str] | None, length: int | None, passed: Counter[str]
) -> Iterator[Item]:
    """What a record gives: one report with what is attached to it, one failure, or nothing, which is counted in ``passed``."""
    headers = record.headers
    url = optional((headers.get("WARC-Target-URI") or "").strip().strip("<>")) or None
    name = f"{path}#{short(url, 500) if url else f'byte {record.stream_pos}'}"
    _no_bomb(record.content_length, length, record.stream_pos)
    try:
        media, charset = _kind(record, passed)
        if media is None:
            return
        form = forms.of_media_type(media) if media else None
        if form is None and media not in ("", "application/octet-stream", "application/unknown"):
            passed[media] += 1
            return
        if only is not None and url not in only and form in (*forms.HTML, None):
            passed["pages that belong to others"] += 1
            return
        if record.content_length > max_bytes:
            raise TooLarge.above(max_bytes)
        data = _payload(record, max_bytes)
        if form is None or form in forms.TEXT:
            form = forms.sniff(data)
            if not media and form in forms.TEXT:
                passed["of no known kind"] += 1
                return
        metadata = given(captured=_captured(record))
        if form in forms.MAIL or form not in forms.DOCUMENTS:
            passed[form[1:]] += 1
            return
        yield forms.one(form, data, name, url=url, charset=charset, metadata=metadata)
    except InputError as error:
        yield Failure(None, name, short(error, 400))
    except (OSError, ValueError, LookupError) as error:
        yield Failure(None, name, f"cannot be read: {short(error)}")


def _kind(record: Any, passed: Counter[str]) -> tuple[str | None, str | None]:
    """Media type ("" when it is not told) and charset of a record that is read; None for one that is not, which is counted."""
    from fastwarc.warc import WarcRecordType

    told = record.headers.get("Content-Type") or ""
    if record.record_type == WarcRecordType.response and told.replace(" ", "").startswith("application/http"):
        # Its own decoding (auto_decode) loses the records that follow one that is both packed and in chunks (2.0.1).
        record.parse_http(auto_decode="none", max_header_len=_MOST_HEAD, strict_mode=False)
        http = record.http_headers
        status = http.status_code if http is not None else None
        if status != 200:
            passed["answers without a page"] += 1
            return None, None
        told = (http.get("Content-Type") or "") if http is not None else ""
    media, _, rest = told.partition(";")
    charset = next((p.split("=", 1)[1].strip(" \"'") for p in rest.split(";") if "charset=" in p.lower()), None)
    return media.strip().lower(), optional(charset)


def _payload(record: Any, max_bytes: int) -> bytes:
    """The body, unpacked. Raises TooLarge, and InputError when it is empty or cut off."""
    http = record.http_headers if record.is_http_parsed else None
    declared = record.content_length
    data = forms.bounded(record.reader, max_bytes)
    if len(data) < declared:
        raise InputError(f"cut off: {len(data)} of its {declared} bytes are there")
    if http is not None:
        data = body(data, http.get("Transfer-Encoding") or "", http.get("Content-Encoding") or "", max_bytes)
    if not data:
        raise Empty("the record has no body, or is cut off")
    return data


def _no_bomb(declared: int, length: int | None, at: int) -> None:
    """Raises TooLarge for a record that cannot be as long as it says: passing over it would mean unpacking all of it."""
    if declared > (_UNSEEN if length is None else max(_ALWAYS, _RATIO * max(length - at, 1))):
        raise TooLarge(f"a record says it has {declared} bytes, which so few packed ones cannot hold")


def _torn(raw: BinaryIO, at: int) -> bool:
    """Whether a packed archive breaks off within the record at ``at``, the last that was found, or in the head of the next."""
    try:
        raw.seek(at)
        data = raw.read(_MOST_TAIL)
    except (OSError, ValueError, AttributeError):
        return False
    if not data.startswith(b"\x1f\x8b") or len(data) == _MOST_TAIL:
        return False
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        while data and not inflate.eof:
            inflate.decompress(data, 1 << 20)
            data = inflate.unconsumed_tail
    except zlib.error:
        return True
    return not inflate.eof or bool(inflate.unused_data.strip(b"\0"))


def _captured(record: Any) -> str | None:
    try:
        moment = record.record_date
        return str(moment.isoformat(timespec="seconds")) if moment is not None else None
    except (ValueError, OverflowError, OSError, AttributeError):
        return None


class _Forward:
    """A stream that cannot be sought, as fastwarc takes one: it asks where the stream is, and needs a method to seek."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._at = 0

    def read(self, size: int = 1 << 16) -> bytes:
        data = self._raw.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if (whence, offset) in ((os.SEEK_SET, self._at), (os.SEEK_CUR, 0)):
            return self._at
        raise OSError("the stream cannot be sought")

    def close(self) -> None:
        """Left to whoever opened the stream."""


def _seekable(raw: BinaryIO) -> bool:
    try:
        return raw.seekable()
    except (OSError, ValueError, AttributeError):
        return False


def _size(raw: BinaryIO) -> int | None:
    try:
        return os.fstat(raw.fileno()).st_size
    except (OSError, ValueError, AttributeError):
        pass
    try:
        at = raw.tell()
        size = raw.seek(0, os.SEEK_END)
        raw.seek(at)
    except (OSError, ValueError, AttributeError):
        return None
    return size
