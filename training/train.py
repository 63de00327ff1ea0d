"""Training: one encoder for whole texts and for single clauses looked at in their context, with all heads; resumable.

Whole texts teach the heads that find things (mentions, attributions, claims by type, triggers). A coded claim, its clause
marked in the input, teaches who did it, to whom, where, when, how many, who says so and how certain it is.
``python -m training.train --out FOLDER``; ``--coded`` gives the weight to coded reports that the second phase needs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from tadmor.reading.embedded.looks import NARROW, ROLES
from training import candidates, coded, looks
from training import examples as ex
from training.device import DEVICE, tensor
from training.encoders import ENCODERS, Encoder
from training.network import CERTAINTY, PRACTICE, TYPES, Heads, Reader
from training.windows import IGNORE, Window, packed, tokenizer, windows, without_commas

WEIGHT = {
    "mentions": 1.0, "names": 0.4, "source": 0.7, "cue": 0.7, "content": 1.0, "inner": 0.5, "trigger": 0.5, "certainty": 0.2,
}  # fmt: skip
SILVER = 0.3  # weight of labels that an earlier reader gave
FORM = 0.3  # weight of the form of dates
VALID = 0.5  # weight of telling claims from what coders passed over
BARE = 0.2  # share of windows that lose their commas
Batch = tuple[str, list]


def by_length(
    pool: list, budget: int, rng: random.Random, length: Callable[[Any], int] = lambda w: len(w.ids)
) -> list[list]:
    """Batches of windows, or of what ``length`` tells the pieces of, of like length, each of at most ``budget`` with padding."""
    pool = sorted(pool, key=lambda w: (length(w) // 8, rng.random()))
    out: list[list] = []
    current: list = []
    for w in pool:
        if current and (len(current) + 1) * max(length(w), length(current[-1])) > budget:
            out.append(current)
            current = []
        current.append(w)
    return [*out, current] if current else out


def collate_texts(batch: list[Window], pad: int) -> dict:
    """The batch as padded tensors; a head that a window has no labels for is ignored there."""
    longest, n = max(len(w.ids) for w in batch), len(batch)
    ids, (mask, case, mark) = np.full((n, longest), pad), np.zeros((3, n, longest), dtype=np.int64)
    labels: dict[str, np.ndarray] = {}
    multi: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for i, w in enumerate(batch):
        k = len(w.ids)
        ids[i, :k], mask[i, :k], case[i, :k], mark[i, k - 1] = w.ids, 1, w.case, w.practice
        for name, values in w.labels.items():
            labels.setdefault(name, np.full((n, longest), IGNORE, dtype=np.int64))[i, :k] = values
        for name, values in w.multi.items():
            target, valid = multi.setdefault(
                name, (np.zeros((n, longest, values.shape[1]), np.float32), np.zeros((n, longest), np.float32))
            )
            target[i, :k], valid[i, 1 : k - 1] = values, 1
    t, weight = tensor, np.array([w.weight for w in batch], dtype=np.float32)
    return {
        "ids": t(ids), "mask": t(mask), "case": t(case), "mark": t(mark), "weight": t(weight),
        "labels": {k: t(v) for k, v in labels.items()}, "multi": {k: (t(a), t(b)) for k, (a, b) in multi.items()},
    }  # fmt: skip


def text_loss(model: Reader, batch: dict) -> torch.Tensor:
    """The weighted sum of the losses of the heads that find things."""
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        _, logits = model(batch["ids"], batch["mask"], batch["case"], batch["mark"])
    heads = model.split(logits.float())
    loss = torch.zeros((), device=DEVICE)
    for name, labels in batch["labels"].items():
        known = labels != IGNORE
        if known.any():
            raw = nn.functional.cross_entropy(
                heads[name].transpose(1, 2), labels, ignore_index=IGNORE, reduction="none"
            )
            # labels of an earlier reader count for less, but for certainty, which only people code
            weight = batch["weight"][:, None] if name != "certainty" else 1.0
            loss = loss + WEIGHT[name] * (raw * weight).sum() / known.sum()
    for name, (target, valid) in batch["multi"].items():
        scale = torch.tensor(8.0 if name == "start" else 3.0, device=DEVICE)
        raw = nn.functional.binary_cross_entropy_with_logits(heads[name], target, reduction="none", pos_weight=scale)
        loss = loss + 12.0 * (raw.mean(-1) * valid).sum() / valid.sum().clamp(min=1)
    return loss


def look_loss(model: Reader, batch: list[looks.Window], pad: int, classes: torch.Tensor) -> torch.Tensor:
    """The losses of roles, over what is known, and of certainty."""
    longest, n = max(len(w.ids) for w in batch), len(batch)
    ids, (mask, case, mark) = np.full((n, longest), pad), np.zeros((3, n, longest), dtype=np.int64)
    labels, known = np.zeros((2, n, longest, len(ROLES)), np.float32)
    for i, w in enumerate(batch):
        k = len(w.ids)
        ids[i, :k], mask[i, :k], case[i, :k], mark[i, :k] = w.ids, 1, w.case, w.mark
        labels[i, :k], known[i, :k] = w.labels, w.known
    t = tensor
    with torch.autocast(DEVICE, dtype=torch.bfloat16):
        _, logits = model(t(ids), t(mask), t(case), t(mark))
    heads = model.split(logits.float())
    raw = nn.functional.binary_cross_entropy_with_logits(
        heads["roles"], t(labels), reduction="none", pos_weight=torch.tensor(2.0, device=DEVICE)
    )
    seen = t(known)
    loss = 12.0 * (raw * seen).sum() / seen.sum().clamp(min=1)
    certainty = t(np.array([w.certainty for w in batch]))
    if (certainty >= 0).any():
        loss = loss + 0.3 * nn.functional.cross_entropy(
            heads["certainty"][:, 0], certainty, weight=classes, ignore_index=-1
        )
    form = t(np.array([w.form for w in batch]))
    if (form >= 0).any():
        loss = loss + FORM * nn.functional.cross_entropy(heads["form"][:, 0], form, ignore_index=-1)
    valid = t(np.array([w.valid for w in batch]))
    if (valid >= 0).any():
        told = heads["valid"][:, 0, 0][valid >= 0]
        loss = loss + VALID * nn.functional.binary_cross_entropy_with_logits(told, valid[valid >= 0].float())
    return loss


def silver(path: Path) -> Callable[[ex.Example], ex.Example]:
    """Adds what an earlier reader found (``training.silver``) to a coded report: its mentions and attributions."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def add(e: ex.Example) -> ex.Example:
        found = known.get(e.id)
        if found is None or found["length"] != len(e.text):
            return e
        said = tuple(
            ex.Attributed(*(tuple((s, t) for s, t in a[k]) for k in ("source", "cue", "content")))
            for a in found["attributions"]
        )
        return ex.Example(
            e.id,
            e.text,
            tuple((s, t, k) for s, t, k in found["mentions"]),
            e.names,
            said,
            e.claims,
            e.triggers,
            e.places,
        )

    return add


class Pool:
    """All that is learnt from, and how much of it an epoch takes."""

    def __init__(self, a: argparse.Namespace, source: Encoder) -> None:
        self.tok = tokenizer(source.folder)
        self.marks = (source.first, source.last)
        rows = coded.without(coded.for_training(holdout=a.holdout)[0], a.without)
        self.room = looks.WIDE if a.wide else NARROW
        add = silver(a.silver)
        self.claims = [(add(ex.claims_of(r)), PRACTICE[r["practice"]]) for r in rows]
        self.polnear, self.re3d = ex.polnear("train"), ex.re3d("train")
        self.names = ex.named("conll2003-train")[::6] + ex.named("wikigold")
        self.names += ex.named("crossner-politics-train") + ex.named("crossner-politics-test")
        self.events = [e for e in ex.event_place() if not ex.held_out(e.id, 0.1)]
        keys = [r["report"]["id"] for r in rows]
        self.practice = {r["report"]["id"]: PRACTICE[r["practice"]] for r in rows}
        self.seen = looks.cached(a.cache / "coded.pkl", keys, lambda new: looks.coded([rows[i] for i in new], TYPES))
        events = self.events
        self.at_events = looks.cached(
            a.cache / "events.pkl",
            [e.id for e in events],
            lambda new: looks.event_places([events[i] for i in new], TYPES),
        )
        known = json.loads(a.candidates.read_text(encoding="utf-8")) if a.candidates.exists() else {}
        both = [candidates.apply(t, known.get(t.id)) for t in self.seen]
        self.seen, self.passed = [t for t, _ in both], [t for _, t in both]
        self.rounds = a.claims, a.looks, a.passed
        self.shares = {"polnear": a.polnear, "event": a.event, "names": a.names, "re3d": a.re3d, "places": a.places}

    def epoch(self, rng: random.Random, budget: int) -> list[Batch]:
        """The batches of one epoch, shuffled: ("texts" or "looks", windows)."""

        def some(found: list, share: float) -> list:
            whole, rest = int(share), share - int(share)
            return found * whole + rng.sample(found, int(len(found) * rest))

        look = partial(looks.windows, tok=self.tok, marks=self.marks, rng=rng, room=self.room)
        texts: list[Window] = []

        def take(e: ex.Example, **more: float) -> None:
            for w in windows(e, self.tok, TYPES, self.marks, **more):
                texts.append(without_commas(w, e.text) if rng.random() < BARE else w)

        for e in some(self.polnear, self.shares["polnear"]):
            take(e)
        for found, share in ((self.re3d, "re3d"), (self.names, "names"), (self.events, "event")):
            for e in packed(some(found, self.shares[share]), rng):
                take(e)
        for e, practice in some(self.claims, self.rounds[0]):
            take(e, weight=SILVER, practice=practice)
        at: list[looks.Window] = []
        for _ in range(self.rounds[1]):
            for t, passed in zip(self.seen, self.passed, strict=True):
                at += look(t, practice=self.practice[t.id], valid=1)
                few = replace(passed, claims=tuple(some(list(passed.claims), self.rounds[2])))
                at += look(few, practice=self.practice[t.id], valid=0)
        for t in some(self.at_events, self.shares["places"]):
            at += look(t)
        out = [("texts", b) for b in by_length(texts, budget, rng)] + [("looks", b) for b in by_length(at, budget, rng)]
        rng.shuffle(out)
        return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--encoder", choices=ENCODERS, default="minilm")
    ap.add_argument("--layers", type=int, help="layers of the encoder that are kept")
    ap.add_argument("--init", type=Path, help="start from these weights")
    ap.add_argument("--epochs", type=int, default=2)
    ap.add_argument("--claims", type=float, default=2, help="times that a coded report is read per epoch")
    ap.add_argument("--looks", type=int, default=1, help="times that a coded claim is looked at per epoch")
    ap.add_argument("--passed", type=float, default=0.7, help="share of what coders passed over that is looked at")
    for name, share in (("polnear", 0.5), ("event", 0.5), ("names", 0.5), ("re3d", 2.0), ("places", 0.2)):
        ap.add_argument(f"--{name}", type=float, default=share, help="share of that corpus per epoch")
    ap.add_argument("--rate", type=float)
    ap.add_argument("--floor", type=float, default=0.02, help="share of the rate that is left at the end")
    ap.add_argument("--budget", type=int, default=3072)
    ap.add_argument("--steps", type=int, help="stop after so many steps, the rate falling to its floor by then")
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument(
        "--holdout", action="store_true", help="leave a twelfth of the coded reports out, to choose settings on"
    )
    ap.add_argument(
        "--wide", action="store_true", help="look at more of the text, as a network that teaches others does"
    )
    ap.add_argument("--without", type=int, choices=(0, 1), help="leave this half of gold-train out, too")
    ap.add_argument("--silver", type=Path, default=Path("out/silver.json"))
    ap.add_argument("--candidates", type=Path, default=Path("out/candidates.json"))
    ap.add_argument("--cache", type=Path, default=Path("out/cache"))
    a = ap.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    random.seed(a.seed), np.random.seed(a.seed), torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    source = ENCODERS[a.encoder]
    if a.layers:
        source = replace(source, layers=a.layers)
    pool = Pool(a, source)
    model = Reader(source.load(), Heads(len(TYPES))).to(DEVICE)
    for p in model.encoder.embeddings.word_embeddings.parameters():
        p.requires_grad_(False)  # as good, a third faster, and rare words keep their place
    if a.init:
        model.restore(torch.load(a.init, weights_only=True)["model"])
    slow = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith("encoder")]
    fast = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("encoder")]
    rates = ((a.rate or source.rate), 5 * (a.rate or source.rate))
    opt = torch.optim.AdamW(
        [{"params": ps, "lr": r} for ps, r in zip((slow, fast), rates, strict=True)], weight_decay=0.01
    )
    counts = np.bincount(
        [c.certainty for t in pool.seen for c in t.claims if c.certainty >= 0], minlength=len(CERTAINTY)
    )
    classes = torch.tensor((counts.sum() / np.maximum(counts, 1)) ** 0.5, dtype=torch.float32, device=DEVICE)
    classes = classes / classes.mean()
    rng = random.Random(a.seed)
    plan = [b for _ in range(a.epochs) for b in pool.epoch(rng, a.budget)][: a.steps]
    pieces = {k: sum(len(w.ids) for kind, b in plan for w in b if kind == k) for k in ("texts", "looks")}
    print(len(plan), "steps,", pieces, "pieces", flush=True)
    checkpoint, done = a.out / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"]), opt.load_state_dict(state["opt"])
        done = state["step"]
        print("resuming at step", done, flush=True)
    began, run = time.time(), {"texts": 0.0, "looks": 0.0}
    model.train()
    for step, (kind, batch) in enumerate(plan, 1):
        if step <= done:
            continue
        scale = min(1.0, step / 80) * max(a.floor, 1 - step / len(plan))
        for group, base in zip(opt.param_groups, rates, strict=True):
            group["lr"] = base * scale
        if kind == "texts":
            loss = text_loss(model, collate_texts(batch, source.pad))
        else:
            loss = look_loss(model, batch, source.pad, classes)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*slow, *fast], 1.0)
        opt.step()
        run[kind] = 0.97 * run[kind] + 0.03 * loss.item() if run[kind] else loss.item()
        if step % 25 == 0:
            shown = {k: round(v, 4) for k, v in run.items()}
            print(json.dumps({"step": step, "of": len(plan), **shown, "s": round(time.time() - began)}), flush=True)
        if step % 200 == 0 or step == len(plan):
            state = {"model": model.state_dict(), "opt": opt.state_dict(), "step": step}
            torch.save(state, a.out / "writing.pt")
            (a.out / "writing.pt").rename(checkpoint)  # whole or not at all
    torch.save({"model": model.state_dict(), "encoder": a.encoder, "layers": source.layers}, a.out / "reader.pt")


if __name__ == "__main__":
    main()
