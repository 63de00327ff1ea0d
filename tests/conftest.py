"""What several tests share: the data folder, a ledger of the demo reports, and places for ledgers in both kinds of database."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from databases import SERVER, WITHOUT, Places, Where, drop_all, quickly
from folders import DEMO, ROOT

# The same examples in every run, so that a change is judged by what it changes; TADMOR_EXPLORE=1 tries new ones (`make fuzz`).
settings.register_profile("same", derandomize=True, deadline=None)
if not os.environ.get("TADMOR_EXPLORE"):
    settings.load_profile("same")


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(not SERVER, reason=WITHOUT))])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Places for ledgers, of each kind of database in turn."""
    found = Places(request.param, tmp_path)
    yield found
    found.release()


@pytest.fixture
def where(places: Places) -> Where:
    """A place for a ledger, of each kind of database in turn."""
    return places.new()


@pytest.fixture(scope="session", autouse=True)
def _databases() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        quickly(patch)
        yield
    drop_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests that take long come first, then those with most tests: so all processes are done at about one time."""
    long = Counter(item.path for item in items if item.get_closest_marker("slow"))
    number = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in long, -number[item.path], str(item.path)))
