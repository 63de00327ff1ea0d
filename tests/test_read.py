from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tadmor
from folders import DEMO
from tadmor import gather, pipeline
from tadmor.errors import InputError, TadmorError
from tadmor.intake.reading import readings
from tadmor.model import Failure
from tadmor.record import to_record

PIECES = st.sampled_from(
    [
        "Rebels ", "the Syrian army ", "said ", "on Sunday ", "killed ", "at least 12 ", "people ", "in Aleppo", ". ", "\n\n",
        "\"", "“", "”", "according to ", "SANA ",
        "denied that ", "Dec. 11, 2016 ", "(Reuters) ", "air strikes ", "الجيش ", "Бахмут ",
        "1.2m ", "2016-13-45 ", "ISIS", "'s ", "…", "\u200b", "é", "%", "https://x.y ", "<b>", "\ud800", "\x00",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


def spans(reading: tadmor.Reading) -> list[tuple[int, int, str]]:
    out = [(m.start, m.end, m.text) for m in reading.mentions]
    for a in reading.attributions:
        out += [(s.start, s.end, s.text) for s in (a.source, a.cue, *a.content) if s]
    for c in reading.claims:
        out += [(c.start, c.end, c.text), *((s.start, s.end, s.text) for s in c.also)]
        out += [(c.trigger.start, c.trigger.end, c.trigger.text)] if c.trigger else []
    return out


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_text_gives_a_valid_reading_or_a_documented_error(text: str) -> None:
    with suppress(OSError, ValueError):  # no name of a file: too long, or with a NUL
        if Path(text or "x").exists():
            return
    try:
        reading = tadmor.read(text)
    except TadmorError:
        return
    body = reading.report.text
    for start, end, piece in spans(reading):
        assert 0 <= start < end <= len(body)
        assert body[start:end] == piece
    again = tadmor.read(text)
    assert to_record(again) == to_record(reading)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_in_a_file_give_readings_or_failures(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for suffix in (".txt", ".html", ".jsonl", ".csv", ".txt.gz"):
        path = folder / f"x{suffix}"
        path.write_bytes(data)
        for item in readings(pipeline.default(), gather.gather([path])):
            assert isinstance(item, Failure | tadmor.Reading)
            if isinstance(item, Failure):
                assert item.error
                assert "the reader failed" not in item.error


def test_the_reading_names_its_reader() -> None:
    reading = tadmor.read("Rebels captured Saraqib on Sunday.", published="2016-12-12")
    assert reading.reader.name
    assert reading.reader.version
    assert reading.report.published_basis == "given"


def test_a_path_an_address_and_a_text_are_told_apart(tmp_path: Path) -> None:
    assert tadmor.read(DEMO / "05-wire-2016-12-11.txt").report.published == "2016-12-11"
    assert tadmor.read(str(DEMO / "05-wire-2016-12-11.txt")).report.published == "2016-12-11"
    with pytest.raises(tadmor.TadmorError, match="2 reports"):
        tadmor.read(DEMO / "06-activists.jsonl")
    with pytest.raises(tadmor.TadmorError):
        tadmor.read("http://127.0.0.1:9/")
    with pytest.raises(tadmor.TadmorError):
        tadmor.read("   ")
    for missing in ("no such report.txt", str(tmp_path / "reports" / "page.html"), "corpus.jsonl.gz"):
        with pytest.raises(InputError, match="there is no file"):
            tadmor.read(missing)
    assert tadmor.read("A list of the dead stands in\nreport.txt", reader="rules").report.text.endswith("report.txt")


def test_reading_is_the_same_in_another_process() -> None:
    path = DEMO / "05-wire-2016-12-11.txt"
    runs = {
        subprocess.run(
            [sys.executable, "-m", "tadmor", "read", str(path), "--format", "jsonl"],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_no_date_of_the_pages_clock_on_the_example_report(shared: Path) -> None:
    reading = tadmor.read(shared / "reports/palmyra-action-news.txt")
    assert reading.report.published is None
    assert not re.search(r"\b2024\b", str(to_record(reading)["report"]))
    dates = [c.date for c in reading.claims if c.date] + [m.value for m in reading.mentions if m.value]
    assert not [d for d in dates if "2024" in d]


def test_readings_of_the_gold_reports_pass_the_checker(shared: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tadmor", "read", str(shared / "gold/input.jsonl"), "--format", "jsonl"],
        capture_output=True,
        text=True,
        check=True,
    )
    path = tmp_path / "readings.jsonl"
    path.write_text(done.stdout, encoding="utf-8")
    check = subprocess.run(
        [sys.executable, str(shared / "score/check_reading.py"), str(path)], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout
