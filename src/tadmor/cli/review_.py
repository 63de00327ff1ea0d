"""``tadmor review``: what people say of single claims, and how far that has come."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import deciding, options
from tadmor.cli.verb import Verbs

if TYPE_CHECKING:
    from tadmor.api import Ledger
    from tadmor.ledger import CodersDiffer, Disagreement, Reviewed

_CLAIM = click.argument("claim", metavar="REPORT:CLAIM")
_SET = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="FIELD=VALUE",
    help="A field as it ought to be; may be given again. Lists are parted by semicolons; an empty value empties the field.",
)
_ADJUDICATE = click.option("--adjudicate", is_flag=True, help="Settle between coders: it stands over all that is none.")
_BLIND = click.option("--blind", is_flag=True, help="Judge what the reader found, not what others made of it.")


@click.group("review", cls=Verbs)
@options.ledger
def command(ledger_path: options.Where) -> None:
    """Accept, correct and reject claims. What people decide stands, whatever reads the report later; nothing is overwritten.

    \b
    Fields for --set (docs/review.md has all forms):
      type=air_strike            certainty=denied           date=2016-12-11
      clause="words of the report" or clause=120-184; trigger the same, within the clause
      actors="Russia; SAA"       targets=ISIS               places="Palmyra castle"
      sources="SANA > an officer; ISIS"
      counts="killed=12-17; strikes=64; injured>=50; fighters~4000"
    """


@command.command("queue")
@click.option(
    "--order",
    type=click.Choice(("uncertain", "disputed", "newest")),
    default="uncertain",
    show_default=True,
    help="Least certain first, most disputed first, or what was read last first.",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@click.option("--unreviewed", is_flag=True, help="Leave out what people have decided on.")
@click.option("--after", metavar="CURSOR", help="Go on after this one (the `cursor` of --format jsonl).")
@options.place
@options.start
@options.end
@options.form("table", "jsonl", default="table")
@deciding.ledger
@click.pass_context
def queue(
    ctx: click.Context,
    order: Any,
    limit: int,
    unreviewed: bool,
    after: str | None,
    place: str | None,
    start: str | None,
    end: str | None,
    form: str,
    ledger_path: options.Where | None,
) -> None:
    """The claims that wait for review."""
    from tadmor.publish import jsonl, review_view, tables

    with _opened(ctx, ledger_path) as ledger:
        found = ledger.review_queue(
            order, limit=limit, unreviewed=unreviewed, after=after, place=place, start=start, end=end
        )
    if form == "jsonl":
        for row in found:
            jsonl.write(asdict(row), sys.stdout)
    elif found:
        tables.show(review_view.queue_table(found), sys.stdout)
    if not found:
        click.echo("nothing waits for review here", err=True)


@command.command("show")
@_CLAIM
@options.form("table", "json", default="table")
@deciding.ledger
@click.pass_context
def show(ctx: click.Context, claim: str, form: str, ledger_path: options.Where | None) -> None:
    """A claim as it is told and as it was read, with every review of it."""
    with _opened(ctx, ledger_path) as ledger:
        _say(ledger.reviewed(deciding.claim(claim)), form)


@command.command("accept")
@_CLAIM
@_ADJUDICATE
@_BLIND
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def accept(
    ctx: click.Context,
    claim: str,
    adjudicate: bool,
    blind: bool,
    who: str,
    why: str | None,
    ledger_path: options.Where | None,
) -> None:
    """The claim is right as it stands."""
    with _opened(ctx, ledger_path) as ledger:
        _done(ledger.accept(deciding.claim(claim), who=who, why=why, adjudicate=adjudicate, blind=blind))


@command.command("correct")
@_CLAIM
@_SET
@_ADJUDICATE
@_BLIND
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def correct(
    ctx: click.Context,
    claim: str,
    settings: tuple[str, ...],
    adjudicate: bool,
    blind: bool,
    who: str,
    why: str | None,
    ledger_path: options.Where | None,
) -> None:
    """The claim is right but for some fields: set these."""
    from tadmor.cli import review_fields

    if not settings:
        raise click.UsageError("name what is to be another with --set FIELD=VALUE")
    fields = review_fields.parsed(settings)
    with _opened(ctx, ledger_path) as ledger:
        ref = deciding.claim(claim)
        _done(ledger.correct(ref, fields, who=who, why=why, adjudicate=adjudicate, blind=blind))


@command.command("reject")
@_CLAIM
@_ADJUDICATE
@deciding.who
@click.option("--why", required=True, metavar="TEXT", help="The reason, for whoever looks later.")
@deciding.ledger
@click.pass_context
def reject(
    ctx: click.Context, claim: str, adjudicate: bool, who: str, why: str, ledger_path: options.Where | None
) -> None:
    """The report puts forward no such claim: it is kept, and told no more."""
    with _opened(ctx, ledger_path) as ledger:
        _done(ledger.reject(deciding.claim(claim), who=who, why=why, adjudicate=adjudicate))


@command.command("add")
@click.argument("report", metavar="REPORT")
@_SET
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def add(
    ctx: click.Context,
    report: str,
    settings: tuple[str, ...],
    who: str,
    why: str | None,
    ledger_path: options.Where | None,
) -> None:
    """The report puts forward a claim that no reader found: --set its clause and type at least."""
    from tadmor.cli import review_fields

    fields = review_fields.parsed(settings)
    with _opened(ctx, ledger_path) as ledger:
        _done(ledger.add_claim(report, fields, who=who, why=why))


@command.command("undo")
@click.argument("claim", metavar="[REPORT:CLAIM]", required=False)
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def undo(ctx: click.Context, claim: str | None, who: str, why: str | None, ledger_path: options.Where | None) -> None:
    """Withdraw your newest review, of this claim or of all; the one before counts again."""
    with _opened(ctx, ledger_path) as ledger:
        taken = ledger.undo(who=who, claim=deciding.claim(claim) if claim else None, why=why)
    words = (taken.before or taken.after or {}).get("text", "")
    click.echo(f"withdrawn: {taken.what} of {taken.at[:19].replace('T', ' ')}, {words!r}")


@command.command("progress")
@options.form("table", "json", default="table")
@deciding.ledger
@click.pass_context
def progress(ctx: click.Context, form: str, ledger_path: options.Where | None) -> None:
    """How far review has come, and by whom."""
    from tadmor.publish.plural import many

    with _opened(ctx, ledger_path) as ledger:
        found = asdict(ledger.review_progress())
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    share = found["reviewed"] / found["claims"] if found["claims"] else 0.0
    click.echo(f"{found['reviewed']:,} of {many(found['claims'], 'claim')} reviewed ({share:.0%})")
    click.echo(", ".join(f"{found[k]:,} {k}" for k in ("accepted", "corrected", "rejected", "added")))
    click.echo(
        f"{found['reports_done']:,} of {many(found['reports'], 'report')} whole, {found['reports_begun']:,} begun"
    )
    click.echo(f"{many(found['coded_twice'], 'claim')} coded by two or more")
    for who, n in found["coders"].items():
        click.echo(f"  {who}: {n:,}")


@command.command("agreement")
@options.form("table", "json", default="table")
@deciding.ledger
@click.pass_context
def agreement(ctx: click.Context, form: str, ledger_path: options.Where | None) -> None:
    """How far coders agree: Krippendorff's alpha of each field, over claims that two or more coded."""
    from tadmor.publish import review_view, tables

    with _opened(ctx, ledger_path) as ledger:
        found = ledger.agreement()
    if form == "json":
        click.echo(json.dumps([asdict(a) for a in found], indent=2))
    elif found[0].items:
        tables.show(review_view.agreement_table(found), sys.stdout)
    else:
        click.echo("no claim was coded by two people yet", err=True)


@command.command("disagreements")
@click.option("--newer", is_flag=True, help="Only where the report was read again after the review.")
@click.option("--coders", is_flag=True, help="Where coders differ from each other and nobody has adjudicated.")
@options.form("table", "jsonl", default="table")
@deciding.ledger
@click.pass_context
def disagreements(ctx: click.Context, newer: bool, coders: bool, form: str, ledger_path: options.Where | None) -> None:
    """Where the reader differs from people, whose word stands all the same; or where people differ."""
    from tadmor.publish import jsonl, review_view, tables

    if newer and coders:
        raise click.UsageError("--newer is about readers, --coders about people: give one")
    found: Sequence[CodersDiffer] | Sequence[Disagreement]
    with _opened(ctx, ledger_path) as ledger:
        if coders:
            found = ledger.coders_differ(unsettled=True)
            table = review_view.coders_table(found)
        else:
            found = ledger.disagreements(newer=newer)
            table = review_view.disagreements_table(found)
    if form == "jsonl":
        for row in found:
            jsonl.write(asdict(row), sys.stdout)
    elif found:
        tables.show(table, sys.stdout)
    if not found:
        who = (
            "coders differ on nothing that is open" if coders else "the readers differ nowhere from what people decided"
        )
        click.echo(who, err=True)


@command.command("export")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder; a file a report is written there.",
)
@click.option("--partial", is_flag=True, help="Also reports of which only some claims are reviewed, with these.")
@deciding.ledger
@click.pass_context
def export(ctx: click.Context, folder: Path, partial: bool, ledger_path: options.Where | None) -> None:
    """Write reviewed reports in the gold format, for `tadmor eval claims DIR` and for training."""
    from tadmor.publish.plural import many

    with _opened(ctx, ledger_path) as ledger:
        written, left = ledger.export_reviewed(folder, partial=partial)
    click.echo(f"{many(written, 'report')} written to {folder}", err=True)
    if left:
        click.echo(f"{many(left, 'report')} left out: reviewed in part; --partial takes them", err=True)


@contextmanager
def _opened(ctx: click.Context, given: options.Where | None) -> Iterator[Ledger]:
    from tadmor.api import Ledger

    with Ledger(deciding.path(ctx, given)) as ledger:
        yield ledger


def _done(found: Reviewed) -> None:
    """The claim's id on standard output, for the next command, and how it is told now on standard error."""
    from tadmor.ledger.deciding import label
    from tadmor.publish import review_view

    click.echo(label(found.ref))
    click.echo(f"kept; {review_view.told(found)}", err=True)


def _say(found: Reviewed, form: str) -> None:
    from tadmor.publish import review_view, tables

    if form == "json":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        tables.show(review_view.view(found), sys.stdout)
