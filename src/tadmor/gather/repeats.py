"""What a report says twice: a lead that its captions carry again, a caption that the body repeats.

Two sentences are the same when their words are, but for a spelling ("Defence", "Defense"; "IS", "ISIS") or a cut-off
end. Numbers and negations must agree. Of two copies the fuller one is read, else the one in the body, else the earlier.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tadmor.gather.pieces import Piece, split
from tadmor.gather.sentences import sentence_spans

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_MIN_WORDS = 6
_SHINGLE = 5
_NEGATION = frozenset(
    (
        "no",
        "not",
        "never",
        "none",
        "nor",
        "without",
        "denied",
        "denies",
        "deny",
        "denying",
        "failed",
        "fails",
        "refused",
    )
)
_COMMON = 12


@dataclass(slots=True, eq=False)
class _Sentence:
    piece: int
    start: int
    end: int
    words: tuple[str, ...]
    original: _Sentence | None = None


def mark_repeats(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with every repeated sentence set apart as a piece of its own that points to the one to read."""
    sentences = [
        _Sentence(i, a, b, words)
        for i, piece in enumerate(pieces)
        if piece.kind in ("lead", "body", "caption", "headline")
        for a, b in ([(0, len(piece.text))] if piece.kind == "headline" else sentence_spans(piece.text))
        if len(words := tuple(w.lower() for w in _WORD.findall(piece.text[a:b]))) >= _MIN_WORDS
    ]
    _pair(sentences, pieces)
    by_piece: dict[int, list[_Sentence]] = defaultdict(list)
    for s in sentences:
        by_piece[s.piece].append(s)
    out: list[Piece] = []
    holder: dict[int, list[tuple[int, int, Piece]]] = {}
    waiting: list[tuple[Piece, _Sentence]] = []
    for i, piece in enumerate(pieces):
        marked = [s for s in by_piece.get(i, ()) if s.original is not None]
        if not marked:
            holder[i] = [(0, len(piece.text), piece)]
            out.append(piece)
            continue
        holder[i] = []
        for a, b, sentence in _runs(piece, marked):
            part = _cut(piece, a, b)
            holder[i].append((a, b, part))
            out.append(part)
            if sentence is not None:
                waiting.append((part, sentence))
    for part, sentence in waiting:
        original = sentence.original
        assert original is not None
        part.repeats = next((p for a, b, p in holder[original.piece] if a <= original.start < b), None)
        if part.repeats is not None and part.kind == "body" and part.repeats.kind == "lead":
            part.kind = "lead"
    return out


def _cut(piece: Piece, start: int, end: int) -> Piece:
    (part,) = split(Piece(piece.text[start:end], piece.kind, "", page=piece.page))
    before = piece.text[:start]
    gap = before[len(before.rstrip()) :] if before.strip() else piece.gap + before
    part.gap = gap + part.gap
    return part


def _runs(piece: Piece, marked: Sequence[_Sentence]) -> list[tuple[int, int, _Sentence | None]]:
    """The piece's stretches in order: new text (None) or repeated sentences, those of one original together."""
    runs: list[tuple[int, int, _Sentence | None]] = []
    at = 0
    for s in marked:
        if piece.text[at : s.start].strip():
            runs.append((at, s.start, None))
            at = s.start
        last = runs[-1][2] if runs else None
        if last is not None and last.original is not None and s.original and last.original.piece == s.original.piece:
            runs[-1] = (runs[-1][0], s.end, last)
        else:
            runs.append((at, s.end, s))
        at = s.end
    if piece.text[at:].strip():
        runs.append((at, len(piece.text), None))
    return runs


def _pair(sentences: Sequence[_Sentence], pieces: Sequence[Piece]) -> None:
    seen: dict[tuple[str, ...], list[_Sentence]] = defaultdict(list)
    for s in sentences:
        shingles = {s.words[i : i + _SHINGLE] for i in range(len(s.words) - _SHINGLE + 1)}
        for other in dict.fromkeys(o for g in shingles for o in seen.get(g, ())):
            other = _root(other)
            if other is s or other.piece == s.piece or not _same(s.words, other.words):
                continue
            first, second = _order(other, s, pieces)
            second.original = first
            if second is s:
                break
        for g in shingles:
            if len(seen[g]) < _COMMON:
                seen[g].append(s)
    for s in sentences:
        if s.original is not None:
            s.original = _root(s)


def _root(s: _Sentence) -> _Sentence:
    while s.original is not None:
        s = s.original
    return s


def _order(a: _Sentence, b: _Sentence, pieces: Sequence[Piece]) -> tuple[_Sentence, _Sentence]:
    """The one to read, then the one that repeats it."""
    ka, kb = pieces[a.piece].kind, pieces[b.piece].kind
    if ka == "headline" or kb == "headline":
        return (a, b) if ka == "headline" else (b, a)
    if abs(len(a.words) - len(b.words)) > 1:
        return (a, b) if len(a.words) > len(b.words) else (b, a)
    if (ka == "caption") != (kb == "caption"):
        return (b, a) if ka == "caption" else (a, b)
    return a, b


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if len(a) > len(b):
        a, b = b, a
    if len(a) < 0.6 * len(b):
        return False
    head = b[: len(a)]
    return _alike(a, head) or (len(b) - len(a) <= 2 and len(b) <= 200 and _nearly(a, b))


def _alike(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Equal length, word for word the same but for at most one spelling in seven words."""
    other = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(other) <= max(1, len(a) // 7) and all(_spelling(x, y) for x, y in other)


def _nearly(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    from difflib import SequenceMatcher

    spent = 0
    for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        left, right = a[i:j], b[k:m]
        spent += max(len(left), len(right))
        if op == "replace" and len(left) == len(right):
            if not all(_spelling(x, y) for x, y in zip(left, right, strict=True)):
                return False
        elif any(w in _NEGATION or any(c.isdigit() for c in w) or len(w) > 4 for w in (*left, *right)):
            return False
    return spent <= max(1, len(b) // 10)


def _spelling(x: str, y: str) -> bool:
    """Whether two different words may be one word written in two ways."""
    if any(c.isdigit() for c in x + y) or x in _NEGATION or y in _NEGATION:
        return False
    if min(len(x), len(y)) <= 4:
        return x[:2] == y[:2] and (x.startswith(y) or y.startswith(x))
    from rapidfuzz.fuzz import ratio

    return x[:2] == y[:2] and ratio(x, y) >= 80
