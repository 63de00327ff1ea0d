"""The forms that a claim's date has beside the day of its report: what a reader can tell before any date is worked out.

"The town fell on Tuesday" has another day, "is besieged" is open from the news day on, "over 300 since January" is an interval.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

FORMS = (
    "none",
    "news day",
    "day before",
    "other day",
    "open from news",
    "open from other",
    "up to",
    "interval",
    "news month",
    "other month",
    "news year",
    "other year",
)  # fmt: skip


@lru_cache(maxsize=65536)
def form_of(date: str | None, published: str | None) -> str:
    """The form of a date (EDTF or None for no date) of a report published on ``published`` (EDTF or None)."""
    if not date:
        return "none"
    news = re.sub(r"[~?%]", "", published or "").partition("/")[0]
    start, slash, end = (re.sub(r"[~?%]", "", part) for part in date.partition("/"))
    if slash:
        if start == "..":
            return "up to"
        if end == "..":
            return "open from news" if news and start == news else "open from other"
        return "interval"
    if len(start) >= 10:
        if start == news:
            return "news day"
        return "day before" if len(news) == 10 and start == _eve(news) else "other day"
    unit = "month" if len(start) >= 7 else "year"
    return f"news {unit}" if news and news.startswith(start) else f"other {unit}"


def _eve(day: str) -> str | None:
    try:
        return (dt.date.fromisoformat(day) - dt.timedelta(1)).isoformat()
    except ValueError:
        return None
