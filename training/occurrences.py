"""Months of which every coded claim has its occurrence: incidents are learned from them, and judged by them.

    python -m training.occurrences check

``training/occurrences/*.json`` is stand-off annotation, a month each: ``reports`` are the coded reports of the month
(``training.coded``), ``occurrences`` the claims of them that tell of one occurrence, as [report id, claim id], where claims of
two or more reports do. Every other claim of these reports tells of an occurrence that no other report tells of. So, other
than the coded pairs, which were drawn where claims look alike, these months also say what is not one.
``training.judge_incidents`` judges by them, ``training.pair_examples`` draws pairs from them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.pairs import measured, reports

FOLDER = Path(__file__).parent / "occurrences"
Row = dict[str, Any]
_KEYS = {"month", "reports", "occurrences"}


def load() -> list[Row]:
    """The months in order."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def problems(months: Sequence[Row] | None = None) -> list[str]:
    """What is wrong with the months; an empty list when nothing is. Claims are only looked up where the data folder is."""
    claims = {r["report"]["id"]: {c["id"] for c in r["claims"]} for r in reports()}
    barred = measured()
    out: list[str] = []
    for month in load() if months is None else months:
        name, own = month.get("month"), set(month.get("reports", ()))
        out += [f"{name}: unknown key {key}" for key in sorted(set(month) - _KEYS)]
        out += [f"{name}: {r} is one of those that incidents are measured on" for r in sorted(own & barred)]
        seen: set[tuple[str, str]] = set()
        for told in month.get("occurrences", ()):
            ends = [(str(r), str(c)) for r, c in told]
            if len({r for r, _ in ends}) < 2:
                out.append(f"{name}: {ends} are of one report")
            for end in ends:
                if end in seen:
                    out.append(f"{name}: {' '.join(end)} stands in two occurrences")
                seen.add(end)
                if end[0] not in own:
                    out.append(f"{name}: {end[0]} is no report of the month")
                if claims and end[1] not in claims.get(end[0], ()):
                    out.append(f"{name}: there is no coded claim {end[1]} of {end[0]}")
    return out


def numbered(month: Row) -> dict[tuple[str, str], int]:
    """Which occurrence of the month each claim tells of that others tell of, too; by (report id, claim id)."""
    return {(r, c): n for n, told in enumerate(month["occurrences"]) for r, c in told}


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["check"])
    ap.parse_args()
    found = problems()
    for line in found:
        print(line)
    months = load()
    print(f"{len(months)} months, {sum(len(m['occurrences']) for m in months)} occurrences, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
