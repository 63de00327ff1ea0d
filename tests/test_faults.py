"""What goes wrong on real machines: each time a clear error that names the mend, and nothing that was kept is lost."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tadmor.errors import InputError, LedgerError, MissingResource
from tadmor.ledger import Store, store
from tadmor.ledger import rows as ledger_rows
from tadmor.model import Reading
from test_ledger_made import made

HERE = Path(__file__).parent
LIMITED = pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit on the size of files")


def sound(path: Path) -> None:
    """The database is whole, and holds together."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def limited(code: str, *words: object, size: int) -> subprocess.CompletedProcess[str]:
    """Run Python with files that may not grow above ``size`` bytes: a disk that is full, for one process."""
    before = f"import resource, signal, sys; sys.path.insert(0, {str(HERE)!r})\n"
    before += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    before += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    return subprocess.run(
        [sys.executable, "-c", before + code, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


_ADD = """
from tadmor.errors import LedgerError
from tadmor.ledger import Store
from test_ledger_made import made
kept = 0
try:
    with Store(sys.argv[1]) as store:
        for n in range(10_000):
            kept += store.add(made(n, claims=20, date=None))
except LedgerError as error:
    print(error, file=sys.stderr)
print(kept)
"""


@LIMITED
def test_a_full_disk_costs_no_report_that_was_added(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    ran = limited(_ADD, path, size=1_500_000)
    kept = int(ran.stdout)
    assert kept > 0
    assert str(path) in ran.stderr
    assert "disk" in ran.stderr
    assert "there is room" in ran.stderr
    assert "run the same command again" in ran.stderr
    assert "Traceback" not in ran.stderr
    sound(path)
    with Store(path) as ledger:
        assert ledger.counts().reports == kept
        assert ledger.add(made(20_000)), "with room again it goes on"


_READ = """
from tadmor.bulk import corpus
from tadmor.bulk.batch import Recipe
from tadmor.errors import InputError
run = corpus.read([sys.argv[1]], sys.argv[2], jobs=1, recipe=Recipe(reader="rules"), rows=int(sys.argv[3]), tries=1)
print(run.read, run.known, len(run.given_up))
for failure in run.given_up:
    print(failure.error, file=sys.stderr)
"""


@LIMITED
def test_a_full_disk_while_reading_in_parts(tmp_path: Path) -> None:
    from test_bulk_make import parquet, rows

    file, out = parquet(tmp_path / "a.parquet", rows(8)), tmp_path / "out"
    whole = subprocess.run(
        [sys.executable, "-c", "import sys\n" + _READ, file, out, "4"], capture_output=True, text=True, check=True
    )
    assert whole.stdout.split() == ["2", "0", "0"]
    size = max(p.stat().st_size for p in (out / "readings").iterdir())
    parquet(tmp_path / "a.parquet", [*rows(4), *rows(30, first=50)])
    ran = limited(_READ, file, out, 34, size=size)
    assert ran.stdout.split() == ["0", "0", "1"]
    assert "run the same command again" in ran.stderr
    assert len(list((out / "readings").iterdir())) == 2, "nothing half written is left"
    again = subprocess.run(
        [sys.executable, "-c", "import sys\n" + _READ, file, out, "4"], capture_output=True, text=True, check=True
    )
    assert again.stdout.split()[1:] == ["1", "0"], "what was finished before is known"


def test_every_fault_of_a_disk_has_its_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tadmor.bulk.folders import Folder

    for code, words in ((errno.ENOSPC, "make room"), (errno.EDQUOT, "make room"), (errno.EACCES, "the right to")):

        def full(*_: object, code: int = code) -> None:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(InputError, match=words):
                Folder(str(tmp_path)).write("a/b", b"data")
        assert Folder(str(tmp_path)).names("a") == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_run_in_parts_that_is_killed_loses_no_finished_part(tmp_path: Path) -> None:
    from tadmor.bulk import corpus, kept
    from tadmor.bulk.batch import Recipe
    from test_bulk_make import parquet, rows

    file, out = parquet(tmp_path / "a.parquet", rows(400)), tmp_path / "out"
    child = subprocess.Popen([sys.executable, "-c", "import sys\n" + _READ, file, out, "4"], stdout=subprocess.DEVNULL)
    end = time.monotonic() + 90
    while time.monotonic() < end and len(list((out / "done").glob("*.json"))) < 3:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    finished = len(list((out / "done").glob("*.json")))
    assert 3 <= finished < 100
    assert len(list(kept.readings(str(out)))) == 4 * finished
    parquet(file, rows(40))
    run = corpus.read([str(file)], str(out), jobs=1, recipe=Recipe(reader="rules"), rows=4)
    assert (run.reports, run.known) == (40, min(10, finished))
    assert run.read == 10 - run.known


def test_a_clock_set_back_changes_no_order_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(("2024-05-02T10:00:00+00:00", "2024-05-02T10:00:01+00:00", *["2001-01-01T00:00:00+00:00"] * 50))
    monkeypatch.setattr(store, "now", lambda: next(hours))
    with Store(tmp_path / "war.db") as ledger:
        ledger.add(made(1, published=None))
        ledger.add(made(2, date="2016-01-01"))
        ledger.add(made(3, date="2017-01-01"))
        assert [r.report.id for r in ledger.readings()] == ["r1", "r2", "r3"], (
            "in the order of adding, not of the clock"
        )
        first, second = (i.id for i, _ in sorted(ledger.incidents(), key=lambda found: found[0].id)[:2])
        (joined,) = ledger.merge([first, second], who="Ann")
        parted = ledger.split(joined, [ledger.incident(joined)[0].claims[0]], who="Ben")
        assert len(parted) == 2, "what is decided later stands, though its hour is an earlier one"
        assert [(a.what, a.who) for a in ledger.audit()][-2:] == [
            ("incidents merged", "Ann"),
            ("incident split", "Ben"),
        ]
    sound(tmp_path / "war.db")


def test_a_locked_ledger_says_so_and_the_report_can_be_added_later(tmp_path: Path) -> None:
    path = tmp_path / "war.db"
    with Store(path) as ledger:
        ledger.add(made(1))
    with closing(sqlite3.connect(path, isolation_level=None)) as other, Store(path, timeout=0.1) as ledger:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match=r"is locked: another program .* try again"):
            ledger.add(made(2))
        assert ledger.counts().reports == 1
        other.execute("ROLLBACK")
        assert ledger.add(made(2))


def test_a_write_that_breaks_off_keeps_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "war.db") as ledger:
        ledger.add(made(1))
        before = list(ledger.readings())
        with monkeypatch.context() as patch:

            def broken(*_: object) -> None:
                raise MemoryError

            patch.setattr("tadmor.ledger.grouping.regroup", broken)
            with pytest.raises(MemoryError):
                ledger.add(made(2))
        assert list(ledger.readings()) == before
        assert ledger.add(made(2))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _zeros(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 40] = bytes(4096 * 39)
    path.write_bytes(bytes(data))


def _gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_gone, _cut, _zeros, lambda p: p.write_bytes(b"")])
def test_a_gazetteer_that_is_missing_or_damaged_is_named_with_its_mend(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    from tadmor.resolve.gazetteer import Gazetteer, default_path

    path = tmp_path / "places.sqlite"
    shutil.copy(default_path(), path)
    harm(path)
    with pytest.raises(MissingResource, match=rf"{path} .*(reinstall|build)") as told:  # noqa: PT012 - some tell when asked
        places = Gazetteer.open(path)
        for name in (
            "Aleppo",
            "Palmyra",
            "Saraqib",
            "Kobani",
            "Azaz",
            "Tel Rifaat",
            "Qamishli",
            "Mayadin",
            "Kafr Nabl",
        ):
            places.candidates(name)
        for place in range(1, 300_000, 500):
            places.by_id(f"geonames:{place}")
    assert "Traceback" not in str(told.value)


@pytest.mark.parametrize("harm", [_gone, _cut, lambda p: p.write_bytes(p.read_bytes()[:-1] + b"x")])
@pytest.mark.parametrize("name", ["reader.onnx", "looks.onnx", "tokenizer.json", "manifest.json"])
def test_weights_that_are_missing_or_damaged_are_named_with_their_mend(
    tmp_path: Path, harm: Callable[[Path], None], name: str
) -> None:
    from tadmor.reading.embedded import session

    shipped = Path(session.default().folder)
    folder = tmp_path / "weights"
    folder.mkdir()
    for file in shipped.iterdir():
        if file.is_file() and file.name != name:
            (folder / file.name).symlink_to(file)
    shutil.copy(shipped / name, folder / name)
    harm(folder / name)
    with pytest.raises(MissingResource, match=r"weights.*(reinstall|make train)"):
        session.Encoder(folder)


@pytest.mark.parametrize("harm", ["gone", "cut", "other"])
def test_a_registry_that_is_missing_or_damaged_is_named_with_its_mend(
    tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import resources

    from tadmor.resolve import registry_file
    from tadmor.resolve.registry import Registry

    mine = tmp_path / "actors.json"
    if harm != "gone":
        mine.write_text('{"actors": [' if harm == "cut" else '{"actors": 5}')
    with pytest.raises((MissingResource, InputError), match=str(mine)):
        Registry.load(mine)

    # the shipped one
    real = resources.files

    class Elsewhere:
        def joinpath(self, *_: str) -> Path:
            return mine

    monkeypatch.setattr(
        registry_file.resources, "files", lambda name: Elsewhere() if "resolve" in str(name) else real(name)
    )
    with pytest.raises(MissingResource, match=r"registry of actors .* reinstall tadmor"):
        registry_file.shipped()


def test_a_marked_part_of_another_version_is_read_anew(tmp_path: Path) -> None:
    from tadmor.bulk import corpus
    from tadmor.bulk.batch import Recipe
    from test_bulk_make import parquet, rows

    file, out = parquet(tmp_path / "a.parquet", rows(2)), str(tmp_path / "out")
    corpus.read([str(file)], out, jobs=1, recipe=Recipe(reader="rules"))
    mine = tmp_path / "actors.json"
    mine.write_text(json.dumps({"actors": []}))
    run = corpus.read([str(file)], out, jobs=1, recipe=Recipe(reader="rules", actors=str(mine)))
    assert (run.read, run.known) == (1, 0)


def test_a_day_that_no_calendar_has_does_not_stop_a_ledger(tmp_path: Path) -> None:
    with Store(tmp_path / "war.db") as ledger:
        for n, date in enumerate(("0001-01-01", "9999-12-31", "../0001", "9999/..", "0000", "2016-02-30")):
            ledger.add(made(n, date=date))
        assert ledger.counts().reports == 6
        assert sum(1 for _ in ledger.incidents()) > 0
    assert ledger_rows.days("2016-02-30") == (None, None)
    assert isinstance(made(1), Reading)
    assert dt.date.max.year == 9999
