"""JSON Lines: one object a line, UTF-8, in the record format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO


def line(row: Mapping[str, Any]) -> str:
    """The row as one line of JSON. Lone surrogates, which UTF-8 cannot carry, are written as escapes."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(row, ensure_ascii=True)
    return text


def write(row: Mapping[str, Any], stream: TextIO) -> None:
    """Write one line and flush it, so that a consumer of a long run sees each report as it is read."""
    stream.write(line(row) + "\n")
    stream.flush()
