"""The tables of review by people: what was reviewed, every review, and how much incidents are disputed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from tadmor.ledger.tables import Coded, Json, SafeText, metadata

item = Table(
    "item",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("report", SafeText, nullable=False),
    Column("claim", Coded, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("coding", Json, nullable=False),
    Column("beside", Json, nullable=False),
    Index("ix_item_report", "report"),
)
"""A claim that people reviewed, as it was when the first of them did, so that it is found again after another reading:
``coding`` as the ``origin`` (reader or people) had it, ``text_hash`` of the text that its offsets count, ``beside`` the types of
other claims that the same clause stated. Rows are only added."""

review = Table(
    "review",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", SafeText, nullable=False),
    Column("what", String(16), nullable=False),
    Column("item", ForeignKey("item.row"), nullable=False),
    Column("adjudicates", Integer, nullable=False),
    Column("withdraws", Integer),
    Column("before", Json),
    Column("after", Json),
    Column("why", SafeText),
    Column("reading", Integer, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("record", Json),
    Column("context", Json),
    Column("act", Integer, nullable=False),
    Index("ix_review_item", "item"),
    Index("ix_review_who", "who"),
)
"""One act of one person on one item. ``what`` is accept, correct, reject, add or withdraw; ``before`` and ``after`` are codings
(``ledger.coding``), NULL where there is none. ``record`` and ``context`` are the claim as it is to be told by this review, with
the ids of mentions of ``reading`` and offsets into the text of ``text_hash``. ``withdraws`` is the review that a withdrawal takes
back, ``act`` the line of the audit log. Rows are only added."""

contest = Table(
    "contest",
    metadata,
    Column("incident", Integer, primary_key=True, autoincrement=False),
    Column("contradictions", Integer, nullable=False),
    Column("disputes", Integer, nullable=False),
    Index("ix_contest_contradictions", "contradictions", "disputes", "incident"),
)
"""How much the accounts of an incident contradict each other; worked out when it is asked for, gone when the incident changes."""
