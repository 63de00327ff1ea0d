"""``tadmor add``: read reports and keep them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tadmor.cli import options


@click.command("add")
@options.INPUTS
@options.ledger
@options.published
@options.max_bytes
@options.reader
@options.actors
@options.gazetteer
def command(
    inputs: tuple[str, ...],
    ledger_path: options.Where,
    published: str | None,
    max_bytes: int,
    reader: str,
    actors: Path | None,
    gazetteer: Path | None,
) -> None:
    """Read reports and keep them in a ledger.

    What is known already is skipped by its content, so adding again adds nothing, and a run that was broken off goes
    on where it stopped. A report that cannot be read is named; the others are added, and the exit status is 1.
    """
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress
    from tadmor.model import Failure

    added = known = failed = claims = 0
    with (
        Ledger(ledger_path, reader=reader, actors=actors, gazetteer=gazetteer) as ledger,
        Progress("reading") as progress,
    ):
        for outcome in ledger.adding(inputs, published=published, max_bytes=max_bytes, stdin=sys.stdin.buffer):
            if isinstance(outcome, Failure):
                failed += 1
                progress.say(f"tadmor: {outcome.path}: {outcome.error}")
            elif outcome.added:
                added += 1
                claims += outcome.claims
            else:
                known += 1
            progress.step()
    click.echo(
        f"{added} reports added with {claims} claims, {known} known already, {failed} not read · {ledger.store.name}",
        err=True,
    )
    if failed:
        sys.exit(1)
    if not added and not known:
        raise click.ClickException(f"nothing to read in {', '.join(inputs)}: no file of a known kind")
