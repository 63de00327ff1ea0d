"""Second step: which accounts meet under some of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import sheaves
from tadmor.bulk.incidents.filing import key_schema

if TYPE_CHECKING:
    import pyarrow

Ints = npt.NDArray[np.int64]
_AT_ONCE = 4_000_000  # entries that looks are held against at a time


@dataclass(frozen=True, slots=True)
class Meeting:
    """A task: a bucket of keys, as so many tasks filed it; ``bounds`` are the first tiles of the groups of tiles."""

    bucket: int
    tasks: int
    bounds: tuple[int, ...]
    work: str

    @property
    def name(self) -> str:
        """The name of the sheaf of pairs."""
        return f"met/{self.bucket}"


def pair_schema() -> pyarrow.Schema:
    """Two accounts that met, the one of the lower number first, and their tiles."""
    import pyarrow as pa

    return pa.schema([(name, pa.int64()) for name in ("a", "b", "tile_a", "tile_b")])


def meet(task: Meeting) -> int:
    """Do the task: pairs by the group of tiles of the first of the two; returns how many there are."""
    folder = Folder(task.work)
    if folder.has(task.name):
        return sum(sheaves.index(folder, task.name).values())
    names = [f"filed/{n}.keys" for n in range(task.tasks)]
    table = sheaves.read(folder, names, [task.bucket], key_schema())
    found = np.concatenate([np.empty((0, 4), np.int64), *_pairs(table)])
    found = unique(found)
    groups = np.maximum(0, np.searchsorted(np.asarray(task.bounds), found[:, 2], side="right") - 1)
    tables = {int(g): as_table(found[groups == g]) for g in np.unique(groups)}
    sheaves.write(folder, task.name, tables, pair_schema())
    return len(found)


def unique(pairs: Ints) -> Ints:
    """The rows of a table of pairs, each once, in the order of the pairs."""
    if not len(pairs):
        return pairs
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs = pairs[order]
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = (pairs[1:, :2] != pairs[:-1, :2]).any(1)
    return pairs[fresh]


def as_table(pairs: Ints) -> pyarrow.Table:
    """Rows as a table of :func:`pair_schema`."""
    import pyarrow as pa

    return pa.table([np.ascontiguousarray(pairs[:, n]) for n in range(4)], schema=pair_schema())


def _pairs(table: Any) -> Iterator[Ints]:
    """For each look the entries of its key whose days it takes, as ``blocking.Look.takes`` has it."""
    look = table["look"].to_numpy()
    column = {name: table[name].to_numpy() for name in ("key", "id", "tile", "first", "last")}
    entry = {name: values[~look] for name, values in column.items()}
    asked = {name: values[look] for name, values in column.items()}
    order = np.argsort(entry["key"], kind="stable")
    entry = {name: values[order] for name, values in entry.items()}
    low = np.searchsorted(entry["key"], asked["key"], side="left")
    count = np.searchsorted(entry["key"], asked["key"], side="right") - low
    total = np.cumsum(count)
    at = 0
    while at < len(count):
        base = total[at - 1] if at else 0
        end = max(at + 1, int(np.searchsorted(total, base + _AT_ONCE, side="right")))
        n = count[at:end]
        which = np.repeat(np.arange(at, end), n)
        other = np.repeat(low[at:end], n) + np.arange(len(which)) - np.repeat(np.cumsum(n) - n, n)
        takes = (entry["first"][other] <= asked["last"][which]) & (entry["last"][other] >= asked["first"][which])
        takes &= asked["id"][which] != entry["id"][other]
        which, other = which[takes], other[takes]
        mine, its = asked["id"][which], entry["id"][other]
        here, there = asked["tile"][which], entry["tile"][other]
        swap = mine > its
        yield unique(
            np.stack(
                [
                    np.where(swap, its, mine),
                    np.where(swap, mine, its),
                    np.where(swap, there, here),
                    np.where(swap, here, there),
                ],
                1,
            )
        )
        at = end
