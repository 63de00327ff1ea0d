"""What people decide about incidents: these two claims tell of one occurrence, those two do not.

A merge, a split or a move of claims is kept as such pairs. They win over every score, and the newer over the older.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tadmor.model import ClaimRef
from tadmor.reconcile.names import fold
from tadmor.reconcile.similarity import wording_likeness

SAME_WORDS = 0.8  # least likeness of two clauses for the one to stand for the other


@dataclass(frozen=True, slots=True)
class Constraint:
    """Two claims that are to stand in one incident (``one``), or never in one."""

    a: ClaimRef
    b: ClaimRef
    one: bool


def merged(*incidents: Iterable[ClaimRef]) -> list[Constraint]:
    """All claims of the incidents given are of one occurrence."""
    refs = sorted({ref for claims in incidents for ref in claims})
    return [Constraint(a, b, True) for a, b in pairwise(refs)]


def split(part: Iterable[ClaimRef], rest: Iterable[ClaimRef]) -> list[Constraint]:
    """No claim of the one is of an occurrence that a claim of the other tells of."""
    others = sorted(set(rest))
    return [Constraint(a, b, False) for a in sorted(set(part)) for b in others if a != b]


def moved(claim: ClaimRef, away: Iterable[ClaimRef], to: Iterable[ClaimRef]) -> list[Constraint]:
    """The claim is of the occurrence that those of ``to`` tell of, and not of that of ``away``."""
    there = sorted(set(to) - {claim})
    return split([claim], set(away) - set(there)) + [Constraint(claim, other, True) for other in there]


def heir(claim: str, text: str, claims: Iterable[tuple[str, str]]) -> str | None:
    """Which claim of a report a decision is about once the report has been read again; None when there is none any more.

    ``claims`` are ids and clauses in the order of the report. The nearest wording stands for what people saw, the same
    id among equals; one that is not near (``SAME_WORDS``) is another claim.
    """
    best, found = 0.0, None
    for id, other in claims:
        near = wording_likeness(fold(text), fold(other)) + (1e-6 if id == claim else 0.0)
        if near > best:
            best, found = near, id
    return found if best >= SAME_WORDS else None


def settled(constraints: Sequence[Constraint], refs: Iterable[ClaimRef]) -> list[Constraint]:
    """The constraints among the claims given that hold, oldest first; the order of ``constraints`` is that of deciding.

    One that contradicts newer ones, by itself or with others that are newer, gives way.
    """
    known = set(refs)
    root = {ref: ref for ref in known}
    foes: dict[ClaimRef, set[ClaimRef]] = {ref: set() for ref in known}

    def find(ref: ClaimRef) -> ClaimRef:
        while root[ref] != ref:
            root[ref] = root[root[ref]]
            ref = root[ref]
        return ref

    kept: list[Constraint] = []
    for given in reversed(constraints):
        if given.a not in known or given.b not in known:
            continue
        a, b = find(given.a), find(given.b)
        if given.one:
            if b in foes[a]:
                continue
            if a != b:
                root[b] = a
                for foe in foes.pop(b):
                    foes[foe].discard(b)
                    foes[foe].add(a)
                    foes[a].add(foe)
        elif a == b:
            continue
        else:
            foes[a].add(b)
            foes[b].add(a)
        kept.append(given)
    return kept[::-1]
