"""Who says it: the attributions that a clause belongs to, by what the network says of their speakers when it looks at the clause.

The reader's attributions say whose words cover the clause; the network, looking at the clause, says which names around it
are its speakers. A log-linear model (manifest, ``speakers``) weighs both; the clause gets the chain of each attribution that
it finds likely, a name once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tadmor.model import Attribution
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import View, between
from tadmor.reading.odds import weigh
from tadmor.reading.scene import Scene
from tadmor.taxonomy import UTTERANCES

FEATURES = (
    "bias",
    "net",  # mean logit of being a speaker over the pieces of the attribution's source
    "net most",
    "unseen",
    "covers",  # the reader lays the clause to this attribution
    "covers part",
    "outer",  # a chain of the reader holds it, but not as its innermost speaker
    "own sentence",
    "before",
    "speech",
    "anonymous",
    "utterance",
    "utterance covers",
)
_CLIP = 8.0
Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An attribution that a clause may belong to, with what is known of it, in the order of FEATURES."""

    attribution: Attribution
    known: tuple[float, ...]


def chains(scene: Scene, draft: Draft, view: View, weights: Mapping[str, float]) -> tuple[Chain, ...]:
    """Chains of attribution ids, outermost first, of everybody to whom the clause is laid."""
    document = scene.document
    likely = []
    for c in candidates(scene, draft, view):
        p = weigh(weights, FEATURES, c.known)
        if p >= weights["threshold"]:
            likely.append((p, c.attribution))
    best: dict[str, tuple[float, Attribution]] = {}
    for p, a in likely:
        name = document.source_name(a.id)
        if name and (name not in best or p > best[name][0]):
            best[name] = (p, a)
    found = [document.chain(a.id) for _, a in best.values()]
    outer = {link for chain in found for link in chain[:-1]}
    return tuple(sorted((c for c in found if c and c[-1] not in outer), key=lambda c: int(c[-1][1:])))


def candidates(scene: Scene, draft: Draft, view: View) -> list[Candidate]:
    """The attributions whose source stands in the context or whose content the reader finds to cover the clause."""
    document = scene.document
    own = document.chains_for(draft.start, draft.end)
    inner = {chain[-1] for chain in own}
    outer = {link for chain in own for link in chain[:-1]}
    logits = np.clip(view.roles[:, ROLES.index("source")], -_CLIP, _CLIP)
    sentence = draft.line.sentence
    out = []
    for a in document.attributions:
        if a.source is None:
            continue
        low, high = between(view.starts, view.ends, a.source.start, a.source.end)
        if low == high and a.id not in inner:
            continue
        pieces = logits[low:high]
        covers = a.id in inner
        part = any(s.start < draft.end and draft.start < s.end for s in a.content)
        utters = draft.type in UTTERANCES
        out.append(
            Candidate(
                a,
                (
                    1.0,
                    float(pieces.mean()) if len(pieces) else 0.0,
                    float(pieces.max()) if len(pieces) else 0.0,
                    float(not len(pieces)),
                    float(covers),
                    float(part and not covers),
                    float(a.id in outer),
                    float(sentence.start <= a.source.start < sentence.end),
                    float(a.source.end <= draft.start),
                    float(a.id in document.speech),
                    float(a.source.anonymous),
                    float(utters),
                    float(utters and covers),
                ),
            )
        )
    return out
