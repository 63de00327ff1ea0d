"""ETags from the state of the ledger: what has not changed is not worked out, and not sent, again."""

from __future__ import annotations

import hashlib
import re

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tadmor.errors import LedgerError
from tadmor.web.errors import problem
from tadmor.web.opened import Opened

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_HEADERS = [(b"cache-control", b"private, no-cache")]


class Etags:
    """Gives each GET below ``prefix`` the ledger's state, as the ETag of its answer and as ``request.state.ledger``.

    What an answer says hangs on its address and on the ledger alone, so one tag a state will do; 304 is answered before anything
    is worked out. ``apart`` are the beginnings of addresses whose answers hang on other things as well; ``settings`` is what else
    all answers hang on while the server runs.
    """

    def __init__(
        self, app: ASGIApp, opened: Opened, *, prefix: str, apart: tuple[str, ...] = (), settings: str = ""
    ) -> None:
        self._app, self._opened, self._prefix, self._apart = app, opened, prefix, apart
        self._settings = hashlib.sha256(settings.encode()).hexdigest()[:8] if settings else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not path.startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        if path.startswith(self._apart):
            await self._app(scope, receive, send)
            return
        try:
            state = await run_in_threadpool(self._opened.state)
        except LedgerError as error:
            await problem(503, str(error))(scope, receive, send)
            return
        scope.setdefault("state", {})["ledger"] = state
        sight = scope["state"].get("sight", "")  # in team mode, not all see the same
        state = "-".join(part for part in (state, sight, self._settings) if part)
        tag = f'"{state}"'.encode()
        asked = b", ".join(v for k, v in scope["headers"] if k == b"if-none-match").decode("latin-1")
        if state in _TAG.findall(asked):
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", tag), *_HEADERS]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"] = [*message["headers"], (b"etag", tag), *_HEADERS]
            await send(message)

        await self._app(scope, receive, tagged)
