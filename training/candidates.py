"""What an earlier reader would take for claims in the coded reports: from it the network learns to tell which are.

A candidate that overlaps a coded claim of its type stands for it, cut as a reader cuts it; one that overlaps none is a
clause that coders passed over. ``python -m training.candidates --weights FOLDER`` writes them, by report, to
``out/candidates.json``; reports that are there already are not read again.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tadmor.evaluate.claims import overlap
from tadmor.evaluate.run import report_of
from tadmor.reading.document import analyse
from tadmor.reading.drafts import lines
from tadmor.reading.embedded import drafts
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.reader import refine
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.scene import Scene
from tadmor.resolve.resolve import Resources
from training import coded
from training.examples import Pair
from training.looks import Seen, Text
from training.network import PRACTICE

LEAST = 0.08  # probability of a candidate that is worth a second thought
STANDS = 0.3  # overlap with a coded clause from which a candidate stands for it
APART = 0.1  # overlap up to which it does not
UNKNOWN = (None,) * len(ROLES)
Found = list[tuple[int, int, int, int]]  # sentence, start, end, type index


def find(row: dict[str, Any], encoder: Encoder, recognisers: Any) -> dict[str, Any]:
    """The candidates of a report, with the length of its text."""
    report = report_of(row["report"])
    encoded = encoder.encode(report.text)
    document = analyse(report, recognisers, refine=refine(encoded))
    places = frozenset(m.start for m in Scene(document).places)
    types = encoder.manifest["types"]
    combiner = encoder.manifest["combiner"] | {"threshold": LEAST}
    found = drafts.drafts(encoded, lines(report, document.sentences), places, types, combiner)
    return {
        "length": len(report.text),
        "found": [[d.line.index, d.start, d.end, types.index(d.type)] for d in found],
    }


def apply(text: Text, known: dict[str, Any] | None) -> tuple[Text, Text]:
    """The coded text with its claims also as a reader cuts them, and a text of the clauses that coders passed over."""
    if known is None or known["length"] != len(text.text):
        return text, replace(text, claims=())
    found: Found = [tuple(f) for f in known["found"]]
    claims = []
    for c in text.claims:
        own = [s for _, s in c.clauses]
        more = [(i, (a, b)) for i, a, b, t in found if t == c.type and overlap([(a, b)], own) >= STANDS]
        claims.append(replace(c, clauses=(*c.clauses, *(m for m in more if m not in c.clauses))))
    passed = [
        Seen(((i, (a, b)),), t, -1, UNKNOWN)
        for i, a, b, t in found
        if not any(t == c.type and _touch(c.clauses, (a, b)) for c in text.claims)
    ]
    return replace(text, claims=tuple(claims)), replace(text, claims=tuple(passed))


def _touch(clauses: tuple[tuple[int, Pair], ...], span: Pair) -> bool:
    return overlap([span], [s for _, s in clauses]) > APART


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument("--out", type=Path, default=Path("out/candidates.json"))
    a = ap.parse_args()
    encoder = Encoder(a.weights, threads=1)
    encoder.practice = PRACTICE["own"]
    recognisers = Resources.open().recognisers()
    known = json.loads(a.out.read_text(encoding="utf-8")) if a.out.exists() else {}
    rows, _ = coded.for_training(holdout=True)
    for row in rows:
        if row["report"]["id"] not in known:
            known[row["report"]["id"]] = find(row, encoder, recognisers)
    a.out.write_text(json.dumps(known), encoding="utf-8")
    print(f"{len(known)} reports, {sum(len(k['found']) for k in known.values())} candidates")


if __name__ == "__main__":
    main()
