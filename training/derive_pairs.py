"""Derive the pairwise score of accounts from coded pairs.

    python -m training.derive_pairs --cache out/pairs.jsonl              writes the files
    python -m training.derive_pairs --cache out/pairs.jsonl --measure    cross-validates instead

Further files of readings, by the embedded reader (``training.pair_readings``), may follow the first: the pairs are then learned
from as read by every one of them.

What two accounts show (``tadmor.reconcile.pairing.signs``) and how their pair is coded is what a log-linear model of three
outcomes (same, part, different) is fitted to; ``training.pair_examples`` says on which pairs. Those of whole months are learned
from as coded and as the last file has them read.

Cross-validation is by report: a pair is tested by weights that were fitted without one of its reports.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tadmor.reconcile.pairing import BY_HAND, OUTCOMES, weigh
from tadmor.reconcile.wording import stems
from training.pair_examples import Example, examples, of_months
from training.pair_readings import kept, made, to_learn_from, wanted
from training.pairs import measured, reports

DATA = Path(__file__).parents[1] / "src/tadmor/reconcile/data"
FOLDS, ROUNDS, L2, SEEN = 5, 60, 8.0, 3
# By outcome, which of same, part and different it may be; the last is that of "no more than that it is not the same".
MAY_BE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
Table = dict[str, tuple[float, float]]


def rarities() -> dict[str, float]:
    """Inverse document frequency of stems over the clauses of the coded reports, but for those that are measured on."""
    seen: collections.Counter[str] = collections.Counter()
    total = 0
    barred = measured()
    for row in reports():
        if row["report"]["id"] not in barred:
            for c in row["claims"]:
                total += 1
                seen.update(stems(c["quote"]))
    return {w: round(math.log(total / n), 2) for w, n in sorted(seen.items()) if n >= SEEN}


def gathered(caches: Sequence[Path]) -> list[Example]:
    """The examples by all files of readings, the first made where it lacks reports."""
    rows = to_learn_from(wanted())
    found = made(rows, caches[0])
    items = examples(found)
    for further in caches[1:]:
        found = kept(rows, further)
        items += examples(found, coded_too=False)
    return items + of_months(found)


def fit(items: Sequence[Example]) -> Table:
    """Weights by sign for "same" and "part", relative to "different"; the same examples give the same weights."""
    seen = collections.Counter(s for e in items for s in e.signs if s not in BY_HAND)
    index = {s: i for i, s in enumerate(sorted(s for s, n in seen.items() if n >= SEEN))}
    found = [(r, index[s], value) for r, e in enumerate(items) for s, value in e.signs.items() if s in index]
    row, column = (np.array([f[k] for f in found], dtype=np.int64) for k in (0, 1))
    value = np.array([f[2] for f in found])
    given = MAY_BE[[e.outcome for e in items]]
    own = np.array([e.weight for e in items])[:, None]
    w = np.zeros((len(index), 2))
    penalty = np.full(len(index), L2)
    penalty[index["bias"]] = L2 / 20
    starts = np.searchsorted(row, np.arange(len(items)))
    dense = np.zeros((len(items), len(index)), dtype=np.float32)
    dense[row, column] = value
    # Half the weighted Gram matrix bounds the curvature (Böhning 1992), so that every step goes down.
    bound = np.linalg.inv(0.5 * (dense.T @ (own.astype(np.float32) * dense)).astype(float) + np.diag(penalty))
    ahead, step = w, 1.0  # Nesterov's momentum: the same end in fewer rounds
    for _ in range(ROUNDS):
        z = np.concatenate(
            [np.add.reduceat(value[:, None] * ahead[column], starts, axis=0), np.zeros((len(items), 1))], axis=1
        )
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        y = p * given  # of several outcomes that it may be, each in its share
        y /= y.sum(axis=1, keepdims=True)
        g = (own * (p - y))[row, :2] * value[:, None]
        slope = np.stack([np.bincount(column, g[:, k], len(index)) for k in (0, 1)], axis=1)
        new = ahead - bound @ (slope + penalty[:, None] * ahead)
        following = (1 + math.sqrt(1 + 4 * step * step)) / 2
        ahead, w, step = new + (step - 1) / following * (new - w), new, following
    w = w.round(3) + 0.0  # without the sign of a zero
    return {s: (float(w[i, 0]), float(w[i, 1])) for s, i in index.items()}


def cross_validated(items: Sequence[Example], folds: int = FOLDS) -> list[tuple[Example, float, float]]:
    """P(same) and P(part) of each coded pair by weights fitted without its reports."""
    out = []
    fold = {r: _fold(r, folds) for e in items for r in (e.a[0], e.b[0])}
    for k in range(folds):
        table = fit([e for e in items if fold[e.a[0]] != k and fold[e.b[0]] != k])
        out += [(e, *weigh(e.signs, table)) for e in items if e.made != "follows" and k == fold[max(e.a, e.b)[0]]]
    return out


def _fold(identity: str, folds: int) -> int:
    return int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) % folds


def figures(rows: Sequence[tuple[int, float]]) -> str:
    """Accuracy and pairwise F1 at 0.5, the best F1 of any threshold, and the area under the ROC curve; of (same?, P(same))."""
    truth = np.array([y for y, _ in rows])
    score = np.array([p for _, p in rows])

    def f1(least: float) -> float:
        got = score >= least
        right = float((got & (truth == 1)).sum())
        return 2 * right / max(1.0, float(got.sum() + truth.sum()))

    up, down = score[truth == 1], score[truth == 0]
    wins = (up[:, None] > down[None, :]).mean() + 0.5 * (up[:, None] == down[None, :]).mean()
    best = max((f1(t), t) for t in np.unique(score))
    accuracy = float(((score >= 0.5) == truth).mean())
    return f"n {len(rows):4}  accuracy {accuracy:.3f}  AUC {wins:.3f}  F1 {f1(0.5):.3f}  best F1 {best[0]:.3f} at {best[1]:.2f}"


def measure(items: Sequence[Example]) -> None:
    """Prints the cross-validated figures."""
    rows = cross_validated(items)
    kinds = [("as coded", [r for r in rows if r[0].made == "coded"])]
    for reader in sorted({e.by for e in items if e.made == "read"}):
        kinds.append((f"as read ({reader})", [r for r in rows if r[0].made == "read" and r[0].by == reader]))
    kinds.append(
        ("as coded, no protests", [r for r in rows if r[0].made == "coded" and "type:protest" not in r[0].signs])
    )
    for name, own in kinds:
        print(f"same, {name:24} {figures([(int(e.outcome == 0), p) for e, p, _ in own])}")
        print(f"part, {name:24} {figures([(int(e.outcome == 1), q) for e, _, q in own])}")


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("out/pairs.jsonl")], help="where the readings are kept"
    )
    ap.add_argument("--measure", action="store_true")
    a = ap.parse_args()
    if not a.measure:
        lines = json.dumps(rarities(), ensure_ascii=False, separators=(",", ":"))
        (DATA / "rarity.json").write_text(lines + "\n", encoding="utf-8")
    items = gathered(a.cache)
    if a.measure:
        measure(items)
        return 0
    table = fit(items)
    text = json.dumps(table, separators=(",", ":"), sort_keys=True).replace("],", "],\n")
    (DATA / "pairing.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(items)} examples, {len(table)} signs, outcomes {', '.join(OUTCOMES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
