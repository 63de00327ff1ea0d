"""Merging: an event told again in headline, lead and body is one claim.

Whether two clauses of one type tell the same thing is judged by a log-linear model of what they share (words, names,
numbers) and how far apart they stand; its weights are in ``data/merging.json``, derived from coded reports by
``training/derive_triggers.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache

from tadmor.reading.drafts import Draft
from tadmor.reading.odds import probability, total
from tadmor.reading.triggers import read_data

Apart = Callable[[Draft, Draft], bool]
Same = Callable[[Draft, Draft], float]
_TELLING = 4  # telling words that two clauses share in full only when they say one thing
THRESHOLD = 0.5  # above which two clauses are one claim; F1 of claims is best here
DOUBT = 0.15  # above which a clause that is hardly a claim of its own may be laid to an earlier one
WINDOW = 40  # earlier claims of the type that a clause is compared with: keeps long texts linear


@cache
def weights() -> dict[str, float]:
    """Weights of the pair features."""
    return json.loads(read_data("merging.json"))  # type: ignore[no-any-return]


def pair_features(a: Draft, b: Draft) -> list[str]:
    """What two clauses of one type have in common; ``a`` comes first in the text."""
    common = len(a.stems & b.stems)
    smaller = min(len(a.stems), len(b.stems)) or 1
    union = len(a.stems | b.stems) or 1
    names, all_names = len(a.names & b.names), min(len(a.names), len(b.names))
    numbers = "none" if not a.numbers or not b.numbers else "same" if a.numbers & b.numbers else "other"
    apart = b.line.index - a.line.index
    distance = "0" if apart == 0 else "1" if apart == 1 else "2" if apart <= 3 else "3" if apart <= 8 else "4"
    where = f"{a.line.place}-{b.line.place}"
    return [
        "bias",
        f"type:{a.type}",
        f"inside:{min(9, int(10 * common / smaller))}",
        f"jaccard:{min(9, int(10 * common / union))}",
        f"names:{'none' if not all_names else int(3 * names / all_names)}",
        f"numbers:{numbers}",
        f"distance:{distance}",
        f"where:{where}",
        f"trigger:{a.key == b.key}",
        f"trigger-distance:{a.key == b.key}-{distance}",
        f"type-inside:{a.type}-{int(3 * common / smaller)}",
    ]


def pair_odds(a: Draft, b: Draft) -> float:
    """Log-odds, by the weights alone, that two clauses of one type state one claim."""
    return total(weights(), pair_features(a, b))


def identical(a: Draft, b: Draft) -> bool:
    """Whether two clauses of one type have the same telling words, enough of them to say one thing."""
    return len(a.stems) >= _TELLING and a.stems == b.stems


def same(a: Draft, b: Draft) -> float:
    """Probability that two clauses of one type state one claim."""
    if identical(a, b):
        return 1.0
    # two sentences of the running text that name nothing in common tell of two events, however alike their words
    if a.line.place != "headline" and a.line.index != b.line.index and a.names and b.names and not a.names & b.names:
        return 0.0
    return probability(pair_odds(a, b))


def merge(
    found: Sequence[Draft], alike: Same = same, apart: Apart = lambda a, b: False, *, own: float = 0.0
) -> list[list[Draft]]:
    """Groups of clauses that state one claim each, groups and members in text order.

    ``alike`` gives the probability that two clauses of one type state one claim, ``apart`` says of two that they cannot,
    however alike they are. A clause that may tell again what an earlier one says (``DOUBT``) joins it, too, where the probability
    that it is a claim and a new one is below ``own``: as a claim of its own it would be wrong more often than right.
    """
    groups: list[list[Draft]] = []
    by_type: dict[str, list[list[Draft]]] = {}
    for draft in found:
        near = by_type.setdefault(draft.type, [])
        best, best_p = None, min(THRESHOLD, DOUBT) if own else THRESHOLD
        for group in near[-WINDOW:]:
            p = max(alike(member, draft) for member in group[-3:])
            if p > best_p and not any(apart(member, draft) for member in group[-WINDOW:]):
                best, best_p = group, p
        if best is None or (best_p <= THRESHOLD and draft.score * (1 - best_p) >= own):
            best = []
            near.append(best)
            groups.append(best)
        best.append(draft)
    return groups
