"""Team mode: who asks, by a session's cookie or a token, and what of the ledger they see."""

from __future__ import annotations

import hmac
import ipaddress
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from tadmor.errors import LedgerError
from tadmor.ledger import team_sessions, team_tokens
from tadmor.ledger.team import Member, Team
from tadmor.web.errors import Problem, problem
from tadmor.web.opened import Opened, PublicOpened
from tadmor.web.security import SAFE
from tadmor.web.team_roles import RIGHTS, SCOPES, Right, least, needed, rights_of

PREFIX = "/api/v1"
CSRF = "x-tadmor-csrf"
_COOKIE, _SECURE = "tadmor", "__Host-tadmor"
_MOST_COOKIES = 8_000


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: a member with the rights that this request has, and the session that it is of, by its hash, if any.

    ``csrf`` is the token that a page must send along with what changes something; empty for programs with a token.
    """

    member: Member
    rights: frozenset[Right]
    via: Literal["session", "token"]
    session: str = ""
    csrf: str = ""

    @property
    def name(self) -> str:
        """The member's name, which stands under what is decided."""
        return self.member.name


class Gate:
    """Lets nobody ask the API but members, and hands on who it is as ``scope["state"]["asking"]``.

    What a session changes must come with its CSRF token, beside what ``security.Guarded`` asks for. What a member may do is
    asked of each route (:func:`allowed`).
    """

    def __init__(self, app: ASGIApp, *, team: Team) -> None:
        self._app, self._team = app, team

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/api" or path.startswith("/api/")):
            await self._app(scope, receive, send)
            return
        try:
            asking = await run_in_threadpool(self._asking, scope)
        except LedgerError as error:
            await problem(503, str(error))(scope, receive, send)
            return
        refused = self._refused(scope, path, asking)
        if refused is None:
            scope.setdefault("state", {})["asking"] = asking
            if asking is None or "withhold" not in asking.rights:
                scope["state"]["sight"] = "public"
            await self._app(scope, receive, send)
            return
        status, why = refused
        headers = {"www-authenticate": 'Bearer realm="tadmor"', "cache-control": "no-store"} if status == 401 else {}
        await problem(status, why, headers=headers)(scope, receive, send)

    def _asking(self, scope: Scope) -> Asking | None:
        """Who asks; None for nobody that is known."""
        bearer = [v.decode("latin-1") for k, v in scope["headers"] if k == b"authorization"]
        if bearer:
            kind, _, secret = bearer[0].partition(" ")
            found = (
                team_tokens.used(self._team, secret.strip()) if len(bearer) == 1 and kind.lower() == "bearer" else None
            )
            if found is None:
                return None
            member, scopes = found
            return Asking(member, frozenset(s for s in SCOPES if s in scopes) & rights_of(member.role), "token")
        secret = cookie_of(scope)
        session = team_sessions.session(self._team, secret) if secret else None
        if session is None:
            return None
        csrf = team_sessions.csrf_of(secret)
        return Asking(session.member, rights_of(session.member.role), "session", session.hash, csrf)

    @staticmethod
    def _refused(scope: Scope, path: str, asking: Asking | None) -> tuple[int, str] | None:
        entrance = path == f"{PREFIX}/session"
        if asking is None:
            if entrance and scope["method"] in ("GET", "HEAD", "POST"):
                return None
            return 401, "sign in first, or send a token that holds, as `Authorization: Bearer tadmor_...`"
        if asking.via == "session" and scope["method"] not in SAFE and not (entrance and scope["method"] == "POST"):
            sent = [v for k, v in scope["headers"] if k == CSRF.encode()]
            if len(sent) != 1 or not hmac.compare_digest(sent[0], asking.csrf.encode()):
                return 403, f"send the token that GET {PREFIX}/session gives as X-Tadmor-CSRF: load the page anew"
        return None


def cookie_of(scope: Scope) -> str:
    """The secret of the session's cookie; empty without one. Behind TLS only a cookie that was set there counts."""
    raw = b"; ".join(v for k, v in scope["headers"] if k == b"cookie")
    if not raw or len(raw) > _MOST_COOKIES:
        return ""
    try:
        found = SimpleCookie(raw.decode("latin-1")).get(cookie_name(scope))
    except CookieError:
        return ""
    return found.value if found else ""


def cookie_name(scope: Scope) -> str:
    """The cookie's name: behind TLS one that browsers keep from being set by other hosts or over plain HTTP."""
    return _SECURE if secure(scope) else _COOKIE


def secure(scope: Scope) -> bool:
    """Whether the request came by TLS, to this server or to the proxy before it that it trusts."""
    return bool(scope.get("scheme") == "https")


def address_of(scope: Scope) -> str:
    """Where a request is from, for the rate limits: an address, of IPv6 its network of 64 bits, which one household has."""
    client = scope.get("client")
    try:
        found = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return str(client[0])[:64] if client else "unknown"
    if found.version == 6:
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def asking_of(request: Request) -> Asking | None:
    """Who asks; None in local mode, and at the entrance."""
    found = getattr(request.state, "asking", None)
    assert found is None or isinstance(found, Asking)
    return found


def allowed(request: Request) -> None:
    """The dependency of every route: whether who asks may. Raises Problem (401, 403)."""
    if request.app.state.team is None:
        return
    asks = needed(request.method, str(request.scope["route"].path).removeprefix(PREFIX))
    asking = asking_of(request)
    if asks == "open":
        return
    if asking is None:
        raise Problem(401, "sign in first")
    if asks == "own" and asking.via == "session":
        return
    if asks is not None and asks in asking.rights:
        return
    if asking.via == "token":
        raise Problem(403, f"this token does not reach so far: it may {_listed(asking.rights)}")
    least_role = None if asks is None else least(asks)
    raise Problem(
        403, f"that is for {least_role}s; you are a {asking.member.role}" if least_role else "that is for nobody"
    )


def may(request: Request, right: Right) -> None:
    """Ask for a right that hangs on what is sent. Raises Problem (403)."""
    asking = asking_of(request)
    if request.app.state.team is not None and (asking is None or right not in asking.rights):
        raise Problem(403, f"to {RIGHTS[right][1]} is for {RIGHTS[right][0]}s")


def _listed(rights: Iterable[str]) -> str:
    return ", ".join(sorted(rights)) or "nothing"


class Sights:
    """The ledger as whoever asks may see it: all of it, or without what is withheld."""

    def __init__(self, full: Opened) -> None:
        self.full = full
        self._guard = threading.Lock()
        self._public: PublicOpened | None = None
        self._marks: tuple[int, ...] = ()

    def public(self) -> Opened:
        """The ledger without what is withheld; where nothing is, the ledger itself."""
        marks = tuple(m.row for m in self.full.store.withheld())
        with self._guard:
            if not marks:
                return self.full
            if self._public is None or marks != self._marks:
                old, self._public, self._marks = self._public, PublicOpened(self.full), marks
                if old is not None:
                    old.close()
            return self._public

    def forget(self) -> None:
        """Let go of all that was worked out: something was purged."""
        with self._guard:
            old, self._public = self._public, None
            if old is not None:
                old.close()

    def close(self) -> None:
        """Close the connections of the public sight."""
        self.forget()
