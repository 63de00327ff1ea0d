"""API tokens: secrets by which programs ask in a member's name, each with some of the member's rights and an end."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import keeping
from tadmor.ledger.team import Member, Team
from tadmor.ledger.team_sessions import digest
from tadmor.ledger.team_tables import team_member, team_token

PREFIX = "tadmor_"
"""What every token begins with, so that scanners of leaked secrets know it."""
LONGEST = 366
"""Days that a token may hold at most."""

_MOST = 50  # tokens of one member that hold
_NAME = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is told of: never the secret, but its first letters. ``expires`` is a day and hour (ISO, UTC)."""

    row: int
    member: str
    name: str
    start: str
    scopes: tuple[str, ...]
    made_at: str
    expires: str
    used_at: str | None
    revoked_at: str | None

    @property
    def holds(self) -> bool:
        """Whether it may be used."""
        return self.revoked_at is None and self.expires > _iso(time.time())


def make(team: Team, member: str, name: str, scopes: Collection[str], *, days: int, who: str) -> tuple[str, Token]:
    """Make a token: the secret, which is shown this once, and the token. Raises LedgerError.

    ``scopes`` are names of rights (``web.team_roles``); those that the member has not, or has no longer, are of no use.
    """
    shown = " ".join(name.split())
    if not shown or len(shown) > _NAME or not shown.isprintable():
        raise LedgerError(f"a token's name has 1 to {_NAME} letters that can be shown: say what it is for")
    if not 1 <= days <= LONGEST:
        raise LedgerError(f"a token holds for 1 to {LONGEST} days")
    if not scopes:
        raise LedgerError("a token without a scope may do nothing: name one")
    owner = team.member(member)
    if owner.disabled_at is not None:
        raise LedgerError(f"{owner.name} is disabled")
    secret = PREFIX + secrets.token_urlsafe(32)
    expires = time.time() + days * 86400.0

    def act(connection: Connection, at: str) -> int:
        held = [t for t in _tokens(connection, owner.row) if t.holds]
        if len(held) >= _MOST:
            raise LedgerError(f"{owner.name} has {len(held)} tokens that hold: revoke some first")
        made = connection.execute(
            insert(team_token).values(
                member=owner.row, name=shown, hash=digest(secret), start=secret[: len(PREFIX) + 4],
                scopes=sorted(set(scopes)), made_at=at, expires=expires,
            )
        )  # fmt: skip
        told = {"member": owner.name, "token": shown, "scopes": sorted(set(scopes)), "expires": _iso(expires)}
        keeping.audit(connection, at=at, what="token made", who=who, after=told)
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    row = team.write(act)
    return secret, next(t for t in tokens(team, owner.name) if t.row == row)


def tokens(team: Team, member: str | None = None) -> list[Token]:
    """The tokens of a member, or of all, the newest first. Raises LedgerError for an unknown member."""
    owner = None if member is None else team.member(member).row
    with team.reading() as connection:
        return _tokens(connection, owner)


def revoke(team: Team, row: int, *, who: str, member: str | None = None) -> Token:
    """End a token, of this member where one is given. Raises LedgerError when there is none, or it has ended already."""

    def act(connection: Connection, at: str) -> Token:
        found = next((t for t in _tokens(connection, None) if t.row == row), None)
        if found is None or (member is not None and found.member != member):
            raise LedgerError(f"there is no token {row}: `tadmor members tokens` lists them")
        if found.revoked_at is not None:
            raise LedgerError(f"token {row} was revoked already, on {found.revoked_at}")
        connection.execute(update(team_token).where(team_token.c.row == row).values(revoked_at=at))
        told = {"member": found.member, "token": found.name}
        keeping.audit(connection, at=at, what="token revoked", who=who, after=told)
        return next(t for t in _tokens(connection, None) if t.row == row)

    return team.write(act)


def used(team: Team, secret: str) -> tuple[Member, Sequence[str]] | None:
    """Whose token this is, and its scopes; None for one that has expired, was revoked, is forged, or of who is disabled.

    The day of its use is noted, so that tokens that nobody needs are seen.
    """
    if not secret.startswith(PREFIX) or len(secret) > 100 or not secret.isascii():
        return None
    t, m = team_token.c, team_member.c
    stmt = (
        select(m.row, m.name, m.role, m.made_at, m.disabled_at, t.row.label("token"), t.scopes, t.expires, t.used_at)
        .join(team_token, t.member == m.row)
        .where(t.hash == digest(secret), t.revoked_at.is_(None), m.disabled_at.is_(None))
    )
    with team.reading() as connection:
        row = connection.execute(stmt).one_or_none()
    if row is None or row.expires <= time.time():
        return None
    today = dt.datetime.now(dt.UTC).date().isoformat()
    if row.used_at != today:
        team.write(lambda connection, _: connection.execute(
            update(team_token).where(t.row == row.token).values(used_at=today)
        ))  # fmt: skip
    return Member(*row[:5]), tuple(row.scopes)


def _tokens(connection: Connection, member: int | None) -> list[Token]:
    t = team_token.c
    stmt = (
        select(t.row, team_member.c.name, t.name, t.start, t.scopes, t.made_at, t.expires, t.used_at, t.revoked_at)
        .join(team_member, team_member.c.row == t.member)
        .order_by(t.row.desc())
    )
    if member is not None:
        stmt = stmt.where(t.member == member)
    return [
        Token(row, owner, name, start, tuple(scopes), made, _iso(expires), used_at, revoked)
        for row, owner, name, start, scopes, made, expires, used_at, revoked in connection.execute(stmt)
    ]


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
