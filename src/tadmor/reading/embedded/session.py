"""The network at run time: word pieces in windows, hidden states and head logits for every piece, and looks at single clauses.

A long report is read in overlapping windows; of a piece that stands in two, the window in which it stands further from
the edge counts. A look reads what is around its clause anew, with a mark on the clause, by layers of its own that share the
word vectors. Windows and looks go one at a time: on a processor that is a third faster than batches, whose states outgrow its
caches, nothing is spent on padding, and what is said of a clause depends on no other.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tadmor.errors import MissingResource
from tadmor.reading.embedded import windows
from tadmor.reading.embedded.windows import Ints

Floats: TypeAlias = npt.NDArray[np.float32]
Offsets: TypeAlias = Sequence[int] | Ints
_NONE = np.zeros((0, 0), dtype=np.float32)
_MEND = "reinstall tadmor, or build the weights with `make train`"


def between(starts: Offsets, ends: Offsets, start: int, end: int) -> tuple[int, int]:
    """The pieces that a span of the text covers, as a range; empty when it covers none. Lists are searched fastest."""
    low, high = bisect_right(ends, start), bisect_left(starts, end)
    return low, high if high > low else low


@dataclass(frozen=True)  # without slots: what is asked for again is worked out once
class Encoded:
    """A text as the network sees it: offsets of its N pieces (code points), hidden states (N, width), logits by head.

    ``words`` (N, width) are the vectors of the pieces, before any layer: looks begin with them.
    """

    starts: Ints
    ends: Ints
    hidden: Floats
    logits: Mapping[str, Floats]
    ids: Ints
    case: Ints
    words: Floats = field(default_factory=lambda: _NONE)

    @cached_property
    def offsets(self) -> tuple[list[int], list[int]]:
        """Where the pieces start and where they end, as lists."""
        return self.starts.tolist(), self.ends.tolist()

    def pieces(self, start: int, end: int) -> tuple[int, int]:
        """The pieces that a span of the text covers, as a range; empty when it covers none."""
        return between(*self.offsets, start, end)

    def mean(self, start: int, end: int) -> Floats:
        """The mean hidden state of a span; zeros when no piece is in it."""
        low, high = self.pieces(start, end)
        if low == high:
            return np.zeros(self.hidden.shape[1], dtype=np.float32)
        return np.asarray(np.add.reduce(self.hidden[low:high], 0) / np.float32(high - low), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """A clause to look at: indices of the pieces in view, how many of them are of the report's head, marks, the type's mark.

    ``clause`` is the range of its pieces.
    """

    pieces: Ints
    head: int
    marks: Ints
    kind: int
    clause: tuple[int, int]

    def marked(self, practice: int) -> Ints:
        """The marks with those of the place before (the type's) and of the place after (the practice of coders)."""
        return np.concatenate([(self.kind,), self.marks, (practice,)], dtype=np.int64)

    def distances(self) -> Ints:
        """Buckets of the pieces' distances to the clause, with those of the places before and after."""
        near = windows.near(self.pieces, self.head, *self.clause)
        return np.concatenate([(windows.FIRST,), near, (windows.LAST,)], dtype=np.int64)


@dataclass(frozen=True)  # without slots, as Encoded
class View:
    """What the network says when it looks at a clause.

    Logits of roles for each piece (N, roles), of certainty for the claim, of there being such a claim at all, and of the
    form of its date. The first ``head`` pieces are of the report's head, and others may lie between them and the rest.
    """

    starts: Ints
    ends: Ints
    roles: Floats
    certainty: Floats
    valid: float
    form: Floats
    head: int = 0

    @cached_property
    def offsets(self) -> tuple[list[int], list[int]]:
        """Where the pieces start and where they end, as lists."""
        return self.starts.tolist(), self.ends.tolist()

    def pieces(self, start: int, end: int) -> tuple[int, int]:
        """The pieces in view that a span of the text covers, as a range; empty when it covers none."""
        return between(*self.offsets, start, end)

    def runs(self, role: int) -> list[tuple[int, int]]:
        """Ranges of pieces that are likely to fill a role (an index of its logits), none across the end of the head."""
        out: list[tuple[int, int]] = []
        for i in np.flatnonzero(self.roles[:, role] > 0).tolist():
            if out and out[-1][1] == i != self.head:
                out[-1] = (out[-1][0], i + 1)
            else:
                out.append((i, i + 1))
        return out

    def spans(self) -> list[tuple[int, int]]:
        """What of the text is in view: the head, where it stands apart, and the context (code points)."""
        starts, ends = self.offsets
        parts = [(0, self.head), (self.head, len(starts))]
        return [(starts[a], ends[b - 1]) for a, b in parts if a < b]


class Encoder:
    """The network with its tokenizer; opened once, safe to use from several threads. Raises MissingResource."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.folder = folder
        self.manifest = _manifest(folder)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
        try:
            self._text, self._clause = (
                onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
                for name in ("reader.onnx", "looks.onnx")
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise MissingResource(f"the reader's weights in {folder} cannot be loaded ({error}): {_MEND}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last, self._pad = self.manifest["marks"]
        self.practice = int(self.manifest["practice"])  # mark at a window's end: how those code whom the reader follows
        self.columns, self._size = _columns(self.manifest["heads"])
        self._parts, _ = _columns(self.manifest["looks"])

    def encode(self, text: str) -> Encoded:
        """Hidden states and logits of every piece of the text."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.asarray(encoding.ids, dtype=np.int64)
        offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        case = np.fromiter((case_of(text[a:b]) for a, b in encoding.offsets), dtype=np.int64, count=len(ids))
        width = int(self.manifest["width"])
        hidden, words = np.zeros((2, len(ids), width), dtype=np.float32)
        logits = np.zeros((len(ids), self._size), dtype=np.float32)
        spans = windows.spans(len(ids))
        for i, (a, b) in enumerate(spans):
            low, high = windows.own(spans, i)
            for whole, part in zip((hidden, logits, words), self.read(self.text(ids[a:b], case[a:b])), strict=True):
                whole[low:high] = part[0, 1 + low - a : 1 + high - a]
        split = {name: logits[:, columns] for name, columns in self.columns.items()}
        return Encoded(offsets[:, 0], offsets[:, 1], hidden, split, ids, case, words)

    def look_at(self, encoded: Encoded, looks: Sequence[Look]) -> list[View]:
        """Each clause in its context, marked with its type, seen by the layers that look."""
        certainty, valid, form = (self._parts[k] for k in ("certainty", "valid", "form"))
        out = []
        for x in looks:
            roles, (whole,) = self.look(self.clause(encoded, x))
            starts, ends = encoded.starts[x.pieces], encoded.ends[x.pieces]
            own = roles[0, 1 : len(x.pieces) + 1]
            out.append(View(starts, ends, own, whole[certainty], float(whole[valid][0]), whole[form], x.head))
        return out

    def text(self, ids: Ints, case: Ints) -> dict[str, Ints]:
        """What the network is given of a window: ids and cases of its pieces, a mark before and one after them."""
        n = len(ids)
        inputs = {k: np.zeros((1, n + 2), dtype=np.int64) for k in ("ids", "case", "mark")}
        inputs["mask"] = np.ones((1, n + 2), dtype=np.int64)
        inputs["ids"][0, 0], inputs["ids"][0, 1 : n + 1], inputs["ids"][0, n + 1] = self._first, ids, self._last
        inputs["case"][0, 1 : n + 1] = case
        inputs["mark"][0, n + 1] = self.practice
        return inputs

    def clause(self, encoded: Encoded, x: Look) -> dict[str, npt.NDArray[Any]]:
        """What the layers that look are given of a clause: vectors of the pieces in view, a place before and one after them."""
        n = len(x.pieces)
        words = np.empty((1, n + 2, encoded.words.shape[1]), dtype=np.float32)
        words[0, 0] = words[0, n + 1] = 0.0
        np.take(encoded.words, x.pieces, axis=0, out=words[0, 1 : n + 1], mode="clip")  # not "raise", which would copy
        return {
            "words": words,
            "mask": np.ones((1, n + 2), dtype=np.int64),
            "mark": x.marked(self.practice)[None],
            "near": x.distances()[None],
        }

    def read(self, inputs: Mapping[str, Ints]) -> tuple[Floats, Floats, Floats]:
        """Hidden states, logits of all heads and word vectors (each B, T, ...) of ids, mask, case and mark, each (B, T)."""
        hidden, logits, words = self._text.run(["hidden", "logits", "words"], dict(inputs))
        return hidden, logits, words

    def look(self, inputs: Mapping[str, npt.NDArray[Any]]) -> tuple[Floats, Floats]:
        """Logits of roles (B, T, roles) and of the whole (B, ...) of word vectors (B, T, width), mask, mark and near."""
        roles, whole = self._clause.run(["roles", "whole"], dict(inputs))
        return roles, whole


def _columns(heads: Mapping[str, int]) -> tuple[dict[str, slice], int]:
    """Where the logits of each head stand side by side, and how many there are."""
    columns, at = {}, 0
    for name, n in heads.items():
        columns[name] = slice(at, at + n)
        at += n
    return columns, at


@lru_cache(maxsize=8192)  # pieces are those of a vocabulary, written in a few ways
def case_of(piece: str) -> int:
    """The case feature of a piece: 0 no letters, 1 lower, 2 Capital, 3 CAPITALS, 4 miXed."""
    letters = [c for c in piece if c.isalpha()]
    if not letters:
        return 0
    if all(c.islower() for c in letters):
        return 1
    if all(c.isupper() for c in letters):
        return 3 if len(letters) > 1 else 2
    return 2 if letters[0].isupper() and all(c.islower() for c in letters[1:]) else 4


@cache
def default() -> Encoder:
    """The encoder that ships in the package; TADMOR_THREADS in the environment says how many threads it may use."""
    # Where several processes read side by side, each of them taking every core would only have them wait for each other.
    threads = os.environ.get("TADMOR_THREADS", "")
    folder = Path(str(files("tadmor.reading.embedded").joinpath("weights")))
    return Encoder(folder, threads=int(threads) if threads.isdecimal() and int(threads) else None)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingResource(f"the reader's weights are not in {folder} ({error}): {_MEND}") from error
    for name, want in manifest["sha256"].items():
        try:
            got = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise MissingResource(f"{folder / name} cannot be read ({error}): {_MEND}") from error
        if got != want:
            raise MissingResource(f"{folder / name} is damaged (its hash is not the recorded one): {_MEND}")
    return manifest
