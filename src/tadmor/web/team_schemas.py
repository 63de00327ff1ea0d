"""The shapes of what team mode answers, for the OpenAPI document. Keys may be added; these stay."""

from __future__ import annotations

from pydantic import Field

from tadmor.web.schemas_control import Shape


class Right(Shape):
    """Something that one may do."""

    right: str = Field(examples=["decide"])
    what: str


class Session(Shape):
    """Who asks; ``name`` and ``role`` are null for who is not signed in, and in local mode."""

    team: bool
    name: str | None
    role: str | None = Field(examples=["editor"])
    rights: list[Right]
    csrf: str
    roles: list[str]


class Member(Shape):
    """Who may sign in; ``disabled_at`` is null for who may."""

    id: int
    name: str
    role: str
    made_at: str
    disabled_at: str | None


class Members(Shape):
    """All members."""

    items: list[Member]
    next: str | None


class MemberMade(Shape):
    """A member with a new password, which is shown this once."""

    member: Member
    password: str


class Token(Shape):
    """A token: never the secret, but its first letters."""

    row: int
    member: str
    name: str
    start: str
    scopes: list[str]
    made_at: str
    expires: str
    used_at: str | None
    revoked_at: str | None
    holds: bool


class Tokens(Shape):
    """Tokens, the newest first."""

    items: list[Token]
    next: str | None


class TokenMade(Shape):
    """A new token with its secret, which is shown this once."""

    secret: str
    token: Token


class Mark(Shape):
    """What is withheld; ``lifted_at`` is null while it is."""

    row: int
    kind: str
    name: str
    entity: str | None
    at: str
    who: str
    why: str | None
    lifted_at: str | None
    lifted_by: str | None
    lifted_why: str | None


class Marks(Shape):
    """What is withheld."""

    items: list[Mark]
    next: str | None


class Tombstone(Shape):
    """That something was purged."""

    row: int
    at: str
    who: str
    why: str


class Tombstones(Shape):
    """That things were purged."""

    items: list[Tombstone]
    next: str | None


class Purged(Shape):
    """The tombstone; ``left`` says where the disk may still have what was purged, and what to do."""

    tombstone: Tombstone
    left: str | None
