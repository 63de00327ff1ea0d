"""Quantities of a report: where numbers stand and what range they mean.

The mention is the bare number, with its unit when it is a measure ("8 km", "$5 million", "30 percent"): so the public
mention corpora have it. What stands around it ("at least", "more than", "or more") is read when it is resolved, and so
is the noun that it counts. Words for numbers follow the codebook's rule 21.

Numbers that are part of a time expression or of a name (T-72, MH17, Resolution 2254) are no quantities; ages,
distances and calibres are, with a unit that says so, and are never a toll.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from tadmor.model import Mention, Report
from tadmor.reading.recognise import Found
from tadmor.resolve import times
from tadmor.resolve.quantities_nouns import counted_noun, lexicon, unit_after, units

_MORE = (
    r"(?:more than|over|above|in excess of|upwards? of|greater than|well over|just over|a little over|"
    r"exceed(?:ed|ing|s)?)"
)
_LEAST = (
    r"(?:at least|no fewer than|no less than|not less than|not fewer than|a minimum of|a total of at least"
    r"|at the very least)"
)
_MOST = r"(?:up to|as many as|as much as|as high as|a maximum of|no more than|not more than|at most)"
_LESS = r"(?:fewer than|less than|under|below|just under)"
_ABOUT = (
    r"(?:about|around|some|approximately|roughly|nearly|almost|close to|an estimated|estimated|circa|approx\.?|"
    r"perhaps|"
    r"as estimated|more or less|virtually|practically)"
)
_MODIFIERS = (("more", _MORE), ("least", _LEAST), ("most", _MOST), ("less", _LESS), ("about", _ABOUT))
_LEFT = re.compile(
    "|".join(rf"(?P<{name}>\b{words})" for name, words in _MODIFIERS).join(
        ("(?:", r")(?:\s+(?:a|an|the|another|an additional|additional))?\s*$")
    ),
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\b(?:control|victory|power|influence|hold|sovereignty|flew|flying|airspace|took|take[ns]?|taking)\s+over\s*$",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"^(?:\s+(?:or|and)\s+(?P<more>more|above)\b|-?(?P<plus>plus)\b|(?P<sign>\+)|\s+or\s+(?P<so>so)\b|\s+or\s+"
    r"(?P<fewer>fewer|less)\b|(?:\s+[a-z]+){0,2}\s+(?P<last>at\s+least)(?=[.,;)]|\s+(?:and|were|was|have|has|had|in|on|"
    r"to|after|when|are)\b|\s*$))",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"\b(?:includ\w+|among(?:st)?(?: them| whom)?|of (?:them|whom)|some of)\b", re.IGNORECASE)
_JOIN = re.compile(r"[^.;:(\n]{0,110}?(?:\band\b|\bor\b|\b(?:kill|injur|wound|captur|hurt)\w*)\s+(?:\S+\s+){0,2}")
_NOT_JOINED = re.compile(r"\b(?:where|which|who|whose|that|when|after|before|in|of an?|while)\b", re.IGNORECASE)
_DIGITS = r"(?:\d{1,3}(?:[,\u00a0 ]\d{3})+(?!\d)|\d+(?:\.\d+)?)"
_MOST_SAID = 1e15  # a longer row of digits is no amount


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range: ``min`` and ``max`` inclusive or None when open, ``approx`` for "about", ``unit`` of what."""

    min: float | None
    max: float | None
    approx: bool = False
    unit: str | None = None


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True)) + ")"


@cache
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns for a number anywhere, for the whole of a number, and for its parts."""
    lex = lexicon()
    words = list(lex["words"])
    ones = _any([w for w in words if lex["words"][w] < 20])
    tens = _any([w for w in words if lex["words"][w] >= 20])
    big = r"(?:hundred|thousand|million|billion|dozen)"
    small = rf"(?:{tens}(?:[-\s]{_any(words[:9])})?|{ones})"
    spelled = (
        rf"(?:(?:an?|another|half\s+an?|{small}|{_DIGITS})\s+{big}(?:\s+(?:and\s+)?(?:{small})(?:\s+{big})?)*|"
        rf"half\s+a\s+dozen|a\s+quarter\s+of\s+a\s+million|half\s+an?(?=\s+square)|{small}|dozen)"
    )
    vague = (
        rf"(?:(?:several|few)\s+(?:dozen|hundred|thousand|million)|(?:tens|dozens|scores|hundreds|thousands)"
        rf"\s+of\s+(?:thousands?|millions?)|"
        rf"{_any([v for v in lex['vague'] if ' of ' not in v and not v.startswith(('several ', 'few '))])})"
    )
    figure = rf"{_DIGITS}(?:\s?(?:million|billion|thousand|hundred|mn|bn|m|k)\b)?"
    core = rf"(?:{vague}|{spelled}|{figure})"
    area = r"(?:sq(?:uare|\.)?\s*(?:km|kilomet(?:er|re)s?|miles?|met(?:er|re)s?)|km2|km²|hectares?|ha|acres?)"
    measure = _any([w for nouns in lex["measures"].values() for w in nouns])
    tail = (
        rf"(?:\s?(?:of\s+)?(?:{area})(?!\w)|[-\s]?{measure}(?!\w)|\s?%|-(?:years?|months?|days?)-old(?:s)?|\s+"
        rf"(?:years?|months?)(?:\s+old|\s+of\s+age))?"
    )
    money = rf"(?:(?:US|C|A)?[$€£]\s?{core})"
    between = r"(?:(?<=\d)\s*[-–—]\s*(?=\d)|\s+to\s+)"
    whole = rf"(?P<money>{money})|(?P<range>(?P<a>{core}){between}(?P<b>{core})){tail}|(?P<n>{core}){tail}"
    return (
        re.compile(rf"(?<![\w.,/$€£#:-])(?:{whole})(?![\w²])", re.IGNORECASE),
        re.compile(rf"(?:{whole})", re.IGNORECASE),
        re.compile(rf"{vague}|{spelled}|{figure}", re.IGNORECASE),
    )


_NAME_BEFORE = re.compile(
    r"(?:Resolutions?|Resolution \d{4} and|Order|Committee|Passcode|Radio|Exercise|section|Article|Flight|Route"
    r"|Highway|No\.?|Number|Chapter|Brigade|Division|Regiment|Battalion|Unit|Group|Room|Page|Vol\.?|"
    r"Channel|Section|Task Force|Act|Security Council|Geneva|Astana|Boeing|Airbus|Sukhoi|Shahed|Bayraktar|Scud|Fajr|Zelzal|Mirage"
    r"|Leopard|Ka|An|Kh|Su|MiG|Tu|Il|Mi|BMP|"
    r"BTR|F|T|RPG|SA|M|AK|G|Tor|S)[-\s]$"
)
_NOT_AFTER = re.compile(
    r"^(?:st|nd|rd|th)\b|^:\d|^\s?[°′″]|^\s?(?:[MGk]Hz|[MGk]b/s|UHF)\b|^(?:-[A-Za-z]+){0,1}-?(?:mm|calibre|"
    r"caliber)\b|^\s?(?:a\.m|p\.m|am|pm|GMT|UTC)\b",
    re.IGNORECASE,
)


def recognise(text: str) -> list[Found]:
    """Numbers in ``text`` that count or measure something, in text order, without their modifiers."""
    number, _, _ = _grammar()
    covered = bytearray(len(text))
    for found in times.recognise(text):
        covered[found.start : found.end] = b"\x01" * (found.end - found.start)
    out = []
    for match in number.finditer(text):
        start, end = match.span()
        if covered.find(1, start, end) >= 0 or not _counts(text, match):
            continue
        out.append(Found(start, end, "quantity"))
    return out


def _counts(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    word = match[0].lower()
    before, after = text[max(0, start - 25) : start], text[end : end + 25]
    if re.search(r"[°′″]\s?[A-Z]?[\s/]*$|°[^ ]*$", before) or re.search(r"\bnumber\s+$", before):
        return False
    if _NAME_BEFORE.search(before) or _NOT_AFTER.match(after):
        return False
    if re.search(r"\bbetween\s+$", before, re.IGNORECASE) and re.match(r"\s+and\s+\S*\d|\s+and\s+\w+\s", after):
        return False  # "between 10 and 20": the second number carries the range
    if word == "one":
        return bool(
            re.match(
                r"\s+(?!of\b|another\b|day\b|time\b|thing\b|who\b|that\b|side\b|hand\b|more\b|way\b|point\b|"
                r"by\b|is\b|was\b|and\b|in\b|to\b|can\b|has\b)[a-zA-Z]",
                after,
            )
        ) and not re.search(r"\b(?:no|any|every|each|the|this|that|some|another|which)\s+$", before, re.IGNORECASE)
    if word.isdigit() and re.match(r"\s*[-/]\s?\d", after):
        return False
    if word.isdigit() and len(word) == 4 and 1900 <= int(word) <= 2030:
        noun = counted_noun(text, end)  # else a year that the time grammar was not sure of
        if noun is None or not (noun[2].lower() in units() or noun[2].endswith("s")):
            return False
    if re.match(r"\s+years\b", after):
        return False
    if word.isdigit() and before.endswith(("(", "[")) and after.startswith((")", "]")):
        return False  # a reference mark
    if word.isdigit() and len(word) > 7:
        return False  # a telephone number
    return not (match["money"] is None and word in ("m", "k"))


def value(expression: str) -> Quantity | None:
    """The range that ``expression`` means, modifiers included ("more than 40", "between 3 and 5"), or None."""
    text = " ".join(expression.split())
    if between := re.fullmatch(r"(?:between|from)\s+(.+?)\s+(?:and|to)\s+(.+)", text, re.IGNORECASE):
        low, high = value(between[1]), value(between[2])
        if low and high and low.min is not None and high.min is not None:
            return Quantity(low.min, high.max if high.max is not None else high.min, False, high.unit or low.unit)
    found = _grammar()[0].search(text)
    if found is None:
        return None
    core = _core(found)
    if core is None:
        return None
    return _modified(core, text[: found.start()], text[found.end() :])


def _core(found: re.Match[str]) -> Quantity | None:
    unit = _measure(found)
    factor = 1.0
    if unit == "ha":
        factor = next((f for name, f in lexicon()["areas"].items() if _area_name(found[0]).startswith(name)), 1.0)
    if found["range"]:
        low, high = _number(found["a"]), _number(found["b"])
        if low is None or high is None or max(low[0], high[0]) > _MOST_SAID:
            return None
        if (
            low[0] < high[0]
            and high[0] >= 1000
            and low[0] < 100
            and re.search(r"(?:thousand|million|k|m)\b", found["b"], re.I)
        ):
            scale = 1000 if re.search(r"(?:thousand|k)\b", found["b"], re.I) else 1_000_000
            low = (low[0] * scale, low[1])
        if re.search(r",\d{3}$", found["b"]) and low[0] < 1000 and low[0] * 1000 < high[0]:
            low = (low[0] * 1000, low[1])  # "25-30,000"
        first, last = sorted((low[0] * factor, high[0] * factor))
        return Quantity(_tidy(first), None if high[1] else _tidy(last), False, unit)
    words = re.sub(r"^(?:US|C|A)?[$€£]\s?", "", found["money"] or found["n"])
    number = _number(words)
    if number is None or number[0] > _MOST_SAID:
        return None
    amount, open_end = number
    return Quantity(_tidy(amount * factor), None if open_end else _tidy(amount * factor), False, unit)


def _modified(core: Quantity, left: str, right: str) -> Quantity:
    """The range with what stands just before and after the number applied to it."""
    before, after = _LEFT.search(left), _RIGHT.match(right)
    if before and _CONTROL.search(left):
        before = None
    kind = before.lastgroup if before else None
    if after and kind in (None, "about"):
        kind = {"more": "least", "plus": "least", "sign": "least", "last": "least", "so": "about", "fewer": "most"}[
            after.lastgroup or "so"
        ]
    low, high = core.min, core.max
    if kind is None or low is None:
        return core
    if high is None:  # "at least dozens": the word is itself a least number
        return core
    if kind == "about":
        return replace(core, approx=True)
    step = (
        1
        if float(low).is_integer()
        and float(high).is_integer()
        and core.unit in (None, "person", "strike", "vehicle", "percent")
        else 0
    )
    if kind == "more":
        return replace(core, min=low + step, max=None)
    if kind == "least":
        return replace(core, max=None)
    if kind == "most":
        return replace(core, min=None)
    return replace(core, min=None, max=high - step)


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


def _number(words: str) -> tuple[float, bool] | None:
    """The amount that the words name and whether it is only a least one."""
    text = " ".join(words.lower().replace("\u00a0", " ").split())
    vague = lexicon()["vague"]
    if text in vague:
        return float(vague[text]), True
    if text.endswith((" thousand", " million")) and (plural := text + "s") in vague:
        return float(vague[plural]), True
    text = re.sub(r"(?<=\d)[, ](?=\d{3}(?!\d))", "", text)
    if text == "a quarter of a million":
        return 250_000.0, False
    total, current, seen = 0.0, 0.0, False
    for token in re.findall(r"\d+(?:\.\d+)?|[a-z]+", text):
        if token in ("and", "of"):
            continue
        if re.match(r"\d", token):
            current, seen = current + float(token), True
        elif token == "half":
            current, seen = 0.5, True
        elif token in ("a", "an", "another"):
            current = current or 1.0
            seen = True
        elif token in lexicon()["words"]:
            current, seen = current + lexicon()["words"][token], True
        elif token in lexicon()["multipliers"]:
            scale = lexicon()["multipliers"][token]
            current = (current or 1.0) * scale
            seen = True
            if scale >= 1000:
                total, current = total + current, 0.0
        else:
            return None
    return (total + current, False) if seen else None


def resolve_quantities(mentions: Sequence[Mention], report: Report) -> dict[str, Mention]:
    """The quantity mentions among ``mentions`` by id, with ``min``, ``max``, ``approx`` and ``unit`` filled.

    The words around the mention in ``report.text`` decide its range. "At least" covers the numbers joined to it.
    """
    out: dict[str, Mention] = {}
    text = report.text
    last = 0
    least_from: int | None = None  # where the last number ended that "at least" stands before
    for mention in sorted((m for m in mentions if m.type == "quantity"), key=lambda m: (m.start, m.end)):
        found = value(mention.text)
        if found is None:
            out[mention.id] = mention
            continue
        left, right = text[max(0, mention.start - 40) : mention.start], text[mention.end : mention.end + 40]
        counted = replace(found, unit=found.unit or unit_after(text, mention.end))
        ranged = _modified(counted, left, right) if not _LEFT.search(mention.text) else counted
        between = re.search(r"\bbetween\s+(\S+(?:\s\w+)?)\s+and\s+$", left, re.IGNORECASE)
        if between and (low := value(between[1])) and low.min is not None:
            ranged = replace(counted, min=low.min)
        own = _LEFT.search(left)
        gap = text[least_from : mention.start] if least_from is not None else ""
        if own:
            part = re.search(r"(?:includ\w+|among(?: them| whom)?)\s+$", left[: own.start()], re.IGNORECASE)
            least_from = mention.end if own.lastgroup == "least" and not part else None
        elif _PART_OF.search(text[last : mention.start]):
            pass  # a part keeps its own number, and the one after it may still be joined to the whole
        elif not _joined(gap, counted.unit):
            least_from = None
        elif ranged.max is not None:
            ranged, least_from = replace(ranged, max=None), mention.end
        last = mention.end
        out[mention.id] = replace(mention, min=ranged.min, max=ranged.max, approx=ranged.approx, unit=ranged.unit)
    return out


def _joined(gap: str, unit: str | None) -> bool:
    """Whether "at least" before one number reaches the next, ``gap`` being what stands between them."""
    if unit not in (None, "person") or not gap:
        return False
    said = _NOT_JOINED.split(gap)[-1]
    if re.fullmatch(r"(?:\s[A-Za-z-]+){1,3},\s+", gap):
        return True  # "104 civilians, 54 soldiers and 10 rebels"
    return _JOIN.fullmatch(gap) is not None and (said == gap or re.search(r"\band\b|\bor\b", said) is not None)
