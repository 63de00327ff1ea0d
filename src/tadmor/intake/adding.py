"""Reports into a ledger: what is known is skipped, what need not be read is set aside, the rest is read, and all is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tadmor.gather.undated import undated
from tadmor.intake.failing import attempted
from tadmor.intake.sorting import NONE, Aside, Sorter, Sorting
from tadmor.intake.workers import Recipe, attempts
from tadmor.ledger import Store
from tadmor.model import UNREAD, Failure, ReaderInfo, Reading, Report
from tadmor.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one report: added with so many claims, or known already.

    ``unread`` is the reason for which it is kept without having been read (language, relevance, reprint), ``why`` the same
    in words. ``remark`` is what whoever handed over a report that was added should know of it: that its date is none, by name.
    """

    report: str
    added: bool
    claims: int
    unread: str | None = None
    why: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class _Decided:
    """One item, and what is to be done with it: read it, or keep it ``aside``, or nothing (``told``)."""

    item: Report | Failure
    told: Kept | Failure | None = None
    aside: Aside | None = None
    keys: tuple[int, ...] = ()

    @property
    def to_read(self) -> Report | None:
        if self.told is None and self.aside is None and isinstance(self.item, Report):
            return self.item
        return None


def adding(
    store: Store,
    line: Pipeline,
    items: Iterable[Report | Failure],
    *,
    sorting: Sorting = NONE,
    jobs: int = 1,
    recipe: Recipe | None = None,
) -> Iterator[Kept | Failure]:
    """What became of each item, in order; each is kept before the next is told of.

    What a reader has read once is never set aside afterwards. For ``jobs`` and ``recipe`` see
    :func:`tadmor.intake.workers.attempts`.
    """
    sorter = Sorter(sorting, store.alike)
    decided = (_decide(store, line, sorter, item) for item in items)
    for one, outcome in attempts(line, decided, lambda d: d.to_read, jobs=jobs, recipe=recipe):
        if one.told is not None:
            yield one.told
            continue
        assert isinstance(one.item, Report)
        if one.aside is not None:
            leave = partial(line.leave, one.item, one.aside.reason, one.aside.why)
            outcome = attempted(one.item, "setting it aside", leave)
        assert outcome is not None
        if isinstance(outcome, Reading):
            yield attempted(one.item, "keeping", partial(keep, store, outcome, one.keys))
        else:
            yield outcome
        sorter.release(one.item, one.keys)


def keep(store: Store, reading: Reading, keys: tuple[int, ...] = ()) -> Kept:
    """Keep a reading, and the sketch of its report when it was read."""
    added = store.add(reading)
    if keys and reading.unread is None:
        store.note_sketch(reading.report, keys)
    why = reading.warnings[0] if reading.unread and reading.warnings else None
    remark = undated(reading.report) if added else None
    return Kept(reading.report.id, added, len(reading.claims), reading.unread, why, remark)


def _decide(store: Store, line: Pipeline, sorter: Sorter, item: Report | Failure) -> _Decided:
    if isinstance(item, Failure):
        return _Decided(item, item)
    decided = attempted(item, "sorting", partial(_sorted, store, line, sorter, item))
    return _Decided(item, decided) if isinstance(decided, Failure) else decided


def _sorted(store: Store, line: Pipeline, sorter: Sorter, item: Report) -> _Decided:
    reader = line.info_of(item)
    if store.known(item, reader):
        return _Decided(item, Kept(item.id, False, 0, reader.version if reader.name == UNREAD else None))
    if reader.name == UNREAD:
        return _Decided(item)
    aside = sorter.irrelevant(item)
    keys: tuple[int, ...] = ()
    if aside is None:
        keys = sorter.sketch(item)
        aside = sorter.reprint(item, keys)
    if aside is not None and not store.was_read(item):
        if store.known(item, ReaderInfo(UNREAD, aside.reason)):
            return _Decided(item, Kept(item.id, False, 0, aside.reason, aside.why))
        return _Decided(item, aside=aside)
    sorter.hold(item, keys)
    return _Decided(item, keys=keys)
