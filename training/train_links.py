"""Who says what: the scorer of cues and their links, on the frozen hidden states of the trained encoder.

It learns from the articles of PolNeAR, and from coded reports on conflicts as the rules read them: there the encoder was
never told of attributions, and the scorer is to follow the rules.

Minutes on a CPU; run ``python -m training.train_links --weights FOLDER`` after ``training.export``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tadmor.evaluate import layers
from tadmor.evaluate.align import trim
from tadmor.evaluate.run import report_of
from tadmor.reading import attributions, mentions
from tadmor.reading.attributions_blocks import Block, blocks
from tadmor.reading.coreference import representatives
from tadmor.reading.embedded import attributions as embedded
from tadmor.reading.embedded import links
from tadmor.reading.embedded.links import Links, Pair
from tadmor.reading.embedded.session import Encoded, Encoder
from tadmor.reading.recognise import Recogniser
from tadmor.reading.text import sentences
from tadmor.resolve.resolve import Resources
from training import examples
from training.export import PACKAGE

WIDTH, SIZE, HIDDEN = 384, 192, 128
RATE = 3e-3


@dataclass
class Part:
    """A block as the scorer learns from it: words, candidate cues with labels, true cues with where they point (-1: none)."""

    hidden: np.ndarray
    local: np.ndarray
    cues: list[Pair]
    cue_features: np.ndarray
    is_cue: np.ndarray
    pairs: list[tuple[Pair, int, np.ndarray, np.ndarray, list[int]]] = field(default_factory=list)


class Linker(nn.Module):
    """The same sums as ``tadmor.reading.embedded.links.Links``, with dropout."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.word = nn.Linear(WIDTH + links.LOCAL, HIDDEN)
        self.near = nn.Linear(3 * HIDDEN, SIZE)
        self.cue1 = nn.Linear(3 * SIZE + links.LENGTHS + 2, HIDDEN)
        self.cue2 = nn.Linear(HIDDEN, 1)
        self.ask = nn.Linear(2 * SIZE, SIZE)
        self.distance = nn.Embedding(links.BUCKETS, 16)
        self.pair1 = nn.Linear(2 * SIZE + 16 + links.PAIR, HIDDEN)
        self.pair2 = nn.Linear(HIDDEN, len(links.POINTERS))
        self.none = nn.Linear(2 * SIZE, len(links.POINTERS))
        self.dropout = nn.Dropout(dropout)

    def seen(self, hidden: torch.Tensor, local: torch.Tensor, breaks: torch.Tensor) -> torch.Tensor:
        """Words with their neighbours; ``breaks`` is 0 at the first word of each block."""
        x = torch.relu(self.word(torch.cat([self.dropout(hidden), local], -1)))
        edge = torch.zeros(1, x.shape[1])
        before = torch.cat([edge, x[:-1]]) * breaks[:, None]
        after = torch.cat([x[1:] * breaks[1:, None], edge])
        return self.dropout(torch.relu(self.near(torch.cat([before, x, after], -1))))

    def cue_scores(
        self, seen: torch.Tensor, first: torch.Tensor, last: torch.Tensor, extra: torch.Tensor
    ) -> torch.Tensor:
        """Log-odds that a span is a cue."""
        total = torch.cat([torch.zeros(1, seen.shape[1]), seen.cumsum(0)])
        mean = (total[last + 1] - total[first]) / (last - first + 1)[:, None]
        x = torch.cat([seen[first], seen[last], mean, extra], -1)
        return self.cue2(self.dropout(torch.relu(self.cue1(x))))[:, 0]

    def point(
        self, words: torch.Tensor, at: torch.Tensor, row: torch.Tensor, distance: torch.Tensor, told: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores of words (of all cues one after the other, ``row`` tells whose) for each pointer, and of pointing nowhere."""
        asked = self.ask(at)
        x = torch.cat([words, words * asked[row], self.distance(distance), told], -1)
        return self.pair2(self.dropout(torch.relu(self.pair1(x)))), self.none(at)


def parts(row: dict, encoder: Encoder, recognisers: Sequence[Recogniser]) -> list[Part]:
    """The blocks of one text; without attributions of its own it is taken as the rules read it."""
    report = report_of(row)
    split = sentences(report)
    found = mentions.find(report, split, recognisers)
    encoded = encoder.encode(report.text)
    gold = _gold(row, report.text) if "attributions" in row else None
    return [part for block in blocks(report.text, split, found) if block.ws and (part := _part(block, encoded, gold))]


def _gold(row: dict, text: str) -> list[list[Pair | None]]:
    shift = text.find(row["text"])
    if shift < 0:
        return []
    out = []
    for a in row["attributions"]:
        hulls = [(a[k][0][0], a[k][-1][1]) if a[k] else None for k in ("source", "cue", "content")]
        out.append([None if h is None else trim(text, h[0] + shift, h[1] + shift) for h in hulls])
    return out


def _part(block: Block, encoded: Encoded, gold: list[list[Pair | None]] | None) -> Part | None:
    rules = attributions.in_block(block)
    known = links.words(block, encoded, rules)
    n = len(known.cue)
    starts, ends = [w.start for w in block.ws[:n]], [w.end for w in block.ws[:n]]

    def at(span: Pair | None) -> Pair | None:
        inside = [i for i in range(n) if starts[i] < span[1] and span[0] < ends[i]] if span else []
        return (inside[0], inside[-1]) if inside and ends[inside[-1]] >= span[1] else None

    true: dict[Pair, list[list[Pair | None]]] = {}
    if gold is None:
        gold = [
            [_span(block, d.source), _span(block, d.cue), _span(block, links.hull(d.content))] for d in rules if d.cue
        ]
    for source, cue, content in gold:
        if cue and starts[0] <= cue[0] < ends[-1] and (c := at(cue)):
            true.setdefault(c, []).append([source, content])
    cues = links.candidates(known, rules)
    part = Part(
        known.hidden.astype(np.float16), known.local, cues, links.cue_features(cues, rules),
        np.array([c in true for c in cues], dtype=np.float32),
    )  # fmt: skip
    for cue, told in sorted(true.items()):
        source, content = told[0]
        s, c = at(source), at(content)
        if (source and not s) or (content and not c):
            continue
        low, distance, told_of = links.pair_features(block, cue, rules)
        if all(low <= x < low + len(distance) for x in (*(s or ()), *(c or ()))):
            pointer = [x - low for x in s] if s else [-1, -1]
            pointer += [x - low for x in c] if c else [-1, -1]
            part.pairs.append((cue, low, distance, told_of, pointer))
    return part


def _span(block: Block, at: Pair | None) -> Pair | None:
    return (block.ws[at[0]].start, block.ws[at[1]].end) if at else None


def loss_of(model: Linker, batch: list[Part]) -> torch.Tensor:
    """Cross-entropy of cues and of pointers."""
    t = torch.from_numpy
    sizes = [len(p.hidden) for p in batch]
    offset = np.concatenate([[0], np.cumsum(sizes)])
    breaks = torch.ones(int(offset[-1]))
    breaks[offset[:-1]] = 0
    seen = model.seen(
        t(np.concatenate([p.hidden for p in batch])).float(), t(np.concatenate([p.local for p in batch])), breaks
    )
    loss = seen.new_zeros(())
    spans = [(a + o, b + o) for p, o in zip(batch, offset, strict=False) for a, b in p.cues]
    if spans:
        first, last = (torch.tensor(x) for x in zip(*spans, strict=True))
        scores = model.cue_scores(seen, first, last, t(np.concatenate([p.cue_features for p in batch])))
        labels = t(np.concatenate([p.is_cue for p in batch]))
        loss = loss + functional.binary_cross_entropy_with_logits(scores, labels, reduction="sum")
    rows, cols, at, distance, told, want, widths = [], [], [], [], [], [], []
    for p, o in zip(batch, offset, strict=False):
        for cue, low, d, f, pointer in p.pairs:
            rows.append(np.full(len(d), len(at)))
            cols.append(np.arange(len(d)) + o + low)
            at.append((cue[0] + o, cue[1] + o))
            distance.append(d), told.append(f), want.append(pointer), widths.append(len(d))
    if at:
        a, b = (torch.tensor(x) for x in zip(*at, strict=True))
        row = t(np.concatenate(rows))
        words = seen[t(np.concatenate(cols))]
        scores, none = model.point(
            words, torch.cat([seen[a], seen[b]], -1), row, t(np.concatenate(distance)), t(np.concatenate(told))
        )
        longest = max(widths)
        table = torch.full((len(at), longest + 1, len(links.POINTERS)), -1e4)
        place = t(np.concatenate([np.arange(w) for w in widths]))
        table = table.index_put((row, place), scores)
        table = torch.cat([table[:, :-1], none[:, None]], 1)
        target = torch.tensor(want)
        target = torch.where(target < 0, torch.full_like(target, longest), target)
        loss = loss + functional.cross_entropy(table.transpose(1, 2).flatten(0, 1), target.flatten(), reduction="sum")
    return loss / max(1, len(at) + len(spans) / 4)


def batches(pool: list[Part], rng: random.Random) -> list[list[Part]]:
    """Batches of some three thousand words."""
    pool = pool[:]
    rng.shuffle(pool)
    out, current, size = [], [], 0
    for p in pool:
        current.append(p)
        size += len(p.hidden)
        if size > 2500:
            out.append(current)
            current, size = [], 0
    return [*out, current] if current else out


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, default=PACKAGE)
    ap.add_argument("--articles", type=int, default=840)
    ap.add_argument("--reports", type=int, default=272, help="coded reports, taken as the rules read them")
    ap.add_argument("--skip", type=int, default=50, help="articles left out, on which the threshold of cues is chosen")
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--seed", type=int, default=7)
    ap.add_argument("--pool", type=Path, help="a file that keeps the inputs between runs")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    rows = list(examples.rows(examples.SHARED / "corpora/attribution/polnear-train.jsonl"))
    random.Random(5).shuffle(rows)
    started = time.time()
    encoder, recognisers = Encoder(a.weights, threads=a.threads), Resources.open().recognisers()
    pool = torch.load(a.pool, weights_only=False) if a.pool and a.pool.exists() else None
    if pool is None:
        reports = [json.loads(p.read_text(encoding="utf-8"))["report"] for p in _coded()][: a.reports]
        pool = [parts(r, encoder, recognisers) for r in [*rows[: a.articles], *reports]]
        if a.pool:
            torch.save(pool, a.pool)
    held, kept = ([p for ps in x for p in ps] for x in (pool[: a.skip], pool[a.skip :]))
    print(f"{len(kept)} blocks, {sum(len(p.pairs) for p in kept)} cues; {time.time() - started:.0f} s", flush=True)
    model = Linker()
    opt = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.02)
    step, total = 0, a.epochs * len(batches(kept, random.Random(0)))
    for epoch in range(a.epochs):
        run = []
        model.train()
        for batch in batches(kept, rng):
            step += 1
            for group in opt.param_groups:
                group["lr"] = RATE * min(1, step / 50) * max(0.02, 1 - step / total)
            loss = loss_of(model, batch)
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            run.append(loss.item())
        model.eval()
        with torch.no_grad():
            test = float(np.mean([loss_of(model, b).item() for b in batches(held, random.Random(0))])) if held else 0.0
        print(f"epoch {epoch}: loss {np.mean(run):.4f}, held out {test:.4f}; {time.time() - started:.0f} s", flush=True)
    arrays = {k: v.numpy().astype(np.float16) for k, v in model.state_dict().items()}
    path = a.weights / "links.npz"
    np.savez_compressed(path, **arrays, threshold=np.array(0.3))
    chosen = threshold(Links(path), rows[: a.skip], encoder, recognisers)
    np.savez_compressed(path, **arrays, threshold=np.array(chosen))
    path = a.weights / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["sha256"]["links.npz"] = hashlib.sha256((a.weights / "links.npz").read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _coded() -> list[Path]:
    return sorted((examples.SHARED / "gold-train").glob("*.json"))


def threshold(links_of: Links, rows: Sequence[dict], encoder: Encoder, recognisers: Sequence[Recogniser]) -> float:
    """The threshold of cues with the best mean exact F1 of sources, cues and contents on articles that were held out."""
    known = []
    for row in rows:
        report = report_of(row)
        split = sentences(report)
        found = mentions.find(report, split, recognisers)
        known.append((report, split, found, representatives(report, split, found), encoder.encode(report.text)))
    best = (0.0, 0.3)
    for t in np.arange(0.1, 0.5, 0.05):
        links_of.threshold = float(t)
        readings = []
        for k in known:
            said = embedded.find(*k, links_of).attributions
            readings.append({"report": {"id": k[0].id, "text": k[0].text}, "attributions": [asdict(x) for x in said]})
        figures = layers.attribution(rows, readings)
        mean = float(np.mean([figures[f"{part}_exact"] for part in ("source", "cue", "content")]))
        print(f"threshold {t:.2f}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)
        best = max(best, (mean, float(t)))
    return best[1]


if __name__ == "__main__":
    main()
