"""``tadmor export``: everything in the ledger, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from tadmor.cli import options
from tadmor.cli.output import whole
from tadmor.cli.verb import Verb

# As in publish.exports, which is not loaded for the help alone; a test holds the two to each other.
FORMS = ("jsonl", "csv", "geojson", "acled", "ucdp", "parquet", "annotations", "claimreview")
EITHER = ("jsonl", "csv", "geojson", "parquet")
_SUFFIXES = {f".{form}": form for form in EITHER}  # forms that have a suffix to themselves


@click.command("export", cls=Verb)
@options.ledger
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Form of the output.  [default: that of the suffix of -o (.jsonl, .csv, .geojson, .parquet), else jsonl]",
)
@click.option(
    "--of",
    type=click.Choice(("claims", "incidents")),
    help="Claims or incidents, for jsonl, csv, geojson and parquet.  [default: claims; jsonl: whole readings]",
)
@options.place
@options.start
@options.end
@click.option("--owner", metavar="NAME", help="Who keeps the ledger, as author of the reviews (claimreview).")
@options.output
def command(
    ledger_path: options.Where,
    form: str | None,
    of: str | None,
    place: str | None,
    start: str | None,
    end: str | None,
    owner: str | None,
    output: Path | None,
) -> None:
    """Everything in the ledger, for other programs.

    jsonl has whole readings, csv and geojson a row or point for each claim, parquet a typed table, acled and ucdp the incidents
    in the columns of these datasets, annotations the clauses of the claims (W3C Web Annotation), claimreview the positions of
    disputes (schema.org). What a form cannot hold is left out and counted on standard error.
    """
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress

    form = form or options.form_of(output, _SUFFIXES, "jsonl")
    if of and form not in EITHER:
        raise click.BadParameter(
            f"{form} is always of {'claims' if form == 'annotations' else 'incidents'}", param_hint="--of"
        )
    if owner is not None and form != "claimreview":
        raise click.BadParameter(f"{form} has no author: --owner is for claimreview", param_hint="--owner")
    if form == "parquet" and output is None:
        raise click.UsageError("parquet is binary and is not written to standard output: name a file with -o FILE")
    with Ledger(options.existing(ledger_path)) as ledger, Progress("grouping anew") as shown:

        def write(stream: TextIO | BinaryIO) -> str | None:
            return ledger.export(
                form,
                stream,
                of=of,
                place=place,
                start=start,
                end=end,
                owner=owner,
                progress=shown.reach,
            )

        if output is None:
            note = write(sys.stdout)
        elif form == "parquet":
            with whole(output) as path, path.open("wb") as binary:
                note = write(binary)
        else:
            with whole(output) as path, path.open("w", encoding="utf-8", newline="") as text:
                note = write(text)
    if note:
        click.echo(note, err=True)
