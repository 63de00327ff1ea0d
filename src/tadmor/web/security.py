"""Who may ask, and how much: hosts, origins, sizes, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tadmor.web.errors import failed, problem

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names under which this machine calls itself."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SENT = ("application/json", "multipart/form-data")

# Nothing comes from elsewhere. Styles come from files, and may be set on elements (the first of the three lines on styles is for
# browsers that don't know the other two); MapLibre draws in a worker that it may start from a blob.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "style-src-elem 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guarded:
    """The outermost layer of the app: refuses what comes from elsewhere, and adds the headers to every answer.

    The Host must be one of ``hosts``, so that no page that had its own name resolved to this machine gets an answer. What changes
    something must come from this server's own pages, or from no page at all, in a form that no other page can send unasked.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = LOOPBACK, policy: str = POLICY) -> None:
        self._app, self._hosts = app, frozenset(h.lower() for h in hosts)
        headers = HEADERS | {"content-security-policy": policy}
        self._headers = [(k.encode(), v.encode()) for k, v in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                given = {k.lower() for k, _ in message.get("headers", ())}
                more = [(k, v) for k, v in self._headers if k not in given]
                if scope.get("scheme") == "https":
                    more.append((b"strict-transport-security", b"max-age=31536000"))
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        refused = self._refused(scope)
        if refused is None:
            try:
                await self._app(scope, receive, guarded)
            except Exception as error:  # whatever broke, the answer is a problem and has the headers
                if begun or scope["type"] != "http":
                    raise
                await failed(error)(scope, receive, guarded)
        elif scope["type"] == "http":
            await problem(*refused)(scope, receive, guarded)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[bytes, list[str]] = {}
        for key, value in scope["headers"]:
            headers.setdefault(key, []).append(value.decode("latin-1").strip())
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or host_of(hosts[0]) not in self._hosts:
            return 403, "this server answers under the names of this machine only: open it as http://127.0.0.1"
        if scope["type"] == "websocket":
            return 403, "there are no web sockets here"
        if scope["method"] in SAFE:
            return None
        scheme = scope.get("scheme", "http")
        origins = headers.get(b"origin", [])
        if origins and any(o.lower() != f"{scheme}://{hosts[0].lower()}" for o in origins):
            return 403, "a page of another origin may not change anything here"
        if not origins and any(s.lower() not in ("same-origin", "none") for s in headers.get(b"sec-fetch-site", [])):
            return 403, "a page of another origin may not change anything here"
        kinds = [k.partition(";")[0].strip().lower() for k in headers.get(b"content-type", [])]
        if len(kinds) != 1 or kinds[0] not in _SENT:
            return 415, "send application/json, or multipart/form-data for files"
        return None


def host_of(value: str) -> str | None:
    """The name of a Host header in lower case, without its port and the brackets of IPv6; None for one out of form."""
    if not value or any(c in value for c in "/\\@?# \t,"):
        return None
    try:
        parts = urlsplit(f"//{value}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname


class Sized:
    """Refuses bodies above ``most`` bytes, of the addresses in ``larger`` above the number given there, before they are read."""

    def __init__(self, app: ASGIApp, *, most: int, larger: dict[str, int]) -> None:
        self._app, self._most, self._larger = app, most, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], self._most)
        told = [v for k, v in scope["headers"] if k == b"content-length"]
        if any(not v.isdigit() or int(v) > most for v in told):
            await _too_large(most)(scope, receive, send)
            return
        size, begun, over = 0, False, False

        async def counted() -> Message:
            nonlocal size, over
            message = await receive()
            if message["type"] == "http.request":
                size += len(message.get("body", b""))
                if size > most:
                    over = True
                    raise TooLong
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            # Whatever the app makes of its broken-off body, the answer is that it was too large.
            if not over or begun:
                begun = True
                await send(message)

        with suppress(TooLong):
            await self._app(scope, counted, watched)
        if over and not begun:
            await _too_large(most)(scope, receive, send)


class TooLong(Exception):  # noqa: N818 - reads as the state it is
    """The body is above the cap."""


def _too_large(most: int) -> ASGIApp:
    return problem(413, f"that is more than the {most:,} bytes that are taken at once", headers={"connection": "close"})
