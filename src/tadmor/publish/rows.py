"""What the rows of both codebooks are made of."""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.model import Account, ClaimRef, CountRange, Incident


class LeftOut(Exception):  # noqa: N818 - reads as the state it is
    """An incident has no row in this form; the message is the reason, as it follows "12 incidents"."""


def affirmed(accounts: Sequence[Account]) -> list[Account]:
    """The accounts that say that it happened. Raises LeftOut when there are none."""
    told = [a for a in accounts if a.claim.certainty in ("asserted", "hedged")]
    if not told:
        raise LeftOut("only denied")
    return told


def fatalities(incident: Incident) -> CountRange | None:
    """What all accounts say of the number killed."""
    return next((n for n in incident.counts if n.what == "killed"), None)


def claim_names(refs: Sequence[ClaimRef]) -> str:
    """The claims in one cell: "report:claim; report:claim"."""
    return "; ".join(f"{r.report}:{r.claim}" for r in refs)


def retracted(accounts: Sequence[Account]) -> str | None:
    """The claims of reports that were retracted, each with why, in one cell: "report:claim (why)"; None where there are none."""
    found = [
        f"{a.ref.report}:{a.ref.claim}" + (f" ({one_line(a.retracted)})" if a.retracted else "")
        for a in accounts
        if a.retracted is not None
    ]
    return "; ".join(found) or None


def one_line(text: str) -> str:
    """The text with its white space folded."""
    return " ".join(text.split())


def whole(value: float) -> int:
    """The nearest whole number, halves upward."""
    return int(value + 0.5)


def utf8(text: str) -> str:
    """The text with what UTF-8 cannot carry (half a surrogate pair) replaced."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
