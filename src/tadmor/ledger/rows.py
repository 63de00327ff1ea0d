"""Readings and accounts as rows of the tables, and back again, exactly.

A claim is kept once: its record and, as ``context``, what an account has beside it. A reading's record holds the other
layers; its claims are put back in from their rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tadmor import edtf
from tadmor.errors import BadDate, LedgerError
from tadmor.ledger.folding import fold
from tadmor.ledger.versions_place import columns
from tadmor.model import Account, Claim, ClaimRef, Party, Place, Reading, Report, Source, Voice
from tadmor.record import claim_from_record, claim_to_record, from_record, report_from_record, to_record

EARLIEST, LATEST = "0001-01-01", "9999-12-31"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reading as rows, ready to be written: ``children`` by table name, keys of the reading still to be filled in."""

    reading: Row
    claims: list[Row]
    children: Mapping[str, list[Row]]
    namings: Mapping[tuple[str, str], str]


def report_row(report: Report, added_at: str) -> Row:
    """The row of ``report``, without its version."""
    return {
        "id": report.id,
        "text_hash": report.text_hash,
        "text": report.text,
        "title": report.title,
        "publisher": report.publisher,
        "published": report.published,
        "published_basis": report.published_basis,
        "url": report.url,
        "path": report.path,
        "language": report.language,
        "metadata": dict(report.metadata),
        "added_at": added_at,
        **columns(report),
    }


def prepare(reading: Reading, added_at: str, read_at: str) -> Prepared:
    """All rows of a reading. Raises LedgerError when two of its claims have one id."""
    from tadmor.reconcile.accounts import accounts

    added = added_at[:10]
    told = {a.ref.claim: a for a in accounts(reading, added=added)}
    speakers = {a.source.name: a.source for a in reading.attributions if a.source}
    claims: list[Row] = []
    children: dict[str, list[Row]] = {"claim_place": [], "claim_source": [], "claim_party": []}
    seen: set[str] = set()
    for position, claim in enumerate(reading.claims):
        if claim.id in seen:
            raise LedgerError(f"report {reading.report.id}: two claims of its reading have the id {claim.id}")
        seen.add(claim.id)
        account = told.get(claim.id)
        claims.append({"position": position, **claim_row(claim, context_of(account) if account else None)})
        if account:
            for name, rows in children_of(account, speakers, position).items():
                children[name] += rows
    return Prepared(_reading_row(reading, added, read_at), claims, children, _namings(reading, children))


def children_of(account: Account, speakers: Mapping[str, Source], position: int) -> dict[str, list[Row]]:
    """The rows of a claim's places, sources and parties, by table name; ``speakers`` are those of the report, by name."""
    found = {
        "claim_place": _place_rows(account),
        "claim_source": _source_rows(account, speakers),
        "claim_party": _party_rows(account),
    }
    return {
        name: [{"position": position, "number": n, **row} for n, row in enumerate(rows)] for name, rows in found.items()
    }


def known_day(published: str | None, added: str) -> str:
    """The day on which the record could know what a report says: of its publication, else of its adding."""
    start, end = days(published)
    return (start if start != EARLIEST else end) or added


def days(date: str | None) -> tuple[str | None, str | None]:
    """First and last day of an EDTF date, open ends as far as they reach; None twice when it is unknown or no date."""
    if date is None:
        return None, None
    try:
        start, end = edtf.bounds(date)
    except BadDate:
        return None, None
    return _iso(start, EARLIEST), _iso(end, LATEST)


def report_of(row: Mapping[str, Any], read: Mapping[str, Any]) -> Report:
    """The report of a row of ``report``, with date and passages as ``read``, a row of ``reading``, has them."""
    return report_from_record(
        {
            **{key: row[key] for key in ("id", "text", "title", "publisher", "url", "path", "language", "metadata")},
            "published": read["published"],
            "published_basis": read["published_basis"],
            "passages": read["record"]["passages"],
            "retracted": row["retracted"]["why"] if row["retracted"] else None,
        }
    )


def reading_of(report: Report, read: Mapping[str, Any], claims: Iterable[Any]) -> Reading:
    """The reading of a row of ``reading`` and the records of its claims, in order.

    What it says of who holds what is left out where a claim that it rests on is not among them.
    """
    reader = {"name": read["reader"], "version": read["version"]}
    bare = from_record({**read["record"], "report": _NO_REPORT, "reader": reader, "claims": ()})
    found = tuple(claim_from_record(c) for c in claims)
    ids = {c.id for c in found}
    return replace(
        bare, report=report, claims=found, control=tuple(s for s in bare.control if ids.issuperset(s.claims))
    )


def account_of(
    record: Mapping[str, Any],
    context: Mapping[str, Any],
    report_id: str,
    title: str,
    publisher: str | None,
    published: str | None,
    known: str | None,
    retracted: Mapping[str, Any] | None = None,
) -> Account:
    """The account of a claim's row."""
    claim = claim_from_record(record)
    return Account(
        ref=ClaimRef(report_id, claim.id),
        claim=claim,
        title=title,
        publisher=publisher,
        published=published,
        known=known,
        places=tuple(Place(*p) for p in context["places"]),
        actors=tuple(Party(*p) for p in context["actors"]),
        targets=tuple(Party(*p) for p in context["targets"]),
        voices=tuple(Voice(n, e, k, s, a, tuple(via)) for n, e, k, s, a, via in context["voices"]),
        sentence=context["sentence"],
        retracted=retracted["why"] if retracted else None,
    )


_NO_REPORT = {"id": "", "text": ""}


def _iso(day: dt.date | None, open_end: str) -> str:
    return day.isoformat() if day else open_end


def _reading_row(reading: Reading, added: str, read_at: str) -> Row:
    layers = to_record(replace(reading, claims=()))
    passages = layers["report"]["passages"]
    return {
        "reader": reading.reader.name,
        "version": reading.reader.version,
        "published": reading.report.published,
        "published_basis": reading.report.published_basis,
        "known": known_day(reading.report.published, added),
        "record": {"passages": passages}
        | {key: layers[key] for key in ("mentions", "attributions", "control", "warnings")},
        "claims": len(reading.claims),
        "read_at": read_at,
    }


def claim_row(claim: Claim, context: Mapping[str, Any] | None) -> Row:
    """The row of a claim, without its key."""
    start, end = days(claim.date)
    return {
        "id": claim.id,
        "type": claim.type,
        "certainty": claim.certainty,
        "date": claim.date,
        "date_start": start,
        "date_end": end,
        "clause_start": claim.start,
        "clause_end": claim.end,
        "score": claim.score,
        "record": claim_to_record(claim),
        "context": context,
    }


def context_of(account: Account) -> dict[str, Any]:
    """What an account has beside its claim, as it is kept."""
    return {
        "places": [[p.name, p.entity, p.lat, p.lon, p.country] for p in account.places],
        "actors": [[p.name, p.entity, p.kind, p.side] for p in account.actors],
        "targets": [[p.name, p.entity, p.kind, p.side] for p in account.targets],
        "voices": [[v.name, v.entity, v.kind, v.side, v.anonymous, list(v.through)] for v in account.voices],
        "sentence": account.sentence,
    }


def _place_rows(account: Account) -> list[Row]:
    return [
        {
            "name": p.name,
            "folded": fold(p.name),
            "entity": p.entity,
            "lat": p.lat,
            "lon": p.lon,
            "country": p.country,
        }
        for p in account.places
    ]


def _source_rows(account: Account, speakers: Mapping[str, Source]) -> list[Row]:
    rows: list[Row] = []
    for voice in account.voices:
        chain = [*voice.through, voice.name]
        rows.append(
            _source_row("speaker", voice.name, chain, voice.entity, voice.kind, voice.side, anonymous=voice.anonymous)
        )
        for name in voice.through:
            s = speakers.get(name)
            found = (s.entity, s.kind, s.side) if s else (None, None, None)
            rows.append(_source_row("through", name, chain, *found, anonymous=bool(s and s.anonymous)))
    if not account.voices and account.publisher:
        rows.append(_source_row("publisher", account.publisher, [account.publisher], None, "media", None))
    return rows


def _source_row(
    role: str,
    name: str,
    chain: list[str],
    entity: str | None,
    kind: str | None,
    side: str | None,
    *,
    anonymous: bool = False,
) -> Row:
    return {
        "role": role,
        "name": name,
        "folded": fold(name),
        "entity": entity,
        "kind": kind,
        "side": side,
        "anonymous": int(anonymous),
        "chain": chain,
    }


def _party_rows(account: Account) -> list[Row]:
    return [
        {
            "role": role,
            "name": p.name,
            "folded": fold(p.name),
            "entity": p.entity,
            "kind": p.kind,
            "side": p.side,
        }
        for role, parties in (("actor", account.actors), ("target", account.targets))
        for p in parties
    ]


def _namings(reading: Reading, children: Mapping[str, list[Row]]) -> dict[tuple[str, str], str]:
    """Every (identity, folded name) of the reading's places and actors, with the name as it stands."""
    pairs = [(m.entity, name) for m in reading.mentions if m.level == "name" and m.entity for name in (m.text, m.name)]
    pairs += [(a.source.entity, a.source.name) for a in reading.attributions if a.source and a.source.entity]
    pairs += [(row["entity"], row["name"]) for rows in children.values() for row in rows if row["entity"]]
    found: dict[tuple[str, str], str] = {}
    for entity, name in pairs:
        if entity and name and (key := fold(name)):
            found.setdefault((entity, key), name)
    return found
