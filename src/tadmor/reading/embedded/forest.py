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
    """Trees side by side, their nodes in one row: ``roots`` (trees) says where each begins, the other arrays are (nodes).

    A row goes to the left child of a node where its feature is at most the threshold. ``children`` (2 nodes) has the left
    child of node n at 2 n and the right one at 2 n + 1; a leaf is its own child. ``features`` names the columns.
    """

    features: tuple[str, ...]
    bias: float
    roots: Indices
    feature: Indices
    threshold: Floats
    children: Indices
    value: Floats
    depth: int

    def log_odds(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The log-odds of each row of ``features``: (N,)."""
        x = np.asarray(rows, dtype=np.float32).reshape(len(rows), len(self.features))
        at = np.broadcast_to(self.roots, (len(x), len(self.roots)))
        line = (np.arange(len(x), dtype=np.int32) * x.shape[1])[:, None]
        for _ in range(self.depth):
            higher = x.ravel().take(line + self.feature.take(at)) > self.threshold.take(at)
            at = self.children.take(2 * at + higher)
        return np.asarray(self.bias + self.value.take(at).sum(1), dtype=np.float32)


@cache
def stored(name: str) -> tuple[Forest, Mapping[str, float]]:
    """The trees of a data file, and the thresholds that stand beside them."""
    raw: dict[str, Any] = json.loads(read_data(name))
    return forest(raw["features"], raw["bias"], raw["trees"]), raw["thresholds"]


def forest(features: Sequence[str], bias: float, trees: Sequence[Sequence[Sequence[float]]]) -> Forest:
    """Trees from their nodes: [feature, threshold, left, right] for a branch, [value] for a leaf, the root first."""
    sizes = [len(nodes) for nodes in trees]
    roots = np.cumsum([0, *sizes[:-1]], dtype=np.int32)
    feature = np.zeros(sum(sizes), dtype=np.int32)
    threshold, value = np.zeros((2, sum(sizes)), dtype=np.float32)
    children = np.zeros(2 * sum(sizes), dtype=np.int32)
    for root, nodes in zip(roots.tolist(), trees, strict=True):
        for n, node in enumerate(nodes, root):
            if len(node) == 1:
                value[n], children[2 * n : 2 * n + 2] = node[0], n
            else:
                feature[n], threshold[n] = int(node[0]), node[1]
                children[2 * n : 2 * n + 2] = root + int(node[2]), root + int(node[3])
    depth = max(_depth(nodes, 0) for nodes in trees)
    return Forest(tuple(features), bias, roots, feature, threshold, children, value, depth)


def _depth(nodes: Sequence[Sequence[float]], i: int) -> int:
    node = nodes[i]
    return 0 if len(node) == 1 else 1 + max(_depth(nodes, int(node[2])), _depth(nodes, int(node[3])))
