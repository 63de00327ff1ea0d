"""Derive the pairwise score of accounts from coded pairs.

    python -m training.derive_pairs --cache out/pairs.jsonl              writes the files
    python -m training.derive_pairs --cache out/pairs.jsonl --measure    cross-validates instead

Further files of readings, by the embedded reader (``training.pair_readings``), may follow the first: the pairs are then learned
from as read by every one of them.

What two accounts show (``tadmor.reconcile.pairing.signs``) and how their pair is coded is what a log-linear model of three
outcomes (same, part, different) is fitted to, on accounts of the coded claims and on those of the claims that a reader
finds for them. Four kinds of pairs are added. Some follow from coded ones: all claims that are coded as one
occurrence are one, and what is coded of one of them holds for the others. Since people only coded pairs that look alike,
some that plainly are not are added: claims that are coded with days more than a week apart, or with places far from one
another. And rivals: where a claim is coded as one with a claim of another report, the other claims of that report of a
kindred type that are coded with another place or other days. And strangers: claims that are compared though their types
are no kin. Reports of the months that incidents are measured on are left out.

Cross-validation is by report: a pair is tested by weights that were fitted without one of its reports.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from tadmor.model import Account
from tadmor.reconcile.blocking import Entry, entries, looks
from tadmor.reconcile.days import gap
from tadmor.reconcile.incidents import occurrence
from tadmor.reconcile.lexicon import type_likeness
from tadmor.reconcile.pairing import BY_HAND, OUTCOMES, place_relation, signs, weigh
from tadmor.reconcile.traits import Traits, traits
from tadmor.reconcile.wording import stems
from training.pair_readings import Twice, kept, made, wanted
from training.pairs import load, measured, reports

DATA = Path(__file__).parents[1] / "src/tadmor/reconcile/data"
FOLDS, ROUNDS, L2, SEEN, READ, FOLLOWS = 5, 60, 4.0, 3, 1.0, 0.5
PLAIN, PLAINLY = 600, 0.08  # how many plainly different pairs of either kind to add, and what each counts
RIVAL = 0.08  # what a pair with a rival counts
APART = 0.25  # what a pair that follows counts where it is different: there are many times more of these
STRANGERS, STRANGE = 2000, 0.08  # how many pairs of types that are no kin to add, and what each counts
OUTCOME = {"same": 0, "part-of": 1, "different": 2}
End = tuple[str, str]
Table = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A pair's signs and outcome. ``made`` is coded, read or follows (from other pairs); ``by`` names the reader of read ones."""

    a: End
    b: End
    made: str
    by: str
    outcome: int
    weight: float
    signs: dict[str, float]


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


def relations() -> tuple[dict[tuple[End, End], int], dict[tuple[End, End], tuple[int, float]]]:
    """The coded pairs with their outcomes; and those that follow, each with its share of the coded pair's weight."""
    coded: dict[tuple[End, End], int] = {}
    parent: dict[End, End] = {}

    def root(x: End) -> End:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for row in load():
        if row["relation"] in OUTCOME:
            a, b = sorted((tuple(row["a"]), tuple(row["b"])))
            coded[a, b] = OUTCOME[row["relation"]]
            if row["relation"] == "same":
                parent[root(a)] = root(b)
    members: dict[End, list[End]] = collections.defaultdict(list)
    for x in sorted({x for pair in coded for x in pair}):
        members[root(x)].append(x)
    follow: dict[tuple[End, End], tuple[int, float]] = {}
    between: dict[tuple[End, End], set[int]] = collections.defaultdict(set)
    for (a, b), outcome in coded.items():
        between[min(root(a), root(b)), max(root(a), root(b))].add(outcome)
    for (x, y), outcomes in between.items():
        if len(outcomes) > 1:
            continue
        if x == y:
            pairs = list(combinations(members[x], 2))
        else:
            pairs = [(min(a, b), max(a, b)) for a in members[x] for b in members[y]]
        pairs = [p for p in pairs if p not in coded and p[0][0] != p[1][0]]
        share = min(1.0, (len(members[x]) + len(members[y])) / 2 / max(1, len(pairs)))
        follow |= {p: (min(outcomes), share) for p in pairs}
    return coded, follow


def weights_of(coded: dict[tuple[End, End], int]) -> dict[tuple[End, End], float]:
    """What each coded pair counts: an occurrence of which very many pairs are coded counts less for each."""
    often = collections.Counter(x for pair in coded for x in pair)
    return {pair: 1.0 / math.sqrt(max(1.0, min(often[pair[0]], often[pair[1]]))) for pair in coded}


def examples(found: Sequence[Twice], *, coded_too: bool = True) -> list[Example]:
    """All pairs: as coded (unless that is not wanted), as read where the reader has both claims, and those that follow."""
    by_report = {t.report: t for t in found}
    reader = next((t.reader for t in found), "")
    known: dict[tuple[str, str, str], Traits] = {}

    def seen(end: End, how: str) -> Traits | None:
        twice = by_report.get(end[0])
        if twice is None:
            return None
        own: Account | None
        if how == "read":
            own = twice.read.get(twice.stands_for.get(end[1], ""))
        else:
            own = twice.coded.get(end[1])
        if own is None:
            return None
        key = (*end, how)
        if key not in known:
            known[key] = traits(own)
        return known[key]

    coded, follow = relations()
    known_pairs = {*coded, *follow}
    different = OUTCOME["different"]
    todo = [(pair, outcome, value, "") for pair, value in weights_of(coded).items() for outcome in (coded[pair],)]
    rest = [
        (pair, outcome, FOLLOWS * share * (APART if outcome == different else 1.0), "follows")
        for pair, (outcome, share) in follow.items()
    ]
    for value, pairs in (
        (PLAINLY, plain(by_report, known_pairs)),
        (RIVAL, rivals(by_report, coded, known_pairs)),
        (STRANGE, strangers(by_report, known_pairs)),
    ):
        rest += [(pair, different, value, "follows") for pair in pairs]
    out = []
    for how, value_of_it in (("coded", 1.0), ("read", READ)):
        if how == "coded" and not coded_too:
            continue
        for (x, y), outcome, value, made_by in todo + rest:
            a, b = seen(x, how), seen(y, how)
            if a is not None and b is not None:
                share = FOLLOWS if made_by and how == "read" else value_of_it
                out.append(
                    Example(x, y, made_by or how, reader if how == "read" else "", outcome, value * share, signs(a, b))
                )
    return out


def plain(found: dict[str, Twice], known: set[tuple[End, End]]) -> list[tuple[End, End]]:
    """Pairs of kindred claims that are plainly different: ``PLAIN`` by their days and as many by their places."""
    claims = [((r, c), traits(a)) for r, t in sorted(found.items()) for c, a in sorted(t.coded.items())]
    rng = random.Random(7)
    out: dict[tuple[End, End], None] = {}
    wanted = {"days": PLAIN, "places": PLAIN}
    while any(wanted.values()):
        (x, a), (y, b) = sorted(rng.sample(claims, 2), key=lambda c: c[0])
        if x[0] == y[0] or (x, y) in known or (x, y) in out or not type_likeness(a.type, b.type):
            continue
        far = place_relation(a.places, b.places) == "far"
        late = a.precise and b.precise and a.days is not None and b.days is not None and gap(a.days, b.days) > 7
        why = "days" if late and not far else "places" if far and not late else None
        if why and wanted[why]:
            wanted[why] -= 1
            out[x, y] = None
    return list(out)


def rivals(
    found: dict[str, Twice], coded: dict[tuple[End, End], int], known: set[tuple[End, End]]
) -> list[tuple[End, End]]:
    """Pairs of a claim with what its counterpart's report tells besides the counterpart, each once."""
    out: dict[tuple[End, End], None] = {}
    for pair in sorted(p for p, outcome in coded.items() if outcome == OUTCOME["same"]):
        for mine, counterpart in (pair, pair[::-1]):
            if mine[0] not in found or counterpart[0] not in found:
                continue
            told = found[counterpart[0]].coded
            own, other = found[mine[0]].coded.get(mine[1]), told.get(counterpart[1])
            if own is None or other is None:
                continue
            for claim, rival in told.items():
                both = (min(mine, (counterpart[0], claim)), max(mine, (counterpart[0], claim)))
                elsewhere = not set(rival.places) & set(other.places)
                if both in known or not type_likeness(own.claim.type, rival.claim.type):
                    continue
                if (elsewhere and rival.places and other.places) or rival.claim.date != other.claim.date:
                    out[both] = None
    return list(out)


def strangers(found: dict[str, Twice], known: set[tuple[End, End]]) -> list[tuple[End, End]]:
    """``STRANGERS`` pairs of coded claims that are compared though their types are no kin: coders seldom call these one."""
    filed: dict[int, list[tuple[Entry, End, Traits]]] = collections.defaultdict(list)
    items = [
        ((r, c), item) for r, t in sorted(found.items()) for c, a in sorted(t.coded.items()) if (item := occurrence(a))
    ]
    for end, item in items:
        for entry in entries(item):
            filed[entry.key].append((entry, end, item))
    pairs: set[tuple[End, End]] = set()
    for end, item in items:
        for look in looks(item):
            for entry, other, its in filed.get(look.key, ()):
                if end[0] < other[0] and look.takes(entry.first, entry.last) and not type_likeness(item.type, its.type):
                    pairs.add((end, other))
    left = sorted(pairs - known)
    return sorted(random.Random(7).sample(left, min(STRANGERS, len(left))))


def fit(items: Sequence[Example]) -> Table:
    """Weights by sign for "same" and "part", relative to "different"; the same examples give the same weights."""
    seen = collections.Counter(s for e in items for s in e.signs if s not in BY_HAND)
    index = {s: i for i, s in enumerate(sorted(s for s, n in seen.items() if n >= SEEN))}
    found = [(r, index[s], value) for r, e in enumerate(items) for s, value in e.signs.items() if s in index]
    row, column = (np.array([f[k] for f in found], dtype=np.int64) for k in (0, 1))
    value = np.array([f[2] for f in found])
    y = np.zeros((len(items), 3))
    y[np.arange(len(items)), [e.outcome for e in items]] = 1.0
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
        g = (own * (p - y))[row, :2] * value[:, None]
        slope = np.stack([np.bincount(column, g[:, k], len(index)) for k in (0, 1)], axis=1)
        new = ahead - bound @ (slope + penalty[:, None] * ahead)
        following = (1 + math.sqrt(1 + 4 * step * step)) / 2
        ahead, w, step = new + (step - 1) / following * (new - w), new, following
    return {s: (round(float(w[i, 0]), 3), round(float(w[i, 1]), 3)) for s, i in index.items()}


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


def mean(tables: Sequence[Table]) -> Table:
    """The mean of the weights of several fits; a sign that one of them lacks weighs nothing there."""
    rows = {sign: [t.get(sign, (0.0, 0.0)) for t in tables] for sign in sorted({s for t in tables for s in t})}
    return {
        sign: (round(sum(same for same, _ in ws) / len(ws), 3), round(sum(part for _, part in ws) / len(ws), 3))
        for sign, ws in rows.items()
    }


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("out/pairs.jsonl")], help="where the readings are kept"
    )
    ap.add_argument("--measure", action="store_true")
    ap.add_argument(
        "--earlier", type=Path, nargs="*", default=(),
        help="weights of earlier fits, on other readings: the mean of all is kept, since single fits differ by chance",
    )  # fmt: skip
    a = ap.parse_args()
    if not a.measure:
        lines = json.dumps(rarities(), ensure_ascii=False, separators=(",", ":"))
        (DATA / "rarity.json").write_text(lines + "\n", encoding="utf-8")
    items = examples(made(wanted(), a.cache[0]))
    for further in a.cache[1:]:
        items += examples(kept(wanted(), further), coded_too=False)
    if a.measure:
        measure(items)
        return 0
    table = mean([fit(items), *(json.loads(path.read_text(encoding="utf-8")) for path in a.earlier)])
    text = json.dumps(table, separators=(",", ":"), sort_keys=True).replace("],", "],\n")
    (DATA / "pairing.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(items)} examples, {len(table)} signs, outcomes {', '.join(OUTCOMES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
