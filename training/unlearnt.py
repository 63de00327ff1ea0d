"""Weights of the resolver that have not learnt from a report, to judge it by.

The weights that ship have learnt from all coded reports. Beside weights that know the dates and the counts already, what else
speaks for them seems worth little: so what is weighed against them is fitted with weights that were learnt without the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tadmor.evaluate.run import report_of
from tadmor.model import Reading
from tadmor.reading.embedded.reader import _Network
from tadmor.reading.embedded.session import Encoder
from training import derive_dates
from training.examples import SHARED
from training.settle_cases import Row
from training.settle_trees import reading

FOLDS = 3


def readings(
    rows: Sequence[Row], derive: Any, encoder: Encoder, halves: Sequence[Encoder] = ()
) -> Iterator[tuple[Row, Reading, derive_dates.Table]]:
    """Each report, its claims as the reader finds them, unresolved, and such weights."""
    read = reading(encoder, _Network, halves)
    for row, weights in unlearnt(rows, derive):
        yield row, read(report_of(row["report"]))[1], weights


def unlearnt(rows: Sequence[Row], derive: Any) -> Iterator[tuple[Row, derive_dates.Table]]:
    """Each report with weights that were learnt from all coded reports but a share, which it is of.

    ``derive`` is the module that the weights are made with: ``derive_dates`` or ``derive_counts``.
    """
    learnt = derive.examples(derive_dates.load(SHARED / "gold-train"))
    for fold in range(FOLDS):
        own = rows[fold::FOLDS]
        out = {row["report"]["id"] for row in own}
        table = derive.fit([e for e in learnt if e.report not in out])
        yield from ((row, table) for row in own)
