"""What Alembic runs to migrate: it uses the connection, and the transaction, of whoever opens the ledger."""

from __future__ import annotations

from alembic import context

from tadmor.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter little in place
)
with context.begin_transaction():
    context.run_migrations()
