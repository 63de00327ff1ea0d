"""``tadmor members``: who may sign in to a team's ledger, for whoever runs the server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tadmor.cli import deciding, options
from tadmor.cli.options import Decorator
from tadmor.cli.verb import Verbs
from tadmor.ledger.team import ROLES

if TYPE_CHECKING:
    from rich.table import Table


def _user() -> str:
    import getpass

    try:
        return f"{getpass.getuser()} at the shell"
    except (OSError, KeyError):  # no name for this user
        return "somebody at the shell"


who: Decorator = click.option(
    "--who",
    default=_user,
    envvar="TADMOR_WHO",
    show_envvar=True,
    metavar="NAME",
    help="Who does this, for the audit log.  [default: the user of this shell]",
)
_role: Decorator = click.option("--role", type=click.Choice(ROLES), required=True, help="What the member may do.")
_stdin: Decorator = click.option("--stdin", is_flag=True, help="Take the password from standard input, one line.")


@click.group("members", cls=Verbs, invoke_without_command=True)
@options.ledger
@click.pass_context
def command(ctx: click.Context, ledger_path: options.Where) -> None:
    """Who may sign in to this ledger with `tadmor serve --team`: members, their roles, passwords and tokens.

    Roles: viewers look, coders also add and review, editors also decide and withhold, admins also manage members and purge
    (docs/team.md). Without a verb, members are listed. What is done here is kept in the audit log.
    """
    if ctx.invoked_subcommand is None:
        _list(options.existing(ledger_path), "table")


@command.command("list")
@options.form("table", "jsonl", default="table")
@deciding.ledger
@click.pass_context
def members(ctx: click.Context, form: str, ledger_path: options.Where | None) -> None:
    """All members by name, those who are disabled too."""
    _list(deciding.path(ctx, ledger_path), form)


@command.command("add")
@click.argument("name")
@_role
@_stdin
@who
@deciding.ledger
@click.pass_context
def add(ctx: click.Context, name: str, role: str, stdin: bool, who: str, ledger_path: options.Where | None) -> None:
    """Add the member NAME. The password is asked for; left empty, one is made and shown this once."""
    from tadmor.ledger import Store

    password, made = _password(stdin)
    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.team.add(name, role, password, who=who)
    click.echo(f"{found.name} may sign in as {found.role}", err=True)
    _show(password, made)


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@who
@deciding.ledger
@click.pass_context
def role(ctx: click.Context, name: str, role: str, who: str, ledger_path: options.Where | None) -> None:
    """Give NAME another role; it holds at once."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.team.set_role(name, role, who=who)
    click.echo(f"{found.name} is {found.role} now", err=True)


@command.command("reset")
@click.argument("name")
@_stdin
@who
@deciding.ledger
@click.pass_context
def reset(ctx: click.Context, name: str, stdin: bool, who: str, ledger_path: options.Where | None) -> None:
    """Set a new password for NAME; all sessions of NAME end. It is asked for; left empty, one is made and shown this once."""
    from tadmor.ledger import Store

    path = deciding.path(ctx, ledger_path)
    with Store(path) as store:
        store.team.member(name)  # before a password is asked for
        password, made = _password(stdin)
        found = store.team.set_password(name, password, who=who)
    click.echo(f"{found.name} has a new password, and is signed out everywhere", err=True)
    _show(password, made)


@command.command("disable")
@click.argument("name")
@who
@deciding.ledger
@click.pass_context
def disable(ctx: click.Context, name: str, who: str, ledger_path: options.Where | None) -> None:
    """Let NAME in no more: sessions and tokens end at once. What NAME decided stands."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.team.disable(name, who=who)
    click.echo(f"{found.name} may sign in no more; `tadmor members enable` undoes that", err=True)


@command.command("enable")
@click.argument("name")
@who
@deciding.ledger
@click.pass_context
def enable(ctx: click.Context, name: str, who: str, ledger_path: options.Where | None) -> None:
    """Let NAME in again, with the password as it was; tokens stay ended."""
    from tadmor.ledger import Store

    with Store(deciding.path(ctx, ledger_path)) as store:
        found = store.team.enable(name, who=who)
    click.echo(f"{found.name} may sign in again", err=True)


@command.command("tokens")
@click.argument("name", required=False)
@click.option("--revoke", type=int, metavar="NUMBER", help="End the token of this number.")
@options.form("table", "jsonl", default="table")
@who
@deciding.ledger
@click.pass_context
def tokens(
    ctx: click.Context, name: str | None, revoke: int | None, form: str, who: str, ledger_path: options.Where | None
) -> None:
    """The API tokens of NAME, or of all, with what each may do and until when; members make them in the app."""
    from dataclasses import asdict

    from tadmor.ledger import Store, team_tokens
    from tadmor.publish import jsonl, tables

    with Store(deciding.path(ctx, ledger_path)) as store:
        if revoke is not None:
            ended = team_tokens.revoke(store.team, revoke, who=who)
            click.echo(f"the token {ended.name!r} of {ended.member} has ended", err=True)
        found = team_tokens.tokens(store.team, name)
    if form == "jsonl":
        for token in found:
            jsonl.write(asdict(token) | {"holds": token.holds}, sys.stdout)
    elif found:
        rows = [
            (str(t.row), t.member, t.name, f"{t.start}…", ", ".join(t.scopes), t.expires[:10], t.used_at or "never",
             "holds" if t.holds else "ended")
            for t in found
        ]  # fmt: skip
        titles = ("Number", "Member", "For", "Begins", "May", "Until", "Last used", "")
        tables.show(_table(titles, rows), sys.stdout)
    else:
        click.echo("there are no tokens", err=True)


def _list(path: options.Where, form: str) -> None:
    from dataclasses import asdict

    from tadmor.ledger import Store
    from tadmor.publish import jsonl, tables

    with Store(path) as store:
        found = store.team.members()
    if form == "jsonl":
        for member in found:
            jsonl.write(asdict(member), sys.stdout)
    elif found:
        rows = [
            (m.name, m.role, m.made_at[:10], f"disabled {m.disabled_at[:10]}" if m.disabled_at else "") for m in found
        ]
        tables.show(_table(("Name", "Role", "Since", ""), rows), sys.stdout)
    else:
        click.echo("there are no members yet: `tadmor members add NAME --role admin` makes the first", err=True)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _password(stdin: bool) -> tuple[str, bool]:
    """The password, and whether it was made here."""
    from tadmor.ledger.team import generated

    if stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise click.ClickException("no password came on standard input")
        return given, False
    given = click.prompt(
        "Password (empty: one is made)",
        default="",
        show_default=False,
        hide_input=True,
        err=True,
        confirmation_prompt=True,
    )
    return (given, False) if given else (generated(), True)


def _show(password: str, made: bool) -> None:
    if made:
        click.echo("the password, shown this once; the member should change it:", err=True)
        click.echo(password)
