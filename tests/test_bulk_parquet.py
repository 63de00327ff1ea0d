"""Parquet in parts is read as it is read plainly: its columns by name, its cells, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tadmor.bulk import corpus, parts
from tadmor.bulk.batch import Recipe
from tadmor.bulk.kept import readings
from tadmor.gather import gather
from tadmor.model import Failure, Report

SAID = [f"Rebels captured Azaz on Sunday, resident {n} said." for n in range(4)]
BEYOND = pa.array([0, 2**62, 0, 2**62], pa.timestamp("us"))  # no year that Python's dates have


def in_parts(path: Path, rows: int, **options: int) -> list[Report | Failure]:
    found = [parts.content(part) for part in parts.cut(str(path), rows=rows)]
    return [item for content in found for item in parts.reports(content, **options)]  # type: ignore[arg-type]


def broken_text() -> pa.Array:
    """Texts of which the second is no UTF-8, though the column says so."""
    data = pa.array([SAID[0].encode(), b"\xff\xfe", SAID[2].encode(), SAID[3].encode()], pa.binary())
    return pa.StringArray.from_buffers(4, data.buffers()[1], data.buffers()[2])


TABLES = {
    "a time that no calendar has": pa.table({"id": list("abcd"), "text": SAID, "published": BEYOND, "seen": BEYOND}),
    "names in another case": pa.table({"ID": list("abcd"), " Text ": SAID, "Published": [dt.date(2016, 12, 13)] * 4}),
    "cells of all kinds": pa.table(
        {
            "text": SAID,
            "at": [dt.datetime(2016, 12, 13, 8, 30)] * 4,
            "raw": [b"\xff x"] * 4,
            "took": [dt.timedelta(minutes=2)] * 4,
            "share": [0.5, float("nan"), None, 1.0],
            "place": [{"lat": 1.5, "seen": [dt.date(2016, 12, 13)]}] * 4,
        }
    ),
    "texts that are none": pa.table({"id": list("abcd"), "text": [SAID[0], None, " ", SAID[3]]}),
    "texts that are no UTF-8": pa.table({"id": list("abcd"), "text": broken_text()}),
    "numbers for texts": pa.table({"text": [1, 2, 3, 4]}),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("rows", [1, 3, 500])
def test_rows_are_those_of_plain_reading(tmp_path: Path, name: str, rows: int) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(TABLES[name], path, row_group_size=2)
    plain = list(gather([path]))
    found = in_parts(path, rows)
    # A failure names its part, and there and in plain reading the row of the whole file.
    assert [replace(f, path=str(path)) if isinstance(f, Failure) else f for f in found] == plain
    assert len(plain) == 4


def test_a_row_above_the_cap_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": [SAID[0], "word " * 1000, SAID[2]]}), path)
    found = in_parts(path, 2, max_bytes=1000)
    assert [type(item) for item in found] == [Report, Failure, Report]
    assert [item.error for item in found if isinstance(item, Failure)] == [
        item.error for item in gather([path], max_bytes=1000) if isinstance(item, Failure)
    ]


def test_a_time_that_no_calendar_has_gives_no_part_up(tmp_path: Path) -> None:
    path, out = tmp_path / "x.parquet", str(tmp_path / "out")
    pq.write_table(TABLES["a time that no calendar has"], path)
    run = corpus.read([str(path)], out, jobs=1, recipe=Recipe(reader="rules"), pause=0)
    assert (run.reports, run.not_read, run.given_up) == (4, 0, ())
    assert len(list(readings(out))) == 4
