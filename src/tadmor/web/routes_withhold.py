"""What is withheld from exports and from viewers' sight, and what is purged."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tadmor.errors import LedgerError
from tadmor.ledger.withhold import Kind
from tadmor.ledger.withhold_marks import Mark
from tadmor.web import team_schemas
from tadmor.web.answers import Answer, listed
from tadmor.web.deps import Full, Who
from tadmor.web.opened import Opened
from tadmor.web.routes_login import row_of

router = APIRouter(tags=["team"])
_FRESH = {"cache-control": "no-store"}
Why = Annotated[str | None, Field(max_length=4000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Withholding(_Body):
    """A report by its id, a person or a place by a name or the identity."""

    kind: Kind
    name: Annotated[str, Field(min_length=1, max_length=2000)]
    why: Why = None


class Lifting(_Body):
    """Why it need not be withheld any longer."""

    why: Why = None


class Purging(_Body):
    """A report by its id, or a name, and the reason, which must not name it: it is kept."""

    kind: Annotated[str, Field(pattern="^(report|name)$")]
    name: Annotated[str, Field(min_length=1, max_length=2000)]
    why: Annotated[str, Field(min_length=1, max_length=4000)]


@router.get("/withheld", response_model=None, responses={200: {"model": team_schemas.Marks}})
def withheld(
    here: Full, lifted: Annotated[bool, Query(description="Also what is withheld no longer.")] = False
) -> Answer:
    """What is withheld, by whom and why, oldest first."""
    found = listed([_record(m) for m in here.store.withheld(lifted=lifted)], None)
    found.headers.update(_FRESH)
    return found


@router.post("/withheld", response_model=None, responses={200: {"model": team_schemas.Mark}})
def withhold(here: Full, who: Who, body: Withholding) -> Answer:
    """Keep a report, a person or a place out of exports and of viewers' sight; editors see it."""
    with here.writing:
        return Answer(_record(here.store.withhold(body.kind, body.name, who=who, why=body.why)), headers=_FRESH)


@router.post("/withheld/{mark}/lift", response_model=None, responses={200: {"model": team_schemas.Mark}})
def lift(here: Full, who: Who, mark: int, body: Lifting) -> Answer:
    """Withhold it no longer."""
    with here.writing:
        return Answer(_record(here.store.lift(row_of(mark), who=who, why=body.why)), headers=_FRESH)


@router.get("/purges", response_model=None, responses={200: {"model": team_schemas.Tombstones}})
def purges(here: Full) -> Answer:
    """That things were purged: when, by whom and why, and nothing else."""
    found = listed([asdict(s) for s in here.store.tombstones()], None)
    found.headers.update(_FRESH)
    return found


@router.post("/purges", response_model=None, responses={200: {"model": team_schemas.Purged}})
def purge(here: Full, who: Who, body: Purging) -> Answer:
    """Remove a report, or a name wherever it stands, for good. It cannot be undone; only a tombstone is left."""
    act = here.store.purge_report if body.kind == "report" else here.store.purge_name
    before = len(here.store.tombstones())
    with here.writing:
        try:
            act(body.name, who=who, why=body.why)
            left = None
        except LedgerError as error:
            if len(here.store.tombstones()) == before:
                raise
            left = str(error)  # it is purged; what is told is where the disk may still have it
    return _buried(here, left)


def _buried(here: Opened, left: str | None) -> Answer:
    here.forget()
    return Answer({"tombstone": asdict(here.store.tombstones()[-1]), "left": left}, headers=_FRESH)


def _record(mark: Mark) -> dict[str, Any]:
    return asdict(mark)
