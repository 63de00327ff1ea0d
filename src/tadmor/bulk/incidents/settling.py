"""Fifth step: what hangs together is grouped as ``reconcile.linkage`` does, and each group told as an incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import sheaves
from tadmor.bulk.incidents.comparing import score_schema
from tadmor.bulk.incidents.filing import load
from tadmor.bulk.incidents.joining import member_schema
from tadmor.bulk.incidents.tiles import group_of
from tadmor.model import Account, Incident
from tadmor.publish import parquet
from tadmor.publish.jsonl import line
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile.incidents import incident, order
from tadmor.reconcile.linkage import linkage

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Settling:
    """A task: a group of tiles (``own``), the first tiles of all groups, the number of tasks that filed, where it is written.

    ``reliability`` is as ``reconcile.incidents`` has it.
    """

    group: int
    own: tuple[int, ...]
    bounds: tuple[int, ...]
    tasks: int
    work: str
    out: str
    reliability: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """The name of the file of incidents."""
        return f"incidents/{self.group:06}.parquet"


def schema() -> pyarrow.Schema:
    """The columns of a file of incidents: those of ``tadmor export``, and ``record``, the whole as JSON."""
    import pyarrow as pa

    found = parquet.incident_schema().append(pa.field("record", pa.large_string()))
    return found.with_metadata({"tadmor.incidents": "1"})


def settle(task: Settling) -> int:
    """Do the task; returns how many incidents there are."""
    import pyarrow.parquet as pq

    folder = Folder(task.out)
    if folder.has(task.name):
        from tadmor.bulk import folders

        with folders.opened(folder.at(task.name)) as stream:
            return int(pq.ParquetFile(stream).metadata.num_rows)
    made = sorted(_incidents(task), key=lambda found: order(found[0]))
    rows = (
        parquet.incident_row(one, told) | {"record": line(incident_to_record(one, {a.ref: a for a in told}))}
        for one, told in made
    )
    with folder.writing(task.name) as sink:
        parquet.write(rows, schema(), sink)  # type: ignore[arg-type]
    return len(made)


def _incidents(task: Settling) -> Iterator[tuple[Incident, Sequence[Account]]]:
    work = Folder(task.work)
    members, away = (sheaves.read(work, [f"joined/{task.group}"], [n], member_schema()).to_pydict() for n in (0, 1))
    whole = dict(zip(members["id"], members["whole"], strict=True))
    wanted: dict[int, Collection[int] | None] = dict.fromkeys(task.own)
    abroad: dict[int, set[int]] = defaultdict(set)
    for id, at in zip(members["id"], members["tile"], strict=True):
        if at not in wanted:
            abroad[at].add(id)
    wanted |= abroad
    found = load(task.work, task.tasks, wanted)
    for id in away["id"]:
        found.pop(id, None)
    groups = {group_of(at, task.bounds) for at in members["tile"]} | {task.group}
    scores: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    table: Any = sheaves.read(work, [f"scored/{g}" for g in sorted(groups)], [0], score_schema()).to_pydict()
    for a, b, score in zip(table["a"], table["b"], table["score"], strict=True):
        if whole.get(a, -1) == whole.get(b, -2):
            scores[whole[a]][a, b] = score
    wholes: dict[int, list[int]] = defaultdict(list)
    for id in found:
        wholes[whole.get(id, id)].append(id)
    for number, ids in sorted(wholes.items()):
        for accounts in grouped({id: found[id][1] for id in ids}, scores[number]):
            one = incident(accounts, reliability=task.reliability)
            if one is not None:
                yield one, accounts


def grouped(accounts: Mapping[int, Account], scores: Mapping[tuple[int, int], float]) -> Iterator[list[Account]]:
    """Accounts that hang together in groups of one occurrence each, each in the order of its claims."""
    members = sorted(accounts, key=lambda id: accounts[id].ref)
    if len(members) == 1:
        yield [accounts[members[0]]]
        return
    number = {id: n for n, id in enumerate(members)}
    pairs: dict[tuple[int, int], float] = {}
    for (a, b), score in scores.items():
        i, j = sorted((number[a], number[b]))
        pairs[i, j] = score
    for group in linkage([accounts[id].ref.report for id in members], pairs):
        yield [accounts[members[n]] for n in group]
