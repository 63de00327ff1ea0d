"""``tadmor restore``: a ledger of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb


@click.command("restore", cls=Verb)
@click.argument("backup", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="BACKUP")
@options.target
def command(backup: Path, target: options.Where) -> None:
    """Make a ledger of BACKUP, which `tadmor backup` wrote, where there is none yet; the backup stays as it is.

    The ledger is brought to this version of Tadmor. A backup of a file can also be restored into PostgreSQL.
    """
    from tadmor.cli.progress import Progress
    from tadmor.ledger import backup as backups
    from tadmor.publish.plural import many

    with Progress("copying rows") as shown:
        counts = backups.restore(backup, target, progress=lambda done, _: shown.reach(done))
    click.echo(
        f"restored: {many(counts.reports, 'report')}, {many(counts.readings, 'current reading')}, {many(counts.claims, 'claim')}",
        err=True,
    )
