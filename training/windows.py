"""Windows of word pieces with their labels: from examples to the arrays that the network learns from."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tadmor.reading.embedded.mentions import TYPES as MENTION_TYPES
from tadmor.reading.embedded.session import case_of
from tadmor.reading.embedded.windows import LONGEST, STRIDE
from training.examples import NAME_TYPES, Attributed, Example, Pair
from training.network import CERTAINTY

IGNORE = -100


@dataclass
class Window:
    """One window: inputs, and labels per head (IGNORE where the corpus does not say)."""

    ids: np.ndarray
    case: np.ndarray
    offsets: list[Pair]
    labels: dict[str, np.ndarray] = field(default_factory=dict)
    multi: dict[str, np.ndarray] = field(default_factory=dict)
    weight: float = 1.0  # of labels that no person gave
    practice: int = 0  # mark at the window's end


def tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, without the padding and cutting that its file asks for."""
    tok = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tok.no_padding()
    tok.no_truncation()
    return tok


def packed(examples: Sequence[Example], rng: random.Random, most: int = 12) -> list[Example]:
    """Short examples of one corpus put together, one to ``most`` at a time: a head that knows only sentences fails on reports."""
    order = list(examples)
    rng.shuffle(order)
    out = []
    while order:
        size = rng.choice([k for k in (1, 2, 4, 8, 12) if k <= most])
        group, order = order[:size], order[size:]
        text, shifts = "", []
        for e in group:
            text += ("" if not text else rng.choice((" ", "\n"))) if text else ""
            shifts.append(len(text))
            text += e.text
        out.append(_joined(text, group, shifts))
    return out


def _joined(text: str, group: Sequence[Example], shifts: Sequence[int]) -> Example:
    def all_of(layer: str) -> tuple | None:
        if getattr(group[0], layer) is None:
            return None
        return tuple(
            (s + by, e + by, *rest)
            for g, by in zip(group, shifts, strict=True)
            for s, e, *rest in getattr(g, layer) or ()
        )

    return Example(
        group[0].id,
        text,
        mentions=all_of("mentions"),
        names=all_of("names"),
        triggers=all_of("triggers"),
        places=all_of("places"),
    )


def without_commas(w: Window, text: str) -> Window:
    """The window as it would be had its text lost commas and apostrophes, as the texts of some corpora have."""
    keep = np.array([a < 0 or text[a:b] not in (",", "'", "’", '"', "“", "”") for a, b in w.offsets])
    if keep.all():
        return w
    labels = {k: v[keep] for k, v in w.labels.items()}
    return Window(
        w.ids[keep],
        w.case[keep],
        [o for o, k in zip(w.offsets, keep, strict=True) if k],
        labels,
        {k: v[keep] for k, v in w.multi.items()},
        w.weight,
        w.practice,
    )


def windows(
    example: Example,
    tok: Tokenizer,
    types: tuple[str, ...],
    marks: Pair,
    *,
    longest: int = LONGEST,
    weight: float = 1.0,
    practice: int = 0,
) -> list[Window]:
    """The example's windows, overlapping; a label is learnt in each window that holds its piece. ``marks``: ids around each."""
    encoding = tok.encode(example.text, add_special_tokens=False)
    offsets = encoding.offsets
    ids = np.array(encoding.ids, dtype=np.int64)
    case = np.array([case_of(example.text[a:b]) for a, b in offsets], dtype=np.int64)
    out = []
    step = longest - 2
    start = 0
    while start < len(ids):
        end = min(len(ids), start + step)
        w = _window(example, ids[start:end], case[start:end], offsets[start:end], types, marks)
        w.weight, w.practice = weight, practice
        out.append(w)
        if end == len(ids):
            break
        start += STRIDE
    return out


def _window(
    example: Example, ids: np.ndarray, case: np.ndarray, offsets: list[Pair], types: tuple[str, ...], marks: Pair
) -> Window:
    around = [(-1, -1), *offsets, (-1, -1)]
    w = Window(np.concatenate([[marks[0]], ids, [marks[1]]]), np.concatenate([[0], case, [0]]), around)
    n = len(w.ids)

    def fresh() -> np.ndarray:
        labels = np.zeros(n, dtype=np.int64)
        labels[0] = labels[-1] = IGNORE
        return labels

    def write(labels: np.ndarray, span: Pair, kind: int = 0) -> Pair | None:
        at = within(w.offsets, *span)
        if at is None:
            return None
        a, b = at
        labels[a] = 1 + 2 * kind
        labels[a + 1 : b] = 2 + 2 * kind
        return at

    if example.mentions is not None:
        w.labels["mentions"] = labels = fresh()
        for s, e, t in example.mentions:
            write(labels, (s, e), MENTION_TYPES.index(t))
    if example.names is not None:
        w.labels["names"] = labels = fresh()
        for s, e, t in example.names:
            write(labels, (s, e), NAME_TYPES.index(t))
    if example.triggers is not None:
        w.labels["trigger"] = labels = fresh()
        for span in example.triggers:
            write(labels, span)
    if example.attributions is not None:
        _attributions(w, example.attributions, fresh, write)
    if example.claims is not None:
        width = len(types) + 1
        start, inside = np.zeros((n, width), dtype=np.float32), np.zeros((n, width), dtype=np.float32)
        certainty = np.full(n, IGNORE, dtype=np.int64)
        for claim in example.claims:
            t = types.index(claim.type)
            for span in claim.spans:
                at = within(w.offsets, *span)
                if at is None:
                    continue
                a, b = at
                start[a, [t, -1]] = 1
                inside[a:b, [t, -1]] = 1
                certainty[a:b] = CERTAINTY.index(claim.certainty)
        w.multi["start"], w.multi["inside"], w.labels["certainty"] = start, inside, certainty
    return w


def _attributions(w: Window, attributions: tuple[Attributed, ...], fresh: object, write: object) -> None:
    source, cue, content, inner = (fresh() for _ in range(4))  # type: ignore[operator]
    spans = []
    for a in attributions:
        hull = [(p[0][0], p[-1][1]) if p else None for p in (a.source, a.cue, a.content)]
        spans.append(hull)
    # A content that lies inside another one goes to the inner layer, so that neither hides the other.
    outer = [h[2] for h in spans if h[2]]
    for s, c, k in spans:
        if s:
            write(source, s)  # type: ignore[operator]
        if c:
            write(cue, c)  # type: ignore[operator]
        if k:
            nested = any(o != k and o[0] <= k[0] and k[1] <= o[1] for o in outer)
            write(inner if nested else content, k)  # type: ignore[operator]
    w.labels |= {"source": source, "cue": cue, "content": content, "inner": inner}


def within(offsets: list[Pair], start: int, end: int) -> Pair | None:
    """The tokens that the span covers inside this window, None when it has none of them."""
    hit = [i for i, (a, b) in enumerate(offsets) if a >= 0 and a < end and start < b]
    return (hit[0], hit[-1] + 1) if hit else None
