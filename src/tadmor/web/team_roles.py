"""Who may do what: the one table that the routes, the API's document and docs/team.md go by.

A route that is not named here is answered to nobody in team mode; a test holds the table and the document together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

from tadmor.ledger.team import ROLES, Role

Right = Literal["read", "export", "add", "review", "decide", "audit", "withhold", "members", "purge"]
Needed = Right | Literal["open", "own"]
"""What a route asks for: a right; "open" is answered to whoever reaches the server, "own" to every member of himself."""

RIGHTS: dict[Right, tuple[Role, str]] = {
    "read": ("viewer", "look at the record and search it"),
    "export": ("viewer", "take files of the record, without what is withheld"),
    "add": ("coder", "add reports"),
    "review": ("coder", "accept, correct, reject and add claims, and undo one's own reviews"),
    "decide": ("editor", "settle between coders; merge, split and move incidents; rate sources"),
    "audit": ("editor", "read the audit log"),
    "withhold": ("editor", "withhold reports, persons and places, and see what is withheld"),
    "members": ("admin", "add members, set roles and passwords, disable members, end their tokens"),
    "purge": ("admin", "remove a report or a name for good"),
}
"""Each right with the least role that has it, and what it is to do; a role has all that the ones before it have."""

SCOPES: tuple[Right, ...] = tuple(r for r in get_args(Right) if r not in ("members", "purge"))
"""The rights that a token can have: what cannot be undone, and who may sign in, is for people alone."""

ROUTES: dict[tuple[str, str], Needed] = {
    ("GET", "/session"): "open",
    ("POST", "/session"): "open",
    ("DELETE", "/session"): "own",
    ("POST", "/session/password"): "own",
    ("GET", "/tokens"): "own",
    ("POST", "/tokens"): "own",
    ("POST", "/tokens/{token}/revoke"): "own",
    ("GET", "/info"): "read",
    ("GET", "/control"): "read",
    ("GET", "/control/timelines"): "read",
    ("GET", "/places"): "read",
    ("GET", "/places/{key}"): "read",
    ("GET", "/incidents"): "read",
    ("GET", "/incidents/points"): "read",
    ("GET", "/incidents/{id}"): "read",
    ("GET", "/reports"): "read",
    ("GET", "/reports/{id}"): "read",
    ("GET", "/sources"): "read",
    ("GET", "/sources/{name}"): "read",
    ("GET", "/search"): "read",
    ("GET", "/export"): "export",
    ("GET", "/export/preview"): "export",
    ("POST", "/reports"): "add",
    ("GET", "/jobs/{job}"): "add",
    ("GET", "/jobs/{job}/events"): "add",
    ("POST", "/incidents/merge"): "decide",
    ("POST", "/incidents/move"): "decide",
    ("POST", "/incidents/{id}/split"): "decide",
    ("POST", "/sources/{name}/rating"): "decide",
    ("GET", "/review/queue"): "review",
    ("GET", "/review/progress"): "read",
    ("GET", "/review/agreement"): "read",
    ("GET", "/review/disagreements"): "review",
    ("GET", "/review/coders"): "review",
    ("GET", "/review/gold"): "export",
    ("POST", "/review/undo"): "review",
    ("POST", "/claims"): "review",
    ("GET", "/claims/{report}/{claim}/reviews"): "review",
    ("POST", "/claims/{report}/{claim}/accept"): "review",
    ("POST", "/claims/{report}/{claim}/correct"): "review",
    ("POST", "/claims/{report}/{claim}/reject"): "review",
    ("POST", "/claims/{report}/{claim}/undo"): "review",
    ("GET", "/audit"): "audit",
    ("GET", "/watch"): "add",
    ("GET", "/unread"): "add",
    ("POST", "/unread/read"): "add",
    ("GET", "/withheld"): "withhold",
    ("POST", "/withheld"): "withhold",
    ("POST", "/withheld/{mark}/lift"): "withhold",
    ("GET", "/purges"): "purge",
    ("POST", "/purges"): "purge",
    ("GET", "/members"): "members",
    ("POST", "/members"): "members",
    ("POST", "/members/{member}/role"): "members",
    ("POST", "/members/{member}/password"): "members",
    ("POST", "/members/{member}/disable"): "members",
    ("POST", "/members/{member}/enable"): "members",
    ("GET", "/members/{member}/tokens"): "members",
    ("POST", "/members/{member}/tokens/{token}/revoke"): "members",
}
"""By method and path below /api/v1, what a route asks for."""


def rights_of(role: str) -> frozenset[Right]:
    """The rights of a role; none for what is no role."""
    at = ROLES.index(role) if role in ROLES else -1
    return frozenset(right for right, (least, _) in RIGHTS.items() if ROLES.index(least) <= at)


def least(needed: Needed) -> Role | None:
    """The least role that a route is answered to; None for one that asks for none."""
    return None if needed == "open" else "viewer" if needed == "own" else RIGHTS[needed][0]


def needed(method: str, path: str) -> Needed | None:
    """What a route asks for, by its path below the prefix; None for one that is not in the table."""
    return ROUTES.get(("GET" if method == "HEAD" else method, path.replace(":path}", "}").replace(":int}", "}")))


def annotated(document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The API's document with what each route asks for, as security schemes, ``x-tadmor-right`` and in words."""
    document.setdefault("components", {})["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "tadmor", "description": "POST /session gives it."},
        "token": {"type": "http", "scheme": "bearer", "description": "A token that POST /tokens gave."},
    }
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            asks = needed(method.upper(), path.removeprefix(prefix))
            if asks is None:
                continue
            told["x-tadmor-right"] = asks
            if asks == "open":
                continue
            told["security"] = (
                [{"session": []}] if asks in ("members", "purge", "own") else [{"session": []}, {"token": []}]
            )
            role = least(asks)
            told["description"] = f"{told.get('description', '')}\n\nIn team mode for: {_from(role)}.".strip()
    return document


def _from(role: Role | None) -> str:
    return ", ".join(ROLES[ROLES.index(role) :]) if role else "everybody"


def table() -> Iterable[tuple[str, ...]]:
    """The rows of the table in docs/team.md: what is done, and for each role whether it may."""
    for right, (_, what) in RIGHTS.items():
        yield (f"`{right}`: {what}", *("yes" if right in rights_of(role) else "" for role in ROLES))
