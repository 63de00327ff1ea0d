"""Boosted trees at run time, in numpy: small models whose parts act together (``training/settle_places.py``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tadmor.reading.embedded.session import Floats
from tadmor.reading.triggers import read_data

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees side by side, each array (trees, nodes): a leaf points at itself.

    A row goes left at a node where its feature is at most the threshold. ``features`` names the columns.
    """

    features: tuple[str, ...]
    bias: float
    feature: Indices
    threshold: Floats
    left: Indices
    right: Indices
    value: Floats
    depth: int

    def log_odds(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The log-odds of each row of ``features``: (N,)."""
        x = np.asarray(rows, dtype=np.float32).reshape(len(rows), len(self.features))
        size = self.value.shape[1]
        roots = np.arange(len(self.feature), dtype=np.int32) * size
        feature, threshold = self.feature.ravel(), self.threshold.ravel()
        children = np.stack([self.left, self.right], axis=2) + roots[:, None, None]
        children = children.astype(np.int32).ravel()
        at = np.broadcast_to(roots, (len(x), len(roots)))
        line = (np.arange(len(x), dtype=np.int32) * x.shape[1])[:, None]
        for _ in range(self.depth):  # node 2 n is a node's left child, 2 n + 1 its right one
            higher = x.ravel().take(line + feature.take(at)) > threshold.take(at)
            at = children.take(2 * at + higher)
        return np.asarray(self.bias + self.value.ravel().take(at).sum(1), dtype=np.float32)


@cache
def stored(name: str) -> tuple[Forest, Mapping[str, float]]:
    """The trees of a data file, and the thresholds that stand beside them."""
    raw: dict[str, Any] = json.loads(read_data(name))
    return forest(raw["features"], raw["bias"], raw["trees"]), raw["thresholds"]


def forest(features: Sequence[str], bias: float, trees: Sequence[Sequence[Sequence[float]]]) -> Forest:
    """Trees from their nodes: [feature, threshold, left, right] for a branch, [value] for a leaf, the root first."""
    size = max(len(t) for t in trees)
    feature, left, right = np.zeros((3, len(trees), size), dtype=np.int32)
    threshold, value = np.zeros((2, len(trees), size), dtype=np.float32)
    for t, nodes in enumerate(trees):
        for i, node in enumerate(nodes):
            if len(node) == 1:
                value[t, i], left[t, i], right[t, i] = node[0], i, i
            else:
                feature[t, i], left[t, i], right[t, i] = int(node[0]), int(node[2]), int(node[3])
                threshold[t, i] = node[1]
    depth = max(_depth(nodes, 0) for nodes in trees)
    return Forest(tuple(features), bias, feature, threshold, left, right, value, depth)


def _depth(nodes: Sequence[Sequence[float]], i: int) -> int:
    node = nodes[i]
    return 0 if len(node) == 1 else 1 + max(_depth(nodes, int(node[2])), _depth(nodes, int(node[3])))
