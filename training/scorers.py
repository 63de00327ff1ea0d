"""The slot scorers as torch modules, and coded claims as the drafts that they are trained on."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded import features
from tadmor.reading.embedded.session import Encoded
from training import examples

ROLES = ("actor", "target", "place")
CERTAINTY = ("asserted", "hedged", "denied", "expected")


class Scorer(nn.Module):
    """Scores from a clause vector, a candidate vector and a bag of hashed features."""

    def __init__(self, clause: int, other: int, out: int, hidden: int = 160, dropout: float = 0.3) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(features.BUCKETS, out, mode="sum")
        nn.init.zeros_(self.bag.weight)
        self.clause = nn.Linear(clause, hidden)
        self.other = nn.Linear(other, hidden) if other else None
        self.mix = nn.Linear(hidden * (3 if other else 1), 96)
        self.last = nn.Linear(96, out)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, clause: torch.Tensor, other: torch.Tensor, bag: torch.Tensor, offsets: torch.Tensor
    ) -> torch.Tensor:
        c = torch.tanh(self.clause(self.dropout(clause)))
        if self.other is not None:
            o = torch.tanh(self.other(self.dropout(other)))
            c = torch.cat([c, o, c * o], -1)
        return self.last(self.dropout(torch.relu(self.mix(c)))) + self.bag(bag, offsets)


def gold_drafts(row: dict, document, encoded: Encoded) -> list[tuple[Draft, dict]]:
    """Each coded claim as a draft of the sentence in which its quote begins."""
    trigger = encoded.logits["trigger"]
    strength = trigger[:, 1:].max(1) - trigger[:, 0]
    by_line = lines(document.report, document.sentences)
    out = []
    for claim in row["claims"]:
        span = examples.find(document.report.text, claim["quote"])
        line = next((x for x in by_line if span and x.sentence.start <= span[0] < x.sentence.end), None)
        if line is None or span is None:
            continue
        inside = [i for i, w in enumerate(line.words) if w.start < span[1] and span[0] < w.end]
        if not inside:
            continue
        low, high = inside[0], inside[-1] + 1

        def score(i: int, line=line) -> float:
            a, b = encoded.pieces(line.words[i].start, line.words[i].end)
            return float(strength[a:b].max()) if b > a else -99.0

        head = max(range(low, high), key=score)
        out.append((Draft(claim["type"], line, low, high, head, head, line.words[head].stem, 1.0), claim))
    return out


def bags(rows: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    offsets = np.cumsum([0, *(len(r) for r in rows[:-1])])
    return torch.from_numpy(np.concatenate(rows)), torch.from_numpy(offsets)


def best_threshold(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The threshold with the best F1, and that F1."""
    known = ~np.isnan(labels)
    p, y = 1 / (1 + np.exp(-scores[known])), labels[known]
    best = max(
        ((2 * (y[p >= t]).sum() / max(1, (p >= t).sum() + y.sum()), t) for t in np.arange(0.15, 0.85, 0.025)),
        default=(0.0, 0.5),
    )
    return float(best[1]), float(best[0])
