"""What ``read``, ``add`` and ``incidents`` share about corpora that are read in parts: options, and what is said on the way."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from tadmor.bulk.engines import ENGINES
from tadmor.cli.options import Decorator
from tadmor.cli.verb import Option

if TYPE_CHECKING:
    from tadmor.bulk.corpus import Told

_option = functools.partial(click.option, cls=Option, heading="Working in parts (docs/scale.md)")

engine: Decorator = _option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Work in parts: in processes of this machine, on Daft's runner, or on a Ray cluster.",
)
out: Decorator = _option(
    "--out",
    "out_dir",
    metavar="DIR/",
    help="With --engine: the folder, or s3://BUCKET/KEY, to keep what comes of it in.",
)
jobs: Decorator = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    help="With --engine: how many processes; as many as there are cores if not told.",
)
readings: Decorator = _option(
    "--readings",
    metavar="DIR/",
    help="With --engine: the folder of readings that `tadmor read --out` wrote, instead of a ledger.",
)
rows: Decorator = _option(
    "--rows",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="With --engine: rows of Parquet in a part.",
)


def in_parts(engine: str | None, out: str | None) -> bool:
    """Whether to work in parts; one of the two options without the other is a usage error that says what is wanting."""
    if engine and not out:
        raise click.UsageError("--engine keeps what comes of it in a folder: name it with --out DIR/")
    if out and not engine:
        raise click.UsageError("--out is for working in parts: choose where with --engine (local, daft or ray)")
    return engine is not None


def read(inputs: Sequence[str], engine: str, out: str, rows: int, **how: Any) -> None:
    """``tadmor read --engine``: read in parts and keep; exit status 1 when a part was given up or a report not read.

    ``how`` is as ``Recipe`` has it.
    """
    from tadmor.bulk import corpus
    from tadmor.bulk.batch import Recipe
    from tadmor.cli.progress import Progress
    from tadmor.publish.plural import many

    with Progress("parts") as shown:

        def tell(told: Told) -> None:
            shown.reach(told.done, told.total)
            if told.trial:
                shown.say(f"tadmor: {told.trial}")

        run = corpus.read(inputs, out, on=engine, jobs=_told_jobs(), recipe=Recipe(**how), rows=rows, tell=tell)
    for failure in run.given_up:
        click.echo(f"tadmor: {failure.path}: {failure.error}", err=True)
    click.echo(
        f"{many(run.reports, 'report')} with {many(run.claims, 'claim')}, {run.not_read:,} not read · "
        f"{many(run.read, 'part')} read, {run.known:,} known already, {len(run.given_up):,} given up · {out}",
        err=True,
    )
    if run.given_up or run.not_read:
        sys.exit(1)


def _told_jobs() -> int | None:
    """``--jobs`` where it was given: without it, an engine takes all cores, while reading by itself takes one."""
    ctx = click.get_current_context()
    source = ctx.get_parameter_source("jobs")
    return None if source in (None, click.core.ParameterSource.DEFAULT) else int(ctx.params["jobs"])


def incidents(engine: str, readings: str | None, out: str, jobs: int | None, form: str) -> None:
    """``tadmor incidents --engine``: find the incidents of a folder of readings in parts; printed with ``--format jsonl``."""
    from tadmor.bulk.incidents import run
    from tadmor.cli.progress import Progress
    from tadmor.publish import jsonl
    from tadmor.publish.plural import many

    if readings is None:
        raise click.UsageError("--engine works on readings in a folder: name it with --readings DIR/")
    if form == "geojson":
        raise click.UsageError("in parts incidents are written as Parquet, and printed with --format jsonl")
    with Progress("tasks") as shown:
        found = run.incidents(readings, out, on=engine, jobs=jobs, tell=lambda _, done, of: shown.reach(done, of))
    if form == "jsonl":
        for record in run.records(out):
            jsonl.write(record, sys.stdout)
    click.echo(
        f"{many(found.incidents, 'incident')} of {many(found.accounts, 'account')} in {many(found.reports, 'report')}, "
        f"{many(found.pairs, 'pair')} compared · {out.rstrip('/')}/incidents",
        err=True,
    )
