"""Incidents, kept up as reports come, and what people decide about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of members, their keys and likenesses, and of decisions; they are filled on first use."""
    op.create_table(
        "state",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_state"),
    )
    op.create_table(
        "member",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer()),
        sa.PrimaryKeyConstraint("row", name="pk_member"),
        sa.UniqueConstraint("reading", "position", name="uq_member_reading"),
        sa.ForeignKeyConstraint(["reading", "position"], ["claim.reading", "claim.position"], name="fk_member_reading"),
    )
    op.create_index("ix_member_incident", "member", ["incident"])
    op.create_table(
        "member_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "member", name="pk_member_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "likeness",
        sa.Column("a", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("b", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name="pk_likeness"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("a_report", sa.Text(), nullable=False),
        sa.Column("a_claim", sa.Text(), nullable=False),
        sa.Column("a_text", sa.Text(), nullable=False),
        sa.Column("b_report", sa.Text(), nullable=False),
        sa.Column("b_claim", sa.Text(), nullable=False),
        sa.Column("b_text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("row", name="pk_decision"),
    )
    op.create_index("ix_decision_a_report", "decision", ["a_report"])
    op.create_index("ix_decision_b_report", "decision", ["b_report"])
