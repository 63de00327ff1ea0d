"""Third step: the scores of the pairs whose first account is in some tiles, and what hangs together by them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import sheaves
from tadmor.bulk.incidents.filing import load
from tadmor.bulk.incidents.joining import forest
from tadmor.bulk.incidents.meeting import as_table, pair_schema, unique
from tadmor.reconcile.linkage import LINK
from tadmor.reconcile.similarity import likeness
from tadmor.reconcile.traits import traits

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Comparing:
    """A task: a group of tiles, with the numbers of tasks that filed and of buckets of keys."""

    group: int
    tasks: int
    buckets: int
    work: str


def score_schema() -> pyarrow.Schema:
    """A pair of accounts and its score, above 0."""
    import pyarrow as pa

    return pa.schema([("a", pa.int64()), ("b", pa.int64()), ("score", pa.float64())])


def compare(task: Comparing) -> int:
    """Do the task; returns how many pairs were compared. Scores go to ``scored``, what hangs together to ``linked``."""
    import pyarrow as pa

    folder = Folder(task.work)
    done = f"linked/{task.group}"
    names = [f"met/{n}" for n in range(task.buckets)]
    table = sheaves.read(folder, names, [task.group], pair_schema())
    pairs = unique(np.stack([table[name].to_numpy() for name in ("a", "b", "tile_a", "tile_b")], 1))
    if folder.has(done):  # written last
        return len(pairs)
    wanted: dict[int, set[int]] = defaultdict(set)
    for a, b, here, there in pairs.tolist():
        wanted[here].add(a)
        wanted[there].add(b)
    items = {id: traits(account) for id, (_, account) in load(task.work, task.tasks, wanted).items()}
    scores = np.fromiter((likeness(items[a], items[b]) for a, b, _, _ in pairs.tolist()), float, len(pairs))
    some = scores > 0
    told = pa.table([pairs[some, 0], pairs[some, 1], scores[some]], schema=score_schema())
    sheaves.write(folder, f"scored/{task.group}", {0: told}, score_schema())
    sheaves.write(folder, done, {0: as_table(forest(pairs[scores >= LINK]))}, pair_schema())
    return len(pairs)
