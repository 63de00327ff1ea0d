"""Periods of a question: the days between two dates, and what of the record falls into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from tadmor import edtf
from tadmor.model import Account, Incident, Place

_MARGIN = dt.timedelta(days=10)


def ends(start: str | None, end: str | None) -> edtf.Bounds:
    """First day of the one and last day of the other; None where the period is open. Raises BadDate."""
    return edtf.bounds(start)[0] if start else None, edtf.bounds(end)[1] if end else None


def window(start: str | None, end: str | None) -> str | None:
    """The period as an EDTF interval; None when it is open at both ends."""
    if start is None and end is None:
        return None
    first, last = ends(start, end)
    return f"{first or '..'}/{last or '..'}"


def widened(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    """The period with ten days more at either end: accounts of one incident may date it apart."""
    first, last = ends(start, end)
    early = first and max(first, dt.date.min + _MARGIN) - _MARGIN
    late = last and min(last, dt.date.max - _MARGIN) + _MARGIN
    return (str(early) if early else None, str(late) if late else None)


def by_date(incident: Incident) -> tuple[bool, dt.date, str]:
    """A key that sorts incidents by day, those without one last."""
    if incident.date is None:
        return True, dt.date.max, incident.id
    first, last = edtf.bounds(incident.date)
    return False, first or last or dt.date.max, incident.id


def happening(accounts: list[Account], start: str | None, end: str | None) -> list[Account]:
    """Those that began within the period, or were reported in it: a state open for years is no news of every week."""
    period = window(start, end)
    if period is None:
        return accounts
    return [
        a
        for a in accounts
        if (a.claim.date and edtf.bounds(a.claim.date)[0] and edtf.overlap(str(edtf.bounds(a.claim.date)[0]), period))
        or (a.known and edtf.overlap(a.known, period))
    ]


def place_named(accounts: Iterable[Account], name: str) -> Place:
    """The place that the accounts mean by a name: the resolved one before one that is only named."""
    places = [p for a in accounts for p in a.places]
    exact = [p for p in places if p.name.casefold() == name.casefold()]
    resolved = [p for p in exact or places if p.lat is not None]
    return (resolved or exact or [Place(name)])[0]
