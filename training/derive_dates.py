"""Derive the weights of the claims' date slot from coded reports.

    python -m training.derive_dates ../shared/gold-train              writes the file
    python -m training.derive_dates ../shared/gold-train --held-out   fits on five sixths, measures on the others

For every coded claim the candidate dates of ``tadmor.resolve.claim_dates_candidates`` are the alternatives, each worth
its ``date_score`` against the coded date; the weights of a log-linear model are fitted by AdaGrad (Duchi, Hazan and
Singer 2011) to give the good ones the probability, in fixed order, so that the same data gives the same file. The
coded reports of ``training/coded`` are added to those of the folder.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tadmor.evaluate.claims import date_score
from tadmor.evaluate.run import report_of
from tadmor.model import Claim, Mention, ReaderInfo, Reading, Report, Span
from tadmor.resolve import times
from tadmor.resolve.claim_dates import choose
from tadmor.resolve.claim_dates_candidates import Candidate, Choices
from tadmor.resolve.claim_dates_rules import Telling
from training.coded import restored
from training.examples import find, held_out

DATA = pathlib.Path(__file__).parents[1] / "src/tadmor/resolve/data/claim_dates.json"
EPOCHS, RATE, L2, SHARPNESS, SMALLEST, SEEN = 6, 0.04, 0.04, 3.0, 0.05, 3
HELD_OUT = 1 / 6
Table = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim's candidates, what is known of it, the coded date, what the rules say and where the time stands."""

    report: str
    candidates: list[Candidate]
    context: list[str]
    coded: str | None
    rule: str | None
    stands: str

    @property
    def outlet(self) -> str:
        """The kind of text, as the ids have it."""
        return self.report.partition("-")[0]


def load(folder: pathlib.Path) -> list[dict[str, Any]]:
    """Coded reports of the folder and of the project."""
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))] + restored()


def reading(row: dict[str, Any]) -> tuple[Reading, list[str | None]]:
    """A reading with the coded claims, undated, and the times told with their values; and the coded dates."""
    report: Report = report_of(row["report"])
    found = times.recognise(report.text)
    mentions = [Mention(f"t{i}", f.start, f.end, report.text[f.start : f.end], "time") for i, f in enumerate(found)]
    valued, _ = times.resolve_times(mentions, report)
    claims, dates = [], []
    for i, c in enumerate(row["claims"]):
        spans = [s for q in [c["quote"], *c["also"]] if (s := find(report.text, q))]
        if not spans:
            continue
        (start, end), *also = spans
        said = tuple(Span(a, b, report.text[a:b]) for a, b in also)
        claims.append(Claim(f"c{i}", c["type"], c["certainty"], start, end, report.text[start:end], also=said))
        dates.append(c["date"])
    return Reading(report, ReaderInfo("coded", "1"), mentions=tuple(valued.values()), claims=tuple(claims)), dates


def examples(rows: Iterable[dict[str, Any]]) -> list[Example]:
    """Every coded claim with its candidates."""
    out = []
    for row in rows:
        made, dates = reading(row)
        choices = Choices(Telling(made))
        for claim, coded in zip(made.claims, dates, strict=True):
            candidates = choices.of(claim)
            kinds = {k.partition(":")[0] for c in candidates for k in c.kinds}
            stands = next((p for p in ("clause", "also", "left", "right", "back1", "back2") if p in kinds), "not told")
            stands = {"left": "sentence", "right": "sentence", "back1": "before", "back2": "before"}.get(stands, stands)
            out.append(
                Example(made.report.id, candidates, choices.context(claim), coded, choices.rules[claim.id], stands)
            )
    return out


def fit(items: list[Example], *, epochs: int = EPOCHS, rate: float = RATE, l2: float = L2) -> Table:
    """Weights by kind and feature of the claim, and under ``told`` by feature of the single time."""
    index: dict[tuple[str, str], int] = {}
    seen: collections.Counter[tuple[str, str]] = collections.Counter()
    for e in items:
        seen.update({(k, f) for c in e.candidates for k in c.kinds for f in e.context})
        seen.update({("told", f) for c in e.candidates for f in c.features})
    rows = []
    for e in items:
        scores = [date_score(e.coded, c.date) for c in e.candidates]
        if max(scores) < 0.05:
            continue
        worth = [s**SHARPNESS for s in scores]
        total = sum(worth)
        active = []
        for c in e.candidates:
            keys = [("told", f) for f in c.features] + [(k, f) for k in c.kinds for f in e.context]
            active.append([index.setdefault(k, len(index)) for k in keys if seen[k] >= SEEN])
        rows.append((active, [w / total for w in worth], max(scores)))
    w, g = [0.0] * len(index), [1.0] * len(index)
    rng = random.Random(7)
    mean, steps = [0.0] * len(index), 0
    for epoch in range(epochs):
        rng.shuffle(rows)
        for active, target, weight in rows:
            x = [sum([w[f] for f in fs]) for fs in active]
            top = max(x)
            e = [math.exp(v - top) for v in x]
            z = sum(e)
            for fs, p, t in zip(active, e, target, strict=True):
                err = (p / z - t) * weight
                if abs(err) < 1e-3:
                    continue
                for f in fs:
                    grad = err + l2 * w[f]
                    g[f] += grad * grad
                    w[f] -= rate * grad / math.sqrt(g[f])
        if 2 * epoch >= epochs - 1:  # the mean of the later rounds varies less than the last
            mean = [m + v for m, v in zip(mean, w, strict=True)]
            steps += 1
    w = [m / steps for m in mean]
    table: Table = collections.defaultdict(dict)
    for (kind, feature), i in sorted(index.items()):
        if abs(w[i]) >= SMALLEST:
            table[kind][feature] = round(w[i], 2)
    return dict(table)


def measure(items: list[Example], table: Table, by: Callable[[Example], str]) -> str:
    """Mean date score of the rules, of the choice and of the best candidate, by group."""
    groups: dict[str, list[tuple[float, float, float]]] = collections.defaultdict(list)
    for e in items:
        best = max(date_score(e.coded, c.date) for c in e.candidates)
        row = (date_score(e.coded, e.rule), date_score(e.coded, choose(e.candidates, e.context, table, e.rule)), best)
        for group in (by(e), "all"):
            groups[group].append(row)
    lines = []
    for name, values in sorted(groups.items()):
        rules, chosen, best = (sum(v) / len(values) for v in zip(*values, strict=True))
        lines.append(f"{name:14} {len(values):5}  rules {rules:.3f}  choice {chosen:.3f}  best candidate {best:.3f}")
    return "\n".join(lines)


def main() -> int:
    """Fit and write, or fit and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    items = examples(load(args.folder))
    if not items:
        print(f"no coded reports in {args.folder}", file=sys.stderr)
        return 1
    if args.held_out:
        table = fit([e for e in items if not held_out(e.report, HELD_OUT)])
        rest = [e for e in items if held_out(e.report, HELD_OUT)]
        print(measure(rest, table, lambda e: e.outlet), measure(rest, table, lambda e: e.stands), sep="\n\n")
        return 0
    table = fit(items)
    DATA.write_text(json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(items)} claims, {sum(map(len, table.values()))} weights", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
