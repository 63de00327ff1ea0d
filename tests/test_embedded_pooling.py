"""Means over spans, many at once, are those of each span by itself, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from tadmor.reading.embedded.pooling import pooled


@pytest.mark.parametrize("longest", [1, 3, 7, 8, 40])
def test_many_spans_at_once_give_what_each_gives_alone(longest: int) -> None:
    chance = np.random.default_rng(longest)
    logits = (chance.normal(size=(160, 30)) * 8).astype(np.float32)[
        :, 11:18
    ]  # a part of a wider table, as views have it
    starts = chance.integers(0, 160, 80)
    spans = [(int(a), min(160, int(a + n))) for a, n in zip(starts, chance.integers(0, longest + 1, 80), strict=True)]
    mean, most = pooled(logits, spans)
    for i, (low, high) in enumerate(spans):
        for column in range(7):
            alone = logits[low:high, column]
            assert mean[i, column] == (alone.mean() if low < high else 0.0)
            assert most[i, column] == (alone.max() if low < high else 0.0)


def test_no_spans_give_no_rows() -> None:
    mean, most = pooled(np.zeros((5, 7), dtype=np.float32), [])
    assert mean.shape == most.shape == (0, 7)
