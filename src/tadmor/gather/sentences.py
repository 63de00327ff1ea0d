"""Where sentences end, roughly: enough to tell the part of a caption that the body says too. Reading has its own."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9À-ÞА-ЯҐЄІЇ\u0600-\u06ff])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Brig|Adm|Gov|Sen|Rep|St|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec))\.$"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, outer white space left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    for m in _END.finditer(text):
        if _ABBREVIATION.search(text[max(0, m.start() - 12) : m.start() + 1]):
            continue
        end = m.start() + len(m[0].rstrip())
        spans.append((start, end))
        start = m.end()
    if text[start:].strip():
        spans.append((start, start + len(text[start:].rstrip())))
    return spans


def ends_sentence(text: str) -> bool:
    """Whether the text closes with the mark of a full sentence."""
    return bool(re.search(r"[.!?…。؟][\"'”’»)\]]*$", text.rstrip()))
