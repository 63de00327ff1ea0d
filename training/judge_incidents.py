"""Judges incidents by months other than the measured ones: those of which every coded claim has its occurrence.

    python -m training.judge_incidents --cache out/pairs.jsonl FILE...     needs the readings (``training.pair_readings``)

Measuring is as ``tadmor eval incidents`` does it: a mention is found by its quote in the readings of the last file. It is done
twice. Once each coded claim that is told as an occurrence is a mention; once, as in the gold of the measured months,
only the main claim of each report on an occurrence is, and what no other report tells only where it is an event of its
own. The pairs' weights are fitted anew for every quarter of the months, without any pair of one of its reports.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tadmor.evaluate.incidents import score
from tadmor.model import Account
from tadmor.publish.wire import incident_to_record
from tadmor.reconcile import pairing
from tadmor.reconcile.incidents import incidents, occurrence
from training import occurrences
from training.derive_pairs import fit, gathered
from training.pair_readings import Twice, kept, wanted

PARTS = 4
# What the gold of the measured months has incidents of, but for what goes with another event (tolls, damage) or is only said.
EVENTS = frozenset(
    "air_strike shelling bombing territory_taken territory_lost agreement armed_clash advance siege attack_repelled "
    "attack_on_civilians deployment displacement abduction arrest aid chemical_attack".split()
)
Row = dict[str, Any]


def gold_of(month: Row, found: Sequence[Twice]) -> Row:
    """The month in the shape of the gold of incidents: every coded claim that tells of an occurrence is a mention of one."""
    named: dict[str, list[Row]] = {}
    for (report, _), (name, account) in _told(month, found).items():
        named.setdefault(name, []).append({"report": report, "quote": account.claim.text})
    return _gold(named)


def main_of(month: Row, found: Sequence[Twice]) -> Row:
    """The same with no more than one mention of a report for an occurrence: its claim of the commonest event, the first of these.

    An occurrence that one report tells of is one where it is asserted; what is no event of ``EVENTS`` is no mention.
    """
    named: dict[str, dict[str, list[Account]]] = {}
    for (report, _), (name, account) in _told(month, found).items():
        named.setdefault(name, {}).setdefault(report, []).append(account)
    out: dict[str, list[Row]] = {}
    for name, by_report in named.items():
        tally = Counter(a.claim.type for own in by_report.values() for a in own if a.claim.type in EVENTS)
        if not tally:
            continue
        common = tally.most_common(1)[0][0]
        for report, own in by_report.items():
            best = min(own, key=lambda a: (a.claim.type != common, a.claim.type not in EVENTS, _lesser(a)))
            alone = len(by_report) == 1 and best.claim.certainty != "asserted"
            if best.claim.type in EVENTS and not alone:
                out.setdefault(name, []).append({"report": report, "quote": best.claim.text})
    return _gold(out)


def _lesser(account: Account) -> tuple[bool, bool, int]:
    return account.claim.certainty != "asserted", not account.places, account.claim.start


def _told(month: Row, found: Sequence[Twice]) -> Mapping[tuple[str, str], tuple[str, Account]]:
    """The coded claims of the month that tell of an occurrence, with its name."""
    at, own = occurrences.numbered(month), set(month["reports"])
    return {
        (t.report, c): (f"{month['month']} {at[t.report, c]}" if (t.report, c) in at else f"{t.report} {c}", account)
        for t in found
        if t.report in own
        for c, account in sorted(t.coded.items())
        if occurrence(account) is not None
    }


def _gold(named: Mapping[str, list[Row]]) -> Row:
    return {"incidents": [{"id": name, "reports": mentions} for name, mentions in named.items()], "disputes": []}


def measure(caches: Sequence[Path]) -> None:
    """Prints pairwise and B-cubed F1 of each month and their means, and of the mentions of all months taken as one."""
    found = kept(wanted(), caches[-1])
    with caches[-1].open(encoding="utf-8") as stream:
        records = {r["report"]["id"]: r for r in (json.loads(line)["read"] for line in stream)}
    learnt = gathered(caches)
    months = occurrences.load()
    made: dict[str, list[Row]] = {}
    for part in range(PARTS):
        own = {report for month in months[part::PARTS] for report in month["reports"]}
        table = fit([e for e in learnt if e.a[0] not in own and e.b[0] not in own]) | pairing.BY_HAND
        with patch.object(pairing, "_weights", lambda table=table: table):
            for month in months[part::PARTS]:
                told = {a.ref: a for t in found if t.report in month["reports"] for a in t.read.values()}
                made[month["month"]] = [
                    incident_to_record(i, {r: told[r] for r in i.claims}) for i in incidents(told.values())
                ]
    for name, gold in (("all claims", gold_of), ("main claims", main_of)):
        print(name)
        figures, every = [], []
        for month in months:
            read = [records[r] for r in month["reports"] if r in records]
            own_gold = gold(month, found)
            every += own_gold["incidents"]
            figures.append(score(own_gold, made[month["month"]], read))
            _show(month["month"], figures[-1])
        _show("mean", {k: sum(f[k] for f in figures) / len(figures) for k in figures[0]})
        _show("as one", score({"incidents": every}, [i for own in made.values() for i in own], records.values()))


def _show(name: str, f: Mapping[str, float]) -> None:
    print(
        f"{name:8} mentions {f['mentions']:4.0f}  pairwise F1 {f['pair_f1']:.3f} "
        f"({f['pair_p']:.2f}, {f['pair_r']:.2f})  B-cubed F1 {f['b3_f1']:.3f}",
        flush=True,
    )


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument(
        "--cache", type=Path, nargs="+", default=[Path("out/pairs.jsonl")], help="where the readings are kept"
    )
    measure(ap.parse_args().cache)
    return 0


if __name__ == "__main__":
    sys.exit(main())
