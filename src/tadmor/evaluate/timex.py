"""TIMEX3 and EDTF values as the days that they cover, so that the two can be compared."""

from __future__ import annotations

import calendar
import datetime as dt
import re

Days = tuple[dt.date, dt.date]
_SEASONS = {"SP": "21", "SU": "22", "FA": "23", "WI": "24"}
_FIRST_MONTH = {"21": 3, "22": 6, "23": 9, "24": 12}


def day_range(value: str | None) -> Days | None:
    """First and last day; None for durations, sets and what names no day. An open end is left aside."""
    v = re.sub(r"[~?%]", "", value or "")
    v = re.sub(r"T.*$", "", v)
    v = re.sub(r"-XX", "", v)
    v = re.sub(r"-(SP|SU|FA|WI)$", lambda m: f"-{_SEASONS[m[1]]}", v)
    if m := re.fullmatch(r"(\d{4})-(2[1-4])", v):
        return _season(int(m[1]), _FIRST_MONTH[m[2]])
    v = re.sub(r"^\.\./|/\.\.$", "", v)
    if "/" in v:
        a, b = (day_range(x) for x in v.split("/", 1))
        return (a[0], b[1]) if a and b else None
    if m := re.fullmatch(r"(\d{4})-W(\d\d)", v):
        first = dt.date.fromisocalendar(int(m[1]), min(max(int(m[2]), 1), 52), 1)
        return first, first + dt.timedelta(6)
    if m := re.fullmatch(r"(\d{4})-Q([1-4])", v):
        year, last = int(m[1]), int(m[2]) * 3
        return dt.date(year, last - 2, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
    if m := re.fullmatch(r"(\d{3})X?", v):
        return dt.date(int(m[1]) * 10, 1, 1), dt.date(int(m[1]) * 10 + 9, 12, 31)
    if m := re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", v):
        return _calendar(int(m[1]), m[2], m[3])
    return None


def _season(year: int, first: int) -> Days:
    after = dt.date(year + (first + 3 > 12), (first + 2) % 12 + 1, 1)
    return dt.date(year, first, 1), after - dt.timedelta(1)


def _calendar(year: int, month: str | None, day: str | None) -> Days | None:
    try:
        low = dt.date(year, int(month or 1), int(day or 1))
        high_month = int(month or 12)
        return low, dt.date(year, high_month, int(day) if day else calendar.monthrange(year, high_month)[1])
    except ValueError:
        return None
