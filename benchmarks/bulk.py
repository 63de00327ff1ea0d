"""Reading in parts on two cores against a plain loop over the same Parquet, and incidents in parts against one machine.

    python -m benchmarks.bulk reading [REPORTS] [ENGINE ...]     default: 240 reports; local and, where it is installed, daft
    python -m benchmarks.bulk incidents [DAYS]                   default: 200 days of 50 claims

The reports are made: sentences of a war put together by dice, about 265 words each, as in the table of docs/quality.md. The plain
loop is what a user would write first: one process, the reader free to use all cores, and the readings written as the parts are.
Each engine is given as many processes as there are cores. What an engine needs to start (processes, the reader's weights) is
told by itself: it is paid once a run, however long.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.incidents import war
from tadmor import pipeline
from tadmor.bulk import corpus, parts
from tadmor.bulk.batch import MARKS, READINGS, Recipe, encoded, read_batch
from tadmor.bulk.engines import engine
from tadmor.bulk.folders import Folder
from tadmor.bulk.incidents import run
from tadmor.bulk.kept import describe
from tadmor.reconcile import incidents
from tadmor.reconcile.accounts import accounts

WORDS = 265
TOWNS = (
    "Palmyra Saraqib Manbij Raqqa Azaz Kobani Afrin Jarablus Deraa Hasakah Idlib Hama Homs Qusayr Mayadin Tabqa".split()
)
WHO = (
    "the Syrian Observatory for Human Rights", "a military source", "state media", "residents", "activists", "the mayor",
    "a spokesman for the rebels", "the defence ministry", "the United Nations",
)  # fmt: skip
LINES = (
    "Rebels captured the eastern part of {town} on {day}, {who} said.",
    "Air strikes on a market in {town} killed at least {n} people and wounded {m} others, {who} said.",
    "The army denied on {day} that its troops had withdrawn from {town} after {n} days of fighting.",
    "{n} families fled {town} towards {other} since the shelling began last week, according to {who}.",
    "Islamic State fighters still hold the road between {town} and {other}, {who} told reporters.",
    "Government forces shelled the outskirts of {town} overnight, wounding {m} civilians, two of them children.",
    "A convoy with food and medicine for {m} people reached {town} on {day} for the first time in {n} weeks.",
    "Both sides agreed to a truce in {town} from {day}, {who} reported, but clashes went on near {other}.",
    "The weather was cold and many shops stayed closed, while prices for bread and fuel rose again.",
    "It was not possible to verify these accounts, and {who} gave no further details.",
)
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def reports(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """So many rows of about ``WORDS`` words."""
    dice = random.Random(seed)
    for n in range(count):
        lines: list[str] = []
        while sum(len(line.split()) for line in lines) < WORDS:
            names = dict(zip(("town", "other"), dice.sample(TOWNS, 2), strict=True))
            said = {
                "day": dice.choice(DAYS),
                "who": dice.choice(WHO),
                "n": dice.randint(3, 90),
                "m": dice.randint(4, 400),
            }
            lines.append(dice.choice(LINES).format(**names, **said))
        day = f"201{dice.randint(2, 8)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        yield {"id": f"b{n}", "title": f"Fighting near {dice.choice(TOWNS)}", "text": " ".join(lines), "published": day}


def reading(count: int, engines: list[str], rows: int = 20) -> None:
    """Reports a second by a plain loop and by each engine."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reports.parquet"
        pq.write_table(pa.Table.from_pylist(list(reports(count))), file, row_group_size=200)
        begun = time.perf_counter()
        line = pipeline.default()
        list(read_batch(parts.reports(parts.content(parts.cut(str(file), rows=4)[0])), line))
        start = time.perf_counter() - begun
        begun, spent = time.perf_counter(), time.process_time()
        plain = Folder(f"{folder}/plain")
        for n, part in enumerate(parts.cut(str(file), rows=rows)):
            plain.write(f"{n}.parquet", encoded(list(read_batch(parts.reports(parts.content(part)), line))))
        loop = time.perf_counter() - begun
        cpu = (time.process_time() - spent) / count
        print(
            f"{'plain loop':16} {count / loop:6.2f} reports a second ({loop:.1f} s; to open the reader {start:.1f} s)"
        )
        print(
            f"{'':16} {cpu:6.3f} seconds of a core a report, {1e6 * cpu / 3600:.0f} hours of a core a million",
            flush=True,
        )
        for name in engines:
            made = engine(name)
            begun, spent = time.perf_counter(), _children()
            first: list[float] = []
            done = corpus.read(
                [str(file)],
                f"{folder}/{name}",
                on=made,
                rows=rows,
                recipe=Recipe(),
                tell=lambda _, first=first: first.append(time.perf_counter()) if not first else None,  # type: ignore[misc]
            )
            took = time.perf_counter() - begun
            assert (done.reports, done.given_up) == (count, ())
            # The first part of each process is in the time to start; the rest is what a long run is made of.
            steady = (count - rows) / (took - (first[0] - begun))
            print(
                f"{name:16} {count / took:6.2f} reports a second ({took:.1f} s; first part after {first[0] - begun:.1f} s), "
                f"then {steady:.2f} · {loop / took:.2f} times the loop, {steady * loop / count:.2f} once started"
            )
            print(
                f"{'':16} {(_children() - spent) / count:6.3f} seconds of a core a report, starting included",
                flush=True,
            )


def _children() -> float:
    """Seconds of a core that processes which have ended took; Daft keeps its own, and they are not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def joined(days: int, towns: int = 250) -> None:
    """Incidents in parts and on one machine: the same, how long, and how many accounts are read more than once."""
    readings = list(war(days, towns=towns))
    with tempfile.TemporaryDirectory() as folder:
        kept = Folder(f"{folder}/readings")
        describe(kept, {})
        for n in range(0, len(readings), 100):
            kept.write(f"{READINGS}/{n:07}.parquet", encoded(readings[n : n + 100]))
            kept.write(f"{MARKS}/{n:07}.json", b"{}")
        begun = time.perf_counter()
        steps: dict[str, float] = {}

        def tell(step: str, *_: int) -> None:
            steps[step] = time.perf_counter() - begun

        found = run.incidents(kept.address, f"{folder}/out", jobs=1, files=4, size=10_000, keys=10_000, tell=tell)
        took = time.perf_counter() - begun
        print(
            f"in parts: {found.incidents} incidents of {found.accounts} accounts in {found.groups} groups of {found.tiles} "
            f"tiles, {found.pairs} pairs ({found.pairs / found.accounts:.1f} an account), {took:.1f} s on one core"
        )
        last = 0.0
        for step, at in steps.items():
            print(f"    {step:12} {at - last:6.1f} s")
            last = at
        print(f"    peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        begun = time.perf_counter()
        whole = incidents([a for r in readings for a in accounts(r)])
        print(f"on one machine: {len(whole)} incidents, {time.perf_counter() - begun:.1f} s on one core")
        assert {i.id for i in whole} == {r["id"] for r in run.records(f"{folder}/out")}


def installed(name: str) -> bool:
    """Whether an engine's library is there."""
    import importlib.util

    return importlib.util.find_spec(name) is not None


if __name__ == "__main__":
    what, *given = sys.argv[1:] or ["reading"]
    if what == "reading":
        named = given[1:] or ["local", *(n for n in ("daft",) if installed(n))]
        reading(int(given[0]) if given else 240, named)
    else:
        joined(int(given[0]) if given else 200)
