"""When and how many, as far as the network tells at one clause: a date's form, the times that tell it, the numbers counted.

All are only hints; the resolver works dates and counts out (``tadmor.resolve.claim_dates``, ``claim_counts``).
"""

from __future__ import annotations

import math

import numpy as np

from tadmor.model import Hint, MentionType
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.session import View
from tadmor.reading.scene import Scene

_CLIP = 6.0
_TIME, _COUNT = ROLES.index("time"), ROLES.index("count")


def hint(scene: Scene, view: View) -> Hint:
    """What the network says of the claim's date and counts where it looks at a clause."""
    logits = np.clip(view.form, -_CLIP, _CLIP)
    likely = logits - math.log(float(np.exp(logits).sum()))
    return Hint(
        tuple(round(float(x), 3) for x in likely),
        _heard(scene, view, "time", _TIME),
        _heard(scene, view, "quantity", _COUNT),
    )


def _heard(scene: Scene, view: View, kind: MentionType, role: int) -> tuple[tuple[int, float], ...]:
    """The mentions of a kind in view, by their starts, with the mean log-odds of the role over their pieces."""
    out = []
    for span in view.spans():
        for m in scene.document.mentions_in(*span, kind):
            low, high = view.pieces(m.start, m.end)
            if low < high:
                odds = float(view.roles[low:high, role].mean())
                out.append((m.start, round(max(-_CLIP, min(_CLIP, odds)), 3)))
    return tuple(out)
