"""A folder of readings that a run wrote: told from other folders, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tadmor.bulk import folders
from tadmor.bulk.batch import LAYOUT, MARKS, READINGS
from tadmor.bulk.folders import Folder
from tadmor.errors import InputError
from tadmor.model import Failure, Original, Reading
from tadmor.record import from_record

_NAME = "corpus.json"


def describe(folder: Folder, told: dict[str, object]) -> None:
    """Write down beside the readings how they were made."""
    folder.write(_NAME, json.dumps({"tadmor": "readings", "layout": LAYOUT} | told, indent=1).encode())


def is_corpus(address: str) -> bool:
    """Whether a folder holds readings that ``read`` kept. Asks nothing of a storage for what is not in one."""
    if address.startswith(("http://", "https://")) or address == "-":
        return False
    try:
        data = Folder(address).read(_NAME)
        return data is not None and json.loads(data).get("tadmor") == "readings"
    except (InputError, ValueError, AttributeError):
        return False


def files(address: str) -> list[str]:
    """The addresses of all files of readings that are whole, in order. Raises InputError when there are none."""
    folder = Folder(address)
    whole = {name.rpartition("/")[2].removesuffix(".json") for name in folder.names(MARKS)}
    found = [n for n in folder.names(READINGS) if n.endswith(".parquet") and n[len(READINGS) + 1 : -8] in whole]
    if not found:
        raise InputError(
            f"{address} holds no readings: make them with `tadmor read INPUT --engine local --out {address}`"
        )
    return [folder.at(name) for name in found]


def readings(address: str) -> Iterator[Reading | Failure]:
    """All readings and failures of a folder, file by file. Raises InputError when one of the files is damaged."""
    for file in files(address):
        yield from read_file(file)


def read_file(address: str, *, originals: bool = True) -> Iterator[Reading | Failure]:
    """The readings and failures of one file, in their order, with the bytes of the reports unless ``originals`` is off.

    Raises InputError when the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with folders.opened(address) as stream:
        try:
            columns = ["reading", "original"] if originals else ["reading"]
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=100, columns=columns):
                for row in batch.to_pylist():
                    yield _item(json.loads(row["reading"]), row.get("original"))
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{address} is damaged ({str(error)[:200]}): delete it with its mark in {MARKS}/ and run "
                "`tadmor read` again, which reads only that part"
            ) from error


def _item(row: dict[str, Any], original: dict[str, Any] | None) -> Reading | Failure:
    if "error" in row:
        report = row["report"]
        return Failure(report.get("id"), str(report.get("path") or ""), str(row["error"]))
    reading = from_record(row)
    if original is None:
        return reading
    kept = Original(original["data"], original["form"], dict(original["given"] or ()))
    return replace(reading, report=replace(reading.report, original=kept))
