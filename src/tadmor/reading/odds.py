"""From log-odds to probability, as all the log-linear models of reading have it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_MOST = 30.0  # log-odds beyond which nothing is told apart, and beyond which exp may overflow


def probability(log_odds: float) -> float:
    """The probability of these log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, log_odds))))


def weigh(weights: Mapping[str, float], names: Sequence[str], known: Sequence[float]) -> float:
    """The probability that a log-linear model gives to features with these names and values."""
    return probability(log_odds(weights, names, known))


def log_odds(weights: Mapping[str, float], names: Sequence[str], known: Sequence[float]) -> float:
    """The log-odds that a log-linear model gives to features with these names and values."""
    return sum(weights[name] * value for name, value in zip(names, known, strict=True))
