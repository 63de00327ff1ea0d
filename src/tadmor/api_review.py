"""The verbs of a ledger by which people review claims; a part of ``tadmor.Ledger``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadmor import pipeline
from tadmor.ledger import Agreement, CodersDiffer, Disagreement, Progress, Queued, Review, Reviewed, Store
from tadmor.ledger.reviews import Order
from tadmor.model import ClaimRef
from tadmor.pipeline import Pipeline

if TYPE_CHECKING:
    from tadmor.model import Reading
    from tadmor.resolve.resolve import Resources


class ReviewVerbs:
    """Accept, correct, reject and add claims; what waits, how far it has come, how far coders agree."""

    store: Store
    _line: Pipeline | None
    _resources: tuple[Path | None, Path | None]

    def review_queue(
        self,
        order: Order = "uncertain",
        *,
        limit: int = 50,
        unreviewed: bool = False,
        after: str | None = None,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        source: str | None = None,
        types: Sequence[str] | None = None,
    ) -> list[Queued]:
        """At most ``limit`` claims that wait for review: "uncertain", "disputed" or "newest" first.

        ``after`` is the cursor of the last one that was given; the other filters are those of ``Store.accounts``. Raises BadDate,
        and LedgerError for another order or a cursor of another one.
        """
        return self.store.queue(
            order,
            limit=limit,
            unreviewed=unreviewed,
            after=after,
            place=place,
            start=start,
            end=end,
            source=source,
            types=types,
        )

    def reviewed(self, claim: ClaimRef) -> Reviewed:
        """A claim as it is told and as it was read, with every review of it. Raises LedgerError when there is none."""
        return self.store.reviewed(claim)

    def accept(
        self,
        claim: ClaimRef,
        *,
        who: str,
        why: str | None = None,
        adjudicate: bool = False,
        blind: bool = False,
    ) -> Reviewed:
        """The claim is right as it is told, or with ``blind`` as the reader had it. See :meth:`correct`."""
        return self.store.review(claim, "accept", who=who, why=why, adjudicate=adjudicate, blind=blind)

    def correct(
        self,
        claim: ClaimRef,
        fields: Mapping[str, Any],
        *,
        who: str,
        why: str | None = None,
        adjudicate: bool = False,
        blind: bool = False,
    ) -> Reviewed:
        """Set fields of a claim: type, certainty, clause, sources, actors, targets, places, date, counts (docs/review.md).

        From then on the record tells the claim so, whatever reads the report later. Nothing is overwritten: the newest review
        counts, those before are kept, and :meth:`undo` brings them back. A name that is new is looked for in the report, the
        ledger, the registry and the gazetteer; give ``{"name": ..., "entity": ...}`` to say which is meant. Raises LedgerError
        for a value that the field does not take, or when nothing would change.
        """
        full = self._identified(claim.report, fields)
        return self.store.review(claim, "correct", who=who, why=why, fields=full, adjudicate=adjudicate, blind=blind)

    def reject(self, claim: ClaimRef, *, who: str, why: str, adjudicate: bool = False) -> Reviewed:
        """The report puts forward no such claim: it is kept, and told no more. See :meth:`correct`."""
        return self.store.review(claim, "reject", who=who, why=why, adjudicate=adjudicate)

    def add_claim(self, report: str, fields: Mapping[str, Any], *, who: str, why: str | None = None) -> Reviewed:
        """Add a claim that no reader found: at least ``clause`` and ``type``. See :meth:`correct`."""
        return self.store.add_claim(report, self._identified(report, fields), who=who, why=why)

    def undo(self, *, who: str, claim: ClaimRef | None = None, why: str | None = None) -> Review:
        """Withdraw the newest review by ``who``, of this claim or of all; returns the one that is withdrawn."""
        return self.store.withdraw(who=who, claim=claim, why=why)

    def review_progress(self) -> Progress:
        """How far review has come."""
        return self.store.progress()

    def disagreements(self, *, newer: bool = False) -> list[Disagreement]:
        """Where the reader of today differs from people; with ``newer`` only where it read after the review."""
        return self.store.disagreements(newer=newer)

    def coders_differ(self, *, unsettled: bool = False) -> list[CodersDiffer]:
        """Claims on which coders differ; with ``unsettled`` only those that nobody has adjudicated."""
        return self.store.coders_differ(unsettled=unsettled)

    def agreement(self) -> list[Agreement]:
        """Krippendorff's alpha of each field (1 is full agreement, 0 that of chance), over claims that two or more coded."""
        return self.store.agreement()

    def export_reviewed(self, folder: str | os.PathLike[str], *, partial: bool = False) -> tuple[int, int]:
        """Write reviewed reports in the gold format, a file each, into a folder; returns how many, and how many were left out.

        Left out are reports of which some claims are not reviewed: measured by these, a reader would be charged for finding the
        rest. ``partial`` takes them, too, with the claims that are. What is withheld is in none of them.
        """
        from tadmor.publish import gold

        if self.store.withholds():
            with self.store.public() as store:
                seen = copy(self)
                seen.store = store
                return seen.export_reviewed(folder, partial=partial)

        left = 0

        def rows() -> Iterator[dict[str, Any]]:
            nonlocal left
            for report, claims, done in self.store.reviewed_reports():
                if done or partial:
                    yield gold.gold(self.store.reading(report), claims)
                else:
                    left += 1

        return gold.write(rows(), Path(folder)), left

    def _identified(self, report: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields, new names with the identities that the registry or the gazetteer has for them."""
        out = dict(fields)
        wanted = [f for f in ("actors", "targets", "places") if isinstance(out.get(f), list | tuple)]
        if not wanted:
            return out
        from tadmor.reconcile.accounts import named
        from tadmor.reconcile.names import fold, fold_place

        reading = self.store.reading(report)
        names = named(reading)
        resources = self._line.resources if self._line else pipeline.resources(*self._resources)
        for field in wanted:
            known, key = (names.places, fold_place) if field == "places" else (names.actors, fold)
            entries = []
            for given in out[field]:
                name = given if isinstance(given, str) else given.get("name") if isinstance(given, Mapping) else None
                if not isinstance(name, str) or (isinstance(given, str) and key(name) in known):
                    entries.append(given)
                else:
                    find = _place if field == "places" else _party
                    entries.append(find(given, name, reading, resources))
            out[field] = entries
        return out


def _place(given: Any, name: str, reading: Reading, resources: Resources) -> Any:
    gazetteer = resources.gazetteer
    if isinstance(given, Mapping):
        entity = given.get("entity")
        found = gazetteer.by_id(entity) if isinstance(entity, str) and given.get("lat") is None else None
    else:
        there = {m.country for m in reading.mentions if m.type == "place" and m.country}
        near = [c for c in gazetteer.strict(name) if c.country in there]
        spots = [c for c in near if c.kind in ("town", "site")]  # a bare name is the town's, not its province's
        found = next((c[0] for c in (near, spots) if len(c) == 1), None)
    if found is None:
        return given
    return {"name": name, "entity": found.id, "lat": found.lat, "lon": found.lon, "country": found.country}


def _party(given: Any, name: str, reading: Reading, resources: Resources) -> Any:
    on = reading.report.published
    if isinstance(given, Mapping):
        entity = given.get("entity")
        found = resources.registry.identity(entity, on=on) if isinstance(entity, str) else None
    else:
        found = resources.registry.identify(name, on=on)
    if found is None:
        return given
    return {"name": name, "entity": found.entity, "kind": found.kind, "side": found.side}
