"""Looking at one clause: the pieces of its context, with a mark on the clause that tells of what type its claim is.

Read so, the network says of every piece of the context whether it names who did it, to whom, where, when, how many and
who says so, and of the whole how certain the claim is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tadmor.reading.embedded.session import Ints, Look, between
from tadmor.reading.text import Sentence

ROLES = ("actor", "target", "place", "source", "relay", "time", "count")
CONTEXT = 150  # pieces
BEFORE = 3  # sentences of the same passage, or the headline where there are none
FIRST_TYPE = 1  # marks: 0 none, then one for each claim type


def look(
    starts: Ints, ends: Ints, sentences: Sequence[Sentence], index: int, clause: tuple[int, int], kind: int
) -> Look:
    """The context of a clause (code points) in sentence ``index``; ``starts`` and ``ends`` are the offsets of the pieces."""
    first, last = between(starts, ends, *clause)
    sentence = sentences[index]
    low, high = between(starts, ends, sentence.start, sentence.end)
    low, high = min(low, first), max(high, last)
    if high - low > CONTEXT:
        # a sentence as long as this is mostly not about the clause: more of what comes before it is kept
        low = max(low, first - 2 * max(0, CONTEXT - (last - first)) // 3)
        high = max(last, min(high, low + CONTEXT))
    for i in range(index - 1, max(-1, index - 1 - BEFORE), -1):
        if sentences[i].passage != sentence.passage and i != index - 1:
            break
        start = between(starts, ends, sentences[i].start, sentences[i].end)[0]
        if high - start > CONTEXT:
            break
        low = min(low, start)
    if index + 1 < len(sentences) and sentences[index + 1].passage == sentence.passage:
        stop = between(starts, ends, sentences[index + 1].start, sentences[index + 1].end)[1]
        if stop - low <= CONTEXT:
            high = max(high, stop)
    marks = np.zeros(high - low, dtype=np.int64)
    marks[max(0, first - low) : max(0, last - low)] = FIRST_TYPE + kind
    return Look(low, high, marks, FIRST_TYPE + kind)
