"""From trained weights to what ships: int8 ONNX, tokenizer, manifest with hashes; run ``python -m training.export``."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertConfig, BertModel

from tadmor.reading.embedded.session import case_of
from training.network import Heads, Reader
from training.train_tokens import ENCODER, TYPES
from training.windows import tokenizer

PACKAGE = Path(__file__).resolve().parents[1] / "src/tadmor/reading/embedded/weights"
LEAST_COSINE = 0.98  # of hidden states, int8 against full precision: below, the export is faulty


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("weights", type=Path)
    ap.add_argument("--out", type=Path, default=PACKAGE)
    ap.add_argument("--version", required=True)
    ap.add_argument("--combiner", type=Path, help="a manifest to take the combiner from (training.train_combiner)")
    a = ap.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    model = Reader(BertModel(BertConfig.from_pretrained(ENCODER), add_pooling_layer=False), Heads(len(TYPES)))
    state = torch.load(a.weights, weights_only=True)
    model.load_state_dict(state["model"], strict="slots" in state)
    model.eval()
    full, small = a.out / "full.onnx", a.out / "reader.onnx"
    ids = torch.randint(1000, 20000, (2, 40))
    example = (ids, torch.ones_like(ids), torch.ones_like(ids), torch.zeros_like(ids))
    axes = {0: "batch", 1: "pieces"}
    torch.onnx.export(
        model, example, str(full), dynamo=False, opset_version=17,
        input_names=["ids", "mask", "case", "mark"], output_names=["hidden", "logits"],
        dynamic_axes=dict.fromkeys(("ids", "mask", "case", "mark", "hidden", "logits"), axes),
    )  # fmt: skip
    # Per channel with a reduced range: the plain int8 of the default loses much on processors without VNNI.
    quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    cosine = _cosine(full, small)
    print(f"cosine of hidden states, int8 against full: {cosine:.4f}; {small.stat().st_size / 1e6:.1f} MB")
    if cosine < LEAST_COSINE:
        raise SystemExit(f"below {LEAST_COSINE}: not shipped")
    probes = probe(model)
    full.unlink()
    shutil.copyfile(ENCODER / "tokenizer.json", a.out / "tokenizer.json")
    names = ["reader.onnx", "tokenizer.json"]
    if "slots" in state:
        arrays = {k: v.numpy().astype(np.float16) for part in ("slots", "link") for k, v in state[part].items()}
        np.savez_compressed(a.out / "slots.npz", **arrays)
        names.append("slots.npz")
    manifest = {
        "version": a.version,
        "width": 384,
        "types": list(TYPES),
        "heads": Heads(len(TYPES)).sizes,
        "cosine": round(cosine, 4),
        "probes": probes,
        "combiner": json.loads(a.combiner.read_text(encoding="utf-8"))["combiner"] if a.combiner else {},
        "sha256": {n: hashlib.sha256((a.out / n).read_bytes()).hexdigest() for n in names},
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


PROBES = (
    "Rebels captured the town on Sunday, the Observatory said.",
    "The ministry denied that ISIS fighters had entered the city.",
    "At least 12 people were killed in air strikes on Aleppo.",
)


def probe(model: Reader) -> dict[str, list[float]]:
    """Mean hidden states of fixed sentences in full precision, against which a test holds what ships."""
    tok = tokenizer(ENCODER)
    out = {}
    for text in PROBES:
        encoding = tok.encode(text, add_special_tokens=False)
        ids = torch.tensor([[101, *encoding.ids, 102]])
        case = torch.tensor([[0, *(case_of(text[a:b]) for a, b in encoding.offsets), 0]])
        with torch.no_grad():
            hidden, _ = model(ids, torch.ones_like(ids), case, torch.zeros_like(ids))
        out[text] = [round(float(x), 4) for x in hidden[0, 1:-1].mean(0)]
    return out


def _cosine(full: Path, small: Path) -> float:
    rng = np.random.default_rng(3)
    ids = rng.integers(1000, 20000, (8, 64))
    ids[:, 0], ids[:, -1] = 101, 102
    feed = {"ids": ids, "mask": np.ones_like(ids), "case": np.ones_like(ids), "mark": np.zeros_like(ids)}
    x, y = (
        onnxruntime.InferenceSession(str(p), providers=["CPUExecutionProvider"]).run(["hidden"], feed)[0]
        for p in (full, small)
    )
    x, y = x.reshape(-1, x.shape[-1]), y.reshape(-1, y.shape[-1])
    return float(((x * y).sum(1) / np.linalg.norm(x, axis=1) / np.linalg.norm(y, axis=1)).mean())


if __name__ == "__main__":
    main()
