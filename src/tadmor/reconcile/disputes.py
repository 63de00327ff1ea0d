"""Where accounts of one incident differ, about what, and whether they contradict or only follow each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from tadmor.model import Account, Dispute, DisputeKind, Place, Position
from tadmor.reconcile import counts
from tadmor.reconcile.days import gap, span
from tadmor.reconcile.names import is_country, is_part, party_key
from tadmor.reconcile.similarity import PRECISE_DAYS, counts_overlap, place_likeness, wording_likeness
from tadmor.reconcile.sources import belligerent, speakers

_SAME_WORDS = 0.75
_DEEDS = frozenset(
    "air_strike shelling bombing chemical_attack attack_on_civilians sexual_violence abduction destruction".split()
)
_KINDS: tuple[DisputeKind, ...] = ("contradiction", "update", "compatible", "scope")


def disputes(accounts: Sequence[Account]) -> tuple[Dispute, ...]:
    """All disputes among the accounts of one incident, in a fixed order."""
    told = sorted((a for a in accounts if a.claim.certainty != "expected"), key=lambda a: a.ref)
    found: list[Dispute] = []
    for part in (_outcome, _denial, _control, _counts, _actor, _date, _place):
        found.extend(part(told))
    return tuple(found)


def contrary(accounts: Sequence[Account], kind: str) -> list[Account]:
    """The accounts that say that what the incident is named for did not happen or came out otherwise."""
    camp = _camp_of(kind)
    return [
        a
        for a in accounts
        if (a.claim.type == kind and a.claim.certainty == "denied") or (camp and (other := _camp(a)) and other != camp)
    ]


def _position(says: str, accounts: Iterable[Account]) -> Position:
    members = sorted(accounts, key=lambda a: a.ref)
    names = dict.fromkeys(s.name for a in members for s in speakers(a))
    return Position(says, tuple(names), tuple(dict.fromkeys(a.ref for a in members)))


def _positions(groups: dict[str, list[Account]]) -> tuple[Position, ...]:
    return tuple(sorted((_position(s, m) for s, m in groups.items()), key=lambda p: (p.claims[0], p.says)))


# --- outcome: who came out holding the place


def _camp_of(kind: str) -> str | None:
    return "fell" if kind in ("territory_taken", "territory_lost") else "stood" if kind == "attack_repelled" else None


def _camp(account: Account) -> str | None:
    """Whether the account says that the place changed hands or stood."""
    camp = _camp_of(account.claim.type)
    if account.claim.certainty == "denied":
        return "stood" if camp == "fell" else None
    return camp if account.claim.certainty in ("asserted", "hedged") else None


def _names(account: Account) -> str:
    return " and ".join(dict.fromkeys(p.name for p in account.actors)) or "an unnamed party"


def _says_outcome(account: Account) -> str:
    verb = {"territory_taken": "taken by", "territory_lost": "lost by", "attack_repelled": "attack repelled by"}
    words = f"{verb[account.claim.type]} {_names(account)}"
    return f"not {words}" if account.claim.certainty == "denied" else words


def _outcome(accounts: Sequence[Account]) -> Iterator[Dispute]:
    camps: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        camp = _camp(account)
        if camp and account.claim.certainty != "denied":
            camps[camp].append(account)
    fell, stood = camps["fell"], camps["stood"]
    rivals = [s for s in stood if any(_opposed(f, s) for f in fell)]
    if not rivals:
        return
    takers = [f for f in fell if any(_opposed(f, s) for s in rivals)]
    groups = _fallen(takers) | _stood(rivals)
    later = all(_ends_before(s, f) for s in rivals for f in takers if _opposed(f, s))
    yield Dispute("outcome", "update" if later else "contradiction", _positions(groups))


def _fallen(accounts: Sequence[Account]) -> dict[str, list[Account]]:
    """By who is said to have it now: that one party lost it and that another took it is one position, not two."""
    groups: dict[str, list[Account]] = defaultdict(list)
    lost = [a for a in accounts if a.claim.type == "territory_lost" and not a.targets]
    for account in accounts:
        if account not in lost:
            winners = account.actors if account.claim.type == "territory_taken" else account.targets
            names = " and ".join(dict.fromkeys(p.name for p in winners)) or "an unnamed party"
            groups[f"taken by {names}"].append(account)
    largest = max(groups, key=lambda says: (len(groups[says]), says), default=None)
    for account in lost:
        groups[largest or _says_outcome(account)].append(account)
    return groups


def _stood(accounts: Sequence[Account]) -> dict[str, list[Account]]:
    """By who is said to have kept it; an account that names nobody goes with the first that does."""
    named = _split(accounts, lambda a: frozenset(party_key(p) for p in a.actors))
    nameless = [a for a in accounts if not a.actors]
    if not named:
        return {_says_outcome(nameless[0]): nameless}
    named[0] = [*named[0], *nameless]
    return {_says_outcome(next(a for a in group if a.actors)): group for group in named}


def _opposed(fell: Account, stood: Account) -> bool:
    """Whether the party that is said to have won in one is not the one that won in the other."""
    won = {party_key(p) for p in (fell.actors if fell.claim.type == "territory_taken" else fell.targets)}
    kept = {party_key(p) for p in stood.actors}
    return not (won & kept)


def _ends_before(first: Account, second: Account) -> bool:
    a, b = span(first.claim.date), span(second.claim.date)
    return a is not None and b is not None and a[1] < b[0]


def _denial(accounts: Sequence[Account]) -> Iterator[Dispute]:
    by_type: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        by_type[account.claim.type].append(account)
    for kind in sorted(by_type):
        denied = [a for a in by_type[kind] if a.claim.certainty == "denied"]
        said = [a for a in by_type[kind] if a.claim.certainty != "denied"]
        if denied and said:
            label = kind.replace("_", " ")
            groups = {f"{label}: said": said, f"{label}: denied": denied}
            before = all((a.known or "") < (b.known or "") for a in said for b in denied)
            same = {s.key for a in said for s in speakers(a)} & {s.key for a in denied for s in speakers(a)}
            yield Dispute("denial", "update" if before and same else "contradiction", _positions(groups))


def _control(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """Two parties of different sides that are both said to have taken the place."""
    takers: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        if account.claim.type == "territory_taken" and account.claim.certainty != "denied" and account.actors:
            side = next((s for p in account.actors if (s := belligerent(p.side))), None)
            takers[side or party_key(account.actors[0])].append(account)
    if len(takers) > 1:
        groups = {f"taken by {_names(m[0])}": m for m in takers.values()}
        if len(groups) > 1:
            yield Dispute("control", "contradiction", _positions(groups))


# --- how many


def _counts(accounts: Sequence[Account]) -> Iterator[Dispute]:
    for given in counts.figures(accounts).values():
        main = counts.main_scope(given)
        by_value: dict[tuple[float | None, float | None], list[counts.Figure]] = defaultdict(list)
        for figure in main:
            by_value[figure.value].append(figure)
        pairs: dict[DisputeKind, set[tuple[float | None, float | None]]] = defaultdict(set)
        for a, b in combinations(sorted(by_value, key=_order), 2):
            if len({f.account.ref for v in (a, b) for f in by_value[v]}) > 1:
                pairs[_count_kind(by_value[a], by_value[b])].update((a, b))
        for kind in _KINDS:
            if pairs[kind]:
                yield Dispute("count", kind, _count_positions(by_value, pairs[kind]))
        rest = [f for f in given if f not in main]
        if rest and not any(pairs.values()):
            groups: dict[str, list[Account]] = defaultdict(list)
            for figure in given:
                groups[counts.says(figure.count) + (f" ({figure.count.of})" if figure.count.of else "")].append(
                    figure.account
                )
            if len(groups) > 1 and len({a.ref.report for m in groups.values() for a in m}) > 1:
                yield Dispute("count", "scope", _positions(groups))


def _order(value: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = value
    return (low if low is not None else -1.0, high if high is not None else float("inf"))


def _count_kind(lower: Sequence[counts.Figure], higher: Sequence[counts.Figure]) -> DisputeKind:
    """A toll that rises with the day of report is an update; ranges with a number in common are compatible."""
    if all(counts_overlap(a.count, b.count) for a in lower for b in higher):
        return "compatible"
    early = max(f.account.known or "" for f in lower)
    late = min(f.account.known or "" for f in higher)
    return "update" if early and late and early < late else "contradiction"


def _count_positions(
    by_value: dict[tuple[float | None, float | None], list[counts.Figure]],
    values: Iterable[tuple[float | None, float | None]],
) -> tuple[Position, ...]:
    ordered = sorted(values, key=_order)
    return tuple(_position(counts.says(by_value[v][0].count), (f.account for f in by_value[v])) for v in ordered)


# --- who, when, where


def _actor(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """Accounts of one type of violence that name doers who have nothing in common; both sides of a clash do it."""
    for same in _same_type([a for a in accounts if a.claim.type in _DEEDS]):
        groups = _split(same, lambda a: frozenset(party_key(p) for p in a.actors))
        if len(groups) < 2:
            continue
        sides = [{s for a in g for p in a.actors if (s := belligerent(p.side))} for g in groups]
        if not any(x and y and not x & y for x, y in combinations(sides, 2)):
            continue  # names of one side may well be one party; only different sides are different doers
        kind: DisputeKind = "contradiction"
        yield Dispute("actor", kind, _positions({f"by {_names(g[0])}": g for g in groups}))


def _date(accounts: Sequence[Account]) -> Iterator[Dispute]:
    for same in _same_type(accounts):
        days: dict[str, list[Account]] = defaultdict(list)
        for account in same:
            when = span(account.claim.date)
            if (
                account.claim.date
                and when
                and when[1] - when[0] < PRECISE_DAYS
                and account.claim.certainty == "asserted"
            ):
                days[account.claim.date].append(account)
        apart = {
            d
            for x, y in combinations(sorted(days), 2)
            if _days_apart(x, y) and any(_one_event(a, b) for a in days[x] for b in days[y])
            for d in (x, y)
        }
        if apart and len({a.ref.report for d in apart for a in days[d]}) > 1:
            yield Dispute("date", "contradiction", _positions({f"on {d}": days[d] for d in sorted(apart)}))


def _one_event(a: Account, b: Account) -> bool:
    """Whether two accounts of different days plainly tell of one event: the same exact figure, or much the same words."""
    figures = {(n.what, n.min, n.max) for n in a.claim.counts if n.what != "strikes" and (n.min or 0) > 2}
    if figures & {(n.what, n.min, n.max) for n in b.claim.counts}:
        return True
    return wording_likeness(a.claim.text, b.claim.text) >= _SAME_WORDS


def _days_apart(x: str, y: str) -> bool:
    a, b = span(x), span(y)
    return a is not None and b is not None and gap(a, b) > 0


def _place(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """Accounts of one type that put it at places which are near or part of one another, but not the same."""
    for same in _same_type(accounts):
        groups: dict[str, list[Account]] = defaultdict(list)
        for account in same:
            fine = [p for p in account.places if not is_country(p)]
            if len(fine) == 1:
                groups[fine[0].entity or fine[0].name].append(account)
        if len(groups) < 2 or len({a.ref.report for m in groups.values() for a in m}) < 2:
            continue
        firsts = {k: m[0].places for k, m in groups.items()}
        likeness = [place_likeness(firsts[x], firsts[y]) or 0.0 for x, y in combinations(sorted(groups), 2)]
        if all(v == 1.0 for v in likeness):
            continue
        parts = all(v >= 0.6 for v in likeness) or any(is_part(p.name) for ps in firsts.values() for p in ps)
        named = {f"at {_place_name(firsts[k])}": m for k, m in groups.items()}
        if len(named) > 1:
            yield Dispute("place", "compatible" if parts else "contradiction", _positions(named))


def _place_name(places: tuple[Place, ...]) -> str:
    return next(p.name for p in places if not is_country(p))


def _same_type(accounts: Sequence[Account]) -> Iterator[list[Account]]:
    groups: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        if account.claim.certainty in ("asserted", "hedged"):
            groups[account.claim.type].append(account)
    for kind in sorted(groups):
        if len(groups[kind]) > 1:
            yield groups[kind]


def _split(accounts: Sequence[Account], keys: Callable[[Account], frozenset[str]]) -> list[list[Account]]:
    """Groups of accounts that are linked by a key in common; those without keys are left out."""
    groups: list[tuple[set[str], list[Account]]] = []
    for account in accounts:
        mine = set(keys(account))
        if not mine:
            continue
        linked = [g for g in groups if g[0] & mine]
        merged = (mine.union(*(g[0] for g in linked)), [*(a for g in linked for a in g[1]), account])
        groups = [g for g in groups if g not in linked] + [merged]
    return sorted((sorted(m, key=lambda a: a.ref) for _, m in groups), key=lambda m: m[0].ref)
