"""Incidents and control as plain data, with the keys of the record format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tadmor.model import (
    Account,
    ClaimRef,
    ControlInterval,
    Credibility,
    Dispute,
    Incident,
    Place,
    Position,
    SideRange,
)
from tadmor.reconcile.sources import partisan_side
from tadmor.reconcile.sources import speakers as voices

Accounts = Mapping[ClaimRef, Account]


def number(value: float | None) -> float | int | None:
    """A whole number without its decimal point, so that 300 is written 300."""
    return int(value) if value is not None and float(value).is_integer() else value


def place_to_record(place: Place | None) -> dict[str, Any] | None:
    """A place as plain data, or None."""
    if place is None:
        return None
    return {
        "name": place.name,
        "entity": place.entity,
        "lat": place.lat,
        "lon": place.lon,
        "country": place.country,
    }


def incident_to_record(incident: Incident, accounts: Accounts | None = None) -> dict[str, Any]:
    """An incident as plain data.

    With its accounts, disputes also say who holds each position, since when, in which sentences, and claims of reports that were
    retracted say so.
    """
    return {
        "id": incident.id,
        "type": incident.type,
        "place": place_to_record(incident.place),
        "date": incident.date,
        "claims": [_marked(r, accounts) for r in incident.claims],
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "sides": list(incident.sides),
        "counts": [
            {
                "what": n.what,
                "min": number(n.min),
                "max": number(n.max),
                "best": number(n.best),
                "rule": n.rule,
                "by_side": [side_range_to_record(s) for s in n.by_side],
            }
            for n in incident.counts
        ],
        "credibility": credibility_to_record(incident.credibility),
        "disputes": [dispute_to_record(d, accounts) for d in incident.disputes],
    }


def _marked(ref: ClaimRef, accounts: Accounts | None) -> dict[str, str]:
    """A reference, with why its report was retracted where it was."""
    account = accounts.get(ref) if accounts is not None else None
    mark = {"retracted": account.retracted} if account is not None and account.retracted is not None else {}
    return ref_to_record(ref) | mark


def side_range_to_record(side: SideRange) -> dict[str, Any]:
    """What one side says of a count, as plain data; side None is those who speak for no side."""
    return {
        "side": side.side,
        "min": number(side.min),
        "max": number(side.max),
        "sources": list(side.sources),
        "claims": [ref_to_record(r) for r in side.claims],
    }


def dispute_to_record(dispute: Dispute, accounts: Accounts | None = None) -> dict[str, Any]:
    """A dispute as plain data; with accounts, each position has also ``since`` and ``held_by`` (:func:`holders`)."""
    positions: list[dict[str, Any]] = []
    for p in dispute.positions:
        row: dict[str, Any] = {
            "says": p.says,
            "sources": list(p.sources),
            "claims": [ref_to_record(r) for r in p.claims],
        }
        if accounts is not None:
            held = holders(p, accounts)
            days: list[str] = [h.since for h in held if h.since]
            row |= {
                "since": min(days) if days else None,
                "held_by": [
                    {
                        "source": h.source,
                        "side": h.side,
                        "since": h.since,
                        "claims": [ref_to_record(a.ref) | {"sentence": a.sentence} for a in h.accounts],
                    }
                    for h in held
                ],
            }
        positions.append(row)
    return {"about": dispute.about, "kind": dispute.kind, "positions": positions}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a position of a dispute: ``side`` is None for who speaks for none, ``since`` the first day (ISO) on which
    the record could know it, ``accounts`` where it is said, the earliest first.
    """

    source: str
    side: str | None
    since: str | None
    accounts: tuple[Account, ...]


def holders(position: Position, accounts: Accounts) -> list[Holder]:
    """Those who hold a position, who took it first before the others."""
    told: dict[tuple[str, str | None], list[Account]] = {}
    for ref in position.claims:
        if ref in accounts:
            for s in voices(accounts[ref]):
                told.setdefault((s.name, partisan_side(s.voice)), []).append(accounts[ref])
    out = []
    for (name, side), found in told.items():
        first = sorted(found, key=lambda a: (a.known or "9999", a.ref))
        out.append(Holder(name, side, min((a.known for a in found if a.known), default=None), tuple(first)))
    return sorted(out, key=lambda h: (h.since or "9999", h.source))


def interval_to_record(interval: ControlInterval, accounts: Accounts) -> dict[str, Any]:
    """An interval of control as plain data, each claim with its sources and its sentence."""
    return {
        "holder": interval.holder,
        "holder_entity": interval.holder_entity,
        "status": interval.status,
        "from": interval.start,
        "to": interval.end,
        "sources": list(interval.sources),
        "claims": _told(interval.claims, accounts),
        "against": _told(interval.against, accounts),
        "credibility": credibility_to_record(interval.credibility),
    }


def credibility_to_record(credibility: Credibility) -> dict[str, Any]:
    """Credibility as plain data."""
    return {"admiralty": credibility.admiralty, "grade": credibility.grade, "reasons": list(credibility.reasons)}


def ref_to_record(ref: ClaimRef) -> dict[str, str]:
    """A reference to a claim."""
    return {"report": ref.report, "claim": ref.claim}


def speakers(account: Account) -> list[str]:
    """Who says so, each chain written inside out: "an unnamed officer, via SANA"; the report's outlet when nobody is named."""
    if not account.voices:
        return [account.publisher or "the report"]
    return [f"{v.name}, via {', '.join(reversed(v.through))}" if v.through else v.name for v in account.voices]


def _told(refs: Sequence[ClaimRef], accounts: Accounts) -> list[dict[str, Any]]:
    rows = []
    for ref in refs:
        row: dict[str, Any] = dict(ref_to_record(ref))
        account = accounts.get(ref)
        if account:
            row |= {
                "type": account.claim.type,
                "certainty": account.claim.certainty,
                "date": account.claim.date,
                "says": speakers(account),
                "sentence": account.sentence,
                "publisher": account.publisher,
                "published": account.published,
            }
            if account.retracted is not None:
                row["retracted"] = account.retracted
        rows.append(row)
    return rows
