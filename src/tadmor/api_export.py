"""The verbs of a ledger that write what it holds for others; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import BinaryIO, TextIO, TypeVar

from tadmor import taxonomy
from tadmor.api_incidents import IncidentVerbs
from tadmor.errors import LedgerError
from tadmor.model import Account, ControlInterval, Incident, Reading, Report
from tadmor.publish import exports, sitrep
from tadmor.publish.periods import ends, happening
from tadmor.publish.world import World

T = TypeVar("T")


class ExportVerbs(IncidentVerbs):
    """The situation report, and files for other programs."""

    def sitrep(
        self,
        *,
        start: str | None = None,
        end: str | None = None,
        place: str | None = None,
        title: str | None = None,
    ) -> str:
        """The situation report of a period as an HTML page, without what is withheld.

        ``start`` and ``end`` are EDTF, both days included; who holds what is told for the last of them. Raises BadDate.
        """
        if self.store.withholds():
            with self.public() as seen:
                return seen.sitrep(start=start, end=end, place=place, title=title)
        accounts = happening(list(self.store.accounts(place=place, start=start, end=end)), start, end)
        shown = {a.ref for a in accounts}
        found = self.incidents(place=place, start=start, end=end)
        incidents = [i for i in found.items if i.disputes and any(r in shown for r in i.claims)]
        day = ends(None, end)[1]
        last = str(day) if day else max((a.known for a in accounts if a.known), default=None)
        holding = list(self.store.accounts(types=taxonomy.of_control(), known_at=last))
        index = self._control_index(holding)
        control: dict[str, Sequence[ControlInterval]] = {}
        for account in accounts:
            for p in account.places:
                key = p.entity or p.name
                if last and key not in control:
                    control[key] = [h for h in index.on(p, last) if h.holder]
        readers = [f"{r.name} {r.version}" for r in self.store.readers()]
        return sitrep.page(
            accounts,
            incidents,
            control,
            beside={a.ref: a for a in holding} | dict(found.accounts),
            report=self._report,
            scope=sitrep.Scope(start, end, place, last),
            title=title,
            reader=", ".join(readers) or "no reader",
        )

    def _report(self, id: str) -> Report | None:
        try:
            return self.store.report(id)
        except LedgerError:
            return None

    def export(
        self,
        form: str,
        stream: TextIO | BinaryIO,
        *,
        of: str | None = None,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        owner: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> str | None:
        """Write what the ledger holds in one of the forms of docs/exports.md; returns what was left out, a line a reason.

        Where nothing fits ``place``, ``start`` and ``end``, or the ledger is empty, it says so in place of that. What is withheld
        is in none of them, and is not told of.

        The forms are jsonl, csv, geojson, acled, ucdp, parquet (to a binary stream), annotations and claimreview. ``of`` is
        "claims" or "incidents" for jsonl, csv, geojson and parquet; jsonl without it holds whole readings, the others claims.
        ``owner`` stands for the reviews of claimreview; ``progress`` is as in :meth:`incidents`. Raises BadChoice for another
        form, or an ``of`` or stream that does not fit; BadDate.
        """
        if self.store.withholds():
            with self.public() as seen:
                return seen.export(
                    form, stream, of=of, place=place, start=start, end=end, owner=owner, progress=progress
                )

        fits = False

        def noted(items: Iterable[T]) -> Iterator[T]:
            nonlocal fits
            for item in items:
                fits = True
                yield item

        def told() -> Iterator[tuple[Incident, list[Account]]]:
            found = self.incidents(place=place, start=start, end=end, progress=progress)
            for item in noted(found.items):
                yield item, [found.accounts[ref] for ref in item.claims if ref in found.accounts]

        def accounts() -> Iterator[Account]:
            return noted(self.store.accounts(place=place, start=start, end=end))

        filtered = any(x is not None for x in (place, start, end))
        material = exports.Material(
            readings=lambda: noted(self.store.readings(place=place, start=start, end=end)),
            accounts=accounts,
            incidents=told,
            chosen=lambda: {a.ref for a in accounts()} if filtered else None,
            world=self._world,
        )
        note = exports.write(form, stream, material, of=of, owner=owner)
        if fits:
            return note
        noun = "incident" if exports.of_incidents(form, of) else "claim"
        if filtered:
            return f"no {noun} in the ledger fits these filters"
        return f"the ledger has no {'report' if form == 'jsonl' and of != 'incidents' else noun}"

    def _world(self) -> World:
        """What rows of a codebook need besides; readings are kept a while, since incidents share reports."""
        resources = self._open()

        @lru_cache(maxsize=256)
        def reading(report: str) -> Reading | None:
            try:
                return self.store.reading(report)
            except LedgerError:
                return None

        return World(resources.registry, resources.gazetteer, reading, self.store.reliability())
