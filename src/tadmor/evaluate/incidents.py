"""Incidents and disputes against gold.

A gold mention is a quote in a report; it stands in the incident of the claim whose text covers most of it, and alone when
no claim covers any. B-cubed and pairwise F1 are over gold mentions. A gold dispute is found when the incident that
holds most of its gold incident's mentions has one about the same thing; ``disputes_f1`` also counts what such
incidents dispute beyond the gold.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tadmor.evaluate.claims import flat

Row = Mapping[str, Any]
_KINDRED = frozenset({"outcome", "denial", "control"})


def score(gold: Row, incidents: Sequence[Row], readings: Iterable[Row]) -> dict[str, float]:
    """The figures for incidents and readings (records) of the gold's reports."""
    where: dict[tuple[str, str], str] = {}
    for incident in incidents:
        for c in incident["claims"]:
            where.setdefault((c["report"], c["claim"]), incident["id"])
    by_report = {r["report"]["id"]: r for r in readings if "claims" in r}
    label: dict[tuple[str, str, str], str] = {}
    got: dict[tuple[str, str, str], Any] = {}
    lost = 0
    for incident in gold["incidents"]:
        for m in incident["reports"]:
            key = (incident["id"], m["report"], m["quote"])
            label[key] = incident["id"]
            claim = _claim(by_report.get(m["report"]), m["quote"])
            at = where.get((m["report"], claim)) if claim else None
            lost += at is None
            got[key] = at if at is not None else ("alone", key)
    figures = _clusters(label, got)
    disputes = {i["id"]: i.get("disputes", []) for i in incidents}
    return {"mentions": len(label), "not_read": lost, **figures, **_disputes(gold, label, got, disputes)}


def _claim(reading: Row | None, quote: str) -> str | None:
    """The claim that covers most of the quote, or None."""
    if reading is None:
        return None
    text = flat((reading["report"].get("title") or "") + "\n" + reading["report"]["text"]).strip()
    want = flat(quote).strip()
    at = text.find(want)
    if at < 0:
        return None
    end, most, best = at + len(want), 0, None
    for c in reading["claims"]:
        for piece in [c["text"], *[a["text"] for a in c.get("also", [])]]:
            clause = flat(piece).strip()
            i = text.find(clause)
            if i >= 0:
                n = min(end, i + len(clause)) - max(at, i)
                if n > most:
                    most, best = n, str(c["id"])
    return best


def _clusters(label: Mapping[Any, str], got: Mapping[Any, Any]) -> dict[str, float]:
    by_gold, by_got = _groups(label), _groups(got)
    n = max(1, len(label))
    p = sum(len(by_gold[label[k]] & by_got[got[k]]) / len(by_got[got[k]]) for k in label) / n
    r = sum(len(by_gold[label[k]] & by_got[got[k]]) / len(by_gold[label[k]]) for k in label) / n
    g, s = _pairs(by_gold), _pairs(by_got)
    pp, pr = len(g & s) / len(s) if s else 0.0, len(g & s) / len(g) if g else 0.0
    return {"b3_f1": _f1(p, r), "b3_p": p, "b3_r": r, "pair_f1": _f1(pp, pr), "pair_p": pp, "pair_r": pr}


def _disputes(
    gold: Row, label: Mapping[Any, str], got: Mapping[Any, Any], disputes: Mapping[Any, Sequence[Row]]
) -> dict[str, float]:
    by_gold = _groups(label)
    top = {i: _commonest(got[k] for k in keys) for i, keys in by_gold.items()}
    held = {top[i] for i, keys in by_gold.items() if len({k[1] for k in keys}) > 1}
    claimed = sum(len({(x["about"], _plain(x.get("kind"))) for x in disputes.get(i, [])}) for i in held)
    found = kind = 0
    for d in gold.get("disputes", []):
        mine = disputes.get(top[d["incident"]], []) if d["incident"] in top else []
        same = [x for x in mine if x["about"] == d["about"] or {x["about"], d["about"]} <= _KINDRED]
        found += bool(same)
        kind += any(_plain(x.get("kind")) == _plain(d["kind"]) for x in same)
    n = len(gold.get("disputes", [])) or 1
    precise = min(kind, claimed) / claimed if claimed else 0.0
    return {
        "disputes": n,
        "disputes_found": found / n,
        "disputes_kind_right": kind / n,
        "disputes_f1": _f1(precise, kind / n),
    }


def _commonest(values: Iterable[Any]) -> Any:
    """The value that comes most often; among equals the first by its text, so that no order of hashing decides."""
    return min(collections.Counter(values).items(), key=lambda x: (-x[1], str(x[0])))[0]


def _groups(label: Mapping[Any, Any]) -> dict[Any, set[Any]]:
    groups: dict[Any, set[Any]] = collections.defaultdict(set)
    for key, value in label.items():
        groups[value].add(key)
    return groups


def _pairs(groups: Mapping[Any, set[Any]]) -> set[frozenset[Any]]:
    """Pairs of mentions of different reports that stand together."""
    return {frozenset((x, y)) for s in groups.values() for x in s for y in s if x != y and x[1] != y[1]}


def _plain(kind: str | None) -> str:
    return (kind or "").replace(" range", "")


def _f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0
