"""The places of the ledger, with the keys by which the app names them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tadmor.ledger.answers import PlaceRow
from tadmor.ledger.folding import fold
from tadmor.model import Place
from tadmor.web.errors import Problem
from tadmor.web.filters import NAMED
from tadmor.web.opened import Opened


def key_of(entity: str | None, name: str) -> str:
    """The key of a place: its identity, else its folded name after "name:"."""
    return entity or NAMED + fold(name)


def places(opened: Opened, state: str) -> list[tuple[str, PlaceRow]]:
    """All places with their keys, those with most claims first."""

    def make() -> list[tuple[str, PlaceRow]]:
        found = [(key_of(row.entity, row.name), row) for row in opened.store.places()]
        return sorted(found, key=sorted_by)

    return opened.once(state, "places", make)


def sorted_by(item: tuple[str, PlaceRow]) -> tuple[int, str]:
    """What the list is sorted by."""
    return -item[1].claims, item[0]


def matching(found: list[tuple[str, PlaceRow]], q: str) -> list[tuple[str, PlaceRow]]:
    """The places whose name holds what is asked for, in any spelling of case, diacritics and article."""
    wanted = fold(q)
    return [item for item in found if wanted in fold(item[1].name) or item[0] == q]


def place(opened: Opened, state: str, key: str) -> tuple[str, PlaceRow]:
    """The place with this key, else the one of this name with most claims. Raises Problem (404)."""
    found = places(opened, state)
    folded = fold(key.removeprefix(NAMED))
    for wanted in (key, NAMED + folded):
        for item in found:
            if item[0] == wanted:
                return item
    for item in found:
        if fold(item[1].name) == folded:
            return item
    raise Problem(404, f"no claim of this ledger is about a place with the key {key[:200]!r}")


def as_place(row: PlaceRow) -> Place:
    """The row as reconciling knows it."""
    return Place(row.name, row.entity, row.lat, row.lon, row.country)


def record(key: str, row: PlaceRow) -> dict[str, Any]:
    """The row as plain data."""
    return {"key": key, **asdict(row)}
