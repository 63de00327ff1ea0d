"""What the claims of a report gained and lost when its text changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tadmor.ledger.coding import Coding, coding_of, differing, part
from tadmor.ledger.heirs import Wanted, heirs
from tadmor.model import Claim, Reading
from tadmor.record import claim_to_record


@dataclass(frozen=True, slots=True)
class Altered:
    """A claim that stayed and says something else in some fields (``ledger.coding.FIELDS``), each as it was and as it is."""

    before: Claim
    after: Claim
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the claims of one text in the next."""

    gained: tuple[Claim, ...]
    lost: tuple[Claim, ...]
    altered: tuple[Altered, ...]
    kept: int


def change(before: Reading, after: Reading) -> Change:
    """The claims that came, went, and say something else; a claim is known again by its words, as people's reviews are.

    That a clause stands elsewhere in the new text is no change.
    """
    old = [coding_of(claim_to_record(c), None) for c in before.claims]
    new = [coding_of(claim_to_record(c), None) for c in after.claims]
    wanted = [Wanted(i, c.id, (old[i],), frozenset(), False) for i, c in enumerate(before.claims)]
    found = heirs(wanted, [(c.id, coding) for c, coding in zip(after.claims, new, strict=True)])
    altered = [
        Altered(before.claims[i], after.claims[j], fields)
        for i, j in sorted(found.items())
        if (fields := _fields(old[i], new[j]))
    ]
    taken = set(found.values())
    return Change(
        tuple(c for j, c in enumerate(after.claims) if j not in taken),
        tuple(c for i, c in enumerate(before.claims) if i not in found),
        tuple(altered),
        len(found) - len(altered),
    )


def _fields(old: Coding, new: Coding) -> dict[str, tuple[Any, Any]]:
    fields: Sequence[str] = [f for f in differing(old, new) if f != "clause" or old["text"] != new["text"]]
    return {f: (old["text"], new["text"]) if f == "clause" else (part(old, f), part(new, f)) for f in fields}
