"""The ledger keeps reports and readings for good: idempotent, safe to kill at any moment, nothing deleted."""

from __future__ import annotations

from tadmor.ledger.agreement import Agreement
from tadmor.ledger.answers import Alias, AuditRow, Counts, Decision, PlaceRow, Rating, SourceRow
from tadmor.ledger.reviews import CodersDiffer, Disagreement, Progress, Queued, Review, Reviewed
from tadmor.ledger.store import Store

__all__ = [
    "Agreement",
    "Alias",
    "AuditRow",
    "CodersDiffer",
    "Counts",
    "Decision",
    "Disagreement",
    "PlaceRow",
    "Progress",
    "Queued",
    "Rating",
    "Review",
    "Reviewed",
    "SourceRow",
    "Store",
]
