"""Every place of which somebody has said by a day who holds it, with who held it on that day: what a map of it shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tadmor import edtf
from tadmor.model import Account, ControlInterval, Place
from tadmor.reconcile import ControlIndex
from tadmor.reconcile.according import told_by
from tadmor.reconcile.days import FAR, iso, open_ended, span
from tadmor.reconcile.names import fold_place, is_country
from tadmor.resolve.gazetteer import Gazetteer
from tadmor.resolve.registry import Registry

_AREAS = frozenset({"admin1", "admin2", "region"})


@dataclass(frozen=True, slots=True)
class PlaceControl:
    """Who held a place on the day asked for.

    ``side`` is that of the holder in the war fought there, ``heard`` (ISO) the last day up to the one asked for of which
    anybody told who holds the place, ``told`` in how many claims; ``area`` is true for a province, district or region.
    """

    place: Place
    held: ControlInterval
    side: str | None
    heard: str
    told: int
    area: bool = False


@dataclass(frozen=True, slots=True)
class ControlMap:
    """Who held what on a day (``on``, EDTF), by country and name; ``without_point`` names those whose point is not known."""

    on: str
    places: tuple[PlaceControl, ...]
    without_point: tuple[str, ...] = ()
    according_to: str | None = None
    known_at: str | None = None


def control_map(
    accounts: Sequence[Account],
    index: ControlIndex,
    on: str,
    *,
    registry: Registry,
    gazetteer: Gazetteer,
    according_to: str | None = None,
    known_at: str | None = None,
    countries: Collection[str] = (),
) -> ControlMap:
    """The places with a claim that implies control and tells of a day up to ``on``, each with its interval of that day.

    A place that is inferred only from what is told of later days is not among them. ``index`` is that of ``accounts``,
    which are those known at ``known_at``; ``countries`` (alpha-2) keeps the places of these. Whole countries are not places that
    are held. Raises BadDate.
    """
    edtf.bounds(on)
    limit = (span(on) or (1, FAR))[1]

    def known(place: Place) -> tuple[ControlInterval, list[Account], int] | None:
        told = index.accounts(place)
        if according_to:
            told = told_by(told, according_to)
        days = {a.ref: d for a in told if (d := _heard(a, limit)) is not None}
        if not days:
            return None
        held = index.first_on(place, on, according_to=according_to, known_at=known_at)
        return None if held is None else (held, [a for a in told if a.ref in days], max(days.values()))

    known_sides = sides(accounts)
    found: list[PlaceControl] = []
    for place in points(accounts):
        if countries and place.country not in countries:
            continue
        if answer := known(place):
            held, told, day = answer
            side = side_of(held.holder_entity, on, place.country, registry, known_sides)
            found.append(PlaceControl(place, held, side, iso(day), len(told), _is_area(place, gazetteer)))
    missing = [n.name for n in _pointless(accounts, countries) if index.place(n).lat is None and known(n)]
    order = sorted(found, key=lambda p: (p.place.country or "~", p.place.name, p.place.entity or ""))
    return ControlMap(on, tuple(order), tuple(missing), according_to, known_at)


def points(accounts: Sequence[Account]) -> list[Place]:
    """The places with a point, by identity and each under the name that is used most; no whole countries."""
    told: dict[str, Counter[Place]] = defaultdict(Counter)
    for account in accounts:
        for place in account.places:
            if place.entity and place.lat is not None and place.lon is not None and not is_country(place):
                told[place.entity][place] += 1
    return [min(named, key=lambda p: (-named[p], p.name)) for _, named in sorted(told.items())]


def _pointless(accounts: Sequence[Account], countries: Collection[str]) -> list[Place]:
    """The places of which only a name is known, those of other countries left out, if only ``countries`` are asked for.

    A part of a place ("south of X") has the point of the whole, and is not it.
    """
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for account in accounts:
        for place in account.places:
            elsewhere = countries and place.country and place.country not in countries
            if place.lat is None and not is_country(place) and not elsewhere:
                names[fold_place(place.name)][place.name] += 1
    return [Place(min(told, key=lambda n: (-told[n], n))) for _, told in sorted(names.items())]


def _heard(account: Account, limit: int) -> int | None:
    """The last day up to ``limit`` of which the account tells: the day of the report where what it tells lasted then."""
    days = span(account.claim.date)
    reported = span(account.published or account.known)
    if days is None or open_ended(account.claim.date):
        low = days[0] if days else reported[0] if reported else None
        last = reported[1] if reported else low
    else:
        low, last = days
        low = last if low == 1 else low
    if low is None or last is None or low > limit:
        return None
    return min(max(low, last), limit)


def side_of(
    entity: str | None, on: str | None, country: str | None, registry: Registry, given: Mapping[str, str]
) -> str | None:
    """The side of who holds a place in the war fought there: as the registry has it, else as most accounts do (:func:`sides`)."""
    if entity is None:
        return None
    return registry.side(entity, on=on, war=registry.war_of(country)) or given.get(entity)


def sides(accounts: Sequence[Account]) -> dict[str, str]:
    """The side that most accounts give a party, for those that the registry does not know."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for account in accounts:
        for party in (*account.actors, *account.targets):
            if party.entity and party.side:
                given[party.entity][party.side] += 1
    return {entity: min(told, key=lambda s: (-told[s], s)) for entity, told in given.items()}


def _is_area(place: Place, gazetteer: Gazetteer) -> bool:
    """Whether the place is a province, district or region; "Raqqa area" is known as a district of the town."""
    if place.entity is None or "/" in place.entity:
        return place.entity is not None
    entry = gazetteer.by_id(place.entity)
    return entry is not None and entry.kind in _AREAS
