"""The steps in a row: the incidents of a folder of readings, on any engine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tadmor.bulk import folders, kept
from tadmor.bulk.engines import TRIES, Engine, Trial, engine, finish
from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import tiles
from tadmor.bulk.incidents.comparing import Comparing, compare
from tadmor.bulk.incidents.filing import Filing, file
from tadmor.bulk.incidents.joining import join
from tadmor.bulk.incidents.meeting import Meeting, meet
from tadmor.bulk.incidents.settling import Settling, settle
from tadmor.errors import InputError, TadmorError
from tadmor.reconcile.days import FAR, span
from tadmor.reconcile.method import method

FILES = 8  # of readings, in a task: some 4,000 reports
KEYS = 50_000  # accounts for each bucket of keys
SIZE = 20_000  # accounts in a group of tiles
LAYOUT = 1

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a run: reports and accounts of occurrences that went in, pairs compared, incidents that came out."""

    reports: int
    accounts: int
    pairs: int
    incidents: int
    tiles: int
    groups: int


def incidents(
    readings: str,
    out: str,
    *,
    on: str | Engine = "local",
    jobs: int | None = None,
    reliability: Mapping[str, str] | None = None,
    files: int = FILES,
    keys: int = KEYS,
    size: int = SIZE,
    tries: int = TRIES,
    pause: float = 1.0,
    tell: Tell | None = None,
) -> Found:
    """The incidents of the readings that ``tadmor read --out`` kept, written as Parquet below ``out``/incidents.

    They are those that ``reconcile.incidents`` makes of all accounts at once. Of reports with one id the latest published is
    told (of one day, that of the greatest text hash). ``tell`` is given the step and how many of how many tasks of it are done.
    What is finished of a run that was broken off is not made again. Raises InputError when there are no readings, or a file is
    damaged; TadmorError when a task failed ``tries`` times: then nothing is left out silently, and the rest of the work is kept.
    """
    runner = engine(on, jobs) if isinstance(on, str) else on
    addresses = kept.files(readings)
    chosen = _chosen(addresses)
    stamp = json.dumps([LAYOUT, method(), addresses, files, keys, size, sorted((reliability or {}).items())])
    target, work = Folder(out), f"{out.rstrip('/')}/work-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"
    if target.names("incidents") and (target.read("incidents.json") or b"").decode() != stamp:
        raise InputError(f"{out} holds incidents of other readings: name another folder with --out, or delete it first")
    target.write("incidents.json", stamp.encode())

    def do(step: str, act: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
        done: dict[int, Any] = {}
        for got in finish(runner, act, tasks, tries=tries, pause=pause):
            if isinstance(got, Trial):
                if got.last:
                    raise TadmorError(f"{step}: task {got.index} failed {got.tries} times: {got.error}")
                continue
            done[got[0]] = got[1]
            if tell:
                tell(step, len(done), len(tasks))
        return [done[n] for n in range(len(tasks))]

    buckets = max(1, -(-chosen.claims // keys))
    several = [addresses[n : n + files] for n in range(0, len(addresses), files)]
    passed = chosen.passed
    tasks = [
        Filing(n, tuple((a, frozenset(passed.get(a, ()))) for a in some), buckets, work)
        for n, some in enumerate(several)
    ]
    counts: Counter[int] = Counter()
    for held in do("filing", file, tasks):
        counts.update(held)
    bounds = tuple(tiles.grouped(counts, size))
    met = do("meeting", meet, [Meeting(n, len(tasks), bounds, work) for n in range(buckets)]) if counts else []
    compared = do("comparing", compare, [Comparing(g, len(tasks), buckets, work) for g in range(len(bounds))])
    if tell:
        tell("joining", 0, 1)
    join(work, bounds)
    own: list[list[int]] = [[] for _ in bounds]
    for at in sorted(counts):
        own[tiles.group_of(at, bounds)].append(at)
    letters = dict(reliability) if reliability else None
    told = [Settling(g, tuple(own[g]), bounds, len(tasks), work, out, letters) for g in range(len(bounds))]
    made = do("settling", settle, told)
    assert sum(compared) <= sum(met)
    target.clear(work.rpartition("/")[2])
    return Found(chosen.reports, sum(counts.values()), sum(compared), sum(made), len(counts), len(bounds))


def records(out: str) -> Iterator[dict[str, Any]]:
    """The incidents below a folder as records of the format, in the order in which `tadmor incidents` lists them.

    Raises InputError when there are none, or a file is damaged.
    """
    yield from sorted(_records(out), key=_order)


def _records(out: str) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Folder(out)
    if folder.read("incidents.json") is None:
        raise InputError(
            f"{out} holds no incidents: make them with `tadmor incidents --engine local --readings DIR --out {out}`"
        )
    for name in folder.names("incidents"):
        with folders.opened(folder.at(name)) as stream:
            try:
                for cell in pq.read_table(stream, columns=["record"])["record"].to_pylist():
                    yield json.loads(cell)
            except (pa.ArrowException, OSError) as error:
                raise InputError(
                    f"{folder.at(name)} is damaged ({str(error)[:200]}): delete it and run again"
                ) from error


def _order(record: Mapping[str, Any]) -> tuple[int, str]:
    days = span(record["date"])
    return (days[0] if days[0] > 1 else days[1]) if days else FAR + 1, record["id"]


@dataclass(frozen=True, slots=True)
class _Chosen:
    reports: int
    claims: int
    passed: Mapping[str, Sequence[int]]  # rows by file that are told by another file, or an earlier row


def _chosen(addresses: Sequence[str]) -> _Chosen:
    """Which rows tell each report. Only short columns are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    best: dict[str, tuple[str, str, int, int]] = {}
    passed: dict[str, list[int]] = {}
    claims = 0
    for number, address in enumerate(addresses):
        with folders.opened(address) as stream:
            try:
                table = pq.read_table(stream, columns=["id", "published", "text_hash", "error", "claims"]).to_pydict()
            except (pa.ArrowException, OSError) as error:
                raise InputError(
                    f"{address} is damaged ({str(error)[:200]}): delete it and run `tadmor read` again"
                ) from error
        for row, (id, published, text, fault) in enumerate(
            zip(*(table[name] for name in ("id", "published", "text_hash", "error")), strict=True)
        ):
            if fault is not None:
                continue
            claims += table["claims"][row]
            mine, other = (published or "", text, number, row), best.get(id)
            if other is None:
                best[id] = mine
            elif mine[:2] > other[:2]:
                passed.setdefault(addresses[other[2]], []).append(other[3])
                best[id] = mine
            else:
                passed.setdefault(address, []).append(row)
    return _Chosen(len(best), claims, passed)
