"""What the README shows is what the ledger of the demo answers today."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor.cli import cli

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.mark.parametrize("command", ["control Palmyra --brief", "control Palmyra --on 2016-12-11"])
def test_the_readme_shows_what_the_demo_answers(demo_ledger: Path, command: str) -> None:
    _, found, after = README.read_text(encoding="utf-8").partition(f"`tadmor {command}`:\n\n```\n")
    assert found
    shown = after.partition("\n```")[0]
    said = CliRunner().invoke(cli, [*command.split(), "--ledger", str(demo_ledger)]).stdout
    assert [line.rstrip() for line in said.strip("\n").splitlines()] == shown.splitlines()
