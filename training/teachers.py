"""Networks too large to ship that read each clause anew, marked, in a wider context: what they say teaches the layers that look.

A teacher is what ``training.train --wide --without HALF`` made: it has not learnt from one half of ``gold-train``. Of reports of
that half it is asked alone, of all others what the teachers say is averaged; so nothing is taught of a report of ``gold-train``
by who has learnt it by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import Encoded, Look
from training.device import DEVICE, tensor
from training.export import opened
from training.network import WHOLE

LEAST = 1e-5  # probability that anything is given
UNSEEN = -8.0  # log-odds of what is not in a teacher's view
_ASKED = 32  # looks at a time
_PARTS = np.cumsum(list(WHOLE.values()))[:-1]  # certainty, validity, form side by side
Said = tuple[np.ndarray, np.ndarray]  # logits of roles (N, roles) for each piece of a look, and of the whole


class Teacher:
    """A trained network that can be asked of clauses."""

    def __init__(self, weights: Path) -> None:
        self.source, model = opened(weights)
        self.model: Any = model.to(DEVICE)

    def says(self, text: Encoded, looks: Sequence[tuple[Look, Look]], practice: int) -> list[Said]:
        """What it says of the pieces of each first look, reading those of the second."""
        out = []
        for at in range(0, len(looks), _ASKED):
            some = looks[at : at + _ASKED]
            longest = max(len(wide.pieces) for _, wide in some) + 2
            ids = np.full((len(some), longest), self.source.pad)
            mask, case, mark = np.zeros((3, len(some), longest), dtype=np.int64)
            for i, (_, wide) in enumerate(some):
                n = len(wide.pieces)
                ids[i, : n + 2] = self.source.first, *(text.ids[wide.pieces] + self.source.shift), self.source.last
                case[i, 1 : n + 1] = text.case[wide.pieces]
                mark[i, : n + 2], mask[i, : n + 2] = wide.marked(practice), 1
            with torch.no_grad(), torch.autocast(DEVICE, dtype=torch.bfloat16):
                _, logits = self.model(*(tensor(x) for x in (ids, mask, case, mark)))
            heads = {k: v.cpu().numpy() for k, v in self.model.split(logits.float()).items()}
            for i, (narrow, wide) in enumerate(some):
                roles = np.full((len(narrow.pieces), len(ROLES)), UNSEEN, dtype=np.float32)
                _, here, there = np.intersect1d(narrow.pieces, wide.pieces, return_indices=True)
                roles[here] = heads["roles"][i, 1 + there]
                out.append((roles, np.concatenate([heads[k][i, 0] for k in WHOLE])))
        return out


def averaged(said: Sequence[Said]) -> Said:
    """The logits of the mean of what several say is likely."""
    roles = _odds(np.mean([_likely(r) for r, _ in said], 0))
    certainty, valid, form = zip(*(np.split(w, _PARTS) for _, w in said), strict=True)
    shares = [np.log(np.mean([_shares(x) for x in part], 0) + LEAST) for part in (certainty, form)]
    return roles, np.concatenate([shares[0], _odds(np.mean([_likely(v) for v in valid], 0)), shares[1]])


def _likely(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def _odds(chance: np.ndarray) -> np.ndarray:
    p = np.clip(chance, LEAST, 1 - LEAST)
    return np.log(p / (1 - p))


def _shares(logits: np.ndarray) -> np.ndarray:
    parts = np.exp(logits - logits.max())
    return parts / parts.sum()
