"""``tadmor incidents``: what happened, as every account tells it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tadmor.cli import options


@click.command("incidents")
@options.ledger
@options.place
@options.start
@options.end
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only claims of this type; may be given again.")
@options.form("table", "jsonl", "geojson", default="table")
def command(
    ledger_path: Path, place: str | None, start: str | None, end: str | None, types: tuple[str, ...], form: str
) -> None:
    """What happened, as every account in the ledger tells it: agreement, dispute, range of counts, credibility."""
    from tadmor import taxonomy
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress
    from tadmor.publish import geojson, jsonl, tables, wire

    for name in types:
        if name not in taxonomy.types():
            raise click.BadParameter(
                f"{name!r} is no claim type; they are {', '.join(taxonomy.types())}", param_hint="--type"
            )
    with Ledger(options.existing(ledger_path)) as ledger, Progress("grouping anew") as shown:
        found = ledger.incidents(
            place=place, start=start, end=end, types=types or None, progress=lambda done, _: shown.reach(done)
        )
        if form == "jsonl":
            for incident in found.items:
                jsonl.write(wire.incident_to_record(incident), sys.stdout)
        elif form == "geojson":
            _, left = geojson.write_incidents(found.items, sys.stdout)
            if left:
                click.echo(f"{left} incidents have no place that is resolved and are left out", err=True)
        elif found.items:
            tables.console(sys.stdout).print(tables.incidents_table(found.items, found.accounts))
        if not found.items:
            click.echo("no incidents: no claim in the ledger fits these filters", err=True)
