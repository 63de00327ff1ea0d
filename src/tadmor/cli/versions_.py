"""``tadmor versions``: the texts that a report had, and what its claims gained and lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.ledger.versions_store import Version
    from tadmor.model import Claim


@click.command("versions", cls=Verb)
@click.argument("report", required=False, metavar="[REPORT]")
@options.ledger
@click.option(
    "--version",
    "number",
    type=click.IntRange(min=1),
    help="Only this version of the REPORT.  [default: all; of --original the latest]",
)
@click.option(
    "--original",
    "target",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the bytes that the report was read from to this file (- for standard output).",
)
@options.form("text", "jsonl", default="text")
def command(report: str | None, ledger_path: options.Where, number: int | None, target: Path | None, form: str) -> None:
    """The texts that REPORT had over time, and what its claims gained and lost with each; without REPORT, which reports changed.

    A report is known again by its id or, where it came without one, by its address. The latest text is the one that is told.
    """
    from tadmor.api import Ledger
    from tadmor.publish import jsonl
    from tadmor.publish.plural import many

    if target is not None and report is None:
        raise click.UsageError("--original needs a REPORT")
    if number is not None and report is None:
        raise click.UsageError("--version needs a REPORT")
    with Ledger(options.existing(ledger_path)) as ledger:
        if report is None:
            rows = ledger.changed()
            for id, texts in rows:
                if form == "jsonl":
                    jsonl.write({"report": id, "versions": texts}, sys.stdout)
                else:
                    click.echo(f"{id}  {many(texts, 'version')}")
            if not rows:
                click.echo("no report changed: every one has a single text", err=True)
            return
        if target is not None:
            _write(ledger.original(report, number), target, report)
            return
        found = ledger.versions(report)
    if number is not None:
        there = [version.number for version in found]
        if number not in there:
            raise click.ClickException(
                f"the report {report} has no version {number}: it has {', '.join(map(str, sorted(there)))}"
            )
        found = [version for version in found if version.number == number]
    for version in found:
        if form == "jsonl":
            jsonl.write(_record(version), sys.stdout)
        else:
            for line in _lines(version):
                click.echo(line)


def _write(original: Any, target: Path, report: str) -> None:
    if original is None:
        raise click.ClickException(f"no bytes of {report} are kept: add it again to keep them")
    if str(target) == "-":
        sys.stdout.buffer.write(original.data)
        return
    target.write_bytes(original.data)
    click.echo(f"{len(original.data):,} bytes ({original.form}), SHA-256 {original.sha256} · {target}", err=True)


def _lines(version: Version) -> Iterator[str]:
    from tadmor.publish.plural import many

    when = f"captured {version.captured}" if version.captured else f"added {version.added_at}"
    marks = [m for m in ("current" if version.current else "", "retracted" if version.retracted else "") if m]
    yield f"version {version.number}  {when}  {many(version.claims, 'claim')}{f'  ({chr(44).join(marks)})' if marks else ''}"
    yield f"    {version.title or 'no title'} · {version.url or version.path or 'from nowhere known'}"
    if version.retracted:
        yield f"    retracted by {version.retracted['who']}: {version.retracted['why']}"
    if version.change is None:
        return
    for claim in version.change.gained:
        yield f"    + {_claim(claim)}"
    for claim in version.change.lost:
        yield f"    - {_claim(claim)}"
    for altered in version.change.altered:
        yield f"    ~ {_claim(altered.after)}: {', '.join(altered.fields)}"
    yield f"    {many(version.change.kept, 'claim')} as before"


def _claim(claim: Claim) -> str:
    return f"{claim.id} {claim.type}: “{' '.join(claim.text.split())}”"


def _record(version: Version) -> dict[str, Any]:
    from tadmor.record import claim_to_record

    change: dict[str, Any] | None = None
    if version.change is not None:
        change = {
            "gained": [claim_to_record(c) for c in version.change.gained],
            "lost": [claim_to_record(c) for c in version.change.lost],
            "altered": [
                {
                    "before": claim_to_record(a.before),
                    "after": claim_to_record(a.after),
                    "fields": {name: {"before": b, "after": n} for name, (b, n) in a.fields.items()},
                }
                for a in version.change.altered
            ],
            "kept": version.change.kept,
        }
    return {
        "report": version.report,
        "version": version.number,
        "added_at": version.added_at,
        "captured": version.captured,
        "url": version.url,
        "path": version.path,
        "title": version.title,
        "published": version.published,
        "sha256": version.sha256,
        "current": version.current,
        "claims": version.claims,
        "retracted": version.retracted,
        "change": change,
    }
