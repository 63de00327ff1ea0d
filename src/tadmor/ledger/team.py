"""The members of a team: who may sign in, in which role, and by which password.

Every change is a line of the audit log; passwords are kept as argon2id hashes (RFC 9106), made by argon2-cffi with its own
settings, and made anew at the next sign-in when those have become stricter.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from tadmor.errors import LedgerError
from tadmor.ledger import database, keeping
from tadmor.ledger.by import now
from tadmor.ledger.team_tables import team_member, team_session, team_token

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["viewer", "coder", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""The roles, each of which may do all that the one before may; what that is, is in ``web.team_roles``."""

SHORTEST, LONGEST = 12, 500
"""Letters of a password. There is no rule on which: length is what counts (NIST SP 800-63B)."""

_NAME = 200  # letters of a name
_HASHING = threading.Semaphore(2)  # one hash takes 64 MB: many at once would be a way to fill the memory

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may sign in; ``made_at`` and ``disabled_at`` are ISO (UTC), the latter None for who may."""

    row: int
    name: str
    role: Role
    made_at: str
    disabled_at: str | None


class Team:
    """The members of a ledger. A part of :class:`tadmor.ledger.Store`: ``store.team``.

    Whoever changes something is named in ``who``. Raises LedgerError, which says how to mend it, for a name that is unknown,
    taken or out of form, a role that is none, a password that will not do, and where the last admin would go.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    def members(self) -> list[Member]:
        """All members by name, those who are disabled too."""
        with self.reading() as connection:
            rows = connection.execute(_members().order_by(team_member.c.folded))
            return [Member(*row) for row in rows]

    def member(self, name: str) -> Member:
        """The member of this name, in any case of letters."""
        with self.reading() as connection:
            return _found(connection, name)

    def add(self, name: str, role: str, password: str, *, who: str) -> Member:
        """Make a member."""
        shown, kind = _named(name), _role(role)
        hashed = hash_password(checked(password, shown))

        def act(connection: Connection, at: str) -> Member:
            if connection.scalar(select(team_member.c.row).where(team_member.c.folded == fold(shown))) is not None:
                raise LedgerError(f"there is a member called {shown!r} already")
            connection.execute(
                insert(team_member).values(name=shown, folded=fold(shown), role=kind, password=hashed, made_at=at)
            )
            _log(connection, at, "member added", who, None, {"member": shown, "role": kind})
            return _found(connection, shown)

        return self.write(act)

    def set_role(self, name: str, role: str, *, who: str) -> Member:
        """Give a member another role; who is signed in goes on with it at once."""
        kind = _role(role)

        def act(connection: Connection, at: str) -> Member:
            found = _found(connection, name)
            if kind != "admin":
                _not_last(connection, found)
            connection.execute(update(team_member).where(team_member.c.row == found.row).values(role=kind))
            before, after = ({"member": found.name, "role": r} for r in (found.role, kind))
            _log(connection, at, "member's role set", who, before, after)
            return _found(connection, name)

        return self.write(act)

    def set_password(self, name: str, password: str, *, who: str, keep: str | None = None) -> Member:
        """Set a member's password and end the sessions under the old one, but for the one whose hash is ``keep``."""
        with self.reading() as connection:
            shown = _found(connection, name).name
        hashed = hash_password(checked(password, shown))

        def act(connection: Connection, at: str) -> Member:
            found = _found(connection, name)
            connection.execute(update(team_member).where(team_member.c.row == found.row).values(password=hashed))
            s = team_session.c
            connection.execute(delete(team_session).where(s.member == found.row, s.hash != (keep or "")))
            _log(connection, at, "member's password set", who, None, {"member": found.name})
            return found

        return self.write(act)

    def disable(self, name: str, *, who: str) -> Member:
        """Let a member in no more: sessions end and tokens lapse at once; what the member decided stands."""

        def act(connection: Connection, at: str) -> Member:
            found = _found(connection, name)
            if found.disabled_at is not None:
                raise LedgerError(f"{found.name} is disabled already, since {found.disabled_at}")
            _not_last(connection, found)
            connection.execute(update(team_member).where(team_member.c.row == found.row).values(disabled_at=at))
            connection.execute(delete(team_session).where(team_session.c.member == found.row))
            t = team_token.c
            connection.execute(
                update(team_token).where(t.member == found.row, t.revoked_at.is_(None)).values(revoked_at=at)
            )
            _log(connection, at, "member disabled", who, None, {"member": found.name})
            return _found(connection, name)

        return self.write(act)

    def enable(self, name: str, *, who: str) -> Member:
        """Let a member in again, with the password as it was; tokens stay revoked."""

        def act(connection: Connection, at: str) -> Member:
            found = _found(connection, name)
            if found.disabled_at is None:
                raise LedgerError(f"{found.name} is not disabled")
            connection.execute(update(team_member).where(team_member.c.row == found.row).values(disabled_at=None))
            _log(connection, at, "member enabled", who, None, {"member": found.name})
            return _found(connection, name)

        return self.write(act)

    def right(self, name: str, password: str) -> Member | None:
        """The member, when the password is right and the member is not disabled.

        An unknown name takes as long as a wrong password, so that nobody learns by the time who is a member.
        """
        c = team_member.c
        with self.reading() as connection:
            row = connection.execute(
                select(c.row, c.name, c.role, c.made_at, c.disabled_at, c.password).where(c.folded == fold(name))
            ).one_or_none()
        if not verified(row.password if row is not None else nobody(), password) or row is None or row.disabled_at:
            return None
        if _hasher().check_needs_rehash(row.password):
            hashed = hash_password(password)
            self.write(lambda connection, _: connection.execute(
                update(team_member).where(c.row == row.row, c.password == row.password).values(password=hashed)
            ))  # fmt: skip
        return Member(*row[:5])

    def reading(self) -> Any:
        """A transaction that reads."""
        return database.reading(self._engine, self.name)

    def write(self, act: Callable[[Connection, str], _T]) -> _T:
        """Do ``act`` in one transaction, handed the time (ISO, UTC)."""
        with database.writing(self._engine, self.name) as connection:
            return act(connection, now())


def fold(name: str) -> str:
    """The name by which a member is one of a kind: composed, in lower case, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def checked(password: str, name: str) -> str:
    """The password, once it is known to do. Raises LedgerError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise LedgerError(
            f"a password has {SHORTEST} to {LONGEST} letters; some words that nobody would guess are best"
        )
    if fold(name) in fold(password) and len(fold(password)) < len(fold(name)) + SHORTEST:
        raise LedgerError("a password must not be made of the member's name")
    if len(set(password)) < 5:
        raise LedgerError("a password of so few different letters is soon guessed")
    return password


def generated() -> str:
    """A password that nobody guesses: 20 letters without those that look alike, some 117 bits."""
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def hash_password(password: str) -> str:
    """The argon2id hash of a password, as a PHC string with its salt."""
    with _HASHING:
        return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def verified(hashed: str, password: str) -> bool:
    """Whether the hash is of this password."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        with _HASHING:
            return _hasher().verify(hashed, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def nobody() -> str:
    """A hash that no password has, for those who are no members."""
    return hash_password(secrets.token_urlsafe(32))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise LedgerError(f"{error.name} is not installed, which members need: pip install argon2-cffi") from error
    return PasswordHasher()


def _members() -> Any:
    c = team_member.c
    return select(c.row, c.name, c.role, c.made_at, c.disabled_at)


def _found(connection: Connection, name: str) -> Member:
    row = connection.execute(_members().where(team_member.c.folded == fold(name))).one_or_none()
    if row is None:
        raise LedgerError(f"there is no member called {name[:_NAME]!r}: `tadmor members list` lists them")
    return Member(*row)


def _named(name: str) -> str:
    shown = " ".join(name.split())
    if not shown or len(shown) > _NAME or not shown.isprintable():
        raise LedgerError(f"a member's name has 1 to {_NAME} letters that can be shown")
    return shown


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise LedgerError(f"{role[:40]!r} is no role: it is one of {', '.join(ROLES)}")


def _not_last(connection: Connection, member: Member) -> None:
    """Raises LedgerError when nobody would be left who can let others in."""
    c = team_member.c
    admins = connection.scalar(
        select(func.count()).select_from(team_member).where(c.role == "admin", c.disabled_at.is_(None))
    )
    if member.role == "admin" and member.disabled_at is None and (admins or 0) < 2:
        raise LedgerError(f"{member.name} is the only admin: make another first, with `tadmor members add`")


def _log(connection: Connection, at: str, what: str, who: str, before: Any, after: Any) -> None:
    if not who.strip():
        raise LedgerError("it is not said who does this: give a name (--who)")
    keeping.audit(connection, at=at, what=what, who=who.strip(), before=before, after=after)
