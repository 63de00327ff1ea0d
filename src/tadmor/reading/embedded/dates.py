"""When by the network: the form that a claim's date has, and which time expressions of the context tell it.

Both are only hints; the resolver works the date out (``tadmor.resolve.claim_dates``). How much they weigh beside its own
weights is fitted on coded reports that the network had not seen (``training/settle.py``, in the manifest under ``dates``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tadmor.model import DateHint
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import View
from tadmor.reading.scene import Scene

_CLIP = 6.0
_TIME = ROLES.index("time")


def hint(scene: Scene, view: View, weights: Mapping[str, float]) -> DateHint:
    """What the network says of the claim's date; ``weights`` has ``form``, ``told`` and ``untold``."""
    logits = np.clip(view.form, -_CLIP, _CLIP)
    likely = logits - math.log(float(np.exp(logits).sum()))
    times = []
    for span in view.spans():
        for m in scene.document.mentions_in(*span, "time"):
            low, high = view.pieces(m.start, m.end)
            if low < high:
                times.append((m.start, max(-_CLIP, min(_CLIP, float(view.roles[low:high, _TIME].mean())))))
    best = max((odds for _, odds in times), default=-_CLIP)
    return DateHint(
        tuple(round(weights["form"] * float(x), 3) for x in likely),
        tuple((start, round(weights["told"] * odds, 3)) for start, odds in times),
        round(-weights["untold"] * best, 3),
    )
