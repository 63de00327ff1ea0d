"""``tadmor sitrep``: the situation report."""

from __future__ import annotations

from pathlib import Path

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb


@click.command("sitrep", cls=Verb)
@options.ledger
@options.start
@options.end
@options.place
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The HTML file to write; standard output when left out.",
)
@click.option("--title", help="Title of the report.")
def command(
    ledger_path: options.Where,
    start: str | None,
    end: str | None,
    place: str | None,
    output: Path | None,
    title: str | None,
) -> None:
    """A situation report in HTML: by place and day, each statement with its sources, certainty and sentence."""
    from tadmor.api import Ledger

    with Ledger(options.existing(ledger_path)) as ledger:
        page = ledger.sitrep(start=start, end=end, place=place, title=title)
    if output is None:
        click.echo(page)
    else:
        output.write_text(page, encoding="utf-8")
        click.echo(f"wrote {output}", err=True)
