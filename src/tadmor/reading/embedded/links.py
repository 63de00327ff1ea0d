"""Who says what by a small trained scorer on the network's hidden states: which words are cues, and what each cue links.

For every cue a pointer picks the first and the last word of its source, and of its content, among the words of its
paragraph, or none. What the rules found is among its features, so that where they are sure it can follow them. Trained
by ``training/train_links.py``, which uses the functions of this module for its inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tadmor.errors import MissingResource
from tadmor.reading.attributions_assembly import Draft
from tadmor.reading.attributions_blocks import Block
from tadmor.reading.embedded.session import Encoded, Floats
from tadmor.reading.embedded.windows import Ints
from tadmor.reading.mention_words import is_capital

Pair = tuple[int, int]
HEADS = ("source", "cue", "content", "inner")
LOCAL = 3 * len(HEADS) + 13
PAIR = 12
LENGTHS = 8  # words of a cue: longer ones are not proposed
BUCKETS = 24
REACH = 150  # words on either side of a cue among which its source and content are looked for
POINTERS = ("source first", "source last", "content first", "content last")
_SEED = 0.06  # probability of being in a cue at which a word is looked at
_MARKS = frozenset("\"“”‘’'`«»„.,:;!?()[]-–—")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a block: means of their hidden states (W, width), local features (W, LOCAL), probability of a cue (W)."""

    hidden: Floats
    local: Floats
    cue: Floats


@dataclass(frozen=True, slots=True)
class Linked:
    """A cue, as first and last word, with its probability, and its source and content or None."""

    cue: Pair
    score: float
    source: Pair | None
    content: Pair | None


def words(block: Block, encoded: Encoded, rules: Sequence[Draft]) -> Words:
    """What is known of each word of a block."""
    ws = block.ws
    n = len(ws)
    starts, ends = np.array([w.start for w in ws]), np.array([w.end for w in ws])
    low = np.searchsorted(encoded.ends, starts, side="right")
    high = np.maximum(np.searchsorted(encoded.starts, ends, side="left"), low)
    # A word of which the tokenizer makes nothing borrows the piece before it.
    low = np.clip(np.where(low == high, low - 1, low), 0, max(0, len(encoded.starts) - 1))
    high = np.maximum(high, low + 1)
    first = int(low[0])
    sums = np.cumsum(encoded.hidden[first : int(high[-1])].astype(np.float64), axis=0)
    sums = np.concatenate([np.zeros((1, sums.shape[1])), sums])
    hidden = (sums[high - first] - sums[low - first]) / (high - low)[:, None]
    local = np.zeros((n, LOCAL), dtype=np.float32)
    for k, head in enumerate(HEADS):
        local[:, 3 * k : 3 * k + 3] = np.maximum(_log_softmax(encoded.logits[head][low]), -8)
    at = 3 * len(HEADS)
    for i, w in enumerate(ws):
        a, b = block.sentence[i]
        local[i, at : at + 10] = (
            not w.text[0].isalnum(), w.text in _MARKS and w.text not in ".,:;!?", is_capital(w), i == a, i == b,
            block.quote[i] is not None, block.opens(i), block.closes(i), i == 0, i == n - 1,
        )  # fmt: skip
    for d in rules:
        if d.cue is not None:
            local[d.cue[0], at + 10] = local[d.cue[1], at + 11] = 1
            local[d.cue[0] : d.cue[1] + 1, at + 12] = 1
    cue = 1 - np.exp(local[:, 3 * HEADS.index("cue")])
    return Words(hidden.astype(np.float32), local, cue.astype(np.float32))


def candidates(known: Words, rules: Sequence[Draft]) -> list[Pair]:
    """Spans that may be cues: all short ones of words that the network thinks possible, and those of the rules."""
    n = len(known.cue)
    out: set[Pair] = {d.cue for d in rules if d.cue is not None and d.cue[1] - d.cue[0] < LENGTHS}
    likely = known.cue >= _SEED
    for i in range(n):
        for j in range(i, min(n, i + LENGTHS)):
            if not likely[j]:
                break
            out.add((i, j))
    return sorted(out)


def cue_features(cues: Sequence[Pair], rules: Sequence[Draft]) -> Floats:
    """Length of each candidate, and whether the rules have just this cue or one that overlaps it: (C, LENGTHS + 2)."""
    out = np.zeros((len(cues), LENGTHS + 2), dtype=np.float32)
    own = {d.cue for d in rules if d.cue is not None}
    for k, (a, b) in enumerate(cues):
        out[k, b - a] = 1
        out[k, LENGTHS] = (a, b) in own
        out[k, LENGTHS + 1] = any(x <= b and a <= y for x, y in own)
    return out


def pair_features(block: Block, cue: Pair, rules: Sequence[Draft]) -> tuple[int, Ints, Floats]:
    """The first word within reach of a cue; for each word within reach (W) its distance bucket, and (W, PAIR) features.

    These tell how the word stands to the cue, and what the rules say of it for that cue.
    """
    low, high = max(0, cue[0] - REACH), min(len(block.ws), cue[1] + 1 + REACH)
    at = np.arange(low, high)
    away = np.where(at < cue[0], at - cue[0], np.where(at > cue[1], at - cue[1], 0))
    size = np.minimum(11, (np.log2(np.abs(away) + 1) * 1.9).astype(np.int64))
    distance = np.where(away >= 0, 12 + size, 12 - size)
    told = np.zeros((high - low, PAIR), dtype=np.float32)

    def mark(column: int, first: int, last: int) -> None:
        told[max(0, first - low) : max(0, last + 1 - low), column] = 1

    mark(0, *cue)
    for d in rules:
        if d.cue is None or d.cue[0] > cue[1] or cue[0] > d.cue[1]:
            continue
        told[:, 1] = 1
        for k, span in ((2, d.source), (5, hull(d.content))):
            if span is not None:
                mark(k, span[0], span[0])
                mark(k + 1, span[1], span[1])
                mark(k + 2, *span)
    first, last = block.sentence[cue[0]]
    mark(8, first, last)
    if first > 0:
        mark(9, *block.sentence[first - 1])
    if last + 1 < len(block.ws):
        mark(10, *block.sentence[last + 1])
    told[:, 11] = [block.quote[k] == block.quote[cue[0]] for k in range(low, high)]
    return low, distance.astype(np.int64), told


def hull(spans: Sequence[Pair]) -> Pair | None:
    """From the first to the last word of spans, None when there are none."""
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None


class Links:
    """The scorer, loaded once. Raises MissingResource."""

    def __init__(self, path: Path) -> None:
        try:
            with np.load(path) as data:
                self._w = {k: data[k].astype(np.float32) for k in data.files}
        except (OSError, ValueError) as error:
            raise MissingResource(f"{path} cannot be loaded ({error}): reinstall tadmor") from error
        self.threshold = float(self._w["threshold"])

    def link(self, block: Block, encoded: Encoded, rules: Sequence[Draft]) -> list[Linked]:
        """The cues of a block with what they link, in text order; ``rules`` are the rules' drafts of the same block."""
        if not block.ws or not len(encoded.starts):
            return []
        known = words(block, encoded, rules)
        cues = candidates(known, rules)
        if not cues:
            return []
        seen = self._seen(known)
        total = np.concatenate([np.zeros((1, seen.shape[1]), dtype=np.float32), np.cumsum(seen, axis=0)])
        a, b = np.array(cues).T
        mean = (total[b + 1] - total[a]) / (b - a + 1)[:, None]
        x = np.concatenate([seen[a], seen[b], mean, cue_features(cues, rules)], axis=1)
        scores = _sigmoid(self._linear("cue2", _relu(self._linear("cue1", x)))[:, 0])
        out: list[Linked] = []
        for k in np.argsort(-scores, kind="stable"):
            if scores[k] < self.threshold:
                break
            cue = cues[int(k)]
            if all(cue[1] < o.cue[0] or o.cue[1] < cue[0] for o in out):
                source, content = self._point(block, seen, cue, rules)
                out.append(Linked(cue, float(scores[k]), source, content))
        return sorted(out, key=lambda o: o.cue)

    def _seen(self, known: Words) -> Floats:
        """Words with their neighbours: (W, size)."""
        x = _relu(self._linear("word", np.concatenate([known.hidden, known.local], axis=1)))
        edge = np.zeros((1, x.shape[1]), dtype=np.float32)
        padded = np.concatenate([edge, x, edge])
        return _relu(self._linear("near", np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)))

    def _point(self, block: Block, seen: Floats, cue: Pair, rules: Sequence[Draft]) -> tuple[Pair | None, Pair | None]:
        low, distance, told = pair_features(block, cue, rules)
        at = np.concatenate([seen[cue[0]], seen[cue[1]]])
        near = seen[low : low + len(told)]
        asked = self._linear("ask", at)
        x = np.concatenate([near, near * asked, self._w["distance.weight"][distance], told], axis=1)
        scores = self._linear("pair2", _relu(self._linear("pair1", x)))
        none = self._linear("none", at)
        return _best(scores[:, :2], none[:2], low), _best(scores[:, 2:], none[2:], low)

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"], dtype=np.float32)


def _best(scores: Floats, none: Floats, low: int) -> Pair | None:
    """The likeliest span by its first and last word, none when that is likelier."""
    together = np.where(np.tri(len(scores), dtype=bool).T, scores[:, :1] + scores[None, :, 1], -np.inf)
    at = int(together.argmax())
    if together.flat[at] < float(none.sum()):
        return None
    first, last = divmod(at, len(scores))
    return low + first, low + last


def _log_softmax(x: Floats) -> Floats:
    top = x - x.max(1, keepdims=True)
    return np.asarray(top - np.log(np.exp(top).sum(1, keepdims=True)), dtype=np.float32)


def _relu(x: Floats) -> Floats:
    return np.asarray(np.maximum(x, 0), dtype=np.float32)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)
