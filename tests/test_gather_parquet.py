"""Parquet: the columns of JSONL, any types, row by row; broken files and odd cells fail alone."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from made_forms import FIRST, SECOND, THIRD, parquet
from tadmor.gather import gather
from tadmor.model import Failure, Report

ROWS = [
    {
        "id": "a-1",
        "title": "Shelling in Marun",
        "text": FIRST,
        "published": dt.date(2016, 12, 13),
        "publisher": "Agency",
        "score": 3,
    },
    {"id": "a-2", "title": None, "text": SECOND, "published": None, "publisher": None, "score": None},
    {
        "id": "a-3",
        "title": "Tell Asfar",
        "text": THIRD,
        "published": dt.date(2016, 12, 14),
        "publisher": "Agency",
        "score": 4,
    },
]


def of(path: Path, data: bytes, **options: int) -> list[Report | Failure]:
    path.write_bytes(data)
    return list(gather([path], **options))  # type: ignore[arg-type]


def test_rows_are_reports_and_other_columns_are_metadata(tmp_path: Path) -> None:
    items = of(tmp_path / "x.parquet", parquet(ROWS, row_group_size=2, compression="zstd"))
    assert [i.id for i in items] == ["a-1", "a-2", "a-3"]
    first = items[0]
    assert isinstance(first, Report)
    assert (first.published, first.publisher, first.title) == ("2016-12-13", "Agency", "Shelling in Marun")
    assert first.metadata == {"score": "3"}


def test_it_is_the_same_as_jsonl(tmp_path: Path) -> None:
    import json

    rows = [{k: v.isoformat() if isinstance(v, dt.date) else v for k, v in r.items()} for r in ROWS]
    lines = "".join(json.dumps(r) + "\n" for r in rows).encode()
    one, two = of(tmp_path / "x.parquet", parquet(ROWS)), of(tmp_path / "x.jsonl", lines)
    for a, b in zip(one, two, strict=True):
        assert isinstance(a, Report)
        assert isinstance(b, Report)
        assert (a.id, a.text, a.published, a.metadata) == (b.id, b.text, b.published, b.metadata)


def test_rows_that_fail_stop_no_other(tmp_path: Path) -> None:
    rows = [{"text": FIRST}, {"text": None}, {"text": "  "}, {"text": "a " * 2000}, {"text": THIRD}]
    items = of(tmp_path / "x.parquet", parquet(rows), max_bytes=1000)
    assert [type(i) for i in items] == [Report, Failure, Failure, Failure, Report]
    assert [i.error.partition(":")[0] for i in items if isinstance(i, Failure)] == ["row 2", "row 3", "row 4"]


def test_nested_values_bytes_and_times_are_kept(tmp_path: Path) -> None:
    moment = dt.datetime(2016, 12, 13, 8, 30)
    rows = [{"text": FIRST, "tags": ["a", "b"], "raw": b"\xff x", "at": moment, "place": {"lat": 1.5, "name": "Marun"}}]
    (item,) = of(tmp_path / "x.parquet", parquet(rows))
    assert isinstance(item, Report)
    assert item.metadata["tags"] == '["a","b"]'
    assert item.metadata["place"] == '{"lat":1.5,"name":"Marun"}'
    assert item.metadata["at"] == "2016-12-13T08:30:00"


def test_a_text_that_stands_in_every_row_is_not_multiplied(tmp_path: Path) -> None:
    text = pa.DictionaryArray.from_arrays(
        pa.array([0] * 300, pa.int32()), pa.array([FIRST + " " + "word " * 1_000_000])
    )
    out = io.BytesIO()
    pq.write_table(pa.table({"text": text}), out)
    assert len(out.getvalue()) < 10_000_000
    items = of(tmp_path / "x.parquet", out.getvalue(), max_bytes=1_000_000)
    assert len(items) == 300
    assert all(isinstance(i, Failure) for i in items)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Parquet"),
        (b"PAR1", "Parquet"),
        (b"PAR1" + b"x" * 100 + b"PAR1", "Parquet"),
        (parquet(ROWS)[:-20], "Parquet"),
        (parquet([{"title": "x"}]), "no column named text"),
        (parquet([{"text": 3}]), "number"),
    ],
)
def test_broken_files_fail_with_their_reason(tmp_path: Path, data: bytes, says: str) -> None:
    (item,) = of(tmp_path / "x.parquet", data)
    assert isinstance(item, Failure)
    assert says in item.error


def test_a_damaged_row_group_costs_only_its_own_rows(tmp_path: Path) -> None:
    rows = [{"text": f"{FIRST} Report {i}."} for i in range(40)]
    data = bytearray(parquet(rows, row_group_size=20, compression="gzip"))
    first = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(0).column(0)
    for at in range(first.dictionary_page_offset + 40, first.dictionary_page_offset + 60):
        data[at] ^= 0xFF
    items = of(tmp_path / "x.parquet", bytes(data))
    assert any(isinstance(i, Failure) for i in items)
    assert sum(isinstance(i, Report) for i in items) >= 20


def test_a_column_of_identifiers_costs_no_row(tmp_path: Path) -> None:
    ids = pa.array([uuid.UUID(int=n).bytes for n in range(2)], pa.binary(16))
    table = pa.table({"text": [FIRST, SECOND], "event": pa.ExtensionArray.from_storage(pa.uuid(), ids)})
    pq.write_table(table, tmp_path / "x.parquet")
    items = list(gather([tmp_path / "x.parquet"]))
    assert [i.metadata["event"] for i in items] == [str(uuid.UUID(int=n)) for n in range(2)]  # type: ignore[union-attr]
