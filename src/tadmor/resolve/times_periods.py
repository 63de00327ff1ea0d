"""Values of time expressions that name a part of the calendar: seasons, decades, quarters, halves and edges of years, years.

Early, late and mid parts of a year are approximate (``2015-07~``), seasons have their EDTF codes, decades and quarters are
intervals.
"""

from __future__ import annotations

import re

from tadmor.resolve.times_frame import Frame, TimeValue, absolute, anchored, dated, month_of, number_of, said_year, told
from tadmor.resolve.times_lexicon import lexicon, number_words

Groups = dict[str, str]


def decade(tens: int) -> str:
    """A decade as the interval of its years: 199 is 1990/1999."""
    return f"{tens:03d}0/{tens:03d}9"


def quarter_of(year: int, index: int) -> str:
    """A quarter of a year as the interval of its months; ``index`` 0 is the first and may run over the year's ends."""
    first = index * 3 + 1
    return f"{month_of(year, first)}/{month_of(year, first + 2)}"


def year_part(year: int, edge: str) -> str:
    """A part of a year by its word (mid, end of, start of) as an approximate month, else the year."""
    words = set(edge.split())
    if "half" in words:
        return half_year(year, "first" in words)
    if edge.startswith("mid") or "middle" in edge:
        return f"{year:04d}-07~"
    if words & {"end", "last", "final", "closing"} or "close" in edge or "turn" in edge:
        return f"{year:04d}-12~"
    if words & _DAYS_AND_WEEKS or "beginning" in edge or "start" in edge:
        return f"{year:04d}-01~"
    return f"{year:04d}~" if edge else f"{year:04d}"


_DAYS_AND_WEEKS = {"days", "week", "weeks", "weekend", "fortnight"}  # "the first weeks of the year"


def half_year(year: int, first: bool) -> str:
    """Half a year as the interval of its months."""
    return f"{year:04d}-01/{year:04d}-06" if first else f"{year:04d}-07/{year:04d}-12"


def edge_year_value(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    """Early, late, the end of a year."""
    edge, year = " ".join(g["edge"].lower().split()), int(g["y"])
    if "half" in edge:
        return absolute(half_year(year, "first" in edge))
    if edge.startswith("early"):
        return absolute(f"{year:04d}-01~")
    if edge.startswith("late") and edge != "later":
        return absolute(f"{year:04d}-11~")
    return absolute(year_part(year, edge))


def season_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """A season, with its year from the anchor or the narrative where it is not said."""
    code = lexicon()["seasons"][g["s"].lower()]
    rel = (g.get("rel") or "").lower()
    if g.get("y"):
        year, leans = said_year(g["y"], frame)
        return dated(f"{year:04d}-{code}" if year else None, leans)
    if frame.month is None:
        year = frame.previous_year
        return told(f"{year:04d}-{code}" if year else None)
    year, month = frame.month
    first = {21: 3, 22: 6, 23: 9, 24: 12}[code]
    if rel == "next" or (frame.future and rel != "last"):
        year += month > first if rel != "this" else 0
    elif rel != "this":
        year -= first > month or (rel == "last" and first + 3 > month)
    elif first == 12 and month <= 2:
        year -= 1
    return anchored(f"{year:04d}-{code}")


def decade_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """A decade said in digits or words."""
    if g.get("w"):
        two = lexicon()["decades"][g["w"].lower()]
    elif len(g["y"]) == 4:
        return absolute(decade(int(g["y"][:3])))
    else:
        two = int(g["y"])
    century = 2000 if two < 30 else 1900
    return absolute(decade((century + two) // 10))


def quarter_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """A quarter: by number, or the current or latest one."""
    word = (g.get("q") or "latest").lower()
    said = g.get("y") or g.get("y1") or (g.get("y2") or "").strip() or None
    index = {"first": 0, "second": 1, "third": 2, "fourth": 3}.get(word, int(word[0]) - 1 if word[0].isdigit() else -1)
    if said:
        year, leans = said_year(said, frame)
        return dated(quarter_of(year, index) if year and index >= 0 else None, leans)
    if frame.month is None:
        return anchored(None)
    year, month = frame.month
    now = (month - 1) // 3
    if index < 0:
        if word == "current":
            return anchored(quarter_of(year, now))
        previous = frame.previous
        if previous and 80 < (previous[1] - previous[0]).days < 100 and word == "latest":
            return told(quarter_of(previous[0].year, (previous[0].month - 1) // 3))
        return anchored(quarter_of(year, now - 1))
    return anchored(quarter_of(year - (index > now), index))


def part_year_value(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    """Q1 2023 and H1 2023."""
    part, year = (g.get("p") or g["p2"]).upper(), int(g.get("y") or g["y2"])
    number = int(part.strip("QH"))
    if "Q" in part:
        return absolute(quarter_of(year, number - 1))
    return absolute(half_year(year, number == 1) if number < 3 else None)


def first_months_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """The first or last so many months or quarters of a year."""
    year, leans = said_year(g["y"], frame)
    count, _ = number_of(g["n"])
    months = (count or 0) * (3 if g["u"].lower() == "quarters" else 1)
    if year is None or not 1 <= months <= 12:
        return dated(f"{year:04d}~" if year else None, leans)
    first = 1 if g["which"].lower() == "first" else 13 - months
    return dated(f"{month_of(year, first)}/{month_of(year, first + months - 1)}", leans)


def half_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """A half of a year."""
    year, leans = said_year(g["y"], frame)
    return dated(half_year(year, g["h"].lower() == "first") if year else None, leans)


def year_value(g: Groups, text: str, _frame: Frame) -> TimeValue:
    """A year in digits or words."""
    if g.get("y"):
        return absolute(g["y"])
    words = re.split(r"[-\s]+", re.sub(r"^the year\s+", "", g["words"].lower()))
    if words[:2] == ["two", "thousand"]:
        return absolute("2000")
    century = number_words()[words[0]] * 100
    rest = "-".join(w for w in words[1:] if w not in ("oh", "hundred"))
    return absolute(f"{century + (number_words().get(rest, 0) if rest else 0):04d}")
