"""Bytes to text: byte order marks, UTF-8, a page's declared charset, else a guess; what is no text is refused."""

from __future__ import annotations

import codecs
import re

from tadmor.errors import NotText

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip file without the .gz suffix"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.I,
)
_SAMPLE = 200_000
_WESTERN = frozenset((0x80, 0x85, *range(0x91, 0x98), *range(0xA0, 0x100)))


def decode_text(data: bytes) -> str:
    """The text of a plain file. Raises NotText when the bytes are no text."""
    _no_magic(data)
    if (text := _by_bom(data)) is not None:
        return _printable(text)
    wide = _wide(data)
    if wide is not None:
        return _printable(data.decode(wide, "replace"))
    if data.count(0) > max(1, len(data) // 1000):
        raise NotText("binary data: it holds NUL bytes")
    try:
        return _printable(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and len(data) > 64:
            return _printable(data.decode("utf-8", "replace"))  # cut off within its last character
    return _printable(_guess(data))


def decode_html(data: bytes, declared: str | None = None) -> str:
    """The text of a page; ``declared`` is the charset of its transport, if any. Raises NotText."""
    _no_magic(data)
    if (text := _by_bom(data)) is not None:
        return _printable(text)
    try:
        return _printable(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    m = _CHARSET.search(data[:4096])
    inside = (m[1] or m[2]).decode("ascii") if m else None
    for name in (declared, inside):
        if name:
            try:
                encoding = codecs.lookup(name).name
                return _printable(data.decode("cp1252" if encoding == "iso8859-1" else encoding, "replace"))
            except (LookupError, UnicodeError):
                continue
    return decode_text(data)


def _no_magic(data: bytes) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise NotText(f"no text: it is {what}")


def _by_bom(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Western text is NUL."""
    head = data[:4000]
    if len(head) < 8 or len(data) % 2:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > 0.7 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    high = [b for b in data[:_SAMPLE] if b >= 0x80]
    if len(high) * 12 < len(data[:_SAMPLE]) and all(b in _WESTERN for b in high):
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise NotText("its bytes are no text in any known encoding")
    return data.decode(best.encoding, "replace")


def _printable(text: str) -> str:
    sample = text[:_SAMPLE]
    odd = sum(1 for c in sample if (c < " " and c not in "\t\n\r\f\v") or "\x7f" <= c < "\xa0" or c == "\ufffd")
    if odd > max(2, len(sample) // 20):
        raise NotText(f"binary data: {odd} of its first {len(sample)} characters are not printable")
    return text


def stream_encoding(head: bytes, *, guess: bool) -> str:
    """The encoding of a stream that begins with ``head``: by BOM, else UTF-8, or what it looks like if ``guess``."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if wide := _wide(head[: len(head) // 2 * 2]):
        return wide
    if not guess:
        return "utf-8"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    high = sum(b >= 0x80 for b in head)
    valid = sum(c >= "\x80" and not "\udc80" <= c <= "\udcff" for c in head.decode("utf-8", "surrogateescape"))
    if valid * 4 >= high:
        return "utf-8"  # mostly right: only the bad rows fail
    if all(b in _WESTERN for b in head if b >= 0x80):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    return best.encoding if best is not None else "utf-8"
