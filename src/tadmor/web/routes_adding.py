"""Adding reports: files, a text or an address; how far reading has come is told as it goes."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response, StreamingResponse

from tadmor import gather
from tadmor.errors import InputError
from tadmor.gather.fetch import is_url
from tadmor.model import Failure
from tadmor.web import schemas, uploads
from tadmor.web.answers import Answer, dumped
from tadmor.web.deps import Who
from tadmor.web.errors import Problem, Unfit
from tadmor.web.filters import checked_date
from tadmor.web.jobs import Item, Job, Jobs, named
from tadmor.web.uploads import Upload

router = APIRouter(tags=["reports"])

MOST_AT_ONCE = 5 * gather.MAX_BYTES + 1_000_000
"""Bytes of a request that adds reports; each file of it may have ``gather.MAX_BYTES``."""

_PAUSE = 0.2  # seconds between two tellings of progress, at least
_SILENT = 15.0  # seconds after which a sign of life is sent


class Sent(BaseModel):
    """A text, or an address (http or https) to be read."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str | None, Field(min_length=1, examples=["Rebels took Idlib on Saturday, the Observatory said."])
    ] = None
    url: Annotated[str | None, Field(min_length=1, max_length=4000)] = None
    title: Annotated[str | None, Field(max_length=1000)] = None
    published: Annotated[str | None, Field(max_length=40, examples=["2016-12-11"])] = None


_FILES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "published": {"type": "string"},
    },
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Sent.model_json_schema()},
            "multipart/form-data": {"schema": _FILES},
        },
    }
}


@router.post(
    "/reports",
    status_code=202,
    response_model=None,
    responses={202: {"model": schemas.JobStarted}},
    openapi_extra=_BODY,
)
async def add(request: Request, who: Who) -> Response:
    """Have reports read and kept: files as a form (each up to 20 MB), or a text, or an address.

    ``published`` is the date of publication: of one report it overrides what it says itself, for many it stands for those without
    one. The answer names the job that reads them; one that cannot be read is told of in it, and the others are kept.
    """
    kind = request.headers.get("content-type", "")
    jobs: Jobs = request.app.state.jobs
    if kind.lower().startswith("multipart/form-data"):
        job = await _files(request, jobs, kind)
    else:
        job = _sent(jobs, await request.body())
    return Answer({"job": job.id}, 202, {"location": f"/api/v1/jobs/{job.id}"})


async def _files(request: Request, jobs: Jobs, kind: str) -> Job:
    mark = uploads.boundary(kind)
    folder = Path(tempfile.mkdtemp(prefix="tadmor-"))
    try:
        form = await uploads.receive(request.stream(), mark, folder, most=gather.MAX_BYTES)
        published = checked_date(form.fields.get("published") or None)
        if not form.files:
            raise Problem(422, "no file was sent")
        return jobs.start(lambda: _of_files(form.files, published), of=len(form.files), folder=folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _of_files(files: Sequence[Upload], published: str | None) -> Iterator[Item]:
    """The reports of files, in one run, so that a date stands for all; under the names that people know the files by."""
    whole = {str(f.path).removesuffix(".gz"): f for f in files if not f.too_large}
    for item in gather.gather([f.path for f in whole.values()], published=published):
        where = item.path or ""
        start = next((p for p in whole if where.startswith(p)), None)
        if start is None:
            yield where, item
        else:  # as gather does, a packed file's reports are under its name without .gz
            packed = whole[start].path.suffix == ".gz"
            shown = whole[start].name
            yield named(item, start, shown[:-3] if packed else shown)
    for file in files:
        if file.too_large:
            yield file.name, Failure(None, file.name, f"above {gather.MAX_BYTES} bytes")


def _sent(jobs: Jobs, body: bytes) -> Job:
    try:
        sent = Sent.model_validate_json(body)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise Problem(422, told) from error
    published = checked_date(sent.published or None)
    if (sent.text is None) == (sent.url is None):
        raise Problem(422, "send either a text or a url")
    if sent.url is not None:
        url = sent.url.strip()
        if not is_url(url) or not url.lower().startswith(("http://", "https://")):
            raise Unfit("url", "is no http or https address")
        return jobs.start(lambda: ((url, item) for item in gather.gather([url], published=published)), of=1)
    text, title = sent.text or "", sent.title
    if len(text.encode("utf-8", "replace")) > gather.MAX_BYTES:
        raise Problem(413, f"the text is above {gather.MAX_BYTES} bytes")
    name = (title or "").strip() or "text"

    def read() -> Iterator[Item]:
        try:
            yield name, gather.from_text(text, title=title, published=published)
        except InputError as error:
            yield name, Failure(None, name, str(error))

    return jobs.start(read, of=1)


@router.get("/jobs/{job}", response_model=None, responses={200: {"model": schemas.Job}})
def job(request: Request, job: str) -> Answer:
    """How far a job has come: what was kept, and what could not be read and why."""
    jobs: Jobs = request.app.state.jobs
    return Answer(jobs.job(job).record(), headers={"cache-control": "no-store"})


@router.get(
    "/jobs/{job}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def events(
    request: Request, job: str, last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)] = None
) -> Response:
    """The same as server-sent events, each with all of it, until it is finished; 204 to who has heard the end."""
    jobs: Jobs = request.app.state.jobs
    found = jobs.job(job)
    seen = int(last) if last and last.isascii() and last.isdigit() else -1
    if found.state == "finished" and seen >= found.number:
        return Response(status_code=204)  # a browser connects again after the end, unless it is told so
    return StreamingResponse(
        _told(request, jobs, found), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _told(request: Request, jobs: Jobs, found: Job) -> AsyncIterator[bytes]:
    number, silent = -1, 0.0
    while not jobs.ending:
        if found.number > number:
            number, silent = found.number, 0.0
            row = found.record()
            yield b"id: %d\ndata: %b\n\n" % (number, dumped(row))
            if row["state"] == "finished":
                return
        else:
            silent += _PAUSE
            if silent >= _SILENT:
                silent = 0.0
                yield b": still reading\n\n"
        if await request.is_disconnected():
            return
        await asyncio.sleep(_PAUSE)
