"""First step: the accounts of some files of readings, sorted into tiles, and the keys under which each is filed."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import sheaves
from tadmor.bulk.incidents.tiles import tile
from tadmor.bulk.kept import read_file
from tadmor.ledger.rows import account_of, context_of
from tadmor.model import Account, Failure
from tadmor.reconcile.accounts import accounts
from tadmor.reconcile.blocking import entries, looks
from tadmor.reconcile.incidents import occurrence
from tadmor.record import claim_to_record

if TYPE_CHECKING:
    import pyarrow

_TASK = 32  # bits of an account's number that count within a task


@dataclass(frozen=True, slots=True)
class Filing:
    """A task: files of readings, each with the rows that another file tells better, and how many buckets of keys there are."""

    number: int
    files: tuple[tuple[str, frozenset[int]], ...]
    buckets: int
    work: str

    def name(self, what: str) -> str:
        """The name of the sheaf of accounts or of keys."""
        return f"filed/{self.number}.{what}"


def account_schema() -> pyarrow.Schema:
    """An account: its number in the corpus, its tile, and itself as JSON."""
    import pyarrow as pa

    return pa.schema([("id", pa.int64()), ("tile", pa.int64()), ("record", pa.large_string())])


def key_schema() -> pyarrow.Schema:
    """An entry or a look of an account (``reconcile.blocking``): ordinals of days, inclusive."""
    import pyarrow as pa

    whole = pa.int64()
    return pa.schema(
        [
            ("key", whole),
            ("id", whole),
            ("tile", whole),
            ("look", pa.bool_()),
            ("first", pa.int32()),
            ("last", pa.int32()),
        ]
    )


def file(task: Filing) -> dict[int, int]:
    """Do the task; returns how many accounts each tile has."""
    folder = Folder(task.work)
    if folder.has(task.name("keys")):  # written last
        return sheaves.index(folder, task.name("accounts"))
    import pyarrow as pa

    tiles: dict[int, list[tuple[int, str]]] = defaultdict(list)
    keys: dict[int, _Keys] = defaultdict(_Keys)
    number = task.number << _TASK
    for account in _accounts(task.files):
        item = occurrence(account)
        if item is None:
            continue
        at = tile(item)
        tiles[at].append((number, to_json(account)))
        for entry in entries(item):
            keys[entry.key % task.buckets].add(entry.key, number, at, False, entry.first, entry.last)
        for look in looks(item):
            keys[look.key % task.buckets].add(look.key, number, at, True, look.since, look.until)
        number += 1
    told = {at: _account_table(at, rows) for at, rows in tiles.items()}
    sheaves.write(folder, task.name("accounts"), told, account_schema())
    filed = {bucket: pa.table(found.columns(), schema=key_schema()) for bucket, found in keys.items()}
    sheaves.write(folder, task.name("keys"), filed, key_schema())
    return {at: len(rows) for at, rows in tiles.items()}


class _Keys:
    """Columns of :func:`key_schema`, grown row by row without an object for each."""

    def __init__(self) -> None:
        self._columns = [array("q"), array("q"), array("q"), array("b"), array("i"), array("i")]

    def add(self, *row: int) -> None:
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)

    def columns(self) -> list[Any]:
        import numpy as np

        found: list[Any] = [np.frombuffer(column, dtype=column.typecode) for column in self._columns]
        found[3] = found[3].astype(bool)
        return found


def _account_table(at: int, rows: list[tuple[int, str]]) -> pyarrow.Table:
    import pyarrow as pa

    ids, records = zip(*rows, strict=True)
    return pa.table([ids, [at] * len(rows), records], schema=account_schema())


def _accounts(files: Collection[tuple[str, Collection[int]]]) -> Iterator[Account]:
    for address, passed in files:
        for row, item in enumerate(read_file(address, originals=False)):
            if not isinstance(item, Failure) and row not in passed:
                yield from accounts(item)


def to_json(account: Account) -> str:
    """An account as JSON."""
    told = [account.ref.report, account.title, account.publisher, account.published, account.known]
    return json.dumps([claim_to_record(account.claim), context_of(account), *told])


def from_json(record: str) -> Account:
    """The account that :func:`to_json` wrote."""
    claim, context, *told = json.loads(record)
    return account_of(claim, context, *told)


def load(work: str, tasks: int, wanted: Mapping[int, Collection[int] | None]) -> dict[int, tuple[int, Account]]:
    """Accounts by number, each with its tile: of each tile all (None), or those of these numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [f"filed/{n}.accounts" for n in range(tasks)]
    table = sheaves.read(Folder(work), names, wanted, account_schema())
    whole = [at for at, ids in wanted.items() if ids is None]
    some = [i for ids in wanted.values() if ids is not None for i in ids]
    kept = pc.or_(
        pc.is_in(table["tile"], pa.array(whole, pa.int64())), pc.is_in(table["id"], pa.array(some, pa.int64()))
    )
    rows = table.filter(kept)
    columns = (rows[name].to_pylist() for name in ("id", "tile", "record"))
    return {id: (at, from_json(record)) for id, at, record in zip(*columns, strict=True)}
