"""Feeds that are watched, and reports that are kept without having been read; the latter can be read from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from tadmor.errors import LedgerError
from tadmor.intake.courtesy import utc
from tadmor.ledger.watching import stamp
from tadmor.model import UNREAD, Failure
from tadmor.web import records, schemas
from tadmor.web.answers import Answer, listed
from tadmor.web.deps import Full, Here, State, Who
from tadmor.web.jobs import Item, Jobs
from tadmor.web.opened import Opened
from tadmor.web.paging import Cursor, Limit, pack, unpack
from tadmor.web.schemas_watch import Reason, UnreadPage, Watched

router = APIRouter(tags=["watch"])


@router.get("/watch", response_model=None, responses={200: {"model": Watched}})
def watch(here: Here) -> Answer:
    """How watching goes: who watches, each feed with what became of its items, hosts that are left alone, what failed."""
    now = stamp(utc())
    found = here.store.watched()
    watcher = found["watcher"]
    for item in found["failed"]:
        item["url"] = records.web_address(item["url"])
    return Answer(
        {
            "now": now,
            "watcher": watcher and watcher | {"alive": watcher["until"] > now},
            "feeds": found["feeds"],
            "hosts": found["hosts"],
            "failed": found["failed"],
            "unread": here.store.unread_counts(),
        },
        headers={"cache-control": "no-store"},
    )


@router.get("/unread", response_model=None, responses={200: {"model": UnreadPage}})
def unread(
    here: Here,
    state: State,
    reason: Annotated[Reason | None, Query(description="Only those for this reason.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Answer:
    """Reports that are kept without having been read, and why."""
    after = unpack(cursor, int)
    found = here.store.unread(reason, after=after[0] if after else 0, limit=limit + 1)
    rows = [asdict(one) | {"url": records.web_address(one.url)} for _, one in found[:limit]]
    return listed(rows, pack((found[limit - 1][0],)) if len(found) > limit else None)


class Chosen(BaseModel):
    """Reports that are to be read now, by their ids."""

    model_config = ConfigDict(extra="forbid")
    reports: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(min_length=1, max_length=500)]


@router.post("/unread/read", status_code=202, response_model=None, responses={202: {"model": schemas.JobStarted}})
def read(request: Request, here: Here, whole: Full, chosen: Chosen, who: Who) -> Answer:
    """Have reports read that were kept unread. The answer names the job; one that still cannot be read stays as it is."""
    jobs: Jobs = request.app.state.jobs
    ids = list(dict.fromkeys(chosen.reports))
    job = jobs.start(lambda: _reports(here, whole, ids), of=len(ids), titles=False)
    return Answer({"job": job.id}, 202, {"location": f"/api/v1/jobs/{job.id}"})


def _reports(here: Opened, whole: Opened, ids: list[str]) -> Iterator[Item]:
    """Those that whoever asks can see, as they are: what is covered for their eyes would else be kept as the report's text."""
    for id in ids:
        try:
            reading = here.store.reading(id)
        except LedgerError:
            yield id, Failure(id, id, "the ledger has no such report")
            continue
        name = reading.report.title or id
        if reading.reader.name == UNREAD:
            yield name, whole.store.report(reading.report.id)
        else:
            yield name, Failure(id, id, f"read already, by the reader {reading.reader.name!r}")
