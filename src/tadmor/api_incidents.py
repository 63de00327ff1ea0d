"""The verbs of a ledger for what happened, and what people decide of it; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tadmor import edtf
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

        Those with an account of the place are told whole. They are kept up as reports are added; where another version made
        them, they are made anew once, and ``progress`` is told how many of how many reports are done.
        """
        low, high = widened(start, end)
        period = window(start, end)
        items: list[Incident] = []
        accounts: dict[ClaimRef, Account] = {}
        for item, told in self.store.incidents(place=place, start=low, end=high, progress=progress):
            dated = period is None or (item.date is not None and edtf.overlap(item.date, period))
            if dated and (types is None or item.type in types):
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
