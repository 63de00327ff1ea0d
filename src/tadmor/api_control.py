"""The verbs of a ledger for who held what; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tadmor import taxonomy
from tadmor.api_base import Found, Verbs
from tadmor.model import ControlInterval
from tadmor.publish import control_join, control_places
from tadmor.publish.control_places import ControlMap
from tadmor.publish.periods import place_named
from tadmor.reconcile import held_on
from tadmor.reconcile.according import told_by
from tadmor.reconcile.homes import REGION_KM


class ControlVerbs(Verbs):
    """Who held a place, every place on a day, and the place of each row of a table."""

    def control(
        self,
        place: str,
        *,
        on: str | None = None,
        according_to: str | None = None,
        known_at: str | None = None,
    ) -> Found[ControlInterval]:
        """Who held the place, from when to when, in the order of time; all that is known of it when nothing else is said.

        ``on`` (EDTF) keeps the intervals with that day; ``according_to`` is the name or identity of a source, as whose claims
        alone tell it; with ``known_at`` (EDTF) reports that were published later are left out. ``accounts`` has the evidence.
        Raises BadDate.
        """
        told = {a.ref: a for a in self.store.accounts(place=place, types=taxonomy.of_control(), known_at=known_at)}
        index = self._control_index(told.values())
        at = index.place(place)
        if at.lat is not None and at.lon is not None:
            # who fights in the towns around says for whom bare "rebels" hold the place
            region = self.store.accounts(
                types=taxonomy.of_control(), known_at=known_at, within=(at.lat, at.lon, REGION_KM)
            )
            index = self._control_index((told | {a.ref: a for a in region}).values())
        accounts = index.accounts(place)
        intervals = index.intervals(place, according_to=according_to, known_at=known_at)
        if on is not None:
            intervals = held_on(intervals, on)
        heard = told_by(accounts, according_to) if according_to else accounts
        return Found(list(intervals), {a.ref: a for a in heard}, place_named(accounts, place))

    def control_map(
        self,
        on: str,
        *,
        according_to: str | None = None,
        known_at: str | None = None,
        countries: Collection[str] = (),
    ) -> ControlMap:
        """Who held what on a day (EDTF): every place of which a claim up to that day implies who has it.

        ``countries`` (alpha-2) keeps the places of these. ``publish.control_map.svg`` draws it. What is withheld is not in
        it. Raises BadDate.
        """
        if self.store.withholds():
            with self.public() as seen:
                return seen.control_map(on, according_to=according_to, known_at=known_at, countries=countries)
        accounts = list(self.store.accounts(types=taxonomy.of_control(), known_at=known_at))
        index = self._control_index(accounts)
        resources = self._open()
        return control_places.control_map(
            accounts,
            index,
            on,
            registry=resources.registry,
            gazetteer=resources.gazetteer,
            according_to=according_to,
            known_at=known_at,
            countries=countries,
        )

    def join(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        according_to: str | None = None,
        known_at: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Each row (at least ``place`` and ``on``) with holder, status, since, credibility, sources and claims added.

        ``lat``, ``lon`` (degrees) and ``country`` (alpha-2) say which place is meant, where a row has them. A row whose ``on``
        is no date is answered as unknown. Rows with one answer share the records in ``claims``: copy one before changing it.
        Raises BadDate when ``known_at`` is none.
        """
        if self.store.withholds():
            with self.public() as seen:
                yield from seen.join(rows, according_to=according_to, known_at=known_at)
            return
        index = self._control_index(self.store.accounts(types=taxonomy.of_control(), known_at=known_at))
        yield from control_join.joined(rows, index, according_to=according_to, known_at=known_at)
