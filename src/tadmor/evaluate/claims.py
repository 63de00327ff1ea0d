"""Claims against gold claims: found, typed, slots, control statements, and claim F1.

A read claim can stand for a gold claim when the text it covers overlaps one of the gold quotes by 0.3 or more; pairs are taken
greedily, the same type before others, the best overlap first. ``claim_f1`` is the typed F1 in which a pair counts
for the mean of its slots; ``certainty_by_class`` is the mean over classes, so that always saying "asserted" gains nothing;
``ece`` is the calibration error of the scores, a claim being right when it stands for a gold claim of its type.
"""

from __future__ import annotations

import collections
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tadmor import edtf
from tadmor.errors import BadDate, InputError
from tadmor.evaluate import calibration
from tadmor.evaluate.names import f1, norm, same_name, set_f1

LONGEST = 420  # characters: what states a claim is a clause, two sentences at the most
SLOTS = ("certainty", "sources", "actors", "targets", "place", "date", "counts")
_OPEN = 3650  # days that an open end reaches
_OVERLAP = 0.3
Row = Mapping[str, Any]


@dataclass
class Scores:
    """The figures, and a line for each claim that was missed, spurious, of another type, or half right."""

    figures: dict[str, float] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    reliability: tuple[calibration.Bin, ...] = ()


def load_gold(folder: Path) -> list[dict[str, Any]]:
    """The gold files of a folder, by name. Raises InputError when there are none."""
    found = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.json"))]
    gold = [g for g in found if isinstance(g, dict) and "claims" in g and "report" in g]
    if not gold:
        raise InputError(f"{folder} holds no gold files: each is a JSON object with report, claims and control")
    return gold


def score(gold: Sequence[Row], readings: Iterable[Row]) -> Scores:
    """Score readings (records) against gold; a reading is paired by report id, file name or title."""
    by_key: dict[str, Row] = {}
    for r in readings:
        report = r.get("report", {})
        for key in (report.get("id"), Path(report.get("path") or "").stem, flat(report.get("title") or "")):
            if key:
                by_key.setdefault(key, r)
    out = Scores()
    tally = _Tally()
    for g in gold:
        report = g["report"]
        reading = by_key.get(report["id"]) or (by_key.get(flat(report["title"])) if report.get("title") else None)
        tally.gold += len(g["claims"])
        if reading is None or "error" in reading:
            out.missing.append(report["id"])
            continue
        _one(g, reading, tally, out.lines)
    out.reliability = calibration.reliability(tally.scored)
    out.figures = tally.figures(len(gold), len(out.missing)) | {"ece": calibration.expected_error(out.reliability)}
    return out


def flat(text: str) -> str:
    """Text with white space folded, so that quotes are found across line ends."""
    return re.sub(r"\s+", " ", text)


def date_score(gold: str | None, got: str | None) -> float:
    """1 for the same days, else the share of days in common: a guess of a century is worth next to nothing."""
    if not gold or not got:
        return float(not gold and not got)
    try:
        (a, b), (c, d) = _days(gold), _days(got)
    except BadDate:
        return 0.0
    return max(0, min(b, d) - max(a, c) + 1) / (max(b, d) - min(a, c) + 1)


def _days(value: str) -> tuple[int, int]:
    start, end = edtf.bounds(value)
    if start is None and end is None:
        return 0, 10**6
    first = start.toordinal() if start else None
    last = end.toordinal() if end else None
    if first is None:
        assert last is not None
        return last - _OPEN, last
    return first, first + _OPEN if last is None else last


def chain_same(a: Sequence[str], b: Sequence[str]) -> float:
    """1 when the whole chain agrees, a half when only its innermost speaker does."""
    if not a or not b or not same_name(a[-1], b[-1]):
        return 0.0
    return 1.0 if len(a) == len(b) and all(same_name(x, y) for x, y in zip(a, b, strict=True)) else 0.5


def _count_same(a: Row, b: Row) -> float:
    return float(a["what"] == b["what"] and a.get("min") == b.get("min") and a.get("max") == b.get("max"))


def listed(place: Any) -> list[str]:
    """The places of a coded claim, where one, several or none are coded."""
    return [] if place is None else [place] if isinstance(place, str) else list(place)


def slot_scores(gold: Row, got: Row) -> dict[str, float]:
    """The score of each slot of a pair of claims, both in the gold shape."""
    return {
        "certainty": float(gold["certainty"] == got["certainty"]),
        "sources": set_f1(gold["sources"], got["sources"], chain_same),
        "actors": set_f1(gold["actors"], got["actors"]),
        "targets": set_f1(gold["targets"], got["targets"]),
        "place": set_f1(listed(gold["place"]), listed(got["place"])),
        "date": date_score(gold["date"], got["date"]),
        "counts": set_f1(gold["counts"], got["counts"], _count_same),
    }


def gold_shape(claim: Row) -> dict[str, Any]:
    """A claim of a reading in the shape of a gold claim."""
    return {
        "id": claim["id"],
        "quote": claim["text"],
        "also": [a["text"] for a in claim.get("also", [])],
        "type": claim["type"],
        "certainty": claim["certainty"],
        "sources": [n for n in claim.get("source_names", []) if n],
        "actors": claim.get("actor_names", []),
        "targets": claim.get("target_names", []),
        "place": claim.get("place_names", []),
        "date": claim.get("date"),
        "counts": claim.get("counts", []),
    }


def _spans(claim: Row, text: str) -> list[tuple[int, int]]:
    out = []
    for quote in (flat(q).strip() for q in [claim["quote"], *claim["also"]]):
        at = text.find(quote) if 0 < len(quote) <= LONGEST else -1
        if at >= 0:
            out.append((at, at + len(quote)))
    return out


def overlap(a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> float:
    """The best overlap of two claims' spans: the mean of its shares of the shorter span and of both together."""
    best = 0.0
    for s, e in a:
        for t, f in b:
            n = min(e, f) - max(s, t)
            if n > 0:
                best = max(best, n / min(e - s, f - t) * 0.5 + n / (max(e, f) - min(s, t)) * 0.5)
    return best


def pairs(gold: Sequence[Row], got: Sequence[Row], text: str) -> list[tuple[int, int, bool]]:
    """Which gold claim each read claim stands for: (gold index, read index, same type)."""
    gold_spans = [_spans(c, text) for c in gold]
    got_spans = [_spans(c, text) for c in got]
    candidates = []
    for i, g in enumerate(gold_spans):
        for j, s in enumerate(got_spans):
            o = overlap(g, s)
            if o >= _OVERLAP:
                candidates.append((gold[i]["type"] == got[j]["type"], o, i, j))
    candidates.sort(key=lambda c: (-c[0], -c[1]))
    used_gold: set[int] = set()
    used_got: set[int] = set()
    out = []
    for typed, _, i, j in candidates:
        if i not in used_gold and j not in used_got:
            used_gold.add(i)
            used_got.add(j)
            out.append((i, j, typed))
    return out


@dataclass
class _Tally:
    gold: int = 0
    got: int = 0
    found: int = 0
    typed: int = 0
    soft: float = 0.0
    control: list[int] = field(default_factory=lambda: [0, 0, 0])
    slots: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SLOTS, 0.0))
    certainty: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    scored: list[tuple[float, bool]] = field(
        default_factory=list
    )  # score of a read claim, whether its place and type are right

    def figures(self, reports: int, missing: int) -> dict[str, float]:
        typed = f1(self.typed, self.gold, self.got)
        by_class = [sum(v) / len(v) for v in self.certainty.values()]
        hits, want, have = self.control
        return {
            "reports": reports,
            "missing": missing,
            "gold_claims": self.gold,
            "claims": self.got,
            "found_f1": f1(self.found, self.gold, self.got)[0],
            "typed_f1": typed[0],
            "typed_p": typed[1],
            "typed_r": typed[2],
            **{k: v / self.typed if self.typed else 0.0 for k, v in self.slots.items()},
            "certainty_by_class": sum(by_class) / len(by_class) if by_class else 0.0,
            "control_f1": f1(min(hits, have), want, have)[0],
            "claim_f1": f1(self.soft, self.gold, self.got)[0],
        }


def _one(gold: Row, reading: Row, tally: _Tally, lines: list[str]) -> None:
    report, claims = gold["report"], gold["claims"]
    mine = [gold_shape(c) for c in reading.get("claims", [])]
    tally.got += len(mine)
    want, have = _held(gold.get("control", [])), _held(reading.get("control", []))
    tally.control[0] += sum(any(same_name(g[0], h[0]) and same_name(g[1], h[1]) for h in have) for g in want)
    tally.control[1] += len(want)
    tally.control[2] += len(have)
    found = pairs(claims, mine, flat((report.get("title") or "") + "\n" + report["text"]))
    right = {j for _, j, same in found if same}
    tally.scored += [(float(c.get("score", 0.5)), j in right) for j, c in enumerate(reading.get("claims", []))]
    for i, j, same in found:
        tally.found += 1
        if not same:
            c = claims[i]
            lines.append(f"TYPE  {report['id']} {c['id']} {c['type']} read as {mine[j]['type']} | {c['quote'][:90]}")
            continue
        slots = slot_scores(claims[i], mine[j])
        tally.typed += 1
        tally.certainty[claims[i]["certainty"]].append(slots["certainty"])
        tally.soft += sum(slots.values()) / len(SLOTS)
        for k, v in slots.items():
            tally.slots[k] += v
        if min(slots.values()) < 1:
            wrong = {k: (claims[i][k], mine[j][k]) for k in SLOTS if slots[k] < 1}
            lines.append(f"HALF  {report['id']} {claims[i]['id']} {wrong}")
    for i in sorted(set(range(len(claims))) - {p[0] for p in found}):
        lines.append(f"MISS  {report['id']} {claims[i]['id']} {claims[i]['type']} | {claims[i]['quote'][:110]}")
    for j in sorted(set(range(len(mine))) - {p[1] for p in found}):
        lines.append(f"EXTRA {report['id']} {mine[j]['type']} | {mine[j]['quote'][:110]}")


def _held(control: Iterable[Row]) -> set[tuple[str, str]]:
    return {
        (norm(c.get("place")), norm(c.get("holder"))) for c in control if c.get("status") != "lost" and c.get("holder")
    }
