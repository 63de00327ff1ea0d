"""Dates as EDTF (ISO 8601-2) strings in the subset that the codebook uses, and the days that they cover.

Forms: ``2016``, ``2016-12``, ``2016-12-11``, ``2016-22`` (a season: 21 spring, 22 summer, 23 autumn, 24 winter), ``~``
for approximate, ``A/B`` for an interval, ``..`` for an open end.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

from tadmor.errors import BadDate

_DAY = r"(\d{4}(-\d\d|-XX)?(-\d\d|-XX)?[~?%]?)"
_FORM = re.compile(rf"(\.\.|{_DAY})(/(\.\.|{_DAY}))?", re.ASCII)
_DAY_OF_NO_MONTH = re.compile(r"-(?:2[1-4]|XX)-\d\d")  # 2016-21-12: a season has no day, nor has an unknown month
_SEASON = {"21": 3, "22": 6, "23": 9, "24": 12}
Bounds = tuple[dt.date | None, dt.date | None]


@lru_cache(maxsize=65536)
def bounds(value: str) -> Bounds:
    """First and last day that ``value`` covers; None stands for an open end. Raises BadDate."""
    if not _FORM.fullmatch(value):
        raise BadDate(
            f"not a date as Tadmor writes it: {value!r}; write 2016-12-11, 2016-12, 2016, or 2016-12-01/2016-12-11"
        )
    first, _, last = value.partition("/")
    try:
        start = None if first == ".." else _point(first)[0]
        end_text = last or first
        end = None if end_text == ".." else _point(end_text)[1]
    except ValueError as error:
        raise BadDate(f"no such day: {value!r}; write year, month and day, as in 2016-12-11") from error
    return start, end


def valid(value: str) -> bool:
    """Whether ``value`` is a date as Tadmor writes it: its days exist, and it does not end before it begins."""
    try:
        start, end = bounds(value)
    except BadDate:
        return False
    return not (start and end and end < start) and _DAY_OF_NO_MONTH.search(value) is None


def overlap(a: str, b: str) -> bool:
    """Whether the two dates have a day in common; open ends reach as far as they can."""
    (a0, a1), (b0, b1) = bounds(a), bounds(b)
    return (a1 is None or b0 is None or b0 <= a1) and (b1 is None or a0 is None or a0 <= b1)


def precise(value: str) -> bool:
    """Whether ``value`` names at most three days, so that it says when and not merely about when."""
    start, end = bounds(value)
    return start is not None and end is not None and (end - start).days <= 2


def _point(text: str) -> tuple[dt.date, dt.date]:
    year, month, day = ([*re.sub(r"[~?%]", "", text).split("-"), "XX", "XX"])[:3]
    whole = int(year)
    if month in _SEASON:
        start = dt.date(whole, _SEASON[month], 1)
        year_end, month_end = divmod(start.month + 1, 12)
        return start, _last(start.year + year_end, month_end + 1)
    if month == "XX":
        return dt.date(whole, 1, 1), dt.date(whole, 12, 31)
    if day == "XX":
        return dt.date(whole, int(month), 1), _last(whole, int(month))
    only = dt.date(whole, int(month), int(day))
    return only, only


def _last(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
