"""The tables of team mode: members, their sessions and tokens, and failed tries to sign in. No secret is kept, only hashes."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from tadmor.ledger.tables import Json, SafeText, metadata

team_member = Table(
    "team_member",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("role", String(8), nullable=False),
    Column("password", String(200), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("disabled_at", String(32)),
    UniqueConstraint("folded"),
)
"""Who may sign in. ``folded`` is the name in lower case, by which it is one of a kind; ``password`` an argon2id hash. A member is
disabled, never deleted: decisions stand under the name."""

team_session = Table(
    "team_session",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("member", ForeignKey("team_member.row"), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("since", Float, nullable=False),
    Column("seen", Float, nullable=False),
    UniqueConstraint("hash"),
    Index("ix_team_session_member", "member"),
)
"""Who is signed in: ``hash`` is the SHA-256 of the cookie, ``since`` and ``seen`` seconds since 1970 (UTC). Gone at sign-out."""

team_token = Table(
    "team_token",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("member", ForeignKey("team_member.row"), nullable=False),
    Column("name", SafeText, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("start", String(12), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("expires", Float, nullable=False),
    Column("used_at", String(32)),
    Column("revoked_at", String(32)),
    UniqueConstraint("hash"),
    Index("ix_team_token_member", "member"),
)
"""Tokens by which programs ask in a member's name: ``hash`` is the SHA-256 of the token, ``start`` its first letters, by which
people tell tokens apart, ``scopes`` the rights that it has of the member's, ``expires`` seconds since 1970."""

team_try = Table(
    "team_try",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("member", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_team_try_member", "member", "at"),
    Index("ix_team_try_address", "address", "at"),
)
"""Failed tries to sign in, for the rate limits: ``member`` is the SHA-256 of the folded name that was given, which may be
anything, a password by mistake too; gone after a day."""
