"""How many reports inputs hold, told without reading them, so that progress can say how long it still takes."""

from __future__ import annotations

import csv
import gzip
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from tadmor.gather import forms
from tadmor.gather.fetch import is_url


def amount(inputs: Sequence[str]) -> int | None:
    """The number of reports in files, folders and addresses; None when that cannot be told without reading them.

    Raises OSError and others for what cannot be opened: whoever reads it says so.
    """
    total = 0
    for name in inputs:
        number = _of(name)
        if number is None:
            return None
        total += number
    return total


def _of(name: str) -> int | None:
    if name == "-":
        return None
    if is_url(name):
        return 1
    path = Path(name)
    if not path.is_dir():
        return _of_file(path)
    total = 0
    for folder, folders, files in os.walk(path):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for file in files:
            if not file.startswith(".") and forms.form_of(file) is not None:
                number = _of_file(Path(folder) / file)
                if number is None:
                    return None
                total += number
    return total


def _of_file(path: Path) -> int | None:
    form = forms.form_of(path.name)
    if form in forms.PARQUET:
        from pyarrow import parquet

        return int(parquet.read_metadata(path).num_rows)
    if form in (*forms.MBOX, *forms.WARC, *forms.WACZ):
        return None  # what in them is a report, reading alone can tell
    if form not in (*forms.JSONL, *forms.CSV):
        return 1
    with path.open("rb") as plain:
        stream: BinaryIO = gzip.GzipFile(fileobj=plain) if path.suffix == ".gz" else plain  # type: ignore[assignment]
        if form in forms.JSONL:
            return sum(1 for line in stream if line.strip())
        csv.field_size_limit(max(csv.field_size_limit(), min(sys.maxsize, 2**31 - 1)))
        rows = csv.reader(io.TextIOWrapper(stream, "utf-8", errors="replace", newline=""))
        return max(sum(1 for row in rows if row) - 1, 0)
