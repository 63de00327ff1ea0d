"""What the ledger holds, and the audit log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import func, select

from tadmor import edtf, taxonomy
from tadmor._version import __version__
from tadmor.ledger import queries, speaking
from tadmor.ledger import tables as t
from tadmor.ledger.kept import OF_CLAIM
from tadmor.ledger.rows import EARLIEST, LATEST
from tadmor.reconcile.sources import belligerent
from tadmor.web import incident_list, schemas
from tadmor.web.answers import Answer, listed
from tadmor.web.deps import Here, State
from tadmor.web.filters import Date
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, pack, unpack

router = APIRouter(tags=["ledger"])
_ASIDE = 200  # one in so many dated claims lies outside of first and last, at either end


@router.get("/info", response_model=None, responses={200: {"model": schemas.Info}})
def info(request: Request, here: Here, state: State) -> Answer:
    """What the ledger holds: how much, by which readers, from when to when, of which types and sides.

    ``tiles`` is where the server lets the app ask for a map to lay over the coasts; null unless that was set.
    """
    tiles = request.app.state.tiles
    return Answer(told(here, state) | {"tiles": tiles.address if tiles else None})


def told(here: Opened, state: str) -> dict[str, Any]:
    """What the ledger holds, worked out once for a state."""
    return here.once(state, "info", lambda: _info(here))


def _info(here: Opened) -> dict[str, Any]:
    counts = here.store.counts()
    readers = here.store.readers()
    incident_list.grouped(here)
    c = t.claim.c
    current = select(c.type).select_from(queries.CLAIMS).where(queries.CURRENT, queries.TOLD)
    dated = (
        select(c.date_start, c.date_end)
        .select_from(queries.CLAIMS)
        .where(queries.CURRENT, queries.TOLD, c.date_start > EARLIEST, c.date_end < LATEST, c.certainty != "expected")
    )
    made = (
        select(func.count(t.member.c.incident.distinct()))
        .join(t.claim, OF_CLAIM)
        .where(c.type.not_in(incident_list.STATES))  # groups of nothing but states are no incidents
    )
    dateless = select(func.count()).where(queries.CURRENT, t.reading.c.published.is_(None))
    with here.reading() as connection:
        incidents = connection.scalar(made) or 0
        undated = connection.scalar(dateless) or 0
        types = set(connection.scalars(current.distinct()))
        number = connection.scalar(select(func.count()).select_from(dated.subquery())) or 0
        aside = number // _ASIDE
        first = connection.scalar(dated.order_by(c.date_start).limit(1).offset(aside))
        latest = dated.with_only_columns(c.date_end).order_by(c.date_end.desc())
        last = connection.scalar(latest.limit(1).offset(aside))
        sides: set[str] = set()
        for side in (speaking.spoken_side(), t.claim_party.c.side):
            sides.update(s for s in connection.scalars(select(side).distinct()) if s and belligerent(s))
    return {
        "ledger": Path(here.name).name,
        "version": __version__,
        "reports": counts.reports,
        "undated": undated,
        "claims": counts.claims,
        "incidents": incidents,
        "readers": [{"name": r.name, "version": r.version} for r in readers],
        "first": first,
        "last": last,
        "types": [name for name in taxonomy.types() if name in types],
        "sides": sorted(sides),
    }


@router.get("/audit", response_model=None, responses={200: {"model": schemas.AuditPage}})
def audit(here: Here, state: State, since: Date = None, cursor: Cursor = None, limit: Limit = 50) -> Answer:
    """Who did what, when and why, the oldest first; ``since`` a day (UTC)."""
    a = t.audit.c
    after = unpack(cursor, int)
    stmt = select(a.row, a.at, a.what, a.who, a.before, a.after, a.why).order_by(a.row).limit(limit + 1)
    first = edtf.bounds(since)[0] if since else None
    if first is not None:
        stmt = stmt.where(a.at >= first.isoformat())
    if after is not None:
        stmt = stmt.where(a.row > after[0])
    with here.reading() as connection:
        rows = [dict(row) for row in connection.execute(stmt).mappings()]
    more = len(rows) > limit
    return listed(rows[:limit], pack((rows[limit - 1]["row"],)) if more else None)
