"""Reports that came with a date that is none: they are read without one, and whoever handed them over is told.

``03/04/2017`` is the third of April or the fourth of March, and nobody but who wrote it knows which; "sometime" is no day at all.
What was said is kept in the report's metadata, so that it is not lost to whoever meets the report later.
"""

from __future__ import annotations

from tadmor.gather import dates
from tadmor.gather.clean import short
from tadmor.model import Report

SAID = "published_said"
"""The key of a report's metadata that has what was said of its date, where that is none and the text has none either."""


def undated(report: Report, mend: str = "say it with --published") -> str | None:
    """By name, that the report has no date because what was said of it is none, and how to ``mend`` it; None for all others."""
    said = report.metadata.get(SAID)
    if said is None or report.published is not None:  # the date may have been given since (--published, a feed)
        return None
    days = " or ".join(day.isoformat() for day in dates.possible(said))
    wrong = (
        f"can be {days}: write the one that is meant"
        if days
        else "is no date that Tadmor reads: write it like 2017-04-03"
    )
    name = ": ".join(part for part in (report.path, report.where or f"report {report.id}") if part)
    return f"{name}: published '{short(said)}' {wrong}, or {mend}; the report has no date"
