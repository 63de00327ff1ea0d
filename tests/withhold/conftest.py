"""A ledger that names somebody who is to be withheld or purged, its store, and the app of a team on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tadmor.ledger import Store
from withhold_made import named, served


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return named(tmp_path)


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as found:
        yield found


@pytest.fixture
def app(path: Path) -> Iterator[FastAPI]:
    with served(path) as found:
        yield found
