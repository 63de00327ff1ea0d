"""A team: members, sessions, tokens; what is withheld, and tombstones of what was purged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nobody is a member yet, and nothing is withheld."""
    _team()
    op.create_table(
        "withheld",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("lifted_at", sa.String(32)),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lifted_why", sa.Text()),
        sa.PrimaryKeyConstraint("row", name="pk_withheld"),
    )
    op.create_index("ix_withheld_entity", "withheld", ["entity"])
    op.create_index("ix_withheld_folded", "withheld", ["folded"])
    op.create_index("ix_withheld_lifted_at", "withheld", ["lifted_at"])
    op.create_table(
        "covered",
        sa.Column("report", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report", name="pk_covered"),
        sa.ForeignKeyConstraint(["report"], ["report.row"], name="fk_covered_report"),
    )
    op.create_table(
        "tombstone",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_tombstone"),
    )
    op.add_column("report", sa.Column("withheld", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("claim", sa.Column("withheld", sa.Integer(), nullable=False, server_default="0"))


def _team() -> None:
    op.create_table(
        "team_member",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("disabled_at", sa.String(32)),
        sa.PrimaryKeyConstraint("row", name="pk_team_member"),
        sa.UniqueConstraint("folded", name="uq_team_member_folded"),
    )
    op.create_table(
        "team_session",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_team_session"),
        sa.ForeignKeyConstraint(["member"], ["team_member.row"], name="fk_team_session_member"),
        sa.UniqueConstraint("hash", name="uq_team_session_hash"),
    )
    op.create_index("ix_team_session_member", "team_session", ["member"])
    op.create_table(
        "team_token",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("start", sa.String(12), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.Column("used_at", sa.String(32)),
        sa.Column("revoked_at", sa.String(32)),
        sa.PrimaryKeyConstraint("row", name="pk_team_token"),
        sa.ForeignKeyConstraint(["member"], ["team_member.row"], name="fk_team_token_member"),
        sa.UniqueConstraint("hash", name="uq_team_token_hash"),
    )
    op.create_index("ix_team_token_member", "team_token", ["member"])
    op.create_table(
        "team_try",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_team_try"),
    )
    op.create_index("ix_team_try_member", "team_try", ["member", "at"])
    op.create_index("ix_team_try_address", "team_try", ["address", "at"])
