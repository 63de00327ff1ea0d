"""A report under construction: pieces of text with the white space before each, put together into text and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tadmor.model import Passage, PassageKind


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of text that will be one passage; ``kind`` None stays in the text but belongs to no passage.

    ``gap`` is the white space before it. ``repeats`` is the piece that it says again, ``page`` the page on which it begins.
    """

    text: str
    kind: PassageKind | None = None
    gap: str = "\n\n"
    repeats: Piece | None = None
    page: int | None = None


def split(piece: Piece, *at: int) -> list[Piece]:
    """The piece cut at the given offsets; white space at the cuts goes into the gaps, empty parts are left out."""
    parts: list[Piece] = []
    gap = piece.gap
    for start, end in zip((0, *at), (*at, len(piece.text)), strict=True):
        raw = piece.text[start:end]
        body = raw.strip()
        if not body:
            gap += raw
            continue
        lead = len(raw) - len(raw.lstrip())
        parts.append(Piece(body, piece.kind, gap + raw[:lead], page=piece.page))
        gap = raw[lead + len(body) :]
    return parts


def compose(pieces: Sequence[Piece]) -> tuple[str, tuple[Passage, ...]]:
    """Text and passages: in order, not overlapping, none empty; repeats point to the index of a passage."""
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    for piece in pieces:
        gap = piece.gap if text else ""
        start = length + len(gap)
        length = start + len(piece.text)
        text += (gap, piece.text)
        spans.append((start, length))
    index = {id(p): i for i, p in enumerate(p for p in pieces if p.kind is not None)}
    passages = tuple(
        Passage(start, end, piece.kind, index.get(id(piece.repeats)) if piece.repeats is not None else None, piece.page)
        for piece, (start, end) in zip(pieces, spans, strict=True)
        if piece.kind is not None
    )
    return "".join(text), passages
