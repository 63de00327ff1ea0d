"""Parquet: types of the columns, and a round trip that gives back what the ledger holds."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tadmor import Ledger
from tadmor.model import Account, Party, Place, Voice
from tadmor.publish import exports, parquet
from tadmor.publish.precision import days
from tadmor.publish.wire import incident_to_record
from test_export_make import READINGS, make

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture(scope="module")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("parquet") / "war.db")


def table(path: Path, of: str | None = None, **filters: Any) -> Any:
    stream = io.BytesIO()
    with Ledger(path) as ledger:
        note = ledger.export("parquet", stream, of=of, **filters)
    assert note is None or note.endswith("in the ledger fits these filters")
    return pq.read_table(io.BytesIO(stream.getvalue()))


def rebuilt(row: dict[str, Any], like: Account) -> Account:
    """The account that a row says, with what the table does not hold taken from ``like``."""
    claim = replace(
        like.claim,
        type=row["type"],
        certainty=row["certainty"],
        date=row["date"],
        acled=row["acled"],
        plover=row["plover"],
        score=row["score"],
        start=row["start"],
        end=row["end"],
        text=row["clause"],
        counts=tuple(
            replace(old, what=n["what"], min=n["min"], max=n["max"], of=n["of"], approx=n["approx"])
            for n, old in zip(row["counts"], like.claim.counts, strict=True)
        ),
    )
    return Account(
        ref=replace(like.ref, report=row["report"], claim=row["claim"]),
        claim=claim,
        title=row["title"],
        publisher=row["publisher"],
        published=row["published"],
        known=row["known"].isoformat(),
        places=tuple(Place(**p) for p in row["places"]),
        actors=tuple(Party(**p) for p in row["actors"]),
        targets=tuple(Party(**p) for p in row["targets"]),
        voices=tuple(Voice(**v | {"through": tuple(v["through"])}) for v in row["sources"]),
        sentence=row["sentence"],
    )


def test_claims_come_back_as_the_ledger_has_them(ledger_path: Path) -> None:
    with Ledger(ledger_path) as ledger:
        accounts = list(ledger.store.accounts())
    rows = table(ledger_path).to_pylist()
    assert [rebuilt(r, a) for r, a in zip(rows, accounts, strict=True)] == accounts
    for row in rows:
        assert (row["date_start"], row["date_end"]) == (days(row["date"]).start, days(row["date"]).end)


def test_incidents_come_back_as_the_ledger_has_them(ledger_path: Path) -> None:
    with Ledger(ledger_path) as ledger:
        found = [incident_to_record(i) for i in ledger.incidents().items]
    assert found
    for row, record in zip(table(ledger_path, "incidents").to_pylist(), found, strict=True):
        start, end = row.pop("date_start"), row.pop("date_end")
        assert start == days(record["date"]).start
        assert end == days(record["date"]).end
        row["credibility"] = {key: row.pop(key) for key in ("admiralty", "grade", "reasons")}
        assert row.pop("retracted") is None
        assert row == record


def test_columns_have_types(ledger_path: Path) -> None:
    schema = table(ledger_path).schema
    assert schema.equals(parquet.claim_schema())
    assert table(ledger_path, "incidents").schema.equals(parquet.incident_schema())
    assert schema.field("date_start").type == pa.date32()
    assert schema.field("date").type == pa.string()
    counts = schema.field("counts").type
    assert pa.types.is_list(counts)
    assert counts.value_type.field("min").type == pa.float64()
    assert pa.types.is_list(schema.field("sources").type.value_type.field("through").type)


def test_an_open_or_unknown_date_has_no_end(tmp_path: Path) -> None:
    made = READINGS[0]
    claims = [replace(made.claims[0], date=d, id=f"c{i}") for i, d in enumerate(("2016-12-11/..", None, "2016~"))]
    rows = table(make(tmp_path / "war.db", [replace(made, claims=tuple(claims))])).to_pylist()
    assert [(r["date_start"], r["date_end"]) for r in rows] == [
        (dt.date(2016, 12, 11), None),
        (None, None),
        (dt.date(2016, 1, 1), dt.date(2016, 12, 31)),
    ]


def test_filters_and_an_empty_table(ledger_path: Path) -> None:
    rows = table(ledger_path, place="Idlib").to_pylist()
    assert [(r["report"], r["claim"]) for r in rows] == [("r2", "c1"), ("r:1", "c2")]
    empty = table(ledger_path, start="1990", end="1991")
    assert empty.num_rows == 0
    assert empty.schema.equals(parquet.claim_schema())


def test_half_a_surrogate_pair_is_replaced(ledger_path: Path) -> None:
    with Ledger(ledger_path) as ledger:
        account = next(iter(ledger.store.accounts()))
    stream = io.BytesIO()
    parquet.write([parquet.claim_row(replace(account, title="a\ud83d b"))], parquet.claim_schema(), stream)
    assert pq.read_table(io.BytesIO(stream.getvalue())).to_pylist()[0]["title"] == "a\ufffd b"


def test_a_stream_of_text_is_refused(ledger_path: Path) -> None:
    with Ledger(ledger_path) as ledger, pytest.raises(ValueError, match="binary"):
        ledger.export("parquet", io.StringIO())
    assert "parquet" in exports.BINARY
