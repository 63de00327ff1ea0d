"""``tadmor backup``: a copy of a ledger of one moment, made while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb


@click.command("backup", cls=Verb)
@options.ledger
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def command(ledger_path: options.Where, target: Path) -> None:
    """Write a backup of the ledger to FILE, which must not be there yet; everybody can go on working meanwhile.

    Of a ledger in a file it is such a file, of one in PostgreSQL an archive of pg_dump. It is looked through before it gets its
    name, and only you may read it. `tadmor restore` makes a ledger of it.
    """
    from tadmor.ledger import backup

    kind = backup.back_up(options.existing(ledger_path) if isinstance(ledger_path, Path) else ledger_path, target)
    click.echo(f"{target} is whole: a {kind}, {target.stat().st_size / 1e6:.1f} MB", err=True)
