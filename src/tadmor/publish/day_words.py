"""Dates as a person writes them."""

from __future__ import annotations

import datetime as dt


def day_words(value: str | None) -> str:
    """A date as a person writes it: "11 December 2016", "March 2016", "from 11 December 2016"; or that it is unknown."""
    first, slash, last = (value or "").partition("/")
    if first in ("", "..") and last in ("", ".."):
        return "unknown"
    if not slash:
        return _marked(first)
    if last == "..":
        return f"since {_marked(first)}"
    if first == "..":
        return f"until {_marked(last)}"
    return f"{_marked(first)} to {_marked(last)}"


def _marked(text: str) -> str:
    """A day, month or year with what its mark says: "about March 2016", "March 2016 (uncertain)"."""
    about = "about " if text.endswith(("~", "%")) else ""
    uncertain = " (uncertain)" if text.endswith(("?", "%")) else ""
    return about + _point(text.rstrip("~?%").replace("-XX", "")) + uncertain


def _point(text: str) -> str:
    parts = text.split("-")
    seasons = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
    if len(parts) == 2 and parts[1] in seasons:
        return f"{seasons[parts[1]]} {parts[0]}"
    try:
        if len(parts) == 3:
            day = dt.date(int(parts[0]), int(parts[1]), int(parts[2]))
            return f"{day.day} {day:%B %Y}"
        if len(parts) == 2:
            return f"{dt.date(int(parts[0]), int(parts[1]), 1):%B %Y}"
    except ValueError:
        return text
    return text
