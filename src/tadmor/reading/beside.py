"""Small networks that weigh what may be chosen beside each other, where boosted trees weigh each by itself.

Two layers: what is known of each one, then that beside the mean of all that may be chosen with it. They err otherwise than trees
do: of places the mean of both is right more often than either (``training/settle_places.py``), of dates the networks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
import numpy.typing as npt

from tadmor.reading.triggers import read_bytes

Floats = npt.NDArray[np.float32]
CLIP = 5.0  # standard deviations from the mean beyond which nothing is told apart


@dataclass(frozen=True, slots=True)
class Beside:
    """The arrays of K networks that differ by chance alone, for F features and H units; what they say is the mean.

    ``mean`` and ``scale`` are (F,): what brings features to one measure. ``first`` is (K, F, H), ``own`` and ``others`` are
    (K, H, H), ``last``, ``first_bias`` and ``own_bias`` are (K, H), ``last_bias`` is (K,).
    """

    mean: Floats
    scale: Floats
    first: Floats
    first_bias: Floats
    own: Floats
    own_bias: Floats
    others: Floats
    last: Floats
    last_bias: Floats

    def log_odds(self, rows: Sequence[Sequence[float]], sizes: Sequence[int]) -> Floats:
        """The log-odds of each row of features: (N,).

        ``sizes`` tells how many rows belong to each choice, at least one, in their order.
        """
        if not rows:
            return np.zeros(0, dtype=np.float32)
        x = np.clip((np.asarray(rows, dtype=np.float32) - self.mean) / self.scale, -CLIP, CLIP)
        return np.asarray(np.mean([self._log_odds(k, x, sizes) for k in range(len(self.first))], axis=0), np.float32)

    def _log_odds(self, k: int, x: Floats, sizes: Sequence[int]) -> Floats:
        """Those of one network."""
        known = np.maximum(_times(x, self.first[k]) + self.first_bias[k], 0.0)
        starts = np.cumsum([0, *sizes[:-1]])
        counted = np.asarray(sizes, dtype=np.float32)[:, None]
        mean = np.asarray(np.add.reduceat(known, starts) / counted, dtype=np.float32)
        weighed = _times(known, self.own[k]) + self.own_bias[k] + np.repeat(_times(mean, self.others[k]), sizes, axis=0)
        return np.asarray(
            np.einsum("nh,h->n", np.maximum(weighed, 0.0), self.last[k]) + self.last_bias[k], dtype=np.float32
        )


def _times(a: Floats, b: Floats) -> Floats:
    """The product of two matrices in this thread: for so small ones the threads of a BLAS cost more than they gain."""
    return np.asarray(np.einsum("nf,fh->nh", a, b), dtype=np.float32)


@cache
def stored(name: str) -> Beside:
    """The networks of a data file of reading. Raises MissingResource."""
    return parsed(read_bytes(name))


def parsed(content: bytes) -> Beside:
    """The networks of the content of such a file."""
    with np.load(BytesIO(content)) as arrays:
        return Beside(**{k: arrays[k].astype(np.float32) for k in arrays.files})
