"""Incidents as the lists of the app have them, made once and kept while their claims stay together.

To make all incidents of a long record takes seconds, and a page shows fifty. So a page makes its own, and what is made is kept
by the claims that it is made of: a report that is added later costs only the incidents that it changes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tadmor.model import Account, Place
from tadmor.publish import jsonl
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile.incidents import incident

_MOST = 60_000  # incidents that are kept, some 2 kB each

Members = tuple[tuple[int, int, int, str], ...]
"""What an incident is made of: reading and position of each claim, the review that decides how it is told (0: none), and the mark
of a retraction of its report ("": none)."""


@dataclass(frozen=True, slots=True)
class Made:
    """What lists and filters need of an incident: the record as a line of JSON, and what is filtered by.

    ``sides`` are folded for comparison, ``admiralty`` is 1 to 6, ``disputed`` whether a contradiction is left open.
    """

    id: str
    type: str
    date: str | None
    place: Place | None
    sides: frozenset[str]
    admiralty: int
    claims: int
    disputed: bool
    record: str


class Making:
    """Incidents by the claims that they are made of, for one set of letters that people gave to sources."""

    def __init__(self) -> None:
        self._made: dict[Members, Made] = {}
        self._letters: object = None
        self._lock = threading.Lock()

    def known(self, members: Members, letters: Mapping[str, str]) -> Made | None:
        """The incident of these claims, when it was made by these letters."""
        with self._lock:
            if self._letters != letters:
                self._made.clear()
                self._letters = letters
            return self._made.get(members)

    def keep(self, members: Members, made: Made, letters: Mapping[str, str]) -> None:
        """Keep an incident, unless the letters have changed."""
        with self._lock:
            if self._letters == letters:
                if len(self._made) >= _MOST:
                    self._made.clear()
                self._made[members] = made


def make(accounts: Sequence[Account], letters: Mapping[str, str]) -> Made | None:
    """The incident of these accounts; None when they tell of nothing but a state."""
    found = incident(accounts, reliability=letters)
    if found is None:
        return None
    return Made(
        id=found.id,
        type=found.type,
        date=found.date,
        place=found.place,
        sides=frozenset(s.casefold() for s in found.sides),
        admiralty=found.credibility.admiralty,
        claims=len(found.claims),
        disputed=any(d.kind == "contradiction" for d in found.disputes),
        record=jsonl.line(incident_to_record(found, {a.ref: a for a in accounts})),
    )
