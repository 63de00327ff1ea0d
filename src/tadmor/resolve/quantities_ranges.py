"""What stands around a number and makes a range of it: "at least", "more than", "or so", "~"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range: ``min`` and ``max`` inclusive or None when open, ``approx`` for "about", ``unit`` of what."""

    min: float | None
    max: float | None
    approx: bool = False
    unit: str | None = None


_TOLL = (
    r"(?:toll|number|total|figure|count|casualties|deaths)\s+(?:(?:has|had|have|could|may|might|will|would|is|was)\s+)?"
)
_MORE = (
    r"(?:\b(?:more than|over|above|in excess of|upwards? of|greater than|higher than|well over|just over|a little over|"
    r"exceed(?:ed|ing|s)?|surpass(?:ed|ing|es)?|topp(?:ed|ing)|"
    rf"{_TOLL}(?:pass(?:ed|es)?|top)|"
    r"(?:climb|ris|ros|gon|go|jump|soar|grow|mov|push|mount)\w*\s+past)|>)"
)
_LEAST = (
    r"(?:\b(?:at least|no fewer than|no less than|not less than|not fewer than|a minimum of|a total of at least"
    r"|at the very least|as few as|as little as)|≥|>=)"
)
_MOST = (
    r"(?:\b(?:up to|as many as|as much as|as high as|a maximum of|no more than|not more than|at most|"
    r"(?:not|n['’]t)\s+exceed(?:ed|ing)?)|≤|<=)"
)
_LESS = r"(?:\b(?:fewer than|less than|under|below|just under)|<)"
_ABOUT = (
    r"(?:\b(?:about|around|some|approximately|roughly|nearly|almost|close to|an estimated|estimated(?:\s+(?:that|at|to\s+be))?|"
    r"circa|approx\.?|(?<!\.)ca?\.|perhaps|in the (?:region|neighbou?rhood|vicinity) of|(?:something|somewhere) (?:like|around)|"
    rf"{_TOLL}(?:near(?:s|ed|ing)|approach(?:es|ed|ing)?)|"
    r"on the order of|as estimated|more or less|virtually|practically)|[~≈])"
)
_MODIFIERS = (("least", _LEAST), ("most", _MOST), ("more", _MORE), ("less", _LESS), ("about", _ABOUT))
LEFT = re.compile(
    "|".join(rf"(?P<{name}>{words})" for name, words in _MODIFIERS).join(
        (
            r"(?:",
            r")(?:\s+(?:about|around|some))?(?:\s+(?:a\s+further|a|an|the|another|an additional|additional))?\s*$",
        )
    ),
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"\b(?:(?:control|victory|power|influence|hold|sovereignty|flew|flying|airspace)|(?P<take>took|take[ns]?|taking))\s+over\s*$",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"^(?:\s+(?:or|and)\s+(?P<more>more|above)\b|(?P<plus>-?plus|\s+plus(?=\s+[a-z]))\b|(?P<sign>\+)|\s+or\s+(?P<so>so)\b|[-\s](?P<odd>odd)\b|"
    r"\s+or\s+(?P<fewer>fewer|less)\b|(?:\s+[a-z]+){1,2}\s+(?P<noun_more>or\s+more)(?=[.,;)]|\s+(?:were|was|are|have|had|in)\b)|"
    r"(?:\s+[a-z]+){0,2},?\s+(?P<last>at\s+(?:least|a\s+minimum))(?=[.,;)]|\s+(?:and|were|was|have|has|had|in|on|"
    r"to|after|when|are)\b|\s*$))",
    re.IGNORECASE,
)
_KINDS = {"more": "least", "plus": "least", "sign": "least", "last": "least", "noun_more": "least", "so": "about"}
_COUNTABLE = (None, "person", "strike", "vehicle", "percent")


def modified(core: Quantity, left: str, right: str) -> Quantity:
    """The range with what stands just before and after the number applied to it."""
    before, after = LEFT.search(left), _RIGHT.match(right)
    if before and (control := _CONTROL.search(left)) and not (control["take"] and core.unit == "person"):
        before = None  # "took over two towns", but "took over 30 prisoners"
    kind = before.lastgroup if before else None
    if after and kind in (None, "about"):
        kind = {**_KINDS, "odd": "about", "fewer": "most"}[after.lastgroup or "so"]
    low, high = core.min, core.max
    if kind is None or low is None:
        return core
    if high is None:  # "at least dozens": the word is itself a least number
        return core
    if kind == "about":
        return replace(core, approx=True)
    whole = float(low).is_integer() and float(high).is_integer()
    step = 1 if whole and core.unit in _COUNTABLE else 0
    if kind == "more":
        return replace(core, min=low + step, max=None)
    if kind == "least":
        return replace(core, max=None)
    if kind == "most":
        return replace(core, min=None)
    return replace(core, min=None, max=high - step)


_JOIN = re.compile(r"[^.;:(\n]{0,110}?(?:\band\b|\bor\b|\b(?:kill|injur|wound|captur|hurt)\w*)\s+(?:\S+\s+){0,2}")
_NOT_JOINED = re.compile(r"\b(?:where|which|who|whose|that|when|after|before|in|of an?|while)\b", re.IGNORECASE)


def joined(gap: str, unit: str | None) -> bool:
    """Whether "at least" before one number reaches the next, ``gap`` being what stands between them."""
    if unit not in (None, "person") or not gap:
        return False
    said = _NOT_JOINED.split(gap)[-1]
    if re.fullmatch(r"(?:\s[A-Za-z-]+){1,3},\s+", gap):
        return True  # "104 civilians, 54 soldiers and 10 rebels"
    return _JOIN.fullmatch(gap) is not None and (said == gap or re.search(r"\band\b|\bor\b", said) is not None)
