"""``tadmor read``: the claims of reports, as a table for people or one JSON object a line for programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tadmor.cli import bulk, left_out, options, sorting
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.reading.llm.settings import LlmSettings


_STOPPED = "what was printed is whole; `tadmor add` keeps what is read, and goes on where it was stopped"


@click.command("read", cls=Verb)
@options.INPUTS
@options.published
@options.max_bytes
@options.reader
@options.actors
@options.gazetteer
@options.second
@click.option("--sort", is_flag=True, help="Read neither what is about no conflict nor reprints, as `tadmor add` does.")
@sorting.jobs
@options.form("table", "jsonl", default="table")
@bulk.engine
@bulk.out
@bulk.rows
def command(
    inputs: tuple[str, ...],
    published: str | None,
    max_bytes: int,
    reader: str,
    actors: Path | None,
    gazetteer: Path | None,
    second: LlmSettings | None,
    sort: bool,
    jobs: int,
    form: str,
    engine: str | None,
    out_dir: str | None,
    rows: int,
) -> None:
    """Read reports and print what they claim.

    INPUT is a file or folder (text, Markdown, HTML, PDF, DOCX, EML, MBOX, JSONL, CSV, Parquet, WARC, WACZ, each also .gz), an
    http(s) address, or - for standard input. Files of other forms in a folder are left out, and it is said which. A report that
    cannot be read gets an error line; the others are still read, and the exit status is 1. One in a language that the reader does
    not know is printed with the names that it holds, and says so.
    """
    if bulk.in_parts(engine, out_dir):
        if second is not None:
            raise click.UsageError(
                "a language model is not asked in parts: read with --engine, then what is left without it"
            )
        files = [str(path) if path else None for path in (actors, gazetteer)]
        how = {
            "reader": reader,
            "actors": files[0],
            "gazetteer": files[1],
            "published": published,
            "max_bytes": max_bytes,
        }
        left_out.say(inputs)
        bulk.read(inputs, str(engine), str(out_dir), rows, **how)
        return
    from rich.rule import Rule

    from tadmor import gather, pipeline
    from tadmor.cli.amount import amount
    from tadmor.cli.progress import Progress
    from tadmor.gather.undated import undated
    from tadmor.intake.reading import readings
    from tadmor.intake.sorting import BOTH, NONE
    from tadmor.intake.workers import Recipe
    from tadmor.model import Failure
    from tadmor.publish import jsonl, tables
    from tadmor.record import failure_to_record, to_record

    read = failed = 0
    line = pipeline.default(reader, actors, gazetteer, second)
    items = gather.gather(inputs, published=published, max_bytes=max_bytes, stdin=sys.stdin.buffer)
    recipe = Recipe(reader, actors, gazetteer)
    # a line of progress between tables would only be in the way
    counted = (lambda: amount(inputs)) if not sys.stdout.isatty() else 0
    with options.total(line), Progress("reading", of=counted, go_on=_STOPPED) as progress:
        for item in readings(line, items, sorting=BOTH if sort else NONE, jobs=jobs, recipe=recipe):
            if isinstance(item, Failure):
                failed += 1
                progress.say(f"tadmor: {item.path}: {item.error}")
                if form == "jsonl":
                    jsonl.write(failure_to_record(item), sys.stdout)
            else:
                if remark := undated(item.report):
                    progress.say(f"tadmor: {remark}")
                if form == "jsonl":
                    jsonl.write(to_record(item), sys.stdout)
                else:
                    if read:
                        tables.show(Rule(style="dim"), sys.stdout)
                    tables.show(tables.reading_table(item), sys.stdout)
                read += 1
            if not sys.stdout.isatty():
                progress.step()
    left_out.say(inputs)
    if not read and not failed:
        raise click.ClickException(f"nothing to read in {', '.join(inputs)}: no file of a known kind")
    if failed:
        sys.exit(1)
