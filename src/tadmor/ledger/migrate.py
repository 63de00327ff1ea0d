"""Bringing a ledger's tables to the version of this code. Alembic is imported only when there is something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tadmor.errors import LedgerError
from tadmor.ledger import database, postgres
from tadmor.ledger.tables import HEAD

if TYPE_CHECKING:
    from alembic.config import Config


def prepare(engine: Engine, name: str, *, create: bool = True) -> None:
    """Make or upgrade the tables; when they are of this version, that costs one query.

    The upgrade is one transaction: broken off, it leaves the ledger as it was. Raises LedgerError for a database that
    is no ledger or of a newer version, or has no tables yet where ``create`` is false.
    """
    with database.reading(engine, name) as connection:
        version = _version(connection, name)
    if version is None and not create and engine.dialect.name != "sqlite":  # whose file was looked for already
        raise LedgerError(f"there is no ledger at {name}: make one with `tadmor add INPUT --ledger URL`")
    database.settle(engine, name)
    if version == HEAD:
        return
    with database.writing(engine, name) as connection:
        upgrade(connection, name)


def check(engine: Engine, name: str) -> None:
    """Raises LedgerError for what is no ledger, or one of a newer version; an earlier one is left at its version."""
    with database.reading(engine, name) as connection:
        if _version(connection, name) is None:
            raise LedgerError(f"{name} is no ledger: there is nothing in it")


def upgrade(connection: Connection, name: str) -> None:
    """Make or upgrade the tables in this transaction, which writes; another may have done so while it waited."""
    if _version(connection, name) == HEAD:
        return
    _upgrade(connection)
    if connection.dialect.name == "postgresql":
        postgres.settle(connection)


def _version(connection: Connection, name: str) -> str | None:
    """The version of the tables; None for a database without any."""
    try:
        with connection.begin_nested():
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        if _damaged(error):
            raise
        version = None
    if version == HEAD:
        return HEAD
    tables = tables_of(connection)
    if not tables - {"alembic_version"} and version is None:
        return None
    if version is None or not {"report", "reading", "claim"} <= tables:
        raise LedgerError(f"{name} is no ledger: it is the database of another program; name another with --ledger")
    if version not in _revisions():
        raise LedgerError(
            f"{name} is of version {version}, newer than this Tadmor knows ({HEAD}): upgrade Tadmor to open it"
        )
    return str(version)


def tables_of(connection: Connection) -> set[str]:
    """The names of the tables that are there, but for those of PostgreSQL's extensions."""
    found = set(inspect(connection).get_table_names())
    return found - postgres.of_extensions(connection) if connection.dialect.name == "postgresql" else found


def _damaged(error: DBAPIError) -> bool:
    # SQLite says "no such table" by its general error code 1, PostgreSQL by SQLSTATE 42P01
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code != 1 if code is not None else getattr(error.orig, "sqlstate", "42P01") != "42P01"


def _revisions() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    return frozenset(r.revision for r in ScriptDirectory.from_config(_config()).walk_revisions())


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "tadmor.ledger:migrations")
    config.set_main_option("path_separator", "os")
    return config
