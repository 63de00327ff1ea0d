"""Where accounts of one incident differ, about what, and whether they contradict or only follow each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from tadmor.model import Account, Dispute, Place
from tadmor.reconcile.blame import DEEDS, blame_each_other, lays_blame, one_target
from tadmor.reconcile.days import gap, span
from tadmor.reconcile.disputes_counts import KINDS, count_disputes
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.names import fold, is_country, party_key
from tadmor.reconcile.pairing import place_relation
from tadmor.reconcile.positions import positions
from tadmor.reconcile.similarity import wording_likeness
from tadmor.reconcile.sources import belligerent, party_sides, speakers
from tadmor.reconcile.traits import PRECISE_DAYS

_SAME_WORDS = 0.75
_ENDED = frozenset({"agreement", "siege"})  # denied, they are most often said to be over, not never to have been
_ONE_PLACE = frozenset({"one", "name"})
_OTHER_PLACE = frozenset({"60km", "far"})  # nearer ones may be parts of one another, or one seen from the other
_NOT_SO = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|refut\w+|untrue|false|no truth|never (?:agreed|signed|reached|besieged))\b"
)
# "we did not attack the camp" denies whatever means others name
_PLAIN = frozenset({"armed_clash", "attack_on_civilians"})


def disputes(accounts: Sequence[Account]) -> tuple[Dispute, ...]:
    """All disputes among the accounts of one incident, in a fixed order."""
    told = sorted((a for a in accounts if a.claim.certainty != "expected"), key=lambda a: a.ref)
    found: list[Dispute] = []
    for part in (_outcome, _denial, _control, count_disputes, _actor, _date, _place):
        found.extend(part(told))
    return tuple(found)


def contrary(accounts: Sequence[Account], kind: str) -> list[Account]:
    """The accounts that say that what the incident is named for did not happen or came out otherwise."""
    camp = _camp_of(kind)
    denials = {a.ref for a, denied in _denials(accounts) if denied == kind}
    return [a for a in accounts if a.ref in denials or (camp and (other := _camp(a)) and other != camp)]


def _denials(accounts: Sequence[Account]) -> Iterator[tuple[Account, str]]:
    """The accounts that deny something, each with the type of what it denies.

    Who denies a deed seldom has the accuser's word for it. So where nobody tells of a plain attack, to deny one is to deny the
    deed nearest to it of which the others tell. To deny one means ("no gas was used") denies no other.
    """
    said = Counter(a.claim.type for a in accounts if a.claim.certainty in ("asserted", "hedged"))
    for account in accounts:
        kind = account.claim.type
        if account.claim.certainty != "denied" or (kind in _ENDED and not _NOT_SO.search(fold(account.sentence))):
            continue
        if kind in _PLAIN and kind not in said:
            near = [
                (type_likeness(kind, k), n, k)
                for k, n in said.items()
                if k in DEEDS | _PLAIN and type_likeness(kind, k)
            ]
            kind = max(near)[2] if near else kind
        yield account, kind


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
    yield Dispute("outcome", "update" if later else "contradiction", positions(groups))


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
    for account, kind in _denials(accounts):
        by_type[kind].append(account)
    for kind, denied in sorted(by_type.items()):
        said = [a for a in accounts if a.claim.type == kind and a.claim.certainty != "denied"]
        if said and len({a.ref.report for a in (*denied, *said)}) > 1:
            label = kind.replace("_", " ")
            groups = {f"{label}: said": said, f"{label}: denied": denied}
            before = all((a.known or "") < (b.known or "") for a in said for b in denied)
            same = {s.key for a in said for s in speakers(a)} & {s.key for a in denied for s in speakers(a)}
            yield Dispute("denial", "update" if before and same else "contradiction", positions(groups))


def _control(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """Two parties of different sides that are both said to have taken the place, one after the other or each of them."""
    takers: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        if account.claim.type == "territory_taken" and account.claim.certainty != "denied" and account.actors:
            side = next((s for p in account.actors if (s := belligerent(p.side))), None)
            if side:
                takers[side].append(account)
    if len(takers) > 1:
        groups = {f"taken by {_names(m[0])}": m for m in takers.values()}
        if len(groups) > 1:
            pairs = [(a, b) for one, other in combinations(takers.values(), 2) for a in one for b in other]
            after = all(_ends_before(a, b) or _ends_before(b, a) for a, b in pairs)  # one took it back from the other
            yield Dispute("control", "update" if after else "contradiction", positions(groups))


# --- who, when, where


def _actor(accounts: Sequence[Account]) -> Iterator[Dispute]:
    """Accounts of one type of violence that name doers of different sides; both sides of a clash do it.

    Names of one side may well be one party. Who names two doers or either of them fits one who names only the one. Two sides that
    lay a deed to each other often name different means, too: an air strike, and a rocket that went astray.
    """
    found = [d for same in _same_type([a for a in accounts if a.claim.type in DEEDS]) for d in _actors_of(same)]
    yield from found
    if not any(d.kind == "contradiction" for d in found):
        told = [a for a in accounts if a.claim.certainty in ("asserted", "hedged") and lays_blame(a)]
        blamed = {
            x.ref
            for a, b in combinations(told, 2)
            if a.ref.report != b.ref.report
            and blame_each_other(a, b)
            and (a.claim.type == b.claim.type or one_target(a, b))
            for x in (a, b)
        }
        groups = _split([a for a in told if a.ref in blamed], lambda a: frozenset(party_key(p) for p in a.actors))
        if len(groups) > 1:
            yield Dispute("actor", "contradiction", positions({f"by {_names(g[0])}": g for g in groups}))


def _actors_of(same: Sequence[Account]) -> Iterator[Dispute]:
    sided = [a for a in same if any(belligerent(p.side) for p in a.actors)]
    groups = _split(sided, lambda a: frozenset(party_key(p) for p in a.actors))
    sides = [party_sides(p for a in g for p in a.actors) for g in groups]
    if any(not x & y for x, y in combinations(sides, 2)):
        yield Dispute("actor", "contradiction", positions({f"by {_names(g[0])}": g for g in groups}))
        return
    for group in groups:
        named: dict[frozenset[str], list[Account]] = defaultdict(list)
        for account in group:
            named[frozenset(party_key(p) for p in account.actors if belligerent(p.side))].append(account)
        wider = [k for k in named if len(k) > 1 and any(o < k for o in named)]
        fitting = {k for w in wider for k in named if k <= w}
        if len({a.ref.report for k in fitting for a in named[k]}) > 1:
            fit = {f"by {_names(named[k][0])}": named[k] for k in sorted(fitting, key=sorted)}
            yield Dispute("actor", "compatible", positions(fit))


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
            yield Dispute("date", "contradiction", positions({f"on {d}": days[d] for d in sorted(apart)}))


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
    """Accounts of one type, surely of one occurrence, that put it at places of which no report names both."""
    for same in _same_type(accounts):
        groups: dict[str, list[Account]] = defaultdict(list)
        for account in same:
            fine = [p for p in account.places if not is_country(p)]
            if len(fine) == 1 and (fine[0].entity or fine[0].name[:1].isupper()):
                groups[fine[0].entity or fine[0].name].append(account)
        where = {k: {a.ref.report for a in m} for k, m in groups.items()}
        apart: dict[str, set[str]] = defaultdict(set)
        for x, y in combinations(sorted(groups), 2):
            how = place_relation(groups[x][0].places, groups[y][0].places)
            if how not in _ONE_PLACE and not where[x] & where[y] and _surely_one(groups[x], groups[y]):
                apart["contradiction" if how in _OTHER_PLACE else "compatible"].update((x, y))
        for kind in KINDS:
            if len(named := {f"at {_place_name(groups[k][0].places)}": groups[k] for k in sorted(apart[kind])}) > 1:
                yield Dispute("place", kind, positions(named))


def _surely_one(some: Sequence[Account], others: Sequence[Account]) -> bool:
    """Whether, whatever the place, one of these and one of those plainly tell of one event on one day."""
    return any(
        a.claim.date == b.claim.date and a.ref.report != b.ref.report and _one_event(a, b) for a in some for b in others
    )


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
