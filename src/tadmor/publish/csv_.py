"""CSV for spreadsheets, in which no cell can be run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from tadmor.model import Account, CountRange, Incident
from tadmor.publish.precision import days
from tadmor.publish.rows import claim_names, retracted, utf8
from tadmor.publish.wire import number, speakers
from tadmor.reconcile.counts import at_least
from tadmor.reconcile.sources import sides_of

# The characters that make Excel, LibreOffice or Google Sheets take a cell for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

CLAIM_COLUMNS = (
    "report",
    "claim",
    "published",
    "publisher",
    "title",
    "type",
    "certainty",
    "date",
    "places",
    "lat",
    "lon",
    "country",
    "actors",
    "targets",
    "sources",
    "source_sides",
    "counts",
    "acled",
    "plover",
    "score",
    "clause",
    "sentence",
    "retracted",
)

INCIDENT_COLUMNS = (
    "incident",
    "type",
    "date",
    "date_start",
    "date_end",
    "place",
    "place_entity",
    "lat",
    "lon",
    "country",
    "sources",
    "independent_sources",
    "sides",
    "counts",
    "credibility",
    "grade",
    "reasons",
    "disputes",
    "claims",
    "retracted",
)


def safe(value: Any) -> Any:
    """The cell, with an apostrophe before text that a spreadsheet would run; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    if value.startswith(_FORMULA) and not _plain_number(value):
        return "'" + value
    return value


def write_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], stream: TextIO) -> int:
    """Write a header and the rows; returns how many rows there were."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(c) for c in columns])
    n = 0
    for row in rows:
        writer.writerow([_cell(row.get(c)) for c in columns])
        n += 1
    return n


def claim_row(account: Account) -> dict[str, Any]:
    """One claim as a flat row; several values in one cell are joined by "; "."""
    claim = account.claim
    first = next((p for p in account.places if p.lat is not None), None)
    return {
        "report": account.ref.report,
        "claim": account.ref.claim,
        "published": account.published,
        "publisher": account.publisher,
        "title": account.title,
        "type": claim.type,
        "certainty": claim.certainty,
        "date": claim.date,
        "places": "; ".join(p.name for p in account.places),
        "lat": first.lat if first else None,
        "lon": first.lon if first else None,
        "country": first.country if first else None,
        "actors": "; ".join(p.name for p in account.actors),
        "targets": "; ".join(p.name for p in account.targets),
        "sources": "; ".join(speakers(account)),
        "source_sides": "; ".join(sides_of(account)),
        "counts": "; ".join(count_words(n.what, n.min, n.max, n.approx) for n in claim.counts),
        "acled": claim.acled,
        "plover": claim.plover,
        "score": claim.score,
        "clause": claim.text,
        "sentence": account.sentence,
        "retracted": account.retracted,
    }


def incident_row(incident: Incident, accounts: Sequence[Account] = ()) -> dict[str, Any]:
    """One incident as a flat row; several values in one cell are joined by "; ".

    With its accounts it also says which of its claims are of reports that were retracted.
    """
    place, found = incident.place, days(incident.date)
    return {
        "incident": incident.id,
        "type": incident.type,
        "date": incident.date,
        "date_start": found.start.isoformat() if found.start else None,
        "date_end": found.end.isoformat() if found.end else None,
        "place": place.name if place else None,
        "place_entity": place.entity if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "country": place.country if place else None,
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "sides": "; ".join(incident.sides),
        "counts": "; ".join(map(_range_words, incident.counts)),
        "credibility": incident.credibility.admiralty,
        "grade": incident.credibility.grade,
        "reasons": " ".join(incident.credibility.reasons),
        "disputes": "; ".join(
            f"{d.about}, {d.kind}: " + " / ".join(f"{p.says} ({', '.join(p.sources)})" for p in d.positions)
            for d in incident.disputes
        ),
        "claims": claim_names(incident.claims),
        "retracted": retracted(accounts),
    }


def count_words(what: str, low: float | None, high: float | None, approx: bool = False) -> str:
    """A count in words: "300 killed", "at least 12 injured", "about 40,000 fighters"."""
    a, b = number(low), number(high)
    about = "about " if approx else ""
    if a is not None and a == b:
        return f"{about}{a:,} {what}"
    if a is None and b is None:
        return f"unknown number {what}"
    if a is None:
        return f"up to {b:,} {what}"
    if b is None:
        return f"{about}{at_least(a)} {what}"
    return f"{about}{a:,} to {b:,} {what}"


def _cell(value: Any) -> Any:
    return "" if value is None else safe(utf8(value)) if isinstance(value, str) else value


def _range_words(n: CountRange) -> str:
    words = count_words(n.what, n.min, n.max)
    return f"{words}, best {number(n.best):,}: {n.rule}" if choice(n) else words


def choice(n: CountRange) -> bool:
    """Whether there is a best figure to tell beside the range: not where the range is one figure, or has no other end."""
    ends = n.min, n.max
    return n.best is not None and n.min != n.max and (None not in ends or n.best not in ends)


def _plain_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text
