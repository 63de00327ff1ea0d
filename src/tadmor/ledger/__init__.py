"""The ledger keeps reports and readings for good: idempotent, safe to kill at any moment, nothing deleted."""

from __future__ import annotations

from tadmor.ledger.answers import Alias, AuditRow, Counts, Decision, PlaceRow, Rating, SourceRow
from tadmor.ledger.store import Store

__all__ = ["Alias", "AuditRow", "Counts", "Decision", "PlaceRow", "Rating", "SourceRow", "Store"]
