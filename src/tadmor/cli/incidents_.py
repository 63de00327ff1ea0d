"""``tadmor incidents``: what happened, as every account tells it; and what people decide about that."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tadmor.cli import bulk, deciding, options
from tadmor.cli.verb import Verbs

if TYPE_CHECKING:
    from tadmor.api import Ledger


@click.group("incidents", cls=Verbs, invoke_without_command=True)
@options.ledger
@options.place
@options.start
@options.end
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only claims of this type; may be given again.")
@options.form("table", "jsonl", "geojson", default="table")
@bulk.engine
@bulk.readings
@bulk.out
@bulk.jobs
@click.pass_context
def command(
    ctx: click.Context,
    ledger_path: options.Where,
    place: str | None,
    start: str | None,
    end: str | None,
    types: tuple[str, ...],
    form: str,
    engine: str | None,
    readings: str | None,
    out_dir: str | None,
    jobs: int | None,
) -> None:
    """What happened, as every account in the ledger tells it: agreement, dispute, range of counts, credibility.

    Without a verb they are listed. What people decide with merge, split and move wins over every score, and no later reading
    undoes it. ID is an incident's id as the list shows it, or the beginning of one.
    """
    if ctx.invoked_subcommand is not None:
        return
    if bulk.in_parts(engine, out_dir):
        if any(x is not None for x in (place, start, end)) or types:
            raise click.UsageError(
                "in parts all incidents are found: filter what comes out, or add the readings to a ledger"
            )
        bulk.incidents(str(engine), readings, str(out_dir), jobs, form)
        return
    if readings:
        raise click.UsageError("--readings are worked on in parts: choose where with --engine (local, daft or ray)")
    from tadmor import taxonomy
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress
    from tadmor.errors import BadChoice
    from tadmor.publish import geojson, jsonl, tables, wire
    from tadmor.publish.plural import many

    try:
        taxonomy.known(types)
    except BadChoice as error:
        raise click.BadParameter(str(error), param_hint="--type") from error
    with Ledger(options.existing(ledger_path)) as ledger, Progress("grouping anew") as shown:
        found = ledger.incidents(place=place, start=start, end=end, types=types or None, progress=shown.reach)
        if form == "jsonl":
            for incident in found.items:
                jsonl.write(wire.incident_to_record(incident, found.accounts), sys.stdout)
        elif form == "geojson":
            _, left = geojson.write_incidents(found.items, sys.stdout)
            if left:
                click.echo(f"{many(left, 'incident')} left out: no place that is resolved", err=True)
        elif found.items:
            tables.show(tables.incidents_table(found.items, found.accounts), sys.stdout)
        if not found.items:
            click.echo("no incidents: no claim in the ledger fits these filters", err=True)


@command.command("show")
@click.argument("id", metavar="ID")
@options.form("table", "json", default="table")
@deciding.ledger
@click.pass_context
def show(ctx: click.Context, id: str, form: str, ledger_path: options.Where | None) -> None:
    """One incident with all its accounts side by side, its disputes, ranges, credibility, and what people decided of it."""
    import json

    from tadmor.publish import incident_view, tables

    with _opened(ctx, ledger_path) as ledger:
        told = ledger.incident(id)
    if form == "json":
        click.echo(
            json.dumps(incident_view.record(told.incident, told.accounts, told.decisions), ensure_ascii=False, indent=2)
        )
    else:
        tables.show(incident_view.view(told.incident, told.accounts, told.decisions), sys.stdout)


@command.command("merge")
@click.argument("ids", nargs=-1, required=True, metavar="ID ID...")
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def merge(
    ctx: click.Context, ids: tuple[str, ...], who: str, why: str | None, ledger_path: options.Where | None
) -> None:
    """These incidents are one: all their claims tell of one occurrence."""
    with _opened(ctx, ledger_path) as ledger:
        _say(ledger, ledger.merge(*ids, who=who, why=why))


@command.command("split")
@click.argument("id", metavar="ID")
@click.option(
    "--claims",
    "labels",
    multiple=True,
    required=True,
    metavar="REPORT:CLAIM,...",
    help="The claims that tell of another occurrence, as `show` prints them; may be given again.",
)
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def split(
    ctx: click.Context, id: str, labels: tuple[str, ...], who: str, why: str | None, ledger_path: options.Where | None
) -> None:
    """Some claims of an incident tell of another occurrence: they become an incident of their own."""
    from tadmor.ledger.deciding import label

    with _opened(ctx, ledger_path) as ledger:
        known = {label(ref): ref for ref in ledger.incident(id).incident.claims}
        chosen = [known.get(text) or deciding.claim(text) for given in labels for text in _pieces(given, known)]
        _say(ledger, ledger.split(id, chosen, who=who, why=why))


@command.command("move")
@click.argument("claim", metavar="REPORT:CLAIM")
@click.option("--to", "to", required=True, metavar="ID", help="The incident of which the claim tells.")
@deciding.who
@deciding.why
@deciding.ledger
@click.pass_context
def move(ctx: click.Context, claim: str, to: str, who: str, why: str | None, ledger_path: options.Where | None) -> None:
    """A claim tells of another incident than the one in which it stands."""
    with _opened(ctx, ledger_path) as ledger:
        _say(ledger, ledger.move(deciding.claim(claim), to, who=who, why=why))


@contextmanager
def _opened(ctx: click.Context, given: options.Where | None) -> Iterator[Ledger]:
    """The ledger, its incidents made by this version, which is told on the terminal when it takes long."""
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress

    with Ledger(deciding.path(ctx, given)) as ledger:
        with Progress("grouping anew") as shown:
            ledger.store.group(shown.reach)
        yield ledger


def _pieces(given: str, known: Iterable[str]) -> list[str]:
    """The claims in a list parted by commas; ids of reports may have commas themselves."""
    labels, out, held = set(known), [], ""
    for piece in given.split(","):
        held = f"{held},{piece}" if held else piece
        if held.strip() in labels or (":" in held and not any(x.startswith(f"{held.strip()},") for x in labels)):
            out.append(held.strip())
            held = ""
    return [*out, held.strip()] if held.strip() else out


def _say(ledger: Ledger, ids: Sequence[str]) -> None:
    """Tell what came of it: ids on standard output, for the next command, and on standard error what they hold."""
    for id in ids:
        click.echo(id)
    held = (f"{id} has {len(ledger.incident(id).incident.claims)}" for id in ids)
    click.echo(f"kept; claims now: {', '.join(held)}", err=True)
