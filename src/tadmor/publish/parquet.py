"""Parquet: the claims or the incidents of a ledger as one typed table, for DuckDB, pandas, Polars, Arrow and Spark.

Dates are kept twice: as the EDTF that was coded, and as its first and last day (``date32``), null where open or unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from tadmor.model import Account, Incident
from tadmor.publish.precision import days
from tadmor.publish.rows import retracted, utf8
from tadmor.publish.wire import incident_to_record

if TYPE_CHECKING:
    import pyarrow

_ROWS = 10_000  # of one row group: what is in memory at once


def claim_schema() -> pyarrow.Schema:
    """The columns of the table of claims."""
    import pyarrow as pa

    text, real, whole = pa.string(), pa.float64(), pa.int32()
    party = pa.struct([("name", text), ("entity", text), ("kind", text), ("side", text)])
    return pa.schema(
        [
            pa.field("report", text, nullable=False),
            pa.field("claim", text, nullable=False),
            ("title", text),
            ("publisher", text),
            ("published", text),
            ("known", pa.date32()),
            pa.field("type", text, nullable=False),
            pa.field("certainty", text, nullable=False),
            ("date", text),
            ("date_start", pa.date32()),
            ("date_end", pa.date32()),
            ("places", pa.list_(_place())),
            ("actors", pa.list_(party)),
            ("targets", pa.list_(party)),
            (
                "sources",
                pa.list_(
                    pa.struct(
                        [
                            *((name, text) for name in ("name", "entity", "kind", "side")),
                            ("anonymous", pa.bool_()),
                            ("through", pa.list_(text)),
                        ]
                    )
                ),
            ),
            (
                "counts",
                pa.list_(
                    pa.struct([("what", text), ("min", real), ("max", real), ("of", text), ("approx", pa.bool_())])
                ),
            ),
            ("acled", text),
            ("plover", text),
            ("score", real),
            ("start", whole),
            ("end", whole),
            ("clause", text),
            ("sentence", text),
            ("retracted", text),
        ]
    )


def incident_schema() -> pyarrow.Schema:
    """The columns of the table of incidents."""
    import pyarrow as pa

    text, real, whole = pa.string(), pa.float64(), pa.int32()
    refs = pa.list_(pa.struct([("report", text), ("claim", text)]))
    side = pa.struct([("side", text), ("min", real), ("max", real), ("sources", pa.list_(text)), ("claims", refs)])
    position = pa.struct([("says", text), ("sources", pa.list_(text)), ("claims", refs)])
    return pa.schema(
        [
            pa.field("id", text, nullable=False),
            pa.field("type", text, nullable=False),
            ("date", text),
            ("date_start", pa.date32()),
            ("date_end", pa.date32()),
            ("place", _place()),
            ("claims", refs),
            ("sources", whole),
            ("independent_sources", whole),
            ("sides", pa.list_(text)),
            (
                "counts",
                pa.list_(
                    pa.struct(
                        [
                            ("what", text),
                            *((name, real) for name in ("min", "max", "best")),
                            ("rule", text),
                            ("by_side", pa.list_(side)),
                        ]
                    )
                ),
            ),
            ("admiralty", pa.int8()),
            ("grade", text),
            ("reasons", pa.list_(text)),
            ("disputes", pa.list_(pa.struct([("about", text), ("kind", text), ("positions", pa.list_(position))]))),
            ("retracted", text),
        ]
    )


def _place() -> pyarrow.DataType:
    import pyarrow as pa

    return pa.struct(
        [
            *((name, pa.string()) for name in ("name", "entity")),
            *((name, pa.float64()) for name in ("lat", "lon")),
            ("country", pa.string()),
        ]
    )


def claim_row(account: Account) -> dict[str, Any]:
    """One claim as a row of :func:`claim_schema`."""
    claim, found = account.claim, days(account.claim.date)
    row = {
        "report": account.ref.report,
        "claim": account.ref.claim,
        "title": account.title,
        "publisher": account.publisher,
        "published": account.published,
        "known": days(account.known).start,
        "type": claim.type,
        "certainty": claim.certainty,
        "date": claim.date,
        "date_start": found.start,
        "date_end": found.end,
        "places": [
            {"name": p.name, "entity": p.entity, "lat": _real(p.lat), "lon": _real(p.lon), "country": p.country}
            for p in account.places
        ],
        "actors": [{"name": p.name, "entity": p.entity, "kind": p.kind, "side": p.side} for p in account.actors],
        "targets": [{"name": p.name, "entity": p.entity, "kind": p.kind, "side": p.side} for p in account.targets],
        "sources": [
            {
                "name": v.name,
                "entity": v.entity,
                "kind": v.kind,
                "side": v.side,
                "anonymous": v.anonymous,
                "through": list(v.through),
            }
            for v in account.voices
        ],
        "counts": [
            {"what": n.what, "min": _real(n.min), "max": _real(n.max), "of": n.of, "approx": n.approx}
            for n in claim.counts
        ],
        "acled": claim.acled,
        "plover": claim.plover,
        "score": claim.score,
        "start": claim.start,
        "end": claim.end,
        "clause": claim.text,
        "sentence": account.sentence,
        "retracted": account.retracted,
    }
    return {key: _writable(value) for key, value in row.items()}


def incident_row(incident: Incident, accounts: Sequence[Account] = ()) -> dict[str, Any]:
    """One incident as a row of :func:`incident_schema`."""
    record, found = incident_to_record(incident), days(incident.date)
    credibility = record["credibility"]
    counts = [
        n | {key: _real(n[key]) for key in ("min", "max", "best")} | {"by_side": [_reals(s) for s in n["by_side"]]}
        for n in record["counts"]
    ]
    row = {
        **{key: record[key] for key in ("id", "type", "date")},
        "date_start": found.start,
        "date_end": found.end,
        **{key: record[key] for key in ("place", "claims", "sources", "independent_sources", "sides")},
        "counts": counts,
        "admiralty": credibility["admiralty"],
        "grade": credibility["grade"],
        "reasons": credibility["reasons"],
        "disputes": record["disputes"],
        "retracted": retracted(accounts),
    }
    return {key: _writable(value) for key, value in row.items()}


def write(rows: Iterable[dict[str, Any]], schema: pyarrow.Schema, stream: BinaryIO) -> int:
    """Write the rows to a binary stream, a row group for every 10,000; returns how many there were."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    written = 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            written += len(batch)
    return written


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    ahead = iter(rows)
    while batch := list(islice(ahead, _ROWS)):
        yield batch


def _real(value: float | None) -> float | None:
    return None if value is None else float(value)


def _reals(row: dict[str, Any]) -> dict[str, Any]:
    return row | {key: _real(row[key]) for key in ("min", "max")}


def _writable(value: Any) -> Any:
    """The value with what UTF-8 cannot carry (half a surrogate pair) replaced, at any depth."""
    if isinstance(value, str):
        return utf8(value)
    if isinstance(value, list):
        return [_writable(v) for v in value]
    return {k: _writable(v) for k, v in value.items()} if isinstance(value, dict) else value
