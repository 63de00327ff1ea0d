"""Answers as JSON. Report text leaves the API in no other form than as a string of JSON, or in a file that is downloaded."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse


def dumped(content: Any) -> bytes:
    """Plain data as UTF-8; lone surrogates, which UTF-8 cannot carry, as escapes. Raises ValueError for NaN."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return encoded(text)


def encoded(text: str) -> bytes:
    """JSON as bytes; lone surrogates as escapes."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(c if not "\ud800" <= c <= "\udfff" else f"\\u{ord(c):04x}" for c in text).encode("utf-8")


class Answer(JSONResponse):
    """Plain data as JSON, or bytes that are JSON already."""

    def render(self, content: Any) -> bytes:
        """The body."""
        return content if isinstance(content, bytes) else dumped(content)


def listed(items: list[Any], following: str | None, **more: Any) -> Answer:
    """A page of a list."""
    return Answer({"items": items, "next": following, **more})


def listed_lines(lines: list[str], following: str | None, **more: Any) -> Answer:
    """A page of items that are JSON already."""
    rest = json.dumps({"next": following, **more}, separators=(",", ":"))
    return Answer(encoded(f'{{"items":[{",".join(lines)}],{rest[1:]}'))
