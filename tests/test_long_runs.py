"""Long runs: progress with rate and time left, Ctrl-C that ends cleanly, processes side by side, order that does not change."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tadmor import gather, pipeline
from tadmor.cli.amount import amount
from tadmor.cli.progress import STOPPED, Progress, duration
from tadmor.intake.reading import readings
from tadmor.intake.workers import Recipe, attempts
from tadmor.ledger import Store
from tadmor.model import Failure, Reading, Report
from tadmor.record import to_record

TOWNS = "Palmyra Saraqib Manbij Raqqa Azaz Kobani Afrin Daraa".split()


def rows(number: int) -> str:
    return "\n".join(
        json.dumps(
            {
                "id": f"r{i}",
                "published": "2016-12-12",
                "text": f"Rebels captured {TOWNS[i % 8]} on Sunday, {i} men said.",
            }
        )
        for i in range(number)
    )


class Screen(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress("reading", of=100) as progress:
        for _ in range(10):
            now[0] += 0.5
            progress.step()
        assert progress.line(now[0]) == "reading: 10 of 100 done, 2.0 a second, 45 s left"
    assert "10 of 100" in screen.getvalue()
    assert screen.getvalue().endswith("\r\033[K"), "the line is taken away in the end"


def test_progress_is_silent_for_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress("reading", of=3) as progress:
        for _ in range(3):
            now[0] += 0.6
            progress.step()
    assert screen.getvalue() == ""


def test_the_rate_is_that_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand reports that were known already say nothing of how fast reading goes."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress("reading", of=2000) as progress:
        now[0] = 10.0
        progress.reach(1000)
        progress.line(now[0])
        for second in range(1, 201):
            now[0] = 10.0 + second
            progress.reach(1000 + second)
            line = progress.line(now[0])
    assert "1.0 a second" in line
    assert "800 s left" in line or "13 min left" in line


def test_into_a_file_progress_is_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    with Progress("reading") as progress:
        for _ in range(300):
            now[0] += 1.0
            progress.step()
    assert 4 <= len(out.getvalue().splitlines()) <= 5
    assert "\r" not in out.getvalue()


def test_the_number_is_found_out_beside_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sys, "stderr", Screen())
    asked = []

    def count() -> int:
        asked.append(1)
        return 40

    with Progress("reading", of=count) as progress:
        progress.step()
        assert asked == [], "what is over in a moment is not counted"
        now[0] = 3.0
        progress.step()
        end = time.perf_counter() + 5
        while not asked and time.perf_counter() < end:
            time.sleep(0.01)
        assert re.search(r"2 of 40 done", progress.line(4.0))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (89, "89 s"),
        (90, "2 min"),
        (3600, "60 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
        (200_000, "2 d 7 h"),
    ],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_how_many_reports_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(5) + "\n\n", encoding="utf-8")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(rows(7))
    (tmp_path / "c.csv").write_text('id,text\n1,"two\nlines"\n2,x\n', encoding="utf-8")
    (tmp_path / "d.txt").write_text("x", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text("x", encoding="utf-8")
    assert amount([str(tmp_path)]) == 15
    assert amount([str(tmp_path / "a.jsonl"), "https://example.org/x"]) == 6
    assert amount(["-"]) is None


def test_several_processes_give_what_one_gives_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(rows(12) + '\n{"id": "bad"}\n', encoding="utf-8")
    line, recipe = pipeline.default("rules"), Recipe("rules")
    found = []
    for jobs in (1, 2):
        items = gather.gather([tmp_path / "in.jsonl"])
        found.append([_row(r) for r in readings(line, items, jobs=jobs, recipe=recipe)])
    assert found[0] == found[1]
    assert len(found[0]) == 13
    assert isinstance(found[0][-1], Failure)


def _row(item: Reading | Failure) -> object:
    return item if isinstance(item, Failure) else to_record(item)


@pytest.mark.slow
def test_a_process_that_dies_costs_the_report_that_killed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from tadmor.intake import workers

    monkeypatch.setattr(workers, "_attempt", deadly)
    reports = [Report(f"r{i}", "die" if i == 2 else f"text {i}") for i in range(6)]
    line = pipeline.default("rules")
    outcomes = [o for _, o in attempts(line, reports, lambda r: r, jobs=2, recipe=Recipe("rules"))]
    assert [isinstance(o, Failure) for o in outcomes] == [False, False, True, False, False, False]
    assert outcomes[2] is not None
    assert "killed" in outcomes[2].error  # type: ignore[union-attr]


def deadly(report: Report) -> Reading | Failure:
    """Stands for reading in another process: one text is the end of it."""
    if report.text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return Reading(report, pipeline.default("rules").info)


def test_what_was_gathered_ahead_is_bounded() -> None:
    """However many reports there are, only so many are taken before the first is handed on."""
    taken = []

    def endless() -> Iterator[Report]:
        for i in range(10_000):
            taken.append(i)
            yield Report(f"r{i}", f"Rebels captured Palmyra on Sunday, {i} men said.")

    outcomes = attempts(pipeline.default("rules"), endless(), lambda r: r, jobs=2, recipe=Recipe("rules"))
    next(outcomes)
    assert len(taken) < 20
    outcomes.close()  # type: ignore[attr-defined]


def started(*command: str) -> subprocess.Popen[str]:
    """A run of the command line that Ctrl-C reaches."""
    return subprocess.Popen(
        [sys.executable, "-m", "tadmor", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_ctrl_c_ends_adding_cleanly_and_says_how_to_go_on(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "in.jsonl").write_text(rows(3000), encoding="utf-8")
    path = tmp_path / "war.db"
    process = started("add", str(tmp_path / "in.jsonl"), "--reader", "rules", "--ledger", str(path), "--jobs", jobs)
    try:
        end = time.monotonic() + 90
        while time.monotonic() < end and _kept(path) < 3:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=90)
    finally:
        process.kill()
    assert process.returncode == STOPPED
    assert "stopped after" in said
    assert "run the same command again" in said
    assert "Traceback" not in said
    assert 3 <= _kept(path) < 3000


def _kept(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with Store(path) as store:
            return store.counts().reports
    except Exception:  # it is being made
        return 0


def test_ctrl_c_ends_reading_with_whole_lines(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(rows(3000), encoding="utf-8")
    process = started("read", str(tmp_path / "in.jsonl"), "--reader", "rules", "--format", "jsonl")
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=90)
    finally:
        process.kill()
    assert process.returncode == STOPPED
    assert "what was printed is whole" in said
    lines = [json.loads(line) for line in (first + rest).splitlines()]
    assert [row["report"]["id"] for row in lines] == [f"r{i}" for i in range(len(lines))]


def test_reports_travel_between_processes_whole() -> None:
    """What goes to another process and comes back is the report as it was, its bytes left here."""
    report = gather.from_text("Rebels captured Palmyra on Sunday, a monitor said.", id="x", metadata={"desk": "north"})
    [(_, outcome)] = attempts(pipeline.default("rules"), [report], lambda r: r, jobs=2, recipe=Recipe("rules"))
    assert isinstance(outcome, Reading)
    assert outcome.report is report
    assert replace(outcome, report=report) == pipeline.default("rules").read(report)
