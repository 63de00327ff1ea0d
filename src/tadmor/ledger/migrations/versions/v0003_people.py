"""What people decide: the reliability of sources, decisions tied to the audit log, and ids by which incidents are found."""

from __future__ import annotations

import hashlib
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from tadmor.ledger.tables import Json, SafeText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 10_000


def upgrade() -> None:
    """Make the table of ratings and the new columns, and fill these from what is there."""
    op.create_table(
        "rating",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("letter", sa.String(1), nullable=False),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("row", name="pk_rating"),
    )
    op.add_column("member", sa.Column("id", sa.String(16)))
    op.create_index("ix_member_id", "member", ["id"])
    op.add_column("decision", sa.Column("act", sa.Integer()))
    _fill_ids(op.get_bind())
    _note_decisions(op.get_bind())


def _fill_ids(connection: sa.Connection) -> None:
    member = sa.table("member", *map(sa.column, ("row", "reading", "position", "id")))
    claim = sa.table("claim", sa.column("reading"), sa.column("position"), sa.column("id", SafeText))
    reading = sa.table("reading", sa.column("row"), sa.column("report"))
    report = sa.table("report", sa.column("row"), sa.column("id", SafeText))
    found = connection.execute(
        sa.select(member.c.row, report.c.id, claim.c.id)
        .select_from(member)
        .join(claim, (claim.c.reading == member.c.reading) & (claim.c.position == member.c.position))
        .join(reading, reading.c.row == member.c.reading)
        .join(report, report.c.row == reading.c.report)
    ).all()
    filled = sa.update(member).where(member.c.row == sa.bindparam("r")).values(id=sa.bindparam("i"))
    for at in range(0, len(found), _BATCH):
        connection.execute(filled, [{"r": row, "i": _id(*ref)} for row, *ref in found[at : at + _BATCH]])


def _id(report: str, claim: str) -> str:
    """The id of an incident of which this is the first claim, as ``reconcile.incidents.incident_id`` made it."""
    return "i" + hashlib.sha256(f"{report}\x1f{claim}".encode("utf-8", "surrogatepass")).hexdigest()[:15]


def _note_decisions(connection: sa.Connection) -> None:
    """A line of the audit log for each act of deciding that was kept before the log was told of it."""
    names = ("row", "at", "who", "one", "a_report", "a_claim", "b_report", "b_claim", "why", "act")
    safe = {"who", "a_report", "a_claim", "b_report", "b_claim", "why"}
    decision = sa.table("decision", *(sa.column(n, SafeText if n in safe else None) for n in names))
    audit = sa.table(
        "audit",
        *(sa.column(n) for n in ("row", "at")),
        *(sa.column(n, SafeText) for n in ("what", "who", "why")),
        sa.column("after", Json),
    )
    rows = connection.execute(sa.select(decision).order_by(decision.c.row)).all()
    for (at, who, why), group in groupby(rows, key=lambda d: (d.at, d.who, d.why)):
        act = list(group)
        pairs = [
            {
                "one": bool(d.one),
                "claims": [
                    {"report": d.a_report, "claim": d.a_claim},
                    {"report": d.b_report, "claim": d.b_claim},
                ],
            }
            for d in act
        ]
        line = {"at": at, "what": "incidents decided", "who": who, "why": why, "after": {"pairs": pairs}}
        connection.execute(sa.insert(audit), [line])
        last = connection.scalar(sa.select(sa.func.max(audit.c.row)))
        told = sa.update(decision).where(decision.c.row == sa.bindparam("r")).values(act=last)
        connection.execute(told, [{"r": d.row} for d in act])
