"""Who decides, when and why: what stands beside everything that people do in a ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tadmor.errors import LedgerError


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, when (ISO, UTC) and why."""

    who: str
    at: str
    why: str | None

    @classmethod
    def of(cls, who: str, why: str | None) -> By:
        """Who decides now, and why. Raises LedgerError when nobody is named."""
        return cls(somebody(who), now(), reason(why))


def somebody(who: str) -> str:
    """The name of who decides. Raises LedgerError when there is none."""
    if not who.strip():
        raise LedgerError("it is not said who decides: give a name (--who)")
    return who.strip()


def reason(why: str | None) -> str | None:
    """What is said of why; None when nothing is."""
    return (why.strip() if why else None) or None


def now() -> str:
    """The time, ISO (UTC)."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
