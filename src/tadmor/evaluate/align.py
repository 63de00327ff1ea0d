"""Moving a reading's offsets into the gold row's text: both are compared without white space."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

EDGE = " \t\n\r.,;:!?\"'`“”‘’()[]-–—"
_PIECE = 8  # characters: shorter matches of a text that was changed are chance
Row = Mapping[str, Any]
Pair = tuple[int, int]


class Aligned:
    """The map from offsets of a reading's text to those of the gold text."""

    def __init__(self, gold: str, read: str) -> None:
        self.text = gold
        at_gold = [i for i, c in enumerate(gold) if not c.isspace()]
        at_read = [i for i, c in enumerate(read) if not c.isspace()]
        g, r = "".join(gold[i] for i in at_gold), "".join(read[i] for i in at_read)
        at = r.find(g)
        if at >= 0:
            self._map = {at_read[at + k]: i for k, i in enumerate(at_gold)}
            return
        # Chrome or captions were left out, or quotes normalised: align piece by piece.
        blocks = difflib.SequenceMatcher(None, r, g, autojunk=False).get_matching_blocks()
        self._map = {at_read[b.a + k]: at_gold[b.b + k] for b in blocks if b.size >= _PIECE for k in range(b.size)}

    def span(self, span: Row) -> Pair | None:
        """The span in the gold text, without outer white space, quotes and punctuation; None when it is not there."""
        inside = [self._map[i] for i in range(span["start"], span["end"]) if i in self._map]
        return trim(self.text, inside[0], inside[-1] + 1) if inside else None


def trim(text: str, start: int, end: int) -> Pair:
    """The span without outer white space, quotes and punctuation."""
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def paired(gold: Sequence[Row], readings: Sequence[Row]) -> Iterator[tuple[Row, Row, Aligned]]:
    """Each gold row with its reading (an empty one when there is none) and the alignment of their texts."""
    by_key: dict[str, Row] = {}
    for r in readings:
        report = r.get("report", {})
        for key in (report.get("id"), Path(report.get("path") or "").stem):
            if key:
                by_key.setdefault(key, r)
    for g in gold:
        reading = by_key.get(g["id"])
        if reading is None or "error" in reading:
            reading = {"report": {"text": g.get("text", "")}}
        yield g, reading, Aligned(g.get("text", ""), reading["report"].get("text", ""))
