"""What the values of time expressions stand on: the value itself, the frame of anchor and narrative, and day arithmetic.

Weeks and quarters, for which the codebook's subset of EDTF has no form, are intervals of days or months.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from tadmor import edtf
from tadmor.resolve.times_lexicon import months, number_words

Basis = Literal["absolute", "anchored", "text", "open"]
Kind = Literal["date", "duration", "set"]


@dataclass(frozen=True, slots=True)
class TimeValue:
    """The value of a time expression.

    ``edtf`` is an EDTF date or None. ``basis``: "absolute" when the expression says all of it, "anchored" when it was
    worked out against the date of publication, "text" against the last date of the narrative, "open" when what it
    needs is unknown. ``relative`` names what it leans on, "anchor" or "previous", whether known or not.
    """

    edtf: str | None
    basis: Basis
    kind: Kind = "date"
    relative: Literal["anchor", "previous"] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What relative expressions lean on: the anchor's day, or only its year or month; the narrative's last date."""

    day: dt.date | None
    month: tuple[int, int] | None
    year: int | None
    previous: tuple[dt.date, dt.date] | None
    previous_year: int | None
    future: bool
    past: bool

    @classmethod
    def of(cls, anchor: str | None, tense: str | None, previous: str | None) -> Frame:
        """The frame of an anchor and a narrative date in EDTF, and a tense ("past", "future" or None)."""
        start, end = _bounds(anchor)
        first, last = _bounds(previous)
        same_year = start is not None and end is not None and start.year == end.year
        same_month = same_year and start is not None and end is not None and start.month == end.month
        return cls(
            day=end if start is not None and end is not None and (end - start).days <= 1 else None,
            month=(start.year, start.month) if same_month and start else None,
            year=start.year if same_year and start else None,
            previous=(first or last, last or first) if (first or last) else None,  # type: ignore[arg-type]
            previous_year=first.year
            if first and last and first.year == last.year
            else (first or last or _NOBODY).year
            if (first or last)
            else None,
            future=tense == "future",
            past=tense == "past",
        )


_NOBODY = dt.date(1, 1, 1)


def _bounds(value: str | None) -> edtf.Bounds:
    if not value or not edtf.valid(value):
        return None, None
    return edtf.bounds(value)


def absolute(value: str | None) -> TimeValue:
    """A value that the expression says by itself; None when no such day exists."""
    return TimeValue(value if value and edtf.valid(value) else None, "absolute")


def anchored(value: str | None) -> TimeValue:
    """A value worked out against the anchor, or left open when there is none."""
    good = value if value and edtf.valid(value) else None
    return TimeValue(good, "anchored" if good else "open", relative="anchor")


def told(value: str | None) -> TimeValue:
    """A value worked out against the last date of the narrative, or left open when there is none."""
    good = value if value and edtf.valid(value) else None
    return TimeValue(good, "text" if good else "open", relative="previous")


# --- arithmetic -----------------------------------------------------------------------------------------------------


def iso(day: dt.date) -> str:
    """The day in EDTF."""
    return day.isoformat()


def month_of(year: int, month: int, mark: str = "") -> str:
    """The month in EDTF; ``month`` may run over the year's ends."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return f"{year:04d}-{month:02d}{mark}"


def week_of(day: dt.date, weeks: int = 0) -> str:
    """The week, Monday to Sunday, ``weeks`` away from the one that ``day`` lies in."""
    monday = day - dt.timedelta(day.weekday()) + dt.timedelta(7 * weeks)
    return f"{iso(monday)}/{iso(monday + dt.timedelta(6))}"


def week_day(day: dt.date, weeks: int, number: int) -> str:
    """The weekday (0 is Monday) of the week that is ``weeks`` away from the one that ``day`` lies in."""
    return iso(day + dt.timedelta(7 * weeks + number - day.weekday()))


def shifted(day: dt.date, months_away: int) -> dt.date:
    """The same day of another month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months_away
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def weekday_value(number: int, frame: Frame, rel: str) -> TimeValue:
    """The day of a weekday name."""
    if rel in ("the previous", "the following", "the next", "the preceding", "that", "the same"):
        if not frame.previous:
            return told(None)
        base = frame.previous[0] if rel in ("the previous", "the preceding") else frame.previous[1]
        if rel in ("that", "the same"):
            return told(iso(base - dt.timedelta((base.weekday() - number) % 7)))
        if rel in ("the previous", "the preceding"):
            return told(iso(base - dt.timedelta((base.weekday() - number - 1) % 7 + 1)))
        return told(iso(base + dt.timedelta((number - base.weekday() - 1) % 7 + 1)))
    if frame.day is None:
        if (
            frame.previous and not rel and (frame.previous[1] - frame.previous[0]).days < 7
        ):  # a narrative of dates alone
            base = frame.previous[0]
            return told(iso(base + dt.timedelta((number - base.weekday()) % 7)))
        return anchored(None)
    base = frame.day
    back, ahead = (base.weekday() - number) % 7, (number - base.weekday()) % 7
    if rel in ("last", "the past", "this past"):
        return anchored(iso(base - dt.timedelta(back or 7)))
    if rel in ("next", "this coming") or (rel == "this" and not frame.past and back):
        return anchored(iso(base + dt.timedelta(ahead or 7)))
    return anchored(iso(base + dt.timedelta(ahead) if frame.future else base - dt.timedelta(back)))


def year_for(month: int, day: int | None, frame: Frame) -> tuple[int | None, bool]:
    """The year of a date without one, and whether the narrative gave it (rather than the anchor)."""
    if frame.day is None and frame.month is None:
        if frame.previous is None or frame.previous_year is None:
            return frame.year, False
        start, end = frame.previous
        if (end - start).days > 300:
            return start.year, True
        candidate = dt.date(start.year, month, min(day or 15, 28))
        gap = (candidate - start).days
        return start.year + (1 if gap < -200 else -1 if gap > 250 else 0), True
    base = frame.day or dt.date(frame.month[0], frame.month[1], 28)  # type: ignore[index]
    before = (month, day or 1) <= (base.month, base.day)
    last, ahead = base.year - (not before), base.year + (1 if before else 0)
    if frame.future:
        this_one = month == base.month and (day is None or day >= base.day)
        return (base.year if this_one else ahead), False
    if day is None:
        return last, False
    # the news seldom names a day of almost a year ago without its year
    gap = (dt.date(ahead, month, min(day, 28)) - base).days
    return (ahead if gap <= 60 else last), False


def said_year(word: str | None, frame: Frame) -> tuple[int | None, Literal["said", "anchor", "previous"]]:
    """A year from digits or from "last year", "this year", "next year", "that year"."""
    text = (word or "").lower()
    if re.fullmatch(r"\d{4}", text):
        return int(text), "said"
    if text.startswith(("that", "the same")):
        return frame.previous_year, "previous"
    step = {"last": -1, "this": 0, "next": 1}.get(text.split()[0] if text else "", 0)
    return (frame.year + step if frame.year is not None else None), "anchor"


def dated(value: str | None, leans: str) -> TimeValue:
    """The value with the basis that its year came from."""
    return {"said": absolute, "anchor": anchored, "previous": told}[leans](value)


def number_of(word: str | None) -> tuple[int | None, bool]:
    """How many, and whether that is exact: "a few" is 3 and not exact; None when nothing is said."""
    text = " ".join((word or "").lower().split())
    if not text:
        return None, False
    if text.replace(",", "").isdigit():
        return int(text.replace(",", "")), True
    if text in ("a", "an"):
        return 1, True
    vague = {"few": 3, "a few": 3, "several": 3, "couple of": 2, "a couple": 2, "a couple of": 2, "many": None}
    if text in vague:
        return vague[text], False
    if text in ("a dozen", "half a dozen"):
        return (12 if text == "a dozen" else 6), True
    return number_words().get(re.sub(r"\s+", "-", text)), True


def month_number(word: str) -> int:
    """1 to 12."""
    return months()[word.lower().rstrip(".")]


def day_number(word: str) -> int:
    """1 to 31, from "3", "3rd" or "third"."""
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else number_words()[re.sub(r"\s+", "-", word.lower())]
