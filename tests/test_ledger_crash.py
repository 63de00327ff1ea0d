"""A ledger that is killed while it is written, and one that two programs write at once."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tadmor.ledger import Store
from tadmor.model import ReaderInfo, Reading
from tadmor.record import to_record
from test_ledger_made import made

# Adds the readings of a JSON Lines file to a ledger, saying a word for each: `tadmor add` without the reading.
_ADD = """
import json, os, signal, sys, threading
import alembic.command  # beforehand, so that the first moments are those of making the tables
from tadmor.ledger import Store
from tadmor.record import from_record

def add(said):
    with Store(sys.argv[1]) as store:
        for line in open(sys.argv[2], encoding="utf-8"):
            reading = from_record(json.loads(line))
            new = not store.known(reading.report, reading.reader) and store.add(reading)
            said("added" if new else "known")
    said("done")
"""

_ADD_ONCE = _ADD + "add(lambda word: print(word, flush=True))"

# For each line "N SECONDS" of its input, a new process that adds and is killed so long after its Nth addition. (To start a
# program each time would cost a second each.)
_ADD_EACH_TIME = (
    _ADD
    + """
def kill_after(number, seconds):
    left = number
    def said(word):
        nonlocal left
        left -= word == "added"
        if left == 0:
            left = -1
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    if number == 0:
        said("opening")
    return said

for line in sys.stdin:
    number, seconds = line.split()
    child = os.fork()
    if child == 0:
        add(kill_after(int(number), float(seconds)))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
)


def start(code: str, ledger: Path, readings: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code, str(ledger), str(readings)], stdin=pipe, stdout=pipe, text=True
    )


def write(path: Path, readings: list[Reading]) -> Path:
    path.write_text("".join(json.dumps(to_record(r)) + "\n" for r in readings), encoding="utf-8")
    return path


def week(number: int) -> str:
    """A day in a week of its own, so that reports tell of different things."""
    return (dt.date(2016, 1, 3) + dt.timedelta(weeks=number)).isoformat()


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables without the times at which they were written."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        found = {}
        for table in tables:
            columns = [r[1] for r in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(f'"{c}"' for c in columns if c not in ("at", "added_at", "read_at"))
            found[table] = sorted(connection.execute(f"SELECT {kept} FROM {table}").fetchall(), key=repr)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork and no SIGKILL")
def test_killed_five_times_and_resumed_it_is_as_if_run_once(tmp_path: Path) -> None:
    dice = random.Random(20161211)
    readings: list[Reading] = []
    for n in range(40):
        date = week(n)
        readings.append(made(n, claims=12, date=date))
        if n % 5 == 0:
            readings.append(made(n, claims=12, date=date, id=f"copy-{n}"))
        if n % 7 == 0:
            readings.append(made(n, claims=12, date=date, tail="Corrected."))
        if n % 11 == 0:
            readings.append(made(n, claims=12, date=date, reader=ReaderInfo("made", "2")))
    rows = write(tmp_path / "readings.jsonl", readings)
    with Store(tmp_path / "clean.db") as clean:
        for reading in readings:
            clean.add(reading)

    ledger = tmp_path / "killed.db"
    kept: list[int] = []
    with start(_ADD_EACH_TIME, ledger, rows) as runs:
        assert runs.stdin is not None
        assert runs.stdout is not None
        for attempt in range(5):
            # the first is killed while the tables are made, the others in the middle of writing
            number, most = (0, 0.05) if attempt == 0 else (dice.randint(1, 6), 0.01)
            print(number, dice.uniform(0, most), file=runs.stdin, flush=True)
            assert int(runs.stdout.readline()) == -signal.SIGKILL
            kept.append(len(content(ledger).get("report", [])) if ledger.exists() else 0)
        print(10_000, 0, file=runs.stdin, flush=True)
        assert int(runs.stdout.readline()) == 0
        runs.stdin.close()
    assert 0 < kept[1] < kept[2] < kept[3] < kept[4] < 46, "each run went on where the one before was killed"
    assert content(ledger) == content(tmp_path / "clean.db")


def test_two_programs_adding_at_once_neither_lose_nor_double(tmp_path: Path) -> None:
    readings = [made(n, claims=5, date=week(n)) for n in range(40)]
    rows = write(tmp_path / "readings.jsonl", readings)
    ledger = tmp_path / "both.db"
    children = [start(_ADD_ONCE, ledger, rows) for _ in range(2)]
    said = Counter(word for child in children for word in child.communicate(timeout=60)[0].split())
    assert [child.returncode for child in children] == [0, 0]
    assert said == {"added": 40, "known": 40, "done": 2}
    content(ledger)
    with Store(ledger) as store:
        assert list(store.readings()) == readings
        assert (store.counts().reports, store.counts().claims) == (40, 200)
