"""The encoder at run time: word pieces in windows, one ONNX session, hidden states and head logits for every piece.

A long report is read in overlapping windows; of a piece that stands in two, the window in which it stands further from
the edge counts. Windows of like length share a batch, so that little is spent on padding.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tadmor.errors import MissingResource

Floats: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
LONGEST = 256  # pieces in a window, its two marks included
STRIDE = 176
_BATCH = 4096  # pieces in a batch, padding included
_MEND = "reinstall tadmor, or build the weights with `make train`"


def between(starts: Ints, ends: Ints, start: int, end: int) -> tuple[int, int]:
    """The pieces that a span of the text covers, as a range; empty when it covers none."""
    low = int(ends.searchsorted(start, side="right"))
    high = int(starts.searchsorted(end, side="left"))
    return low, max(low, high)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as the network sees it: offsets of its N pieces (code points), hidden states (N, width), logits by head."""

    starts: Ints
    ends: Ints
    hidden: Floats
    logits: Mapping[str, Floats]
    ids: Ints
    case: Ints

    def pieces(self, start: int, end: int) -> tuple[int, int]:
        """The pieces that a span of the text covers, as a range; empty when it covers none."""
        return between(self.starts, self.ends, start, end)

    def mean(self, start: int, end: int) -> Floats:
        """The mean hidden state of a span; zeros when no piece is in it."""
        low, high = self.pieces(start, end)
        if low == high:
            return np.zeros(self.hidden.shape[1], dtype=np.float32)
        return np.asarray(self.hidden[low:high].mean(0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """A clause to look at: indices of the pieces in view, how many of them are of the report's head, marks, the type's mark."""

    pieces: Ints
    head: int
    marks: Ints
    kind: int


@dataclass(frozen=True, slots=True)
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

    def spans(self) -> list[tuple[int, int]]:
        """What of the text is in view: the head, where it stands apart, and the context (code points)."""
        parts = [(0, self.head), (self.head, len(self.starts))]
        return [(int(self.starts[a]), int(self.ends[b - 1])) for a, b in parts if a < b]


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
            self._session = onnxruntime.InferenceSession(
                str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise MissingResource(f"the reader's weights in {folder} cannot be loaded ({error}): {_MEND}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last, self._pad = self.manifest["marks"]
        self.practice = int(self.manifest["practice"])  # mark at a window's end: how those code whom the reader follows
        self._columns: dict[str, slice] = {}
        at = 0
        for name, n in self.manifest["heads"].items():
            self._columns[name] = slice(at, at + n)
            at += n
        self._size = at

    def encode(self, text: str) -> Encoded:
        """Hidden states and logits of every piece of the text."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.asarray(encoding.ids, dtype=np.int64)
        offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        case = np.fromiter((case_of(text[a:b]) for a, b in encoding.offsets), dtype=np.int64, count=len(ids))
        hidden = np.zeros((len(ids), int(self.manifest["width"])), dtype=np.float32)
        logits = np.zeros((len(ids), self._size), dtype=np.float32)
        spans = _spans(len(ids))
        for batch in _batches([b - a for a, b in spans]):
            rows = [(ids[a:b], case[a:b], None, 0) for a, b in (spans[i] for i in batch)]
            out_hidden, out_logits = self.forward(self._inputs(rows))
            for row, i in enumerate(batch):
                a = spans[i][0]
                low, high = _own(spans, i)
                hidden[low:high] = out_hidden[row, 1 + low - a : 1 + high - a]
                logits[low:high] = out_logits[row, 1 + low - a : 1 + high - a]
        split = {name: logits[:, columns] for name, columns in self._columns.items()}
        return Encoded(offsets[:, 0], offsets[:, 1], hidden, split, ids, case)

    def look_at(self, encoded: Encoded, looks: Sequence[Look]) -> list[View]:
        """Each clause read again in its context, marked with its type."""
        out: list[View | None] = [None] * len(looks)
        roles, certainty, valid, form = (self._columns[k] for k in ("roles", "certainty", "valid", "form"))
        for batch in _batches([len(x.pieces) for x in looks]):
            rows = [(encoded.ids[x.pieces], encoded.case[x.pieces], x.marks, x.kind) for x in (looks[i] for i in batch)]
            (logits,) = self.forward(self._inputs(rows), ("logits",))
            for row, i in enumerate(batch):
                x, own = looks[i], logits[row]
                out[i] = View(
                    encoded.starts[x.pieces],
                    encoded.ends[x.pieces],
                    own[1 : len(x.pieces) + 1, roles],
                    own[0, certainty],
                    float(own[0, valid][0]),
                    own[0, form],
                    x.head,
                )
        return [v for v in out if v is not None]

    def _inputs(self, rows: Sequence[tuple[Ints, Ints, Ints | None, int]]) -> dict[str, Ints]:
        """What the network is given of one batch; each row has ids, cases, marks (None for none) and the mark of its start."""
        longest = max(len(r[0]) for r in rows) + 2
        shape = (len(rows), longest)
        inputs = {k: np.zeros(shape, dtype=np.int64) for k in ("mask", "case", "mark")}
        inputs["ids"] = np.full(shape, self._pad, dtype=np.int64)
        for row, (ids, case, marks, first) in enumerate(rows):
            n = len(ids)
            inputs["ids"][row, 0], inputs["ids"][row, 1 : n + 1], inputs["ids"][row, n + 1] = (
                self._first,
                ids,
                self._last,
            )
            inputs["case"][row, 1 : n + 1] = case
            inputs["mask"][row, : n + 2] = 1
            inputs["mark"][row, 0], inputs["mark"][row, n + 1] = first, self.practice
            if marks is not None:
                inputs["mark"][row, 1 : n + 1] = marks
        return inputs

    def forward(self, inputs: Mapping[str, Ints], wanted: Sequence[str] = ("hidden", "logits")) -> list[Floats]:
        """The bare network: what is ``wanted`` of ids, mask, case and mark, each (B, T).

        That is hidden states (B, T, width) and logits (B, T, all heads); what is not wanted is not handed over.
        """
        return list(self._session.run(list(wanted), dict(inputs)))


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


def _spans(n: int) -> list[tuple[int, int]]:
    step = LONGEST - 2
    spans, start = [], 0
    while start < n:
        spans.append((start, min(n, start + step)))
        if start + step >= n:
            break
        start += STRIDE
    return spans


def _own(spans: list[tuple[int, int]], i: int) -> tuple[int, int]:
    """The part of window i for which it counts: up to the middle of its overlaps with its neighbours."""
    low, high = spans[i]
    if i > 0:
        low = (spans[i][0] + spans[i - 1][1]) // 2
    if i + 1 < len(spans):
        high = (spans[i + 1][0] + spans[i][1]) // 2
    return low, high


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Indices in batches of like length, each of at most ``_BATCH`` pieces with padding."""
    out: list[list[int]] = []
    current: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if current and (len(current) + 1) * (lengths[i] + 2) > _BATCH:
            out.append(current)
            current = []
        current.append(i)
    return [*out, current] if current else out


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
