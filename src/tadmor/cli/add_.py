"""``tadmor add``: read reports and keep them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from tadmor.cli import left_out, options, sorting
from tadmor.cli.adding import Adding, adding
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.api import Kept, Ledger
    from tadmor.model import Failure


REASONS = ("relevance", "reprint", "language")


@click.command("add", cls=Verb)
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@options.ledger
@options.published
@adding
@click.option(
    "--unread",
    type=click.Choice((*REASONS, "all")),
    help="Instead of inputs: read now what the ledger keeps unread, for this reason or for any.",
)
@click.option("-n", "--dry-run", is_flag=True, help="With --unread: say what would be read, and why it was not.")
def command(
    inputs: tuple[str, ...],
    ledger_path: options.Where,
    published: str | None,
    how: Adding,
    unread: str | None,
    dry_run: bool,
) -> None:
    """Read reports and keep them in a ledger.

    What is known already is skipped by its content, so adding again adds nothing, and a run that was broken off goes
    on where it stopped. A report that cannot be read is named; the others are added, and the exit status is 1.

    What is about no conflict by its words, and what says nothing new, is kept without being read, and so is what is in a language
    that the reader does not know: it is said how many, nothing is dropped, and --unread has it read later.
    """
    _check(inputs, unread, dry_run)
    reasons = REASONS if unread == "all" else (unread,) if unread else ()
    if unread:
        options.existing(ledger_path)
    from tadmor.api import Ledger
    from tadmor.bulk import kept, taking
    from tadmor.cli.amount import amount
    from tadmor.cli.progress import Progress
    from tadmor.model import Failure
    from tadmor.publish.plural import many

    with Ledger(
        ledger_path,
        reader=how.reader,
        actors=how.actors,
        gazetteer=how.gazetteer,
        originals=how.originals,
        second=how.second,
    ) as ledger:
        if dry_run:
            _list(ledger, reasons)
            return
        counts = ledger.store.unread_counts() if unread else {}
        waiting = sum(counts.get(reason, 0) for reason in reasons)
        tally = _Tally(again=bool(unread))
        of = waiting if unread else lambda: amount(inputs)
        with options.total(ledger), Progress("reading", of=of) as progress:
            if unread:
                outcomes = ledger.adding_unread(reasons, jobs=how.jobs)
            else:
                outcomes = taking.adding(
                    ledger,
                    inputs,
                    published=published,
                    max_bytes=how.max_bytes,
                    stdin=sys.stdin.buffer,
                    sorting=how.sorting,
                    jobs=how.jobs,
                )
            for outcome in outcomes:
                if isinstance(outcome, Failure):
                    progress.say(f"tadmor: {outcome.path}: {outcome.error}")
                elif outcome.remark:
                    progress.say(f"tadmor: {outcome.remark}")
                tally.take(outcome)
                progress.step()
    click.echo(f"{tally} · {options.shown(ledger_path)}", err=True)
    if told := sorting.unread(tally.unread):
        click.echo(told, err=True)
    if tally.still:
        click.echo(sorting.still_unread(tally.still, how.reader), err=True)
    if tally.undated:
        click.echo(
            f"{many(tally.undated, 'report')} without a date, for what is said of it is none (see above)", err=True
        )
    left_out.say(name for name in inputs if not kept.is_corpus(name))
    if tally.failed:
        sys.exit(1)
    if not tally.added and not tally.known and not tally.unread and not unread:
        raise click.ClickException(f"nothing to read in {', '.join(inputs)}: no file of a known kind")


@dataclass(slots=True)
class _Tally:
    """What became of the reports, in numbers; ``again`` where what was kept unread is read now, and may be ``still`` unread."""

    again: bool = False
    added: int = 0
    claims: int = 0
    known: int = 0
    failed: int = 0
    still: int = 0
    undated: int = 0
    unread: dict[str, int] = field(default_factory=dict)

    def take(self, outcome: Kept | Failure) -> None:
        """Count one."""
        from tadmor.model import Failure

        if isinstance(outcome, Failure):
            self.failed += 1
            return
        self.undated += outcome.remark is not None
        if self.again and outcome.unread and not outcome.added:
            self.still += 1
        elif not outcome.added:
            self.known += 1
        elif outcome.unread:
            self.unread[outcome.unread] = self.unread.get(outcome.unread, 0) + 1
        else:
            self.added += 1
            self.claims += outcome.claims

    def __str__(self) -> str:
        from tadmor.publish.plural import many

        aside = f"{sum(self.unread.values()):,} kept unread, " if self.unread else ""
        still = f"{self.still:,} still unread, " if self.still else ""
        return (
            f"{many(self.added, 'report')} added with {many(self.claims, 'claim')}, {aside}{still}{self.known:,} known already,"
            f" {self.failed:,} not read"
        )


def _check(inputs: tuple[str, ...], unread: str | None, dry_run: bool) -> None:
    if not inputs and not unread:
        raise click.UsageError("Missing argument 'INPUT...'.")
    if inputs and unread:
        raise click.UsageError("--unread reads what the ledger keeps unread: give it without inputs")
    if dry_run and not unread:
        raise click.UsageError("--dry-run is for --unread")


def _list(ledger: Ledger, reasons: Sequence[str]) -> None:
    for reason in reasons:
        for _, one in ledger.store.unread(reason):
            click.echo(f"{one.id}\t{one.reason}\t{one.title or one.url or ''}\t{one.why}")
