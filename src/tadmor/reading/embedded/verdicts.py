"""The second thought: which of the likely clauses the network, looking at each by itself, still takes for claims.

The first reading finds clauses with the whole window in view; looking at one of them, marked with its type, the network
says again whether it states such a claim. A log-linear model (manifest, ``verdict``) weighs both opinions into the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.drafts import best
from tadmor.reading.embedded.session import Floats, View
from tadmor.reading.odds import weigh

FEATURES = (
    "bias",
    "prior",  # log-odds by the first reading
    "valid",  # logit of the network that looks at the clause
    "rival",  # the best such logit of another type for much the same clause
    "alone",  # there is no such rival
)
_CLIP = 8.0


def chosen(found: Sequence[Draft], seen: Sequence[View], weights: Mapping[str, float]) -> list[tuple[Draft, View]]:
    """The drafts that stay, scored anew, each with its view, in text order."""
    told = known(found, seen)
    scored = [d.scored(weigh(weights, FEATURES, tuple(x))) for d, x in zip(found, told, strict=True)]
    views = {id(d): v for d, v in zip(scored, seen, strict=True)}
    kept = sorted(best(scored, weights["threshold"]), key=lambda d: (d.start, d.end, d.type))
    return [(d, views[id(d)]) for d in kept]


def known(found: Sequence[Draft], seen: Sequence[View]) -> Floats:
    """What is known of each draft, (N, FEATURES)."""
    valid = [float(np.clip(v.valid, -_CLIP, _CLIP)) for v in seen]
    out = []
    for d, v in zip(found, valid, strict=True):
        p = min(max(d.score, 1e-4), 1 - 1e-4)
        near = ((e, x) for e, x in zip(found, valid, strict=True) if e.start < d.end and d.start < e.end)
        rivals = [x for e, x in near if e.type != d.type and _same(d, e)]
        out.append((1.0, float(np.log(p / (1 - p))), v, max(rivals, default=0.0), float(not rivals)))
    return np.array(out, dtype=np.float32).reshape(-1, len(FEATURES))


def _same(a: Draft, b: Draft) -> bool:
    """Whether two drafts are much the same clause: they share half of both together."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return 2 * common > max(a.end, b.end) - min(a.start, b.start)
