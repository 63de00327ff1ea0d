"""``tadmor retract``: a report was withdrawn by whoever published it; its claims stay told, with that mark."""

from __future__ import annotations

import click

from tadmor.cli import deciding, options
from tadmor.cli.verb import Verb


@click.command("retract", cls=Verb)
@click.argument("report", metavar="REPORT")
@options.ledger
@deciding.who
@deciding.why
@click.option("--undo", is_flag=True, help="Take the mark back; both acts stay in the audit log.")
def command(report: str, ledger_path: options.Where, who: str, why: str | None, undo: bool) -> None:
    """Mark REPORT as retracted. None of its claims is removed: incidents, exports and the app show them with the mark.

    What people decided about its claims stays. A text of the report that comes later, a correction perhaps, has no mark.
    """
    from tadmor.api import Ledger

    if not undo and not (why and why.strip()):
        raise click.UsageError("say why it is retracted: --why TEXT")
    with Ledger(options.existing(ledger_path)) as ledger:
        id = ledger.reinstate(report, who=who, why=why) if undo else ledger.retract(report, who=who, why=why or "")
    click.echo(f"{id} is {'no longer ' if undo else ''}marked as retracted by {who}", err=True)
