"""What all accounts of an incident say of one number: the range, also by side, the best figure and why it is the best."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tadmor.model import Account, Count, CountRange, SideRange
from tadmor.reconcile.lexicon import scopes
from tadmor.reconcile.names import fold
from tadmor.reconcile.sources import independent, partisan_side, speakers

_ROUND = 50  # "at least 51" is hardly ever said, "more than 50" often


@dataclass(frozen=True, slots=True)
class Figure:
    """One count of one account. ``scope`` says whose number it is (civil, state, armed), "" when it is not said."""

    count: Count
    scope: str
    account: Account

    @property
    def value(self) -> tuple[float | None, float | None]:
        """The figure as said: lowest and highest number."""
        return self.count.min, self.count.max


def scope_of(text: str | None) -> str:
    """Whose number a count gives; the first word that tells decides."""
    known = scopes()
    return next((known[w] for w in fold(text or "").split() if w in known), "")


def figures(accounts: Iterable[Account]) -> dict[str, list[Figure]]:
    """All figures by what they count, in the order of the claims; denied and expected claims give none."""
    out: dict[str, list[Figure]] = defaultdict(list)
    for account in sorted(accounts, key=lambda a: a.ref):
        if account.claim.certainty in ("asserted", "hedged"):
            for count in account.claim.counts:
                if count.min is not None or count.max is not None:
                    out[count.what].append(Figure(count, scope_of(count.of), account))
    return dict(sorted(out.items()))


def main_scope(given: Sequence[Figure]) -> list[Figure]:
    """The figures of the scope that most accounts speak of, with those that name none."""
    tally: dict[str, int] = defaultdict(int)
    for figure in given:
        if figure.scope:
            tally[figure.scope] += 1
    if len(tally) < 2:
        return list(given)
    chosen = min(tally, key=lambda s: (-tally[s], s))
    return [f for f in given if f.scope in ("", chosen)]


def count_ranges(accounts: Iterable[Account]) -> tuple[CountRange, ...]:
    """One range for each thing counted, by its name."""
    return tuple(_range(what, main_scope(given)) for what, given in figures(accounts).items())


def _range(what: str, given: Sequence[Figure]) -> CountRange:
    low, high = bounds(given)
    best, rule = _best(given)
    return CountRange(what, low, high, best, rule, by_side(given))


def bounds(given: Sequence[Figure]) -> tuple[float | None, float | None]:
    """The lowest and the highest number that is said; the highest is None where a figure without an upper end tops them all."""
    lows = [f.count.min for f in given if f.count.min is not None]
    highs = [f.count.max for f in given if f.count.max is not None]
    open_top = any(f.count.max is None for f in given) and (not highs or max(lows, default=0) > max(highs))
    return min(lows, default=None), None if open_top or not highs else max(highs)


def by_side(given: Sequence[Figure]) -> tuple[SideRange, ...]:
    """The range as each side gives it, by the side's name; those who speak for no side last, in a range of their own.

    A figure that several speakers give counts for the side of each of them.
    """
    told: dict[str | None, list[tuple[str, Figure]]] = defaultdict(list)
    for figure in given:
        for speaker in speakers(figure.account):
            told[partisan_side(speaker.voice)].append((speaker.name, figure))
    out = []
    for side in sorted(told, key=lambda s: (s is None, s or "")):
        low, high = bounds([figure for _, figure in told[side]])
        names = tuple(dict.fromkeys(name for name, _ in told[side]))
        out.append(SideRange(side, low, high, names, tuple(dict.fromkeys(f.account.ref for _, f in told[side]))))
    return tuple(out)


def _best(given: Sequence[Figure]) -> tuple[float | None, str]:
    """The figure with most independent sources, the latest known on a tie."""
    votes: dict[tuple[float | None, float | None], list[Figure]] = defaultdict(list)
    for figure in given:
        votes[figure.value].append(figure)
    backed = {v: len(independent(s for f in fs for s in speakers(f.account))) for v, fs in votes.items()}
    latest = {v: max(f.account.known or "" for f in fs) for v, fs in votes.items()}
    top = max(backed.values())
    tied = sorted((v for v in votes if backed[v] == top), key=lambda v: (latest[v], _point(v) or 0.0), reverse=True)
    value = tied[0]
    if len(votes) == 1:
        rule = "the only figure given"
    elif len(tied) == 1:
        rule = f"the figure of most independent sources ({top} of them)"
    elif latest[tied[0]] != latest[tied[1]]:
        rule = "the latest of the figures that equally many independent sources give"
    else:
        rule = "the highest of the figures that equally many independent sources give on one day"
    return _point(value), rule


def _point(value: tuple[float | None, float | None]) -> float | None:
    low, high = value
    if low is not None and high is not None:
        return (low + high) / 2
    return low if low is not None else high


def says(count: Count) -> str:
    """The figure in short words: "300 killed", "at least 12 injured", "about 40000 fighters"."""
    low, high = _number(count.min), _number(count.max)
    if count.min is not None and count.min == count.max:
        amount = f"about {low}" if count.approx else low
    elif count.min is not None and count.max is not None:
        amount = f"{low} to {high}"
    elif count.min is not None:
        amount = at_least(count.min)
    else:
        amount = f"up to {high}"
    return f"{amount} {'hectares' if count.what == 'area_ha' else count.what}"


def at_least(value: float) -> str:
    """A least number in the words in which it was most likely said: of "more than 300" the record has 301 as the least."""
    below = value - 1
    if below >= _ROUND and below % _ROUND == 0:
        return f"more than {int(below):,}"
    return f"at least {int(value) if value == int(value) else value:,}"


def _number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if value == int(value) else f"{value:g}"
