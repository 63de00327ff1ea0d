"""The ledger as viewers and exports have it: without what is withheld.

That is not asked of each question, where one would be forgotten: a connection in this sight has temporary views that stand before
the tables of the same names, for SQLite and PostgreSQL both look there first, and cannot write. Names that are left in texts are
covered as values come out of the database, whatever question they answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from tadmor.ledger import database
from tadmor.ledger import tables as t
from tadmor.ledger.withhold_marks import told_by_name
from tadmor.ledger.withhold_names import Names

_SEEN = (
    'EXISTS (SELECT 1 FROM {s}.claim c WHERE c.reading = x.reading AND c."position" = x."position" AND c.withheld = 0)'
)
_REPORT = 'EXISTS (SELECT 1 FROM {s}.report r WHERE r."row" = x.report AND r.withheld = 0)'
_UNMARKED = "NOT EXISTS (SELECT 1 FROM {s}.withheld w WHERE w.lifted_at IS NULL AND (w.entity = x.entity OR w.folded = x.folded))"
_UNSEEN = (
    "NOT EXISTS (SELECT 1 FROM {s}.claim c WHERE c.item = x.%s AND c.withheld = 1) "
    'AND NOT EXISTS (SELECT 1 FROM {s}.item i JOIN {s}.report r ON r.id = i.report WHERE i."row" = x.%s AND r.withheld = 1)'
)
_ROWS = {
    "report": "x.withheld = 0",
    "alias": _REPORT,
    "reading": _REPORT,
    "claim": "x.withheld = 0",
    "claim_place": _SEEN,
    "claim_source": _SEEN,
    "claim_party": _SEEN,
    "member": _SEEN,
    "naming": _UNMARKED,
    "rating": _UNMARKED,
    "item": _UNSEEN % ('"row"', '"row"'),
    "review": _UNSEEN % ("item", "item"),
    "contest": 'NOT EXISTS (SELECT 1 FROM {s}.member m JOIN {s}.claim c ON c.reading = m.reading AND c."position" = m."position" '
    "WHERE m.incident = x.incident AND c.withheld = 1)",
    "feed_item": "NOT EXISTS (SELECT 1 FROM {s}.report r WHERE r.id = x.report AND r.withheld = 1)",
} | dict.fromkeys(
    ("withheld", "covered", "original", "sketch", "timeline", "team_member", "team_session", "team_token", "team_try"),
    "1 = 0",
)
"""By table, which rows are seen; of tables that are not named, all."""

_COLUMNS = {
    ("report", "title"): 'coalesce((SELECT v.title FROM {s}.covered v WHERE v.report = x."row"), x.title)',
    ("report", "text"): 'coalesce((SELECT v.text FROM {s}.covered v WHERE v.report = x."row"), x.text)',
    (
        "reading",
        "claims",
    ): '(SELECT count(*) FROM {s}.claim c WHERE c.reading = x."row" AND c.told = 1 AND c.withheld = 0)',
    ("audit", "before"): "NULL",
    ("audit", "after"): "NULL",
}
"""By table and column, what stands in its place. What people did to incidents names claims that may be withheld."""


def connect(where: str | Path | URL, *, timeout: float = 30.0) -> tuple[Engine, str]:
    """An engine that sees the ledger so, and its name. The ledger is there, and of this version. Raises LedgerError."""
    given = where.render_as_string(hide_password=False) if isinstance(where, URL) else where
    engine, name = database.connect(given, timeout=timeout, create=False)
    covering = _Covering(engine)
    event.listen(engine, "connect", covering.on_connect)
    event.listen(engine, "begin", covering.on_begin)
    return engine, name


def views(schema: str) -> list[str]:
    """The statements that put the views before the tables of a schema."""
    out = []
    for table in t.metadata.sorted_tables:
        if table.name not in _ROWS and not any(name == table.name for name, _ in _COLUMNS):
            continue
        columns = (_COLUMNS.get((table.name, c.name), f'x."{c.name}"') + f' AS "{c.name}"' for c in table.columns)
        rows = _ROWS.get(table.name, "1 = 1")
        view = f'CREATE TEMPORARY VIEW "{table.name}" AS SELECT {", ".join(columns)} FROM {{s}}."{table.name}" x WHERE {rows}'
        out.append(view.format(s=schema))
    return out


class _Covering:
    """Has the names covered in what an engine gives; they are looked for anew when the ledger has changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mark: object = None

    def on_connect(self, connection: DBAPIConnection, _: Any) -> None:
        cursor = connection.cursor()
        try:
            if self._engine.dialect.name == "sqlite":
                for statement in (*views("main"), "PRAGMA query_only = ON"):
                    cursor.execute(statement)
                return
            cursor.execute("SELECT quote_ident(current_schema())")
            (schema,) = cursor.fetchone() or ("public",)
            for statement in (*views(schema), "SET default_transaction_read_only = on"):
                cursor.execute(statement)
            connection.commit()
        finally:
            cursor.close()

    def on_begin(self, connection: Connection) -> None:
        schema = "main" if self._engine.dialect.name == "sqlite" else connection.scalar(_SCHEMA)
        mark = tuple(connection.execute(text(_MARK.format(s=schema))).one())
        if mark != self._mark:
            dialect: Any = self._engine.dialect
            dialect.tadmor_names = _names(connection, str(schema))
            self._mark = mark


_SCHEMA = text("SELECT quote_ident(current_schema())")
# With every reading an identity may be met under another name.
_MARK = (
    'SELECT (SELECT max("row") FROM {s}.withheld), (SELECT count(*) FROM {s}.withheld WHERE lifted_at IS NULL), '
    '(SELECT max("row") FROM {s}.reading), (SELECT max("row") FROM {s}.audit)'
)


def _names(connection: Connection, schema: str) -> Names:
    """As ``withhold.names``, past the views. Untyped, since what is typed comes out covered."""
    marked = connection.execute(
        text(f"SELECT name, entity FROM {schema}.withheld WHERE lifted_at IS NULL AND kind <> 'report'")
    ).all()
    entities = sorted({t.restored(row.entity) for row in marked if row.entity})
    found = [t.restored(row.name) for row in marked]
    met = text(f"SELECT name FROM {schema}.naming WHERE entity = :entity")
    for entity in entities:
        found += filter(told_by_name, map(t.restored, connection.scalars(met, {"entity": entity})))
    return Names(found, entities)
