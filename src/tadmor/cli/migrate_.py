"""``tadmor migrate``: a ledger into another database, whole and exactly."""

from __future__ import annotations

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb


@click.command("migrate", cls=Verb)
@options.ledger
@options.target
def command(ledger_path: options.Where, target: options.Where) -> None:
    """Copy a ledger into another database: from a file to PostgreSQL when a team is to share it, or back.

    Everything goes along: reports and all their readings, what people decided and reviewed, the audit log, the members of the
    team. What arrived is compared with what was sent, to the letter; then it is kept, all at once. Broken off, it leaves nothing
    behind, and can be run again. Nobody can add to the old ledger meanwhile, and it stays as it is: from then on use the new
    one only.
    """
    from tadmor.cli.progress import Progress
    from tadmor.ledger import moving
    from tadmor.publish.plural import many

    with Progress("copying rows") as shown:
        moved = moving.move(ledger_path, target, progress=lambda done, _: shown.reach(done))
    kept = ", ".join(many(moved.rows[name], *words) for name, words in _TOLD.items())
    every = many(sum(moved.rows.values()), "row")
    click.echo(f"copied and compared: {kept}; {every} in all, SHA-256 {moved.digest[:16]}", err=True)


_TOLD = {
    "report": ("text of a report", "texts of reports"),
    "reading": ("reading",),
    "claim": ("claim",),
    "review": ("review",),
    "decision": ("decision",),
    "audit": ("line of the audit log", "lines of the audit log"),
}
