"""Adding one report to a ledger of 10,000 and of 100,000 claims, and making the incidents of the larger one from nothing.

The claims are made: a war of so many days, 50 claims a day by reports of ten claims each, of which several tell of each
occurrence in words of their own; some give no day, a month or no place that is known. A larger ledger is a longer war, as with
records that grow. Ratios of one run are the figures, not seconds.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tadmor.ledger import Store, tables
from tadmor.model import Attribution, Claim, Count, Mention, ReaderInfo, Reading, Report, Source, Span
from tadmor.reconcile import wording

READER = ReaderInfo("made", "1")
FIRST = dt.date(2012, 1, 1)
CLAIMS, REPORTS = 10, 5  # claims a report, reports a day
TYPES = (
    "air_strike shelling bombing armed_clash casualties territory_taken advance attack_repelled siege displacement "
    "agreement talks accusation"
).split()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An occurrence: what, where (number of the town), when, in which words."""

    kind: str
    town: int
    day: dt.date
    words: tuple[str, ...]
    killed: int


def war(days: int, seed: int = 1, towns: int = 250) -> Iterator[Reading]:
    """The reports of so many days, in their order."""
    rng = random.Random(seed)
    table = wording._rarity()
    vocabulary, common = list(table), [2.718**-value for value in table.values()]
    often = [1 / (n + 3) for n in range(towns)]  # a few towns are most of the war
    for n in range(days):
        day = FIRST + dt.timedelta(days=n)
        occurrences = [
            Told(rng.choice(TYPES), town, day, tuple(rng.choices(vocabulary, common, k=9)), rng.randint(0, 40))
            for town in rng.choices(range(towns), often, k=REPORTS * CLAIMS // 3)
        ]
        for report in range(REPORTS):
            yield _report(rng, f"d{n}.{report}", day, rng.choices(occurrences, k=CLAIMS), vocabulary, common)


def _report(
    rng: random.Random, id: str, day: dt.date, told: list[Told], vocabulary: list[str], common: list[float]
) -> Reading:
    text = f"News of {day} {id}\n"
    mentions: list[Mention] = []
    claims: list[Claim] = []
    for n, one in enumerate(told):
        words = [w if rng.random() < 0.6 else rng.choices(vocabulary, common)[0] for w in one.words]
        town = f"Town{chr(97 + one.town % 26)}{one.town}"
        start = len(text)
        line = f"{' '.join(words)} in {town}"
        text += f"{line}.\n"
        at = start + len(line) - len(town)
        resolved = rng.random() < 0.9
        place = (f"geonames:{one.town}", 33.0 + one.town % 16 * 0.2, 36.0 + one.town // 16 * 0.3, "SY")
        entity, lat, lon, country = place if resolved else (None, None, None, None)
        mentions.append(
            Mention(
                f"m{n}", at, at + len(town), town, "place", entity=entity, name=town, lat=lat, lon=lon, country=country
            )
        )
        dates = (str(one.day), f"{one.day:%Y-%m}", None)
        claims.append(
            Claim(
                f"c{n}",
                one.kind,
                "asserted",
                start,
                start + len(line),
                line,
                sources=(("a0",),) if n % 2 else (),
                source_names=(("the monitor",),) if n % 2 else (),
                places=(f"m{n}",),
                place_names=(town,),
                date=rng.choices(dates, (8, 1, 1))[0],
                counts=(Count("killed", one.killed, one.killed),) if one.killed > 20 else (),
            )
        )
    text += "the monitor said"
    at = len(text) - len("the monitor said")
    source = Source(at, at + 11, "the monitor", "the monitor", None, None, False, "monitor", None)
    said = (Attribution("a0", source, Span(at + 12, at + 16, "said"), ()),)
    report = Report(
        id,
        text,
        publisher=f"Wire {rng.randint(1, 9)}",
        published=str(day + dt.timedelta(days=1)),
        published_basis="metadata",
    )
    return Reading(report, READER, tuple(mentions), said, tuple(claims), (), ())


def measure(small: int = 10_000, large: int = 100_000, reports: int = 40) -> dict[str, float]:
    """The median time to add a report to the larger ledger, as a ratio to the smaller; all incidents from nothing.

    Reports are added to the two in turn, so that whatever else the machine does falls on both.
    """
    out: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as opened:
        stores: list[tuple[str, Store, list[Reading]]] = []
        for name, claims in (("small", small), ("large", large)):
            days = claims // (CLAIMS * REPORTS)
            readings = war(days + reports // REPORTS)
            path = Path(folder) / f"{name}.db"
            with Store(path) as store:
                # As a ledger of an earlier version: the incidents are made all at once, on first use.
                with store._engine.begin() as connection:
                    connection.execute(tables.state.insert().values(name="incidents", value="none"))
                for reading in itertools.islice(readings, days * REPORTS):
                    store.add(reading)
                begin, spent = time.perf_counter(), time.process_time()
                found = sum(1 for _ in store.incidents())
                out[f"{name}_from_nothing_seconds"] = time.perf_counter() - begin
                out[f"{name}_from_nothing_cpu_seconds"] = time.process_time() - spent
                begin = time.perf_counter()
                kept = sum(1 for _ in store.incidents())
                out[f"{name}_kept_seconds"] = time.perf_counter() - begin
                assert kept == found
            out[f"{name}_incidents"] = found
            out[f"{name}_megabytes"] = sum(f.stat().st_size for f in Path(folder).glob(f"{name}.db*")) / 1e6
            stores.append((name, opened.enter_context(Store(path)), list(readings)))
        taken: dict[str, list[tuple[float, float]]] = {"small": [], "large": []}
        for n in range(reports):
            for name, store, left in stores:
                begin, spent = time.perf_counter(), time.process_time()
                store.add(left[n])
                taken[name].append((time.perf_counter() - begin, time.process_time() - spent))
    for name, times in taken.items():
        out[f"{name}_add_first_ms"] = 1000 * times[0][0]
        out[f"{name}_add_median_ms"] = 1000 * statistics.median(wall for wall, _ in times)
        out[f"{name}_add_median_cpu_ms"] = 1000 * statistics.median(cpu for _, cpu in times)
    for unit in ("ms", "cpu_ms"):
        out[f"add_large_to_small_{unit}"] = out[f"large_add_median_{unit}"] / out[f"small_add_median_{unit}"]
    out["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return out


if __name__ == "__main__":
    for title, figure in measure(*(int(n) for n in sys.argv[1:])).items():
        print(f"{title:32} {figure:.3f}")
