"""All that is peculiar to PostgreSQL: the driver, how writers wait for each other, how texts sort, and its errors in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from tadmor.errors import LedgerError

_NAMES = ("postgres", "postgresql")
_MOST = 25  # connections of an engine beside the five that stay open; a server takes 100 unless told otherwise
_LOCK = 0x7461646D  # the first half of the key of the lock that writers hold: "tadm"
TRIGRAMS = "ix_report_text_trigrams"
"""An index of PostgreSQL alone, by which a search for words need not go through every text; made where pg_trgm is to be had."""

_MENDS = {
    "08": "cannot be reached: {0}; see that the server runs, and that host and port are right; nothing that was kept is lost",
    "28": "lets nobody in by this name and password: {0}",
    "3D": "is not there: {0}; make it first, with `createdb --template=template0 --encoding=UTF8 NAME`",
    "25006": "cannot be written: the server takes no writes (a standby, or set to read only); name the one that does",
    "42501": "cannot be used: {0}; have its owner grant you the right to use and make tables in its schema",
    "53300": "has no connection to spare: {0}; try again, or have the server take more (max_connections)",
    "53": "cannot grow: {0}; make room and run the same command again, nothing that was kept is lost",
    "54": "does not take it: {0}; shorten the name or the id",
    "55P03": "is locked: another program is writing to it; try again when that is done",
    "57": "was shut down or ended the connection: {0}; run the same command again, nothing that was kept is lost",
    "58": "cannot be read or written: the disk reports a fault: {0}",
    "XX": "is damaged: {0}; take the last backup",
}
"""What to do, by SQLSTATE or its class (https://www.postgresql.org/docs/15/errcodes-appendix.html)."""


def is_postgres(url: URL) -> bool:
    """Whether the URL names a PostgreSQL server, whatever the driver."""
    return url.get_backend_name() in _NAMES


def connect(url: URL, *, timeout: float) -> Engine:
    """An engine for the ledger in a PostgreSQL database; psycopg is used where the URL names no driver.

    ``timeout`` is how long, in seconds, a writer waits for another. Nothing is asked of the server yet. Raises LedgerError when
    the driver is not installed.
    """
    if url.drivername in _NAMES:
        url = url.set(drivername="postgresql+psycopg")
    named = {"application_name": "tadmor", "connect_timeout": "10"}
    given = {key: value for key, value in named.items() if key not in url.query}
    try:
        # A connection that the server closed while nobody used it is replaced, not handed out.
        engine = create_engine(
            url,
            pool_pre_ping=True,
            max_overflow=_MOST,
            connect_args=given,
            execution_options={"tadmor_timeout": timeout},
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise LedgerError(
            f"the driver for {url.drivername} is not installed ({error}): pip install 'tadmor[postgres]'"
        ) from error
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_begin(connection: Connection) -> None:
    """One writer at a time, as with SQLite: whoever writes holds the lock of the ledger until its transaction ends.

    Much rests on it. Reports that two add at once must find each other when they are grouped; the numbers of rows must come to be
    seen in their order, so that the last one tells the state of a ledger; and of two who decide at once the later must see what
    the earlier did. To keep a report takes some hundredths of a second, to read it takes far longer and is done before.

    The lock is of this schema of this database, and the server lets go of it when a program dies.
    """
    options = connection.get_execution_options()
    if not options.get("tadmor_writes", False):
        return
    wait = max(1, int(options["tadmor_timeout"] * 1000))
    connection.exec_driver_sql(
        # What was said to be kept must be on the disk, also where the server is set to write behind.
        "SELECT set_config('lock_timeout', %s, true), CASE WHEN current_setting('synchronous_commit') = 'off' "
        "THEN set_config('synchronous_commit', 'on', true) END",
        (f"{wait}ms",),
    )
    connection.exec_driver_sql(
        "SELECT pg_advisory_xact_lock(%s, (SELECT oid::int4 FROM pg_namespace WHERE nspname = current_schema()))",
        (_LOCK,),
    )


def settle(connection: Connection) -> None:
    """Have the texts of a ledger sort by code point, as in SQLite, and be found by their parts where the server can.

    Without the first, the same reports would come in another order on another server: the order of a database is that of the
    language it was made for. Raises LedgerError for a database that does not take all of Unicode.
    """
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise LedgerError(
            f"the database keeps its texts as {encoding}, which is too little for names of all languages: make one with "
            "`createdb --template=template0 --encoding=UTF8 NAME`"
        )
    strange = of_extensions(connection)
    changes: dict[str, list[str]] = {}
    for table, column, kind in connection.execute(
        text(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_collation o ON o.oid = a.attcollation "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
            "AND o.collname <> 'C' ORDER BY c.relname, a.attnum"
        )
    ):
        if table not in strange:
            changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
    for table, columns in changes.items():
        connection.execute(text(f'ALTER TABLE "{table}" {", ".join(columns)}'))
    _index_words(connection)


def of_extensions(connection: Connection) -> set[str]:
    """The tables that belong to an extension (PostGIS has one) and not to whoever uses the database."""
    stmt = "SELECT c.relname FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass "
    return set(connection.scalars(text(stmt + "WHERE d.deptype = 'e'")))


def _index_words(connection: Connection) -> None:
    """Index the texts of reports by their trigrams, where pg_trgm is installed or may be; without it a search takes longer."""
    if not connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")):
        return
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            schema = connection.scalar(
                text(
                    "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
                    "WHERE e.extname = 'pg_trgm'"
                )
            )
            connection.execute(
                text(f"CREATE INDEX IF NOT EXISTS {TRIGRAMS} ON report USING gin (text {schema}.gin_trgm_ops)")
            )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # who may not install it does without
            raise


def renumber(connection: Connection, numbered: Iterable[tuple[str, str]]) -> None:
    """Have new rows of these tables, each with the column of its numbers, go on after the last that is there."""
    for table, column in numbered:
        last = connection.scalar(text(f'SELECT max("{column}") FROM "{table}"'))
        if last is not None:
            sequence = {"t": f'"{table}"', "c": column, "n": last}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:t, :c), :n)"), sequence)


def message(error: Any, name: str) -> str | None:
    """What an error of the driver means, and what to do; None for one that is none of PostgreSQL's."""
    if not type(error).__module__.startswith("psycopg"):
        return None
    state = getattr(error, "sqlstate", None) or _state_of_refusal(str(error))
    said = " ".join(str(error).split())
    known = _MENDS.get(state) or _MENDS.get(state[:2])
    return f"{name} {known.format(said)}" if known else f"{name} cannot be used: {said}"


def _state_of_refusal(said: str) -> str:
    """The class of an error for which the driver has no SQLSTATE: of a connection that was not made, or broke."""
    if "password" in said or "authentication" in said or "role" in said:
        return "28"
    return "3D" if "database" in said and "does not exist" in said else "08"
