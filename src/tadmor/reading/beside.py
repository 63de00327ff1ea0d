"""A small network that weighs what may be chosen beside each other, where boosted trees weigh each by itself.

Two layers: what is known of each one, then that beside the mean of all that may be chosen with it. It errs otherwise than trees
do: of places the mean of both is right more often than either (``training/settle_places.py``), of dates the network alone.
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
    """The network's arrays, for F features and H units.

    ``mean`` and ``scale`` are (F,): what brings features to one measure. ``first`` is (F, H), ``own`` and ``others`` are (H, H),
    ``last`` (H,); ``first_bias`` and ``own_bias`` are (H,), ``last_bias`` a number.
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
        known = np.maximum(_times(x, self.first) + self.first_bias, 0.0)
        starts = np.cumsum([0, *sizes[:-1]])
        counted = np.asarray(sizes, dtype=np.float32)[:, None]
        mean = np.asarray(np.add.reduceat(known, starts) / counted, dtype=np.float32)
        weighed = _times(known, self.own) + self.own_bias + np.repeat(_times(mean, self.others), sizes, axis=0)
        return np.asarray(np.einsum("nh,h->n", np.maximum(weighed, 0.0), self.last) + self.last_bias, dtype=np.float32)


def _times(a: Floats, b: Floats) -> Floats:
    """The product of two matrices in this thread: for so small ones the threads of a BLAS cost more than they gain."""
    return np.asarray(np.einsum("nf,fh->nh", a, b), dtype=np.float32)


@cache
def stored(name: str) -> Beside:
    """The network of a data file of reading. Raises MissingResource."""
    return parsed(read_bytes(name))


def parsed(content: bytes) -> Beside:
    """The network of the content of such a file."""
    with np.load(BytesIO(content)) as arrays:
        return Beside(**{k: arrays[k].astype(np.float32) for k in arrays.files})
