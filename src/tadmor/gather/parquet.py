"""Parquet files as tables of reports: the columns of JSONL, row by row, a few rows of one row group in memory at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from tadmor.errors import InputError, TooLarge
from tadmor.gather.clean import short
from tadmor.gather.rows import COLUMNS, read_row
from tadmor.model import Failure, Report

if TYPE_CHECKING:
    import pyarrow

_BATCH = 64  # rows in memory at once; texts that repeat are held once
_MOST_COLUMNS = 2000


def read_parquet(file: BinaryIO, path: str, max_bytes: int) -> Iterator[Report | Failure]:
    """A report or a failure for each row of a file that can be read from its end.

    Columns of nested values are kept as JSON. A row group that is damaged gives one failure, and the others are read.
    Raises InputError when the file is no Parquet, or has no column of text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        head = pq.ParquetFile(file)
        schema = head.schema_arrow
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise InputError(f"no Parquet file, or a damaged one ({short(error)})") from error
    names = columns(schema.names)
    # Kept as their dictionary, a text that stands in a million rows is in memory once.
    plain = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
    file.seek(0)
    try:
        table = pq.ParquetFile(file, read_dictionary=plain, buffer_size=1 << 20, pre_buffer=False)
        groups = table.num_row_groups
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise InputError(f"no Parquet file, or a damaged one ({short(error)})") from error
    end = 0  # of the row group: the number of its last row
    for group in range(groups):
        number, end = end, end + max(table.metadata.row_group(group).num_rows, 0)
        try:
            for batch in table.iter_batches(batch_size=_BATCH, row_groups=[group], use_threads=False):
                for at in range(batch.num_rows):
                    yield from read_cells(cells(batch, at, names), f"row {number + at + 1}", path, max_bytes)
                number += batch.num_rows
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            yield Failure(None, path, f"rows from {number + 1} on are damaged ({short(error)})")


def columns(given: Sequence[str]) -> dict[str, str]:
    """What each column is read as: those of reports in whatever case and spacing. Raises InputError where none is the text."""
    names = {n: n.strip().lower() if n.strip().lower() in COLUMNS else n for n in given}
    if "text" not in names.values():
        raise InputError(f"no column named text, only: {short(', '.join(given), 200)}")
    if len(names) > _MOST_COLUMNS:
        raise InputError(f"more than {_MOST_COLUMNS} columns")
    return names


def cells(table: pyarrow.RecordBatch | pyarrow.Table, at: int, names: Mapping[str, str]) -> dict[str, Any] | str:
    """The cells of a row as JSON has them, by the names of :func:`columns`; a string says why its text cannot be read."""
    row: dict[str, Any] = {}
    for name, cell in {names[n]: table.column(i)[at] for i, n in enumerate(table.schema.names)}.items():
        try:
            value = _plain(cell.as_py())
        except (ValueError, OverflowError, ArithmeticError, LookupError) as error:
            if name == "text":
                return f"its text cannot be read ({short(error)})"
            continue  # an impossible date in a column beside the text costs no report
        if value is not None or name == "text":
            row[name] = value
    return row


def read_cells(row: dict[str, Any] | str, where: str, path: str, max_bytes: int) -> Iterator[Report | Failure]:
    """The report, or the failure, of what :func:`cells` gives of a row; ``where`` names it."""
    if isinstance(row, str):
        yield Failure(None, path, f"{where}: {row}")
    elif any(isinstance(value, str) and len(value) > max_bytes for value in row.values()):
        yield Failure(None, path, str(TooLarge.above(max_bytes, f"{where}: ")))
    else:
        yield from read_row(row, where, path)


def _plain(value: Any) -> Any:
    """A cell as JSON has it: days and times in ISO 8601, numbers and nested values as they are, all else as text."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
