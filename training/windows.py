"""Windows of word pieces with their labels: from examples to the arrays that the network learns from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tadmor.reading.embedded.mentions import TYPES as MENTION_TYPES
from tadmor.reading.embedded.session import LONGEST, STRIDE, case_of
from training.examples import NAME_TYPES, Attributed, Example, Pair
from training.network import CERTAINTY

IGNORE = -100


@dataclass
class Window:
    """One window: inputs, labels per head (IGNORE where the corpus does not say), and links between spans."""

    ids: np.ndarray
    case: np.ndarray
    offsets: list[Pair]
    labels: dict[str, np.ndarray] = field(default_factory=dict)
    multi: dict[str, np.ndarray] = field(default_factory=dict)
    links: list[tuple[str, Pair, Pair]] = field(default_factory=list)  # kind, cue tokens, other tokens


def tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, without the padding and cutting that its file asks for."""
    tok = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tok.no_padding()
    tok.no_truncation()
    return tok


def windows(example: Example, tok: Tokenizer, types: tuple[str, ...], longest: int = LONGEST) -> list[Window]:
    """The example's windows, overlapping; a label is learnt in each window that holds its token."""
    encoding = tok.encode(example.text, add_special_tokens=False)
    offsets = encoding.offsets
    ids = np.array(encoding.ids, dtype=np.int64)
    case = np.array([case_of(example.text[a:b]) for a, b in offsets], dtype=np.int64)
    out = []
    step = longest - 2
    start = 0
    while start < len(ids):
        end = min(len(ids), start + step)
        out.append(_window(example, ids[start:end], case[start:end], offsets[start:end], types))
        if end == len(ids):
            break
        start += STRIDE
    return out


def _window(example: Example, ids: np.ndarray, case: np.ndarray, offsets: list[Pair], types: tuple[str, ...]) -> Window:
    w = Window(np.concatenate([[101], ids, [102]]), np.concatenate([[0], case, [0]]), [(-1, -1), *offsets, (-1, -1)])
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
            at = write(labels, span)
            for place in example.places or ():
                there = within(w.offsets, *place)
                if at and there:
                    w.links.append(("place", at, there))
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
        s_at = write(source, s) if s else None  # type: ignore[operator]
        c_at = write(cue, c) if c else None  # type: ignore[operator]
        k_at = None
        if k:
            nested = any(o != k and o[0] <= k[0] and k[1] <= o[1] for o in outer)
            k_at = write(inner if nested else content, k)  # type: ignore[operator]
        if c_at and s_at:
            w.links.append(("source", c_at, s_at))
        if c_at and k_at:
            w.links.append(("content", c_at, k_at))
    w.labels |= {"source": source, "cue": cue, "content": content, "inner": inner}


def within(offsets: list[Pair], start: int, end: int) -> Pair | None:
    """The tokens that the span covers inside this window, None when it has none of them."""
    hit = [i for i, (a, b) in enumerate(offsets) if a >= 0 and a < end and start < b]
    return (hit[0], hit[-1] + 1) if hit else None
