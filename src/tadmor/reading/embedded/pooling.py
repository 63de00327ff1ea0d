"""What the network says of spans, from what it says of their pieces: many spans at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tadmor.reading.embedded.session import Floats

_UNROLLED = 8  # from this length on ``numpy`` adds in another order, which the last bit of a sum shows


def pooled(logits: Floats, spans: Sequence[tuple[int, int]]) -> tuple[Floats, Floats]:
    """Mean and greatest of the rows ``low`` to ``high`` (exclusive) of ``logits`` (P, K) for each span, (N, K) both.

    They are those of ``logits[low:high].mean(0)`` and ``.max(0)`` to the last bit; zeros for an empty span.
    """
    mean = np.zeros((len(spans), logits.shape[1]), dtype=np.float32)
    most = mean.copy()
    lows, highs = np.asarray(spans, dtype=np.int64).reshape(-1, 2).T
    sizes = highs - lows
    short = np.flatnonzero((sizes > 0) & (sizes < _UNROLLED))
    short = short[np.argsort(-sizes[short], kind="stable")]  # the longest first: they go on while others have ended
    begins, lengths = lows[short], sizes[short].tolist()
    sums, tops = logits[begins], logits[begins]
    going = len(lengths)
    for step in range(1, max(lengths, default=0)):
        while lengths[going - 1] <= step:
            going -= 1
        pieces = logits[begins[:going] + step]
        sums[:going] += pieces
        np.maximum(tops[:going], pieces, out=tops[:going])
    mean[short], most[short] = sums / sizes[short, None].astype(np.float32), tops
    for i in np.flatnonzero(sizes >= _UNROLLED):
        part = np.asfortranarray(logits[lows[i] : highs[i]])  # a column is added by itself, as it would be alone
        mean[i], most[i] = part.mean(0), part.max(0)
    return mean, most
