"""Resolved readings of the reports that coded pairs are of, each twice: with the coded claims and with those read.

Both go through the resolving that the package does, so that a pair is learned from as reconciling will meet it: once as
well as a person codes, once as the rules reader reads. They are kept as records, a report a line, since making
them takes longer than learning from them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tadmor import pipeline
from tadmor.evaluate.claims import flat
from tadmor.evaluate.claims import pairs as standing_for
from tadmor.evaluate.run import report_of
from tadmor.model import Account, Claim, Count, Reading, Span
from tadmor.reading.reader import READERS
from tadmor.reconcile import accounts
from tadmor.reconcile.names import fold
from tadmor.record import from_record, to_record
from tadmor.resolve.resolve import resolve
from training import occurrences
from training.examples import find
from training.pairs import load, measured_months, reports

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Twice:
    """A report's accounts as coded and as read, by claim id; ``stands_for`` gives a coded claim's read one."""

    report: str
    coded: dict[str, Account]
    read: dict[str, Account]
    stands_for: dict[str, str]
    reader: str


def coded_reading(row: Row, read: Reading) -> Reading:
    """The unresolved reading ``read`` with the coded claims in place of its own."""
    text = read.report.text
    by_source = {fold(a.source.name): a.id for a in reversed(read.attributions) if a.source}
    claims = []
    for c in row["claims"]:
        spans = [s for q in [c["quote"], *c["also"]] if (s := find(text, q))]
        if not spans:
            continue
        (start, end), *also = spans
        chains = [[by_source.get(fold(n)) for n in chain] for chain in c["sources"]]
        whole = all(i is not None for chain in chains for i in chain)
        places = [c["place"]] if isinstance(c["place"], str) else list(c["place"] or [])
        claims.append(
            Claim(
                c["id"],
                c["type"],
                c["certainty"],
                start,
                end,
                text[start:end],
                also=tuple(Span(a, b, text[a:b]) for a, b in also),
                sources=tuple(tuple(str(i) for i in chain) for chain in chains) if whole else (),
                source_names=tuple(tuple(chain) for chain in c["sources"]),
                actor_names=tuple(c["actors"]),
                target_names=tuple(c["targets"]),
                place_names=tuple(places),
            )
        )
    return replace(read, claims=tuple(claims))


def _settled(reading: Reading, row: Row) -> Reading:
    """The resolved reading with the dates and counts that were coded."""
    said = {c["id"]: c for c in row["claims"]}
    claims = tuple(
        replace(
            c,
            date=said[c.id]["date"],
            counts=tuple(
                Count(n["what"], n["min"], n["max"], n.get("of"), bool(n.get("approx"))) for n in said[c.id]["counts"]
            ),
        )
        for c in reading.claims
    )
    return replace(reading, claims=claims)


def twice(row: Row, line: pipeline.Pipeline) -> Row:
    """Both resolved readings of a coded report as records, and which read claim stands for which coded one."""
    unresolved = line.reader.read(report_of(row["report"]))
    coded = to_record(_settled(resolve(coded_reading(row, unresolved), line.resources), row))
    read = to_record(resolve(unresolved, line.resources))
    shapes = [
        {"quote": c["text"], "also": [a["text"] for a in c.get("also", [])], "type": c["type"]} for c in read["claims"]
    ]
    found = standing_for(row["claims"], shapes, flat((row["report"]["title"] or "") + "\n" + row["report"]["text"]))
    pairs = {row["claims"][i]["id"]: read["claims"][j]["id"] for i, j, _ in found}
    return {"coded": coded, "read": read, "stands_for": pairs}


def wanted() -> list[Row]:
    """The coded reports that coded months are of, and of those that pairs are of the ones to learn from."""
    ends = {end[0] for row in load() for end in (row["a"], row["b"])}
    judged = {report for month in occurrences.load() for report in month["reports"]}
    found = reports()
    learnt = {r["report"]["id"] for r in to_learn_from(found)}
    return [r for r in found if (i := r["report"]["id"]) in judged or (i in ends and i in learnt)]


def to_learn_from(found: Iterable[Row]) -> list[Row]:
    """The reports but for those of the months that incidents are measured on."""
    barred = measured_months()
    return [r for r in found if str(r["report"].get("published") or "")[:7] not in barred]


def made(rows: Iterable[Row], cache: Path, reader: str = "rules") -> list[Twice]:
    """The readings of all rows, from the file as far as it goes; what is missing is made and added to it."""
    known = _known(cache)
    by_id = {row["report"]["id"]: row for row in rows}
    missing = sorted(set(by_id) - set(known))
    if missing:
        line = pipeline.default(reader)
        cache.parent.mkdir(parents=True, exist_ok=True)
        with cache.open("a", encoding="utf-8") as stream:
            for identity in missing:
                known[identity] = twice(by_id[identity], line)
                stream.write(json.dumps(known[identity], ensure_ascii=False) + "\n")
                stream.flush()
    return [_twice(identity, known[identity]) for identity in sorted(by_id)]


def kept(rows: Iterable[Row], cache: Path) -> list[Twice]:
    """The readings of those rows that the file has."""
    known = _known(cache)
    return [_twice(i, known[i]) for i in sorted(row["report"]["id"] for row in rows) if i in known]


def _known(cache: Path) -> dict[str, Row]:
    if not cache.exists():
        return {}
    with cache.open(encoding="utf-8") as stream:
        return {r["coded"]["report"]["id"]: r for r in map(json.loads, stream)}


def _twice(identity: str, row: Row) -> Twice:
    coded, read = (accounts(from_record(row[k])) for k in ("coded", "read"))
    return Twice(
        identity,
        {a.ref.claim: a for a in coded},
        {a.ref.claim: a for a in read},
        row["stands_for"],
        row["read"]["reader"]["name"],
    )


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--reader", choices=READERS, default="embedded")
    ap.add_argument("--cache", type=Path, required=True)
    a = ap.parse_args()
    print(f"{len(made(wanted(), a.cache, a.reader))} reports")
    return 0


if __name__ == "__main__":
    sys.exit(main())
