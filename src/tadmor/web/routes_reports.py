"""Reports: the list, and one with all that was read in it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, exists, func, or_, select

from tadmor.ledger import queries, speaking
from tadmor.ledger import tables as t
from tadmor.model import ClaimRef
from tadmor.reconcile.sources import speaks_for
from tadmor.record import to_record
from tadmor.web import groups, incident_list, records, schemas
from tadmor.web.answers import Answer, listed
from tadmor.web.deps import Here, State
from tadmor.web.filters import Asked, Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, pack, unpack

router = APIRouter(prefix="/reports", tags=["reports"])


@router.get("", response_model=None, responses={200: {"model": schemas.ReportPage}})
def reports(
    here: Here,
    state: State,
    asked: Asked,
    q: Annotated[str | None, Query(max_length=200, description="Words of the title or the publisher.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Reports with a claim that fulfils the filters, the newest first, those without a date last."""
    r = t.report.c
    conditions = [queries.CURRENT, *matching(here, state, asked)]
    covered = here.store.covered_publishers() if q else []
    for word in (q or "").split():
        by = r.publisher.icontains(word, autoescape=True)
        by = by & r.publisher.not_in(covered) if covered else by
        conditions.append(or_(r.title.icontains(word, autoescape=True), by))
    published = func.coalesce(t.reading.c.published, "")
    stmt = (
        select(
            t.reading.c.row,
            r.id,
            r.title,
            r.publisher,
            t.reading.c.published,
            r.url,
            t.reading.c.claims,
            t.reading.c.reader,
            t.reading.c.version,
        )
        .join(t.report, t.reading.c.report == r.row)
        .where(*conditions)
    )
    after = unpack(cursor, str, int)
    following = stmt.order_by(published.desc(), t.reading.c.row.desc()).limit(limit + 1)
    if after is not None:
        day, row = after
        following = following.where(or_(published < day, (published == day) & (t.reading.c.row < row)))
    with here.reading() as connection:
        total = connection.scalar(select(func.count()).select_from(stmt.subquery())) or 0
        found = [dict(x) for x in connection.execute(following).mappings()]
    more = len(found) > limit
    shown = found[:limit]
    end = pack((shown[-1]["published"] or "", shown[-1]["row"])) if more else None
    return listed([_row(x) for x in shown], end, total=total)


def _row(found: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in found.items() if k != "row"} | {"url": records.web_address(found["url"])}


def matching(here: Opened, state: str, asked: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions on ``reading`` joined with ``report``: such a claim is in it, or tells of such an incident."""
    out: list[ColumnElement[bool]] = []
    claims = asked.of_claims().conditions()
    if asked.side is not None:
        s = t.claim_source
        same = (s.c.reading == t.claim.c.reading) & (s.c.position == t.claim.c.position)
        claims.append(exists(select(s.c.reading).where(same, func.lower(speaking.spoken_side()) == asked.side.lower())))
    if claims:
        out.append(t.reading.c.row.in_(select(t.claim.c.reading).where(queries.TOLD, *claims)))
    if asked.credibility is not None:
        graded = Filters(start=asked.start, end=asked.end, credibility=asked.credibility)
        told = {claim[0] for claim in incident_list.claims_of(here, state, graded)}
        out.append(queries.among(t.report.c.id, told, here.engine.dialect.name))
    return out


@router.get("/{id:path}", response_model=None, responses={200: {"model": schemas.ReportWhole}})
def report(here: Here, state: State, id: str) -> Answer:
    """The reading of a report, by its id or another id of its text, with the incident of which each claim tells.

    ``sides`` are those that the sources of attributions speak for, by the ids of the attributions.
    """
    reading = here.store.reading(id)
    here.once(state, "grouped", lambda: incident_list.grouped(here))
    with here.reading() as connection:
        of_claim = groups.incidents_of(connection, [ClaimRef(reading.report.id, c.id) for c in reading.claims])
    of_report = {ref.claim: id for ref, id in of_claim.items()}
    spoken = {
        a.id: side for a in reading.attributions if a.source and (side := speaks_for(a.source.kind, a.source.side))
    }
    return Answer(to_record(reading) | {"incidents": of_report, "sides": spoken})
