"""Signing in: sessions, and how often a sign-in may be tried. All of it is in the ledger, so that a restart forgives nothing."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from tadmor.ledger.team import Member, Team, fold
from tadmor.ledger.team_tables import team_member, team_session, team_try

IDLE = 12 * 3600.0
"""Seconds after which a session that nobody used has ended."""
LIFE = 7 * 24 * 3600.0
"""Seconds after which any session has ended."""

WINDOW = 15 * 60.0
"""Seconds in which failed tries are counted."""
MOST_OF_MEMBER, MOST_OF_ADDRESS = 10, 40
"""Failed tries in the window, of one name from anywhere and from one address for any name, after which none is taken."""

_TOLD = 300.0  # seconds between two notes that a session was used
_KEPT = 24 * 3600.0  # seconds for which failed tries are kept


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds: whose it is, and its hash, by which it is ended."""

    member: Member
    hash: str


class Waits(Exception):  # noqa: N818 - reads as the state it is
    """Too many sign-ins failed; ``seconds`` is when the next may be tried."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many sign-ins failed; try again in {max(1, round(seconds / 60))} minutes")
        self.seconds = seconds


def sign_in(team: Team, name: str, password: str, address: str) -> tuple[str, Member] | None:
    """A new session's secret and whose it is, for the right password; None for a wrong one. Raises Waits.

    ``address`` is where it is tried from. Failed tries are counted before the password is looked at, so that many at once gain
    nothing by it; a sign-in that succeeds clears those of its own name.
    """
    key = digest(fold(name))
    tried = time.time()

    def count(connection: Connection, _: str) -> int:
        wait = _wait(connection, key, address, tried)
        if wait > 0:
            raise Waits(wait)
        connection.execute(delete(team_try).where(team_try.c.at < tried - _KEPT))
        made = connection.execute(insert(team_try).values(member=key, address=address[:64], at=tried))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    team.write(count)
    member = team.right(name, password)
    if member is None:
        return None
    secret = secrets.token_urlsafe(32)

    def begin(connection: Connection, _: str) -> None:
        now = time.time()
        connection.execute(delete(team_try).where(team_try.c.member == key))
        s = team_session.c
        connection.execute(delete(team_session).where((s.since < now - LIFE) | (s.seen < now - IDLE)))
        connection.execute(insert(team_session).values(member=member.row, hash=digest(secret), since=now, seen=now))

    team.write(begin)
    return secret, member


def session(team: Team, secret: str) -> Session | None:
    """The session of a cookie; None for one that has ended, is forged, or of a member who is disabled."""
    if not 20 <= len(secret) <= 100 or not secret.isascii():
        return None
    hashed, now = digest(secret), time.time()
    s, m = team_session.c, team_member.c
    stmt = (
        select(m.row, m.name, m.role, m.made_at, m.disabled_at, s.since, s.seen)
        .join(team_session, s.member == m.row)
        .where(s.hash == hashed, m.disabled_at.is_(None))
    )
    with team.reading() as connection:
        row = connection.execute(stmt).one_or_none()
    if row is None or row.since < now - LIFE or row.seen < now - IDLE:
        return None
    if row.seen < now - _TOLD:
        team.write(lambda connection, _: connection.execute(
            update(team_session).where(s.hash == hashed).values(seen=now)
        ))  # fmt: skip
    return Session(Member(*row[:5]), hashed)


def sign_out(team: Team, hashed: str) -> None:
    """End the session of this hash."""
    team.write(lambda connection, _: connection.execute(
        delete(team_session).where(team_session.c.hash == hashed)
    ))  # fmt: skip


def password_right(team: Team, member: Member, password: str, address: str) -> bool:
    """Whether it is the member's password, under the same limits as a sign-in. Raises Waits."""
    tried = sign_in(team, member.name, password, address)
    if tried is None:
        return False
    sign_out(team, digest(tried[0]))
    return True


def digest(secret: str) -> str:
    """The SHA-256 of a secret. Those that it is used for have 256 random bits, which no slow hash makes safer."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_of(secret: str) -> str:
    """The token by which a page shows that it may read this server's answers: of the cookie, which pages cannot read."""
    return digest(f"csrf:{secret}")


def _wait(connection: Connection, member: str, address: str, now: float) -> float:
    """Seconds until another try may be made; 0 when it may."""
    t = team_try.c
    waits = [0.0]
    for condition, most in ((t.member == member, MOST_OF_MEMBER), (t.address == address[:64], MOST_OF_ADDRESS)):
        recent = (condition, t.at > now - WINDOW)
        if (connection.scalar(select(func.count()).select_from(team_try).where(*recent)) or 0) >= most:
            times = connection.scalars(select(t.at).where(*recent).order_by(t.at.desc()).limit(most)).all()
            waits.append(times[-1] + WINDOW - now)
    return max(waits)
