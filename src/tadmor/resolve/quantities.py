"""Quantities of a report: where numbers stand and what range they mean.

The mention is the bare number, with its unit when it is a measure ("8 km", "$5 million", "30 percent"): so the public
mention corpora have it. What stands around it ("at least", "more than", "or more") is read when it is resolved, and so
is the noun that it counts. Words for numbers follow the codebook's rule 21.

Numbers that are part of a time expression or of a name (T-72, MH17, Resolution 2254) are no quantities; ages,
distances and calibres are, with a unit that says so, and are never a toll.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from tadmor.model import Mention, Report
from tadmor.reading.recognise import Found
from tadmor.resolve import times
from tadmor.resolve.quantities_excluded import PHONE, counts, parts
from tadmor.resolve.quantities_grammar import amount, grammar
from tadmor.resolve.quantities_nouns import lexicon, unit_after
from tadmor.resolve.quantities_ranges import LEFT, Quantity, joined, modified

_PART_OF = re.compile(r"\b(?:includ\w+|among(?:st)?(?: them| whom)?|of (?:them|whom)|some of)\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\bbetween\s+(\S+(?:\s\w+)?)\s+and\s+(?:(?P<end>more\s+than|at\s+least|over)\s+|(?:up\s+to|about|around|some|perhaps|nearly)\s+)?$",
    re.IGNORECASE,
)
_METRES = re.compile(
    r"^-?\s?(?:high|deep|wide|long|tall|thick|away|from|north|south|east|west|below|above|underground|under|off|inside|into|apart|"
    r"radius|tunnels?|walls?|trench(?:es)?|ditch(?:es)?|holes?|craters?|berms?|stretch|barriers?|fences?|short|before|up|down|"
    r"further|closer|behind|beyond|ahead|range|distance)\b",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(r"^\s+(?:of|among)\s+(?:them|whom)\b", re.IGNORECASE)
_MOST_SAID = 1e15  # a longer row of digits is no amount


def recognise(text: str) -> list[Found]:
    """Numbers in ``text`` that count or measure something, in text order, without their modifiers."""
    number, _, _ = grammar()
    covered = bytearray(len(text))
    for found in times.recognise(text):
        covered[found.start : found.end] = b"\x01" * (found.end - found.start)
    for phone in PHONE.finditer(text):
        covered[phone.start() : phone.end()] = b"\x01" * (phone.end() - phone.start())
    out: list[Found] = []
    for match in number.finditer(text):
        timed = covered.find(1, *match.span()) >= 0 and not re.search("quarters?.*million", match[0], re.IGNORECASE)
        if timed or not counts(text, match):
            continue
        apart = parts(text, match)
        for start, end in [match.span()] if apart is None else apart:
            if not (out and _repeats(text, out[-1], start, end)):
                out.append(Found(start, end, "quantity"))
    return out


def _repeats(text: str, last: Found, start: int, end: int) -> bool:
    """Whether the number in brackets only says the one before it again: "12 (twelve)"."""
    if text[end : end + 1] != ")" or text[last.end : start].strip() != "(":
        return False
    first, second = value(text[last.start : last.end]), value(text[start:end])
    return first is not None and first == second


def value(expression: str) -> Quantity | None:
    """The range that ``expression`` means, modifiers included ("more than 40", "between 3 and 5"), or None."""
    text = " ".join(expression.split())
    if between := re.fullmatch(r"(?:between|from)\s+(.+?)\s+(?:and|to)\s+(.+)", text, re.IGNORECASE):
        low, high = value(between[1]), value(between[2])
        if low and high and low.min is not None and high.min is not None:
            least = _tidy(_scaled(low.min, between[1], between[2]))
            return Quantity(least, high.max if high.max is not None else high.min, False, high.unit or low.unit)
    found = grammar()[0].search(text)
    if found is None:
        return None
    core = _core(found)
    if core is None:
        return None
    return modified(core, text[: found.start()], text[found.end() :])


def _core(found: re.Match[str]) -> Quantity | None:
    unit = _measure(found)
    factor = 1.0
    if unit == "ha":
        factor = next((f for name, f in lexicon()["areas"].items() if _area_name(found[0]).startswith(name)), 1.0)
    if found["range"]:
        low, high = amount(found["a"]), amount(found["b"])
        if low is None or high is None or max(low[0], high[0]) > _MOST_SAID:
            return None
        least = _scaled(low[0], found["a"], found["b"])
        first, last = sorted((least * factor, high[0] * factor))
        return Quantity(_tidy(first), None if high[1] else _tidy(last), False, unit)
    words = re.sub(r"^(?:US|C|A)?[$€£]\s?", "", found["money"] or found["n"])
    number = amount(words)
    if number is None or number[0] > _MOST_SAID:
        return None
    said = number[0] * factor
    return Quantity(_tidy(said), None if number[1] else _tidy(said), False, unit)


_SCALE = re.compile(
    r"(?P<first>.*?)[-\s]*(?P<scale>hundred|thousand|million|billion|dozen|lakh|mln|mn|bn|k|m)\b", re.IGNORECASE
)


def _scaled(low: float, said: str, high: str) -> float:
    """The lower number of a range whose upper one says the scale of both: "two to three dozen", "25-30,000"."""
    if re.search(r",\d{3}$", high) and low < 1000 and (upper := amount(high)) and low * 1000 < upper[0]:
        return low * 1000
    scale = _SCALE.match(high)
    if scale is None or _SCALE.search(said):
        return low
    first = amount(scale["first"])
    if first is None or low > first[0]:
        return low
    return low * float(lexicon()["multipliers"][scale["scale"].lower()])


def _tidy(amount: float) -> float:
    rounded = round(amount)
    return rounded if abs(amount - rounded) < 1e-9 * max(1.0, abs(amount)) else round(amount, 4)


def _area_name(text: str) -> str:
    text = re.sub(r"sq\.?\s", "square ", text.lower())
    return re.sub(r"^.*?(?=square|km2|km²|hectare|ha\b|acre)", "", text)


def _measure(found: re.Match[str]) -> str | None:
    text = found[0].lower()
    if found["money"]:
        return "currency"
    core = (found["range"] or found["n"]).lower()
    tail = re.sub(r"^\s*of\s", "", text[len(core) :]).strip(" -")
    if not tail:
        return None
    if "old" in tail or "age" in tail:
        return "age"
    if re.match(r"sq|km2|km²|hectare|ha$|acre", tail):
        return None if re.match(r"sq\w*\.?\s*met", tail) else "ha"
    for unit, nouns in lexicon()["measures"].items():
        if tail in nouns:
            return str(unit)
    return None


def _thousands(found: Quantity, words: str) -> Quantity:
    """The number with a point between thousands: nobody counts thousandths of men, so "12.000 fighters" are no twelve."""
    if found.unit not in ("person", "strike", "vehicle") or not re.fullmatch(r"\d{1,3}\.\d{3}", words):
        return found
    whole = int(words.replace(".", ""))
    return replace(found, min=whole, max=whole)


def resolve_quantities(mentions: Sequence[Mention], report: Report) -> dict[str, Mention]:
    """The quantity mentions among ``mentions`` by id, with ``min``, ``max``, ``approx`` and ``unit`` filled.

    The words around the mention in ``report.text`` decide its range. "At least" covers the numbers joined to it. A reader
    may have cut a number in two, or taken one that counts nothing (of a name, a clock time): the last piece of a number has
    its whole range, and what counts nothing has none.
    """
    text = report.text
    ordered = sorted((m for m in mentions if m.type == "quantity"), key=lambda m: (m.start, m.end))
    out: dict[str, Mention] = {m.id: m for m in ordered}
    last = 0
    least_from: int | None = None  # where the last number ended that "at least" stands before
    for mention, (start, end) in _whole_numbers(ordered, recognise(text)):
        said = text[start:end]
        found = value(said)
        if found is None:
            continue
        left, right = text[max(0, start - 40) : start], text[end : end + 40]
        ranged, counted = _ranged(found, text, start, end)
        own = LEFT.search(left)
        gap = text[least_from:start] if least_from is not None else ""
        if own:
            part = re.search(r"(?:includ\w+|among(?: them| whom)?)\s+$", left[: own.start()], re.IGNORECASE)
            least_from = end if own.lastgroup == "least" and not part else None
        elif _PART_OF.search(_PART_AFTER.sub("", text[last:start])) or _PART_AFTER.match(right):
            pass  # a part keeps its own number, and the one after it may still be joined to the whole
        elif not joined(gap, counted.unit):
            least_from = None
        elif ranged.max is not None:
            ranged, least_from = replace(ranged, max=None), end
        last = end
        out[mention.id] = replace(mention, min=ranged.min, max=ranged.max, approx=ranged.approx, unit=ranged.unit)
    return out


def _whole_numbers(ordered: Sequence[Mention], numbers: Sequence[Found]) -> list[tuple[Mention, tuple[int, int]]]:
    """The mentions that are numbers, in text order, each with the span of the whole number that it is or ends."""
    out: list[tuple[Mention, tuple[int, int]]] = []
    ends = [n.end for n in numbers]
    for mention in ordered:
        over = []
        for number in islice(numbers, bisect_right(ends, mention.start), None):
            if number.start >= mention.end:
                break
            over.append(number)
        if not over:
            continue
        start, end = min(mention.start, over[0].start), max(mention.end, over[-1].end)
        if out and start < out[-1][1][1]:
            start = min(start, out.pop()[1][0])  # the piece before it has no amount of its own
        out.append((mention, (start, end)))
    return out


def _ranged(found: Quantity, text: str, start: int, end: int) -> tuple[Quantity, Quantity]:
    """The range of a number by the words around it, and the number alone with the unit of what it counts."""
    said, left, right = text[start:end], text[max(0, start - 40) : start], text[end : end + 40]
    counted = _thousands(replace(found, unit=found.unit or unit_after(text, end)), said)
    if re.fullmatch(r"[\d.]+\s?m", said) and _METRES.match(right):
        metres = _tidy(float(said.rstrip("m ")))
        counted = replace(counted, min=metres, max=metres, unit="metre")
    between = _BETWEEN.search(left)
    if between and (low := value(between[1])) and low.min is not None:
        most = None if between["end"] is not None else counted.max
        return replace(counted, min=_tidy(_scaled(low.min, between[1], said)), max=most), counted
    return (counted if LEFT.search(said) else modified(counted, left, right)), counted
