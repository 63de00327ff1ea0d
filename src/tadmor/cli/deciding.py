"""Options and arguments of the verbs by which people decide."""

from __future__ import annotations

import click

from tadmor.cli import options
from tadmor.cli.options import Decorator
from tadmor.model import ClaimRef

who: Decorator = click.option(
    "--who",
    required=True,
    envvar="TADMOR_WHO",
    show_envvar=True,
    metavar="NAME",
    help="Who decides; it is kept in the audit log.",
)
why: Decorator = click.option("--why", metavar="TEXT", help="The reason, for whoever looks later.")
ledger: Decorator = click.option(
    "--ledger",
    "ledger_path",
    type=options.LEDGER,
    help="The ledger.  [default: the one named before the verb, else tadmor.db]",
)


def path(ctx: click.Context, given: options.Where | None) -> options.Where:
    """The ledger that the verb names, else the one named before it; a usage error when it is not there."""
    assert ctx.parent is not None
    return options.existing(given or ctx.parent.params["ledger_path"])


def claim(text: str) -> ClaimRef:
    """The claim that is written report:claim; a usage error when it is not in form."""
    report, colon, id = text.strip().rpartition(":")
    if not colon or not report or not id:
        raise click.UsageError(f"{text!r} is no claim: write REPORT:CLAIM, as `tadmor incidents show ID` prints it")
    return ClaimRef(report, id)
