"""``tadmor sources``: who speaks in the ledger, and how reliable people hold them to be."""

from __future__ import annotations

import sys

import click

from tadmor.cli import deciding, options
from tadmor.cli.verb import Verbs

_COLUMNS = ("name", "entity", "kind", "side", "claims", "reports", "first", "last", "reliability")


@click.group("sources", cls=Verbs, invoke_without_command=True)
@options.ledger
@options.form("table", "jsonl", "csv", default="table")
@click.pass_context
def command(ctx: click.Context, ledger_path: options.Where, form: str) -> None:
    """Who speaks in the ledger: kind, side, how many claims in how many reports, from when to when, how reliable.

    Reliability is the Admiralty's letter, A to F. People set it with `tadmor sources rate`; until then it is F, cannot be judged.
    """
    if ctx.invoked_subcommand is not None:
        return
    from tadmor.api import Ledger
    from tadmor.publish import csv_, jsonl, tables

    with Ledger(options.existing(ledger_path)) as ledger:
        rows = ledger.sources()
    if form == "jsonl":
        for row in rows:
            jsonl.write(row, sys.stdout)
    elif form == "csv":
        csv_.write_rows(rows, _COLUMNS, sys.stdout)
    elif rows:
        tables.show(tables.sources_table(rows), sys.stdout)
    if not rows:
        click.echo("nobody is named as a source in this ledger", err=True)


@command.command("rate")
@click.argument("name")
@click.argument("letter", type=click.Choice("ABCDEF", case_sensitive=False), metavar="A|B|C|D|E|F")
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def rate(
    ctx: click.Context, name: str, letter: str, who: str, why: str | None, ledger_path: options.Where | None
) -> None:
    """Say how reliable the source NAME is: A completely, B usually, C fairly, D not usually, E not at all, F cannot be judged.

    NAME is any of its names, or its identity. The letter multiplies what the source weighs (docs/method.md). The newest
    letter counts; those set before are kept.
    """
    from tadmor.api import Ledger

    with Ledger(deciding.path(ctx, ledger_path)) as ledger:
        rating = ledger.rate(name, letter.upper(), who=who, why=why)
    known = f" ({rating.entity})" if rating.entity else ""
    click.echo(f"{rating.name}{known} is rated {rating.letter} by {rating.who}", err=True)
