"""Coded reports that the network has not seen, as the reader comes upon them: candidates, looks, the claim of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from tadmor.evaluate.claims import overlap
from tadmor.evaluate.run import report_of
from tadmor.reading.document import analyse
from tadmor.reading.drafts import Draft, lines
from tadmor.reading.embedded import drafts as found_drafts
from tadmor.reading.embedded import voices
from tadmor.reading.embedded.links import Links
from tadmor.reading.embedded.reader import refine, say, views
from tadmor.reading.embedded.session import Encoded, Encoder, View
from tadmor.reading.scene import Scene
from tadmor.resolve.resolve import Resources
from training import examples

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A coded claim with a draft that stands for it, as the reader would have it."""

    scene: Scene
    draft: Draft
    view: View
    claim: Row


@dataclass(frozen=True)
class Weighed:
    """A coded report with its candidates and, for each, the index of the coded claim that it stands for."""

    scene: Scene
    encoded: Encoded
    found: list[tuple[Any, int | None]]


def fit(x: np.ndarray, y: np.ndarray, decay: float) -> np.ndarray:
    """Weights of a logistic regression whose first feature is the bias."""
    features, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    w = torch.zeros(features.shape[1], requires_grad=True)
    opt = torch.optim.LBFGS([w], max_iter=400, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(features @ w, labels)
        loss = loss + decay * (w[1:] ** 2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    return w.detach().numpy()


def gathered(rows: Sequence[Row], encoder: Encoder) -> tuple[list[Weighed], list[Case], int]:
    """The reports with their candidates; the cases; the number of coded claims."""
    recognisers = Resources.open().recognisers()
    links = Links(encoder.folder / "links.npz") if "links.npz" in encoder.manifest["sha256"] else None
    types = encoder.manifest["types"]
    groups, cases, total = [], [], 0
    for row in rows:
        report = report_of(row["report"])
        encoded = encoder.encode(report.text)
        document = analyse(report, recognisers, refine=refine(encoded), say=say(encoded, links))
        scene = Scene(document)
        gold = []
        for c in row["claims"]:
            spans = [s for q in [c["quote"], *c["also"]] if (s := examples.find(report.text, q))]
            gold.append((c["type"], spans))
        total += len(gold)
        places = frozenset(m.start for m in scene.places)
        found = found_drafts.candidates(encoded, lines(report, document.sentences), places, types)
        group: list[tuple[Any, int | None]] = []
        best: dict[int, tuple[float, Draft]] = {}
        for c in found:
            span = (c.draft.start, c.draft.end)
            fits = [
                (overlap([span], ss), i)
                for i, (t, ss) in enumerate(gold)
                if t == c.draft.type and ss and overlap([span], ss) >= 0.3
            ]
            match = max(fits)[1] if fits else None
            group.append((c, match))
            if match is not None:
                best[match] = max(best.get(match, (0.0, c.draft)), (max(fits)[0], c.draft), key=lambda x: x[0])
        groups.append(Weighed(scene, encoded, group))
        chosen = [(d, row["claims"][i]) for i, (_, d) in sorted(best.items())]
        seen = views(encoder, encoded, scene, [d for d, _ in chosen])
        voices.hear(scene, [(d, v) for (d, _), v in zip(chosen, seen, strict=True)])
        cases += [Case(scene, d, v, c) for (d, c), v in zip(chosen, seen, strict=True)]
    return groups, cases, total
