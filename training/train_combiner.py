"""Fits how the network's and the lexicon's opinions of a clause are weighed, on coded reports that neither has seen.

``python -m training.train_combiner --weights DEV``: weights trained with ``--holdout`` and without the project's own
coded reports, which are then the unseen ones. The result goes into the manifest of ``--into``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from tadmor.evaluate.run import report_of
from tadmor.reading.document import analyse
from tadmor.reading.drafts import lines
from tadmor.reading.embedded.drafts import FEATURES, best, candidates
from tadmor.reading.embedded.session import Encoder
from tadmor.resolve.resolve import Resources
from training import coded, examples


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """The scorer's overlap of two spans."""
    n = min(a[1], b[1]) - max(a[0], b[0])
    return n / min(a[1] - a[0], b[1] - b[0]) * 0.5 + n / (max(a[1], b[1]) - min(a[0], b[0])) * 0.5 if n > 0 else 0.0


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--weights", type=Path, required=True)
    ap.add_argument("--into", type=Path, required=True, nargs="+")
    a = ap.parse_args()
    encoder, resources = Encoder(a.weights, threads=2), Resources.open()
    types = encoder.manifest["types"]
    x, y, groups = [], [], []
    gold_total = 0
    for row in coded.restored():
        report = report_of(row["report"])
        document = analyse(report, resources.recognisers())
        encoded = encoder.encode(report.text)
        gold = []
        for c in row["claims"]:
            spans = [s for q in [c["quote"], *c["also"]] if (s := examples.find(report.text, q))]
            gold.append((c["type"], spans))
        gold_total += len(gold)
        places = frozenset(m.start for m in document.mentions if m.type == "place")
        found = candidates(encoded, lines(report, document.sentences), places, types)
        group = []
        for c in found:
            span = (c.draft.start, c.draft.end)
            match = next(
                (i for i, (t, ss) in enumerate(gold) if t == c.draft.type and any(overlap(span, s) >= 0.3 for s in ss)),
                None,
            )
            x.append(np.concatenate([c.known, np.eye(len(types), dtype=np.float32)[types.index(c.draft.type)]]))
            y.append(float(match is not None))
            group.append((c.draft, match))
        groups.append(group)
    features, labels = torch.tensor(np.stack(x)), torch.tensor(y)
    print(f"{len(y)} candidates, {int(sum(y))} claims among them, {gold_total} coded", flush=True)
    w = torch.zeros(features.shape[1], requires_grad=True)
    opt = torch.optim.LBFGS([w], max_iter=300)

    def closure() -> torch.Tensor:
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(features @ w, labels) + 2e-4 * (w[1:] ** 2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    scores = torch.sigmoid(features @ w).detach().numpy()
    at = 0
    scored = []
    for group in groups:
        scored.append([(d, m, float(s)) for (d, m), s in zip(group, scores[at : at + len(group)], strict=True)])
        at += len(group)
    top = (0.0, 0.5)
    for threshold in np.arange(0.2, 0.6, 0.025):
        hits = got = 0
        for group in scored:
            kept_drafts = [replace(d, score=s) for d, _, s in group]
            match = {id(k): m for k, (_, m, _) in zip(kept_drafts, group, strict=True)}
            kept = best(kept_drafts, float(threshold))
            found = {match[id(k)] for k in kept} - {None}
            hits += len(found)
            # repeats of one claim are merged later: they cost nothing beyond the first
            got += len(found) + sum(match[id(k)] is None for k in kept)
        f1 = 2 * hits / max(1, got + gold_total)
        top = max(top, (f1, float(threshold)))
        print(f"threshold {threshold:.3f}: F1 {f1:.3f}", flush=True)
    combiner = {name: round(float(v), 4) for name, v in zip(FEATURES, w[: len(FEATURES)].detach(), strict=True)}
    combiner |= {f"type:{t}": round(float(v), 4) for t, v in zip(types, w[len(FEATURES) :].detach(), strict=True)}
    combiner["threshold"] = round(top[1], 3)
    print(top, {k: v for k, v in combiner.items() if not k.startswith("type:")})
    for folder in a.into:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["combiner"] = combiner
        path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
