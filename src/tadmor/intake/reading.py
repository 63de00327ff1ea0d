"""Reading without a ledger: what comes in is sorted, read, and handed on in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tadmor.intake.failing import attempted
from tadmor.intake.sorting import NONE, Aside, Sorter, Sorting
from tadmor.intake.workers import Recipe, attempts
from tadmor.model import Failure, Reading, Report
from tadmor.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class _Decided:
    item: Report | Failure
    aside: Aside | None = None


def readings(
    line: Pipeline,
    items: Iterable[Report | Failure],
    *,
    sorting: Sorting = NONE,
    jobs: int = 1,
    recipe: Recipe | None = None,
) -> Iterator[Reading | Failure]:
    """The reading of each report, or the failure, in order; what is set aside is a reading that says so (``Reading.unread``).

    Reprints are those of the last 20,000 reports. For ``jobs`` and ``recipe`` see :func:`tadmor.intake.workers.attempts`.
    """
    sorter = Sorter(sorting)
    decided = (_decide(sorter, item) for item in items)
    for one, outcome in attempts(line, decided, _to_read, jobs=jobs, recipe=recipe):
        if isinstance(one.item, Failure):
            yield one.item
        elif one.aside is not None:
            yield attempted(
                one.item, "setting it aside", partial(line.leave, one.item, one.aside.reason, one.aside.why)
            )
        elif outcome is not None:
            yield outcome


def _to_read(one: _Decided) -> Report | None:
    return one.item if isinstance(one.item, Report) and one.aside is None else None


def _decide(sorter: Sorter, item: Report | Failure) -> _Decided:
    if isinstance(item, Failure):
        return _Decided(item)
    decided = attempted(item, "sorting", partial(_sorted, sorter, item))
    return _Decided(decided) if isinstance(decided, Failure) else decided


def _sorted(sorter: Sorter, item: Report) -> _Decided:
    aside = sorter.irrelevant(item)
    if aside is not None:
        return _Decided(item, aside)
    keys = sorter.sketch(item)
    aside = sorter.reprint(item, keys)
    if aside is None:
        sorter.hold(item, keys)
    return _Decided(item, aside)
