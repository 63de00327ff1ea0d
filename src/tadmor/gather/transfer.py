"""The body of an HTTP answer as it was captured, freed of chunks and packing, as far as a bound.

Crawlers often keep the head of an answer as it came and its body unpacked already: what is not packed as the head says is taken
as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from tadmor.errors import InputError, TooLarge
from tadmor.gather.clean import short

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_MOST_CODINGS = 4


def body(data: bytes, transfer: str, content: str, max_bytes: int) -> bytes:
    """The body behind the codings that the head names (Transfer-Encoding, Content-Encoding).

    Raises TooLarge when it is above ``max_bytes``, InputError when its packing is damaged or of no known kind.
    """
    if "chunked" in transfer.lower():
        data = b"".join(_chunks(data))
    codings = [c.strip().lower() for c in content.split(",") if c.strip()]
    if len(codings) > _MOST_CODINGS:
        raise InputError(f"it is packed more than {_MOST_CODINGS} times")
    for coding in reversed(codings):
        data = _unpacked(data, coding, max_bytes)
    if len(data) > max_bytes:
        raise TooLarge.above(max_bytes)
    return data


def _chunks(data: bytes) -> Iterable[bytes]:
    """The chunks of a body; all of it when it is not in chunks."""
    at, found = 0, False
    while at < len(data):
        end = data.find(b"\r\n", at, at + 1000)
        size = _size(data[at:end]) if end >= 0 else None
        if size is None:
            if not found:
                yield data
            return
        found = True
        if not size:
            return
        yield data[end + 2 : end + 2 + size]
        at = end + 2 + size
        at += 2 if data[at : at + 2] == b"\r\n" else 0


def _size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 15 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def _unpacked(data: bytes, coding: str, max_bytes: int) -> bytes:
    if coding in ("identity", "none", "utf-8", "binary"):
        return data
    if coding in ("gzip", "x-gzip"):
        return gunzipped(data, max_bytes) if data.startswith(_GZIP) else data
    if coding == "deflate":
        if _is_text(data):
            return data
        try:
            return _inflated(data, zlib.MAX_WBITS, max_bytes)
        except TooLarge:
            raise
        except InputError:
            return _inflated(data, -zlib.MAX_WBITS, max_bytes)  # without its head, as some servers send it
    if coding == "zstd":
        return _stream(data, "zstd", max_bytes) if data.startswith(_ZSTD) else data
    if coding == "br":
        return data if _is_text(data) else _stream(data, "brotli", max_bytes)
    raise InputError(f"it is packed in a way that is not read: {short(coding)}")


def _is_text(data: bytes) -> bool:
    """Whether it begins as a page does, so that it was unpacked when it was captured."""
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"%PDF"))


def gunzipped(data: bytes, max_bytes: int) -> bytes:
    """One or several gzip members; what follows them is passed over.

    Raises TooLarge above ``max_bytes``, InputError when it is damaged or cut off.
    """
    return _inflated(data, 16 + zlib.MAX_WBITS, max_bytes)


def _inflated(data: bytes, bits: int, max_bytes: int) -> bytes:
    """One or several gzip members, or one zlib stream; what follows them is passed over."""
    out: list[bytes] = []
    size = 0
    while data:
        inflate = zlib.decompressobj(bits)
        try:
            part = inflate.decompress(data, max_bytes + 1 - size)
        except zlib.error as error:
            if out:
                break
            raise InputError("damaged compression") from error
        out.append(part)
        size += len(part)
        if size > max_bytes:
            raise TooLarge.above(max_bytes)
        if not inflate.eof:
            raise InputError("damaged compression: it is cut off")
        data = inflate.unused_data
        if not data.startswith(_GZIP):
            break
    return b"".join(out)


def _stream(data: bytes, codec: str, max_bytes: int) -> bytes:
    import pyarrow as pa

    out: list[bytes] = []
    size = 0
    try:
        with pa.CompressedInputStream(pa.BufferReader(data), codec) as stream:
            while chunk := stream.read(min(1 << 20, max_bytes + 1 - size)):
                out.append(chunk)
                size += len(chunk)
                if size > max_bytes:
                    raise TooLarge.above(max_bytes)
    except (pa.ArrowException, OSError) as error:
        raise InputError("damaged compression") from error
    return b"".join(out)
