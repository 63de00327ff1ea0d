"""Control statements: what one report alone says of who holds which place at the time it was published.

The claims that imply control (``taxonomy.toml``) are put in the order of the days they tell of; each changes what is
known of its place. Only what is asserted or hedged establishes a holder; what is denied takes one away, what is
expected changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tadmor import edtf, taxonomy
from tadmor.errors import BadDate
from tadmor.model import Claim, ControlStatement, ControlStatus, Party, Place, Reading
from tadmor.reading.arguments import settled
from tadmor.reconcile.accounts import Named, named, parties_of, places_of
from tadmor.reconcile.evidence import NO_HOLDERS
from tadmor.reconcile.names import (
    countries,
    fold,
    fold_place,
    is_country,
    is_part,
    nameless,
    party_key,
    place_key,
    whole_of,
)

_EPITHETS = frozenset({"rebel", "insurgent", "militant", "jihadist", "terrorist"})  # as in "rebel-held": rebels hold it
RECENT_DAYS = 21  # a place taken in these days before publication outweighs an epithet that still names the old holder


@dataclass(slots=True)
class _Holding:
    """What is known so far of one party at one place."""

    name: str
    status: ControlStatus
    since: dt.date | None
    event: bool  # whether an event gave it the place, not only an epithet
    claims: list[str]


@dataclass(slots=True)
class _Site:
    """What is known so far of one place, holders by party key in the order they came up."""

    place: Place
    holdings: dict[str, _Holding] = field(default_factory=dict)
    fighting: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    besieged: list[str] = field(default_factory=list)
    unseated: set[str] = field(default_factory=set)


def control_statements(reading: Reading) -> tuple[ControlStatement, ...]:
    """The report's statements of control, places in the order in which the report comes to them.

    ``place`` and ``holder`` are names as the claims have them. A besieged or fought-over place is ``contested``; a
    divided one has a statement for each holder; ``lost`` names who lost it when nobody is said to have it since.
    ``as_of`` is the date of publication, None when that is unknown.
    """
    names = named(reading)
    published = _day(reading.report.published, last=True)
    order: dict[str, int] = {}
    sites: dict[str, _Site] = {}
    facts: list[tuple[dt.date, int, Claim, Place]] = []
    for index, claim in enumerate(reading.claims):
        if taxonomy.types().get(claim.type) is None or taxonomy.get(claim.type).implies is None:
            continue
        if claim.certainty == "expected" or not _current(claim, published):
            continue
        for phrase, found in places_of(claim, names):
            if (place := _spoken_of(claim, phrase, found, names)) is not None:
                order.setdefault(place_key(place), index)
                facts.append((_when(claim, published), index, claim, place))
    for day, _, claim, place in sorted(facts, key=lambda f: (f[0], _rank(f[2]), f[1])):
        site = sites.setdefault(place_key(place), _Site(place))
        _apply(site, claim, day, names, published)
    return tuple(
        statement
        for key in sorted(sites, key=lambda k: order[k])
        for statement in _state(sites[key], reading.report.published)
    )


def _spoken_of(claim: Claim, phrase: str, place: Place, names: Named) -> Place | None:
    """The place to speak of, by the report's words: the whole for a state over "parts of X".

    None for a country, and for what has no name ("the villages", "a checkpoint"): nobody could look it up.
    """
    whole = whole_of(phrase) if claim.type == "territory_held" else None
    if whole is not None and countries().isdisjoint(fold(whole).split()) and not is_part(whole):
        mention = names.places.get(fold_place(whole))
        return Place(whole, mention.entity if mention else None)
    if is_country(place) or (place.entity is None and nameless(phrase)):
        return None
    return replace(place, name=settled(phrase))


def _rank(claim: Claim) -> int:
    """Within one day: what was, then fighting, then what came of it."""
    return {"territory_held": 0, "siege": 1, "armed_clash": 1, "advance": 1, "territory_lost": 2}.get(claim.type, 3)


def _apply(site: _Site, claim: Claim, day: dt.date, names: Named, published: dt.date | None) -> None:
    actors = _holders(parties_of(claim.actors, claim.actor_names, names))
    targets = _holders(parties_of(claim.targets, claim.target_names, names))
    denied = claim.certainty == "denied"
    implies = taxonomy.get(claim.type).implies
    if implies in ("holds", "defends"):
        if denied:
            _deny(site, claim, actors)
        elif claim.type == "territory_held":
            _hold(site, claim, day, actors, published)
        else:
            _take(site, claim, day, actors, targets)
    elif implies == "loses":
        if denied:
            _hold(site, claim, day, actors, published)
        else:
            _lose(site, claim, day, actors, targets)
    elif denied:
        if implies == "besieges":
            site.besieged.clear()
    else:
        _fight(site, claim, day, targets, besieged=implies == "besieges")


def _take(site: _Site, claim: Claim, day: dt.date, actors: Sequence[Party], targets: Sequence[Party]) -> None:
    if not actors:
        for party in targets:
            _drop(site, claim, party_key(party))
        return
    keys = {party_key(a) for a in actors}
    site.unseated |= {party_key(t) for t in targets} - keys
    for key in [k for k in site.holdings if k not in keys]:
        if claim.type == "attack_repelled" and site.holdings[key].event:
            site.against.append(claim.id)  # a repelled attack does not undo a later or equal capture
            return
        _drop(site, claim, key)
    site.fighting.clear()
    if claim.type == "territory_taken":
        site.besieged.clear()
    _add(site, claim, day, actors[0], event=claim.type == "territory_taken")


def _hold(site: _Site, claim: Claim, day: dt.date, actors: Sequence[Party], published: dt.date | None) -> None:
    for party in actors[:2]:
        key = party_key(party)
        rivals = [h for k, h in site.holdings.items() if k != key and h.status != "lost"]
        fresh = [h for h in rivals if h.event and h.since and published and (published - h.since).days <= RECENT_DAYS]
        if fresh and (key in site.holdings or key in site.unseated):
            site.against.append(claim.id)
        else:
            for rival in rivals:
                if rival.event and rival.since and day > rival.since and not fresh:
                    rival.status = "lost"
            _add(site, claim, day, party, event=False)


def _lose(site: _Site, claim: Claim, day: dt.date, actors: Sequence[Party], targets: Sequence[Party]) -> None:
    for party in actors:
        key = party_key(party)
        if key in site.holdings:
            _drop(site, claim, key)
        elif not any(h.status != "lost" for h in site.holdings.values()):
            site.holdings[key] = _Holding(party.name, "lost", day, True, [claim.id])
    others = [h for h in site.holdings.values() if h.status != "lost"]
    if others:
        others[0].claims.append(claim.id)
    elif targets:
        _add(site, claim, day, targets[0], event=True)


def _fight(site: _Site, claim: Claim, day: dt.date, targets: Sequence[Party], *, besieged: bool) -> None:
    standing = [h for h in site.holdings.values() if h.status != "lost"]
    (site.besieged if besieged else site.fighting).append(claim.id)
    if not standing and targets and claim.type in ("siege", "advance"):
        _add(site, claim, day, targets[0], event=False)


def _deny(site: _Site, claim: Claim, actors: Sequence[Party]) -> None:
    for party in actors:
        key = party_key(party)
        if key in site.holdings and claim.type == "territory_held":
            _drop(site, claim, key)
        elif key in site.holdings:
            site.against.append(claim.id)


def _add(site: _Site, claim: Claim, day: dt.date, party: Party, *, event: bool) -> None:
    holding = site.holdings.get(party_key(party))
    if holding is None or holding.status == "lost":
        site.holdings.pop(party_key(party), None)
        site.holdings[party_key(party)] = _Holding(party.name, "held", day, event, [claim.id])
    else:
        holding.claims.append(claim.id)
        holding.event = holding.event or event
        holding.since = max(holding.since, day) if holding.since else day


def _drop(site: _Site, claim: Claim, key: str) -> None:
    if key in site.holdings:
        site.holdings[key].status = "lost"
        site.holdings[key].claims.append(claim.id)


def _state(site: _Site, as_of: str | None) -> list[ControlStatement]:
    standing = [h for h in site.holdings.values() if h.status != "lost"]
    shown = standing or list(site.holdings.values())[-1:]
    disputed = bool(site.against)
    trouble = [*site.besieged, *site.fighting]
    if not shown:
        if not site.besieged:
            return []  # fighting alone does not say who holds the place
        return [ControlStatement(site.place.name, None, "contested", as_of, tuple(dict.fromkeys(trouble)), disputed)]
    contested = len(standing) > 1 or bool(trouble)
    return [
        ControlStatement(
            site.place.name,
            h.name,
            "lost" if h.status == "lost" else "contested" if contested else "held",
            as_of,
            tuple(dict.fromkeys([*h.claims, *(trouble if h.status != "lost" else ())])),
            disputed,
        )
        for h in shown
    ]


def _holders(parties: Sequence[tuple[str, Party]]) -> list[Party]:
    """Parties that can hold a place: no civilians, no media. The names are those of the report."""
    return [
        replace(party, name=phrase + "s" if phrase.lower() in _EPITHETS else phrase)
        for phrase, party in parties
        if party.kind not in NO_HOLDERS and fold(phrase) not in ("", "civilians", "residents", "people", "families")
    ]


def _current(claim: Claim, published: dt.date | None) -> bool:
    """Whether a state still lasts when the report is published; events are always worth knowing."""
    if claim.type not in ("territory_held", "siege") or claim.date is None or published is None:
        return True
    end = _day(claim.date, last=True)
    return "/" not in claim.date or end is None or (published - end).days <= RECENT_DAYS


def _when(claim: Claim, published: dt.date | None) -> dt.date:
    """The day on which the claim says how things stood: the last of its days, but not after publication."""
    limit = published or dt.date.max
    if claim.date is None:
        return limit if claim.type in ("territory_held", "siege") else dt.date.min if published is None else limit
    return min(_day(claim.date, last=True) or limit, limit)


def _day(value: str | None, *, last: bool) -> dt.date | None:
    if value is None:
        return None
    try:
        return edtf.bounds(value)[1 if last else 0]
    except BadDate:
        return None
