"""Boosted trees at run time, in numpy: small models whose parts act together (``training/settle_places.py``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from tadmor.reading.triggers import read_data

Floats = npt.NDArray[np.float32]
Bits = npt.NDArray[np.unsignedinteger[Any]]
_NOTHING = float("inf")  # threshold of a branch that rules no leaf out


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees side by side, as the leaves that each of their branches rules out (the way of QuickScorer: Lucchese et al., 2015).

    A row goes to the left child of a branch where its feature is at most the threshold; where it is higher, the leaves below
    the left child are out. A row ends in the first leaf of a tree, from the left, that none of its branches rules out.
    Many branches ask the same: ``feature`` and ``threshold`` (questions,) have each question once. ``asked`` and ``left`` are
    (branches, trees), the n-th branch of every tree in a row: the index of its question, and a bit for each leaf that stays.
    Trees with fewer branches than others have some that rule nothing out. ``value`` is (trees, leaves), ``features`` names the
    columns.
    """

    features: tuple[str, ...]
    bias: float
    feature: npt.NDArray[np.intp]
    threshold: Floats
    asked: npt.NDArray[np.intp]
    left: Bits
    value: Floats

    def log_odds(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The log-odds of each row of ``features``: (N,)."""
        x = np.fromiter(chain.from_iterable(rows), np.float32).reshape(len(rows), len(self.features))
        every = ~np.zeros((), self.left.dtype)
        stays = (np.ascontiguousarray(x.T)[self.feature] <= self.threshold[:, None]).astype(every.dtype) * every
        leaves = np.full((len(self.value), len(x)), every)
        branch = np.empty_like(leaves)
        for asked, left in zip(self.asked, self.left, strict=True):
            np.take(stays, asked, axis=0, out=branch, mode="clip")  # not "raise", which would copy
            branch |= left[:, None]
            leaves &= branch
        first = np.bitwise_count(~leaves & (leaves - 1))  # zeros behind the last bit
        begin = np.arange(self.value.size, step=self.value.shape[1])
        found = self.value.ravel().take(first + begin[:, None])
        return np.asarray(self.bias + np.ascontiguousarray(found.T).sum(1), dtype=np.float32)


@cache
def stored(name: str) -> tuple[Forest, Mapping[str, float]]:
    """The trees of a data file of reading, and the thresholds that stand beside them."""
    return parsed(read_data(name))


def parsed(text: str) -> tuple[Forest, Mapping[str, float]]:
    """The trees of the text of such a file, and the thresholds."""
    raw: dict[str, Any] = json.loads(text)
    return forest(raw["features"], raw["bias"], raw["trees"]), raw["thresholds"]


def forest(features: Sequence[str], bias: float, trees: Sequence[Sequence[Sequence[float]]]) -> Forest:
    """Trees from their nodes: [feature, threshold, left, right] for a branch, [value] for a leaf, the root first.

    None may have more than 64 leaves.
    """
    found = [_ruled(nodes) for nodes in trees]
    branches, leaves = max(len(b) for b, _ in found), max(len(values) for _, values in found)
    every = (1 << leaves) - 1
    questions: dict[tuple[int, float], int] = {(0, _NOTHING): 0}
    asked = np.zeros((branches, len(trees)), dtype=np.intp)
    left = np.full((branches, len(trees)), every, dtype=np.min_scalar_type(every))
    value = np.zeros((len(trees), leaves), dtype=np.float32)
    for k, (ruled, values) in enumerate(found):
        value[k, : len(values)] = values
        for n, (column, most, out) in enumerate(ruled):
            asked[n, k], left[n, k] = questions.setdefault((column, most), len(questions)), every & ~out
    feature = np.array([f for f, _ in questions], dtype=np.intp)
    threshold = np.array([t for _, t in questions], dtype=np.float32)
    return Forest(tuple(features), bias, feature, threshold, asked, left, value)


def _ruled(nodes: Sequence[Sequence[float]]) -> tuple[list[tuple[int, float, int]], list[float]]:
    """Feature and threshold of each branch of a tree with the leaves that it rules out, as bits, and the values of the leaves."""
    ruled: list[tuple[int, float, int]] = []
    values: list[float] = []

    def below(i: int) -> int:
        """The leaves below a node, which are numbered as they are met."""
        node = nodes[i]
        if len(node) == 1:
            values.append(node[0])
            return 1 << (len(values) - 1)
        out = below(int(node[2]))
        ruled.append((int(node[0]), node[1], out))
        return out | below(int(node[3]))

    below(0)
    return ruled, values
