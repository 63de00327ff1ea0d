"""The verbs in parts: read, add what was read, incidents of it; and what they say when asked for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tadmor.cli import cli
from test_bulk_make import parquet, rows


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words], catch_exceptions=False)


def test_read_add_and_incidents_in_parts(tmp_path: Path) -> None:
    file = parquet(tmp_path / "reports.parquet", [*rows(12), {**rows(1)[0], "id": "bad", "text": "  "}], 5)
    out = tmp_path / "readings"
    read = run("read", file, "--engine", "local", "--out", out, "--jobs", "1", "--rows", "4", "--reader", "rules")
    assert read.exit_code == 1, "one report has no text"
    assert "12 reports with" in read.stderr
    assert "1 not read · 5 parts read, 0 known already, 0 given up" in read.stderr
    again = run("read", file, "--engine", "local", "--out", out, "--jobs", "1", "--rows", "4", "--reader", "rules")
    assert "0 parts read, 5 known already" in again.stderr

    # added from the folder, the ledger is that of adding the file itself, and adding again adds nothing
    lines = tmp_path / "reports.jsonl"
    lines.write_text("".join(json.dumps(r) + "\n" for r in rows(12)))
    taken, plain = tmp_path / "taken.db", tmp_path / "plain.db"
    added = run("add", out, "--ledger", taken, "--reader", "rules")
    assert "12 reports added" in added.stderr
    assert "1 not read" in added.stderr
    assert "0 reports added" in run("add", out, "--ledger", taken, "--reader", "rules").stderr
    run("add", lines, "--ledger", plain, "--reader", "rules")
    incidents = [run("incidents", "--ledger", path, "--format", "jsonl").stdout.splitlines() for path in (taken, plain)]
    assert sorted(incidents[0]) == sorted(incidents[1]) != []

    found = run(
        "incidents",
        "--engine",
        "local",
        "--readings",
        out,
        "--out",
        tmp_path / "found",
        "--jobs",
        "1",
        "--format",
        "jsonl",
    )
    assert found.exit_code == 0
    assert found.stdout.splitlines() == incidents[0]
    assert list((tmp_path / "found/incidents").glob("*.parquet"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("read", "x", "--engine", "local"), "name it with --out"),
        (("read", "x", "--out", "y"), "choose where with --engine"),
        (("incidents", "--engine", "local", "--out", "y"), "name it with --readings"),
        (("incidents", "--readings", "y"), "choose where with --engine"),
        (
            ("incidents", "--engine", "local", "--readings", "x", "--out", "y", "--place", "Homs"),
            "filter what comes out",
        ),
        (("read", "x", "--engine", "spark", "--out", "y"), "is not one of"),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_engine_that_is_not_installed_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from tadmor.bulk.engines import engine
    from tadmor.errors import MissingResource

    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "daft":
            raise ImportError("No module named 'daft'")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(MissingResource, match=r"pip install 'tadmor\[scale\]'"):
        engine("daft")
