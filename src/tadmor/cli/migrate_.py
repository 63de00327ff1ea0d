"""``tadmor migrate``: a ledger into another database, whole and exactly."""

from __future__ import annotations

import click

from tadmor.cli import options


@click.command("migrate")
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

    with Progress("copying rows") as shown:
        moved = moving.move(ledger_path, target, progress=lambda done, _: shown.reach(done))
    kept = ", ".join(f"{moved.rows[name]} {word}" for name, word in _TOLD.items())
    click.echo(
        f"copied and compared: {kept}; {sum(moved.rows.values())} rows in all, SHA-256 {moved.digest[:16]}", err=True
    )


_TOLD = {
    "report": "texts of reports",
    "reading": "readings",
    "claim": "claims",
    "review": "reviews",
    "decision": "decisions",
    "audit": "lines of the audit log",
}
