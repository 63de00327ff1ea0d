"""``tadmor sources``: who speaks in the ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tadmor.cli import options


@click.command("sources")
@options.ledger
@options.form("table", "jsonl", "csv", default="table")
def command(ledger_path: Path, form: str) -> None:
    """Who speaks in the ledger: kind, side, how many claims in how many reports, from when to when."""
    from tadmor.api import Ledger
    from tadmor.publish import csv_, jsonl, tables

    with Ledger(options.existing(ledger_path)) as ledger:
        rows = ledger.sources()
        if form == "jsonl":
            for row in rows:
                jsonl.write(row, sys.stdout)
        elif form == "csv":
            csv_.write_rows(rows, ("name", "entity", "kind", "side", "claims", "reports", "first", "last"), sys.stdout)
        elif rows:
            tables.console(sys.stdout).print(tables.sources_table(rows))
        if not rows:
            click.echo("nobody is named as a source in this ledger", err=True)
