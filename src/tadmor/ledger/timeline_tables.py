"""The table of who held each place when, as it was worked out last."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from tadmor.ledger.tables import Json, metadata

timeline = Table(
    "timeline",
    metadata,
    Column("place", String(64), primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("holders", Json, nullable=False),
    Column("told", Json, nullable=False),
)
"""A place by a digest, what stands for all that its timeline rests on but the sides of its holders, these holders with their
sides, and the timeline. The row whose ``place`` is empty has in ``mark`` the state of the ledger of which the others are all.

It is worked out from the readings and may be made anew at any time."""
