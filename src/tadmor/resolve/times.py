"""Time expressions of a report: where they stand and which days they mean.

``recognise`` finds them, ``value`` says what one means, ``resolve_times`` gives the time mentions of a reading their
values in text order, following the narrative: "the next day" leans on the last date told, a weekday on the date of
publication, a month without a year in a retrospective text on the year told before it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tadmor import edtf
from tadmor.model import Mention, Report
from tadmor.reading.recognise import Found
from tadmor.resolve.times_frame import Frame, TimeValue
from tadmor.resolve.times_grammar import parse, spans
from tadmor.resolve.times_story import into, story, within
from tadmor.resolve.times_values import of_match

__all__ = ["TimeValue", "recognise", "resolve_times", "retrospective", "tense_at", "value"]

_LEAD_IN = re.compile(
    r"^(?:on|in|at|by|for|within|over|since|until|till|from|during|before|after|of|between)\s+", re.IGNORECASE
)
_FUTURE = re.compile(
    r"\b(?:will|would|shall|won['’]?t|'ll|’ll|going to|(?:is|are|was|were) (?:to|due|set|scheduled|expected|"
    r"slated|planned)|"
    r"(?:plan|plans|planned|planning|intends?|expects?|hopes?|vowed|agreed|scheduled|expected|ready|"
    r"preparing) to|(?:scheduled|due|planned|planning) (?:for|on|in)|upcoming|"
    r"payable|effective|redeemed|as (?:early|soon) as|deadline|expires?|forthcoming|(?-i:may) (?:be )?\w+)\b",
    re.IGNORECASE,
)
# What is to be, unless a verb before it says that it was: "talks to resume on Sunday", but "launched an offensive to take it".
_TO = re.compile(
    r"\bto (?:be|take|start|begin|meet|hold|decide|return|end|expire|visit|discuss|resume)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"\b(?:was|were|had|said|told|did|has|have|went|came|took|began|left|held|hit|fell|met|killed|shot|got|made"
    r"|saw|led|"
    r"struck|lost|won|fought|fled|broke|sent|became|died|\w{3,}ed)\b",
    re.IGNORECASE,
)
_DAY = len("2016-12-11")
_BACK = 3
_WIDE = 31  # days: that a year was named says little of which day comes next
_RETROSPECTIVE_DAYS = 60  # an analysis tells of what lies further back than the news does


def recognise(text: str) -> list[Found]:
    """Time expressions in ``text``, in text order and not overlapping: the expression itself, without its preposition."""
    return list(_recognised(text))


@lru_cache(maxsize=8)  # quantities ask again for the text just read
def _recognised(text: str) -> tuple[Found, ...]:
    return tuple(Found(start, end, "time") for start, end, _, _ in spans(text))


def value(expression: str, anchor: str | None, *, tense: str | None = None, previous: str | None = None) -> TimeValue:
    """What ``expression`` means.

    ``anchor`` is the date of publication in EDTF: relative days need it to the day, with a coarser one they stay
    open; ``previous`` the last date of the narrative, for "the next day"; ``tense`` "past", "future" or None. When
    there is no anchor, months and days without a year take it from ``previous``. Never raises on odd text.
    """
    parsed = parse(expression)
    if parsed is None:
        bare = _LEAD_IN.sub("", " ".join(expression.split()))
        parsed = parse(bare) if bare != expression else None
    if parsed is None:
        return _foreign(expression, anchor)
    rule, match = parsed
    return of_match(rule, match.groupdict(), match.string, Frame.of(anchor, tense, previous))


def resolve_times(mentions: Sequence[Mention], report: Report) -> tuple[dict[str, Mention], int]:
    """The time mentions among ``mentions`` with their ``value``, by id, and how many relative ones stay open.

    Only expressions that lean on an unknown date of publication are counted as open.
    """
    out: dict[str, Mention] = {}
    still_open = 0
    past_text = retrospective(report)
    told = story(report) if past_text else None
    previous = (told[0].isoformat()[:7] if told else _first_year(report)) if past_text else None
    day: str | None = None  # the last date that was told to the day
    ordered = sorted((m for m in mentions if m.type == "time"), key=lambda m: (m.start, m.end))
    lent = _lent_years(ordered, report.text)
    for mention in ordered:
        tense = tense_at(report.text, mention.start, mention.end)
        found = lent.get(mention.id) or value(mention.text, report.published, tense=tense, previous=previous)
        if past_text and mention.id not in lent:
            own = _in_course(mention.text, tense, previous, day)
            found = own if own.edtf else found
            if told and found.edtf and "/" not in found.edtf and not re.search(r"\d{4}", mention.text):
                found = replace(found, edtf=into(found.edtf, told))
        elif report.published is None and found.relative == "anchor" and found.edtf is None:
            still_open += 1
        out[mention.id] = replace(mention, value=found.edtf)
        background = told and found.edtf and not within(found.edtf, told)
        if found.edtf and found.kind == "date" and not background and _narrates(found, past_text):
            previous = found.edtf
            day = found.edtf if len(found.edtf) == _DAY else day
    return out, still_open


_JOINED = re.compile(r"(?:,|,? (?:and|or|to|until|till|through)|\s?[-–—])(?: on| in)? ?", re.IGNORECASE)


def _lent_years(ordered: Sequence[Mention], text: str) -> dict[str, TimeValue]:
    """Days and months whose year stands with the last of their row: "between 26 February and 3 March 2018"."""
    out: dict[str, TimeValue] = {}
    following: tuple[int, str] | None = None  # where the date behind begins, and its value
    for mention in reversed(ordered):
        parsed = parse(mention.text)
        own = value(mention.text, None) if parsed and parsed[0] in ("date", "days", "month", "month_year") else None
        if own is None:
            following = None
            continue
        if own.edtf is None and following and _JOINED.fullmatch(text[mention.end : following[0]]):
            later = edtf.bounds(following[1])[0]
            years = (later.year, later.year - 1) if later else ()
            tried = (value(f"{mention.text} {year}", None) for year in years)
            own = next((v for v in tried if v.edtf and v.edtf <= following[1]), own)
            if own.edtf:
                out[mention.id] = own
        following = (mention.start, own.edtf) if own.edtf else None
    return out


def _in_course(text: str, tense: str | None, previous: str | None, day: str | None) -> TimeValue:
    """The value in a text that tells of the past day by day: a date without a year goes with the last date told.

    Where that was only a month or a year, and perhaps of something else ("it was rebuilt in April 2017"), the last date
    that was told to the day counts as well: the year is that in which the course of days goes on more closely.
    """
    found = value(text, None, tense=tense, previous=previous)
    if day is None or previous is None or day == previous or re.search(r"\d{4}", text):
        return found
    other = value(text, None, tense=tense, previous=day)
    if not found.edtf or not other.edtf or found.edtf == other.edtf or found.edtf[4:] != other.edtf[4:]:
        return found
    return other if _leap(other.edtf, day) < _leap(found.edtf, previous) else found


def _leap(value: str, last: str) -> int:
    """Days from the last date to this one; days back count ``_BACK`` times. Within a month it is 0, within a year ``_WIDE``."""
    (start, _), (low, high) = edtf.bounds(value), edtf.bounds(last)
    if start is None or low is None or high is None:
        return 0
    wide = _WIDE if (high - low).days > _WIDE else 0
    return max(wide, (start - high).days if start > high else _BACK * (low - start).days)


_NEWS_WORDS = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|today|yesterday|tonight|tomorrow|overnight"
    r"|(?:last|this|next) (?:week|weekend|month|night|morning|evening)|ago|recent(?:ly)?|now)\b",
    re.IGNORECASE,
)


def _first_year(report: Report) -> str | None:
    """The year with which a retrospective text begins, in its title or its first dates."""
    match = re.search(r"\b(?:19|20)\d\d\b", report.title) or re.search(r"\b(?:19|20)\d\d\b", report.text[:600])
    return match[0] if match else None


def retrospective(report: Report) -> bool:
    """Whether the report looks back: an encyclopedia, or a text whose dated events lie mostly long before it."""
    if "wikipedia" in f"{report.publisher or ''} {report.url or ''}".lower():
        return True
    if report.published is None or not edtf.valid(report.published):
        return False
    day = edtf.bounds(report.published)[1]
    if day is None:
        return False
    told = [
        v
        for start, end, rule, match in spans(report.text)
        if rule in ("date", "days", "span", "iso", "month_year", "months")
        and re.search(r"\d{4}", match[0])
        and (v := value(report.text[start:end], None).edtf)
    ]
    ends = [e for v in told if (e := edtf.bounds(v)[1])]
    far = [e for e in ends if day - e > dt.timedelta(_RETROSPECTIVE_DAYS)]
    if len(far) >= 4 and len(far) > 0.7 * len(ends):
        return True
    # One old date is enough where nothing at all is told of the days around the publication.
    return bool(far) and len(far) == len(ends) and _NEWS_WORDS.search(report.text) is None


def tense_at(text: str, start: int, end: int) -> str | None:
    """Tense of the clause around ``text[start:end]``: "future", "past", or None where its words do not say."""
    left = re.split(
        r"[.!?;\n]\s|[\"“”]|\b(?:which|who|after|while|when|where|but)\b", text[max(0, start - 160) : start]
    )[-1]
    right = re.split(r"[.!?;\n]|[\"“”]|,|\b(?:which|who|after|while|when|where|but)\b", text[end : end + 80])[0]
    near = left[-90:]
    future, to, past = (list(kind.finditer(near)) for kind in (_FUTURE, _TO, _PAST))
    if (future or to) and not past:
        return "future"
    if future and max(future[-1].end(), to[-1].end() if to else 0) >= past[-1].end():
        return "future"
    if past:
        return "past"
    ahead, back = _FUTURE.search(right) or _TO.search(right), _PAST.search(right)
    if ahead and (not back or ahead.start() <= back.start()):
        return "future"
    return "past" if back else None


def _narrates(found: TimeValue, past_text: bool) -> bool:
    """Whether what follows may lean on this date: not on one with an open end, nor in the news on a span of years."""
    if found.edtf is None or ".." in found.edtf:
        return False
    start, end = edtf.bounds(found.edtf)
    return start is not None and end is not None and (past_text or (end - start).days < 3650)


def _foreign(expression: str, anchor: str | None) -> TimeValue:
    """A date in another language, by dateparser; only for text that is clearly not plain English."""
    if expression.isascii() or not any(c.isalpha() for c in expression) or len(expression) > 60:
        return TimeValue(None, "open")
    import dateparser

    day = edtf.bounds(anchor)[1] if anchor and edtf.valid(anchor) else None
    settings: dict[str, Any] = {
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["day", "month"] + ([] if day else ["year"]),
    }
    if day:
        settings["RELATIVE_BASE"] = dt.datetime(day.year, day.month, day.day)
    try:
        parsed = dateparser.parse(expression, languages=["ar", "ru", "uk", "fr", "es", "tr", "de"], settings=settings)
    except Exception:
        parsed = None
    if parsed is None or not 1000 <= parsed.year <= 2999:
        return TimeValue(None, "open")
    return TimeValue(parsed.date().isoformat(), "absolute" if re.search(r"\d{4}", expression) else "anchored")
