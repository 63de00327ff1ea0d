"""The command line: one module a verb, loaded only when that verb runs, so that ``tadmor --help`` answers at once."""

from __future__ import annotations

import importlib
import sys

import click

from tadmor._version import __version__

VERBS = {
    "read": "Read reports and print what they claim: who says, what, where, when, how many.",
    "add": "Read reports and keep them in a ledger; adding again adds nothing.",
    "watch": "Follow feeds on a schedule: what is new in them is read and kept.",
    "incidents": "What happened, as every account in the ledger tells it; merge, split and move what is grouped wrongly.",
    "control": "Who held a place, from when to when, according to whom.",
    "sources": "Who speaks in the ledger, how often, for which side; rate how reliable they are.",
    "review": "Accept, correct and reject claims; the queue, progress, agreement of coders, export as gold.",
    "sitrep": "A situation report: by place and day, with every source and sentence.",
    "audit": "Who did what, when and why: the log of what was decided and superseded.",
    "verify": "Read every report again from its kept bytes, and name what no longer matches.",
    "versions": "The texts that a report had, and what its claims gained and lost.",
    "retract": "Mark a report as retracted; its claims stay told, with that mark.",
    "export": "Everything in the ledger as JSON Lines, CSV or GeoJSON.",
    "serve": "Look at a ledger in the browser: map, timeline, accounts side by side; decide, add, export.",
    "members": "Who may sign in to a ledger that a team shares: roles, passwords, tokens.",
    "withhold": "Keep a report, a person or a place out of exports and viewers' sight; purge where safety asks for it.",
    "migrate": "Copy a ledger into another database, from a file to PostgreSQL or back.",
    "backup": "Write a backup of a ledger while it is in use.",
    "restore": "Make a ledger of a backup.",
    "gazetteer": "Build a gazetteer of your own places, and see what a name may be.",
    "eval": "Measure the reader on coded data.",
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"tadmor.cli.{cmd_name}_")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            ctx.fail(f"no verb {args[0]!r}; the verbs are: {', '.join(VERBS)}")
        return super().resolve_command(ctx, args)


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tadmor")
def cli() -> None:
    """Read reports of war and keep a sourced record.

    Who says what happened, to whom, where, when, how many; who holds which place, from when to when, according to
    whom; and behind every fact the sentence it came from.
    """


def main() -> None:
    """Run the command line; errors raised on purpose become one line on standard error and exit status 1."""
    from tadmor.errors import TadmorError

    try:
        cli(prog_name="tadmor")
    except TadmorError as error:
        click.echo(f"tadmor: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); Python would complain once more while flushing at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
