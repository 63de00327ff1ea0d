"""Days of EDTF dates as numbers, safe for dates that are unknown, open or not dates at all."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from tadmor import edtf
from tadmor.errors import BadDate

Span = tuple[int, int]

FAR = dt.date.max.toordinal()


@lru_cache(maxsize=65536)
def span(value: str | None) -> Span | None:
    """First and last day as ordinals; an open end is 1 or ``FAR``; None when the date is unknown or not valid."""
    if value is None:
        return None
    try:
        start, end = edtf.bounds(value)
    except BadDate:
        return None
    if start is None and end is None:
        return None
    low, high = start.toordinal() if start else 1, end.toordinal() if end else FAR
    return (low, high) if low <= high else (high, low)


def open_ended(value: str | None) -> bool:
    """Whether the date says that something lasts on: ``2016-12-11/..``."""
    return value is not None and value.endswith("/..")


def iso(ordinal: int) -> str:
    """The ISO day of an ordinal."""
    return dt.date.fromordinal(ordinal).isoformat()


def gap(a: Span, b: Span) -> int:
    """Days between two spans: 0 when they share a day."""
    return max(0, max(a[0], b[0]) - min(a[1], b[1]))


def midpoint(value: Span) -> int:
    """The day in the middle; the closed end where the other is open."""
    low, high = value
    if low == 1:
        return high
    return low if high == FAR else (low + high) // 2
