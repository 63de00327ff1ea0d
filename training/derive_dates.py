"""Derive the weights of the claims' date slot from coded reports.

    python -m training.derive_dates ../shared/gold-train              writes the file
    python -m training.derive_dates ../shared/gold-train --held-out   fits on five sixths, measures on the others

For every coded claim the candidate dates of ``tadmor.resolve.claim_dates_candidates`` are the alternatives, each worth
its ``date_score`` against the coded date; the weights of a log-linear model are fitted by Adam (Kingma and Ba 2015) to give
the good ones the probability, with a penalty on their size that leaves few of them, in fixed order, so that the same data
gives the same file. The coded reports of the project are added to those of the folder. A minute and a half on one core.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import pathlib
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tadmor.evaluate.claims import date_score
from tadmor.evaluate.run import report_of
from tadmor.model import Claim, Mention, ReaderInfo, Reading, Report, Span
from tadmor.resolve import times
from tadmor.resolve.claim_dates import choose, score
from tadmor.resolve.claim_dates_candidates import Candidate, Choices
from tadmor.resolve.claim_dates_rules import Telling
from training.coded import restored, written
from training.examples import find, held_out

DATA = pathlib.Path(__file__).parents[1] / "src/tadmor/resolve/data/claim_dates.json"
EPOCHS, BATCH, RATE, SPARSE, SHARPNESS = 6, 16, 0.01, 3e-4, 6.0
SEEN, RARE, SMALLEST = 5, 20, 0.03  # a word must be seen more often than another feature, for it says less
HELD_OUT = 1 / 6
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
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
    rows = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))]
    return [*rows, *restored(), *written()]


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


@dataclass(frozen=True, slots=True)
class Packed:
    """A claim in numbers: features of the claim; candidate and kind, candidate and feature, in pairs; worth of each."""

    context: Ints
    kinds: tuple[Ints, Ints]
    told: tuple[Ints, Ints]
    worth: Floats


def fit(items: list[Example], *, epochs: int = EPOCHS) -> Table:
    """Weights by kind and feature of the claim, and under ``told`` by feature of the single time."""
    contexts = _known(Counter(f for e in items for f in e.context), lambda f: RARE if _is_word(f) else SEEN)
    told = _known(Counter(f for e in items for c in e.candidates for f in c.features), lambda _: SEEN)
    kinds = _known(Counter(k for e in items for c in e.candidates for k in c.kinds), lambda _: SEEN)
    packed = [p for e in items if (p := _pack(e, contexts, kinds, told)).worth.max() >= 0.05]
    weights = [np.zeros((len(contexts), len(kinds))), np.zeros(len(told))]
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    rng = random.Random(7)
    steps, step = epochs * math.ceil(len(packed) / BATCH), 0
    for _ in range(epochs):
        rng.shuffle(packed)
        for at in range(0, len(packed), BATCH):
            rate, step = RATE * (1 - step / steps), step + 1
            for w, m, v, g in zip(weights, first, second, _gradients(packed[at : at + BATCH], weights), strict=True):
                g += SPARSE * np.sign(w)
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    table: Table = {k: {} for k in kinds} | {"told": {}}
    for kind, k in kinds.items():
        table[kind] = {f: round(float(w), 2) for f, i in contexts.items() if abs(w := weights[0][i, k]) >= SMALLEST}
    table["told"] = {f: round(float(w), 2) for f, i in told.items() if abs(w := weights[1][i]) >= SMALLEST}
    return {kind: row for kind, row in table.items() if row}


def _gradients(batch: Sequence[Packed], weights: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Gradients of the loss of a batch: cross entropy against the worth of the candidates, less the worth expected."""
    wide, narrow = (np.zeros_like(w) for w in weights)
    for p in batch:
        by_kind = weights[0][p.context].sum(0)
        n = len(p.worth)
        scores = np.bincount(p.kinds[0], by_kind[p.kinds[1]], n) + np.bincount(p.told[0], weights[1][p.told[1]], n)
        chance = np.exp(scores - scores.max())
        chance /= chance.sum()
        target = p.worth**SHARPNESS / (p.worth**SHARPNESS).sum()
        slope = 0.5 * (chance - target) - 0.5 * chance * (p.worth - chance @ p.worth)
        wide[p.context] += np.bincount(p.kinds[1], slope[p.kinds[0]], wide.shape[1])
        np.add.at(narrow, p.told[1], slope[p.told[0]])
    return wide / len(batch), narrow / len(batch)


def _known(counts: Counter[str], least: Callable[[str], int]) -> dict[str, int]:
    return {f: i for i, f in enumerate(f for f, n in sorted(counts.items()) if n >= least(f))}


def _is_word(feature: str) -> bool:
    return feature.startswith(("w:", "w-", "begins:"))


def _pack(e: Example, contexts: dict[str, int], kinds: dict[str, int], told: dict[str, int]) -> Packed:
    by_kind = [(i, kinds[k]) for i, c in enumerate(e.candidates) for k in c.kinds if k in kinds]
    by_time = [(i, told[f]) for i, c in enumerate(e.candidates) for f in c.features if f in told]
    return Packed(
        np.array(sorted({contexts[f] for f in e.context if f in contexts}), dtype=np.int64),
        _pairs(by_kind),
        _pairs(by_time),
        np.array([date_score(e.coded, c.date) for c in e.candidates]),
    )


def _pairs(found: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def measure(items: list[Example], table: Table, by: Callable[[Example], str]) -> str:
    """Mean date score of the rules, of the choice and of the best candidate, by group."""
    groups: dict[str, list[tuple[float, float, float]]] = collections.defaultdict(list)
    for e in items:
        best = max(date_score(e.coded, c.date) for c in e.candidates)
        row = (
            date_score(e.coded, e.rule),
            date_score(e.coded, choose(e.candidates, [score(c, e.context, table) for c in e.candidates], e.rule)),
            best,
        )
        for group in (by(e), "all"):
            groups[group].append(row)
    lines = []
    for name, values in sorted(groups.items()):
        rules, chosen, best = (sum(v) / len(values) for v in zip(*values, strict=True))
        lines.append(f"{name:14} {len(values):5}  rules {rules:.3f}  choice {chosen:.3f}  best candidate {best:.3f}")
    return "\n".join(lines)


def _written(table: Table) -> str:
    """The file: one line a kind, so that a change of weights shows where it is."""
    rows = [
        f"{json.dumps(kind)}:{json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"
        for kind, row in sorted(table.items())
    ]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def derive(
    about: str | None,
    examples: Callable[[Iterable[dict[str, Any]]], Sequence[Any]],
    fit: Callable[[Any], Table],
    write: Callable[[Table], object],
    told: Callable[[Any, Table], str],
    share: float,
) -> int:
    """Fit on all coded claims and write, or fit on what is not held out, ``share`` of the reports, and tell how the rest does."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    items = examples(load(args.folder))
    if not items:
        print(f"no coded reports in {args.folder}", file=sys.stderr)
        return 1
    if args.held_out:
        table = fit([e for e in items if not held_out(e.report, share)])
        print(told([e for e in items if held_out(e.report, share)], table))
        return 0
    table = fit(items)
    write(table)
    print(f"{len(items)} claims, {sum(map(len, table.values()))} weights", file=sys.stderr)
    return 0


def main() -> int:
    """Fit and write, or fit and measure by outlet and by where the time stands."""

    def told(rest: list[Example], table: Table) -> str:
        return "\n\n".join(measure(rest, table, by) for by in (lambda e: e.outlet, lambda e: e.stands))

    return derive(__doc__, examples, fit, lambda t: DATA.write_text(_written(t), encoding="utf-8"), told, HELD_OUT)


if __name__ == "__main__":
    raise SystemExit(main())
