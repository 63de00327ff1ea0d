"""From log-odds to probability, as all the log-linear models of reading have it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from operator import mul

_MOST = 30.0  # log-odds beyond which nothing is told apart, and beyond which exp may overflow


def probability(log_odds: float) -> float:
    """The probability of these log-odds."""
    clipped = -_MOST if log_odds < -_MOST else _MOST if log_odds > _MOST else log_odds
    return 1.0 / (1.0 + math.exp(-clipped))


def weigh(weights: Mapping[str, float], names: Sequence[str], known: Sequence[float]) -> float:
    """The probability that a log-linear model gives to features with these names and values."""
    return probability(log_odds([weights[name] for name in names], known))


def log_odds(row: Sequence[float], known: Sequence[float]) -> float:
    """The log-odds that a log-linear model gives to features with these values; ``row`` has its weights in their order."""
    if len(row) != len(known):
        raise ValueError(f"{len(known)} values for {len(row)} weights")
    return float(sum(map(mul, row, known)))


def total(weights: Mapping[str, float], active: Iterable[str]) -> float:
    """The log-odds of the features that are on; one without a weight adds nothing."""
    return sum(filter(None, map(weights.get, active)), 0.0)
