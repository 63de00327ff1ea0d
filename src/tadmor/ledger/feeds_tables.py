"""The tables of what is watched: feeds, their items, the hosts that are asked, and by what words reports are alike."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from tadmor.ledger.tables import SafeText, metadata

feed = Table(
    "feed",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("url", SafeText, nullable=False),
    Column("address", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("folder", SafeText, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("etag", SafeText),
    Column("modified", SafeText),
    Column("asked_at", String(32)),
    Column("answered_at", String(32)),
    Column("next_at", String(32), nullable=False),
    Column("status", Integer),
    Column("failures", Integer, nullable=False),
    Column("error", SafeText),
    Column("added_at", String(32), nullable=False),
    UniqueConstraint("url"),
    Index("ix_feed_next_at", "next_at"),
)
"""A feed by the ``url`` under which it was listed; ``address`` is where it has moved to for good. ``listed`` is 0 when it is
in the list no more: it is asked no more, and what came of it stays. ``failures`` are those in a row, ``error`` the last one,
or what is wrong in the feed though it could be read. All times are ISO 8601 in UTC, to the second."""

feed_item = Table(
    "feed_item",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("feed", ForeignKey("feed.row"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("url", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("published", SafeText),
    Column("updated", SafeText),
    Column("text", SafeText),
    Column("seen_at", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", String(32), nullable=False),
    Column("done_at", String(32)),
    Column("report", SafeText),
    Column("error", SafeText),
    UniqueConstraint("feed", "key"),
    Index("ix_feed_item_state", "state", "next_at"),
)
"""An item that a feed gave. ``state``: waiting, added, known (its text was there already), unread (kept without being read),
failed. ``text`` is the feed's own, kept while the item waits."""

host = Table(
    "host",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("next_at", String(32), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("error", SafeText),
    Column("rules", SafeText),
    Column("rules_at", String(32)),
    Column("delay", Float, nullable=False),
)
"""A host with its ``rules`` (robots.txt; NULL when nobody could tell) as of ``rules_at``, and until when it is left alone."""

watcher = Table(
    "watcher",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("who", SafeText, nullable=False),
    Column("since", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
    Column("until", String(32), nullable=False),
    Column("every", Integer, nullable=False),
)
"""The program that watches, one row: nobody else does before ``until``, which moves on while it is alive."""

sketch = Table(
    "sketch",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("report", Integer, primary_key=True, autoincrement=False),
    Index("ix_sketch_report", "report"),
    sqlite_with_rowid=False,
)
"""The keys of reports (by row) whose words are alike (``gather.reprints.sketch``); they may be made anew at any time."""
