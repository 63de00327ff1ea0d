"""What a time expression means: from the match of a rule to an EDTF value, against an anchor day and the narrative.

Practice follows the codebook: a weekday is the latest such day not after the anchor unless the tense is future; months
and years ago are approximate (``2016-03~``). Seasons, quarters, decades and years stand in ``times_periods``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

from tadmor import edtf
from tadmor.resolve.times_distances import shift_value, window_value
from tadmor.resolve.times_frame import (
    Frame,
    TimeValue,
    absolute,
    anchored,
    dated,
    day_number,
    iso,
    month_number,
    month_of,
    said_year,
    told,
    week_day,
    week_of,
    weekday_value,
    year_for,
)
from tadmor.resolve.times_lexicon import weekdays
from tadmor.resolve.times_periods import (
    decade,
    decade_value,
    edge_year_value,
    first_months_value,
    half_value,
    part_year_value,
    quarter_of,
    quarter_value,
    season_value,
    year_part,
    year_value,
)

Groups = dict[str, str]


def of_match(rule: str, groups: Groups, text: str, frame: Frame) -> TimeValue:
    """The value of an expression that ``rule`` matched, ``groups`` its named parts. Never raises on odd dates."""
    try:
        return _HANDLERS[rule](groups, text.lower(), frame)
    except (ValueError, OverflowError):
        return TimeValue(None, "open")


# --- dates with a name ----------------------------------------------------------------------------------------------


def _iso(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    return absolute(f"{g['y']}-{g['m']}-{g['d']}")


def _compact(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    return absolute(f"{_full_year(int(g['y'])):04d}-{month_number(g['m']):02d}-{day_number(g['d']):02d}")


def _full_year(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _numeric(g: Groups, _text: str, frame: Frame) -> TimeValue:
    a, b, year = int(g["a"]), int(g["b"]), _full_year(int(g["y"]))
    readings = [f"{year:04d}-{m:02d}-{d:02d}" for d, m in ((a, b), (b, a))]
    good = [r for r in dict.fromkeys(readings) if edtf.valid(r)]
    if len(good) < 2 or g["sep"] != "/":  # dots and hyphens put the day first
        return absolute(good[0] if good else None)
    if frame.day:  # a date of a report lies before its publication, and seldom long before
        past = [r for r in good if r <= iso(frame.day)]
        if past:
            return TimeValue(max(past), "anchored", relative="anchor")
    return absolute(f"{year:04d}")  # day and month cannot be told apart


def _date(g: Groups, text: str, frame: Frame) -> TimeValue:
    value = _day_of(g, text, frame)
    return _night_before(value) if g.get("night") else value


def _day_of(g: Groups, text: str, frame: Frame) -> TimeValue:
    month = month_number(g.get("m1") or g["m2"])
    day = day_number(g.get("d1") or g["d2"])
    if g.get("y"):
        return absolute(f"{int(g['y']):04d}-{month:02d}-{day:02d}")
    if g.get("ly"):
        year, leans = said_year(re.sub(r"^\s*(?:of )?", "", g["ly"].lower()), frame)
        return dated(f"{year:04d}-{month:02d}-{day:02d}" if year else None, leans)
    year, narrative = year_for(month, day, frame)
    value = f"{year:04d}-{month:02d}-{day:02d}" if year else None
    return told(value) if narrative else anchored(value)


def _night_before(value: TimeValue) -> TimeValue:
    """The night that ends in the morning of the day, as an interval of two days."""
    if not value.edtf or len(value.edtf) != len("2016-12-11"):
        return value
    day = dt.date.fromisoformat(value.edtf)
    return replace(value, edtf=f"{iso(day - dt.timedelta(1))}/{iso(day)}")


def _monthday(g: Groups, _text: str, frame: Frame) -> TimeValue:
    day = day_number(g["d"])
    if frame.previous and (frame.previous[1] - frame.previous[0]).days <= 31:
        start = frame.previous[0]
        return told(f"{month_of(start.year, start.month + (day < start.day))}-{day:02d}")
    if frame.month is None:
        return anchored(None)
    year, month = frame.month
    step = (
        (frame.day is not None and day < frame.day.day) if frame.future else -(frame.day is None or day > frame.day.day)
    )
    found = f"{month_of(year, month + step)}-{day:02d}"
    return anchored(
        found if edtf.valid(found) else f"{month_of(year, month + step + (1 if frame.future else -1))}-{day:02d}"
    )


def _holiday(g: Groups, _text: str, frame: Frame) -> TimeValue:
    eve, new = g["h"].lower().endswith("eve"), g["h"].lower().startswith("new")
    month, day = (1, 1) if new and not eve else (12, 31) if new else (12, 25 - eve)
    if g.get("y"):
        return absolute(f"{g['y']}-{month:02d}-{day:02d}")
    year, narrative = year_for(month, day, frame)
    value = f"{year:04d}-{month:02d}-{day:02d}" if year else None
    return told(value) if narrative else anchored(value)


def _days(g: Groups, _text: str, frame: Frame) -> TimeValue:
    month, first, last = month_number(g["m"]), day_number(g["d1"]), day_number(g["d2"])
    if g.get("y"):
        year: int | None = int(g["y"])
        make: Callable[[str | None], TimeValue] = absolute
    else:
        year, narrative = year_for(month, last, frame)
        make = told if narrative else anchored
    if year is None:
        return make(None)
    a, b = f"{year:04d}-{month:02d}-{first:02d}", f"{year:04d}-{month:02d}-{last:02d}"
    return make(f"{a}/{b}" if a < b and edtf.valid(a) else b)


def _span(g: Groups, _text: str, frame: Frame) -> TimeValue:
    from tadmor.resolve.times_grammar import parse

    parts: list[TimeValue] = []
    last_year = re.search(r"\d{4}$", g["b"])
    for piece in (g["a"], g["b"]):
        if last_year and not re.search(r"\d{4}$", piece):
            piece = f"{piece} {last_year[0]}"
        parsed = parse(piece)
        if not parsed:
            return TimeValue(None, "open")
        parts.append(of_match(parsed[0], parsed[1].groupdict(), piece, frame))
    a, b = parts[0].edtf, parts[1].edtf
    if not a or not b:
        return parts[0]
    if a > b and len(a) == 10:  # from December into January
        a = f"{int(a[:4]) - 1:04d}{a[4:]}"
    return TimeValue(f"{a}/{b}" if edtf.valid(f"{a}/{b}") and a < b else b, parts[1].basis, relative=parts[1].relative)


def _week_of(g: Groups, _text: str, frame: Frame) -> TimeValue:
    from tadmor.resolve.times_grammar import parse

    parsed = parse(g["a"])
    value = of_match(parsed[0], parsed[1].groupdict(), g["a"], frame) if parsed else TimeValue(None, "open")
    if not value.edtf:
        return value
    day, which = dt.date.fromisoformat(value.edtf), g["which"].lower()
    if which == "of":
        return replace(value, edtf=week_of(day))
    first = day - dt.timedelta(6) if which == "ending" else day
    return replace(value, edtf=f"{iso(first)}/{iso(first + dt.timedelta(6))}")


def _month_year(g: Groups, _text: str, frame: Frame) -> TimeValue:
    year, leans = said_year(g["y"], frame)
    mark = "~" if g.get("edge") else ""
    return dated(month_of(year, month_number(g["m"]), mark) if year else None, leans)


def _months(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    first, last, year = month_number(g["m1"]), month_number(g["m2"]), int(g["y"])
    start = int(g["y1"]) if g.get("y1") else year - (first > last)
    return absolute(f"{month_of(start, first)}/{month_of(year, last)}")


def _years(g: Groups, _text: str, _frame: Frame) -> TimeValue:
    a, b = int(g["a"]), int(g["b"])
    if a >= 2000 and b < a % 100 and 0 < b <= 12:
        return absolute(f"{a:04d}-{b:02d}")  # "2018-03" is a month, "2011-12" are years
    if b < 100:
        b += a - a % 100
    return absolute(f"{a:04d}/{b:04d}" if a < b else f"{a:04d}")


def _month(g: Groups, _text: str, frame: Frame) -> TimeValue:
    month, rel = month_number(g["m"]), (g.get("rel") or "").lower()
    mark = "~" if g.get("edge") else ""
    if rel in ("the previous", "the following") and frame.previous:
        at = frame.previous[0]
        year = at.year - (month >= at.month) if rel == "the previous" else at.year + (month <= at.month)
        return told(month_of(year, month, mark))
    base = frame.month
    if rel in ("last", "this past") and base:
        return anchored(month_of(base[0] - (month >= base[1]), month, mark))
    if rel in ("next", "this coming") and base:
        return anchored(month_of(base[0] + (month <= base[1]), month, mark))
    if rel == "this" and base:
        return anchored(month_of(base[0], month, mark))
    found, narrative = year_for(month, None, frame)
    value = month_of(found, month, mark) if found else None
    return told(value) if narrative else anchored(value)


def _weekday(g: Groups, text: str, frame: Frame) -> TimeValue:
    word, rel = g["wd"].lower().rstrip("."), (g.get("rel") or "").lower()
    if g.get("week"):
        step = _STEPS[g["week"].lower()]
        return anchored(week_day(frame.day, step, weekdays()[word]) if frame.day else None)
    value = weekday_value(weekdays()[word], frame, rel)
    return _night_before(value) if "overnight" in text or g.get("into") else value


# --- dates by distance ----------------------------------------------------------------------------------------------


def _today(g: Groups, _text: str, frame: Frame) -> TimeValue:
    word = " ".join(g["day"].lower().split())
    if frame.day is None:
        return anchored(None)
    if word == "overnight":
        return anchored(f"{iso(frame.day - dt.timedelta(1))}/{iso(frame.day)}")
    steps = {"yesterday": -1, "last night": -1, "tomorrow": 1, "before yesterday": -2, "after tomorrow": 2}
    return anchored(iso(frame.day + dt.timedelta(steps.get(word, 0))))


_STEPS = {
    "last": -1,
    "past": -1,
    "this past": -1,
    "next": 1,
    "this": 0,
    "current": 0,
    "the current": 0,
    "the": 0,
    "year": 0,
}


def _unit(g: Groups, text: str, frame: Frame) -> TimeValue:
    rel, edge = " ".join(g["rel"].lower().split()), " ".join((g.get("edge") or "").lower().split())
    unit = (g.get("u") or "year").lower()
    if rel in ("that", "that same", "the same", "the previous", "the preceding", "the following", "the next") or (
        rel == "the" and unit in ("day", "night") and edge
    ):
        return _told_unit(rel, edge, unit, frame)
    step = _STEPS.get(rel, 0)
    value: str | None = None
    if unit in ("day", "night", "morning", "evening") and frame.day:
        value = iso(frame.day + dt.timedelta(step))
    elif unit == "week" and frame.day:
        value = week_of(frame.day, step)
    elif unit == "weekend" and frame.day:
        value = _weekend(frame.day, step, frame.future)
    elif unit == "month" and frame.month:
        value = month_of(frame.month[0], frame.month[1] + step, "~" if edge else "")
    elif unit == "quarter" and frame.month:
        value = quarter_of(frame.month[0], (frame.month[1] - 1) // 3 + step)
    elif unit == "year" and frame.year is not None:
        value = year_part(frame.year + step, edge if rel != "year" else "end")
    elif unit == "decade" and frame.year is not None:
        value = decade(frame.year // 10 + step)
    elif unit == "century":
        return TimeValue(None, "absolute", "duration")
    return anchored(value)


def _told_unit(rel: str, edge: str, unit: str, frame: Frame) -> TimeValue:
    if frame.previous is None:
        return told(None)
    start, end = frame.previous
    step = -1 if rel in ("the previous", "the preceding") or edge in ("before", "earlier") else 0
    step = 1 if rel in ("the following", "the next") or edge == "after" else step
    if unit in ("year", "decade"):
        return told(f"{start.year + step * (10 if unit == 'decade' else 1):04d}")
    if unit == "month":
        return told(month_of(start.year, start.month + step)) if (end - start).days < 93 else told(None)
    if (end - start).days > 6:
        return told(None)
    base = end if step > 0 else start
    if unit == "week":
        return told(week_of(base, step))
    if unit == "weekend":
        return told(_weekend(base + dt.timedelta(5 * step), 0, step > 0))
    if unit == "quarter":
        return told(quarter_of(base.year, (base.month - 1) // 3 + step))
    return told(iso(base + dt.timedelta(step)))


def _weekend(day: dt.date, step: int, future: bool) -> str:
    saturday = day - dt.timedelta((day.weekday() - 5) % 7)
    if step == 0 and future and day.weekday() < 5:
        saturday += dt.timedelta(7)
    if step > 0:
        saturday += dt.timedelta(7)
    if step < 0 and day.weekday() >= 5:
        saturday -= dt.timedelta(7)
    return f"{iso(saturday)}/{iso(saturday + dt.timedelta(1))}"


def _clock(g: Groups, _text: str, frame: Frame) -> TimeValue:
    if frame.previous and (frame.previous[1] - frame.previous[0]).days == 0:
        return told(iso(frame.previous[0]))
    return anchored(iso(frame.day) if frame.day else None)


def _duration(_g: Groups, _text: str, _frame: Frame) -> TimeValue:
    return TimeValue(None, "absolute", "duration")


def _each(_g: Groups, _text: str, _frame: Frame) -> TimeValue:
    return TimeValue(None, "absolute", "set")


_HANDLERS: dict[str, Callable[[Groups, str, Frame], TimeValue]] = {
    "iso": _iso,
    "compact": _compact,
    "monthday": _monthday,
    "holiday": _holiday,
    "numeric": _numeric,
    "date": _date,
    "days": _days,
    "span": _span,
    "week_of": _week_of,
    "month_year": _month_year,
    "months": _months,
    "years": _years,
    "month": _month,
    "weekday": _weekday,
    "each": _each,
    "today": _today,
    "unit": _unit,
    "shift": shift_value,
    "window": window_value,
    "duration": _duration,
    "season": season_value,
    "edge_year": edge_year_value,
    "part_year": part_year_value,
    "first_months": first_months_value,
    "decade": decade_value,
    "quarter": quarter_value,
    "half": half_value,
    "year": year_value,
    "clock": _clock,
}
