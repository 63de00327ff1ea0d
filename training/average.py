"""The mean of two trained networks of one lineage: ``python -m training.average OLD NEW --out FILE``.

What a long last stretch learns by heart of the texts that it sees again and again is halved, what both know stays (averaging
of weights along a run: Izmailov et al. 2018). Heads that the older network had not are those of the newer.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

State = dict[str, torch.Tensor]


def average(old: State, new: State, share: float = 0.5) -> State:
    """The weights, ``share`` of them those of ``new``; rows that only ``new`` has (heads, marks) stay as they are."""
    out: State = {}
    for name, value in new.items():
        before = old.get(name)
        mixed = value.clone()
        if before is not None and value.dtype.is_floating_point:
            n = len(before) if value.dim() else 1
            part = mixed[:n] if value.dim() else mixed
            part.mul_(share).add_(before, alpha=1 - share)
        out[name] = mixed
    return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("old", type=Path)
    ap.add_argument("new", type=Path)
    ap.add_argument("--share", type=float, default=0.5)
    ap.add_argument("--out", type=Path, required=True)
    a = ap.parse_args()
    old, new = (torch.load(p, weights_only=True) for p in (a.old, a.new))
    torch.save(new | {"model": average(old["model"], new["model"], a.share)}, a.out)


if __name__ == "__main__":
    main()
