"""What people say of single claims: items, reviews, how each claim is told, and how much incidents are disputed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of items and reviews and the columns of claims; every claim is told as it was read."""
    op.create_table(
        "item",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("coding", sa.Text(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_item"),
    )
    op.create_index("ix_item_report", "item", ["report"])
    op.create_table(
        "review",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("adjudicates", sa.Integer(), nullable=False),
        sa.Column("withdraws", sa.Integer()),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("record", sa.Text()),
        sa.Column("context", sa.Text()),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.row"], name="fk_review_item"),
        sa.PrimaryKeyConstraint("row", name="pk_review"),
    )
    op.create_index("ix_review_item", "review", ["item"])
    op.create_index("ix_review_who", "review", ["who"])
    op.create_table(
        "contest",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contradictions", sa.Integer(), nullable=False),
        sa.Column("disputes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("incident", name="pk_contest"),
    )
    op.create_index("ix_contest_contradictions", "contest", ["contradictions", "disputes", "incident"])
    op.add_column("claim", sa.Column("told", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("claim", sa.Column("item", sa.Integer()))
    op.add_column("claim", sa.Column("review", sa.Integer()))
    op.add_column("claim", sa.Column("as_read", sa.Text()))
    op.create_index("ix_claim_item", "claim", ["item"])
    op.create_index("ix_claim_review", "claim", ["review", "score", "reading", "position"])
    op.create_index("ix_claim_score", "claim", ["score", "reading", "position"])
