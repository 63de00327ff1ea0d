"""``tadmor control``: who held a place, according to whom; or for a whole table of places and days."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import click

from tadmor.cli import options


@click.command("control")
@click.argument("place", required=False)
@options.ledger
@click.option("--on", type=options.DATE, help="Only who held it on this day.")
@click.option("--according-to", metavar="NAME", help="As this source alone tells it.")
@click.option("--known-at", type=options.DATE, help="As it was known on this day: later reports are left out.")
@click.option(
    "--join",
    "points",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV with columns place and on (id, country, lat, lon when there).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="Form of the output: table or json for one place, jsonl or csv with --join.",
)
def command(
    place: str | None,
    ledger_path: Path,
    on: str | None,
    according_to: str | None,
    known_at: str | None,
    points: Path | None,
    form: str | None,
) -> None:
    """Who held PLACE, from when to when, according to whom, and what speaks against it."""
    from tadmor.api import Ledger

    if (place is None) == (points is None):
        raise click.UsageError("give a place, or --join FILE for many")
    with Ledger(options.existing(ledger_path)) as ledger:
        if points is not None:
            if form not in (None, "jsonl", "csv"):
                raise click.UsageError("--join prints jsonl or csv")
            _join(ledger, points, form or "jsonl", known_at, according_to)
            return
        assert place is not None
        if form not in (None, "table", "json"):
            raise click.UsageError("one place is printed as table or json")
        _one(ledger, place, form or "table", on, according_to, known_at)


def _one(ledger: Any, place: str, form: str, on: str | None, according_to: str | None, known_at: str | None) -> None:
    import json

    from tadmor.publish import tables, wire

    found = ledger.control(place, on=on, according_to=according_to, known_at=known_at)
    if form == "json":
        row = {
            "place": wire.place_to_record(found.place),
            "intervals": [wire.interval_to_record(i, found.accounts) for i in found.items],
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
    else:
        name = found.place.name if found.place.name == place else f"{place} ({found.place.name})"
        tables.console(sys.stdout).print(
            tables.control_view(name + (f" on {on}" if on else ""), found.items, found.accounts)
        )
    if not found.items:
        click.echo(f"no claim in the ledger says who held {place}" + (f" on {on}" if on else ""), err=True)


def _join(ledger: Any, points: Path, form: str, known_at: str | None, according_to: str | None) -> None:
    from tadmor.errors import InputError
    from tadmor.publish import csv_, jsonl

    try:
        with points.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = list(reader.fieldnames or ())
            missing = [c for c in ("place", "on") if c not in columns]
            if missing:
                raise InputError(
                    f"{points} has no column {' and '.join(missing)}; it has {', '.join(columns) or 'none'}"
                )
            rows = ledger.join(reader, known_at=known_at, according_to=according_to)
            if form == "csv":
                added = [
                    c for c in ("holder", "status", "since", "credibility", "sources", "claims") if c not in columns
                ]
                csv_.write_rows((_flat(r) for r in rows), columns + added, sys.stdout)
            else:
                for row in rows:  # thousands a second: not flushed one by one
                    sys.stdout.write(jsonl.line(row) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{points} cannot be read: {error}") from error


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "sources": "; ".join(row["sources"]),
        "claims": "; ".join(f"{c['report']}:{c['claim']}" for c in row["claims"]),
    }
