"""``tadmor withhold``: keep a report, a person or a place out of exports and of viewers' sight; purge for good."""

from __future__ import annotations

import sys

import click

from tadmor.cli import deciding, options
from tadmor.cli.verb import Verbs

_KINDS = ("report", "person", "place")


@click.group("withhold", cls=Verbs, invoke_without_command=True)
@options.ledger
@click.pass_context
def command(ctx: click.Context, ledger_path: options.Where) -> None:
    """Keep a report, a person or a place out of exports and situation reports, and of the sight of a team's viewers and coders.

    The record stays as it is; names that are left in texts are covered. Without a verb, what is withheld is listed.
    """
    if ctx.invoked_subcommand is None:
        _list(options.existing(ledger_path), "table", lifted=False)


@command.command("list")
@click.option("--lifted", is_flag=True, help="Also what is withheld no longer.")
@options.form("table", "jsonl", default="table")
@deciding.ledger
@click.pass_context
def marks(ctx: click.Context, lifted: bool, form: str, ledger_path: options.Where | None) -> None:
    """What is withheld, by whom and why."""
    _list(deciding.path(ctx, ledger_path), form, lifted=lifted)


@command.command("add")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("name")
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def add(ctx: click.Context, kind: str, name: str, who: str, why: str | None, ledger_path: options.Where | None) -> None:
    """Withhold a report (NAME is its id), a person or a place (NAME is a name or the identity, as geonames:163808)."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        mark = store.withhold(kind, name, who=who, why=why)
        stands = store.stands(mark)
    known = f" ({mark.entity})" if mark.entity and mark.entity != mark.name else ""
    nowhere = "" if stands else "; it stands nowhere in this ledger now"  # a misspelt name would be taken for covered
    click.echo(f"the {mark.kind} {mark.name}{known} is withheld: mark {mark.row}{nowhere}", err=True)


@command.command("lift")
@click.argument("mark", type=int)
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def lift(ctx: click.Context, mark: int, who: str, why: str | None, ledger_path: options.Where | None) -> None:
    """Withhold no longer what the mark of this number does."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.lift(mark, who=who, why=why)
    click.echo(f"the {found.kind} {found.name} is withheld no longer", err=True)


@command.command("purge")
@click.argument("kind", type=click.Choice(("report", "name")))
@click.argument("name")
@deciding.who
@click.option("--why", required=True, metavar="TEXT", help="The reason. It is kept: do not name in it what is purged.")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@deciding.ledger
@click.pass_context
def purge(
    ctx: click.Context, kind: str, name: str, who: str, why: str, yes: bool, ledger_path: options.Where | None
) -> None:
    """Remove a report (by its id) or a NAME, wherever it stands, for good. Only who, when and why is kept of it.

    It cannot be undone. Copies of the ledger, exports and what was read elsewhere are not changed.
    """
    from tadmor.ledger import Store

    path = deciding.path(ctx, ledger_path)
    if not yes:
        what = "the report" if kind == "report" else "the name"
        click.confirm(
            f"Remove {what} {name!r} from {options.shown(path)} for good? It cannot be undone.", abort=True, err=True
        )
    with Store(path) as store:
        act = store.purge_report if kind == "report" else store.purge_name
        act(name, who=who, why=why)
    click.echo("purged; a tombstone says who, when and why", err=True)


@command.command("tombstones")
@deciding.ledger
@click.pass_context
def tombstones(ctx: click.Context, ledger_path: options.Where | None) -> None:
    """That things were purged: when, by whom and why, as JSON Lines."""
    from dataclasses import asdict

    from tadmor.ledger import Store
    from tadmor.publish import jsonl

    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.tombstones()
    for stone in found:
        jsonl.write(asdict(stone), sys.stdout)
    if not found:
        click.echo("nothing was ever purged", err=True)


@command.command("sweep")
@deciding.ledger
@click.pass_context
def sweep(ctx: click.Context, ledger_path: options.Where | None) -> None:
    """Write the database anew, so that nothing of what was purged is left on the disk; purging does so by itself."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        store.sweep()
    click.echo("the database was written anew", err=True)


def _list(path: options.Where, form: str, *, lifted: bool) -> None:
    from dataclasses import asdict

    from rich.markup import escape
    from rich.table import Table

    from tadmor.ledger import Store
    from tadmor.publish import jsonl, tables

    with Store(path) as store:
        found = store.withheld(lifted=lifted)
    if form == "jsonl":
        for mark in found:
            jsonl.write(asdict(mark), sys.stdout)
    elif found:
        table = Table("Mark", "Kind", "Name", "Since", "By", "Why", "", box=None, pad_edge=False, header_style="bold")
        for m in found:
            name = m.name if not m.entity or m.entity == m.name else f"{m.name} ({m.entity})"
            ended = f"lifted {m.lifted_at[:10]} by {m.lifted_by}" if m.lifted_at else ""
            table.add_row(str(m.row), m.kind, *map(escape, (name, m.at[:10], m.who, m.why or "", ended)))
        tables.show(table, sys.stdout)
    else:
        click.echo("nothing is withheld", err=True)
