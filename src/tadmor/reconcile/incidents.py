"""Incidents: every account of one occurrence brought together, with what they agree and differ on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tadmor import taxonomy
from tadmor.model import Account, ClaimRef, Incident, Place
from tadmor.reconcile import cluster, counts
from tadmor.reconcile.credibility import assess
from tadmor.reconcile.days import FAR, gap, span
from tadmor.reconcile.disputes import contrary, disputes
from tadmor.reconcile.names import is_country, place_key
from tadmor.reconcile.similarity import Traits, traits
from tadmor.reconcile.sources import independent, partisan_side, speakers


def incidents(accounts: Iterable[Account], *, reliability: Mapping[str, str] | None = None) -> list[Incident]:
    """Incidents in the order of their days and places. The order of ``accounts`` changes nothing.

    A standing state ("still holds") and what is only expected are no occurrences and found no incident.
    ``reliability`` maps a source's name to the Admiralty letter A-F that people gave it.
    """
    unique = {a.ref: a for a in accounts if a.claim.type in taxonomy.types()}
    items = [
        t for ref in sorted(unique) if not (t := traits(unique[ref])).state and t.account.claim.certainty != "expected"
    ]
    made = [
        _incident([items[i] for i in group], reliability)
        for group in cluster.groups(items)
        if any(items[i].type != "territory_held" for i in group)
    ]
    return sorted(made, key=lambda n: (span(n.date) or (FAR, FAR), n.place.name if n.place else "", n.id))


def incident_id(refs: Iterable[ClaimRef]) -> str:
    """The id of an incident: from its first claim, so that claims which join later leave it as it is."""
    first = min(refs)
    return "i" + hashlib.sha256(f"{first.report}\x1f{first.claim}".encode("utf-8", "surrogatepass")).hexdigest()[:15]


def _incident(members: Sequence[Traits], reliability: Mapping[str, str] | None) -> Incident:
    accounts = [m.account for m in members]
    refs = tuple(sorted(a.ref for a in accounts))
    kind = _kind(accounts)
    voices = [s for a in accounts for s in speakers(a)]
    against = contrary(accounts, kind)
    others = {a.ref for a in against}
    return Incident(
        id=incident_id(refs),
        type=kind,
        place=_place(accounts),
        date=_date(accounts),
        claims=refs,
        sources=len({s.key for s in voices}),
        independent_sources=len(independent(voices)),
        sides=tuple(sorted({side for s in voices if (side := partisan_side(s.voice))})),
        counts=counts.count_ranges(accounts),
        credibility=assess([a for a in accounts if a.ref not in others], against, reliability=reliability),
        disputes=disputes(accounts),
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


def _date(accounts: Sequence[Account]) -> str | None:
    """The narrowest date among those that agree with most accounts."""
    dates = [(d, s) for a in accounts if (d := a.claim.date) and (s := span(d))]
    if not dates:
        return None
    agree = {d: sum(gap(s, other) == 0 for _, other in dates) for d, s in dates}
    return min(dates, key=lambda x: (-agree[x[0]], x[1][1] - x[1][0], x[0]))[0]
