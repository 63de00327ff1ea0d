"""Sheaves: files in which tables lie side by side under whole numbers, so that each can be read without the others.

An Arrow file with a record batch for each number, in order; which numbers, and how many rows each has, is in its schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tadmor.bulk import folders
from tadmor.bulk.folders import Folder
from tadmor.errors import InputError

if TYPE_CHECKING:
    import pyarrow

_INDEX = b"tadmor.sheaf"


def write(folder: Folder, name: str, tables: Mapping[int, pyarrow.Table], schema: pyarrow.Schema) -> None:
    """Write tables of one schema under their numbers; those without rows are left out."""
    import pyarrow as pa

    held = {number: tables[number] for number in sorted(tables) if tables[number].num_rows}
    index = json.dumps([[number, table.num_rows] for number, table in held.items()])
    schema = schema.with_metadata({_INDEX: index.encode()})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with folder.writing(name) as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
        for table in held.values():
            writer.write_batch(table.combine_chunks().to_batches()[0].cast(schema))


def index(folder: Folder, name: str) -> dict[int, int]:
    """The numbers of a sheaf, each with how many rows its table has. Raises InputError when the sheaf is damaged."""
    with folders.opened(folder.at(name)) as stream:
        return _index(_opened(stream, folder.at(name)))


def read(folder: Folder, names: Iterable[str], numbers: Iterable[int], schema: pyarrow.Schema) -> pyarrow.Table:
    """The tables of these numbers from several sheaves, one below the other. Raises InputError when one is damaged."""
    import pyarrow as pa

    wanted = sorted(set(numbers))
    batches: list[Any] = []
    for name in names:
        with folders.opened(folder.at(name)) as stream:
            file = _opened(stream, folder.at(name))
            at = {number: n for n, number in enumerate(_index(file))}
            try:
                batches += [file.get_batch(at[number]) for number in wanted if number in at]
            except (pa.ArrowException, OSError) as error:
                raise InputError(_damaged(folder.at(name), error)) from error
    tables = [pa.Table.from_batches([batch]).replace_schema_metadata(None) for batch in batches]
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _opened(stream: Any, address: str) -> Any:
    import pyarrow as pa

    try:
        return pa.ipc.open_file(stream)
    except (pa.ArrowException, OSError) as error:
        raise InputError(_damaged(address, error)) from error


def _index(file: Any) -> dict[int, int]:
    return {int(number): int(rows) for number, rows in json.loads(file.schema.metadata[_INDEX])}


def _damaged(address: str, error: Exception) -> str:
    return f"{address} is damaged ({str(error)[:200]}): delete it and run the same command again, which makes it anew"
