"""The bytes that reports were read from, versions of a report at its address, and retractions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; of what was there before no bytes are kept, and its addresses are put in one form."""
    op.create_table(
        "original",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("packing", sa.String(8), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_original"),
    )
    op.add_column("report", sa.Column("original", sa.String(64)))
    op.add_column("report", sa.Column("form", sa.String(16)))
    op.add_column("report", sa.Column("given", sa.Text()))
    op.add_column("report", sa.Column("address", sa.Text()))
    op.add_column("report", sa.Column("captured", sa.String(32)))
    op.add_column("report", sa.Column("retracted", sa.Text()))
    op.create_index("ix_report_address", "report", ["address"])
    op.create_index("ix_report_original", "report", ["original"])
    _fill()


def _fill() -> None:
    from tadmor.gather.addresses import address_key

    connection = op.get_bind()
    report = sa.table("report", sa.column("row", sa.Integer), sa.column("url", sa.Text), sa.column("address", sa.Text))
    rows = connection.execute(sa.select(report.c.row, report.c.url).where(report.c.url.is_not(None))).all()
    known = [{"r": row, "a": key} for row, url in rows if (key := address_key(url))]
    if known:
        stmt = sa.update(report).where(report.c.row == sa.bindparam("r")).values(address=sa.bindparam("a"))
        connection.execute(stmt, known)
