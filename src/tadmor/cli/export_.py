"""``tadmor export``: everything in the ledger, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tadmor.cli import options


@click.command("export")
@options.ledger
@options.form("jsonl", "csv", "geojson", default="jsonl")
@options.place
@options.start
@options.end
@options.output
def command(
    ledger_path: Path, form: str, place: str | None, start: str | None, end: str | None, output: Path | None
) -> None:
    """Everything in the ledger: JSONL has whole readings, CSV and GeoJSON a row or point for each claim."""
    from tadmor.api import Ledger

    with Ledger(options.existing(ledger_path)) as ledger:
        if output is None:
            note = ledger.export(form, sys.stdout, place=place, start=start, end=end)
        else:
            with output.open("w", encoding="utf-8", newline="") as stream:
                note = ledger.export(form, stream, place=place, start=start, end=end)
    if note:
        click.echo(note, err=True)
