"""`tadmor add` killed at any moment and run again ends with the ledger of one clean run."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

TOWNS = ("Palmyra", "Saraqib", "Manbij", "Raqqa", "al-Bab", "Azaz", "Kobani", "Afrin")
ACTS = (
    "Rebels captured {town} on {day}, residents said.",
    "Air strikes on {town} killed at least {n} people on {day}, the Syrian Observatory for Human Rights said.",
    "The Syrian army denied that its troops had withdrawn from {town}.",
    "Islamic State fighters still hold {town}, an activist said on {day}.",
)
DAYS = ("Sunday", "Monday", "Friday")


def corpus(path: Path, reports: int) -> None:
    rng = random.Random(5)
    rows = []
    for i in range(reports):
        town = rng.choice(TOWNS)
        text = " ".join(a.format(town=town, day=rng.choice(DAYS), n=rng.randint(3, 80)) for a in rng.sample(ACTS, 3))
        rows.append(
            {"id": f"made-{i}", "title": f"Fighting at {town}", "published": "2016-12-12", "text": f"{text} ({i})"}
        )
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def wait_for(ledger: Path, reports: int, child: subprocess.Popen[bytes]) -> None:
    """Wait until the ledger holds so many reports: a kill at a random moment that is sure to fall into the run."""
    end = time.monotonic() + 60
    while time.monotonic() < end and child.poll() is None:
        try:
            with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
                if connection.execute("SELECT count(*) FROM report").fetchone()[0] >= reports:
                    return
        except sqlite3.Error:
            pass  # not made yet, or being written
        time.sleep(0.01)


def export(ledger: Path) -> list[str]:
    command = [sys.executable, "-m", "tadmor", "export", "--ledger", ledger]
    return sorted(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())


@pytest.mark.slow
def test_five_kills_and_a_resume_give_the_ledger_of_a_clean_run(tmp_path: Path) -> None:
    reports = tmp_path / "reports.jsonl"
    corpus(reports, 150)
    clean, killed = tmp_path / "clean.db", tmp_path / "killed.db"

    def adding(ledger: Path) -> list[str | Path]:
        return [sys.executable, "-m", "tadmor", "add", reports, "--reader", "rules", "--ledger", ledger]

    subprocess.run(adding(clean), check=True, capture_output=True)
    rng = random.Random(11)
    for kill in range(1, 6):
        child = subprocess.Popen(adding(killed), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(killed, kill * 20, child)
        time.sleep(rng.uniform(0, 0.1))
        assert child.poll() is None, "the run ended before it could be killed"
        child.send_signal(signal.SIGKILL)
        child.wait()
    subprocess.run(adding(killed), check=True, capture_output=True)
    assert export(killed) == export(clean)
    assert len(export(clean)) == 150
