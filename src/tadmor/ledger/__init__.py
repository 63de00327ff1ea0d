"""The ledger keeps reports and readings for good: idempotent, safe to kill at any moment, nothing deleted."""

from __future__ import annotations

from tadmor.ledger.store import Alias, AuditRow, Counts, PlaceRow, SourceRow, Store

__all__ = ["Alias", "AuditRow", "Counts", "PlaceRow", "SourceRow", "Store"]
