"""``make bench``: every figure of docs/quality.md that this machine can work out. Needs the data folder beside the project."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import reader
from tadmor import Ledger, __version__, pipeline
from tadmor.evaluate import claims, layers, run
from tadmor.model import Failure

SHARED = Path(os.environ.get("TADMOR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
SAMPLES = (  # layer, file, rows that are read; the whole file with --full
    ("attribution", "corpora/attribution/polnear-dev.jsonl", 84),
    ("mentions", "corpora/mentions/re3d-dev.jsonl", 191),
    ("places", "corpora/places/lgl.jsonl", 150),
    ("places", "corpora/places/geovirus.jsonl", 100),
    ("times", "corpora/times/tbaq.jsonl", 100),
    ("event_place", "corpora/event_place/train.jsonl", 600),
)


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--full", action="store_true", help="all rows of every corpus")
    ap.add_argument("--json", type=Path, help="also write the figures here")
    a = ap.parse_args()
    if not SHARED.is_dir():
        print(f"the data folder is not at {SHARED}: put it there or set TADMOR_SHARED", file=sys.stderr)
        return 1
    figures: dict[str, dict[str, float]] = {}
    line = pipeline.default()
    info = line.reader.info
    print(f"tadmor {__version__}, reader {info.name} {info.version}, {dt.date.today()}\n", flush=True)

    started = time.perf_counter()
    gold = claims.load_gold(SHARED / "gold")
    rows = [json.loads(x) for x in (SHARED / "gold/input.jsonl").read_text(encoding="utf-8").splitlines() if x.strip()]
    figures["claims (gold, 26 reports)"] = claims.score(gold, run.read_rows(rows)).figures
    show("claims (gold, 26 reports)", figures)
    for layer, name, n in SAMPLES:
        path = SHARED / name
        title = f"{layer} ({path.stem}, {'all' if a.full else f'first {n}'} rows)"
        figures[title] = run.evaluate(layer, path, limit=None if a.full else n).figures
        show(title, figures)
    figures["pages"] = run.evaluate("pages", SHARED / "corpora/pages/gold.jsonl").figures
    show("pages", figures)
    figures["incidents"] = run.evaluate("incidents", SHARED / "corpora/incidents/gold.json").figures
    show("incidents", figures)
    figures["control"] = control()
    show("control", figures)
    figures["speed"] = speed()
    show("speed", figures)
    figures["reader, one thread"] = reader.measure(SHARED / "corpora/reports/fa-kes.jsonl")
    show("reader, one thread", figures)
    print(f"\n{time.perf_counter() - started:.0f} s in all")
    if a.json:
        a.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


def control() -> dict[str, float]:
    """Who held the place on the date, after adding the dated reports and the encyclopedia's articles."""
    import csv

    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "bench.db") as ledger:
        begin = time.perf_counter()
        n = 0
        for name in ("wikipedia-syria.jsonl", "fa-kes.jsonl"):
            for kept in ledger.adding([SHARED / "corpora/reports" / name]):
                if isinstance(kept, Failure):
                    print("not read:", kept.path, kept.id, kept.error)
                n += 1
        added = time.perf_counter() - begin
        with (SHARED / "corpora/control/points.csv").open(encoding="utf-8", newline="") as stream:
            points = list(csv.DictReader(stream))
        begin = time.perf_counter()
        answers = list(ledger.join(points))
        joined = time.perf_counter() - begin
        gold = [
            json.loads(x)
            for x in (SHARED / "corpora/control/queries.jsonl").read_text(encoding="utf-8").splitlines()
            if x.strip()
        ]
        counts = ledger.store.counts()
        return layers.control(gold, answers) | {
            "reports": n,
            "claims": counts.claims,
            "seconds_to_add": added,
            "points_per_second": len(points) / joined,
        }


def speed() -> dict[str, float]:
    """Reports a second through the whole line to a ledger, on 200 of the dated reports, on one core."""
    rows = (SHARED / "corpora/reports/fa-kes.jsonl").read_text(encoding="utf-8").splitlines()[:200]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.jsonl"
        path.write_text("\n".join(rows), encoding="utf-8")
        words = sum(len(json.loads(r)["text"].split()) for r in rows)
        with Ledger(Path(folder) / "bench.db") as ledger:
            begin = time.perf_counter()
            ledger.add(path)
            took = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "reports_per_second": len(rows) / took,
        "words_per_report": words / len(rows),
        "words_per_second": words / took,
        "peak_memory_mb": peak,
    }


def show(title: str, figures: dict[str, dict[str, float]]) -> None:
    """Print one block of figures."""
    print(title)
    for name, value in figures[title].items():
        print(f"    {name:24} {value:.3f}" if isinstance(value, float) else f"    {name:24} {value}")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
