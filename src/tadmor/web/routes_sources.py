"""Sources: who speaks, what each has claimed and who tells the same; how reliable people hold them to be."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, func, select

from tadmor.ledger import queries, speaking
from tadmor.ledger import tables as t
from tadmor.ledger.answers import SourceRow
from tadmor.ledger.folding import fold
from tadmor.web import incident_list, records, schemas
from tadmor.web.answers import Answer, dumped, listed
from tadmor.web.beside import beside_of
from tadmor.web.deps import Here, State, Who
from tadmor.web.errors import Problem
from tadmor.web.filters import Asked, Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, page

router = APIRouter(prefix="/sources", tags=["sources"])
_CLAIMS = 200
_INCIDENTS = 400  # in which others are looked for who tell the same, the newest
_BESIDE = 60


class Rating(BaseModel):
    """The Admiralty's letter: A completely reliable, F cannot be judged."""

    model_config = ConfigDict(extra="forbid")
    letter: Literal["A", "B", "C", "D", "E", "F"]
    why: Annotated[str | None, Field(max_length=4000)] = None


@router.get("", response_model=None, responses={200: {"model": schemas.SourcePage}})
def sources(
    here: Here,
    state: State,
    asked: Asked,
    q: Annotated[str | None, Query(max_length=200, description="A part of the name.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Who speaks in claims that fulfil the filters, those with most claims first; ``credibility`` is not asked of sources."""
    found = all_sources(here, state)
    if q and q.strip():
        wanted = fold(q)
        found = [row for row in found if wanted in fold(row.name)]
    if asked.side is not None:
        found = [row for row in found if (row.side or "").casefold() == asked.side.casefold()]
    about = replace(asked, side=None, credibility=None)
    if not about.none:
        keys = here.once(state, ("speakers", about), lambda: _speakers(here, about))
        found = [row for row in found if (row.entity or fold(row.name)) in keys]
    shown, following = page(found, _sorted_by, cursor, limit, int, str, str)
    return listed([asdict(row) for row in shown], following)


def all_sources(here: Opened, state: str) -> list[SourceRow]:
    """Everybody who speaks, those with most claims first."""
    return here.once(state, "sources", lambda: sorted(_rows(here), key=_sorted_by))


def _rows(here: Opened) -> list[SourceRow]:
    return here.store.sources(here.resources.registry)


def _sorted_by(row: SourceRow) -> tuple[int, str, str]:
    return -row.claims, row.name, row.entity or ""


def _speakers(here: Opened, asked: Filters) -> set[str]:
    """Identities, else folded names, of who speaks in claims that fulfil the filters."""
    s = t.claim_source.c
    same = (t.claim.c.reading == s.reading) & (t.claim.c.position == s.position)
    stmt = (
        select(s.entity, s.folded)
        .select_from(queries.CLAIMS.join(t.claim_source, same))
        .where(queries.CURRENT, queries.TOLD, *asked.of_claims().conditions())
    )
    with here.reading() as connection:
        one = speaking.told_as(connection)
        return {entity or one.get(folded, folded) for entity, folded in connection.execute(stmt.distinct())}


def find(here: Opened, state: str, name: str) -> SourceRow:
    """The source with this identity or name, else the one that is known by it. Raises Problem (404)."""
    found = all_sources(here, state)
    key = fold(name)
    for row in found:
        if row.entity == name:
            return row
    for row in found:
        if row.name == name:
            return row
    for row in found:
        if fold(row.name) == key:
            return row
    s = t.claim_source.c
    stmt = select(s.entity, s.folded).where(queries.called(t.claim_source, name)).limit(1)
    with here.reading() as connection:
        known = connection.execute(stmt).one_or_none()
        one = speaking.told_as(connection)
    if known is not None:
        meant = known.entity or one.get(known.folded, known.folded)
        for row in found:
            if meant == (row.entity or fold(row.name)):
                return row
    raise Problem(404, f"nobody called {name[:200]!r} speaks in this ledger")


@router.get("/{name:path}", response_model=None, responses={200: {"model": schemas.SourceWhole}})
def source(here: Here, state: State, name: str) -> Answer:
    """One source, by any of its names or its identity: its newest claims (at most 200), its sides, and who tells the same.

    ``sides`` are the sides for which it was held to speak in reports, one after the other, by the days on which they were known.
    ``with`` is counted in its newest 400 incidents: in ``dispute`` of them the other holds another position in a contradiction,
    in ``agree`` it does not.
    """
    row = find(here, state, name)
    return Answer(here.once(state, ("source", row.name, row.entity), lambda: dumped(_source(here, state, row))))


def _source(here: Opened, state: str, row: SourceRow) -> dict[str, Any]:
    asked = Filters(source=row.entity or row.name)
    of_claim = incident_list.groups(here, state).of_claim
    with here.reading() as connection:
        found = records.newest(connection, asked.of_claims(), _CLAIMS)
        claims = records.accounts(connection, found, of_claim)
        sides = _sides(connection, row)
    beside = beside_of(here, incident_list.candidates(here, state, asked)[:_INCIDENTS], row)[:_BESIDE]
    names = {r.entity: r.name for r in all_sources(here, state) if r.entity}
    others = [other | {"name": names.get(other["entity"], other["name"])} for other in beside]
    return {"source": asdict(row), "claims": claims, "sides": sides, "with": others}


def _sides(connection: Connection, row: SourceRow) -> list[dict[str, Any]]:
    """Runs of days on which the source spoke for one side, or did in most claims of a day; days without any break no run."""
    s = t.claim_source.c
    same = (t.claim.c.reading == s.reading) & (t.claim.c.position == s.position)
    known, side = t.reading.c.known, speaking.spoken_side().label("side")
    stmt = (
        select(known, side, func.count())
        .select_from(queries.CLAIMS.join(t.claim_source, same))
        .where(queries.CURRENT, queries.TOLD, speaking.of_source(row.entity, fold(row.name)), side.is_not(None))
        .group_by(known, side)
        .order_by(known, func.count().desc(), side)
    )
    runs: list[dict[str, Any]] = []
    for day, told in groupby(connection.execute(stmt), key=lambda r: r[0]):
        _, side, claims = next(iter(told))
        if runs and runs[-1]["side"] == side:
            runs[-1]["last"] = day
            runs[-1]["claims"] += claims
        else:
            runs.append({"side": side, "first": day, "last": day, "claims": claims})
    return runs


@router.post("/{name:path}/rating", response_model=None, responses={200: {"model": schemas.Rated}})
def rate(here: Here, who: Who, name: str, body: Rating) -> Answer:
    """Set how reliable a source is; the newest letter counts, those set before are kept."""
    with here.writing:
        return Answer(asdict(here.ledger.rate(name, body.letter, who=who, why=body.why)))
