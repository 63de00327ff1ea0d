"""Dates of publication: a row's or a page's date normalised to EDTF, and the dateline that a report carries itself.

A dateline is taken as one only where it stands like one: at the start of the text, before or after the headline, on a
line of its own with a label, or as a wire dateline (city, date, agency). What cannot be read for certain is None:
``2/10/2017`` is the second of October or the tenth of February unless another date decides. With dots or hyphens the
day stands first (``02-10-2017``), as everywhere but with the oblique stroke of North American usage.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tadmor import edtf

_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_NEAR = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in a text: ``days`` are its possible readings, ``month_day`` is set instead when the year is not told."""

    start: int
    end: int
    days: tuple[dt.date, ...]
    month_day: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a report says when it was published; a ``wire`` dateline opens the first sentence and may name its agency."""

    start: int
    end: int
    date: DateSpan
    form: Literal["line", "wire", "label"]
    later: bool = False
    agency: str | None = None


def normalise(value: str | None) -> str | None:
    """A date in any usual form as EDTF; None when it is missing, ambiguous or unreadable."""
    text = re.sub(r"\s+", " ", value or "").strip()
    if not text or len(text) > 100:
        return None
    if re.fullmatch(r"\d{4}(-\d\d)?(-\d\d)?[~?%]?(/(\d{4}(-\d\d)?(-\d\d)?[~?%]?|\.\.))?", text):
        return text if edtf.valid(text) and _plausible(int(text[:4])) else None
    if m := re.fullmatch(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", text):
        day = _day(int(m[1]), int(m[2]), int(m[3]))
        return day.isoformat() if day else None
    if m := _patterns()["month_year"].fullmatch(text):
        return f"{m['y']}-{_month(m['b']):02d}" if _plausible(int(m["y"])) else None
    days = possible(text)
    return days[0].isoformat() if len(days) == 1 else None


def possible(value: str) -> tuple[dt.date, ...]:
    """The days that a date with its year and month may mean: two of ``03/04/2017``, none of what is no such date."""
    text = re.sub(r"\s+", " ", value).strip()
    found = match(text, 0)
    return found.days if found is not None and _patterns()["rest"].fullmatch(text, found.end) else ()


def match(text: str, at: int) -> DateSpan | None:
    """The date that begins at offset ``at``, its weekday included, or None. The clock time after it is left out."""
    p = _patterns()
    if m := p["iso"].match(text, at):
        return _span(m, _day(int(m["y"]), int(m["m"]), int(m["d"])))
    if m := p["numeric"].match(text, at):
        a, b, year = int(m["a"]), int(m["b"]), int(m["y"])
        days = tuple(dict.fromkeys(d for d in (_day(year, b, a), _day(year, a, b)) if d))
        if m["sep"] != "/":
            days = days[:1]
        return DateSpan(m.start(), m.end(), days) if days else None
    for name in ("day_first", "month_first"):
        if m := p[name].match(text, at):
            return _span(m, _day(int(m["y"]), _month(m["b"]), int(m["d"])))
    for name in ("day_month", "month_day"):
        if m := p[name].match(text, at):
            month, day = _month(m["b"]), int(m["d"])
            return DateSpan(m.start(), m.end(), (), (month, day)) if _day(2000, month, day) else None
    return None


def choose(span: DateSpan, hint: str | None) -> str | None:
    """The one day that ``span`` means, as EDTF: ``hint`` (EDTF) gives the year or decides between two readings."""
    if len(span.days) == 1:
        return span.days[0].isoformat()
    around = _middle(hint)
    if around is None:
        return None
    if span.month_day:
        near = [d for y in (-1, 0, 1) if (d := _day(around.year + y, *span.month_day))]
        return min(near, key=lambda d: abs(d - around)).isoformat() if near else None
    ranked = sorted((abs(d - around), d) for d in span.days)
    (nearest, day), (farthest, _) = ranked[0], ranked[-1]
    clear = nearest <= _NEAR and farthest >= 3 * nearest and farthest > nearest
    return day.isoformat() if clear else None


def at_start(text: str, at: int = 0) -> Dateline | None:
    """A dateline at offset ``at``: "Posted on July 12 2016", "Wed 05 Apr 2017", "Sunday, 11 December 2016 | 14:05"."""
    p = _patterns()
    label = p["label"].match(text, at)
    found = match(text, label.end() if label else at)
    if found is None or not found.days:
        return None
    end = found.end
    if tail := p["tail"].match(text, end):
        end = tail.end()
    following = text[end:].lstrip()
    if not label and following[:1].islower() and not re.match(r"by\s+[A-Z]|\w+:", following):
        return None  # "11 December 2016 was the day ..." is a sentence
    if not label and following[:1] in ",;" and following[1:].lstrip()[:1].islower():
        return None
    return Dateline(at, end, found, "label" if label else "line", bool(label and _is_later(label[0])))


def wire(text: str, at: int = 0) -> Dateline | None:
    """A wire dateline at ``at``: "DAMASCUS, Dec 11 (SANA) -", "ALEPPO, Syria, 3 November 2016 (Reuters) -"."""
    p = _patterns()
    for gap in p["gap"].finditer(text, at, at + 90):
        if not p["wire"].fullmatch(text, at, gap.start()):
            continue
        found = match(text, gap.end())
        close = p["wire_end"].match(text, found.end) if found else None
        if found and close:
            agency = re.search(r"[(/]([^()/]*[^\W\d][^()/]*)[)/]", close[0])
            return Dateline(at, close.end(), found, "wire", agency=agency[1].strip() if agency else None)
    return None


def labelled(text: str) -> Dateline | None:
    """A labelled date anywhere in a short text: "By A. Writer | Published: 11 December 2016"."""
    for label in _patterns()["label"].finditer(text):
        if label.start() and text[label.start() - 1].isalnum():
            continue
        found = match(text, label.end())
        if found and found.days:
            return Dateline(label.start(), found.end, found, "label", _is_later(label[0]))
    return None


def clock_like(text: str) -> bool:
    """Whether a date with a time of day stands anywhere in the text, as the clock of a page does."""
    return any(
        (m := match(text, at.start())) is not None and _patterns()["time"].match(text, m.end) is not None
        for at in re.finditer(r"(?<!\w)\w", text[:2000])
    )


def _is_later(label: str) -> bool:
    return any(word in label.lower() for word in _data()["words"]["later_labels"])


def _middle(hint: str | None) -> dt.date | None:
    if not hint or not edtf.valid(hint):
        return None
    start, end = edtf.bounds(hint)
    if start and end:
        return start + (end - start) / 2
    return start or end


def _span(m: re.Match[str], day: dt.date | None) -> DateSpan | None:
    return DateSpan(m.start(), m.end(), (day,)) if day else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if _plausible(year) else None
    except ValueError:
        return None


def _plausible(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR


def _month(name: str) -> int:
    return _months()[name.lower().rstrip(".")]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("tadmor.gather").joinpath("data/dates.toml").read_text(encoding="utf-8"))


@cache
def _months() -> dict[str, int]:
    return {name: int(number) for number, names in _data()["months"].items() for name in names}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = _data()["words"]
    month = "(?P<b>" + "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) + r")(?!\w)\.?"
    glued = "(?P<b>" + "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) + r")\.?"
    week = "(?:(?:" + "|".join(sorted(words["weekdays"], key=len, reverse=True)) + r")\.?,?\s+)?"
    day = r"(?P<d>[0-3]?[0-9])(?![0-9])(?:st|nd|rd|th|er|\.)?"
    year = r"(?P<y>[12][0-9]{3})(?![0-9])"
    zone = "(?:" + "|".join(words["zones"]) + r")(?!\w)(?:\s?[+-]\d\d?(?::?\d\d)?)?"
    clock = r"[0-2]?[0-9][:.h][0-5][0-9](?:[:.][0-5][0-9])?(?:\s?[ap]\.?m\.?(?!\w))?"
    bare = (
        rf"(?:at\s+[0-2]?[0-9]{{3}}(?!\d)|[0-2]?[0-9]{{3}}\s+(?=[ap]m\b|{zone})(?:[ap]m\b)?"
        r"|[0-2][0-9][0-5][0-9][0-5][0-9](?!\d))"
    )
    time = rf"(?:\s*[,|·•–—-]?\s*(?:at\s+|T)?(?:[A-Z]{{2,4}}\s+)?(?:{clock}|{bare})(?:\s*[(\[]?(?:{zone})[)\]]?)?)"
    after = "|".join(w.replace(" ", r"\s+") for w in words["after"])
    sources = {
        "iso": rf"{week}(?P<y>[12]\d{{3}})(?P<sep>[-/.])(?P<m>[01]?\d)(?P=sep)(?P<d>[0-3]?\d)(?!\d)(?![-/.]\d)",
        "numeric": rf"{week}(?P<a>[0-3]?\d)(?P<sep>[-/.])(?P<b>[0-3]?\d)(?P=sep)(?P<y>[12]\d{{3}})(?!\d)",
        "day_first": rf"{week}{day}[\s-]*(?:of\s+|de\s+)?{month}(?:\s+de)?,?[\s-]*{year}",
        "month_first": rf"{week}{glued}(?:\s*|-)(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?:,\s*|\s+|-|(?<=[0-3][0-9])){year}",
        "day_month": rf"{week}{day}\s+(?:of\s+)?{month}",
        "month_day": rf"{week}{month}\s+{day}(?!\w)",
        "month_year": rf"{month},?\s+{year}",
        "rest": rf"(?:T?\s*,?\s*(?:at\s+)?\d{{1,2}}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?|T\d{{4,6}})?\s*"
        rf"(?:Z|\(?{zone}\)?|[+-]\d\d:?\d\d|[A-Z]{{3,4}})?\s*\.?",
        "label": r"(?<!\w)(?:" + "|".join(w.replace(" ", r"\s+") for w in words["labels"]) + r")\s*[:\-–|]?\s*",
        "time": time,
        "tail": rf"{time}?(?:\s*\((?:last\s+)?updated[^()]{{0,60}}\))?(?:\s*\)?\s*(?:{after}))?"
        r"(?:\s*(?:[|:·•–—]|-(?=\s)))?",
        "gap": r"(?:,|\.|\)|\s[-–—])?\s+",
        "wire_end": r"\.?\s*(?:[(/][^()/]{2,60}[)/]\s*)?[-–—:]{1,2}|\.?\s*/[^()/]{2,40}/\.?|\.?\s*\([^()]{2,60}\)",
    }
    flags = {name: re.compile(source, re.IGNORECASE) for name, source in sources.items()}
    name = r"[A-ZÀ-Þ][\w'’-]*\.?(?: (?:al-|el-|de |ez-)?[A-ZÀ-Þ][\w'’-]*){0,3}"
    flags["wire"] = re.compile(rf"(?:\({name}\)\s*[-–—]?\s*)?{name}(?:[,/]\s*{name})?(?:\s*\({name})?")
    return flags
