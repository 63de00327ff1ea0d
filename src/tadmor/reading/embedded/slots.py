"""The slots of a claim by small trained scorers: who, whom, where; how certain.

Each scorer is two linear layers over the hidden states of the clause and of the candidate, with a bag of hashed features
beside them; trained by ``training/train_joint.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from tadmor.errors import MissingResource
from tadmor.model import Certainty
from tadmor.reading import arguments
from tadmor.reading.arguments import Arguments
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded import features
from tadmor.reading.embedded.session import Floats, View
from tadmor.reading.scene import Scene
from tadmor.taxonomy import CERTAINTIES, UTTERANCES

_NETWORK = 0.4  # the network's part of the log-odds of a role; the lexicon has the rest


class Slots:
    """The scorers, loaded once. Raises MissingResource."""

    def __init__(self, path: Path) -> None:
        try:
            with np.load(path) as data:
                self._arrays = {k: data[k].astype(np.float32) for k in data.files}
        except (OSError, ValueError) as error:
            raise MissingResource(f"{path} cannot be loaded ({error}): reinstall tadmor") from error

    def link(self, scene: Scene, view: View, draft: Draft) -> Arguments:
        """The mentions of each role, by the log-odds of the lexicon's weights and of the network's scorer together."""
        found = arguments.candidates(scene, draft)
        if not found:
            return Arguments((), (), (), ())
        clause = features.clause(view, draft)
        others = np.stack([features.mention(view, m) for m, _ in found])
        bags = [features.role(draft, names) for _, names in found]
        scores = self._score("roles", clause, others, bags)
        return arguments.choose(
            scene, draft, found, {m.id: row for (m, _), row in zip(found, scores.tolist(), strict=True)}, _NETWORK
        )

    def certainty(self, view: View, draft: Draft) -> Certainty:
        """The likeliest class; an utterance is asserted whatever it utters."""
        if draft.type in UTTERANCES:
            return "asserted"
        clause = features.clause(view, draft)
        scores = self._score("certainty", clause, None, [features.certainty(draft)])[0]
        return cast(Certainty, CERTAINTIES[int(np.argmax(scores))])

    def _score(self, name: str, clause: Floats, others: Floats | None, bags: list[list[str]]) -> Floats:
        """Scores (candidates, outputs) of one scorer for one clause."""
        w = self._arrays
        c = np.tanh(clause @ w[f"{name}.clause.weight"].T + w[f"{name}.clause.bias"])
        if others is None:
            mixed = c[None, :]
        else:
            o = np.tanh(others @ w[f"{name}.other.weight"].T + w[f"{name}.other.bias"])
            mixed = np.concatenate([np.broadcast_to(c, o.shape), o, c * o], axis=1)
        hidden = np.maximum(mixed @ w[f"{name}.mix.weight"].T + w[f"{name}.mix.bias"], 0)
        scores = hidden @ w[f"{name}.last.weight"].T + w[f"{name}.last.bias"]
        bag = w[f"{name}.bag.weight"]
        scores += np.stack([bag[features.hashed(names)].sum(0) for names in bags])
        return np.asarray(scores, dtype=np.float32)
