"""Derive the weights of the claims' counts slot from coded reports.

    python -m training.derive_counts ../shared/gold-train              writes the file
    python -m training.derive_counts ../shared/gold-train --held-out   fits on half the reports, measures on the others

For every coded claim the numbers in and near its clauses are the candidates of ``tadmor.resolve.claim_counts_features``;
what each is coded as, or that it is not, is what a log-linear model is fitted to by AdaGrad (Duchi, Hazan and Singer
2011), in fixed order, so that the same data gives the same file. The coded reports of ``training/coded`` are added to
those of the folder. Beside the coded clauses those that the rules reader finds for the same claims are learned from,
because a reader cuts its clauses otherwise than a coder does.
"""

from __future__ import annotations

import collections
import json
import pathlib
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tadmor.evaluate.claims import flat, pairs
from tadmor.evaluate.names import set_f1
from tadmor.evaluate.run import report_of
from tadmor.model import Claim, Mention, ReaderInfo, Reading, Span
from tadmor.resolve import quantities
from tadmor.resolve.claim_counts import NONE, chained, counts
from tadmor.resolve.claim_counts_features import Candidate, Numbers
from training.derive_dates import derive
from training.examples import find

DATA = pathlib.Path(__file__).parents[1] / "src/tadmor/resolve/data/claim_counts.json"
EPOCHS, RATE, L2, SMALLEST, SEEN, READ = 8, 0.05, 0.01, 0.1, 5, 2
Row = dict[str, Any]
Table = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim's candidates, what each is coded as, and the coded counts; ``made`` is "coded" or "read"."""

    report: str
    made: str
    type: str
    clause: str
    candidates: list[Candidate]
    labels: list[str]
    coded: list[Row]


def coded_reading(row: Row) -> tuple[Reading, list[list[Row]]]:
    """A reading with the coded claims, uncounted, and the numbers told; and the coded counts."""
    report = report_of(row["report"])
    found = quantities.recognise(report.text)
    mentions = [Mention(f"q{i}", f.start, f.end, report.text[f.start : f.end], "quantity") for i, f in enumerate(found)]
    valued = quantities.resolve_quantities(mentions, report)
    claims, said = [], []
    for i, c in enumerate(row["claims"]):
        spans = [s for q in [c["quote"], *c["also"]] if (s := find(report.text, q))]
        if spans:
            (start, end), *also = spans
            others = tuple(Span(a, b, report.text[a:b]) for a, b in also)
            claims.append(Claim(f"c{i}", c["type"], c["certainty"], start, end, report.text[start:end], also=others))
            said.append(c["counts"])
    return Reading(report, ReaderInfo("coded", "1"), mentions=tuple(valued.values()), claims=tuple(claims)), said


def read_reading(row: Row, reader: Any) -> tuple[Reading, list[list[Row] | None]]:
    """What the rules reader reads, with the coded counts of the claims that stand for a coded one of the same type."""
    report = report_of(row["report"])
    reading = reader.read(report)
    valued = {m.id: m for m in reading.mentions} | quantities.resolve_quantities(reading.mentions, report)
    reading = replace(reading, mentions=tuple(valued.values()))
    shapes = [{"quote": c.text, "also": [a.text for a in c.also], "type": c.type} for c in reading.claims]
    found = pairs(row["claims"], shapes, flat((row["report"]["title"] or "") + "\n" + row["report"]["text"]))
    said: list[list[Row] | None] = [None] * len(shapes)
    for i, j, same in found:
        if same:
            said[j] = row["claims"][i]["counts"]
    return reading, said


def examples(rows: Iterable[Row]) -> list[Example]:
    """Every coded claim with its candidates, by its coded clauses and by those of the rules reader."""
    from tadmor import pipeline

    reader = pipeline.default("rules").reader
    out = []
    for row in rows:
        for made, (reading, said) in (("coded", coded_reading(row)), ("read", read_reading(row, reader))):
            numbers = Numbers(reading)
            for claim, coded in zip(reading.claims, said, strict=True):
                if coded is not None:
                    candidates = numbers.of(claim)
                    out.append(
                        Example(
                            reading.report.id,
                            made,
                            claim.type,
                            claim.text,
                            candidates,
                            labels(candidates, coded),
                            coded,
                        )
                    )
    return out


def labels(candidates: Sequence[Candidate], coded: Sequence[Row]) -> list[str]:
    """What each candidate is coded as: each coded count goes to the likeliest candidate, and to those that say it again."""
    out = [NONE] * len(candidates)
    for row in coded:
        words = set(re.findall(r"\w+", (row.get("of") or "").lower()))

        def worth(i: int, row: Row = row, words: set[str] = words) -> float:
            c = candidates[i]
            if out[i] != NONE or (c.phrase.low, c.phrase.high) != (row["min"], row["max"]):
                return 0.0
            shared = len(words & set(re.findall(r"\w+", (c.phrase.of or "").lower())))
            inside = any(s.startswith("where:in") for s in c.signs)
            agrees = c.rule == row["what"]
            if c.phrase.mention is None and not shared and not agrees:
                return 0.0  # any "a" would do
            return 1 + 2 * shared + agrees + 1.5 * inside - 0.3 * min(c.region, 2)

        best = max(range(len(candidates)), key=worth, default=-1)
        if best < 0 or worth(best) <= 0:
            continue
        out[best] = row["what"]
        chosen = candidates[best].phrase
        for i, c in enumerate(candidates):
            if out[i] != NONE or c.region == candidates[best].region:
                continue
            again = bool({c.phrase.low, c.phrase.high} & {row["min"], row["max"]} - {None})
            if again and ((chosen.mention and c.phrase.mention) or c.phrase.noun == chosen.noun):
                out[i] = row["what"]
    return out


def fit(items: Sequence[Example], *, epochs: int = EPOCHS, rate: float = RATE, l2: float = L2) -> Table:
    """Weights by sign and what is counted. Clauses that the reader cut weigh ``READ`` times a coded one, being what is met."""
    classes = sorted({w for e in items for w in e.labels} | {NONE})
    number = {w: i for i, w in enumerate(classes)}
    signs, targets = [], []
    for e in (x for x in items for _ in range(READ if x.made == "read" else 1)):
        said, last = NONE, -1
        for c, label in zip(e.candidates, e.labels, strict=True):
            said = NONE if c.region != last else said
            signs.append((*c.signs, *chained(c, said)))
            targets.append(number[label])
            said, last = label, c.region
    seen = collections.Counter(s for row in signs for s in set(row))
    index = {s: i for i, s in enumerate(sorted(s for s, n in seen.items() if n >= SEEN))}
    rows = [np.array(sorted({index[s] for s in row if s in index})) for row in signs]
    w = np.zeros((len(index), len(classes)))
    g = np.full_like(w, 1.0)
    mean, steps = np.zeros_like(w), 0
    rng = random.Random(7)
    order = list(range(len(rows)))
    for epoch in range(epochs):
        rng.shuffle(order)
        for k in order:
            active = rows[k]
            x = w[active].sum(axis=0)
            p = np.exp(x - x.max())
            p /= p.sum()
            p[targets[k]] -= 1
            if np.abs(p).max() < 0.02:
                continue
            grad = p + l2 * w[active]
            g[active] += grad * grad
            w[active] -= rate * grad / np.sqrt(g[active])
        if 2 * epoch >= epochs:  # the mean of the later rounds varies less than the last
            mean += w
            steps += 1
    w = mean / steps
    table: Table = {}
    for sign, i in index.items():
        found = {c: round(float(v), 2) for c, v in zip(classes, w[i], strict=True) if abs(v) >= SMALLEST}
        if found:
            table[sign] = found
    table["bias"] = {c: round(float(v), 2) for c, v in zip(classes, w[index["bias"]], strict=True)}
    return table


def write(table: Table) -> None:
    """The weights to the file that ships, a sign a line."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    DATA.write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")


def same(coded: Row, got: Row) -> bool:
    """Whether two counts are one, as the scorer has it."""
    return all(coded[k] == got[k] for k in ("what", "min", "max"))


def slot(e: Example, table: Table) -> tuple[float, int, int, int]:
    """The claim's score, how many counts are right, and how many are coded and given."""
    got = [{"what": n.what, "min": n.min, "max": n.max} for n in counts(e.candidates, table)]
    score = set_f1(e.coded, got, same)
    return score, round(score * (len(e.coded) + len(got)) / 2), len(e.coded), len(got)


def measure(items: Sequence[Example], table: Table) -> str:
    """Mean score of the slot, precision and recall, by how the clause was made, by kind of report and by type."""
    groups: dict[str, list[tuple[float, int, int, int]]] = collections.defaultdict(list)
    for e in items:
        row = slot(e, table)
        for group in (e.made, f"{e.made} {e.report.partition('-')[0]}", f"{e.made} = {e.type}"):
            groups[group].append(row)
    lines = []
    for name, values in sorted(groups.items()):
        score, right, coded, got = (sum(v) for v in zip(*values, strict=True))
        shares = f"precision {right / max(got, 1):.3f}  recall {right / max(coded, 1):.3f}"
        lines.append(f"{name:28} {len(values):5}  score {score / len(values):.3f}  {shares}")
    return "\n".join(lines)


def main() -> int:
    """Fit and write, or fit and measure."""
    return derive(__doc__, examples, fit, write, measure, 0.5)


if __name__ == "__main__":
    raise SystemExit(main())
