"""What was worked out of who holds what, kept until the accounts that it rests on change."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import Any, Protocol

from tadmor.ledger.timelines import KeptTimeline
from tadmor.model import Account, ClaimRef, ControlInterval, Place
from tadmor.publish import control_places
from tadmor.publish.control_rows import times
from tadmor.reconcile import ControlIndex
from tadmor.reconcile.credibility import Letters
from tadmor.resolve.registry import Registry
from tadmor.web.control_accounts import Key


class Before(Protocol):
    """Timelines that were worked out earlier, by another run of the app."""

    def renewed(self, letters: Letters, keys: Mapping[ClaimRef, Key]) -> Before:
        """The same for other letters, and accounts that are kept under these keys."""

    def of(self, place: Place, accounts: Sequence[Account]) -> KeptTimeline | None:
        """That of a place, when it was worked out from these very accounts."""


def told(intervals: Iterable[ControlInterval]) -> list[ControlInterval]:
    """The intervals without those that are only inferred, of the days before the first account: no map shows them."""
    return list(dropwhile(lambda i: not i.claims, intervals))


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rows of a place, and what they rest on: its accounts (``ControlIndex.mark``) and the sides of its holders."""

    mark: bytes
    holders: tuple[str | None, ...]
    sides: tuple[str | None, ...]
    rows: list[dict[str, Any]]


@dataclass(slots=True)
class Index:
    """The accounts, and the index of them, which takes one question at a time.

    ``timelines`` are those that were worked out as all accounts together have it. Indexes that are made one of the other share
    them, and the lock. ``state`` is that of the ledger from which the accounts were loaded, ``letters`` those that
    people gave to sources; ``before`` are timelines that the ledger
    has kept from an earlier run.
    """

    accounts: Sequence[Account]
    of: ControlIndex
    registry: Registry
    sides: Mapping[str, str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    timelines: dict[Place, Timeline] = field(default_factory=dict)
    state: str = ""
    letters: Letters = field(default_factory=Letters)
    before: Before | None = None

    def side(self, interval: ControlInterval, country: str | None) -> str | None:
        """The side of who holds a place in the war fought there: as the registry has it, else as most accounts do."""
        day = times(interval.start, interval.end)["start"]
        return control_places.side_of(interval.holder_entity, day, country, self.registry, self.sides)

    def timeline(self, place: Place) -> list[dict[str, Any]]:
        """Who held a place when; without what speaks for and against it, which is asked of one place at a time.

        It is worked out anew when something has changed that it rests on. The index is locked meanwhile.
        """
        mark = self.of.mark(place)
        known = self.timelines.get(place)
        if known is None or known.mark != mark or known.sides != self.sides_of(known.holders):
            known = self.timelines[place] = self._from_before(place, mark) or self._made(place, mark)
        return known.rows

    def _made(self, place: Place, mark: bytes) -> Timeline:
        intervals = told(self.of.intervals(place))
        holders = tuple(i.holder_entity for i in intervals)
        rows = [self.row(i, place.country) for i in intervals]
        return Timeline(mark, holders, self.sides_of(holders), rows)

    def _from_before(self, place: Place, mark: bytes) -> Timeline | None:
        """The timeline as the ledger has kept it, when it rests on what there is now."""
        if self.before is None:
            return None
        found = self.before.of(place, self.of.rests_on(place))
        if found is None:
            return None
        holders, sides = tuple(h for h, _ in found.holders), tuple(s for _, s in found.holders)
        if sides != self.sides_of(holders):
            return None
        return Timeline(mark, holders, sides, found.told["intervals"] if found.told else [])

    def row(self, interval: ControlInterval, country: str | None) -> dict[str, Any]:
        """An interval as a row."""
        days = times(interval.start, interval.end)
        return {
            "holder": interval.holder,
            "side": self.side(interval, country),
            "status": interval.status,
            "from": days["start"],
            "to": days["end"],
        }

    def sides_of(self, holders: Sequence[str | None]) -> tuple[str | None, ...]:
        """What side most accounts give each holder, on which its side in a row may rest."""
        return tuple(self.sides.get(h) if h is not None else None for h in holders)
