"""Blocks: the sentences of one paragraph as one run of words, with its quotations, where attributions are looked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadmor.model import Mention
from tadmor.reading.mention_words import words
from tadmor.reading.text import Sentence, Token

OPENERS = {"“": "”", "„": "”", "«": "»", "‘": "’", "``": "''"}
_LONGEST_QUOTATION = 600  # words; beyond it a closing mark was lost
STRAIGHT = frozenset({'"', "''"})


@dataclass(frozen=True, slots=True)
class Block:
    """Words of one paragraph. ``sentence[i]`` is (first, last) word of the sentence of word i; ``quote[i]`` likewise or None.

    ``bare`` says that the report was stripped of its commas, so that clauses meet without a mark.
    ``mention_from`` and ``mention_to`` give the longest mention that starts, or ends, at a word.
    """

    ws: list[Token]
    sentence: list[tuple[int, int]]
    quote: list[tuple[int, int] | None]
    mention_from: dict[int, Mention]
    mention_to: dict[int, tuple[int, Mention]]
    mentions: tuple[Mention, ...]
    bare: bool = False

    def mentions_between(self, start: int, end: int) -> list[Mention]:
        """Mentions that lie wholly in ``[start, end)`` of the text, in order."""
        first = bisect_left(self.mentions, start, key=lambda m: m.start)
        last = bisect_left(self.mentions, end, key=lambda m: m.start)
        return [m for m in self.mentions[first:last] if m.end <= end]

    def lower(self, i: int) -> str:
        """The word at ``i`` in lower case, or an empty string outside the block."""
        return self.ws[i].lower if 0 <= i < len(self.ws) else ""

    def text(self, i: int) -> str:
        """The word at ``i``, or an empty string outside the block."""
        return self.ws[i].text if 0 <= i < len(self.ws) else ""

    def is_mark(self, i: int) -> bool:
        """Whether there is no word at ``i`` but a mark or nothing."""
        return not (0 <= i < len(self.ws)) or not self.ws[i].text[0].isalnum()

    def opens(self, i: int) -> bool:
        """Whether a quotation opens at ``i``."""
        return 0 <= i < len(self.ws) and (q := self.quote[i]) is not None and q[0] == i

    def closes(self, i: int) -> bool:
        """Whether a quotation closes at ``i``."""
        return 0 <= i < len(self.ws) and (q := self.quote[i]) is not None and q[1] == i and q[0] != i


def blocks(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[Block]:
    """Blocks of the text in order: sentences with no line break between them and in one passage."""
    group: list[Sentence] = []
    cursor = 0
    bare = len(text) > 400 and text.count(",") * 400 < len(text)
    for s in [*sentences, None]:
        if group and (s is None or s.passage != group[-1].passage or "\n" in text[group[-1].end : s.start]):
            end = group[-1].end
            first = cursor
            while cursor < len(mentions) and mentions[cursor].start < end:
                cursor += 1
            yield _block(text, group, [m for m in mentions[first:cursor] if m.end <= end], bare)
            group = []
        if s is not None:
            group.append(s)


def _block(text: str, group: Sequence[Sentence], mentions: Sequence[Mention], bare: bool) -> Block:
    ws: list[Token] = []
    sentence: list[tuple[int, int]] = []
    for s in group:
        part = words(text, s.start, s.end)
        sentence += [(len(ws), len(ws) + len(part) - 1)] * len(part)
        ws += part
    starts = {w.start: i for i, w in enumerate(ws)}
    ends = {w.end: i for i, w in enumerate(ws)}
    begin: dict[int, Mention] = {}
    finish: dict[int, tuple[int, Mention]] = {}
    for m in mentions:
        a, b = starts.get(m.start), ends.get(m.end)
        if a is not None and (a not in begin or m.end > begin[a].end):
            begin[a] = m
        if a is not None and b is not None and (b not in finish or a < finish[b][0]):
            finish[b] = (a, m)
    return Block(ws, sentence, _quotes(ws), begin, finish, tuple(mentions), bare)


def _quotes(ws: Sequence[Token]) -> list[tuple[int, int] | None]:
    """The outermost quotation of each word. One that is never closed runs to the next that opens, or to the block's end.

    A straight mark opens when it leans on the word after it and closes when it leans on the one before it.
    """
    out: list[tuple[int, int] | None] = [None] * len(ws)
    marks = [(k, *_role(ws, k)) for k, w in enumerate(ws) if w.text in _MARKS]
    singles = [k for k, w in enumerate(ws) if w.text == "’"]
    start, closer = -1, ""

    def fill(first: int, last: int) -> None:
        last = min(last, first + _LONGEST_QUOTATION)
        for k in range(first, last + 1):
            out[k] = (first, last)

    for k, opens, closes in marks:
        mark = ws[k].text
        if start >= 0 and (mark == closer and closes):
            fill(start, k)
            start = -1
        elif start >= 0 and opens and not closes and OPENERS.get(mark, mark) == closer:
            fill(start, k - 1)
            start = k
        elif start < 0 and opens and (mark != "‘" or (singles and singles[-1] > k)):
            start, closer = k, OPENERS.get(mark, mark)
    if start >= 0:
        fill(start, len(ws) - 1)
    return out


_MARKS = frozenset({*OPENERS, *OPENERS.values(), *STRAIGHT})


def _role(ws: Sequence[Token], k: int) -> tuple[bool, bool]:
    """Whether the mark at ``k`` may open, and may close, a quotation."""
    mark = ws[k].text
    if mark in OPENERS:
        return True, False
    if mark not in STRAIGHT:
        return False, True
    left = k > 0 and ws[k - 1].end == ws[k].start and ws[k - 1].text not in ("(", "[", "—", "–")
    right = k + 1 < len(ws) and ws[k].end == ws[k + 1].start and ws[k + 1].text[0].isalnum()
    return (right, left) if left != right else (True, True)
