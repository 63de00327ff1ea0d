"""Months of which every coded claim has its occurrence: what incidents of other months than the measured ones are judged by.

    python -m training.occurrences check
    python -m training.occurrences measure --cache out/pairs.jsonl FILE...     needs the readings (``training.pair_readings``)

``training/occurrences/*.json`` is stand-off annotation, a month each: ``reports`` are the coded reports of the month
(``training.coded``), ``occurrences`` the claims of them that tell of one occurrence, as [report id, claim id], where claims of
two or more reports do. Every other claim of these reports tells of an occurrence that no other report tells of. So, other
than the coded pairs, which were drawn where claims look alike, these months also say what is not one.

Measuring is as ``tadmor eval incidents`` does it: each coded claim that is told as an occurrence is a mention, found by its
quote in the readings of the last file. The pairs' weights are fitted anew for each month, without any pair of one of its reports.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tadmor.evaluate.incidents import score
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile import pairing
from tadmor.reconcile.incidents import incidents, occurrence
from training.derive_pairs import Example, examples, fit
from training.pair_readings import Twice, kept, wanted
from training.pairs import measured, reports

FOLDER = Path(__file__).parent / "occurrences"
Row = dict[str, Any]
_KEYS = {"month", "reports", "occurrences"}


def load() -> list[Row]:
    """The months in order."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def problems(months: Sequence[Row] | None = None) -> list[str]:
    """What is wrong with the months; an empty list when nothing is. Claims are only looked up where the data folder is."""
    claims = {r["report"]["id"]: {c["id"] for c in r["claims"]} for r in reports()}
    barred = measured()
    out: list[str] = []
    for month in load() if months is None else months:
        name, own = month.get("month"), set(month.get("reports", ()))
        out += [f"{name}: unknown key {key}" for key in sorted(set(month) - _KEYS)]
        out += [f"{name}: {r} is one of those that incidents are measured on" for r in sorted(own & barred)]
        seen: set[tuple[str, str]] = set()
        for told in month.get("occurrences", ()):
            ends = [(str(r), str(c)) for r, c in told]
            if len({r for r, _ in ends}) < 2:
                out.append(f"{name}: {ends} are of one report")
            for end in ends:
                if end in seen:
                    out.append(f"{name}: {' '.join(end)} stands in two occurrences")
                seen.add(end)
                if end[0] not in own:
                    out.append(f"{name}: {end[0]} is no report of the month")
                if claims and end[1] not in claims.get(end[0], ()):
                    out.append(f"{name}: there is no coded claim {end[1]} of {end[0]}")
    return out


def gold_of(month: Row, found: Sequence[Twice]) -> Row:
    """The month in the shape of the gold of incidents: every coded claim that tells of an occurrence is a mention of one."""
    at = {(r, c): f"o{n}" for n, told in enumerate(month["occurrences"]) for r, c in told}
    named: dict[str, list[Row]] = {}
    for report in (t for t in found if t.report in set(month["reports"])):
        for claim, account in sorted(report.coded.items()):
            if occurrence(account) is not None:
                mention = {"report": report.report, "quote": account.claim.text}
                named.setdefault(at.get((report.report, claim), f"{report.report} {claim}"), []).append(mention)
    return {"incidents": [{"id": id, "reports": mentions} for id, mentions in named.items()], "disputes": []}


def measure(cache: Path, further: Sequence[Path]) -> None:
    """Prints pairwise and B-cubed F1 of each month, by weights that were fitted without it, and their means."""
    rows = wanted()
    learnt: list[Example] = examples(kept(rows, cache))
    for path in further:
        learnt += examples(kept(rows, path), coded_too=False)
    last = further[-1] if further else cache
    found = kept(rows, last)
    records = {r["report"]["id"]: r for r in (json.loads(line)["read"] for line in last.open(encoding="utf-8"))}
    figures = []
    for month in load():
        own = set(month["reports"])
        table = fit([e for e in learnt if e.a[0] not in own and e.b[0] not in own]) | pairing.BY_HAND
        told = {a.ref: a for t in found if t.report in own for a in t.read.values()}
        with patch.object(pairing, "_weights", lambda table=table: table):
            made = [incident_to_record(i, {r: told[r] for r in i.claims}) for i in incidents(told.values())]
        figures.append(score(gold_of(month, found), made, [records[r] for r in sorted(own & records.keys())]))
        _show(month["month"], figures[-1])
    _show("mean", {k: sum(f[k] for f in figures) / len(figures) for k in figures[0]})


def _show(name: str, f: dict[str, float]) -> None:
    print(
        f"{name:8} mentions {f['mentions']:4.0f}  pairwise F1 {f['pair_f1']:.3f}  B-cubed F1 {f['b3_f1']:.3f}",
        flush=True,
    )


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("verb", choices=["check", "measure"])
    ap.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("out/pairs.jsonl")], help="where the readings are kept"
    )
    a = ap.parse_args()
    if a.verb == "measure":
        measure(a.cache[0], a.cache[1:])
        return 0
    found = problems()
    for line in found:
        print(line)
    months = load()
    print(f"{len(months)} months, {sum(len(m['occurrences']) for m in months)} occurrences, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
