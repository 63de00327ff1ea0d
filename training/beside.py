"""Fits a small network that weighs what may be chosen beside each other (``tadmor.reading.beside``).

Each choice is a list of rows of features of which some are right. The loss is the likelihood of the right ones in their list,
and half of that of each by itself; dropout and decay keep so few cases from being learnt by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from tadmor.reading.beside import CLIP, Beside, Floats

UNITS, EPOCHS, LISTS, RATE, DECAY, DROPPED = 64, 25, 64, 2e-3, 1e-3, 0.3
ALONE = 0.5  # what the likelihood of each row by itself counts


class _Network(nn.Module):
    def __init__(self, features: int) -> None:
        super().__init__()
        self.first, self.own = nn.Linear(features, UNITS), nn.Linear(UNITS, UNITS)
        self.others, self.last = nn.Linear(UNITS, UNITS, bias=False), nn.Linear(UNITS, 1)
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, x: torch.Tensor, group: torch.Tensor, size: torch.Tensor) -> torch.Tensor:
        known = torch.relu(self.first(self.dropout(x)))
        mean = torch.zeros(len(size), UNITS).index_add(0, group, known) / size[:, None]
        weighed = torch.relu(self.own(self.dropout(known)) + self.others(mean)[group])
        return self.last(self.dropout(weighed))[:, 0]


def fit(lists: Sequence[Floats], right: Sequence[Floats], weights: Sequence[float]) -> Beside:
    """The network learnt from lists (N, F), which of their rows are right (N,), and what each list counts."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    rows = np.concatenate(lists)
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    brought = [np.clip((x - mean) / scale, -CLIP, CLIP) for x in lists]
    net = _Network(rows.shape[1])
    opt = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(lists) // LISTS)
    slower = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 1.0 / steps, steps)
    for _ in range(EPOCHS):
        order = rng.permutation(len(lists))
        for at in range(0, len(order), LISTS):
            batch = order[at : at + LISTS]
            size = torch.tensor([len(lists[i]) for i in batch])
            group = torch.repeat_interleave(torch.arange(len(batch)), size)
            y = torch.tensor(np.concatenate([right[i] for i in batch]), dtype=torch.float32)
            own = torch.tensor([weights[i] for i in batch], dtype=torch.float32)
            z = net(torch.tensor(np.concatenate([brought[i] for i in batch]), dtype=torch.float32), group, size)
            likely = likelihood(z, group, y)
            alone = nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")
            loss = -(likely * own).mean() + ALONE * (alone * own[group]).mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            slower.step()
    return Beside(mean, scale, *_arrays(net))


def write(network: Beside, path: Path) -> None:
    """The network's arrays to a file, in halves of a float."""
    np.savez(path, **{k: v.astype(np.float16) for k, v in asdict(network).items()})


def likelihood(scores: torch.Tensor, group: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The log-likelihood of the right rows of each list by a softmax over its scores; ``group`` is each row's list, from 0."""
    lists = int(group[-1]) + 1
    top = torch.full((lists,), -1e9).scatter_reduce(0, group, scores.detach(), "amax")
    parts = torch.exp(scores - top[group])
    of_right, of_all = (
        torch.zeros(lists).index_add(0, group, parts * kept) for kept in (right, torch.ones_like(right))
    )
    return torch.log(of_right + 1e-9) - torch.log(of_all + 1e-9)


def _arrays(net: _Network) -> list[Floats]:
    layers = (net.first.weight.T, net.first.bias, net.own.weight.T, net.own.bias, net.others.weight.T)
    return [a.detach().numpy() for a in (*layers, net.last.weight[0], net.last.bias[0])]
