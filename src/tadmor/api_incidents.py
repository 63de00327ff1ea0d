"""The verbs of a ledger for what happened, and what people decide of it; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tadmor import edtf, taxonomy
from tadmor.api_base import Found, Told, Verbs
from tadmor.model import Account, ClaimRef, Incident, Place
from tadmor.publish.periods import by_date, widened, window


class IncidentVerbs(Verbs):
    """Incidents as every account tells them; merging, splitting and moving."""

    def incidents(
        self,
        *,
        place: str | None = None,
        start: str | None = None,
        end: str | None = None,
        types: Sequence[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Found[Incident]:
        """What happened, as every account tells it, by date; incidents without a date only when no date is asked for.

        ``place`` is any of its names or its identity; ``start`` and ``end`` are EDTF, both days included; ``types`` are those of
        claims. An incident of which an account fulfils a filter is told whole; for the days that is an account that tells its
        own to within three. Incidents are kept up as reports are added; where another version made them, they are made anew
        once, and ``progress`` is told how many of how many reports are done.
        Raises BadDate, and BadChoice for a type that there is not.
        """
        taxonomy.known(types or ())
        low, high = widened(start, end)
        period = window(start, end)
        items: list[Incident] = []
        accounts: dict[ClaimRef, Account] = {}
        for item, told in self.store.incidents(place=place, start=low, end=high, progress=progress):
            of_type = types is None or item.type in types or any(a.claim.type in types for a in told)
            if of_type and _within(item, told, period):
                items.append(item)
                accounts.update((a.ref, a) for a in told)
        return Found(sorted(items, key=by_date), accounts, Place(place or ""))

    def incident(self, id: str) -> Told:
        """One incident, by its id or the beginning of it, with its accounts and what people decided of it.

        Raises LedgerError, which says how to mend it, when there is none, or more than one.
        """
        found, accounts, decisions = self.store.incident(id)
        return Told(found, {a.ref: a for a in accounts}, decisions)

    def merge(self, *ids: str, who: str, why: str | None = None) -> list[str]:
        """These incidents are one, as ``who`` decides; returns the ids of what came of it, as ``split`` and ``move`` do.

        What people decide wins over every score and every later reading, the newer over the older; nothing is forgotten. An id
        may be the beginning of one, or one that the incident had before. Raises LedgerError, which says how to mend it.
        """
        return self.store.merge(ids, who=who, why=why)

    def split(self, id: str, claims: Iterable[ClaimRef], *, who: str, why: str | None = None) -> list[str]:
        """These claims of an incident tell of another occurrence than the rest of it. See :meth:`merge`."""
        return self.store.split(id, claims, who=who, why=why)

    def move(self, claim: ClaimRef, to: str, *, who: str, why: str | None = None) -> list[str]:
        """The claim tells of the incident ``to``, not of that in which it stands. See :meth:`merge`."""
        return self.store.move(claim, to, who=who, why=why)


def _within(item: Incident, told: Iterable[Account], period: str | None) -> bool:
    """Whether the incident, or an account of it that has a day, falls into the period."""
    if period is None or (item.date is not None and edtf.overlap(item.date, period)):
        return True
    days = (a.claim.date for a in told if a.claim.certainty != "expected" and a.claim.date)
    return any(edtf.valid(d) and edtf.precise(d) and edtf.overlap(d, period) for d in days)
