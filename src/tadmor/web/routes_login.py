"""The entrance of team mode: signing in and out, one's own password and tokens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from tadmor.ledger import team_sessions, team_tokens
from tadmor.ledger.team import LONGEST, ROLES, SHORTEST, Team
from tadmor.ledger.team_sessions import LIFE, Waits
from tadmor.ledger.team_tokens import Token
from tadmor.web import team_schemas
from tadmor.web.answers import Answer
from tadmor.web.errors import Problem
from tadmor.web.team import Asking, address_of, asking_of, cookie_name, secure
from tadmor.web.team_roles import RIGHTS, SCOPES, Right, rights_of

router = APIRouter(tags=["team"])
_FRESH = {"cache-control": "no-store"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SigningIn(_Body):
    """A member's name and password."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class Changing(_Body):
    """One's password as it is, and as it is to be."""

    current: Annotated[str, Field(min_length=1, max_length=1000)]
    new: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST)]


class Wanted(_Body):
    """A token: what it is for, the rights it is to have, and the days that it holds."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Right], Field(min_length=1, max_length=len(SCOPES))]
    days: Annotated[int, Field(ge=1, le=team_tokens.LONGEST)] = 90


@router.get("/session", response_model=None, responses={200: {"model": team_schemas.Session}})
def session(request: Request) -> Answer:
    """Who asks and what they may do; ``csrf`` is to be sent as X-Tadmor-CSRF with whatever changes something.

    In local mode there are no members, and whoever reaches the app may do everything.
    """
    return Answer(_told(request, asking_of(request)), headers=_FRESH)


@router.post("/session", response_model=None, responses={200: {"model": team_schemas.Session}})
def sign_in(request: Request, body: SigningIn) -> Response:
    """Sign in: a cookie that holds for seven days, or until twelve hours have gone by without a request.

    After ten failed tries of a name, or forty from an address, within a quarter of an hour none is taken for a while.
    """
    team = team_of(request)
    before = asking_of(request)
    try:
        found = team_sessions.sign_in(team, body.name, body.password, address_of(request.scope))
    except Waits as error:
        raise waiting(error) from error
    if found is None:
        raise Problem(
            401, "the name or the password is not right; an admin can set a new one: `tadmor members reset NAME`"
        )
    if before is not None and before.session:
        team_sessions.sign_out(team, before.session)
    secret, member = found
    csrf = team_sessions.csrf_of(secret)
    asking = Asking(member, rights_of(member.role), "session", team_sessions.digest(secret), csrf)
    answer = Answer(_told(request, asking), headers=_FRESH)
    _set_cookie(request, answer, secret, int(LIFE))
    return answer


@router.delete("/session", response_model=None, responses={200: {"model": team_schemas.Session}})
def sign_out(request: Request) -> Response:
    """Sign out: the session ends here and now."""
    asking = signed_in(request)
    team_sessions.sign_out(team_of(request), asking.session)
    answer = Answer(_told(request, None), headers={**_FRESH, "clear-site-data": '"cache"'})
    _set_cookie(request, answer, "", 0)
    return answer


@router.post("/session/password", response_model=None, responses={200: {"model": team_schemas.Session}})
def password(request: Request, body: Changing) -> Answer:
    """Set one's own password; all other sessions end."""
    team, asking = team_of(request), signed_in(request)
    try:
        right = team_sessions.password_right(team, asking.member, body.current, address_of(request.scope))
    except Waits as error:
        raise waiting(error) from error
    if not right:
        raise Problem(403, "that is not your password as it is")
    team.set_password(asking.name, body.new, who=asking.name, keep=asking.session)
    return Answer(_told(request, asking), headers=_FRESH)


@router.get("/tokens", response_model=None, responses={200: {"model": team_schemas.Tokens}})
def tokens(request: Request) -> Answer:
    """One's own tokens, the newest first; never the secrets."""
    asking = signed_in(request)
    return Answer(listed_tokens(team_tokens.tokens(team_of(request), asking.name)), headers=_FRESH)


@router.post("/tokens", response_model=None, responses={200: {"model": team_schemas.TokenMade}})
def make_token(request: Request, body: Wanted) -> Answer:
    """Make a token for a program: the secret is in this answer, and is never shown again."""
    asking = signed_in(request)
    beyond = sorted(set(body.scopes) - set(SCOPES))
    if beyond:
        raise Problem(422, f"a token cannot have the scope {', '.join(beyond)}: that is for people who are signed in")
    lacking = sorted(set(body.scopes) - asking.rights)
    if lacking:
        raise Problem(
            403, f"you may not {RIGHTS[lacking[0]][1]} yourself, and so cannot give a token the scope {lacking[0]}"
        )
    secret, token = team_tokens.make(
        team_of(request), asking.name, body.name, body.scopes, days=body.days, who=asking.name
    )
    return Answer({"secret": secret, "token": asdict(token) | {"holds": token.holds}}, headers=_FRESH)


@router.post("/tokens/{token}/revoke", response_model=None, responses={200: {"model": team_schemas.Token}})
def revoke_token(request: Request, token: int) -> Answer:
    """End one of one's own tokens."""
    asking = signed_in(request)
    found = team_tokens.revoke(team_of(request), row_of(token), who=asking.name, member=asking.name)
    return Answer(asdict(found) | {"holds": found.holds}, headers=_FRESH)


def team_of(request: Request) -> Team:
    """The team. Raises Problem (404) in local mode."""
    found = request.app.state.team
    if found is None:
        raise Problem(
            404, "there are no members here: this app runs for one person; `tadmor serve --team` is for several"
        )
    assert isinstance(found, Team)
    return found


def signed_in(request: Request) -> Asking:
    """Who asks, with a session. Raises Problem (401, 403, 404)."""
    team_of(request)
    asking = asking_of(request)
    if asking is None:
        raise Problem(401, "sign in first")
    if asking.via != "session":
        raise Problem(403, "that is for people who are signed in, not for tokens")
    return asking


def row_of(number: int) -> int:
    """The number, once the database can hold it. Raises Problem (404)."""
    if not 0 <= number < 2**31:
        raise Problem(404, "there is none of this number")
    return number


def listed_tokens(found: list[Token]) -> dict[str, Any]:
    """Tokens as plain data."""
    return {"items": [asdict(t) | {"holds": t.holds} for t in found], "next": None}


def waiting(error: Waits) -> Problem:
    """The answer to who must wait."""
    return Problem(429, str(error), headers={"retry-after": str(int(error.seconds) + 1)})


def _told(request: Request, asking: Asking | None) -> dict[str, Any]:
    if request.app.state.team is None:
        every = [{"right": right, "what": what} for right, (_, what) in RIGHTS.items() if right != "members"]
        return {"team": False, "name": None, "role": None, "rights": every, "csrf": "", "roles": list(ROLES)}
    rights = asking.rights if asking else frozenset()
    return {
        "team": True,
        "name": asking.name if asking else None,
        "role": asking.member.role if asking else None,
        "rights": [{"right": right, "what": what} for right, (_, what) in RIGHTS.items() if right in rights],
        "csrf": asking.csrf if asking else "",
        "roles": list(ROLES),
    }


def _set_cookie(request: Request, answer: Response, secret: str, age: int) -> None:
    answer.set_cookie(
        cookie_name(request.scope),
        secret,
        max_age=age,
        path="/",
        secure=secure(request.scope),
        httponly=True,
        samesite="strict",
    )
