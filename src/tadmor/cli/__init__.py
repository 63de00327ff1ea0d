"""The command line: one module a verb, loaded only when that verb runs, so that ``tadmor --help`` answers at once."""

from __future__ import annotations

import errno
import importlib
import os
import sys

import click

from tadmor._version import __version__
from tadmor.cli.progress import STOPPED

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
    "export": "Everything in the ledger for other programs: tables, maps, the columns of ACLED and UCDP, annotations.",
    "serve": "Look at a ledger in the browser: map, timeline, accounts side by side; decide, add, export.",
    "members": "Who may sign in to a ledger that a team shares: roles, passwords, tokens.",
    "withhold": "Keep a report, a person or a place out of exports and viewers' sight; purge where safety asks for it.",
    "migrate": "Copy a ledger into another database, from a file to PostgreSQL or back.",
    "backup": "Write a backup of a ledger while it is in use.",
    "restore": "Make a ledger of a backup.",
    "gazetteer": "Build a gazetteer of your own places, and see what a name may be.",
    "eval": "Measure the reader on coded data.",
}

_MENDS = {
    errno.ENOENT: "see that the folder is there",
    errno.ENOSPC: "make room, and run the same command again",
    errno.EDQUOT: "make room, and run the same command again",
    errno.EACCES: "give yourself the right, or name another file",
    errno.EPERM: "give yourself the right, or name another file",
    errno.EROFS: "name a file on a disk that may be written",
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

    `tadmor VERB --help` tells of a verb, with examples. What was asked for goes to standard output, everything else to standard
    error. Exit status: 0 done, 1 something could not be done and a message says what, 2 the command line is not in form, 130
    stopped by Ctrl-C.
    """


def main() -> None:
    """Run the command line; what goes wrong becomes one line on standard error, and the exit status that the help tells of."""
    from tadmor.errors import TadmorError

    try:
        sys.exit(cli.main(prog_name="tadmor", standalone_mode=False))
    except click.UsageError as error:
        error.show()  # with the usage, and where help is
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _end(error.format_message())
    except TadmorError as error:
        _end(str(error))
    except (click.Abort, KeyboardInterrupt):
        click.echo("tadmor: stopped", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); Python would complain once more while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        # A full disk, a file that may not be written: no fault of the program. What cannot be read is told of item by item.
        where, mend = error.filename or "the output", _MENDS.get(error.errno or 0)
        _end(f"{where}: {error.strerror or error}" + (f"; {mend}" if mend else ""))


def _end(message: str) -> None:
    click.echo(f"tadmor: {message}", err=True)
    sys.exit(1)
