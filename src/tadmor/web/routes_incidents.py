"""Incidents: the list, one with its accounts side by side, and what people decide about them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tadmor.model import ClaimRef
from tadmor.publish.incident_view import record
from tadmor.web import incident_list, records, schemas
from tadmor.web.answers import Answer, listed, listed_lines
from tadmor.web.deps import Here, State, Who
from tadmor.web.filters import Asked
from tadmor.web.incident_list import Order
from tadmor.web.paging import Cursor, Limit

router = APIRouter(prefix="/incidents", tags=["incidents"])
_MOST = 20_000  # points of a map

Id = Annotated[str, Field(min_length=1, max_length=40)]
Why = Annotated[str | None, Field(max_length=4000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClaimName(_Body):
    """A claim, by report id and claim id."""

    report: Annotated[str, Field(max_length=2000)]
    claim: Annotated[str, Field(max_length=200)]

    def ref(self) -> ClaimRef:
        """The claim as the ledger knows it."""
        return ClaimRef(self.report, self.claim)


class Merging(_Body):
    """Incidents that are one."""

    ids: Annotated[list[Id], Field(min_length=2, max_length=100)]
    why: Why = None


class Splitting(_Body):
    """Claims that tell of another occurrence than the rest of their incident."""

    claims: Annotated[list[ClaimName], Field(min_length=1, max_length=5000)]
    why: Why = None


class Moving(_Body):
    """A claim that tells of another incident than the one in which it stands."""

    claim: ClaimName
    to: Id
    why: Why = None


@router.get("", response_model=None, responses={200: {"model": schemas.IncidentPage}})
def incidents(
    here: Here,
    state: State,
    asked: Asked,
    cursor: Cursor = None,
    limit: Limit = 50,
    order: Annotated[Order, Query(description="By day; those without a date come last either way.")] = "newest",
) -> Answer:
    """What happened, as every account tells it."""
    found, following, total = incident_list.listing(here, state, asked, cursor=cursor, limit=limit, order=order)
    return listed_lines([m.record for m in found], following, total=total)


@router.get("/points", response_model=None, responses={200: {"model": schemas.Points}})
def points(here: Here, state: State, asked: Asked) -> Answer:
    """The incidents that have a point, in few words each, for a map: at most 20,000, the newest; ``left`` are more."""

    def make() -> Answer:
        rows: list[dict[str, Any]] = []
        left = 0
        for m in incident_list.all_made(here, state, asked, "newest"):
            if m.place is None or m.place.lat is None or m.place.lon is None:
                continue
            if len(rows) >= _MOST:
                left += 1
                continue
            rows.append(
                {
                    "id": m.id,
                    "type": m.type,
                    "date": m.date,
                    "day": incident_list.day_shown(m.date),
                    "place": m.place.name,
                    "key": m.place.entity,
                    "lat": m.place.lat,
                    "lon": m.place.lon,
                    "claims": m.claims,
                    "credibility": m.admiralty,
                    "disputed": m.disputed,
                }
            )
        return listed(rows, None, left=left)

    return Answer(here.once(state, ("points", asked), lambda: bytes(make().body)))


@router.get("/{id}", response_model=None, responses={200: {"model": schemas.IncidentWhole}})
def incident(here: Here, state: State, id: str) -> Answer:
    """One incident, by its id or the beginning of it, with all its accounts and what people decided of it."""
    told = here.ledger.incident(id)
    row = record(told.incident, told.accounts, told.decisions)
    accounts = [told.accounts[ref] for ref in told.incident.claims if ref in told.accounts]
    of_claim = {(a.ref.report, a.ref.claim): told.incident.id for a in accounts}
    with here.reading() as connection:
        row["accounts"] = records.accounts(connection, accounts, of_claim)
    return Answer(row)


@router.post("/merge", response_model=None, responses={200: {"model": schemas.Ids}})
def merge(here: Here, who: Who, body: Merging) -> Answer:
    """These incidents are one: all their claims tell of one occurrence."""
    with here.writing:
        return Answer({"ids": here.ledger.merge(*body.ids, who=who, why=body.why)})


@router.post("/move", response_model=None, responses={200: {"model": schemas.Ids}})
def move(here: Here, who: Who, body: Moving) -> Answer:
    """A claim tells of another incident than the one in which it stands."""
    with here.writing:
        return Answer({"ids": here.ledger.move(body.claim.ref(), body.to, who=who, why=body.why)})


@router.post("/{id}/split", response_model=None, responses={200: {"model": schemas.Ids}})
def split(here: Here, who: Who, id: str, body: Splitting) -> Answer:
    """Some claims of an incident tell of another occurrence: they become an incident of their own."""
    with here.writing:
        return Answer({"ids": here.ledger.split(id, [c.ref() for c in body.claims], who=who, why=body.why)})
