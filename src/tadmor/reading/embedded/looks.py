"""Looking at one clause: the pieces of its context, with a mark on the clause that tells of what type its claim is.

Read so, the network says of every piece of the context whether it names who did it, to whom, where, when, how many and
who says so, and of the whole how certain the claim is and what form its date has. The head of the report, its headline or
first sentence, is always in view: it says what the report is about, and often where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tadmor.reading.embedded.session import Encoded, Look, Offsets, between
from tadmor.reading.text import Sentence

ROLES = ("actor", "target", "place", "source", "relay", "time", "count")
FIRST_TYPE = 1  # marks: 0 none, then one for each claim type


@dataclass(frozen=True, slots=True)
class Room:
    """How much is in view: pieces of the context, pieces of the report's head beside it, sentences before the clause's own.

    These are of the same passage; the headline, where there are none.
    """

    context: int = 200
    head: int = 40
    before: int = 5


NARROW = Room()


def look(
    starts: Offsets,
    ends: Offsets,
    sentences: Sequence[Sentence],
    index: int,
    clause: tuple[int, int],
    kind: int,
    room: Room = NARROW,
) -> Look:
    """The context of a clause (code points) in sentence ``index``; ``starts`` and ``ends`` are the offsets of the pieces."""
    first, last = between(starts, ends, *clause)
    low, high = _around(starts, ends, sentences, index, (first, last), room)
    begin, stop = between(starts, ends, sentences[0].start, sentences[0].end)
    head = max(0, min(stop, begin + room.head, low) - begin)
    pieces = np.concatenate([np.arange(begin, begin + head), np.arange(low, high)])
    marks = np.zeros(len(pieces), dtype=np.int64)
    marks[(pieces >= first) & (pieces < last)] = FIRST_TYPE + kind
    return Look(pieces, head, marks, FIRST_TYPE + kind, (first, last))


def _around(
    starts: Offsets, ends: Offsets, sentences: Sequence[Sentence], index: int, clause: tuple[int, int], room: Room
) -> tuple[int, int]:
    """The pieces of the clause's sentence and of those around it, as a range; ``clause`` is a range of pieces, too."""
    sentence, (first, last) = sentences[index], clause
    low, high = between(starts, ends, sentence.start, sentence.end)
    low, high = min(low, first), max(high, last)
    if high - low > room.context:
        # a sentence as long as this is mostly not about the clause: more of what comes before it is kept
        low = max(low, first - 2 * max(0, room.context - (last - first)) // 3)
        high = max(last, min(high, low + room.context))
    for i in range(index - 1, max(-1, index - 1 - room.before), -1):
        if sentences[i].passage != sentence.passage and i != index - 1:
            break
        start = between(starts, ends, sentences[i].start, sentences[i].end)[0]
        if high - start > room.context:
            break
        low = min(low, start)
    if index + 1 < len(sentences) and sentences[index + 1].passage == sentence.passage:
        stop = between(starts, ends, sentences[index + 1].start, sentences[index + 1].end)[1]
        if stop - low <= room.context:
            high = max(high, stop)
    return low, high


def probed(encoded: Encoded) -> Look:
    """The look by which weights are tried: at the whole of a text, its first pieces marked as a claim of the first type."""
    n = len(encoded.starts)
    marks = np.where(np.arange(n) < n // 2, FIRST_TYPE, 0)
    return Look(np.arange(n), 0, marks, FIRST_TYPE, (0, n // 2))
