"""Incidents: every account of one occurrence brought together, with what they agree and differ on."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tadmor import taxonomy
from tadmor.model import Account, ClaimRef, Incident, Place
from tadmor.reconcile import cluster, counts
from tadmor.reconcile.constraints import Constraint
from tadmor.reconcile.credibility import assess
from tadmor.reconcile.days import FAR, gap, open_ended, span
from tadmor.reconcile.disputes import contrary, disputes
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.names import is_country, place_key
from tadmor.reconcile.sources import independent, partisan_side, speakers
from tadmor.reconcile.traits import Traits, traits

_FORETOLD = frozenset({"casualties", "agreement", "talks"})
_ATTEMPTS = frozenset({"advance", "siege", "territory_taken"})
_NEAR = (
    0.6  # likeness of two types from which an account of the one bears out the other: a toll, the clash of an offensive
)


def incidents(
    accounts: Iterable[Account],
    *,
    reliability: Mapping[str, str] | None = None,
    constraints: Sequence[Constraint] = (),
) -> list[Incident]:
    """Incidents in the order of their days and places. The order of ``accounts`` changes nothing.

    A standing state ("still holds") and what is only expected found no incident.
    ``reliability`` maps a source's name to the Admiralty letter A-F that people gave it; ``constraints`` are what people
    decided about incidents, oldest first.
    """
    record = IncidentRecord(reliability=reliability, constraints=constraints)
    record.add(accounts)
    return record.incidents()


class IncidentRecord:
    """Incidents kept up as accounts come and go: the same ones as ``incidents`` makes of all accounts at once.

    Only the neighbourhood of what is added or removed is compared and grouped afresh.
    """

    def __init__(self, *, reliability: Mapping[str, str] | None = None, constraints: Sequence[Constraint] = ()) -> None:
        self._groups = cluster.Groups(constraints=constraints)
        self._made: dict[tuple[ClaimRef, ...], Incident] = {}
        self._reliability = reliability

    def add(self, accounts: Iterable[Account]) -> list[Incident]:
        """Take in accounts, each in place of one of the same claim; returns the incidents that are new or have changed."""
        unique = {a.ref: a for a in accounts if a.claim.type in taxonomy.types()}
        told = [item for ref in sorted(unique) if (item := occurrence(unique[ref]))]
        gone = set(unique) - {t.account.ref for t in told}
        changed = {*self._groups.remove(gone), *self._groups.add(told)}
        return self._settle(changed, set(unique))

    def remove(self, refs: Iterable[ClaimRef]) -> list[Incident]:
        """Take accounts out; returns the incidents that are new or have changed."""
        gone = set(refs)
        return self._settle(set(self._groups.remove(gone)), gone)

    def incidents(self) -> list[Incident]:
        """All incidents in the order of their days and places."""
        now = {group: self._incident(group) for group in self._groups}
        self._made = {group: made for group, made in now.items() if made}
        return sorted(self._made.values(), key=order)

    def _settle(self, changed: set[tuple[ClaimRef, ...]], refs: set[ClaimRef]) -> list[Incident]:
        """The incidents of the groups that have changed, also where only an account of theirs was replaced."""
        current = {g for ref in refs if (g := self._groups.of(ref))} | {
            g for g in changed if self._groups.of(g[0]) == g
        }
        for group in current:
            self._made.pop(group, None)
        found = [made for group in sorted(current) if (made := self._incident(group))]
        return sorted(found, key=order)

    def _incident(self, group: tuple[ClaimRef, ...]) -> Incident | None:
        """The incident of a group, made once; None when it is nothing but states."""
        if group not in self._made:
            made = incident([self._groups[ref].account for ref in group], reliability=self._reliability)
            if made is None:
                return None
            self._made[group] = made
        return self._made[group]


def occurrence(account: Account) -> Traits | None:
    """The account as it is compared, when it tells of an occurrence: no standing state, nothing that is only expected.

    An attempt that is under way ("they have been trying to take the town for weeks") is one, though its end is only expected; so
    is what is foretold of an occurrence that others tell of: a toll that may rise, a truce that is to begin.
    """
    kind, expected = account.claim.type, account.claim.certainty == "expected"
    attempt = kind in _ATTEMPTS and open_ended(account.claim.date)
    if kind not in taxonomy.types() or (expected and kind not in _FORETOLD and not attempt):
        return None
    item = traits(account)
    if item.state or (expected and (item.days is None or item.told is None)):
        return None
    if expected and attempt and item.days and item.told and item.days[0] >= item.told:
        return None
    return item


def incident(accounts: Sequence[Account], *, reliability: Mapping[str, str] | None = None) -> Incident | None:
    """The incident that accounts of one occurrence make; None when they tell of nothing but a state or what is expected."""
    if all(a.claim.type == "territory_held" or a.claim.certainty == "expected" for a in accounts):
        return None
    return _incident(sorted(accounts, key=lambda a: a.ref), reliability)


def telling(accounts: Iterable[Account], kind: str) -> list[Account]:
    """The accounts that say what the incident is called by: those of its type, or of one so near that it bears the type out.

    That others tell of what came with it ("they shot at families who fled") makes nobody the doer of an air strike, and the
    strike no surer.
    """
    return [a for a in accounts if type_likeness(kind, a.claim.type) >= _NEAR]


def order(incident: Incident) -> tuple[tuple[int, int], str, str]:
    """What incidents are sorted by: days, then place; those without a date last."""
    return span(incident.date) or (FAR, FAR), incident.place.name if incident.place else "", incident.id


def incident_id(refs: Iterable[ClaimRef]) -> str:
    """The id of an incident: from its first claim, so that claims which join later leave it as it is."""
    first = min(refs)
    return "i" + hashlib.sha256(f"{first.report}\x1f{first.claim}".encode("utf-8", "surrogatepass")).hexdigest()[:15]


def _incident(accounts: Sequence[Account], reliability: Mapping[str, str] | None) -> Incident:
    refs = tuple(a.ref for a in accounts)
    kind = _kind(accounts)
    # What was retracted stays among the claims; what is said of the occurrence is what stands, while anything does.
    standing = [a for a in accounts if a.retracted is None] or accounts
    told = [a for a in standing if a.claim.certainty != "expected"]
    voices = [s for a in told for s in speakers(a)]
    against = contrary(accounts, kind)
    others = {a.ref for a in against}
    return Incident(
        id=incident_id(refs),
        type=kind,
        place=_place(standing),
        date=date_of(a.claim.date for a in told) or date_of(a.claim.date for a in standing),
        claims=refs,
        sources=len({s.key for s in voices}),
        independent_sources=len(independent(voices)),
        sides=tuple(sorted({side for s in voices if (side := partisan_side(s.voice))})),
        counts=counts.count_ranges(standing),
        credibility=assess(
            [a for a in telling(accounts, kind) if a.ref not in others], against, reliability=reliability
        ),
        disputes=disputes(standing),
    )


def _kind(accounts: Sequence[Account]) -> str:
    """The type that most accounts have; bare tolls and denials name it only when nothing else does."""
    order = {name: i for i, name in enumerate(taxonomy.types())}
    tally: dict[str, float] = defaultdict(float)
    for account in accounts:
        said = account.claim.certainty in ("asserted", "hedged")
        weak = account.claim.type in ("casualties", "territory_held", "destruction")
        tally[account.claim.type] += (1.0 if said else 0.1) * (0.3 if weak else 1.0)
    return min(tally, key=lambda t: (-tally[t], order[t]))


def _place(accounts: Sequence[Account]) -> Place | None:
    """The place that most accounts name, one with an identity before one without."""
    tally: dict[str, list[Place]] = defaultdict(list)
    for account in accounts:
        for place in account.places:
            tally[place_key(place)].append(place)
    if not tally:
        return None
    best = min(tally, key=lambda k: (is_country(tally[k][0]), -len(tally[k]), tally[k][0].entity is None, k))
    return min(tally[best], key=lambda p: (p.lat is None, p.name))


def date_of(dates: Iterable[str | None]) -> str | None:
    """The date of an incident whose accounts have these dates: the narrowest among those that agree with most accounts."""
    told = Counter(dates)
    days = {d: s for d in told if d and (s := span(d))}
    if not days:
        return None

    def rank(date: str) -> tuple[int, int, str]:
        first, last = days[date]
        return -sum(told[d] for d, other in days.items() if gap(days[date], other) == 0), last - first, date

    return min(days, key=rank)
