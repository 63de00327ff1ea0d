"""Where accounts of one incident differ in a number: a contradiction, a toll that rises, ranges that fit, other people's dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from tadmor.model import Account, Count, Dispute, DisputeKind, Position
from tadmor.reconcile import counts
from tadmor.reconcile.names import fold
from tadmor.reconcile.pairing import counts_overlap
from tadmor.reconcile.positions import position, positions
from tadmor.reconcile.sources import sides_of, speakers

Value = tuple[float | None, float | None]

# several, tens, dozens, scores, hundreds, thousands, millions
_VAGUE = frozenset({3.0, 20.0, 24.0, 40.0, 200.0, 2000.0, 2000000.0})
_FAR = 3.0  # times that one of two contradicting figures may be the other; of the coded pairs none is more
# the same of two that opposing sides give of the same dead, each of which makes the most or the least of them
_FOES_FAR = 10.0
_MANY = 10.0  # from here on one more or less is a way of putting it
KINDS: tuple[DisputeKind, ...] = ("contradiction", "update", "compatible", "scope")


def count_disputes(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """What accounts of one incident dispute about each thing that is counted."""
    for given in map(_unscoped, counts.figures(accounts).values()):
        main = _tolls(counts.main_scope(given))
        beside = _side_by_side(given)
        by_value: dict[Value, list[counts.Figure]] = defaultdict(list)
        for figure in main:
            by_value[figure.value].append(figure)
        pairs: dict[DisputeKind, set[Value]] = defaultdict(set)
        for a, b in combinations(sorted(by_value, key=_order), 2):
            kind = _count_kind(by_value[a], by_value[b])
            if kind and (_least(a), _least(b)) not in beside:
                pairs[kind].update((a, b))
        if pairs["contradiction"] or pairs["update"]:
            pairs.pop("compatible", None)  # figures that differ in earnest make those that fit a matter of course
        for kind in KINDS:
            if pairs[kind]:
                yield Dispute("count", kind, _count_positions(by_value, pairs[kind]))
        if not any(pairs.values()):
            yield from _scopes(given)


def _unscoped(given: Sequence[counts.Figure]) -> list[counts.Figure]:
    """Plain "people" may be anybody: such a figure is of no scope."""
    return [replace(f, scope="") if fold(f.count.of or "") == "people" else f for f in given]


def _tolls(given: Sequence[counts.Figure]) -> list[counts.Figure]:
    """Of several figures that one source gives in one report only the highest: the others are parts of it."""
    best: dict[tuple[str, frozenset[str]], counts.Figure] = {}
    for figure in given:
        key = _teller(figure)
        known = best.get(key)
        if known is None or _order(figure.value) > _order(known.value):
            best[key] = figure
    kept = {id(f) for f in best.values()}
    return [f for f in given if id(f) in kept]


def _side_by_side(given: Sequence[counts.Figure]) -> set[tuple[float, float]]:
    """Pairs of numbers that one source gives in one report, the lower first: a whole and a part of it, wherever they are told."""
    told: dict[tuple[str, frozenset[str]], set[float]] = defaultdict(set)
    for figure in given:
        told[_teller(figure)].add(_least(figure.value))
    return {pair for numbers in told.values() for pair in combinations(sorted(numbers), 2)}


def _teller(figure: counts.Figure) -> tuple[str, frozenset[str]]:
    """Who gives a figure: the report, and the keys of the speakers in it."""
    return figure.account.ref.report, frozenset(s.key for s in speakers(figure.account))


def _least(value: Value) -> float:
    """The number that a figure names: its lower end where it has one."""
    low, high = value
    return low if low is not None else high if high is not None else 0.0


def _scopes(given: Sequence[counts.Figure]) -> Iterator[Dispute]:
    """Numbers of different people; where one report gives both they are plainly two numbers, and nothing differs."""
    reports: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, list[Account]] = defaultdict(list)
    for figure in given:
        if figure.scope:
            reports[figure.scope].add(figure.account.ref.report)
            groups[f"{counts.says(figure.count)} ({figure.count.of})"].append(figure.account)
    apart = [x for x, y in combinations(sorted(reports), 2) if not reports[x] & reports[y]]
    if apart and len(groups) > 1:
        yield Dispute("count", "scope", positions(groups))


def _open_alike(a: Count, b: Count) -> bool:
    """Whether both are lower bounds that only words set apart: "more than 300", which is 301 and up, and "at least 300"."""
    return a.max is None and b.max is None and abs((a.min or 0.0) - (b.min or 0.0)) <= 1.0 and (a.min or 0.0) >= _MANY


def _order(value: Value) -> tuple[float, float]:
    low, high = value
    return (low if low is not None else -1.0, high if high is not None else float("inf"))


def _count_kind(lower: Sequence[counts.Figure], higher: Sequence[counts.Figure]) -> DisputeKind | None:
    """How two figures of different reports lie to one another, None when they say the same or are of one report.

    What rises with the day of report is an update, also from "at least 16" to "at least 18"; ranges with a number in
    common are compatible, and say the same when the number itself is one ("16" and "at least 16"). One many times the other
    counts something else, a part of it as a rule.
    """
    if len({f.account.ref.report for f in (*lower, *higher)}) < 2:
        return None
    a, b = lower[0].count, higher[0].count
    fit = all(counts_overlap(x.count, y.count) for x in lower for y in higher)
    early = min(f.account.known or "" for f in lower)
    late = min(f.account.known or "" for f in higher)
    if fit and (_floor(a) == _floor(b) or _open_alike(a, b)):
        return None
    if early and late and early < late and a.min is not None and b.min is not None and not (fit and _is_vague(a)):
        return "update"
    if fit:
        return "compatible"
    if _taken_back(lower, higher):
        return "update"
    far = _FOES_FAR if _of_foes(lower, higher) else _FAR
    return "contradiction" if (_floor(b) or 0.0) <= far * max(1.0, _floor(a) or 0.0) else None


def _taken_back(lower: Sequence[counts.Figure], higher: Sequence[counts.Figure]) -> bool:
    """Whether all who gave the higher figure gave the lower one in a later report: they corrected theirs."""
    first = {s.key: f.account.known or "" for f in higher for s in speakers(f.account)}
    last = {s.key: f.account.known or "" for f in lower for s in speakers(f.account)}
    return all(first[key] and first[key] < last.get(key, "") for key in first)


def _of_foes(lower: Sequence[counts.Figure], higher: Sequence[counts.Figure]) -> bool:
    """Whether opposing sides give two figures of the same people, which neither then takes for a part of the other's."""
    low, high = ({s for f in some for s in sides_of(f.account)} for some in (lower, higher))
    whose = {f.scope for f in (*lower, *higher)}
    return bool(low and high) and not low & high and len(whose) == 1 and "" not in whose


def _floor(count: Count) -> float | None:
    return count.max if count.min is None else count.min


def _is_vague(count: Count) -> bool:
    """Whether the figure stands for a word like dozens or hundreds."""
    return count.max is None and count.min in _VAGUE


def _count_positions(
    by_value: dict[Value, list[counts.Figure]],
    values: Iterable[Value],
) -> tuple[Position, ...]:
    ordered = sorted(values, key=_order)
    return tuple(position(counts.says(by_value[v][0].count), (f.account for f in by_value[v])) for v in ordered)
