"""Derive the weights of the claim rules from coded reports: triggers, weighing, merging and certainty.

    python training/derive_triggers.py ../shared/gold-train                writes the files
    python training/derive_triggers.py ../shared/gold-train --held-out     fits on two thirds of the reports

For every match of the trigger lexicon in a coded report and every type that the entry may speak for, the match is an
example: positive when it lies in a quote of a claim of that type. One logistic regression per type over the features
of ``tadmor.reading.triggers.features`` is fitted by AdaGrad (Duchi, Hazan and Singer 2011) with an L2 penalty, in
fixed order, so that the same data gives the same file.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import math
import pathlib
import random
import re
import sys

from tadmor.model import Passage, Report
from tadmor.reading import certainty, drafts, merging, triggers, weighing
from tadmor.reading.text import sentences
from tadmor.reading.words import words_of
from tadmor.taxonomy import UTTERANCES

DATA = pathlib.Path(__file__).parents[1] / "src/tadmor/reading/data"
FOLDS, L2, SMALLEST = 4, 1e-3, 0.04
CERTAINTY_THRESHOLDS = {"denied": 0.3, "expected": 0.3, "hedged": 0.25}
Example = tuple[str, str, list[str], bool]  # report, type, features, label


def load(folder: pathlib.Path) -> list[tuple[Report, list[dict[str, object]]]]:
    """Coded reports with their claims."""
    out = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        title, body = row["report"]["title"], row["report"]["text"]
        head = len(title) + 1 if title else 0
        text = f"{title}\n{body}" if title else body
        passages = (Passage(0, len(title), "headline"),) if title else ()
        passages += (Passage(head, len(text), "body"),)
        out.append((Report(row["report"]["id"], text, title, passages=passages), row["claims"]))
    return out


def held_out(report_id: str) -> bool:
    """Whether the report belongs to the third that is kept aside."""
    return int(hashlib.sha256(report_id.encode()).hexdigest(), 16) % 3 == 0


def quote_spans(report: Report, claim: dict) -> list[tuple[int, int]]:
    """Offsets of a claim's quotes in the report."""
    out = []
    for quote in [claim["quote"], *claim["also"]]:
        pattern = r"\s+".join(map(re.escape, quote.split()))
        m = re.search(pattern, report.text) if pattern else None
        if m:
            out.append(m.span())
    return out


def examples(data: list) -> list[Example]:
    """All matches of the lexicon with their labels."""
    out: list[Example] = []
    for report, claims in data:
        spans = [(c["type"], a, b) for c in claims for a, b in quote_spans(report, c)]
        for sentence, place in zip(*places(report), strict=True):
            words = words_of(sentence.tokens)
            found = list(triggers.matches(words))
            for at, (phrase, first, last) in enumerate(found):
                a, b = words[first].start, words[last].end
                inside = {t for t, s, e in spans if s <= a and b <= e}
                active = triggers.features(words, found, at, place)
                out.extend((report.id, t, active, t in inside) for t in phrase.types)
    return out


def places(report: Report) -> tuple[list, list[str]]:
    """Sentences and where they stand, as the reader says it."""
    every = sentences(report)
    return list(every), triggers.positions(report, every)


def fit(rows: list[Example]) -> dict[str, dict[str, float]]:
    """Weights by type and feature."""
    by_type: dict[str, list[tuple[list[str], bool]]] = collections.defaultdict(list)
    for _, name, active, label in rows:
        by_type[name].append((active, label))
    return {name: regression(items) for name, items in sorted(by_type.items())}


def regression(items: list[tuple[list[str], bool]], epochs: int = 5, rate: float = 0.1) -> dict[str, float]:
    """Weights of a logistic regression over binary features; features seen fewer than three times are left out."""
    seen = collections.Counter(f for active, _ in items for f in active)
    kept = [([f for f in active if seen[f] >= 3], label) for active, label in items]
    w: dict[str, float] = collections.defaultdict(float)
    g: dict[str, float] = collections.defaultdict(lambda: 1.0)
    order = list(range(len(kept)))
    rng = random.Random(7)
    for _ in range(epochs):
        rng.shuffle(order)
        for i in order:
            active, label = kept[i]
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(w[f] for f in active)))))
            err = p - label
            for f in active:
                grad = err + L2 * w[f]
                g[f] += grad * grad
                w[f] -= rate * grad / math.sqrt(g[f])
    return {f: round(v, 2) for f, v in sorted(w.items()) if abs(v) >= SMALLEST}


def weighed(data: list) -> list[tuple[list[str], bool]]:
    """Drafts with their labels, each report scored by weights fitted on the other three quarters."""
    out = []
    for fold in range(FOLDS):
        table = fit(examples([d for i, d in enumerate(data) if i % FOLDS != fold]))
        write("triggers.json", table)
        for report, claims in data[fold::FOLDS]:
            spans = [(c["type"], a, b) for c in claims for a, b in quote_spans(report, c)]
            for draft, active in weighing.features(drafts.lines(report, sentences(report))):
                a, b = draft.line.words[draft.first].start, draft.line.words[draft.last].end
                out.append((active, any(t == draft.type and s <= a and b <= e for t, s, e in spans)))
    return out


def pairs(data: list) -> list[tuple[list[str], bool]]:
    """Pairs of clauses of one type in one report, and whether one coded claim covers both."""
    out = []
    for report, claims in data:
        spans = [(i, c["type"], a, b) for i, c in enumerate(claims) for a, b in quote_spans(report, c)]
        found = []
        for line in drafts.lines(report, sentences(report)):
            for draft in drafts.drafts(line, 0.4):
                a, b = line.words[draft.first].start, line.words[draft.last].end
                ids = {i for i, t, s, e in spans if t == draft.type and s <= a and b <= e}
                if ids:
                    found.append((draft, ids))
        for k, (a, ids) in enumerate(found):
            for b, other in found[k + 1 :]:
                if a.type == b.type:
                    out.append((merging.pair_features(a, b), bool(ids & other)))
    return out


def certainties(data: list) -> dict[str, list[tuple[list[str], bool]]]:
    """Clauses that state a coded claim, with its certainty: examples by class."""
    out: dict[str, list[tuple[list[str], bool]]] = {name: [] for name in certainty.CLASSES}
    for report, claims in data:
        spans = [(b - a, c, a, b) for c in claims if c["type"] not in UTTERANCES for a, b in quote_spans(report, c)]
        for line in drafts.lines(report, sentences(report)):
            for draft in drafts.drafts(line, 0.3):
                a, b = line.words[draft.first].start, line.words[draft.last].end
                inside = [
                    (n, i, c) for i, (n, c, s, e) in enumerate(spans) if c["type"] == draft.type and s <= a and b <= e
                ]
                if inside:
                    coded = min(inside, key=lambda x: x[:2])[2]["certainty"]
                    active = certainty.features(draft)
                    for name, rows in out.items():
                        rows.append((active, coded == name))
    return out


def main() -> int:
    """Fit and write, or fit and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    data = load(args.folder)
    if not data:
        print(f"no coded reports in {args.folder}", file=sys.stderr)
        return 1
    part = [d for d in data if not held_out(d[0].id)] if args.held_out else data
    second = weighed(part)
    rows = examples(part)
    write("triggers.json", fit(rows))
    together, by_class = pairs(part), certainties(part)
    write("weighing.json", {**regression(second, epochs=8, rate=0.05), "threshold": 0.4})
    write("merging.json", regression(together, epochs=12, rate=0.25))
    fitted = {name: regression(items, epochs=12, rate=0.25) for name, items in by_class.items()}
    write("certainty.json", {name: {**row, "threshold": CERTAINTY_THRESHOLDS[name]} for name, row in fitted.items()})
    print(
        f"{len(part)} reports; {len(rows)} trigger examples; {len(second)} drafts; {len(together)} pairs, "
        f"{sum(label for _, label in together)} of one claim",
        file=sys.stderr,
    )
    return 0


def write(name: str, table: dict) -> None:
    """Write a data file and make the package read it anew."""
    text = json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
    (DATA / name).write_text(text, encoding="utf-8")
    for cached in (triggers.weights, weighing.weights, merging.weights, certainty.weights):
        cached.cache_clear()


if __name__ == "__main__":
    raise SystemExit(main())
