"""Reviewed reports in the gold format, so that a team measures a reader on its own decisions, and trains one.

One file a report, as ``tadmor eval claims`` takes them: the report, its claims in order of first mention, and who holds what by
them. Disputes between claims are not coded in review; their list is empty.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tadmor.model import Claim, Reading
from tadmor.publish.wire import number
from tadmor.reconcile import control_statements

Row = dict[str, Any]
_NAME = 80  # characters of an id that a file is named by


def gold(reading: Reading, chosen: Collection[str] | None = None) -> Row:
    """A report with its claims as gold, ids c1, c2, ... in order of first mention; ``chosen`` are the ids of those taken."""
    taken = [c for c in reading.claims if chosen is None or c.id in chosen]
    taken.sort(key=lambda c: (min([c.start, *(s.start for s in c.also)]), c.start, c.end, c.id))
    ids = {c.id: f"c{n}" for n, c in enumerate(taken, 1)}
    kept = replace(reading, claims=tuple(taken))
    report = reading.report
    text = report.text
    head = f"{report.title}\n"
    return {
        "report": {
            "id": report.id,
            "title": report.title,
            "publisher": report.publisher,
            "published": report.published,
            "url": report.url,
            "text": text[len(head) :] if report.title and text.startswith(head) else text,
        },
        "claims": [_claim(c, ids[c.id]) for c in taken],
        "control": [
            {
                "place": s.place,
                "holder": s.holder,
                "status": "contested" if s.status == "besieged" else s.status,
                "as_of": s.as_of,
                "claims": [ids[c] for c in s.claims if c in ids],
                "disputed": s.disputed,
            }
            for s in control_statements(kept)
            if s.status != "unknown"
        ],
        "disputes": [],
    }


def write(rows: Iterable[Row], folder: Path) -> int:
    """Write one file a report into the folder, made when it is not there; returns how many.

    A file is named by the report's id, as far as that makes a name; one of the same report is replaced, others are left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, indent=1)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            text = json.dumps(row, indent=1)
        (folder / f"{file_name(row['report']['id'])}.json").write_text(text + "\n", encoding="utf-8")
        written += 1
    return written


def file_name(id: str) -> str:
    """The name of a report's file, without its ending: the id, or what of it can stand in a name and a part of its hash."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", id).strip("._")[:_NAME]
    if plain and plain == id:
        return plain
    mark = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{plain}-{mark}" if plain else mark


def _claim(claim: Claim, id: str) -> Row:
    places = list(claim.place_names)
    return {
        "id": id,
        "quote": claim.text,
        "also": [s.text for s in claim.also],
        "type": claim.type,
        "certainty": claim.certainty,
        "sources": [list(chain) for chain in claim.source_names if chain],
        "actors": list(claim.actor_names),
        "targets": list(claim.target_names),
        "place": places[0] if len(places) == 1 else places or None,
        "date": claim.date,
        "counts": [
            {"what": n.what, "min": number(n.min), "max": number(n.max), "of": n.of}
            | ({"approx": True} if n.approx else {})
            for n in claim.counts
        ],
    }
