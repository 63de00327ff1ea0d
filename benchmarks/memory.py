"""Is memory flat over a long run? Peak of a program that reads 1,000 and one that reads 10,000 short reports.

``python -m benchmarks.memory [--reader rules] [--verb read|add]``: each run is a program of its own; the peak is that of its
resident memory, as the system counts it. The reports are made up here, and no two are alike.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOWNS = "Palmyra Saraqib Manbij Raqqa Azaz Kobani Afrin Daraa Idlib Homs Hama Aleppo Mosul Sirte Aden Taiz Goma Kharkiv".split()
SIDES = ("Rebels", "Government forces", "Islamic State fighters", "Kurdish fighters", "Russian warplanes", "The army")
VERBS = ("captured", "shelled", "bombed", "withdrew from", "besieged", "attacked")
SPEAKERS = ("a monitoring group", "state media", "residents", "the defence ministry", "two activists", "a medic")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
LIMIT = 1.10  # the peak of the longer run against that of the shorter


def corpus(path: Path, reports: int) -> None:
    """Write made-up reports of some 60 words each."""
    chance = random.Random(11)
    with path.open("w", encoding="utf-8") as stream:
        for number in range(reports):
            sentences = [
                f"{chance.choice(SIDES)} {chance.choice(VERBS)} {chance.choice(TOWNS)} on {chance.choice(DAYS)},"
                f" killing at least {chance.randint(2, 90)} people and wounding {chance.randint(2, 300)},"
                f" {chance.choice(SPEAKERS)} said in statement {chance.randint(1, 10**9)}."
                for _ in range(3)
            ]
            row = {"id": f"made-{number}", "published": "2016-12-12", "text": " ".join(sentences)}
            stream.write(json.dumps(row) + "\n")


def peak(command: list[str], out: Path) -> tuple[float, float]:
    """Peak resident memory (MB) and seconds of a command."""
    begun = time.monotonic()
    with out.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024), time.monotonic() - begun


def main() -> None:
    """Measure and print; exit status 1 when the longer run needs more than a tenth more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", default="rules")
    parser.add_argument("--verb", choices=("read", "add"), default="read")
    parser.add_argument("--sizes", type=int, nargs=2, default=(1_000, 10_000))
    asked = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            reports = Path(folder) / f"{size}.jsonl"
            corpus(reports, size)
            command = [sys.executable, "-m", "tadmor", asked.verb, str(reports), "--reader", asked.reader]
            command += (
                ["--format", "jsonl"] if asked.verb == "read" else ["--ledger", f"{folder}/{size}.db", "--no-fold"]
            )
            megabytes, seconds = peak(command, Path(folder) / "out")
            peaks.append(megabytes)
            print(f"{asked.verb} {size:>6} reports: peak {megabytes:.1f} MB, {size / seconds:.1f} a second", flush=True)
    ratio = peaks[1] / peaks[0]
    print(f"the longer run needs {ratio:.3f} times as much")
    sys.exit(ratio > LIMIT)


if __name__ == "__main__":
    main()
