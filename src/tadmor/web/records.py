"""Accounts as plain data, with what the app shows beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.ledger.rows import account_of
from tadmor.model import Account
from tadmor.publish.wire import number, ref_to_record, speakers
from tadmor.reconcile.sources import sides_of


def account(a: Account, urls: Mapping[str, str | None], incidents: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """An account; ``urls`` by report id, ``incidents`` by report id and claim id."""
    claim, says = a.claim, speakers(a)
    return ref_to_record(a.ref) | {
        "type": claim.type,
        "certainty": claim.certainty,
        "score": claim.score,
        "sources": says,
        "says": says,
        "sides": sides_of(a),
        "date": claim.date,
        "places": [p.name for p in a.places],
        "actors": [p.name for p in a.actors],
        "targets": [p.name for p in a.targets],
        "counts": [
            {"what": n.what, "min": number(n.min), "max": number(n.max), "approx": n.approx, "of": n.of}
            for n in claim.counts
        ],
        "sentence": a.sentence,
        "clause": claim.text,
        "start": claim.start,
        "end": claim.end,
        "published": a.published,
        "publisher": a.publisher,
        "known": a.known,
        "retracted": a.retracted,
        "title": a.title,
        "url": urls.get(a.ref.report),
        "incident": incidents.get((a.ref.report, a.ref.claim)),
    }


def urls(connection: Connection, reports: Iterable[str]) -> dict[str, str | None]:
    """The addresses of reports, of their newest text."""
    r = t.report.c
    out: dict[str, str | None] = {}
    for batch in chunks(sorted(set(reports))):
        stmt = select(r.id, r.url).where(r.id.in_(batch)).order_by(r.version)
        out.update((row.id, web_address(row.url)) for row in connection.execute(stmt))
    return out


def web_address(url: str | None) -> str | None:
    """The address when it is one of the web: what a report gives for its own may be anything, and the app makes a link of it."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def newest(connection: Connection, asked: queries.Filters, most: int) -> list[Account]:
    """The accounts that fulfil the filters, those that were known last first."""
    stmt = (
        select(*queries.ACCOUNT)
        .select_from(queries.CLAIMS)
        .where(queries.CURRENT, queries.TOLD, t.claim.c.context.is_not(None), *asked.conditions())
        .order_by(t.reading.c.known.desc(), t.report.c.id, t.claim.c.position)
        .limit(most)
    )
    return [account_of(*row) for row in connection.execute(stmt)]


def accounts(connection: Connection, found: Sequence[Account], incidents: Mapping[tuple[str, str], str]) -> list[Any]:
    """Accounts as plain data."""
    known = urls(connection, (a.ref.report for a in found))
    return [account(a, known, incidents) for a in found]
