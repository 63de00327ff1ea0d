"""The layers of readings against public corpora, one function a layer; each takes gold rows and readings (records).

Exact spans are compared after stripping outer white space, quotes and punctuation.
"""

from __future__ import annotations

import collections
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from tadmor.evaluate.align import paired, trim
from tadmor.evaluate.names import f1
from tadmor.evaluate.timex import day_range

Row = Mapping[str, Any]
Rows = Sequence[Row]
Figures = dict[str, float]
_NEAR_KM = 161  # a hundred miles, the field's usual bound (acc@161)
_HALF_EARTH_KM = 20038


def _labels(name: str) -> dict[str, str]:
    labels: dict[str, dict[str, str]] = json.loads(
        files("tadmor.evaluate").joinpath("labels.json").read_text(encoding="utf-8")
    )
    return labels[name]


def mentions(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry mentions (start, end, type): exact-span F1 by type, micro and macro over the types."""
    known = _labels("mentions")
    hit, want_n, got_n = collections.Counter[str](), collections.Counter[str](), collections.Counter[str]()
    for g, r, aligned in paired(gold, readings):
        want = {(*trim(g["text"], m["start"], m["end"]), known[m["type"]]) for m in g["mentions"] if m["type"] in known}
        got = {(*span, m["type"]) for m in r.get("mentions", []) if (span := aligned.span(m))}
        want_n.update(t for _, _, t in want)
        got_n.update(t for _, _, t in got)
        hit.update(t for _, _, t in want & got)
    types = [t for t in want_n if want_n[t]]
    by_type = {t: f1(hit[t], want_n[t], got_n[t])[0] for t in types}
    micro = f1(sum(hit[t] for t in types), sum(want_n.values()), sum(got_n[t] for t in types))[0]
    return {"micro_f1": micro, "macro_f1": sum(by_type.values()) / max(1, len(by_type)), **by_type}


def attribution(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry attributions (source, cue, content as lists of spans): exact-span and character F1 of each part."""
    parts = ("source", "cue", "content")
    exact = {k: [0, 0, 0] for k in parts}
    chars = {k: [0, 0, 0] for k in parts}
    for g, r, aligned in paired(gold, readings):
        for part in parts:
            spans = [a[part] for a in g["attributions"]]
            want = {trim(g["text"], s[0][0], s[-1][1]) for s in spans if s}
            want_chars = {i for s in spans for a, b in s for i in range(a, b) if not g["text"][i].isspace()}
            got: set[tuple[int, int]] = set()
            got_chars: set[int] = set()
            for a in r.get("attributions", []):
                value = a.get(part)
                moved = [s for s in map(aligned.span, [value] if isinstance(value, dict) else value or []) if s]
                if moved:
                    got.add((min(s for s, _ in moved), max(e for _, e in moved)))
                for s, e in moved:
                    got_chars |= {i for i in range(s, e) if not g["text"][i].isspace()}
            _count(exact[part], want, got)
            _count(chars[part], want_chars, got_chars)
    return {f"{k}_exact": f1(*v)[0] for k, v in exact.items()} | {f"{k}_chars": f1(*v)[0] for k, v in chars.items()}


def places(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry places (start, end, lat, lon): detection F1, and the share of those found put within 161 km."""
    gold_n = got_n = found = located = near = 0
    errors: list[float] = []
    for g, r, aligned in paired(gold, readings):
        named = [m for m in r.get("mentions", []) if m.get("level", "name") == "name" and _is_place(m)]
        got = [(span, m) for m in named if (span := aligned.span(m))]
        gold_n += len(g["places"])
        got_n += len(got)
        used: set[int] = set()
        for p in g["places"]:
            k = next(
                (k for k, (s, _) in enumerate(got) if k not in used and s[0] < p["end"] and p["start"] < s[1]), None
            )
            if k is None:
                continue
            used.add(k)
            found += 1
            if p["lat"] is not None:
                located += 1
                m = got[k][1]
                far = _km(p["lat"], p["lon"], m["lat"], m["lon"]) if m.get("lat") is not None else _HALF_EARTH_KM
                errors.append(far)
                near += far <= _NEAR_KM
    with_coordinates = sum(p["lat"] is not None for g in gold for p in g["places"])
    detect = f1(found, gold_n, got_n)
    return {
        "detect_f1": detect[0],
        "detect_p": detect[1],
        "detect_r": detect[2],
        "acc161_of_detected": near / located if located else 0.0,
        "recall161_end_to_end": near / with_coordinates if with_coordinates else 0.0,
        "mean_km": sum(errors) / len(errors) if errors else 0.0,
    }


def times(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry times (start, end, type, value): F1 of spans (overlap, exact), and of spans with the right value."""
    gold_n = got_n = over = exact = value = 0
    for g, r, aligned in paired(gold, readings):
        want = [
            (trim(g["text"], t["start"], t["end"]), days)
            for t in g["times"]
            if t["type"] in ("DATE", "TIME") and (days := day_range(t["value"]))
        ]
        got = [
            (span, days)
            for m in r.get("mentions", [])
            if m["type"] == "time" and (span := aligned.span(m)) and (days := day_range(m.get("value")))
        ]
        gold_n += len(want)
        got_n += len(got)
        used: set[int] = set()
        for s, v in want:
            for k, (t, w) in enumerate(got):
                if k not in used and t[0] < s[1] and s[0] < t[1]:
                    used.add(k)
                    over += 1
                    exact += t == s
                    value += v == w
                    break
    return {
        "overlap_f1": f1(over, gold_n, got_n)[0],
        "exact_f1": f1(exact, gold_n, got_n)[0],
        "value_f1": f1(value, gold_n, got_n)[0],
    }


def event_place(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry one event and its places as spans: F1 of the links that claims' triggers and places make."""
    gold_n = got_n = hit = heard = 0
    for g, r, aligned in paired(gold, readings):
        by_id = {m["id"]: m for m in r.get("mentions", [])}
        got: set[tuple[int, int]] = set()
        seen = False
        for c in r.get("claims", []):
            t = aligned.span(c["trigger"]) if c.get("trigger") else None
            if t and any(t[0] < e and s < t[1] for s, e in g["event"]):
                seen = True
                got |= {s for i in c.get("places", []) if i in by_id and (s := aligned.span(by_id[i]))}
        want = {tuple(p) for p in g["places"]}
        heard += seen
        gold_n += len(want)
        got_n += len(got)
        hit += sum(any(2 * max(0, min(b, e) - max(a, s)) >= max(b, e) - min(a, s) for a, b in got) for s, e in want)
    link = f1(min(hit, got_n), gold_n, got_n)
    return {"link_f1": link[0], "link_p": link[1], "link_r": link[2], "events_with_a_claim": heard / max(1, len(gold))}


def event_type(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry acled (a CASE 2021 sub-type): share of texts whose best-scored claim has that ACLED sub-event."""
    names = _labels("acled")
    best = any_ = n = none = 0
    for g, r, _ in paired(gold, readings):
        want = names.get(g["acled"])
        if want is None:
            continue
        n += 1
        claims = sorted(r.get("claims", []), key=lambda c: -c.get("score", 0))
        codes = [str(c.get("codes", {}).get("acled") or "").strip().lower() for c in claims]
        right = [code == want or code.endswith("/" + want) for code in codes]
        none += not codes
        best += bool(right) and right[0]
        any_ += any(right)
    n = max(1, n)
    return {"best_claim": best / n, "any_claim": any_ / n, "no_claim": none / n, "snippets": n}


def pages(gold: Rows, readings: Rows) -> Figures:
    """Gold rows carry body: mean F1 of word 4-grams of the text that was extracted, headline, captions and credits aside."""
    total = 0.0
    for g, r, _ in paired([{**g, "text": ""} for g in gold], readings):
        report = r["report"]
        kinds = [p for p in report.get("passages", []) if p["kind"] not in ("headline", "caption", "credit")]
        text = "\n".join(report["text"][p["start"] : p["end"]] for p in kinds) if kinds else report.get("text", "")
        a, b = _grams(g["body"]), _grams(text)
        total += f1(sum((a & b).values()), sum(a.values()), sum(b.values()))[0]
    return {"f1": total / max(1, len(gold)), "pages": len(gold)}


def control(gold: Rows, answers: Rows) -> Figures:
    """Gold rows carry place, on, holder, holder_aliases; answers are rows of ``tadmor control --join``."""
    by_key = {(a.get("id") or (a.get("place"), a.get("on"))): a for a in answers}
    right = answered = 0
    for q in gold:
        a = by_key.get(q["id"]) or by_key.get((q["place"], q["on"])) or {}
        status, holder = a.get("status"), _plain(a.get("holder"))
        answered += bool(holder or status in ("contested", "besieged"))
        if q["holder"] == "contested":
            right += status in ("contested", "besieged")
        else:
            right += holder in {_plain(h) for h in [q["holder"], *q["holder_aliases"]]}
    n = max(1, len(gold))
    return {
        "accuracy": right / n,
        "answered": answered / n,
        "accuracy_when_answered": right / answered if answered else 0.0,
        "queries": n,
    }


LAYERS: dict[str, Callable[[Rows, Rows], Figures]] = {
    f.__name__: f for f in (mentions, attribution, places, times, event_place, event_type, pages, control)
}


def _is_place(mention: Row) -> bool:
    return mention["type"] == "place" or (mention["type"] == "nationality" and mention.get("lat") is not None)


def _count(tally: list[int], want: set[Any], got: set[Any]) -> None:
    tally[0] += len(want & got)
    tally[1] += len(want)
    tally[2] += len(got)


def _grams(text: str) -> collections.Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return collections.Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def _plain(text: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", " ", (text or "").lower()).strip()


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))
