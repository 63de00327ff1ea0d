"""How many: the ``counts`` of claims, from the numbers that stand in and near the clauses that state them.

For every number, and every single person or thing named without one ("killed a policeman"), a log-linear model says
what the claim counts by it, or that it counts nothing of this claim: distances, ages, the tolls of other claims. Its
weights, in ``data/claim_counts.json``, are derived from coded reports by ``training/derive_counts.py``; what the rules of
``claim_counts_rules`` say is one of its signs. Where the reader heard something of the numbers, both opinions are weighed
(``claim_counts_heard``). Counts that the reader linked keep their ``what`` and ``of`` and get the range of their mention.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from tadmor.model import Claim, Count, Mention, Reading
from tadmor.reading.odds import probability
from tadmor.resolve import claim_counts_heard as heard
from tadmor.resolve.claim_counts_features import Candidate, Numbers
from tadmor.resolve.claim_counts_heard import Judged

NONE = "none"
LEAST = 0.47  # the probability from which on a number is counted
_SURE = 1e-6  # probability that nothing falls below
_TELLING = 5  # from this number on, the same number twice is the same number
Table = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A count, the number that it was read from, and how likely it is that the claim counts it."""

    count: Count
    candidate: Candidate
    chance: float


def count_claims(reading: Reading) -> tuple[Claim, ...]:
    """The claims of ``reading`` with ``counts`` filled; quantity mentions must carry their ranges already.

    What the reader hinted at is used up.
    """
    by_id = {m.id: m for m in reading.mentions if m.type == "quantity"}
    numbers = Numbers(reading)
    uncounted = [c for c in reading.claims if not c.counts]
    judged = [judge(numbers.of(c), weights()) for c in uncounted]
    if any(c.hints for c in uncounted):
        told, least = heard.chances(uncounted, judged), heard.stored()[1]
    else:
        told, least = [[probability(j.odds) for j in own] for own in judged], LEAST
    found = dict(zip((c.id for c in uncounted), counted(judged, told, least), strict=True))
    return tuple(
        replace(c, counts=tuple(_ranged(n, by_id) for n in c.counts) if c.counts else found[c.id], hints=())
        for c in reading.claims
    )


def counted(
    judged: Sequence[Sequence[Judged]], chances: Sequence[Sequence[float]], least: float
) -> list[tuple[Count, ...]]:
    """What each claim of a report counts, by the chances of its candidates."""
    found = [_kept(own, told, least) for own, told in zip(judged, chances, strict=True)]
    best: dict[int, float] = {}  # of two claims that would count one number the likelier does (codebook, rule 14)
    for kept in found:
        for one in kept:
            at = one.candidate.phrase.start
            best[at] = max(best.get(at, 0.0), one.chance)
    return [tuple(n.count for n in kept if n.chance >= best[n.candidate.phrase.start]) for kept in found]


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weights by sign and what is counted."""
    return json.loads(files("tadmor.resolve").joinpath("data/claim_counts.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def counts(candidates: Sequence[Candidate], table: Table, least: float = LEAST) -> tuple[Count, ...]:
    """What one claim counts, by itself and by the log-linear model alone."""
    judged = judge(candidates, table, least)
    return tuple(n.count for n in _kept(judged, [probability(j.odds) for j in judged], least))


def judge(candidates: Sequence[Candidate], table: Table, least: float = LEAST) -> list[Judged]:
    """What the log-linear model makes of each candidate, one after the other."""
    out: list[Judged] = []
    said = NONE
    last = -1
    for candidate in candidates:
        said = NONE if candidate.region != last else said
        last = candidate.region
        chances = probabilities((*candidate.signs, *chained(candidate, said)), table)
        what = max((w for w in chances if w != NONE), key=chances.__getitem__)
        counted = 1 - chances[NONE]
        said = what if counted >= least else NONE
        odds = math.log(max(counted, _SURE) / max(chances[NONE], _SURE))
        out.append(Judged(candidate, what, odds, chances[what] / max(counted, _SURE)))
    return out


def _kept(judged: Sequence[Judged], chances: Sequence[float], least: float) -> list[_Counted]:
    """What is counted, each once: a number that another clause of the claim says again is not counted twice."""
    out: list[_Counted] = []
    for j, chance in zip(judged, chances, strict=True):
        if chance < least:
            continue
        phrase = j.candidate.phrase
        approx = phrase.mention.approx if phrase.mention else False
        count = Count(j.what, phrase.low, phrase.high, phrase.of, approx, phrase.mention.id if phrase.mention else None)
        if not _repeated(j.candidate, count, out):
            out.append(_Counted(count, j.candidate, chance))
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
