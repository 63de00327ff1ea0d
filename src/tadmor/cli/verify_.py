"""``tadmor verify``: whether what the ledger says still stands in the bytes that it was read from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.ledger.bytes_verify import Verified

_SHOWN = 20  # spans of one text that are named to people; JSON Lines has all


@click.command("verify", cls=Verb)
@click.argument("given", required=False, metavar="[LEDGER]", type=options.LEDGER)
@options.ledger
@click.option("--report", metavar="ID", help="Only the texts of this report.")
@click.option("--all", "every", is_flag=True, help="Also tell of what matches (JSON Lines).")
@options.form("text", "jsonl", default="text")
def command(
    given: options.Where | None, ledger_path: options.Where, report: str | None, every: bool, form: str
) -> None:
    """Read every report again from the bytes that were kept of it, and name what no longer matches, span by span.

    LEDGER is the ledger file, as --ledger is. The bytes are checked against their SHA-256, the text against that of the bytes,
    and every clause, trigger, source, cue and mention against the text. The exit status is 1 when something does not match.
    """
    from tadmor.api import Ledger
    from tadmor.cli.progress import Progress
    from tadmor.publish import jsonl
    from tadmor.publish.plural import many

    path = options.existing(given or ledger_path)
    texts = spans = moved = bare = differing = 0
    with Ledger(path) as ledger, Progress("verifying", of=None if report else ledger.store.texts) as progress:
        for one in ledger.verify(report):
            texts += 1
            spans += one.spans
            moved += one.moved
            bare += one.state == "no bytes"
            differing += one.state == "differs"
            if form == "jsonl" and (every or one.state == "differs"):
                jsonl.write(_record(one), sys.stdout)
            elif one.state == "differs":
                for line in _lines(one):
                    progress.say(line)
            progress.step()
        kept, whole, taken = ledger.store.originals()
    held = f" · {many(kept, 'original')} of {whole:,} bytes kept in {taken:,}" if kept else ""
    away = f", {moved:,} of them at another place today" if moved else ""
    click.echo(
        f"{many(texts, 'text')} with {many(spans, 'span')}{away}: {texts - differing - bare:,} match their bytes,"
        f" {differing:,} do not, {bare:,} have none{held} · {options.shown(path)}",
        err=True,
    )
    if differing:
        sys.exit(1)


def _record(one: Verified) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one)


def _lines(one: Verified) -> Iterator[str]:
    name = f"{one.report} (version {one.version})" if one.version > 1 else one.report
    for m in one.mismatches[:_SHOWN]:
        what = f" “{m.text}”" if m.text else ""
        yield f"{name}: {f'{m.where}{what}: ' if m.where else ''}{m.why}"
    if len(one.mismatches) > _SHOWN:
        yield f"{name}: {len(one.mismatches) - _SHOWN} more, which --format jsonl names"
