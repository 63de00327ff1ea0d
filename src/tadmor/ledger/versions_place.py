"""Which report a text belongs to when it comes from an address that is known, and which text of a report is the latest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from tadmor.gather.addresses import address_key
from tadmor.gather.build import text_id
from tadmor.ledger import tables as t
from tadmor.ledger.folding import fold
from tadmor.model import Report

_WORDS = 5  # of a shingle
_SHARED = 0.2  # of the shingles of the shorter text, from which two texts at one address are versions of one report
_TITLE = 3  # words that a title must have to tell


def placed(connection: Connection, report: Report) -> Report:
    """The report, with the id of the report whose changed text it is: the latest that came from the same address.

    Only for a report that came without an id of its own. Texts at one address that have neither their title nor a good part of
    their words in common are two reports (pages that all give the address of their site as theirs), and both stay told.
    """
    key = address_key(report.url)
    if key is None or report.id != text_id(report.text):
        return report
    r = t.report.c
    stmt = select(r.id, r.title, r.text).where(r.address == key).order_by(r.row.desc()).limit(20)
    for row in connection.execute(stmt):
        if alike(row.title, row.text, report.title, report.text):
            return replace(report, id=row.id)
    return report


def alike(title: str, text: str, other_title: str, other: str) -> bool:
    """Whether two texts at one address are versions of one report."""
    a, b = fold(title), fold(other_title)
    if a == b and len(a.split()) >= _TITLE:
        return True
    one, two = _shingles(text), _shingles(other)
    return bool(one and two) and len(one & two) >= _SHARED * min(len(one), len(two))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + _WORDS]) for i in range(max(1, len(words) - _WORDS + 1))}


def captured(metadata: Mapping[str, str]) -> str | None:
    """When a text was captured (ISO 8601, UTC, to the second), where its metadata says so under ``captured``."""
    told = metadata.get("captured")
    if not told or not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", told):
        return None
    try:
        moment = dt.datetime.fromisoformat(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def latest(connection: Connection, report_id: str) -> int | None:
    """The row of a report's latest text: captured last, or, where that is not known, added last."""
    r = t.report.c
    moment = func.coalesce(r.captured, r.added_at)
    stmt = select(r.row).where(r.id == report_id).order_by(moment.desc(), r.version.desc()).limit(1)
    return connection.scalar(stmt)


def columns(report: Report) -> dict[str, Any]:
    """What is kept of a report so that its versions are known again."""
    return {"address": address_key(report.url), "captured": captured(report.metadata)}
