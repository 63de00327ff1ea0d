"""What can be said of the second reader without a model: what its building costs, and how far certainty tells good readings.

``ceiling``: a model that answers with the gold coding itself, word for word, would reach these figures: what they lack to 1 is
lost on the way from an answer to the record. ``certainty``: the embedded reader's certainty of a report against how well it read
it, and how many reports each threshold of ``--mixed-below`` sends. Run ``python -m benchmarks.second_reader [GOLD]``.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.llm_server import serving

from benchmarks.__main__ import SHARED
from tadmor import pipeline
from tadmor.evaluate import claims, run
from tadmor.reading.llm.mixed import certainty
from tadmor.reading.llm.settings import LlmSettings
from tadmor.record import to_record

THRESHOLDS = (0.65, 0.7, 0.75, 0.8, 0.85)
Gold = Sequence[dict[str, Any]]


def ceiling(gold: Gold, context: int) -> dict[str, float]:
    """Figures of the second reader when its model answers each part of a report with the gold claims that stand in it."""

    def answers(body: dict[str, Any], _: int) -> dict[str, Any]:
        said = claims.flat(body["messages"][-1]["content"])
        standing = [[c for c in g["claims"] if claims.flat(c["quote"]) in said] for g in gold]
        return {"claims": [_as_told(c) for c in max(standing, key=len)]}

    with serving(answers) as server:
        second = LlmSettings("gold", server.url, context=context)
        return claims.score(gold, run.read_rows((g["report"] for g in gold), "llm", second)).figures


def by_certainty(gold: Gold) -> list[tuple[float, float]]:
    """For each report the embedded reader's certainty, and the claim F1 of its reading."""
    line = pipeline.default()
    out = []
    for g in gold:
        reading = line.read(run.report_of(g["report"]))
        out.append((certainty(reading), claims.score([g], [to_record(reading)]).figures["claim_f1"]))
    return out


def _as_told(claim: dict[str, Any]) -> dict[str, Any]:
    counts = [
        {**n, "number": str(n["min"] if n["min"] is not None else n["max"]), "approx": n.get("approx", False)}
        for n in claim["counts"]
    ]
    return {**claim, "places": claims.listed(claim["place"]), "counts": counts, "trigger": None, "confidence": 0.9}


def main() -> None:
    """Print the figures."""
    gold = claims.load_gold(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "gold")
    for context in (32_768, 4_096):
        figures = ceiling(gold, context)
        shown = ("typed_f1", *claims.SLOTS, "claim_f1")
        print(f"ceiling, context {context:,}: " + ", ".join(f"{k} {figures[k]:.3f}" for k in shown))
    pairs = by_certainty(gold)
    print(
        f"certainty and claim F1: correlation {statistics.correlation(*zip(*pairs, strict=True)):.2f}, {len(pairs)} reports"
    )
    for t in THRESHOLDS:
        below, above = [f for c, f in pairs if c < t], [f for c, f in pairs if c >= t]
        means = " / ".join(f"{statistics.mean(x):.3f}" if x else "-" for x in (below, above))
        print(f"below {t:.2f}: {len(below) / len(pairs):4.0%} of reports; claim F1 below / above {means}")


if __name__ == "__main__":
    main()
