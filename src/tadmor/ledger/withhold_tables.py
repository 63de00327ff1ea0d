"""The tables of what is withheld, and of what was purged."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from tadmor.ledger.tables import SafeText, metadata

withheld = Table(
    "withheld",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("entity", SafeText),
    Column("at", String(32), nullable=False),
    Column("who", SafeText, nullable=False),
    Column("why", SafeText),
    Column("lifted_at", String(32)),
    Column("lifted_by", SafeText),
    Column("lifted_why", SafeText),
    Index("ix_withheld_entity", "entity"),
    Index("ix_withheld_folded", "folded"),
    Index("ix_withheld_lifted_at", "lifted_at"),
)
"""A mark: ``kind`` is report, person or place, ``name`` the id of a report, else a name, ``entity`` the identity it stands for,
if any. It holds while ``lifted_at`` is NULL. From the marks follow ``report.withheld``, ``claim.withheld`` and the table
``covered``, which may be worked out anew at any time."""

covered = Table(
    "covered",
    metadata,
    Column("report", ForeignKey("report.row"), primary_key=True, autoincrement=False),
    Column("title", SafeText, nullable=False),
    Column("text", SafeText, nullable=False),
)
"""Reports whose title or text has a withheld name, with every letter of the name as a block, so that offsets stay."""

tombstone = Table(
    "tombstone",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", SafeText, nullable=False),
    Column("why", SafeText, nullable=False),
)
"""That something was purged: when, by whom and why, and nothing else."""
