"""What is fuzzed: each target takes any bytes and breaks (AssertionError, or what escapes) when a promise is not kept.

A target is a plain function, so that hypothesis, atheris and the replay of found cases all run the same.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tadmor import edtf, pipeline
from tadmor.errors import BadDate, InputError
from tadmor.gather import forms, gather
from tadmor.gather.inputs import _guarded
from tadmor.model import Failure, Reading, Report
from tadmor.reconcile.accounts import accounts
from tadmor.reconcile.days import span
from tadmor.record import from_record, to_record
from tadmor.resolve import quantities, times

Target = Callable[[bytes], None]

SIZE = 2_000_000  # bytes an item may have: small, so that what unpacks to more is found soon


def date(data: bytes) -> None:
    """EDTF: a date or BadDate; what is valid is ASCII and covers days in order."""
    text = data.decode("utf-8", "replace")
    try:
        first, last = edtf.bounds(text)
    except BadDate:
        assert not edtf.valid(text)
        assert span(text) is None
        return
    assert edtf.valid(text)
    assert text.isascii()
    assert edtf.overlap(text, text) or (first and last and last < first)
    edtf.precise(text)
    found = span(text)
    assert found is None or found[0] <= found[1]


def time(data: bytes) -> None:
    """Time expressions: in order, not overlapping, within the text; the same when asked again."""
    text = data.decode("utf-8", "replace")
    at = 0
    for found in times.recognise(text):
        assert at <= found.start < found.end <= len(text)
        at = found.end
    assert times.recognise(text) == times.recognise(text)


def quantity(data: bytes) -> None:
    """Quantities: within the text."""
    text = data.decode("utf-8", "replace")
    for found in quantities.recognise(text):
        assert 0 <= found.start < found.end <= len(text)


@cache
def _line() -> pipeline.Pipeline:
    return pipeline.default("rules")


def report(data: bytes) -> None:
    """A text through the whole line: spans that hold, dates that are dates, and the record gives the reading back."""
    from tadmor.gather import from_text

    try:
        made = from_text(data.decode("utf-8", "replace"), row_published="2016-12-12")
    except InputError:
        return
    reading = _line().read(made)
    text = made.text
    spans: Iterator[Any] = (
        x for group in (reading.mentions, reading.claims, *(c.also for c in reading.claims)) for x in group
    )
    for x in spans:
        assert text[x.start : x.end] == x.text
    for attribution in reading.attributions:
        for x in (attribution.source, attribution.cue, *attribution.content):
            assert x is None or text[x.start : x.end] == x.text
    for claim in reading.claims:
        assert claim.date is None or edtf.valid(claim.date)
        assert all(n.min is None or n.max is None or n.min <= n.max for n in claim.counts)
    for mention in reading.mentions:
        assert mention.type != "time" or mention.value is None or edtf.valid(mention.value)
        assert mention.min is None or mention.max is None or mention.min <= mention.max
    again = from_record(json.loads(json.dumps(to_record(reading))))
    assert again.claims == reading.claims
    assert again.mentions == reading.mentions
    assert len(accounts(reading)) == len(reading.claims)


def record(data: bytes) -> None:
    """The record reader: a reading or InputError, whatever the JSON holds; a reading it gives can be written again."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        reading = from_record(row)
    except InputError:
        return
    assert isinstance(reading, Reading)
    to_record(reading)


def _form(form: str) -> Target:
    def read(data: bytes) -> None:
        items = list(_guarded("any", lambda: forms.read(form, io.BytesIO(data), "any", SIZE)))
        assert items, "nothing is passed over in silence"
        for item in items:
            _sound(item)

    read.__doc__ = f"A file of the form {form}: reports that hold, or failures in words."
    return read


def anything(data: bytes) -> None:
    """Standard input: whatever it is."""
    items = list(gather(["-"], stdin=io.BytesIO(data), max_bytes=SIZE))
    assert items
    for item in items:
        _sound(item)


def _sound(item: Report | Failure) -> None:
    if isinstance(item, Failure):
        assert item.error.strip()
        # What no rule of ours foresaw is told with the name of its Python error: a person can do nothing with that.
        assert ": cannot be read: " not in f": {item.error}" or "Error: " not in item.error, item.error
        return
    at = 0
    for passage in item.passages:
        assert at <= passage.start < passage.end <= len(item.text)
        at = passage.end
    assert item.text.strip()
    item.text.encode("utf-8")
    json.dumps([item.title, dict(item.metadata), item.publisher, item.url], ensure_ascii=False).encode("utf-8")
    assert item.published is None or edtf.valid(item.published)
    assert (item.published is None) == (item.published_basis == "none")


def feed(data: bytes) -> None:
    """A feed, and a list of feeds: parsed, or InputError."""
    from tadmor.gather import feeds

    with contextlib.suppress(InputError):
        feeds.parse(data, "http://example.org/feed")
    with contextlib.suppress(InputError):
        feeds.sources(data, "feeds.opml")


def robots(data: bytes) -> None:
    """robots.txt: never an error, and the same answer twice."""
    from tadmor.gather import robots

    rules = robots.rules(200, data)
    if rules is not None:
        assert robots.allows(rules, "http://example.org/a") == robots.allows(rules, "http://example.org/a")
        assert robots.delay(rules) >= 0.0


TARGETS: dict[str, Target] = {
    "edtf": date,
    "times": time,
    "quantities": quantity,
    "record": record,
    "report": report,
    "anything": anything,
    "feed": feed,
    "robots": robots,
} | {
    form[1:]: _form(form)
    for form in sorted(
        {f for f in forms.SUFFIXES if f not in (".text", ".markdown", ".md", ".htm", ".xhtml", ".ndjson")}
    )
}
