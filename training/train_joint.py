"""Training: one encoder for whole texts and for single clauses looked at in their context, with all heads; resumable.

Whole texts teach the token heads (mentions, attributions, claims by type, triggers). A coded claim, its clause, trigger and type
marked in the input, teaches who did it, to whom, where, who says so and how certain: scorers over the mentions and
attributions that the rules find in the context. Run ``python -m training.train_joint --init TOKENS.pt``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import BertConfig, BertModel

from tadmor.evaluate.names import same_name
from tadmor.evaluate.run import report_of
from tadmor.reading.arguments import allowed
from tadmor.reading.document import analyse
from tadmor.reading.embedded import features
from tadmor.reading.embedded.session import Encoder
from tadmor.reading.scene import Scene
from tadmor.resolve.resolve import Resources
from tadmor.taxonomy import UTTERANCES
from training import coded
from training import examples as ex
from training.network import CERTAINTY, Heads, Reader
from training.scorers import ROLES, Scorer, bags, gold_drafts
from training.train_tokens import ENCODER, TYPES, Link, batches, check_encoder, collate, link_loss, load, token_loss
from training.windows import tokenizer, windows

WIDTH = 384


@dataclass
class Look:
    """One coded claim to look at: inputs, token ranges of clause and trigger, candidates with ranges, bags and labels."""

    ids: np.ndarray
    case: np.ndarray
    mark: np.ndarray
    clause: tuple[int, int]
    trigger: tuple[int, int]
    mentions: list[tuple[tuple[int, int] | None, np.ndarray, np.ndarray]]
    speakers: list[tuple[tuple[int, int] | None, tuple[int, int] | None, np.ndarray, float]]
    certainty: int
    bag: np.ndarray


class Slots(nn.Module):
    """The scorers of roles, speakers and certainty."""

    def __init__(self) -> None:
        super().__init__()
        self.roles = Scorer(3 * WIDTH, WIDTH, len(ROLES), dropout=0.2)
        self.speakers = Scorer(3 * WIDTH, 2 * WIDTH, 1, dropout=0.2)
        self.certainty = Scorer(3 * WIDTH, 0, len(CERTAINTY), dropout=0.2)


def looks(rows: list[dict], encoder: Encoder, resources: Resources) -> list[Look]:
    """A look for each coded claim of the rows; mentions and attributions as the rules find them."""
    out = []
    for row in rows:
        report = report_of(row["report"])
        document = analyse(report, resources.recognisers())
        encoded = encoder.encode(report.text)
        scene = Scene(document)
        for draft, claim in gold_drafts(row, document, encoded):
            c = features.marked(encoded, document.sentences, draft, TYPES)
            starts, ends = encoded.starts[c.low : c.high], encoded.ends[c.low : c.high]

            def at(start: int, end: int, starts=starts, ends=ends) -> tuple[int, int] | None:
                low, high = (
                    int(np.searchsorted(ends, start, side="right")),
                    int(np.searchsorted(starts, end, side="left")),
                )
                return (1 + low, 1 + high) if low < high else None

            names = {
                "actor": claim["actors"],
                "target": claim["targets"],
                "place": [claim["place"]] if isinstance(claim["place"], str) else claim["place"] or [],
            }
            mentions = []
            for m, bag in features.roles(scene, draft):
                label = np.full(3, np.nan, dtype=np.float32)
                for k, role in enumerate(ROLES):
                    if allowed(role, m):
                        label[k] = any(
                            same_name(g, n) for g in names[role] for n in (scene.name(m), scene.party(m), m.text)
                        )
                mentions.append((at(m.start, m.end), features.hashed(bag), label))
            inner = [chain[-1] for chain in claim["sources"] if chain]
            speakers = []
            if not (claim["type"] in UTTERANCES and claim["actors"] == inner):
                for a, bag in features.speakers(scene, draft):
                    own = any(same_name(g, n) for g in inner for n in (document.source_name(a.id), a.source.text))
                    cue = at(a.cue.start, a.cue.end) if a.cue else None
                    speakers.append((at(a.source.start, a.source.end), cue, features.hashed(bag), float(own)))
            word = draft.line.words[draft.first]
            clause, trigger = at(draft.start, draft.end), at(word.start, word.end)
            if clause is None or trigger is None:
                continue
            pad = lambda x, first, last: np.concatenate([[first], x, [last]])  # noqa: E731
            out.append(
                Look(
                    pad(encoded.ids[c.low : c.high], 101, 102),
                    pad(encoded.case[c.low : c.high], 0, 0),
                    pad(c.marks, c.kind, 0),
                    clause,
                    trigger,
                    mentions,
                    speakers,
                    -1 if claim["type"] in UTTERANCES else CERTAINTY.index(claim["certainty"]),
                    features.hashed(features.certainty(draft)),
                )
            )
    return out


def look_loss(
    model: Reader, slots: Slots, batch: list[Look], weights: torch.Tensor, stats: dict | None = None
) -> torch.Tensor:
    """The loss of roles, speakers and certainty over a batch of looks."""
    longest = max(len(x.ids) for x in batch)
    ids, mask, case, mark = (np.zeros((len(batch), longest), dtype=np.int64) for _ in range(4))
    for i, x in enumerate(batch):
        n = len(x.ids)
        ids[i, :n], mask[i, :n], case[i, :n], mark[i, :n] = x.ids, 1, x.case, x.mark
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden, _ = model(*(torch.from_numpy(v) for v in (ids, mask, case, mark)))
    hidden = hidden.float()
    spans: list[tuple[int, tuple[int, int] | None]] = []

    def row(i: int, span: tuple[int, int] | None) -> int:
        spans.append((i, span))
        return len(spans) - 1

    c_rows = [(row(i, x.clause), row(i, x.trigger)) for i, x in enumerate(batch)]
    m_rows = [(i, row(i, s), bag, label) for i, x in enumerate(batch) for s, bag, label in x.mentions]
    s_rows = [(i, row(i, s), row(i, c), bag, y) for i, x in enumerate(batch) for s, c, bag, y in x.speakers]
    mean = torch.zeros(len(spans), len(batch), longest)
    for k, (i, span) in enumerate(spans):
        if span is not None:
            mean[k, i, span[0] : span[1]] = 1 / (span[1] - span[0])
    vectors = mean.flatten(1) @ hidden.flatten(0, 1)
    clause = torch.cat([vectors[[a for a, _ in c_rows]], vectors[[b for _, b in c_rows]], hidden[:, 0]], -1)
    loss = hidden.new_zeros(())
    if m_rows:
        logits = slots.roles(
            clause[[r[0] for r in m_rows]], vectors[[r[1] for r in m_rows]], *bags([r[2] for r in m_rows])
        )
        labels = torch.from_numpy(np.stack([r[3] for r in m_rows]))
        known = ~torch.isnan(labels)
        raw = nn.functional.binary_cross_entropy_with_logits(logits, torch.nan_to_num(labels), reduction="none")
        loss = loss + 3 * (raw * known).sum() / known.sum().clamp(min=1)
        if stats is not None:
            stats.setdefault("roles", []).append((logits.detach().numpy(), labels.numpy()))
    if s_rows:
        other = torch.cat([vectors[[r[1] for r in s_rows]], vectors[[r[2] for r in s_rows]]], -1)
        logits = slots.speakers(clause[[r[0] for r in s_rows]], other, *bags([r[3] for r in s_rows]))
        labels = torch.tensor([[r[4]] for r in s_rows])
        loss = loss + nn.functional.binary_cross_entropy_with_logits(logits, labels)
        if stats is not None:
            stats.setdefault("speakers", []).append((logits.detach().numpy(), labels.numpy()))
    certain = [i for i, x in enumerate(batch) if x.certainty >= 0]
    if certain:
        logits = slots.certainty(clause[certain], clause[certain], *bags([batch[i].bag for i in certain]))
        labels = torch.tensor([batch[i].certainty for i in certain])
        loss = loss + 0.5 * nn.functional.cross_entropy(logits, labels, weight=weights)
        if stats is not None:
            stats.setdefault("certainty", []).append((logits.detach().numpy(), labels.numpy()))
    return loss


def look_batches(pool: list[Look], budget: int, rng: random.Random) -> list[list[Look]]:
    pool = sorted(pool, key=lambda x: (len(x.ids), rng.random()))
    out: list[list[Look]] = []
    current: list[Look] = []
    for x in pool:
        if current and (len(current) + 1) * len(x.ids) > budget:
            out.append(current)
            current = []
        current.append(x)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", type=Path, default=Path("out/joint"))
    ap.add_argument("--init", type=Path, required=True)
    ap.add_argument(
        "--heads",
        type=Path,
        required=True,
        help="exported weights whose trigger head finds the triggers of coded claims",
    )
    ap.add_argument("--epochs", type=int, default=3)
    ap.add_argument("--repeat-claims", type=int, default=3)
    ap.add_argument("--polnear-share", type=float, default=0.2)
    ap.add_argument("--event-share", type=float, default=0.15)
    ap.add_argument("--rate", type=float, default=2e-4)
    ap.add_argument("--budget", type=int, default=3072)
    ap.add_argument("--seed", type=int, default=11)
    ap.add_argument("--holdout", action="store_true")
    ap.add_argument("--no-own", dest="own", action="store_false", help="leave the project's own coded reports out")
    a = ap.parse_args()
    check_encoder()
    torch.set_num_threads(os.cpu_count() or 1)
    random.seed(a.seed), np.random.seed(a.seed), torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    begin = time.time()
    rows = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((ex.SHARED / "gold-train").glob("*.json"))]
    rows += coded.restored()
    held = [r for r in rows if ex.held_out(r["report"]["id"], 1 / 6)]
    if a.holdout:
        rows = [r for r in rows if r not in held]
    encoder, resources = Encoder(a.heads, threads=2), Resources.open()
    seen = looks(rows, encoder, resources)
    unseen = looks(held, encoder, resources) if a.holdout else []
    print(
        len(seen),
        "looks,",
        sum(len(x.ids) for x in seen),
        "pieces;",
        len(unseen),
        "held out;",
        round(time.time() - begin),
        "s",
        flush=True,
    )
    tok = tokenizer(ENCODER)
    pool = {name: [windows(e, tok, TYPES) for e in found] for name, found in load(a).items() if name != "names"}

    model = Reader(
        BertModel(BertConfig.from_pretrained(ENCODER, attn_implementation="eager"), add_pooling_layer=False),
        Heads(len(TYPES)),
    )
    link, slots = Link(), Slots()
    state = torch.load(a.init, weights_only=True)
    model.load_state_dict(state["model"], strict=False), link.load_state_dict(state["link"])
    for p in model.encoder.embeddings.word_embeddings.parameters():
        p.requires_grad_(False)
    slow = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith("encoder")]
    fast = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("encoder")]
    fast += [*link.parameters(), *(p for n, p in slots.named_parameters() if "bag" not in n)]
    bag = [p for n, p in slots.named_parameters() if "bag" in n]
    rates = (a.rate, a.rate * 5, 3e-3)
    opt = torch.optim.AdamW(
        [{"params": ps, "lr": r} for ps, r in zip((slow, fast, bag), rates, strict=True)], weight_decay=0.01
    )
    counts = np.bincount([x.certainty for x in seen if x.certainty >= 0], minlength=4)
    weights = torch.tensor((counts.sum() / np.maximum(counts, 1)) ** 0.5, dtype=torch.float32)
    weights = weights / weights.mean()
    rng = random.Random(a.seed)
    plan: list[tuple[str, list]] = []
    for _ in range(a.epochs):
        chosen = []
        for name, per_example in pool.items():
            share = {"polnear": a.polnear_share, "event_place": a.event_share}.get(name, 1.0)
            for _ in range({"claims": a.repeat_claims, "re3d": 2}.get(name, 1)):
                take = per_example if share >= 1 else rng.sample(per_example, int(len(per_example) * share))
                chosen += [w for ws in take for w in ws]
        epoch = [("tokens", b) for b in batches(chosen, a.budget, rng)] + [
            ("looks", b) for b in look_batches(seen, a.budget, rng)
        ]
        rng.shuffle(epoch)
        plan += epoch
    step, done, run = 0, 0, {"tokens": 0.0, "looks": 0.0}
    checkpoint = a.out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        (
            model.load_state_dict(state["model"]),
            link.load_state_dict(state["link"]),
            slots.load_state_dict(state["slots"]),
        )
        opt.load_state_dict(state["opt"])
        done = state["step"]
    model.train(), slots.train()
    t0 = time.time()
    for kind, batch in plan:
        step += 1
        if step <= done:
            continue
        scale = min(1.0, step / 60) * max(0.02, 1 - step / len(plan))
        for group, base in zip(opt.param_groups, rates, strict=True):
            group["lr"] = base * scale
        if kind == "tokens":
            b = collate(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden, logits = model(b["ids"], b["mask"], b["case"], torch.zeros_like(b["ids"]))
            loss = token_loss(model, logits, b) + 0.5 * link_loss(link, hidden, b["links"])
        else:
            loss = look_loss(model, slots, batch, weights)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*slow, *fast, *bag], 1.0)
        opt.step()
        run[kind] = 0.97 * run[kind] + 0.03 * loss.item() if run[kind] else loss.item()
        if step % 25 == 0:
            shown = {k: round(v, 4) for k, v in run.items()}
            print(json.dumps({"step": step, "of": len(plan), **shown, "s": round(time.time() - t0)}), flush=True)
        if step % 150 == 0 or step == len(plan):
            parts = {"model": model.state_dict(), "link": link.state_dict(), "slots": slots.state_dict()}
            torch.save(parts | {"opt": opt.state_dict(), "step": step}, checkpoint)
            torch.save(parts, a.out / "joint.pt")
    if unseen:
        report(model, slots, unseen, weights)


def report(model: Reader, slots: Slots, unseen: list[Look], weights: torch.Tensor) -> None:
    """F1 of each scorer on held-out claims at its best threshold."""
    from training.scorers import best_threshold

    model.eval(), slots.eval()
    stats: dict[str, list] = {}
    with torch.no_grad():
        for batch in look_batches(unseen, 4096, random.Random(1)):
            look_loss(model, slots, batch, weights, stats)
    for name, parts in stats.items():
        scores, labels = (np.concatenate([p[k] for p in parts]) for k in (0, 1))
        if name == "certainty":
            right = scores.argmax(1) == labels
            print(
                name,
                f"accuracy {right.mean():.3f}, by class {np.mean([right[labels == k].mean() for k in range(4)]):.3f}",
            )
            continue
        for k, role in enumerate(ROLES if name == "roles" else ("speaker",)):
            threshold, f1 = best_threshold(scores[:, k], labels[:, k])
            print(name, role, f"F1 {f1:.3f} at {threshold:.3f}", flush=True)


if __name__ == "__main__":
    main()
