"""The app: its routes, the layers around them, and the files of the front end."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response

from tadmor._version import __version__
from tadmor.api import Ledger
from tadmor.reading.llm.settings import LlmSettings
from tadmor.reading.reader import READERS
from tadmor.web import (
    control_stored,
    errors,
    incident_list,
    routes_adding,
    routes_control,
    routes_export,
    routes_export_preview,
    routes_incidents,
    routes_info,
    routes_login,
    routes_members,
    routes_places,
    routes_reports,
    routes_review,
    routes_search,
    routes_sources,
    routes_watch,
    routes_withhold,
    schemas,
    static,
    team_roles,
)
from tadmor.web.answers import Answer
from tadmor.web.etags import Etags
from tadmor.web.filters import Filters
from tadmor.web.jobs import Jobs
from tadmor.web.opened import Opened
from tadmor.web.paging import MOST
from tadmor.web.routes_adding import MOST_AT_ONCE
from tadmor.web.security import LOOPBACK, Guarded, Sized
from tadmor.web.team import Gate, Sights, allowed
from tadmor.web.tiles import FILE_AT, Tiles, policy
from tadmor.web.tiles import tiles as tiles_of

PREFIX = "/api/v1"
APART = tuple(f"{PREFIX}/{part}" for part in ("jobs", "watch", "session", "tokens", "members", "withheld", "purges"))
"""The beginnings of addresses whose answers hang on more than the record."""
_BODY = 1_000_000  # bytes of a request that adds no reports
_WORTH_PACKING = 1000  # bytes
_THREADS = 12  # questions that are answered at once; a store has 15 connections
_TAGS = [
    ("ledger", "What the ledger holds, and who did what to it."),
    ("control", "Who held what."),
    ("places", "Places, and each over time."),
    ("incidents", "What happened, as every account tells it; what people decide."),
    ("reports", "The reports and what was read in them; adding more."),
    ("review", "What people decide of single claims: the queue, the acts, and how far coders agree."),
    ("sources", "Who speaks, and how reliable people hold them to be."),
    ("search", "Sentences, places, sources and incidents by words."),
    ("export", "Files for other programs."),
    ("watch", "Feeds that are watched; reports that are kept unread."),
    ("team", "Members, sessions and tokens of team mode; what is withheld and purged."),
]


def create_app(
    ledger: str | Path | Ledger,
    *,
    static: Path | None = None,
    reader: str = READERS[0],
    actors: Path | None = None,
    gazetteer: Path | None = None,
    second: LlmSettings | None = None,
    hosts: Collection[str] = LOOPBACK,
    warm: bool = False,
    team: bool = False,
    tiles: str | None = None,
) -> FastAPI:
    """The app on a ledger: a path, a database URL, or an open ``Ledger`` (which stays open when the app ends).

    ``static`` is the folder of the front end, that of the package when it is None; ``reader``, ``actors``, ``gazetteer`` and
    ``second`` are as in :class:`tadmor.api.Ledger`, for the reports that are added and for who holds what; ``hosts`` are the
    names under which the app answers; with ``warm`` what the first view needs is worked out as soon as it starts. With ``team``
    it answers members only, each as far as the role goes (docs/team.md). ``tiles`` is a map of one's own (``web.tiles``). Raises
    LedgerError when the ledger cannot be opened, InputError for tiles that the app cannot show.
    """
    basemap = None if tiles is None else tiles_of(tiles)
    opened = Opened(ledger, reader=reader, actors=actors, gazetteer=gazetteer, second=second)
    jobs, sights = Jobs(opened), Sights(opened)
    opened.forgetting += [jobs.forget, sights.forget]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        import anyio.to_thread

        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        if warm:
            threading.Thread(target=_warm, args=(opened,), name="tadmor-warm", daemon=True).start()
        try:
            yield
        finally:
            jobs.close()
            sights.close()
            control_stored.keep(opened)
            opened.close()

    app = FastAPI(
        title="Tadmor",
        version=__version__,
        summary="A sourced record of war: who says what happened, where, when, how many, and who holds what.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        default_response_class=Answer,
        redirect_slashes=False,
        openapi_tags=[{"name": name, "description": told} for name, told in _TAGS],
        responses={"default": {"model": schemas.ProblemShape, "description": "An error, as problem+json."}},
    )
    app.state.opened, app.state.jobs, app.state.sights = opened, jobs, sights
    app.state.tiles = basemap
    app.state.team = opened.store.team if team else None
    errors.register(app)
    for part in (
        routes_info,
        routes_control,
        routes_places,
        routes_incidents,
        routes_reports,
        routes_review,
        routes_adding,
        routes_sources,
        routes_search,
        routes_export,
        routes_watch,
        routes_export_preview,
        routes_login,
        routes_members,
        routes_withhold,
    ):
        app.include_router(part.router, prefix=PREFIX, dependencies=[Depends(allowed)])
    _document(app)
    _basemap(app, basemap)
    _front(app, static)
    # The last that is added is the outermost.
    app.add_middleware(Etags, opened=opened, prefix=f"{PREFIX}/", apart=APART, settings=tiles or "")
    app.add_middleware(Sized, most=_BODY, larger={f"{PREFIX}/reports": MOST_AT_ONCE})
    if team:
        app.add_middleware(Gate, team=opened.store.team)
    app.add_middleware(Guarded, hosts=hosts, policy=policy(basemap))
    return app


def _document(app: FastAPI) -> None:
    """Have the OpenAPI document say what each route asks for."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        made = app.openapi_schema is None
        found = plain()
        return team_roles.annotated(found, PREFIX) if made else found

    app.openapi = openapi  # type: ignore[method-assign]


def _warm(opened: Opened) -> None:
    """Work out what the first view asks for; whoever asks meanwhile waits for the same work."""
    with suppress(Exception):  # what is wrong is told to the one who asks
        state = opened.state()
        routes_control.told(opened, state, None, None)
        routes_info.told(opened, state)
        incident_list.listing(opened, state, Filters(), cursor=None, limit=MOST, order="newest")
        control_stored.keep(opened)


def _basemap(app: FastAPI, basemap: Tiles | None) -> None:
    if basemap is None or basemap.file is None:
        return
    path = basemap.file

    @app.api_route(FILE_AT, methods=["GET", "HEAD"], include_in_schema=False)
    def archive() -> Response:
        """The archive of tiles, of which the browser asks for parts."""
        return FileResponse(path, media_type="application/octet-stream", headers={"cache-control": "no-cache"})


def _front(app: FastAPI, folder: Path | None) -> None:
    folder = static.FOLDER if folder is None else folder
    front = static.Front(folder) if (folder / "index.html").is_file() else None

    @app.get(f"{PREFIX}/", include_in_schema=False)
    def listing() -> Response:
        return static.listing(app.openapi())

    @app.api_route("/api", methods=["GET", "POST"], include_in_schema=False)
    @app.api_route("/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(rest: str = "") -> Response:
        return errors.problem(404, "there is nothing at this address")

    if front is not None:
        # The app's own files alone: answers of the API may hold what is secret beside what somebody else wrote (BREACH).
        app.mount("/", GZipMiddleware(front, minimum_size=_WORTH_PACKING))
        return

    @app.get("/{rest:path}", include_in_schema=False)
    def unbuilt(rest: str = "") -> Response:
        return static.unbuilt() if "." not in rest else errors.problem(404, "the front end is not built")
