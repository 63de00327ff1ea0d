"""The time that a retrospective text tells of, and dates without a year put into it.

An encyclopedia tells an operation day by day and leaves the year to its title ("Battle of the Dam (October 2016-February
2017)") or to what everybody knows; the year of publication says nothing. The time of the story comes from the title's own
dates, else from the operations of ``data/times.toml``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from tadmor import edtf
from tadmor.model import Report
from tadmor.resolve.times_frame import Frame
from tadmor.resolve.times_grammar import spans
from tadmor.resolve.times_lexicon import lexicon
from tadmor.resolve.times_values import of_match

Story = tuple[dt.date, dt.date]
_AROUND = 45  # days: an article also tells what came shortly before and after
_DATED = ("date", "days", "span", "month_year", "months", "years", "year", "edge_year", "season")


def story(report: Report) -> Story | None:
    """First and last day of what the report's title names, or None where neither lexicon nor title says it."""
    return _story(report.title)


@lru_cache(maxsize=256)
def _story(title: str) -> Story | None:
    if known := lexicon()["operations"].get(_plain(title)):
        return _closed(known)
    for _, _, rule, match in spans(title):
        if rule not in _DATED or not re.search(r"\d{4}", match[0]):
            continue
        value = of_match(rule, match.groupdict(), match.string[match.start() : match.end()], Frame.of(None, None, None))
        if value.edtf and (found := _closed(value.edtf)):
            return found
    if year := re.search(r"\b(?:1[5-9]|20)\d\d\b", title):
        return _closed(year[0])
    return None


def into(value: str, told: Story) -> str:
    """The value with the year in which it falls into the story; itself where it does already or never does."""
    tried = [value, *(f"{year:04d}{value[4:]}" for year in range(told[0].year, told[1].year + 1))]
    return next((candidate for candidate in tried if within(candidate, told)), value)


def within(value: str, told: Story) -> bool:
    """Whether the EDTF value has a day in the story, or shortly before or after it; false of what is no date."""
    start, end = edtf.bounds(value) if edtf.valid(value) else (None, None)
    first, last = told
    return bool(start and end and (start - last).days <= _AROUND and (first - end).days <= _AROUND)


def _closed(value: str) -> Story | None:
    start, end = edtf.bounds(value) if edtf.valid(value) else (None, None)
    return (start, end) if start and end else None


def _plain(title: str) -> str:
    text = unicodedata.normalize("NFKD", title.lower().replace("\u2013", "-").replace("\u2019", "'"))
    return "".join(c for c in text if not unicodedata.combining(c)).strip()
