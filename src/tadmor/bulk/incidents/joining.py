"""Fourth step: what hangs together over the whole corpus, of what hangs together in each group of tiles.

This is the one step that is not cut into tasks: two numbers for each account that hangs together with another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import sheaves
from tadmor.bulk.incidents.meeting import Ints, pair_schema

if TYPE_CHECKING:
    import pyarrow


def member_schema() -> pyarrow.Schema:
    """An account with its tile and the number of what it hangs together with: the lowest among the accounts of that."""
    import pyarrow as pa

    return pa.schema([(name, pa.int64()) for name in ("id", "tile", "whole")])


def components(a: Ints, b: Ints, n: int) -> Ints:
    """For each of ``n`` points the lowest that it hangs together with, by edges between ``a`` and ``b``."""
    label = np.arange(n)
    while len(a):
        low = np.minimum(label[a], label[b])
        fresh = label.copy()
        np.minimum.at(fresh, label[a], low)
        np.minimum.at(fresh, label[b], low)
        while not np.array_equal(fresh, further := fresh[fresh]):
            fresh = further
        if np.array_equal(fresh, label):
            break
        label = fresh
    return label


def forest(pairs: Ints) -> Ints:
    """As few of the pairs (a, b and their tiles), or pairs like them, as keep together what all of them do."""
    if not len(pairs):
        return pairs
    ids, at = np.unique(pairs[:, :2], return_inverse=True)
    at = at.reshape(-1, 2)
    tiles = np.empty(len(ids), np.int64)
    tiles[at[:, 0]], tiles[at[:, 1]] = pairs[:, 2], pairs[:, 3]
    label = components(at[:, 0], at[:, 1], len(ids))
    rest = np.flatnonzero(label != np.arange(len(ids)))
    first = label[rest]
    return np.stack([ids[first], ids[rest], tiles[first], tiles[rest]], 1)


def join(work: str, bounds: tuple[int, ...]) -> None:
    """Write, for each group of tiles, what is settled there and what is not.

    ``joined/G`` has under 0 the members of wholes whose lowest account lies in the group, wherever they lie; under 1 accounts
    of the group that are settled in another. What is in neither hangs together with nothing.
    """
    folder = Folder(work)
    names = [f"linked/{g}" for g in range(len(bounds))]
    table = sheaves.read(folder, names, [0], pair_schema())
    pairs = np.stack([table[name].to_numpy() for name in ("a", "b", "tile_a", "tile_b")], 1)
    ids, at = np.unique(pairs[:, :2], return_inverse=True)
    at = at.reshape(-1, 2)
    tiles = np.empty(len(ids), np.int64)
    tiles[at[:, 0]], tiles[at[:, 1]] = pairs[:, 2], pairs[:, 3]
    label = components(at[:, 0], at[:, 1], len(ids))
    group = np.maximum(0, np.searchsorted(np.asarray(bounds), tiles, side="right") - 1) if len(bounds) else tiles
    home = group[label]
    rows = np.stack([ids, tiles, ids[label]], 1)
    for g in range(len(bounds)):
        tables = {0: _table(rows[home == g]), 1: _table(rows[(group == g) & (home != g)])}
        sheaves.write(folder, f"joined/{g}", tables, member_schema())


def _table(rows: Ints) -> pyarrow.Table:
    import pyarrow as pa

    return pa.table([np.ascontiguousarray(rows[:, n]) for n in range(3)], schema=member_schema())
