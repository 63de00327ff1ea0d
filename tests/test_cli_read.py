from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from folders import DEMO
from tadmor.cli import VERBS, cli

WIRE = DEMO / "05-wire-2016-12-11.txt"


def run(*args: str, text: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, list(args), input=text)
    return result.exit_code, result.stdout, result.stderr


def test_the_help_names_every_verb_and_loads_nothing_heavy() -> None:
    code = "import sys; from tadmor.cli import cli; cli(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for verb in VERBS:
        assert f"\n  {verb}" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {
        "sqlalchemy",
        "trafilatura",
        "lxml",
        "dateparser",
        "rich",
        "syntok",
        "numpy",
        "httpx",
        "jinja2",
    }


def test_the_table_shows_who_says_what_where_and_when() -> None:
    code, out, err = run("read", str(WIRE))
    assert code == 0, err
    assert "Islamic State retakes Palmyra from Syrian army" in out
    assert "2016-12-11" in out
    assert "Palmyra" in out
    assert "Barazi" in out


def test_jsonl_has_a_line_per_report_in_input_order(tmp_path: Path) -> None:
    code, out, err = run("read", str(DEMO / "06-activists.jsonl"), str(WIRE), "--format", "jsonl")
    assert code == 0, err
    rows = [json.loads(x) for x in out.splitlines()]
    assert [r["report"]["id"] for r in rows[:2]] == ["demo-activists-1", "demo-activists-2"]
    assert len(rows) == 3
    for r in rows:
        text = r["report"]["text"]
        for c in r["claims"]:
            assert text[c["start"] : c["end"]] == c["text"]


def test_what_cannot_be_read_gets_a_line_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\x00\x01\x02\x03" * 200)
    code, out, err = run("read", str(broken), str(tmp_path / "absent.txt"), str(WIRE), "--format", "jsonl")
    rows = [json.loads(x) for x in out.splitlines()]
    assert code == 1
    assert ["error" in r for r in rows] == [True, True, False]
    assert "absent.txt" in err


def test_an_unknown_publication_date_is_said_to_be_unknown() -> None:
    code, out, _ = run(
        "read", "-", "--format", "jsonl", text="Rebels captured the town of Saraqib on Sunday, residents said."
    )
    assert code == 0
    (row,) = (json.loads(x) for x in out.splitlines())
    assert row["report"]["published"] is None
    assert any("publication date unknown: 1 relative date left" in w for w in row["warnings"])
    assert all(c["date"] is None for c in row["claims"])


def test_no_relative_date_is_no_number_of_them() -> None:
    _, out, _ = run("read", "-", "--format", "jsonl", text="Rebels captured the town of Saraqib, residents said.")
    assert json.loads(out)["warnings"] == ["publication date unknown"]


def test_a_date_that_is_none_is_a_usage_error() -> None:
    code, _, err = run("read", str(WIRE), "--published", "yesterday")
    assert code == 2
    assert "2016-12-11" in err


def test_a_wrong_verb_names_the_right_ones() -> None:
    code, _, err = run("raed", str(WIRE))
    assert code == 2
    assert "read" in err


def test_a_folder_without_reports_is_no_silent_success(tmp_path: Path) -> None:
    code, _, err = run("read", str(tmp_path))
    assert code == 1
    assert str(tmp_path) in err


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_has_help(verb: str) -> None:
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert "Usage" in out


def test_reading_from_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m tadmor read {DEMO} --format jsonl | head -c 10"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
