"""How a text is cut for the network: overlapping windows, and how far a piece is from a clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
LONGEST = 256  # pieces in a window, its two marks included
STRIDE = 176
FIRST, LAST, HEAD, INSIDE = range(4)  # the two places around a look, the report's head, the clause itself
_SIDE = 8  # buckets before the clause, and as many after it: 1, 2, 3-4, 5-8 ... 65 pieces and more
NEAR = INSIDE + 1 + 2 * _SIDE


def spans(n: int) -> list[tuple[int, int]]:
    """The windows of a text of ``n`` pieces, as ranges of pieces."""
    step = LONGEST - 2
    out, start = [], 0
    while start < n:
        out.append((start, min(n, start + step)))
        if start + step >= n:
            break
        start += STRIDE
    return out


def own(windows: Sequence[tuple[int, int]], i: int) -> tuple[int, int]:
    """The part of window i for which it counts: up to the middle of its overlaps with its neighbours."""
    low, high = windows[i]
    if i > 0:
        low = (windows[i][0] + windows[i - 1][1]) // 2
    if i + 1 < len(windows):
        high = (windows[i + 1][0] + windows[i][1]) // 2
    return low, high


def near(pieces: Ints, head: int, first: int, last: int) -> Ints:
    """Buckets of the distances of pieces to the clause ``[first, last)``; the first ``head`` of them are of the report's head."""
    before, after = first - pieces, pieces - last + 1
    away = np.maximum(np.maximum(before, after), 1)
    bucket = np.minimum(np.ceil(np.log2(away)).astype(np.int64), _SIDE - 1)
    out = np.where(before > 0, INSIDE + 1 + bucket, np.where(after > 0, INSIDE + 1 + _SIDE + bucket, INSIDE))
    out[:head] = HEAD
    return out
