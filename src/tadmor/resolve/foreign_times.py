"""Dates in other languages than English: a day with its month, a month with its year, numbers, weekdays, today and yesterday."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tadmor import edtf
from tadmor.errors import BadDate, MissingResource
from tadmor.model import Mention, Report
from tadmor.resolve.foreign_words import fold

_ISO = re.compile(r"(?<![\w./-])(\d{4})([-/])(\d\d)\2(\d\d)(?![\d/-])")
_NUMBERS = re.compile(r"(?<![\w./-])(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?![\d/-])")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_LATEST = (
    45  # days before publication within which a day without a year must lie to be of that year's end, else the next
)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Expressions of one language over its folded text."""

    day: re.Pattern[str]
    month: re.Pattern[str]
    weekday: re.Pattern[str]
    near: re.Pattern[str]
    months: Sequence[re.Pattern[str]]
    weekdays: Sequence[re.Pattern[str]]
    today: re.Pattern[str]
    before: re.Pattern[str] | None  # the day before yesterday
    alone: re.Pattern[str] | None  # a month without a year, behind a word that tells it from others
    year: re.Pattern[str] | None  # a year alone, before or behind such a word


def mentions(report: Report) -> list[Mention]:
    """The dates of a report with their values, in text order. A day without a year is the latest one before publication."""
    text = report.text
    folded, at = _folded(text)
    published = _day(report.published)
    out: list[tuple[int, int, str | None]] = []

    def take(match: re.Match[str], value: str | None) -> None:
        if not any(match.start() < end and start < match.end() for start, end, _ in out):
            out.append((match.start(), match.end(), value))

    def take_word(match: re.Match[str], name: str, value: str | None) -> None:
        if not any(match.start(name) < end and start < match.end(name) for start, end, _ in out):
            out.append((match.start(name), match.end(name), value))

    for match in _ISO.finditer(folded):
        take(match, _date(int(match[1]), int(match[3]), int(match[4])))
    for match in _NUMBERS.finditer(folded):
        take(match, _date(int(match[4]), int(match[3]), int(match[1])))
    grammar = _grammars().get(report.language or "")
    if grammar is not None:
        for match in grammar.day.finditer(folded):
            month = _number(grammar.months, match["month"])
            last = _of_day(int(match["day"]), month, match["year"], published)
            first = _date(int(last[:4]), month, int(match["first"])) if last and match["first"] else None
            take(match, f"{first}/{last}" if first and last and first < last else last)
        for match in grammar.month.finditer(folded):
            take(match, f"{match['year']}-{_number(grammar.months, match['month']):02}")
        for match in grammar.near.finditer(folded):
            word = match["word"]
            back = 0 if grammar.today.fullmatch(word) else 2 if grammar.before and grammar.before.fullmatch(word) else 1
            take(match, (published - dt.timedelta(days=back)).isoformat() if published else None)
        for match in grammar.weekday.finditer(folded):
            take(match, _last(_number(grammar.weekdays, match["word"]) - 1, published))
        for match in grammar.alone.finditer(folded) if grammar.alone else ():
            take_word(match, "month", _of_month(_number(grammar.months, match["month"]), published))
        for match in grammar.year.finditer(folded) if grammar.year else ():
            take_word(match, "year", match["year"])
    found = [(at[start], at[end - 1] + 1, value) for start, end, value in sorted(out)]
    return [Mention("", start, end, text[start:end], "time", value=value) for start, end, value in found]


def _of_day(day: int, month: int, year: str | None, published: dt.date | None) -> str | None:
    if year:
        return _date(int(year), month, day)
    if published is None:
        return None
    found = _date(published.year, month, day)
    if found is not None and dt.date.fromisoformat(found) > published + dt.timedelta(days=_LATEST):
        return _date(published.year - 1, month, day)
    return found


def _of_month(month: int, published: dt.date | None) -> str | None:
    """The latest such month up to the publication."""
    return f"{published.year - (month > published.month)}-{month:02}" if published else None


def _last(weekday: int, published: dt.date | None) -> str | None:
    """The latest such day up to the day of publication."""
    if published is None:
        return None
    return (published - dt.timedelta(days=(published.weekday() - weekday) % 7)).isoformat()


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _day(published: str | None) -> dt.date | None:
    """The day of publication, where it is known to the day."""
    try:
        first, last = edtf.bounds(published) if published else (None, None)
    except BadDate:
        return None
    return first if first is not None and first == last else None


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded word by word, and for each place in it (and its end) the place in the text."""
    parts: list[str] = []
    at: list[int] = []
    for i, c in enumerate(text):
        for d in fold(c).translate(_DIGITS):
            parts.append(d)
            at.append(i)
    at.append(len(text))
    return "".join(parts), at


def _number(patterns: Sequence[re.Pattern[str]], word: str) -> int:
    return next(i for i, p in enumerate(patterns, 1) if p.fullmatch(word))


@cache
def _grammars() -> dict[str, _Grammar]:
    try:
        raw = tomllib.loads(files("tadmor.resolve").joinpath("data/foreign.toml").read_text(encoding="utf-8"))
        raw.pop("actors")
        return {language: _grammar(one) for language, one in raw.items()}
    except (OSError, ValueError, KeyError) as error:
        raise MissingResource(
            "the lists of names in other languages are missing or damaged: reinstall tadmor"
        ) from error


def _grammar(raw: dict[str, object]) -> _Grammar:
    def listed(name: str) -> list[str]:
        value = raw[name]
        assert isinstance(value, list)
        return [_any(str(v)) for v in value]

    months, weekdays = listed("months"), listed("weekdays")
    month = "|".join(months)
    year = r"(?P<year>(?:1[89]|20)\d\d)"
    today, yesterday = _any(str(raw["today"])), _any(str(raw["yesterday"]))
    before = _any(str(raw["before_yesterday"])) if "before_yesterday" in raw else None
    other = rf"(?!\s{_any(str(raw['other_day']))}(?!\w))" if "other_day" in raw else ""
    alone = rf"(?<!\w){_any(str(raw['in']))}[\s-](?P<month>{month})(?!\w)" if "in" in raw else None
    hung = rf"[{raw['particles']}]?" if raw.get("particles") else ""
    near = "|".join([*([before] if before else []), today, yesterday])  # "avant-hier" before "hier"
    of = r"(?:de |del |do |di |من |в |)"
    first = (
        r"(?:(?P<first>\d{1,2})(?:er|º|°|\.)?(?:\s?[-–—]\s?| (?:au|et|et le|al|y|y el|по|и|до|і|та|الي|و|und|bis) ?))?"
    )
    weekday = rf"(?:{hung}(?:{'|'.join(weekdays)}),? (?:le |el |den |dem )?)?"
    both = rf"(?P<month>{month})(?:\s?/\s?(?:{month}))?"  # Arabic news names a month in both calendars
    return _Grammar(
        re.compile(
            rf"(?<!\w){weekday}{first}(?P<day>\d{{1,2}})(?:er|º|°|\.)? {of}{both}(?!\w)(?:,? {of}{year}(?!\d))?"
        ),
        re.compile(rf"(?<!\w){both},? {of}{year}(?!\d)"),
        re.compile(rf"(?<!\w){hung}(?P<word>{'|'.join(weekdays)})(?!\w)"),
        re.compile(rf"(?<!\w){hung}(?P<word>{near})(?!\w){other}"),
        [re.compile(m) for m in months],
        [re.compile(w) for w in weekdays],
        re.compile(today),
        re.compile(before) if before else None,
        re.compile(alone) if alone else None,
        _year_alone(raw, hung),
    )


def _year_alone(raw: dict[str, object], hung: str) -> re.Pattern[str] | None:
    """A year that a word before or behind it tells from other numbers."""
    year = r"(?:19|20)\d\d"
    if "year_before" in raw:
        before = _any(str(raw["year_before"]))
        return re.compile(rf"(?<!\w){hung}{before} (?:de )?(?P<year>{year})(?![\w%]|[.,]\d)")
    if "year_after" in raw:
        return re.compile(rf"(?<![\w.,])(?P<year>{year}) {_any(str(raw['year_after']))}(?!\w)")
    return None


def _any(words: str) -> str:
    """A pattern for alternatives parted by bars; a star stands for any ending."""
    return (
        "(?:"
        + "|".join(
            re.escape(fold_all(w.rstrip("*"))) + (r"\w{0,5}" if w.endswith("*") else "") for w in words.split("|")
        )
        + ")"
    )


def fold_all(words: str) -> str:
    """Several words, each folded."""
    return " ".join(fold(w) for w in words.split())
