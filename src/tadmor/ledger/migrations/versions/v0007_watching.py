"""Feeds that are watched, their items, the hosts that are asked, and sketches by which reprints are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing is watched yet, and reports that were there before have no sketch."""
    op.create_table(
        "feed",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("modified", sa.Text()),
        sa.Column("asked_at", sa.String(32)),
        sa.Column("answered_at", sa.String(32)),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_feed"),
        sa.UniqueConstraint("url", name="uq_feed_url"),
    )
    op.create_index("ix_feed_next_at", "feed", ["next_at"])
    op.create_table(
        "feed_item",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("feed", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Text()),
        sa.Column("updated", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("done_at", sa.String(32)),
        sa.Column("report", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["feed"], ["feed.row"], name="fk_feed_item_feed"),
        sa.PrimaryKeyConstraint("row", name="pk_feed_item"),
        sa.UniqueConstraint("feed", "key", name="uq_feed_item_feed"),
    )
    op.create_index("ix_feed_item_state", "feed_item", ["state", "next_at"])
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("rules", sa.Text()),
        sa.Column("rules_at", sa.String(32)),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "watcher",
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_watcher"),
    )
    op.create_table(
        "sketch",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "report", name="pk_sketch"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sketch_report", "sketch", ["report"])
