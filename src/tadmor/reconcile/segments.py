"""The stretches of a place's timeline: one holder and status each, graded when somebody asks, found by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tadmor.model import Account, ClaimRef, ControlInterval, ControlStatus, Credibility
from tadmor.reconcile.credibility import assess
from tadmor.reconcile.days import FAR, midpoint, span
from tadmor.reconcile.evidence import Holder
from tadmor.reconcile.names import party_key
from tadmor.reconcile.sources import party_sides, speakers

Told = dict[ClaimRef, Account]  # each account once, in the order in which it came up


@dataclass(slots=True)
class Segment:
    """One holder and status from ``start`` to ``end`` (ordinals, None when open), with what speaks for and against it.

    ``label`` and ``end_label`` are the dates as shown (EDTF), ``before`` who had the place until then, ``note`` a reason
    to put before those of the credibility.
    """

    start: int | None
    label: str | None
    holder: Holder | None
    status: ControlStatus
    support: Told
    against: Told
    before: Holder | None
    note: str | None = None
    end: int | None = None
    end_label: str | None = None


def once(accounts: Iterable[Account]) -> Told:
    """The accounts by their claims, each once."""
    return {a.ref: a for a in accounts}


def closed(found: list[Segment]) -> list[Segment]:
    """Leaves out what lasted no day and joins neighbours that say the same."""
    out: list[Segment] = []
    for s in found:
        if s.end is not None and s.start is not None and s.end <= s.start:
            continue
        last = out[-1] if out else None
        if last and last.holder == s.holder and last.status == s.status and last.end == s.start:
            last.support |= s.support
            last.against |= s.against
            last.end, last.end_label = s.end, s.end_label
        else:
            if last and last.end == s.start:
                last.end_label = s.label  # one day may have two labels; what ends shows that of what begins
            out.append(s)
    return out


def interval(s: Segment, reliability: Mapping[str, str] | None = None) -> ControlInterval:
    """The segment with its credibility; what speaks for it is not counted against it, too."""
    support = list(s.support.values())
    against = [a for ref, a in s.against.items() if ref not in s.support]
    # who admits to have left admits that another has the place, not that he had it until then
    left = {a.ref for a in support if s.holder and _left(a, s.holder)}
    told = [a for a in support if a.claim.type not in ("advance", "armed_clash") and a.ref not in left] or support
    graded = assess(told, against, reliability=reliability, loser_side=s.before.side if s.before else None)
    if s.note:
        graded = Credibility(graded.admiralty, graded.grade, (s.note, *graded.reasons))
    return ControlInterval(
        holder=s.holder.name if s.holder else None,
        status=s.status,
        start=s.label,
        end=s.end_label,
        sources=tuple(dict.fromkeys(x.name for a in support for x in speakers(a))),
        claims=_in_order(support),
        against=_in_order(against),
        credibility=graded,
        holder_entity=s.holder.entity if s.holder else None,
    )


def _left(account: Account, holder: Holder) -> bool:
    """Whether the account says that the holder or one of its side lost the place."""
    return (
        account.claim.type == "territory_lost"
        and account.claim.certainty != "denied"
        and (holder.side in party_sides(account.actors) or holder.key in {party_key(p) for p in account.actors})
    )


def _in_order(accounts: Iterable[Account]) -> tuple[ClaimRef, ...]:
    return tuple(sorted((a.ref for a in accounts), key=lambda ref: (ref.report, ref.claim)))


def day_shown(value: str | None) -> int | None:
    """The ordinal of the day that a date at the edge of an interval stands for: of one wider than a week the middle."""
    days = span(value)
    return None if days is None else midpoint(days) if days[1] - days[0] > 6 else days[1]


class Intervals:
    """The intervals of one place, in the order of their segments, each graded when it is first asked for.

    ``size`` is how many claims they refer to in all.
    """

    def __init__(self, found: Sequence[Segment], reliability: Mapping[str, str] | None = None) -> None:
        self._reliability = reliability
        self._items: list[Segment | ControlInterval] = list(found)
        self.size = sum(len(s.support) + len(s.against) for s in found)
        edges = [_edges(s) for s in found]
        self._starts, self._ends = [a for a, _ in edges], [b for _, b in edges]
        # Dates as shown may run against the order of the segments by some days, so the edges alone cannot be bisected;
        # how far the ends have come and from where on no earlier start follows can be.
        self._ended = list(accumulate(self._ends, max))
        self._started = list(accumulate(reversed(self._starts), min))[::-1]

    def __iter__(self) -> Iterator[ControlInterval]:
        return (self._graded(i) for i in range(len(self._items)))

    def on(self, low: int, high: int) -> Iterator[ControlInterval]:
        """The intervals that cover any of the days from ``low`` to ``high`` (ordinals)."""
        for i in range(bisect_right(self._ended, low), bisect_right(self._started, high)):
            if self._starts[i] <= high and low < self._ends[i]:
                yield self._graded(i)

    def _graded(self, i: int) -> ControlInterval:
        item = self._items[i]
        if isinstance(item, Segment):
            item = self._items[i] = interval(item, self._reliability)
        return item


def _edges(s: Segment) -> tuple[int, int]:
    """First day and the day after the last; a segment without any date covers no day."""
    if s.label is None and s.end_label is None:
        return FAR + 1, 0
    start, end = day_shown(s.label), day_shown(s.end_label)
    return 0 if start is None else start, FAR + 1 if end is None else end
