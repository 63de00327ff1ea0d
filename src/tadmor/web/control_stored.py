"""Who held each place when, kept in the ledger from one start of the app to the next.

To work out all timelines of a long record takes many seconds of a processor, and a start of the app should not. What is kept is
told again only while all that it rests on is what it was: the accounts, people's letters, the registry, and the code itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from sqlalchemy import Connection

from tadmor.errors import LedgerError
from tadmor.ledger import database, timelines
from tadmor.ledger.timelines import KeptTimeline
from tadmor.model import Account, ClaimRef, Place
from tadmor.publish import control_places
from tadmor.reconcile.credibility import Letters
from tadmor.reconcile.method import digest
from tadmor.resolve.registry import Registry
from tadmor.web.control_accounts import Key
from tadmor.web.control_kept import Index
from tadmor.web.opened import Opened, state_of
from tadmor.web.place_list import key_of

_METHOD = (
    "reconcile", "edtf.py", "taxonomy.toml", "resolve/registry.py", "resolve/registry_lookup.py", "resolve/registry_names.py",
    "resolve/actors_context.py", "resolve/actors_lexicon.py", "resolve/actors_match.py", "resolve/actors_nominals.py",
    "resolve/data/actors_lexicon.json", "publish/control_places.py", "publish/control_rows.py", "web/control_kept.py",
    "web/control_stored.py",
)  # fmt: skip
"""Below the package, the code and the tables that decide what a timeline says."""


def whole(opened: Opened, state: str) -> list[dict[str, Any]] | None:
    """What is told of all places, when the ledger has kept it of just this state."""
    if not opened.whole:
        return None
    with suppress(LedgerError), opened.reading() as connection:
        if state_of(connection) == state:
            return timelines.whole(connection, _stamp(state, opened.resources.registry))
    return None


class Stored:
    """The timelines that the ledger has kept of an earlier run, for an index whose accounts may be others by now."""

    def __init__(
        self, kept: Mapping[str, KeptTimeline], registry: Registry, letters: Letters, keys: Mapping[ClaimRef, Key]
    ) -> None:
        self._kept, self._registry, self._keys, self._rests = kept, registry, keys, _rests(registry, letters)

    def renewed(self, letters: Letters, keys: Mapping[ClaimRef, Key]) -> Stored:
        """The same timelines for other letters, and accounts that are kept under these keys."""
        return Stored(self._kept, self._registry, letters, keys)

    def of(self, place: Place, accounts: Sequence[Account]) -> KeptTimeline | None:
        """That of a place, when it was worked out from these very accounts."""
        found = self._kept.get(_digest(place))
        return found if found is not None and found.mark == _mark(self._rests, self._keys, accounts) else None


def stored(
    opened: Opened, connection: Connection, registry: Registry, letters: Letters, accounts: Sequence[Account]
) -> Stored | None:
    """What the ledger has kept of an earlier run; None where that is nothing."""
    kept = timelines.kept(connection) if opened.whole else {}
    return Stored(kept, registry, letters, opened.accounts.keys(accounts)) if kept else None


def keep(opened: Opened) -> None:
    """Keep what was worked out last, for the next start. Where it cannot be written, it is worked out again then."""
    index = opened.last_index
    if index is None or not opened.whole:
        return
    with suppress(LedgerError):
        with index.lock:
            places = control_places.points(index.accounts)
            made = dict(_worked_out(opened, index, places))
        every = [_digest(place) for place in places]
        stamp = _stamp(index.state, index.registry) if len(made) == len(set(every)) else ""
        with opened.writing, database.writing(opened.engine, opened.name) as connection:
            if not timelines.is_of(connection, stamp):
                there = timelines.kept(connection)
                fresh = {place: row for place, row in made.items() if there.get(place) != row}
                timelines.keep(connection, stamp, fresh, every)


def entry(place: Place, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What is told of a place, with its intervals."""
    return {
        "key": key_of(place.entity, place.name),
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
        "intervals": rows,
    }


def _worked_out(opened: Opened, index: Index, places: Sequence[Place]) -> Iterator[tuple[str, KeptTimeline]]:
    rests = _rests(index.registry, index.letters)
    keys = opened.accounts.keys(index.accounts)
    for place in places:
        known = index.timelines.get(place)
        if known is None or known.mark != index.of.mark(place) or known.sides != index.sides_of(known.holders):
            continue
        holders = tuple(zip(known.holders, known.sides, strict=True))
        told = entry(place, known.rows) if known.rows else None
        yield _digest(place), KeptTimeline(_mark(rests, keys, index.of.rests_on(place)), holders, told)


def _digest(place: Place) -> str:
    return hashlib.sha256(repr(place).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _mark(rests: str, keys: Mapping[ClaimRef, Key], accounts: Sequence[Account]) -> str:
    """What stands for accounts of a place and for all else that its timeline rests on, but for the sides of its holders."""
    return hashlib.sha256(repr((rests, [keys.get(a.ref) for a in accounts])).encode()).hexdigest()[:32]


def _rests(registry: Registry, letters: Letters) -> str:
    return hashlib.sha256(
        repr((_method(), _named(registry), sorted(letters.items()))).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _stamp(state: str, registry: Registry) -> str:
    """What stands for a state of the ledger, as this code and this registry tell it."""
    return hashlib.sha256(f"{state} {_method()} {_named(registry)}".encode()).hexdigest()[:32]


@cache
def _named(registry: Registry) -> str:
    """What stands for what a registry knows."""
    found = hashlib.sha256()
    for entity, actor in sorted(registry.actors.items()):
        found.update(repr((entity, actor)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


@cache
def _method() -> str:
    return digest(_METHOD)
