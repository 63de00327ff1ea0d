"""``tadmor eval``: the reader measured on coded data, with the figures of the scorers."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import options
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.reading.llm.settings import LlmSettings

_GO_ON = "nothing of it is kept: the same command begins again"
WHATS = (
    "claims",
    "incidents",
    "mentions",
    "attribution",
    "places",
    "times",
    "event_place",
    "event_type",
    "pages",
    "control",
)


@click.command("eval", cls=Verb)
@click.argument("what", type=click.Choice(WHATS))
@click.argument("gold", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--readings",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Readings made before (JSONL); otherwise the gold's own texts are read now.",
)
@click.option(
    "--incidents",
    "incidents_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Incidents made before (JSONL), for `eval incidents`.",
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What `tadmor control --join` printed, for `eval control`.",
)
@options.reader
@options.second
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many rows.")
@click.option(
    "--reliability",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write the reliability diagram of the claims' scores here (SVG), for `eval claims`.",
)
@click.option("--list", "list_", is_flag=True, help="Also list every claim that was missed, spurious or half right.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
def command(
    what: str,
    gold: Path,
    readings: Path | None,
    incidents_path: Path | None,
    answers: Path | None,
    reader: str,
    second: LlmSettings | None,
    limit: int | None,
    reliability: Path | None,
    list_: bool,
    as_json: bool,
) -> None:
    """Measure a layer of reading on coded data.

    GOLD is a folder of gold files for `claims`, a gold JSON file for `incidents`, and a JSONL whose rows carry text and
    gold spans for the layers. Texts are read now unless --readings gives what was read before. With --reader llm or mixed,
    the embedded reader is measured on the same texts and stands beside it.
    """
    from tadmor import pipeline
    from tadmor.cli.progress import Progress
    from tadmor.evaluate import calibration, run
    from tadmor.reading.reader import READERS, SECOND

    asked = options.total(pipeline.default(reader, second=second)) if second else nullcontext()
    with asked, Progress("reading", go_on=_GO_ON) as progress:
        result = run.evaluate(
            what,
            gold,
            readings=readings,
            incidents=incidents_path,
            answers=answers,
            limit=limit,
            reader=reader,
            second=second,
            told=progress.reach,
        )
    beside: dict[str, float] = {}
    if reader in SECOND and readings is None:
        with Progress(f"reading by {READERS[0]}", go_on=_GO_ON) as progress:
            beside = run.evaluate(
                what, gold, incidents=incidents_path, answers=answers, limit=limit, told=progress.reach
            ).figures
    if reliability is not None:
        if not result.reliability:
            raise click.UsageError("--reliability is for `eval claims`, on gold with at least one claim read")
        title = f"Reliability of claim scores ({sum(b.size for b in result.reliability)} claims)"
        reliability.write_text(calibration.diagram(result.reliability, title), encoding="utf-8")
    for line in result.lines if list_ else ():
        click.echo(line)
    if as_json:
        click.echo(json.dumps(result.figures | ({"beside": {READERS[0]: beside}} if beside else {})))
        return
    if beside:
        click.echo(f"{'':24} {reader:>10} {READERS[0]:>10}")
    for name, value in result.figures.items():
        shown = f"{_shown(value):>10} {_shown(beside.get(name, '')):>10}" if beside else _shown(value)
        click.echo(f"{name:24} {shown}")
    if result.missing:
        click.echo(f"no reading for {len(result.missing)}: {', '.join(result.missing[:10])}", err=True)
        sys.exit(1)


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
