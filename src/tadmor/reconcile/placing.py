"""Accounts by the places that they name: which names, identities and points mean one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tadmor.model import Account, Place
from tadmor.reconcile.names import distance_km, fold_place, is_area
from tadmor.reconcile.similarity import FAR_KM, SAME_KM

ONE_KM = 1.0  # within which two identities of one kind are the same place
CELL = 0.1  # degrees, of longitude too more than SAME_KM as far north as 74 degrees

Places = dict[Place, tuple[int, ...]]  # the accounts that name each place, by their number in an index


def near(cells: Mapping[tuple[int, int], Places], asked: Place) -> Places:
    """The places that are the same as one with a point, but for their identity, and their accounts.

    ``cells`` has the places by :func:`cell`. Of a bare point it is the nearest place within ``SAME_KM``, no province if there
    is a town; of a place with an identity those within ``ONE_KM``, for a town and its neighbour may lie two km apart.
    """
    known: dict[Place, tuple[float, tuple[int, ...]]] = {}
    areas: dict[Place, tuple[float, tuple[int, ...]]] = {}
    for at in _nine(cell(asked.lat or 0.0, asked.lon or 0.0)):
        for p, told in cells.get(at, {}).items():
            km = distance_km(p, asked)
            if km is not None and km <= SAME_KM:
                (areas if is_area(p) else known)[p] = km, told
    if is_area(asked) or (asked.entity is None and not known):
        known = areas
    if not known:
        return {}
    least = ONE_KM + (0.0 if asked.entity else min(km for km, _ in known.values()))
    return {p: told for p, (km, told) in known.items() if km <= least}


def joined(places: Places, more: Mapping[Place, Sequence[int]]) -> Places:
    """The places with more accounts."""
    return {**places, **{p: (*places.get(p, ()), *told) for p, told in more.items()}}


def without(places: Places, lost: frozenset[int]) -> Places:
    """The places with fewer accounts; one of which none is left is left out."""
    left = ((p, tuple(i for i in told if i not in lost)) for p, told in places.items())
    return {p: told for p, told in left if told}


def named_places(account: Account) -> list[tuple[Place, set[str]]]:
    """Every place of the account with its folded names: its own, and that of the report where the two go in parallel."""
    phrases = account.claim.place_names
    parallel = len(phrases) == len(account.places)
    return [
        (p, {fold_place(p.name)} | ({fold_place(phrases[k])} if parallel and p.entity else set()))
        for k, p in enumerate(account.places)
    ]


def may_be(a: Place, b: Place) -> bool:
    """Whether two places of one name may be one: not when identities, countries or more than 60 km part them."""
    km = distance_km(a, b)
    if km is not None:
        return km <= FAR_KM
    if a.entity and b.entity and a.entity != b.entity:
        return False
    return not (a.country and b.country and a.country != b.country)


def cell(lat: float, lon: float) -> tuple[int, int]:
    """The cell of a grid of ``CELL`` degrees in which a point lies.

    Two points within ``SAME_KM`` lie in one or in neighbouring ones, up to a latitude of 74 degrees.
    """
    return int(lat / CELL + 1e5), int(lon / CELL + 1e5)


def square(at: tuple[float, float]) -> tuple[int, int]:
    """The whole degrees of latitude and longitude in which a point lies."""
    return int(at[0] // 1), int(at[1] // 1)


def around(at: tuple[float, float] | None) -> list[tuple[int, int]]:
    """The square in which a point lies and the eight beside it; none without a point."""
    return [] if at is None else _nine(square(at))


def _nine(spot: tuple[int, int]) -> list[tuple[int, int]]:
    """A spot of a grid and the eight beside it."""
    row, column = spot
    return [(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)]
