"""The timeline of a place for people at a terminal: a line per interval, a ribbon per holder, and the evidence below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tadmor.model import Account, ClaimRef, ControlInterval, Place
from tadmor.publish.wire import speakers
from tadmor.reconcile import sources
from tadmor.reconcile.credibility import backing
from tadmor.reconcile.segments import day_shown
from tadmor.reconcile.sources import sides_of
from tadmor.reconcile.timeline import FIGHT_DAYS

Detail = Literal["brief", "some", "all"]
"""How much evidence is shown below the timeline: none, the reasons and some sentences of each interval, or all of it."""

UNKNOWN = "unknown"
FOR, AGAINST = 4, 3  # sentences of an interval that are shown when not all are asked for
COLUMNS = 72  # of a ribbon at most
_NARROW = 100  # columns of a terminal below which the table is set narrower
LANES = 8
_CELLS = {"held": "█", "contested": "▚", "besieged": "▒", "lost": "·", "unknown": "·"}
_STYLES = {"held": "green", "contested": "yellow", "besieged": "magenta", "lost": "red", "unknown": "dim"}
OVER = f"Nobody tells how it ended: fighting of which nothing is told for {FIGHT_DAYS} days is taken to be over."
_FIGHTS = frozenset({"advance", "armed_clash"})


def control_view(
    place: Place,
    intervals: Sequence[ControlInterval],
    accounts: Mapping[ClaimRef, Account],
    *,
    title: str | None = None,
    detail: Detail = "some",
    width: int = 120,
) -> Group:
    """Who held the place, at a glance, and why it is thought so.

    ``accounts`` are those that the intervals refer to, ``width`` is that of the terminal, in columns. What speaks for an
    earlier interval already is not written again unless all is asked for; what is left out is counted.
    """
    where = [place.entity, place.country]
    if place.lat is not None and place.lon is not None:
        where.append(f"{place.lat:.3f}, {place.lon:.3f}")
    head = Text.assemble((title or place.name, "bold"), ("  " + " · ".join(w for w in where if w), "dim"))
    parts: list[RenderableType] = [head]
    if not intervals:
        return Group(*parts, Text("Nobody in the ledger says who holds it.", style="dim"))
    parts += ["", _table(intervals, accounts, narrow=width < _NARROW)]
    if ribbon := _ribbon(intervals, accounts, width):
        parts += ["", *ribbon]
    if detail != "brief":
        told: set[tuple[str, str]] = set()
        for number, interval in enumerate(intervals, 1):
            untold = _ends_untold(intervals, number - 1)
            parts += ["", *_evidence(number, interval, accounts, detail, told, untold)]
    return Group(*parts)


def independent_sources(interval: ControlInterval, accounts: Mapping[ClaimRef, Account]) -> int:
    """How many independent sources say so: reprints, and speakers of one side, count once (docs/method.md)."""
    support = [a for ref in interval.claims if (a := accounts.get(ref))]
    told = [a for a in support if a.claim.type not in _FIGHTS] or support
    stated = [s for a in told if a.claim.certainty != "expected" for s in sources.speakers(a)]
    return len(sources.independent(stated))


def _table(intervals: Sequence[ControlInterval], accounts: Mapping[ClaimRef, Account], *, narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1 if narrow else 2, 0, 0))
    table.add_column("", style="dim", justify="right")
    for name in ("From", "To", "Holder", "Status", "Credibility"):
        table.add_column(name, no_wrap=name != "Holder", max_width=34 if name == "Holder" else None)
    numbers = ("Sources", "Against") if narrow else ("Sources", "Claims", "Against")
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    for number, i in enumerate(intervals, 1):
        counts = {
            "Sources": Text(str(independent_sources(i, accounts))),
            "Claims": Text(str(len(i.claims))),
            "Against": Text(str(len(i.against)) if i.against else "", style="red"),
        }
        table.add_row(
            str(number),
            i.start or "…",
            i.end or "…",
            Text(i.holder or UNKNOWN, style="bold" if i.holder else "dim"),
            Text(i.status, style=_STYLES[i.status]),
            f"{i.credibility.admiralty} {i.credibility.grade}",
            *(counts[name] for name in numbers),
        )
    return table


def _evidence(
    number: int,
    interval: ControlInterval,
    accounts: Mapping[ClaimRef, Account],
    detail: Detail,
    told: set[tuple[str, str]],
    untold: bool,
) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f"{number}  ", "dim"),
        (f"{interval.start or '…'} to {interval.end or '…'}  ", "bold"),
        (interval.holder or UNKNOWN, "bold"),
        "  ",
        (interval.status, _STYLES[interval.status]),
    )
    reasons = [*interval.credibility.reasons, *([OVER] if untold else [])]
    yield _indented(Text(" ".join(reasons), style="dim"), 3)
    for word, refs, most, style in (
        ("for", interval.claims, FOR, "green"),
        ("against", interval.against, AGAINST, "red"),
    ):
        yield from _said(word, refs, accounts, style, None if detail == "all" else most, told)


def _ends_untold(intervals: Sequence[ControlInterval], at: int) -> bool:
    """Whether nobody tells of the end of the fighting: what comes after it rests on nothing that was not told before."""
    if intervals[at].status != "contested" or at + 1 == len(intervals):
        return False
    before = {ref for i in intervals[: at + 1] for ref in (*i.claims, *i.against)}
    return before.issuperset((*intervals[at + 1].claims, *intervals[at + 1].against))


def _said(
    word: str,
    refs: Sequence[ClaimRef],
    accounts: Mapping[ClaimRef, Account],
    style: str,
    most: int | None,
    told: set[tuple[str, str]],
) -> Iterator[RenderableType]:
    """The sentences, those of independent sources first where not all are shown, and how many are left out."""
    each: dict[tuple[str, str], Account] = {}
    for ref in refs:
        if account := accounts.get(ref):
            each.setdefault(("; ".join(speakers(account)), account.sentence), account)
    fresh = {key: a for key, a in each.items() if most is None or key not in told}
    shown = list(fresh)
    if most is not None and len(shown) > most:
        order = _leading([(key, fresh[key]) for key in shown])
        shown = [key for key in shown if key in order[:most]]
    for key in shown:
        yield _sentence(word, key[0], fresh[key], style)
    told.update(each)
    above, more = len(each) - len(fresh), len(fresh) - len(shown)
    left = [f"{above} from before"] if above else []
    left += [f"{more} more: --all shows them"] if more else []
    if left:
        yield _indented(Text.assemble((f"{word:8}", style), (f"and {', '.join(left)}", "dim")), 3)


def _leading(told: Sequence[tuple[tuple[str, str], Account]]) -> list[tuple[str, str]]:
    """First what gives each independent source its weight, the weightiest source before the others; then the rest."""
    keys = {account.ref: key for key, account in told}
    groups = sorted(backing([account for _, account in told]), key=lambda b: -b.weight)
    return list(dict.fromkeys([*(keys[b.speakers[0].ref] for b in groups), *keys.values()]))


def _sentence(word: str, who: str, account: Account, style: str) -> RenderableType:
    sides = sides_of(account)
    side = f" [{', '.join(sides)}]" if sides else ""
    certainty = "" if account.claim.certainty == "asserted" else f", {account.claim.certainty}"
    grid = Table.grid(padding=0)
    grid.add_column(width=8, no_wrap=True)
    grid.add_column()
    grid.add_row(
        Text(word, style=style),
        Text.assemble(
            (who + side, "bold"),
            f"{certainty}, {account.published or 'date unknown'}\n“{account.sentence}”",
            (f"  {account.ref.report}:{account.ref.claim}", "dim"),
        ),
    )
    return _indented(grid, 3)


def _indented(what: RenderableType, columns: int) -> Padding:
    return Padding(what, (0, 0, 0, columns), expand=False)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days (ordinals) to columns: from ``low`` to ``high``, with room for what lies before and after."""

    low: int
    high: int
    columns: int

    def column(self, day: int) -> int:
        """The column of a day, within the ribbon."""
        share = (day - self.low) / max(1, self.high - self.low)
        return min(self.columns - 1, max(0, int(share * self.columns)))


def _ribbon(intervals: Sequence[ControlInterval], accounts: Mapping[ClaimRef, Account], room: int) -> list[Text]:
    """A lane of characters for each holder over the days; nothing where there are no two intervals to tell apart."""
    days = [d for i in intervals for label in (i.start, i.end) if (d := day_shown(label)) is not None]
    if len(intervals) < 2 or len(set(days)) < 2:
        return []
    heard = [d for i in intervals for ref in i.claims if ref in accounts and (d := day_shown(accounts[ref].published))]
    low, high = min(days), max(days)
    if intervals[-1].end is None:
        high = max(high, *heard, low + 1) if heard else high
    names = list(dict.fromkeys(i.holder or UNKNOWN for i in intervals))
    names = names[:LANES]
    width = min(30, room // 4, max(cell_len(n) for n in names))
    columns = max(16, min(COLUMNS, room - width - 4))
    edge = max(1, (high - low) // 20)
    scale = _Scale(low - edge if intervals[0].start is None else low, high + edge, columns)
    out = []
    for name in names:
        lane = [" "] * columns
        for i in intervals:
            if (i.holder or UNKNOWN) == name:
                start, end = day_shown(i.start), day_shown(i.end)
                first = 0 if start is None else scale.column(start)
                last = columns if end is None else max(first + 1, scale.column(end))
                lane[first:last] = [_CELLS[i.status]] * (last - first)
        label = Text(name)
        label.truncate(width, overflow="ellipsis", pad=True)
        out.append(Text.assemble((label.plain, "bold"), "  ", "".join(lane)))
    out.append(Text(" " * (width + 2) + _axis(scale), style="dim"))
    seen = dict.fromkeys(i.status for i in intervals)
    marks = "  ".join(f"{_CELLS[s]} {s}" for s in _CELLS if s in seen and s != "unknown")
    left = len(dict.fromkeys(i.holder or UNKNOWN for i in intervals)) - len(names)
    more = f"  ({left} more holders in the table)" if left > 0 else ""
    out.append(Text(" " * (width + 2) + marks + more, style="dim"))
    return out


def _axis(scale: _Scale) -> str:
    """The names of years, months or days under a ribbon, each at the column where it begins."""
    for days, ticks in _ticks(scale):
        columns = scale.columns * days / max(1, scale.high - scale.low)
        length = max((len(t) for _, t in ticks), default=0)
        if columns >= length + 2:
            line = [" "] * scale.columns
            for day, text in ticks:
                at = scale.column(day)
                if at + len(text) < scale.columns:
                    line[at : at + len(text) + 1] = f"|{text}"
            return "".join(line).rstrip()
    return ""


def _ticks(scale: _Scale) -> Iterator[tuple[float, list[tuple[int, str]]]]:
    """From fine to coarse: the least days between two ticks, and the ticks with their names."""
    low, high = max(1, scale.low), min(scale.high, dt.date.max.toordinal())
    for step in (1, 2, 5, 10):
        if (high - low) // step <= scale.columns:
            yield step, [(d, f"{dt.date.fromordinal(d):%m-%d}") for d in range(low, high + 1, step)]
    first, last = dt.date.fromordinal(low), dt.date.fromordinal(high)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    for step in (1, 3, 6, 12, 24, 60, 120):
        starts = [dt.date(m // 12, m % 12 + 1, 1) for m in months if m % step == 0]
        named = [(d.toordinal(), f"{d:%Y}" if step >= 12 else f"{d:%Y-%m}") for d in starts]
        yield step * 28.0, [t for t in named if low <= t[0] <= high]
