"""Sentences and words of a report with their offsets: what every reader stands on.

Sentences never cross a passage or a line break. syntok splits them; what it is known to get wrong (military ranks,
clock times, quotations that it cuts from their speaker) is mended here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from syntok import segmenter  # type: ignore[import-untyped]

from tadmor.model import Passage, Report

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’ʼ‘`]\w+)*|[^\w\s]", re.UNICODE)
# A line with no mark but these before its last one is one sentence: there is nothing after which syntok would divide it, and it
# need not be asked, which is slow.
_UNDIVIDED = re.compile(r"[\w\s,:'’‘\"“”%$£€&/+–—-]*[.!?]?\s*")
_RANK_END = re.compile(
    r"\b(?:Lt|Gen|Col|Maj|Capt|Sgt|Brig|Adm|Cmdr|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|Prof|St|No|approx|vs|etc|al|Jan|Feb|Aug|Sept?|Oct|Nov|Dec"
    r"|[A-Z]|U\.S|U\.K|U\.N|a\.m|p\.m)\.$"
)


class Token(NamedTuple):
    """A word, number or mark; ``lower`` is its text in lower case."""

    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span, the index of its passage in ``report.passages``, its tokens."""

    start: int
    end: int
    text: str
    passage: int
    tokens: tuple[Token, ...]


def sentences(report: Report) -> tuple[Sentence, ...]:
    """All sentences of the report in order; passages that repeat another are split too (a reader skips them)."""
    return _sentences(report.text, report.passages or (Passage(0, len(report.text), "body"),))


@lru_cache(maxsize=1)  # reading and resolving ask for those of one report
def _sentences(text: str, passages: tuple[Passage, ...]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(start, end, text[start:end], index, tokens(text, start, end))
        for index, passage in enumerate(passages)
        for start, end in _split(text, passage.start, passage.end)
    )


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Tokens of ``text[start:end]``, offsets counting from the start of ``text``."""
    stop = len(text) if end is None else end
    return tuple(Token(m.start(), m.end(), m[0], m[0].lower()) for m in _WORD.finditer(text, start, stop))


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\r\n]+", text[start:end]):
        offset = start + line.start()
        if _UNDIVIDED.fullmatch(line[0]):
            if line[0].strip():
                yield _trim(text, offset, offset + len(line[0]))
            continue
        spans: list[tuple[int, int]] = []
        for paragraph in segmenter.analyze(line[0]):
            for sentence in paragraph:
                if not sentence:
                    continue
                a = offset + sentence[0].offset
                last = sentence[-1]
                b = offset + last.offset + len(last.value)
                if spans and _RANK_END.search(text[spans[-1][0] : spans[-1][1]]):
                    spans[-1] = (spans[-1][0], b)
                else:
                    spans.append((a, b))
        yield from (_trim(text, a, b) for a, b in spans if text[a:b].strip())


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
