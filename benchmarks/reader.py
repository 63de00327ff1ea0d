"""The embedded reader against the bare forward of its own network, and against an encoder of RoBERTa-base's size.

All in one run, on one thread, on the very inputs that the reader sent: ratios of processor time are the figures. The large
encoder reads the text alone, once, and has random weights, which take the same time as trained ones: it is the least that a
reader built on one would need.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tadmor import pipeline
from tadmor.evaluate.run import report_of
from tadmor.model import Report
from tadmor.reading.embedded.reader import EmbeddedReader
from tadmor.reading.embedded.session import Encoder, default

LAYERS, WIDTH, HEADS, INNER, VOCABULARY, POSITIONS = 12, 768, 12, 3072, 50265, 512
Batch = dict[str, Any]


class Listening(Encoder):
    """The shipped encoder on one thread, which keeps every batch that it is sent."""

    def __init__(self) -> None:
        super().__init__(default().folder, threads=1)
        self.batches: list[Batch] = []

    def read(self, inputs: Batch) -> Any:
        self.batches.append(inputs)
        return super().read(inputs)

    def look(self, inputs: Batch) -> Any:
        self.batches.append(inputs)
        return super().look(inputs)


def measure(rows: Path, most: int = 60) -> dict[str, float]:
    """Times of reader, bare forward and large encoder over the same reports, as ratios to the bare forward."""
    encoder = Listening()
    reader = EmbeddedReader(pipeline.resources().recognisers(), encoder)
    texts = [json.loads(x) for x in rows.read_text(encoding="utf-8").splitlines()[: most + 5] if x.strip()]
    reports = [report_of(r) for r in texts]
    for report in reports[:5]:
        reader.read(report)  # lexicons and caches are filled
    # each the least of three runs, in turns: what else the machine does only ever adds
    runs = []
    for _ in range(3):
        encoder.batches.clear()
        took = _reading(reader, reports[5:])
        batches = list(encoder.batches)
        runs.append((took, _forward(encoder, batches)))
    read, bare = map(min, zip(*runs, strict=True))
    large = large_encoder(threads=1)
    texts = [b for b in batches if "ids" in b]
    some = texts[:: max(1, len(texts) // 12)]  # the large one is slow: a sample, scaled by pieces
    begin = time.process_time()
    for batch in some:
        large.run(None, {"ids": batch["ids"] % VOCABULARY, "mask": batch["mask"]})
    scale = _pieces(texts) / _pieces(some)
    big = (time.process_time() - begin) * scale
    return {
        "reader_to_bare_forward": read / bare,
        "roberta_base_size_to_bare_forward": big / bare,
        "reader_to_roberta_base_size": read / big,
        "reports_per_second_one_thread": len(reports[5:]) / read,
        "pieces_per_report": _pieces(batches) / len(reports[5:]),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _reading(reader: EmbeddedReader, reports: Sequence[Report]) -> float:
    begin = time.process_time()
    for report in reports:
        reader.read(report)
    return time.process_time() - begin


def _forward(encoder: Encoder, batches: list[Batch]) -> float:
    begin = time.process_time()
    for batch in batches:
        (Encoder.read if "ids" in batch else Encoder.look)(encoder, batch)
    return time.process_time() - begin


def _pieces(batches: list[Batch]) -> int:
    return sum(b["mask"].size for b in batches)


def large_encoder(threads: int) -> Any:
    """An ONNX session of an encoder with RoBERTa-base's sizes (Liu et al. 2019, table 9) and random weights."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(1)
    nodes: list[Any] = []
    weights: list[Any] = []

    def constant(name: str, value: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(value, name))
        return name

    def random(name: str, *shape: int) -> str:
        return constant(name, (rng.standard_normal(shape) * 0.02).astype(np.float32))

    def node(kind: str, inputs: list[str], output: str, **more: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **more))
        return output

    def linear(x: str, name: str, a: int, b: int) -> str:
        product = node("MatMul", [x, random(f"{name}.w", a, b)], f"{name}.product")
        return node("Add", [product, random(f"{name}.b", b)], name)

    def norm(x: str, name: str) -> str:
        scale, shift = (
            constant(f"{name}.s", np.ones(WIDTH, np.float32)),
            constant(f"{name}.z", np.zeros(WIDTH, np.float32)),
        )
        return node("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=1e-5)

    split = constant("split", np.array([0, 0, HEADS, WIDTH // HEADS]))
    join = constant("join", np.array([0, 0, WIDTH]))
    root = constant("root", np.array((WIDTH // HEADS) ** 0.5, np.float32))
    halves = [constant(k, np.array(v, np.float32)) for k, v in (("half", 0.5), ("one", 1.0), ("sqrt2", 2**0.5))]
    seen = node("Cast", ["mask"], "seen", to=TensorProto.FLOAT)
    hidden = node("Sub", [halves[1], seen], "unseen")
    hidden = node("Mul", [hidden, constant("low", np.array(-1e4, np.float32))], "bias.flat")
    bias = node("Unsqueeze", [hidden, constant("axes", np.array([1, 2]))], "bias")
    x = norm(node("Gather", [random("words", VOCABULARY, WIDTH), "ids"], "embedded"), "layer.0")
    for i in range(LAYERS):
        parts = {}
        for k, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
            flat = linear(x, f"{i}.{k}", WIDTH, WIDTH)
            shaped = node("Reshape", [flat, split], f"{i}.{k}.shaped")
            parts[k] = node("Transpose", [shaped], f"{i}.{k}.turned", perm=order)
        scores = node("Div", [node("MatMul", [parts["q"], parts["k"]], f"{i}.qk"), root], f"{i}.scaled")
        shares = node("Softmax", [node("Add", [scores, bias], f"{i}.masked")], f"{i}.shares", axis=-1)
        mixed = node("Transpose", [node("MatMul", [shares, parts["v"]], f"{i}.mixed")], f"{i}.back", perm=[0, 2, 1, 3])
        told = linear(node("Reshape", [mixed, join], f"{i}.joined"), f"{i}.out", WIDTH, WIDTH)
        x = norm(node("Add", [x, told], f"{i}.sum"), f"{i}.norm")
        wide = linear(x, f"{i}.up", WIDTH, INNER)
        error = node("Erf", [node("Div", [wide, halves[2]], f"{i}.over")], f"{i}.erf")
        gate = node("Mul", [node("Add", [error, halves[1]], f"{i}.plus"), halves[0]], f"{i}.gate")
        down = linear(node("Mul", [wide, gate], f"{i}.gelu"), f"{i}.down", INNER, WIDTH)
        x = norm(node("Add", [x, down], f"{i}.sum2"), f"layer.{i + 1}")
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "pieces"]) for n in ("ids", "mask")]
    outputs = [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "pieces", WIDTH])]
    graph = helper.make_graph(nodes, "encoder", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
