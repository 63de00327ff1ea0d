"""Places: the list, and one with its control over time and its incidents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from tadmor.publish.wire import interval_to_record
from tadmor.web import control_index, incident_list, place_list, schemas
from tadmor.web.answers import Answer, dumped, encoded, listed
from tadmor.web.deps import Here, State
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, page

router = APIRouter(prefix="/places", tags=["places"])
_INCIDENTS = 200


@router.get("", response_model=None, responses={200: {"model": schemas.PlacePage}})
def places(
    here: Here,
    state: State,
    q: Annotated[str | None, Query(max_length=200, description="A part of the name.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """The places of claims, those with most claims first."""
    found = place_list.places(here, state)
    if q and q.strip():
        found = place_list.matching(found, q)
    shown, following = page(found, place_list.sorted_by, cursor, limit, int, str)
    return listed([place_list.record(*item) for item in shown], following)


@router.get("/{key:path}", response_model=None, responses={200: {"model": schemas.PlaceWhole}})
def place(here: Here, state: State, key: str) -> Answer:
    """One place: who held it by all accounts and as each source tells it, and its newest incidents (at most 200)."""
    found = place_list.place(here, state, key)
    return Answer(here.once(state, ("place", found[0]), lambda: _place(here, state, *found)))


def _place(here: Opened, state: str, key: str, row: Any) -> bytes:
    asked = place_list.as_place(row)
    index = control_index.index(here, state, None)
    with index.lock:
        accounts = {a.ref: a for a in index.of.accounts(asked)}
        control = [
            interval_to_record(i, accounts) | {"side": index.side(i, asked.country)} for i in index.of.intervals(asked)
        ]
        sources = control_index.ribbons(index, asked)
    about = Filters(place=row.entity or row.name)
    incidents, _, total = incident_list.listing(here, state, about, cursor=None, limit=_INCIDENTS, order="newest")
    head = dumped({"place": place_list.record(key, row), "control": control, "sources": sources, "total": total})
    lines = encoded(",".join(m.record for m in incidents))
    return head[:-1] + b',"incidents":[' + lines + b"]}"
