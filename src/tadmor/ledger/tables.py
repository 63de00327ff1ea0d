"""The tables of the ledger, as SQLAlchemy Core. The migrations make them; a test holds the two together.

Rows of claims hang by ``(reading, position)``, a key that is known before it is written, so that a report of thousands
of claims goes in with one statement a table. JSON is kept as text, the same in every database.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

HEAD = "0008"
"""The schema version that this code reads and writes: the last revision in ``migrations/versions``."""

_ESCAPED = "\ue000"


class SafeText(TypeDecorator[str]):
    """Any Python string, exactly: those that no database takes (lone surrogates, NUL) are kept as marked JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The string as the database holds it."""
        if value is None or _plain(value):
            return value
        return _ESCAPED + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The string as it was given, or in the sight of viewers, with the names covered that are withheld."""
        if value is None:
            return None
        names = getattr(dialect, "tadmor_names", None)
        return names.text(restored(value)) if names else restored(value)


class Coded(SafeText):
    """A string that is a word of the record's own, such as a type or the id of a claim: no name is looked for in it."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The string as it was given."""
        return None if value is None else restored(value)


class Json(TypeDecorator[Any]):
    """Plain data as JSON text; None is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The data as JSON, in ASCII only where it holds lone surrogates."""
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text if _plain(text) else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The data, or in the sight of viewers (``withhold_sight``), with the names covered that are withheld."""
        if value is None:
            return None
        names = getattr(dialect, "tadmor_names", None)
        return names.data(json.loads(value)) if names and names.maybe(value) else json.loads(value)


def restored(value: str) -> str:
    """A string as it was given, of how ``SafeText`` keeps it."""
    if value.startswith(_ESCAPED):
        text: str = json.loads(value[1:])
        return text
    return value


def _plain(value: str) -> bool:
    if value.isascii():
        return "\0" not in value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in value and not value.startswith(_ESCAPED)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

report = Table(
    "report",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", SafeText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("text", SafeText, nullable=False),
    Column("title", SafeText, nullable=False),
    Column("publisher", SafeText),
    Column("published", Coded),
    Column("published_basis", String(16), nullable=False),
    Column("url", SafeText),
    Column("path", SafeText),
    Column("language", Coded),
    Column("metadata", Json, nullable=False),
    Column("added_at", String(32), nullable=False),
    Column("original", String(64)),
    Column("form", String(16)),
    Column("given", Json),
    Column("address", SafeText),
    Column("captured", String(32)),
    Column("retracted", Json),
    Column("withheld", Integer, nullable=False, server_default="0"),
    UniqueConstraint("id", "version"),
    UniqueConstraint("text_hash"),
    Index("ix_report_address", "address"),
    Index("ix_report_original", "original"),
)
"""One row a version of a report; the same id, or address, with another text is the next version.

``original`` is the SHA-256 of the bytes that it was read from (table ``original``), ``form`` and ``given`` say how they are
read (``model.Original``). ``address`` is ``url`` in one spelling, ``captured`` when the text was captured, where that is known.
``retracted`` has when, who and why where the report was retracted; ``withheld`` is 1 where a mark keeps it out of exports and
of viewers' sight (``withhold_tables``)."""

original = Table(
    "original",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("packing", String(8), nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""Bytes that reports were read from, each once. ``size`` is theirs, ``packing`` is gzip or empty."""

alias = Table(
    "alias",
    metadata,
    Column("id", SafeText, primary_key=True),
    Column("report", ForeignKey("report.row"), primary_key=True),
    Column("path", SafeText),
    Column("url", SafeText),
    Column("publisher", SafeText),
    Column("published", Coded),
    Column("added_at", String(32), nullable=False),
)
"""Other ids under which a text came again."""

reading = Table(
    "reading",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("report", ForeignKey("report.row"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("reader", Coded, nullable=False),
    Column("version", Coded, nullable=False),
    Column("published", Coded),
    Column("published_basis", String(16), nullable=False),
    Column("known", Coded),
    Column("record", Json, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("read_at", String(32), nullable=False),
    Column("superseded_by", ForeignKey("reading.row")),
    UniqueConstraint("report", "number"),
)
"""What one reader found in one report, with the date of publication that it read it against. Current while
``superseded_by`` is NULL."""

claim = Table(
    "claim",
    metadata,
    Column("reading", ForeignKey("reading.row"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", Coded, nullable=False),
    Column("type", Coded, nullable=False),
    Column("certainty", String(16), nullable=False),
    Column("date", Coded),
    Column("date_start", String(10)),
    Column("date_end", String(10)),
    Column("clause_start", Integer, nullable=False),
    Column("clause_end", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("record", Json, nullable=False),
    Column("context", Json),
    Column("told", Integer, nullable=False, server_default="1"),
    Column("item", Integer),
    Column("review", Integer),
    Column("as_read", Json),
    Column("withheld", Integer, nullable=False, server_default="0"),
    UniqueConstraint("reading", "id"),
    Index("ix_claim_date_start", "date_start", "date_end"),
    Index("ix_claim_type", "type"),
    Index("ix_claim_item", "item"),
    Index("ix_claim_review", "review", "score", "reading", "position"),
    Index("ix_claim_score", "score", "reading", "position"),
)
"""``date_start`` and ``date_end`` are the first and last day of ``date``, both NULL when it is unknown; an open end is
``0001-01-01`` or ``9999-12-31``. ``context`` is what an account adds to the claim, NULL when the claim gives none.

``told`` is 0 for what people rejected, which stays here and is told no more. ``item`` is what people reviewed
(``review_tables.item``), ``review`` the review that decides how it is told, NULL while it is told as read. ``as_read``
has ``record`` and ``context`` as the reader had them where that is not what is told, both null for what people added. ``score``
is the reader's. ``withheld`` is 1 where a mark on its report, or on somebody or some place in it, keeps it out of sight."""


def _of_claim(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(
        name,
        metadata,
        Column("reading", Integer, primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("number", Integer, primary_key=True),
        *columns,
        ForeignKeyConstraint(["reading", "position"], ["claim.reading", "claim.position"]),
    )


claim_place = _of_claim(
    "claim_place",
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("entity", SafeText),
    Column("lat", Float),
    Column("lon", Float),
    Column("country", SafeText),
    Index("ix_claim_place_folded", "folded"),
    Index("ix_claim_place_entity", "entity"),
)

claim_source = _of_claim(
    "claim_source",
    Column("role", String(16), nullable=False),  # speaker, through (an outer link of a chain), publisher (own voice)
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("entity", SafeText),
    Column("kind", String(16)),
    Column("side", SafeText),
    Column("anonymous", Integer, nullable=False),
    Column("chain", Json, nullable=False),
    Index("ix_claim_source_folded", "folded"),
    Index("ix_claim_source_entity", "entity"),
)

claim_party = _of_claim(
    "claim_party",
    Column("role", String(8), nullable=False),  # actor, target
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("entity", SafeText),
    Column("kind", Coded),
    Column("side", SafeText),
    Index("ix_claim_party_folded", "folded"),
    Index("ix_claim_party_entity", "entity"),
)

naming = Table(
    "naming",
    metadata,
    Column("entity", SafeText, primary_key=True),
    Column("folded", SafeText, primary_key=True),
    Column("name", SafeText, nullable=False),
    Index("ix_naming_folded", "folded"),
)
"""Every name under which an identity was met, so that it is found by any of them."""

audit = Table(
    "audit",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("what", Coded, nullable=False),
    Column("who", SafeText, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("why", SafeText),
)
"""What was changed, by whom and why. Rows are only ever added."""

state = Table(
    "state",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Coded, nullable=False),
)
"""What is known of the ledger itself: ``incidents``, the method by which its claims were put into incidents."""

member = Table(
    "member",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("reading", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("incident", Integer),
    Column("id", String(16)),
    UniqueConstraint("reading", "position"),
    ForeignKeyConstraint(["reading", "position"], ["claim.reading", "claim.position"]),
    Index("ix_member_incident", "incident"),
    Index("ix_member_id", "id"),
)
"""Claims of current readings that tell of an occurrence; those of one ``incident``, the least row among them, are one. ``id`` is
that of an incident of which this is the first claim, so that an incident is found by its id, and by an earlier one of it.

This table, ``member_key`` and ``likeness`` are worked out from the readings and may be made anew at any time."""

member_key = Table(
    "member_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("member", Integer, primary_key=True, autoincrement=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The keys by which members find each other (``reconcile.blocking``), with their days as ordinals."""

likeness = Table(
    "likeness",
    metadata,
    Column("a", Integer, primary_key=True, autoincrement=False),
    Column("b", Integer, primary_key=True, autoincrement=False),
    Column("score", Float, nullable=False),
    sqlite_with_rowid=False,
)
"""Scores above 0 of pairs of members, each pair in both orders."""

decision = Table(
    "decision",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", SafeText, nullable=False),
    Column("one", Integer, nullable=False),
    Column("a_report", SafeText, nullable=False),
    Column("a_claim", Coded, nullable=False),
    Column("a_text", SafeText, nullable=False),
    Column("b_report", SafeText, nullable=False),
    Column("b_claim", Coded, nullable=False),
    Column("b_text", SafeText, nullable=False),
    Column("why", SafeText),
    Column("act", Integer),
    Index("ix_decision_a_report", "a_report"),
    Index("ix_decision_b_report", "b_report"),
)
"""What people decided: two claims, by report id, claim id and clause, are of one occurrence (``one`` is 1) or never (0). Rows
are only ever added; the newest wins. ``act`` is the line of the audit log that tells of it: one act is of many pairs."""

rating = Table(
    "rating",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("who", SafeText, nullable=False),
    Column("name", SafeText, nullable=False),
    Column("folded", SafeText, nullable=False),
    Column("entity", SafeText),
    Column("letter", String(1), nullable=False),
    Column("why", SafeText),
)
"""The reliability of a source, A to F, as somebody set it. Rows are only ever added; the newest of a source counts."""

Index("ix_alias_report", alias.c.report)
