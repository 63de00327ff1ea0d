"""Pairs of coded claims of two reports: whether they tell of one occurrence, coded by reading.

``training/pairs/*.json`` is stand-off annotation: ``a`` and ``b`` are [report id, claim id] of coded reports (those of the
data folder's ``gold-train`` and the project's own, see ``training.coded``); ``relation`` is same, different, part-of (then
``whole`` says which of the two is the whole) or unclear; ``dispute`` says, where the two differ on one occurrence,
about what and of which kind; ``why`` is a phrase of the coder's. ``python -m training.pairs check`` verifies it all.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from pathlib import Path
from typing import Any, get_args

from tadmor.model import DisputeAbout, DisputeKind
from training.coded import restored
from training.examples import SHARED, rows

FOLDER = Path(__file__).parent / "pairs"
RELATIONS = ("same", "different", "part-of", "unclear")
LONGEST = 80  # characters of a phrase; more would be text
_KEYS = {"a", "b", "relation", "whole", "dispute", "why"}
Row = dict[str, Any]


def load() -> list[Row]:
    """All coded pairs, file by file."""
    return [p for path in sorted(FOLDER.glob("*.json")) for p in json.loads(path.read_text(encoding="utf-8"))]


def reports() -> list[Row]:
    """The coded reports that pairs may be of, in the gold shape; without the data folder there are none."""
    folder = SHARED / "gold-train"
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))] + restored()


def measured() -> frozenset[str]:
    """Ids of the reports on which incidents are measured: no pair may be of one of them."""
    path = SHARED / "corpora/incidents/reports.jsonl"
    return frozenset(str(r["id"]) for r in rows(path)) if path.exists() else frozenset()


def measured_months() -> frozenset[str]:
    """The months, as 2016-07, of the reports on which incidents are measured: nothing is learned from reports of these."""
    path = SHARED / "corpora/incidents/reports.jsonl"
    return (
        frozenset(str(r["published"])[:7] for r in rows(path) if r.get("published")) if path.exists() else frozenset()
    )


def problems(pairs: list[Row] | None = None) -> list[str]:
    """What is wrong with the pairs; an empty list when nothing is. Ids are only looked up where the data folder is."""
    claims = {r["report"]["id"]: {c["id"] for c in r["claims"]} for r in reports()}
    barred = measured()
    seen: set[frozenset[tuple[str, str]]] = set()
    out = []
    for row in load() if pairs is None else pairs:
        where = " ".join(map(str, (*row.get("a", ()), *row.get("b", ()))))
        out += [f"{where}: {fault}" for fault in _faults(row)]
        ends = [tuple(row[k]) for k in ("a", "b") if k in row]
        both = frozenset(ends)
        if both in seen:
            out.append(f"{where}: coded twice")
        seen.add(both)
        for report, claim in ends:
            if claims and claim not in claims.get(report, ()):
                out.append(f"{where}: there is no coded claim {claim} of {report}")
            if report in barred:
                out.append(f"{where}: {report} is one of those that incidents are measured on")
    return out


def _faults(row: Row) -> list[str]:
    """What is wrong with one pair by itself."""
    relation, dispute = row.get("relation"), row.get("dispute")
    out = [f"unknown key {key}" for key in sorted(set(row) - _KEYS)]
    if relation not in RELATIONS:
        out.append(f"relation {relation}")
    if (row.get("whole") in ("a", "b")) != (relation == "part-of"):
        out.append("part-of names its whole, a or b, and nothing else does")
    if dispute is not None:
        if relation not in ("same", "part-of"):
            out.append(f"a dispute between claims that are {relation}")
        if dispute.get("about") not in get_args(DisputeAbout) or dispute.get("kind") not in get_args(DisputeKind):
            out.append(f"dispute {dispute}")
    if "a" not in row or "b" not in row or row["a"][0] == row["b"][0]:
        out.append("a pair is of two reports")
    if len(row.get("why", "")) > LONGEST:
        out.append("a reason longer than a phrase")
    return out


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["check"])
    ap.parse_args()
    found = problems()
    for line in found:
        print(line)
    pairs = load()
    tally = collections.Counter(p["relation"] for p in pairs)
    disputes = sum("dispute" in p for p in pairs)
    of = ", ".join(f"{tally[r]} {r}" for r in RELATIONS)
    print(f"{len(pairs)} pairs ({of}), {disputes} disputes, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
