"""``tadmor read``: the claims of reports, as a table for people or one JSON object a line for programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tadmor.cli import options


@click.command("read")
@options.INPUTS
@options.published
@options.max_bytes
@options.reader
@options.actors
@options.gazetteer
@options.form("table", "jsonl", default="table")
def command(
    inputs: tuple[str, ...],
    published: str | None,
    max_bytes: int,
    reader: str,
    actors: Path | None,
    gazetteer: Path | None,
    form: str,
) -> None:
    """Read reports and print what they claim.

    INPUT is a file or folder (text, Markdown, HTML, JSONL, CSV, each also .gz), an http(s) address, or - for standard
    input. A report that cannot be read gets an error line; the others are still read, and the exit status is 1.
    """
    from tadmor import pipeline
    from tadmor.model import Failure
    from tadmor.publish import jsonl, tables
    from tadmor.record import failure_to_record, to_record

    read = failed = 0
    out = tables.console(sys.stdout) if form == "table" else None
    for item in pipeline.default(reader, actors, gazetteer).read_many(
        inputs, published=published, max_bytes=max_bytes, stdin=sys.stdin.buffer
    ):
        if isinstance(item, Failure):
            failed += 1
            click.echo(f"tadmor: {item.path}: {item.error}", err=True)
            if form == "jsonl":
                jsonl.write(failure_to_record(item), sys.stdout)
            continue
        if out is None:
            jsonl.write(to_record(item), sys.stdout)
        else:
            if read:
                out.rule(style="dim")
            out.print(tables.reading_table(item))
        read += 1
    if not read and not failed:
        raise click.ClickException(f"nothing to read in {', '.join(inputs)}: no file of a known kind")
    if failed:
        sys.exit(1)
