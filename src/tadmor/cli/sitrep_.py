"""``tadmor sitrep``: the situation report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tadmor.cli import options
from tadmor.cli.output import whole
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor import Ledger


@click.command("sitrep", cls=Verb)
@options.ledger
@options.start
@options.end
@options.place
@options.output
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
        empty = not _any(ledger, start, end, place)
    if output is None:
        click.echo(page)
    else:
        with whole(output) as path:
            path.write_text(page, encoding="utf-8", newline="\n")
        click.echo(f"wrote {output}", err=True)
    if empty:
        click.echo(
            "no claim in the ledger fits these filters" if start or end or place else "the ledger has no claim",
            err=True,
        )


def _any(ledger: Ledger, start: str | None, end: str | None, place: str | None) -> bool:
    """Whether the page has anything to tell, in the sight of those whom it is for."""
    from tadmor.publish.periods import happening

    with ledger.public() as seen:
        return any(happening([a], start, end) for a in seen.store.accounts(start=start, end=end, place=place))
