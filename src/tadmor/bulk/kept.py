"""A folder of readings that a run wrote: told from other folders, and read back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, get_args

from tadmor.bulk import folders
from tadmor.bulk.batch import LAYOUT, MARKS, READINGS, RECIPE, Recipe
from tadmor.bulk.folders import Folder
from tadmor.bulk.parts import Form
from tadmor.errors import InputError
from tadmor.model import Failure, Original, Reading
from tadmor.publish.plural import many
from tadmor.record import from_record

_NAME = "corpus.json"
_AT_ONCE = 16  # marks that are asked for side by side: in a storage each costs a way there and back


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
    """The addresses of all files of readings that are whole and of the last run's recipe, in order.

    How many there are of other recipes is said on standard error: a wrong date that a later run mended, say, or an older
    version of the reader. All are taken of a folder whose last run wrote down no digest of its recipe.
    Raises InputError when there are none.
    """
    folder = Folder(address)
    marks = {name.rpartition("/")[2].removesuffix(".json"): name for name in folder.names(MARKS)}
    whole = {n[len(READINGS) + 1 : -8]: n for n in folder.names(READINGS) if n.endswith(".parquet")}
    whole = {name: file for name, file in whole.items() if name in marks}
    current = _current(folder, {name: marks[name] for name in whole})
    passed = len(whole) - len(current)
    others = (
        f"{many(passed, 'file')} of readings by another version of the reader or with other options than its last run"
    )
    if not current:
        but = f" of its last run, but {others}" if passed else ""
        raise InputError(
            f"{address} holds no readings{but}: make them with `tadmor read INPUT --engine local --out {address}`"
        )
    if passed:
        print(f"tadmor: {address}: passed over {others}", file=sys.stderr)
    return [folder.at(file) for name, file in whole.items() if name in current]


def _current(folder: Folder, marks: Mapping[str, str]) -> set[str]:
    """Those of the names whose files were read by the recipe that the folder is described with."""
    try:
        told = json.loads(folder.read(_NAME) or b"{}")
        digest, recipe = told[RECIPE], Recipe(**told["recipe"])
    except (ValueError, KeyError, TypeError):
        return set(marks)

    def fits(name: str) -> bool:
        try:
            mark = json.loads(folder.read(marks[name]) or b"{}")
            # A mark that was written before there were digests shows by its name what it is of.
            return bool(mark[RECIPE] == digest if RECIPE in mark else name in _names(str(mark["digest"]), recipe))
        except (ValueError, KeyError, TypeError):
            return True  # it is damaged, and does not say that the file is of another recipe

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return {name for name, fit in zip(marks, pool.map(fits, marks), strict=True) if fit}


def _names(content: str, recipe: Recipe) -> set[str]:
    return {recipe.named(content, form) for form in get_args(Form)}


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
