"""What several tests share: where the data folder lies, and a ledger of the demo reports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "demo/reports"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The data folder; tests that need it are skipped where it is not there."""
    path = Path(os.environ.get("TADMOR_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"the data folder is not at {path}")
    return path


@pytest.fixture(scope="session")
def demo_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that holds the demo reports."""
    from tadmor import Ledger
    from tadmor.model import Failure

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with Ledger(path) as ledger:
        outcomes = ledger.add(DEMO)
    assert not [o for o in outcomes if isinstance(o, Failure)]
    return path
