"""The ledger keeps reports and readings for good: idempotent, safe to kill at any moment, nothing deleted."""

from __future__ import annotations

from tadmor.ledger.agreement import Agreement
from tadmor.ledger.answers import Alias, AuditRow, Counts, Decision, PlaceRow, Rating, SourceRow
from tadmor.ledger.bytes_store import Keeping
from tadmor.ledger.bytes_verify import Mismatch, Verified
from tadmor.ledger.reviews import CodersDiffer, Disagreement, Progress, Queued, Review, Reviewed
from tadmor.ledger.store import Store
from tadmor.ledger.versions_compare import Altered, Change
from tadmor.ledger.versions_store import Version

__all__ = [
    "Agreement",
    "Alias",
    "Altered",
    "AuditRow",
    "Change",
    "CodersDiffer",
    "Counts",
    "Decision",
    "Disagreement",
    "Keeping",
    "Mismatch",
    "PlaceRow",
    "Progress",
    "Queued",
    "Rating",
    "Review",
    "Reviewed",
    "SourceRow",
    "Store",
    "Verified",
    "Version",
]
