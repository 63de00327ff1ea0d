"""Mentions and attributions of the coded reports as an earlier reader finds them, so that training keeps those heads in view.

Coded reports carry claims only; without labels for its other heads the network forgets there what it learnt of them from
other corpora. ``python -m training.silver`` writes ``out/silver.json``; what the reader gets wrong counts for less in training.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tadmor import pipeline
from tadmor.evaluate.run import report_of
from tadmor.reading.reader import READERS
from training import coded


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--reader", choices=READERS, default="embedded")
    ap.add_argument("--out", type=Path, default=Path("out/silver.json"))
    a = ap.parse_args()
    line = pipeline.default(a.reader)
    known = json.loads(a.out.read_text(encoding="utf-8")) if a.out.exists() else {}
    for row in coded.for_training(holdout=False)[0]:
        report = report_of(row["report"])
        if known.get(report.id, {}).get("length") == len(report.text):
            continue
        reading = line.reader.read(report)
        known[report.id] = {
            "length": len(report.text),
            "mentions": [(m.start, m.end, m.type) for m in reading.mentions],
            "attributions": [
                {
                    "source": [(x.source.start, x.source.end)] if x.source else [],
                    "cue": [(x.cue.start, x.cue.end)] if x.cue else [],
                    "content": [(s.start, s.end) for s in x.content],
                }
                for x in reading.attributions
            ],
        }
    a.out.parent.mkdir(parents=True, exist_ok=True)
    a.out.write_text(json.dumps(known), encoding="utf-8")


if __name__ == "__main__":
    main()
