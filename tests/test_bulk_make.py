"""What the tests of reading in parts share: made reports as Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TOWNS = ("Palmyra", "Saraqib", "Manbij", "Raqqa", "Azaz", "Kobani", "Afrin", "Jarablus")
DEEDS = (
    "Rebels captured {town} on Sunday, residents said.",
    "Air strikes on {town} killed at least {n} people on Friday, a monitor said.",
    "The army denied that its troops had withdrawn from {town}.",
)


def rows(count: int, first: int = 0) -> list[dict[str, object]]:
    """So many rows of reports, each of three sentences of its own."""
    return [
        {
            "id": f"made-{n}",
            "title": f"Fighting at {TOWNS[n % len(TOWNS)]}",
            "text": " ".join(d.format(town=TOWNS[n % len(TOWNS)], n=n + 3) for d in DEEDS),
            "published": f"2016-12-{1 + n % 28:02}",
            "publisher": "Northern Agency",
            "url": None,
        }
        for n in range(first, first + count)
    ]


def parquet(path: Path, given: list[dict[str, object]], group: int = 1000) -> Path:
    """The rows as a Parquet file, so many in a row group."""
    pq.write_table(pa.Table.from_pylist(given), path, row_group_size=group)
    return path
