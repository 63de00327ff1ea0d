"""The verbs of a ledger for what its reports were read from; a part of ``tadmor.Ledger``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tadmor.ledger import Store

if TYPE_CHECKING:
    from tadmor.ledger.bytes_verify import Verified
    from tadmor.ledger.versions_store import Version
    from tadmor.model import Original


class VersionVerbs:
    """Verify against the kept bytes, look at the versions of a report, retract it."""

    store: Store

    def verify(self, report: str | None = None) -> Iterator[Verified]:
        """Every text that the ledger keeps, or those of one report, verified against the bytes that it was read from.

        Raises LedgerError when there is no such report.
        """
        return self.store.verify(report)

    def changed(self) -> list[tuple[str, int]]:
        """Reports of which more than one text is kept, and how many, the last to change at the end."""
        return self.store.changed()

    def versions(self, report: str) -> list[Version]:
        """The texts of a report in the order of time, each with what its claims gained and lost. Raises LedgerError."""
        return self.store.versions(report)

    def original(self, report: str, version: int | None = None) -> Original | None:
        """The bytes that a report's latest text, or one version of it, was read from; None when none are kept.

        Raises LedgerError when there is no such text, or its bytes are damaged.
        """
        return self.store.original(report, version)

    def retract(self, report: str, *, who: str, why: str) -> str:
        """Mark a report as retracted: its claims stay told, with that mark, and confirm nothing; returns its id.

        A text of it that comes later has no mark. Kept in the audit log. Raises LedgerError when there is no such report.
        """
        return self.store.retract(report, who=who, why=why)

    def reinstate(self, report: str, *, who: str, why: str | None = None) -> str:
        """Take the mark of retraction back; what was done stays in the audit log. Raises LedgerError when it has none."""
        return self.store.reinstate(report, who=who, why=why)
