"""Bringing a ledger's tables to the version of this code. Alembic is imported only when there is something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tadmor.errors import LedgerError
from tadmor.ledger import database
from tadmor.ledger.tables import HEAD

if TYPE_CHECKING:
    from alembic.config import Config


def prepare(engine: Engine, name: str) -> None:
    """Make or upgrade the tables; when they are of this version, that costs one query.

    The upgrade is one transaction: broken off, it leaves the ledger as it was. Raises LedgerError for a database that
    is no ledger or of a newer version.
    """
    with database.reading(engine, name) as connection:
        version = _version(connection, name)
    database.settle(engine, name)
    if version == HEAD:
        return
    with database.writing(engine, name) as connection:
        if _version(connection, name) != HEAD:  # another program may have upgraded it while this one waited
            _upgrade(connection)


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
    tables = set(inspect(connection).get_table_names())
    if not tables - {"alembic_version"} and version is None:
        return None
    if version is None or not {"report", "reading", "claim"} <= tables:
        raise LedgerError(f"{name} is no ledger: it is the database of another program; name another with --ledger")
    if version not in _revisions():
        raise LedgerError(
            f"{name} is of version {version}, newer than this Tadmor knows ({HEAD}): upgrade Tadmor to open it"
        )
    return str(version)


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
