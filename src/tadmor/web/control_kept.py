"""What was worked out of who holds what, kept until the accounts that it rests on change."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tadmor.model import Account, ControlInterval, Place
from tadmor.publish import control_places
from tadmor.publish.control_rows import times
from tadmor.reconcile import ControlIndex
from tadmor.resolve.registry import Registry


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
    them, and the lock.
    """

    accounts: Sequence[Account]
    of: ControlIndex
    registry: Registry
    sides: Mapping[str, str]
    lock: threading.Lock = field(default_factory=threading.Lock)
    timelines: dict[Place, Timeline] = field(default_factory=dict)

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
        if known is None or known.mark != mark or known.sides != self._sides_of(known.holders):
            intervals = self.of.intervals(place)
            holders = tuple(i.holder_entity for i in intervals)
            rows = [self.row(i, place.country) for i in intervals]
            known = self.timelines[place] = Timeline(mark, holders, self._sides_of(holders), rows)
        return known.rows

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

    def _sides_of(self, holders: Sequence[str | None]) -> tuple[str | None, ...]:
        return tuple(self.sides.get(h) if h is not None else None for h in holders)
