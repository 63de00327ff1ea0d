"""A ledger whose writer is killed, and one that eight programs write at once."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy.engine import base as engine_base
from sqlalchemy.exc import DatabaseError

from databases import Places, Where, content, empty_database, sql
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from tadmor.model import ReaderInfo, Reading
from tadmor.record import to_record
from test_ledger_incidents import built, kept
from test_ledger_made import READER, made

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


def start(code: str, ledger: Where, *readings: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code, str(ledger), *map(str, readings)], stdin=pipe, stdout=pipe, text=True
    )


def write(path: Path, readings: list[Reading]) -> Path:
    path.write_text("".join(json.dumps(to_record(r)) + "\n" for r in readings), encoding="utf-8")
    return path


def week(number: int) -> str:
    """A day in a week of its own, so that reports tell of different things."""
    return (dt.date(2016, 1, 3) + dt.timedelta(weeks=number)).isoformat()


def sound(where: Where) -> None:
    """The file is whole, and no row refers to one that is not there; a server sees to that by itself."""
    if isinstance(where, Path):
        assert sql(where, "PRAGMA integrity_check") == [("ok",)]
        assert sql(where, "PRAGMA foreign_key_check") == []


def told(where: Where) -> dict[str, object]:
    """What a ledger tells of everything that it was given, whatever the numbers of its rows."""
    with Store(where, create=False) as store:
        assert kept(store) == built(store), "its incidents are those of all its accounts"
        return {
            "readings": list(store.readings(superseded=True)),
            "accounts": list(store.accounts()),
            "aliases": store.aliases(),
            "superseded": [(line.what, line.why) for line in store.audit()],
            "counts": store.counts(),
        }


@pytest.fixture
def bare(places: Places, tmp_path: Path) -> Iterator[Where]:
    """A place without tables, of each kind of database in turn."""
    if places.kind == "sqlite":
        yield tmp_path / "killed.db"
    else:
        with empty_database() as url:
            yield url


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork and no SIGKILL")
def test_killed_five_times_and_resumed_it_is_as_if_run_once(bare: Where, tmp_path: Path) -> None:
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

    before: list[int] = []
    with start(_ADD_EACH_TIME, bare, rows) as runs:
        assert runs.stdin is not None
        assert runs.stdout is not None
        for attempt in range(5):
            # the first is killed while the tables are made, the others in the middle of writing
            number, most = (0, 0.05) if attempt == 0 else (dice.randint(1, 6), 0.01)
            print(number, dice.uniform(0, most), file=runs.stdin, flush=True)
            assert int(runs.stdout.readline()) == -signal.SIGKILL
            before.append(reports(bare))
        print(10_000, 0, file=runs.stdin, flush=True)
        assert int(runs.stdout.readline()) == 0
        runs.stdin.close()
    assert 0 < before[1] < before[2] < before[3] < before[4] < 46, "each run went on where the one before was killed"
    sound(bare)
    assert told(bare) == told(tmp_path / "clean.db")
    if isinstance(bare, Path):  # a server leaves out the numbers that it gave to what was not kept
        assert content(bare) == content(tmp_path / "clean.db")


@pytest.mark.filterwarnings("ignore:transaction already deassociated")  # SQLAlchemy tells of what is provoked here
def test_an_interrupt_at_any_line_of_the_end_of_a_transaction_is_told_as_one(tmp_path: Path) -> None:
    before, lines = sys.gettrace(), 0

    def ending(frame: FrameType, kind: str, given: object) -> Any:
        own = frame.f_code.co_filename == engine_base.__file__ and "commit" in frame.f_code.co_name
        return interrupting if own else None

    def interrupting(frame: FrameType, kind: str, given: object) -> Any:
        nonlocal left
        left -= kind == "line"
        if left == 0:
            raise KeyboardInterrupt
        return interrupting

    with Store(tmp_path / "work.db") as store:
        for lines in range(1, 200):
            left, reading = lines, made(lines)
            sys.settrace(ending)
            try:
                store.add(reading)
            except KeyboardInterrupt:
                pass
            finally:
                sys.settrace(before)
            store.add(reading)  # unless it was kept: the ledger goes on as if nothing had been
            if left > 0:
                break
    assert left > 0
    assert lines > 10, "the end of a transaction was interrupted at many lines"
    sound(tmp_path / "work.db")
    assert reports(tmp_path / "work.db") == lines


def reports(where: Where) -> int:
    try:
        return int(sql(where, "SELECT count(*) FROM report")[0][0])
    except LedgerError:
        return 0  # there is no file yet
    except DatabaseError:
        return 0  # there are no tables yet


# Adds to one ledger from as many processes at once as there are files of readings.
_ADD_TOGETHER = (
    _ADD
    + """
children = []
for path in sys.argv[2:]:
    child = os.fork()
    if child == 0:
        sys.argv[2] = path
        try:
            add(lambda word: os.write(1, f"{word}\\n".encode()))
            os._exit(0)
        finally:
            os._exit(1)
    children.append(child)
sys.exit(any([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))
"""
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_eight_programs_adding_overlapping_reports_at_once_lose_and_double_nothing(bare: Where, tmp_path: Path) -> None:
    dice = random.Random(8)
    # Three reports a week, which are to be found to tell of one thing whoever adds them; some come under another id, too.
    readings = [made(n, claims=2, date=week(n // 3)) for n in range(30)]
    copies = [made(n, claims=2, date=week(n // 3), id=f"copy-{n}") for n in range(0, 30, 6)]
    newer = [made(n, claims=2, date=week(n // 3), reader=ReaderInfo("made", "2")) for n in range(0, 30, 10)]
    shares = []
    for number in range(8):
        share = dice.sample(readings, 20) + copies + newer
        dice.shuffle(share)
        shares.append(write(tmp_path / f"{number}.jsonl", share))
    assert len({p for share in shares for p in share.read_text().splitlines()}) == len([*readings, *copies, *newer])
    with start(_ADD_TOGETHER, bare, *shares) as adding:
        said = Counter(adding.communicate(timeout=300)[0].split())
    assert adding.returncode == 0
    assert said["done"] == 8
    sound(bare)
    found = told(bare)
    every = found["readings"]
    assert isinstance(every, list)
    for reader, given in ((READER, readings), (ReaderInfo("made", "2"), newer)):
        texts = Counter(r.report.text_hash for r in every if r.reader == reader)
        assert texts == Counter(r.report.text_hash for r in given)
    assert said["added"] == len(every), "what was said to be added was added once"
    with Store(bare, create=False) as store:
        assert (store.counts().reports, store.counts().claims) == (30, 60)
        ids = {r.report.id for r in every} | {a.id for a in store.aliases()}
        assert ids == {r.report.id for r in [*readings, *copies]}
        assert {store.report(c.report.id).text for c in copies} == {c.report.text for c in copies}
