"""Characters that no later step could carry: made harmless without moving any offset."""

from __future__ import annotations

import re

_CONTROL = {code: " " for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"}
_UNFIT = {**_CONTROL, **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"), 0x2028: "\n", 0x2029: "\n"}
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text with ``\\n`` line ends, control characters as spaces, lone surrogates as U+FFFD; a leading BOM goes."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_UNFIT)


def fold(text: str) -> str:
    """One line: every run of white space is one space, none at the ends."""
    return _SPACE.sub(" ", text).strip()


def short(value: object, limit: int = 80) -> str:
    """A value for an error message: printable, on one line, cut at ``limit`` characters."""
    text = fold(clean(str(value)))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def optional(value: str | None) -> str | None:
    """The cleaned one-line value, or None when nothing is left of it."""
    return (fold(clean(value)) or None) if value is not None else None
