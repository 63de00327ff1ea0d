"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of reports, readings and claims, with the audit log."""
    op.create_table(
        "report",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text()),
        sa.Column("published", sa.Text()),
        sa.Column("published_basis", sa.String(16), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("path", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_report"),
        sa.UniqueConstraint("id", "version", name="uq_report_id"),
        sa.UniqueConstraint("text_hash", name="uq_report_text_hash"),
    )
    op.create_table(
        "alias",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("published", sa.Text()),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", "report", name="pk_alias"),
        sa.ForeignKeyConstraint(["report"], ["report.row"], name="fk_alias_report"),
    )
    op.create_index("ix_alias_report", "alias", ["report"])
    op.create_table(
        "reading",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("published", sa.Text()),
        sa.Column("published_basis", sa.String(16), nullable=False),
        sa.Column("known", sa.Text()),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.String(32), nullable=False),
        sa.Column("superseded_by", sa.Integer()),
        sa.PrimaryKeyConstraint("row", name="pk_reading"),
        sa.UniqueConstraint("report", "number", name="uq_reading_report"),
        sa.ForeignKeyConstraint(["report"], ["report.row"], name="fk_reading_report"),
        sa.ForeignKeyConstraint(["superseded_by"], ["reading.row"], name="fk_reading_superseded_by"),
    )
    op.create_table(
        "claim",
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("certainty", sa.String(16), nullable=False),
        sa.Column("date", sa.Text()),
        sa.Column("date_start", sa.String(10)),
        sa.Column("date_end", sa.String(10)),
        sa.Column("clause_start", sa.Integer(), nullable=False),
        sa.Column("clause_end", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("context", sa.Text()),
        sa.PrimaryKeyConstraint("reading", "position", name="pk_claim"),
        sa.UniqueConstraint("reading", "id", name="uq_claim_reading"),
        sa.ForeignKeyConstraint(["reading"], ["reading.row"], name="fk_claim_reading"),
    )
    op.create_index("ix_claim_date_start", "claim", ["date_start", "date_end"])
    op.create_index("ix_claim_type", "claim", ["type"])
    _of_claim(
        "claim_place",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("country", sa.Text()),
    )
    _of_claim(
        "claim_source",
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("kind", sa.String(16)),
        sa.Column("side", sa.Text()),
        sa.Column("anonymous", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
    )
    _of_claim(
        "claim_party",
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("side", sa.Text()),
    )
    op.create_table(
        "naming",
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "folded", name="pk_naming"),
    )
    op.create_index("ix_naming_folded", "naming", ["folded"])
    op.create_table(
        "audit",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("row", name="pk_audit"),
    )


def _of_claim(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("reading", "position", "number", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(
            ["reading", "position"], ["claim.reading", "claim.position"], name=f"fk_{name}_reading"
        ),
    )
    op.create_index(f"ix_{name}_folded", name, ["folded"])
    op.create_index(f"ix_{name}_entity", name, ["entity"])
