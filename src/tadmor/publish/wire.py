"""Incidents and control as plain data, with the keys of the record format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tadmor.model import (
    Account,
    ClaimRef,
    ControlInterval,
    Credibility,
    Dispute,
    Incident,
    Place,
)

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


def incident_to_record(incident: Incident) -> dict[str, Any]:
    """An incident as plain data."""
    return {
        "id": incident.id,
        "type": incident.type,
        "place": place_to_record(incident.place),
        "date": incident.date,
        "claims": [ref_to_record(r) for r in incident.claims],
        "sources": incident.sources,
        "independent_sources": incident.independent_sources,
        "sides": list(incident.sides),
        "counts": [
            {"what": n.what, "min": number(n.min), "max": number(n.max), "best": number(n.best), "rule": n.rule}
            for n in incident.counts
        ],
        "credibility": credibility_to_record(incident.credibility),
        "disputes": [dispute_to_record(d) for d in incident.disputes],
    }


def dispute_to_record(dispute: Dispute) -> dict[str, Any]:
    """A dispute as plain data."""
    return {
        "about": dispute.about,
        "kind": dispute.kind,
        "positions": [
            {"says": p.says, "sources": list(p.sources), "claims": [ref_to_record(r) for r in p.claims]}
            for p in dispute.positions
        ],
    }


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
        rows.append(row)
    return rows
