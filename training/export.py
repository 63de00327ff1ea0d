"""From trained weights to what ships: int8 ONNX, tokenizer, manifest with hashes; run ``python -m training.export``."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from tadmor.reading.embedded.session import case_of
from training.coded import PRACTICES
from training.encoders import ENCODERS, Encoder
from training.network import PRACTICE, TYPES, WHOLE, Heads, Looker, Reader
from training.windows import tokenizer

PACKAGE = Path(__file__).resolve().parents[1] / "src/tadmor/reading/embedded/weights"
LEAST_COSINE = 0.98  # of hidden states, int8 against full precision: below, the export is faulty
MARKS = ("ids", "mask", "case", "mark")
LOOKS = ("words", "mask", "mark", "near")
FILES = ("reader.onnx", "looks.onnx", "tokenizer.json")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("weights", type=Path)
    ap.add_argument("--out", type=Path, default=PACKAGE)
    ap.add_argument("--version", required=True)
    ap.add_argument("--settings", type=Path, help="a manifest whose settings (training.settle) are taken over")
    a = ap.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    source, model = opened(a.weights)
    ids = torch.randint(1000, 20000, (2, 40))
    example = (ids, torch.ones_like(ids), torch.ones_like(ids), torch.zeros_like(ids))
    full, small = small_one(Texts(model), example, MARKS, ("hidden", "logits", "words"), a.out / "reader.onnx")
    cosine = _cosine(full, small, source)
    print(f"cosine of hidden states, int8 against full: {cosine:.4f}; {small.stat().st_size / 1e6:.1f} MB")
    if cosine < LEAST_COSINE:
        raise SystemExit(f"below {LEAST_COSINE}: not shipped")
    probes = probe(model, source)
    full.unlink()
    looker(Looker(model, (source.first, source.last)), a.out)
    shutil.copyfile(source.folder / "tokenizer.json", a.out / "tokenizer.json")
    settings = json.loads(a.settings.read_text(encoding="utf-8")) if a.settings else {}
    manifest = {
        "version": a.version,
        "encoder": source.name,
        "width": model.encoder.config.hidden_size,
        "marks": [source.first, source.last, source.pad],
        "practice": PRACTICE[PRACTICES[0]],
        "types": list(TYPES),
        "heads": Heads(len(TYPES)).sizes,
        "looks": WHOLE,
        "cosine": round(cosine, 4),
        "probes": probes,
        **{k: settings[k] for k in ("combiner", "verdict", "roles", "speakers", "repeats") if k in settings},
        "sha256": {n: hashlib.sha256((a.out / n).read_bytes()).hexdigest() for n in FILES},
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


class Texts(nn.Module):
    """The reader as it reads texts at run time: with the word vectors that looks begin with."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden states, logits of all heads, vectors of the pieces with their case."""
        ids, _, case, _ = inputs
        hidden, logits = self.reader(*inputs)
        return hidden, logits, self.reader.encoder.embeddings.word_embeddings(ids) + self.reader.case(case)


def small_one(
    model: nn.Module, example: tuple[torch.Tensor, ...], names: Sequence[str], out: Sequence[str], path: Path
) -> tuple[Path, Path]:
    """Writes a module as int8 ONNX; the file in full precision, to be deleted, and the small one."""
    full = path.with_name("full.onnx")
    axes = {0: "batch", 1: "pieces"}
    torch.onnx.export(
        model.eval(), example, str(full), dynamo=False, opset_version=17, input_names=list(names),
        output_names=list(out), dynamic_axes={n: axes if n != "whole" else {0: "batch"} for n in (*names, *out)},
    )  # fmt: skip
    # Per channel with a reduced range: the plain int8 of the default loses much on processors without VNNI.
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    return full, path


def looker(model: Looker, folder: Path) -> None:
    """Writes ``looks.onnx``."""
    places = torch.ones(2, 40, dtype=torch.long)
    example = (torch.randn(2, 40, model.mark.embedding_dim), places, places, places)
    full, _ = small_one(model, example, LOOKS, ("roles", "whole"), folder / "looks.onnx")
    full.unlink()


def opened(weights: Path) -> tuple[Encoder, nn.Module]:
    """The encoder that the weights were trained from, and the trained network."""
    from dataclasses import replace

    state = torch.load(weights, weights_only=True, map_location="cpu")
    source = replace(ENCODERS[state["encoder"]], layers=state["layers"])
    model = Reader(source.load(pretrained=False), Heads(len(TYPES)))
    model.restore(state["model"])
    return source, model.eval()


PROBES = (
    "Rebels captured the town on Sunday, the Observatory said.",
    "The ministry denied that ISIS fighters had entered the city.",
    "At least 12 people were killed in air strikes on Aleppo.",
)


def probe(model: nn.Module, source: Encoder) -> dict[str, list[float]]:
    """Mean hidden states of fixed sentences in full precision, against which a test holds what ships."""
    tok = tokenizer(source.folder)
    out = {}
    for text in PROBES:
        encoding = tok.encode(text, add_special_tokens=False)
        ids = torch.tensor([[source.first, *encoding.ids, source.last]])
        case = torch.tensor([[0, *(case_of(text[a:b]) for a, b in encoding.offsets), 0]])
        with torch.no_grad():
            mark = torch.zeros_like(ids)
            mark[0, -1] = PRACTICE[PRACTICES[0]]
            hidden, _ = model(ids, torch.ones_like(ids), case, mark)
        out[text] = [round(float(x), 4) for x in hidden[0, 1:-1].mean(0)]
    return out


def _cosine(full: Path, small: Path, source: Encoder) -> float:
    rng = np.random.default_rng(3)
    ids = rng.integers(1000, 20000, (8, 64))
    ids[:, 0], ids[:, -1] = source.first, source.last
    feed = {"ids": ids, "mask": np.ones_like(ids), "case": np.ones_like(ids), "mark": np.zeros_like(ids)}
    x, y = (
        onnxruntime.InferenceSession(str(p), providers=["CPUExecutionProvider"]).run(["hidden"], feed)[0]
        for p in (full, small)
    )
    x, y = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    return float(((x * y).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)).mean())


if __name__ == "__main__":
    main()
