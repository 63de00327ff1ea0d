"""Sorting before reading: what is about no conflict, and what only says again what is there, is kept without being read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tadmor import edtf
from tadmor.errors import BadDate
from tadmor.gather.relevance import is_relevant, load, relevance
from tadmor.gather.reprints import says_again, sketch
from tadmor.model import Report, UnreadReason
from tadmor.reading.reader import is_english

APART = 14
"""Days between two reports from which on the later is no reprint, however alike: some words come back each year."""

_MOST = 20_000  # reports that a run without a ledger remembers


@dataclass(frozen=True, slots=True)
class Sorting:
    """Which steps are taken: ``relevance`` sets aside what is about no conflict, ``fold`` what says nothing new."""

    relevance: bool = False
    fold: bool = False


NONE = Sorting()
BOTH = Sorting(relevance=True, fold=True)


@dataclass(frozen=True, slots=True)
class Aside:
    """A report that is not to be read, and why: the reason, and the same in words."""

    reason: UnreadReason
    why: str


@dataclass(slots=True)
class Sorter:
    """Decides on one report after the other, in order.

    ``alike`` gives the kept reports that share a key of a sketch. Reports that are to be read, and are not kept yet, are
    remembered here (:meth:`hold`, :meth:`release`), so that it makes no difference how many are on their way.
    """

    sorting: Sorting
    alike: Callable[[Sequence[int]], list[Report]] = lambda _: []
    _held: dict[int, list[Report]] = field(default_factory=dict)
    _order: dict[int, tuple[Report, tuple[int, ...]]] = field(default_factory=dict)

    def irrelevant(self, report: Report) -> Aside | None:
        """Why the report is set aside as being about no conflict; None when it may be, or nobody can tell."""
        if not self.sorting.relevance or not is_english(report) or is_relevant(report.text):
            return None
        score, least = relevance(report.text), load().threshold
        return Aside(
            "relevance",
            f"set aside before reading: by its words it is about no conflict ({score:.2f}, below {least:.2f});"
            " `tadmor add --all` reads it",
        )

    def sketch(self, report: Report) -> tuple[int, ...]:
        """The keys by which reprints of the report are found; none when reprints are not looked for."""
        return sketch(report.text) if self.sorting.fold else ()

    def reprint(self, report: Report, keys: Sequence[int]) -> Aside | None:
        """Why the report is set aside as saying nothing new; None when it does say something, or is a version of the other."""
        if not keys:
            return None
        candidates = {id(r): r for key in keys for r in self._held.get(key, ())}
        for known in (*self.alike(keys), *candidates.values()):
            if _same_page(report, known) or not _near(report, known) or not says_again(report.text, known.text):
                continue
            return Aside(
                "reprint",
                f"set aside before reading: it says nothing that the report {known.id} does not say;"
                " `tadmor add --no-fold` reads it",
            )
        return None

    def hold(self, report: Report, keys: tuple[int, ...]) -> None:
        """Remember a report that is to be read, until it is kept."""
        for key in keys:
            self._held.setdefault(key, []).append(report)
        if keys:
            self._order[id(report)] = report, keys
        if len(self._order) > _MOST:
            self.release(*next(iter(self._order.values())))

    def release(self, report: Report, keys: tuple[int, ...]) -> None:
        """Forget a report that the ledger knows now."""
        for key in keys:
            left = [r for r in self._held.get(key, ()) if r is not report]
            if left:
                self._held[key] = left
            else:
                self._held.pop(key, None)
        self._order.pop(id(report), None)


def _same_page(report: Report, known: Report) -> bool:
    """Whether it is another version of the same report, or the same text again: the ledger tells these apart itself."""
    return report.id == known.id or (report.url is not None and report.url == known.url) or report.text == known.text


def _near(report: Report, known: Report) -> bool:
    if report.published is None or known.published is None:
        return True
    try:
        (first, last), (start, end) = edtf.bounds(report.published), edtf.bounds(known.published)
    except BadDate:
        return True
    if first is None or last is None or start is None or end is None:
        return True
    return max((first - end).days, (start - last).days) <= APART
