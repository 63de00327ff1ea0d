"""What ``tadmor control --join`` does: a table of places and days in, the same table with who held each place out."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from tadmor import edtf
from tadmor.cli.output import whole
from tadmor.errors import InputError

if TYPE_CHECKING:
    from tadmor import Ledger

_ADDED = ("holder", "status", "since", "credibility", "sources", "claims")


def join(
    ledger: Ledger, points: Path, form: str, known_at: str | None, according_to: str | None, output: Path | None
) -> None:
    """Write the rows of the file with their answers; how many have none, and why, is told at the end.

    Raises InputError for a file that cannot be read or has no such columns.
    """
    from tadmor.gather.rows import delimiter
    from tadmor.publish import csv_, jsonl

    if output is not None and output.exists() and output.samefile(points):
        raise click.UsageError(f"--output would write over {points} while it is read: give another file")
    with ExitStack() as files:
        try:
            source = files.enter_context(points.open(encoding="utf-8-sig", newline=""))
            head = source.readline()  # put back by chaining: what comes through a pipe cannot be read twice
            reader = csv.DictReader(chain([head], source), delimiter=delimiter(head))
            columns = list(reader.fieldnames or ())
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{points} cannot be read: {error}") from error
        missing = [c for c in ("place", "on") if c not in columns]
        if missing:
            raise InputError(f"{points} has no column {' and '.join(missing)}; it has {', '.join(columns) or 'none'}")
        tally = _Tally()
        rows = tally.of(ledger.join(_read(reader, points), known_at=known_at, according_to=according_to))
        stream = files.enter_context(written(output))
        if form == "csv":
            csv_.write_rows((_flat(r) for r in rows), columns + [c for c in _ADDED if c not in columns], stream)
        else:
            for row in rows:  # thousands a second: not flushed one by one
                stream.write(jsonl.line(row) + "\n")
    if note := tally.note():
        click.echo(note, err=True)


class _Tally:
    """Rows without an answer, by what they lack."""

    def __init__(self) -> None:
        self.rows = 0
        self.lacking: Counter[str] = Counter()

    def of(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows as they are, counted as they pass."""
        for row in rows:
            self.rows += 1
            if row["status"] == "unknown":
                self.lacking[_reason(row)] += 1
            yield row

    def note(self) -> str | None:
        """One line, with the commonest reason first; None where every row has an answer."""
        if not self.lacking:
            return None
        number = sum(self.lacking.values())
        why = ", ".join(f"{n:,} {reason}" for reason, n in self.lacking.most_common())
        return f"{number:,} of {self.rows:,} rows {'has' if number == 1 else 'have'} no answer: {why}"


def _reason(row: dict[str, Any]) -> str:
    on = str(row.get("on") or "")
    if not on.strip():
        return "without a day"
    if not edtf.valid(on):
        return "with a day that cannot be read"
    if not str(row.get("place") or "").strip() and not (row.get("lat") and row.get("lon")):
        return "without a place"
    return "of which nobody says who held the place then"


def _read(rows: Iterable[dict[str, Any]], points: Path) -> Iterator[dict[str, Any]]:
    """The rows of the file. Raises InputError where it cannot be read on."""
    try:
        yield from rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{points} cannot be read: {error}") from error


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "sources": "; ".join(row["sources"]),
        "claims": "; ".join(f"{c['report']}:{c['claim']}" for c in row["claims"]),
    }


@contextmanager
def written(output: Path | None) -> Iterator[TextIO]:
    """The file, or standard output. Lone surrogates, which UTF-8 cannot carry, are written as question marks."""
    if output is None:
        yield sys.stdout
        return
    try:
        with whole(output) as path, path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            yield stream
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror or error}") from error
