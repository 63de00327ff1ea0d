"""An evaluation from files: read the gold's own texts, or take readings made before, and score them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tadmor import gather, pipeline
from tadmor.errors import InputError
from tadmor.evaluate import claims, incidents, layers
from tadmor.evaluate.calibration import Bin
from tadmor.model import Failure, Reading, Report
from tadmor.publish.wire import incident_to_record
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.reader import READERS
from tadmor.reconcile import accounts as accounts_of
from tadmor.reconcile import incidents as find_incidents
from tadmor.record import from_record, to_record

Record = dict[str, Any]
Told = Callable[[int, int], None]
"""Is told how many of how many texts are read."""


@dataclass
class Result:
    """Figures by name, lines for single claims, ids of gold texts without a reading, how far the scores of claims hold."""

    figures: dict[str, float]
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    reliability: tuple[Bin, ...] = ()


def evaluate(
    what: str,
    gold: Path,
    *,
    readings: Path | None = None,
    incidents: Path | None = None,
    answers: Path | None = None,
    limit: int | None = None,
    reader: str = READERS[0],
    second: LlmSettings | None = None,
    told: Told | None = None,
) -> Result:
    """Score ``what`` (claims, incidents or a layer) as ``reader`` reads it, with ``second`` as the language model that it asks.

    ``told`` is told how far the reading has come. Raises InputError when a file does not fit.
    """
    if what == "claims":
        return _claims(gold, readings, limit, reader, second, told)
    if what == "incidents":
        return _incidents(gold, readings, incidents, reader, second, told)
    rows = _rows(gold)[:limit]
    if what == "control":
        if answers is None:
            raise InputError("give --answers: the output of `tadmor control --join POINTS.csv --format jsonl`")
        return Result(layers.control(rows, _rows(answers)))
    if readings is not None:
        read = _rows(readings)
    elif what == "pages":
        read = _read_pages(gold, {r["id"] for r in rows}, told)
    else:
        read = read_rows(rows, reader, second, told)
    read_ids = {r["report"]["id"] for r in read if "error" not in r}
    stems = {Path(r["report"].get("path") or "").stem for r in read}
    missing = [r["id"] for r in rows if r["id"] not in read_ids and r["id"] not in stems]
    return Result(layers.LAYERS[what](rows, read), missing=missing)


def read_rows(
    rows: Iterable[Record], reader: str = READERS[0], second: LlmSettings | None = None, told: Told | None = None
) -> list[Record]:
    """Read rows that carry id and text, and title, publisher, published, url where known; one record each."""
    line = pipeline.default(reader, second=second)
    rows = list(rows)
    out: list[Record] = []
    for report in line.ahead(map(_report_or_failure, rows)):
        if told is not None:
            told(len(out), len(rows))
        item = report if isinstance(report, Failure) else line.attempt(report)
        out.append(_failed(item) if isinstance(item, Failure) else to_record(item))
    return out


def _report_or_failure(row: Record) -> Report | Failure:
    try:
        return report_of(row)
    except InputError as error:
        return Failure(row["id"], "", str(error))


def report_of(row: Record) -> Report:
    """The report that gathering makes of such a row."""
    return gather.from_text(
        row["text"],
        id=row["id"],
        title=row.get("title") or None,
        publisher=row.get("publisher") or None,
        url=row.get("url"),
        row_published=row.get("published"),
    )


def _claims(
    folder: Path,
    readings: Path | None,
    limit: int | None,
    reader: str,
    second: LlmSettings | None,
    told: Told | None,
) -> Result:
    gold = claims.load_gold(folder)[:limit]
    read = _rows(readings) if readings else read_rows((g["report"] for g in gold), reader, second, told)
    scored = claims.score(gold, read)
    return Result(scored.figures, scored.lines, scored.missing, scored.reliability)


def _incidents(
    path: Path,
    readings: Path | None,
    incidents_path: Path | None,
    reader: str,
    second: LlmSettings | None,
    told: Told | None,
) -> Result:
    gold = json.loads(path.read_text(encoding="utf-8"))
    read = _rows(readings) if readings else read_rows(_rows(path.with_name("reports.jsonl")), reader, second, told)
    if incidents_path is not None:
        found: Sequence[Record] = _rows(incidents_path)
    else:
        readable: list[Reading] = [from_record(r) for r in read if "claims" in r]
        found = [incident_to_record(i) for i in find_incidents(a for r in readable for a in accounts_of(r))]
    return Result(incidents.score(gold, found, read))


def _read_pages(gold: Path, wanted: set[str], told: Told | None) -> list[Record]:
    folder = gold.parent / "html"
    if not folder.is_dir():
        raise InputError(f"{folder} is not there: the pages of {gold} are expected in a folder html beside it")
    out: list[Record] = []
    for item in gather.gather([folder]):
        if isinstance(item, Failure):
            out.append(_failed(item))
        elif Path(item.path or "").stem in wanted:
            # Only the text is scored, so the report alone stands for its reading.
            out.append({"report": to_record(_bare(item))["report"]})
        if told is not None:
            told(min(len(out), len(wanted)), len(wanted))
    return out


def _bare(report: Report) -> Reading:
    from tadmor.model import ReaderInfo

    return Reading(report, ReaderInfo("none", "0"))


def _failed(failure: Failure) -> Record:
    return {"report": {"id": failure.id, "path": failure.path}, "error": failure.error}


def _rows(path: Path) -> list[Record]:
    try:
        with path.open(encoding="utf-8") as stream:
            return [json.loads(line) for line in stream if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no JSON Lines file: {error}") from error
