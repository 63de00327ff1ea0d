"""How many: the ``counts`` of claims, from the numbers that stand in and near the clauses that state them.

For every number, and every single person or thing named without one ("killed a policeman"), a log-linear model says
what the claim counts by it, or that it counts nothing of this claim: distances, ages, the tolls of other claims. Its
weights, in ``data/claim_counts.json``, are derived from coded reports by ``training/derive_counts.py``; what the rules of
``claim_counts_rules`` say is one of its signs. Counts that the reader linked keep their ``what`` and ``of`` and get the
range of their mention.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from tadmor.model import Claim, Count, Mention, Reading
from tadmor.resolve.claim_counts_features import Candidate, Numbers

NONE = "none"
LEAST = 0.47  # the probability from which on a number is counted
_TELLING = 5  # from this number on, the same number twice is the same number
Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A count, the number that it was read from, and how likely it is that the claim counts it."""

    count: Count
    candidate: Candidate
    chance: float


def count_claims(reading: Reading) -> tuple[Claim, ...]:
    """The claims of ``reading`` with ``counts`` filled; quantity mentions must carry their ranges already."""
    by_id = {m.id: m for m in reading.mentions if m.type == "quantity"}
    numbers = Numbers(reading)
    found = {c.id: _counted(numbers.of(c), weights(), LEAST) for c in reading.claims if not c.counts}
    best: dict[int, float] = {}  # of two claims that would count one number the likelier does (codebook, rule 14)
    for counted in found.values():
        for one in counted:
            at = one.candidate.phrase.start
            best[at] = max(best.get(at, 0.0), one.chance)
    return tuple(
        replace(c, counts=tuple(_ranged(n, by_id) for n in c.counts))
        if c.counts
        else replace(c, counts=tuple(n.count for n in found[c.id] if n.chance >= best[n.candidate.phrase.start]))
        for c in reading.claims
    )


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights by sign and what is counted."""
    return json.loads(files("tadmor.resolve").joinpath("data/claim_counts.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def counts(candidates: Sequence[Candidate], table: Table, least: float = LEAST) -> tuple[Count, ...]:
    """What one claim counts, by itself."""
    return tuple(n.count for n in _counted(candidates, table, least))


def _counted(candidates: Sequence[Candidate], table: Table, least: float) -> list[_Counted]:
    """What is counted, each once: a number that another clause of the claim says again is not counted twice."""
    out: list[_Counted] = []
    said = NONE
    last = -1
    for candidate in candidates:
        said = NONE if candidate.region != last else said
        last = candidate.region
        chances = probabilities((*candidate.signs, *chained(candidate, said)), table)
        what = max((w for w in chances if w != NONE), key=chances.__getitem__)
        said = what if 1 - chances[NONE] >= least else NONE
        if said == NONE:
            continue
        phrase = candidate.phrase
        approx = phrase.mention.approx if phrase.mention else False
        count = Count(what, phrase.low, phrase.high, phrase.of, approx, phrase.mention.id if phrase.mention else None)
        if not _repeated(candidate, count, out):
            out.append(_Counted(count, candidate, 1 - chances[NONE]))
    return out


def chained(candidate: Candidate, said: str) -> tuple[str, ...]:
    """The signs that depend on what was decided for the number before."""
    return (
        f"before:{said}:{candidate.joined}",
        f"before-rule:{said}:{candidate.joined}:{candidate.rule}",
        f"before-unit:{said}:{candidate.unit}",
    )


def probabilities(signs: Iterable[str], table: Table) -> dict[str, float]:
    """The probability of each thing that may be counted, and of none."""
    sums = dict.fromkeys(table["bias"], 0.0)
    for sign in signs:
        if row := table.get(sign):
            for what, weight in row.items():
                sums[what] += weight
    top = max(sums.values())
    powers = {what: math.exp(v - top) for what, v in sums.items()}
    total = sum(powers.values())
    return {what: v / total for what, v in powers.items()}


def _repeated(candidate: Candidate, count: Count, others: Sequence[_Counted]) -> bool:
    """Whether a clause before this one, or the same sentence outside the clause, said the same number of the same."""
    amounts = {n for n in (count.min, count.max) if n is not None}
    for other in others:
        said = other.count
        if said.what != count.what or not amounts & {said.min, said.max}:
            continue
        if other.candidate.region != candidate.region or (max(amounts) >= _TELLING and count.mention and said.mention):
            return True
    return False


def _ranged(count: Count, by_id: Mapping[str, Mention]) -> Count:
    mention = by_id.get(count.mention or "")
    if mention is None or (count.min is not None or count.max is not None):
        return count
    return replace(count, min=mention.min, max=mention.max, approx=mention.approx)


__all__ = ["count_claims"]
