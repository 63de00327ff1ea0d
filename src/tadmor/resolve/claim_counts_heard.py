"""Whether a claim counts a number, where a reader heard something of it: the log-linear model's opinion and the reader's.

Each candidate of each claim of a report is weighed beside the claim's others, and beside what other claims make of the same
number; the reader's opinion is the best log-odds that any of the claim's clauses gives it (``Hint.numbers``). Boosted trees
(``data/claim_counts_trees.json``, fitted by ``training/settle_counts.py``) say how likely it is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tadmor.model import Claim
from tadmor.reading import forest
from tadmor.reading.odds import probability
from tadmor.resolve.claim_counts_features import Candidate

FILE = "claim_counts_trees.json"
COUNTED = (
    "killed", "injured", "casualties", "captured", "missing", "displaced", "fighters", "civilians", "strikes", "vehicles",
    "area_ha", "other",
)  # fmt: skip
FEATURES = (
    "odds",  # of the log-linear model, that the number is counted
    "share",  # of the likeliest thing counted, of all things
    "heard",  # the best log-odds that a clause of the claim gives to the number
    "unheard",
    "odds behind",  # the claim's likeliest number
    "heard behind",
    "candidates",
    "region",
    "one",  # no number: a single person or thing
    "ruled",
    "as ruled",
    "joined",
    "rivals",  # other claims that may count it
    "odds ahead",  # of these
    "heard ahead",
    "inside",
    "least",
    "open",
    *(f"unit:{unit}" for unit in ("person", "strike", "vehicle", "name", "thing", "none")),
    *(f"what:{what}" for what in COUNTED),
)
_UNHEARD = -9.0


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with what the log-linear model makes of it: the likeliest thing counted, log-odds, that thing's share."""

    candidate: Candidate
    what: str
    odds: float
    share: float


def chances(claims: Sequence[Claim], judged: Sequence[Sequence[Judged]]) -> list[list[float]]:
    """For each claim how likely it counts each of its candidates."""
    trees, _ = stored()
    told = rows(claims, judged)
    flat = [row for own in told for row in own]
    if not flat:
        return [[] for _ in told]
    found = iter(trees.log_odds(flat).tolist())
    return [[probability(next(found)) for _ in own] for own in told]


@cache
def stored() -> tuple[forest.Forest, float]:
    """The trees, and the chance from which on a number is counted."""
    trees, thresholds = forest.parsed(files("tadmor.resolve").joinpath("data", FILE).read_text(encoding="utf-8"))
    return trees, thresholds["least"]


def rows(claims: Sequence[Claim], judged: Sequence[Sequence[Judged]]) -> list[list[list[float]]]:
    """For each claim a row of FEATURES for each of its candidates."""
    heard = [_heard(c, own) for c, own in zip(claims, judged, strict=True)]
    of_number: dict[int, list[tuple[int, float, float]]] = {}
    for i, (own, said) in enumerate(zip(judged, heard, strict=True)):
        for j, x in zip(own, said, strict=True):
            of_number.setdefault(j.candidate.phrase.start, []).append((i, j.odds, x))
    out = []
    for i, (own, said) in enumerate(zip(judged, heard, strict=True)):
        odds, most = max((j.odds for j in own), default=0.0), max(said, default=_UNHEARD)
        lines = []
        for j, x in zip(own, said, strict=True):
            rivals = [(o, h) for k, o, h in of_number[j.candidate.phrase.start] if k != i]
            known = _known(j, x) | {
                "odds behind": j.odds - odds,
                "heard behind": x - most,
                "candidates": float(len(own)),
                "rivals": float(len(rivals)),
                "odds ahead": j.odds - max((o for o, _ in rivals), default=_UNHEARD),
                "heard ahead": x - max((h for _, h in rivals), default=_UNHEARD),
            }
            lines.append([known.get(name, 0.0) for name in FEATURES])
        out.append(lines)
    return out


def _heard(claim: Claim, judged: Sequence[Judged]) -> list[float]:
    """The best log-odds that the claim's clauses give to each candidate's number."""
    best: dict[int, float] = {}
    for hint in claim.hints:
        for start, odds in hint.numbers:
            best[start] = max(best.get(start, _UNHEARD), odds)
    numbers = (j.candidate.phrase.mention for j in judged)
    return [best.get(m.start, _UNHEARD) if m is not None else _UNHEARD for m in numbers]


def _known(j: Judged, heard: float) -> dict[str, float]:
    c = j.candidate
    return {
        "odds": j.odds,
        "share": j.share,
        "heard": heard,
        "unheard": float(heard == _UNHEARD),
        "region": float(c.region),
        "one": float(c.phrase.mention is None),
        "ruled": float(c.rule is not None),
        "as ruled": float(c.rule == j.what),
        "joined": float(c.joined),
        "inside": float(any(s.startswith("where:in") for s in c.signs)),
        "least": c.phrase.low or 0.0,
        "open": float(c.phrase.high is None),
        f"unit:{c.unit}": 1.0,
        f"what:{j.what}": 1.0,
    }
