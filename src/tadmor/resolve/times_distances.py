"""Values of time expressions that count from a day: so long ago, so much later, in the past 24 hours, in recent months.

Months and years away are approximate; stretches of time are intervals that end or begin with the day of the anchor.
"""

from __future__ import annotations

import datetime as dt

from tadmor import edtf
from tadmor.resolve.times_frame import Frame, TimeValue, anchored, iso, month_of, number_of, shifted, told
from tadmor.resolve.times_periods import quarter_of

Groups = dict[str, str]
_DAYS = {"week": 7, "weekend": 7, "fortnight": 14}  # of a unit; a day and a night are one


def shift_value(g: Groups, text: str, frame: Frame) -> TimeValue:
    """So long ago, before or after the last date told."""
    count, exact = number_of(g["n"])
    unit, way = g["u"].lower().rstrip("s"), g["dir"].lower()
    ago = way == "ago"
    make = anchored if ago else told
    if count is None and unit not in ("hour", "minute"):  # "minutes ago" is the same day
        return make(None)
    count = count or 0
    sign = 1 if way in ("later", "after", "afterward", "afterwards") else -1
    if g.get("today") and ago and frame.day:
        return _same_day(frame.day, count, unit)
    if ago:
        base, end = frame.day, frame.day
    else:
        base, end = frame.previous if frame.previous else (None, None)
    if unit in ("hour", "minute"):
        days = round(count / (24 if unit == "hour" else 24 * 60)) if count >= 12 else 0
        exact = exact and not text.startswith(_VAGUE) and (unit == "minute" or count < 12 or count % 24 == 0)
        if base is None or end is None or (end - base).days > 1:
            return make(None)
        if not count and unit == "hour" and not ago:  # "hours earlier" may be the day before
            edges = sorted((end if sign > 0 else base, (end if sign > 0 else base) + dt.timedelta(sign)))
            return make(f"{iso(edges[0])}/{iso(edges[1])}")
        return make(iso((end if sign > 0 else base) + dt.timedelta(sign * days)) + ("" if exact or not days else "~"))
    if unit in ("day", "night", "week", "weekend", "fortnight"):
        if base is None or end is None or (end - base).days > 6:
            return make(None)
        days = count * _DAYS.get(unit, 1)
        mark = "" if unit in ("day", "night") and exact else "~"
        return make(iso((end if sign > 0 else base) + dt.timedelta(sign * days)) + mark)
    if unit in ("month", "quarter"):
        months_away = sign * count * (3 if unit == "quarter" else 1)
        at = frame.month if ago else (base.year, base.month) if base else None
        if at is None or (not ago and base and end and (end - base).days > 31):
            return make(None)
        return make(month_of(at[0], at[1] + months_away, "~"))
    years = count * (10 if unit == "decade" else 1) * sign
    year = frame.year if ago else base.year if base else None
    if not ago and base and end and 80 < (end - base).days < 100:  # a quarter: the same one of the other year
        return make(quarter_of(base.year + years, (base.month - 1) // 3))
    return make(f"{year + years:04d}~" if year is not None and year + years > 0 else None)


_VAGUE = ("less than", "more than", "about", "around", "some ", "nearly", "almost", "over ", "roughly", "approximately")


def _same_day(day: dt.date, count: int, unit: str) -> TimeValue:
    """Exactly so many days, weeks, months or years before, as in "a year ago today"."""
    months_away = {"month": 1, "quarter": 3, "year": 12, "decade": 120}.get(unit)
    if months_away:
        return anchored(iso(shifted(day, -months_away * count)))
    return anchored(iso(day - dt.timedelta(count * _DAYS.get(unit, 1))))


def window_value(g: Groups, _text: str, frame: Frame) -> TimeValue:
    """A stretch of days, weeks, months or years up to the anchor, or from it on."""
    rel, unit = (g["rel"] or "past").lower(), g["u"].lower().rstrip("s")
    count, exact = number_of(g.get("n"))
    day = frame.day
    if rel in ("previous", "preceding", "following"):
        return TimeValue(None, "open", "duration", "previous")
    if day is None:
        return TimeValue(None, "open", "duration", "anchor")
    ahead = rel in ("next", "coming")
    plural = g["u"].lower().endswith("s") and not g.get("n")
    if plural or (count is not None and not exact and unit in ("day", "week") and not ahead):
        # "in recent days" is about this month, "in recent months" about this year
        value = {"day": month_of(day.year, day.month, "~"), "week": month_of(day.year, day.month, "~")}.get(unit)
        value = f"{day.year:04d}~" if unit == "month" else value
        return TimeValue(value, "anchored" if value else "open", "date" if value else "duration", "anchor")
    count = count or 1
    way = 1 if ahead else -1
    if unit in ("hour", "minute"):
        other = day + dt.timedelta(way * max(1, round(count / 24))) if unit == "hour" else day
        text = iso(other)
    elif unit in ("day", "night", "week", "weekend", "fortnight"):
        days = count * _DAYS.get(unit, 1)
        text = iso(day + dt.timedelta(way * days)) + ("" if exact or not g.get("n") else "~")
    elif unit in ("month", "quarter"):
        moved = shifted(day, way * count * (3 if unit == "quarter" else 1))
        text = iso(moved) if count == 1 else month_of(moved.year, moved.month, "~")
    else:
        year = day.year + way * count * (10 if unit == "decade" else 1)
        text = month_of(year, day.month, "~") if count == 1 else f"{year:04d}~"
    value = f"{iso(day)}/{text}" if ahead else f"{text}/{iso(day)}"
    return TimeValue(value if edtf.valid(value) else None, "anchored", "duration", "anchor")
