"""Which claim of another reading is the one that people reviewed.

By the words of the clause, as for what people decide about incidents (``reconcile.constraints.heir``), and by what the clause is
read to say, since one clause may state several claims: each claim is the heir of one item at the most, and each item has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tadmor import taxonomy
from tadmor.ledger.coding import FIELDS, Coding, differing
from tadmor.reconcile.constraints import SAME_WORDS
from tadmor.reconcile.names import fold
from tadmor.reconcile.similarity import wording_likeness


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that looks for its claim: its codings (as it was read, and as people would have it), and the id that it had.

    ``beside`` are the types of other claims that its clause stated; ``rejected`` whether people would not have it told.
    """

    item: int
    claim: str
    codings: tuple[Coding, ...]
    beside: frozenset[str]
    rejected: bool


def heirs(wanted: Sequence[Wanted], claims: Sequence[tuple[str, Coding]]) -> dict[int, int]:
    """The place among ``claims`` (ids and codings, in order) of the claim that each item, by its number, is about.

    Items that find none are left out. The best pair is taken first: nearest wording, then the same type, the same content, the
    same id, the order of the items and claims.
    """
    found = []
    for order, want in enumerate(wanted):
        for at, (id, coding) in enumerate(claims):
            near = max(wording_likeness(fold(c["text"]), fold(coding["text"])) for c in want.codings)
            if near < SAME_WORDS or not _may_be(want, coding["type"]):
                continue
            same_type = any(c["type"] == coding["type"] for c in want.codings)
            alike = max(len(FIELDS) - len(differing(c, coding)) for c in want.codings)
            away = min(abs(c["start"] - coding["start"]) for c in want.codings)
            found.append((-round(near, 3), not same_type, -alike, id != want.claim, away, order, at))
    out: dict[int, int] = {}
    taken: set[int] = set()
    for *_, order, at in sorted(found):
        item = wanted[order].item
        if item not in out and at not in taken:
            out[item] = at
            taken.add(at)
    return out


def beside(coding: Coding, others: Iterable[Coding]) -> list[str]:
    """The types of other claims that the clause states, so that none of them is taken for this one later."""
    words = fold(coding["text"])
    return sorted({o["type"] for o in others if wording_likeness(words, fold(o["text"])) >= SAME_WORDS})


def _may_be(want: Wanted, kind: str) -> bool:
    """Whether a claim of that type, on that clause, may be the item.

    What people rejected is rejected as what it was read to say: another reader that reads the clause as something else is to be
    looked at afresh. What people hold to be right is the clause's claim, whatever a reader calls it, unless the clause was known
    to state a claim of that type besides.
    """
    mine = {c["type"] for c in want.codings}
    if kind in mine:
        return True
    if want.rejected:
        family = taxonomy.types()
        return kind in family and any(m in family and family[m].family == family[kind].family for m in mine)
    return kind not in want.beside
