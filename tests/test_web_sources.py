"""For which side a source speaks, over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tadmor.model import Reading
from test_web_made import API, client, fill, told

SAID = (  # id, day of the report, the side for which the spokesman was held to speak
    ("a", "2012-03-01", "government"),
    ("b", "2012-06-01", None),
    ("c", "2012-08-01", "government"),
    ("d", "2013-01-10", "opposition"),
    ("e", "2013-05-01", "opposition"),
    ("f", "2014-02-02", "government"),
)


def spoken(id: str, day: str, side: str | None) -> Reading:
    reading = told(id, "Aleppo", day, agency="Colonel Omar", published=day)
    (said,) = reading.attributions
    assert said.source is not None
    return replace(reading, attributions=(replace(said, source=replace(said.source, side=side)),))


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TestClient]:
    made = [spoken(*row) for row in SAID] + [
        told("g", "Idlib", "2014-03-01", agency="Daily Star", published="2014-03-01")
    ]
    with client(fill(tmp_path / "war.db", made)) as found:
        yield found


def test_the_sides_of_a_source_are_told_one_after_the_other(api: TestClient) -> None:
    found = api.get(f"{API}/sources/Colonel%20Omar").json()
    assert found["sides"] == [
        {"side": "government", "first": "2012-03-01", "last": "2012-08-01", "claims": 2},
        {"side": "opposition", "first": "2013-01-10", "last": "2013-05-01", "claims": 2},
        {"side": "government", "first": "2014-02-02", "last": "2014-02-02", "claims": 1},
    ]


def test_who_speaks_for_nobody_has_none(api: TestClient) -> None:
    assert api.get(f"{API}/sources/Daily%20Star").json()["sides"] == []
