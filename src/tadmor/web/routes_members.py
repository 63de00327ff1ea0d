"""Members, for admins: who may sign in, in which role, and their tokens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from tadmor.ledger import team_tokens
from tadmor.ledger.team import Member, Role, Team, generated
from tadmor.web import team_schemas
from tadmor.web.answers import Answer
from tadmor.web.errors import Problem
from tadmor.web.routes_login import listed_tokens, row_of, signed_in, team_of

router = APIRouter(prefix="/members", tags=["team"])
_FRESH = {"cache-control": "no-store"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Adding(_Body):
    """A new member."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Role


class Roling(_Body):
    """The role that a member is to have."""

    role: Role


class Nothing(_Body):
    """Nothing more needs to be said."""


@router.get("", response_model=None, responses={200: {"model": team_schemas.Members}})
def members(request: Request) -> Answer:
    """All members by name, those who are disabled too."""
    found = team_of(request).members()
    return Answer({"items": [_record(m) for m in found], "next": None}, headers=_FRESH)


@router.post("", response_model=None, responses={200: {"model": team_schemas.MemberMade}})
def add(request: Request, body: Adding) -> Answer:
    """Add a member; the password, which the member should change, is in this answer and is never shown again."""
    team, asking = team_of(request), signed_in(request)
    password = generated()
    made = team.add(body.name, body.role, password, who=asking.name)
    return Answer({"member": _record(made), "password": password}, headers=_FRESH)


@router.post("/{member}/role", response_model=None, responses={200: {"model": team_schemas.Member}})
def role(request: Request, member: int, body: Roling) -> Answer:
    """Give a member another role, which holds from the next request on."""
    team, asking = team_of(request), signed_in(request)
    return Answer(_record(team.set_role(_name(team, member), body.role, who=asking.name)), headers=_FRESH)


@router.post("/{member}/password", response_model=None, responses={200: {"model": team_schemas.MemberMade}})
def reset(request: Request, member: int, body: Nothing) -> Answer:
    """Give a member a new password, which is in this answer and is never shown again; the member's sessions end."""
    team, asking = team_of(request), signed_in(request)
    password = generated()
    found = team.set_password(_name(team, member), password, who=asking.name)
    return Answer({"member": _record(found), "password": password}, headers=_FRESH)


@router.post("/{member}/disable", response_model=None, responses={200: {"model": team_schemas.Member}})
def disable(request: Request, member: int, body: Nothing) -> Answer:
    """Let a member in no more; sessions and tokens end at once, what the member decided stands."""
    team, asking = team_of(request), signed_in(request)
    return Answer(_record(team.disable(_name(team, member), who=asking.name)), headers=_FRESH)


@router.post("/{member}/enable", response_model=None, responses={200: {"model": team_schemas.Member}})
def enable(request: Request, member: int, body: Nothing) -> Answer:
    """Let a member in again."""
    team, asking = team_of(request), signed_in(request)
    return Answer(_record(team.enable(_name(team, member), who=asking.name)), headers=_FRESH)


@router.get("/{member}/tokens", response_model=None, responses={200: {"model": team_schemas.Tokens}})
def tokens(request: Request, member: int) -> Answer:
    """The tokens of a member, the newest first; never the secrets."""
    team = team_of(request)
    return Answer(listed_tokens(team_tokens.tokens(team, _name(team, member))), headers=_FRESH)


@router.post("/{member}/tokens/{token}/revoke", response_model=None, responses={200: {"model": team_schemas.Token}})
def revoke(request: Request, member: int, token: int, body: Nothing) -> Answer:
    """End a member's token."""
    team, asking = team_of(request), signed_in(request)
    found = team_tokens.revoke(team, row_of(token), who=asking.name, member=_name(team, member))
    return Answer(asdict(found) | {"holds": found.holds}, headers=_FRESH)


def _name(team: Team, member: int) -> str:
    found = next((m.name for m in team.members() if m.row == member), None)
    if found is None:
        raise Problem(404, "there is no such member")
    return found


def _record(member: Member) -> dict[str, Any]:
    return {
        "id": member.row,
        "name": member.name,
        "role": member.role,
        "made_at": member.made_at,
        "disabled_at": member.disabled_at,
    }
