"""`make audit` never says more than was looked up."""

from __future__ import annotations

import io
import json

import pytest
from tools.audit import main

CLEAN = {"name": "lxml", "version": "6.0", "vulns": []}
HARMED = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
PASSED = {"name": "torch", "skip_reason": "not found on PyPI"}


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ([CLEAN], 0, "1 dependencies looked up, 0 vulnerabilities"),
        ([CLEAN, HARMED], 1, "pillow 1.0: PYSEC-1; mended in 1.1"),
        ([CLEAN, PASSED], 2, "1 of 2 could not be looked up"),
        ([HARMED, PASSED], 1, "says nothing of them: torch"),
        ([], 2, "0 dependencies looked up"),
    ],
)
def test_what_is_said(found: list[object], status: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(io.StringIO(json.dumps({"dependencies": found}))) == status
    assert said in capsys.readouterr().out


def test_no_answer_is_no_clean_bill(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(io.StringIO("")) == 2
    assert "nothing was audited" in capsys.readouterr().out
