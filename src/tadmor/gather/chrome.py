"""Which lines of a text are the page around an article: menus, weather, clocks, section names, notices, link bars."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from tadmor.gather import dates
from tadmor.gather.sentences import ends_sentence

Chrome = Literal["strong", "weak"]

_WEATHER = re.compile(r"(?<!\w)[-+−]?\d{1,2}(?:[.,]\d)?\s?°\s?[CF]?\b|(?<!\w)[-+−]?\d{1,2}(?:[.,]\d)?\s?°(?!\w)")
_SEPARATOR = re.compile(r"\s[|»›>•·/]\s|\s[|»›>•·]$|\t+| {3,}")
_WORD = re.compile(r"[\w'’.-]+")
_MARKUP = re.compile(r"[#*|>-]+\s|\|")  # headings, lists and tables of Markdown are the author's
_LONGEST_NOTICE = 140
_LONGEST_BAR = 4000


@dataclass(frozen=True, slots=True)
class _Words:
    menu: frozenset[str]
    sections: frozenset[str]
    notice: re.Pattern[str]
    caption: re.Pattern[str]
    credit: frozenset[str]
    agencies: frozenset[str]


@cache
def _words() -> _Words:
    raw: dict[str, Any] = tomllib.loads(files("tadmor.gather").joinpath("data/chrome.toml").read_text(encoding="utf-8"))
    captions = raw["captions"]
    return _Words(
        frozenset(raw["menu"]),
        frozenset(raw["sections"]),
        re.compile("(?:" + "|".join(raw["notices"]) + ")", re.IGNORECASE),
        re.compile("(?:" + "|".join(captions["openings"]) + ")", re.IGNORECASE),
        frozenset(captions["credit_words"]),
        frozenset(captions["agencies"]),
    )


def judge(line: str) -> Chrome | None:
    """What a line is: "strong" if it alone shows that a page was copied, "weak" if it counts only beside such lines."""
    text = line.strip()
    if len(text) > _LONGEST_BAR or _MARKUP.match(text) or not any(c.isalnum() for c in text):
        return None
    parts = [p.strip() for p in _SEPARATOR.split(text) if p.strip()]
    if len(parts) >= 3:
        own = sum(1 for p in parts if _part(p) is not None)
        prose = any(ends_sentence(p) and len(p.split()) > 6 and not _is_notice(p) for p in parts)
        if own * 2 >= len(parts) and not prose:
            return "strong"
    return _part(text)


def section(line: str) -> bool:
    """Whether the line is nothing but the name of a section."""
    return line.strip().strip(":|»›>•·#* ").lower() in _words().sections


def _is_notice(text: str) -> bool:
    return len(text) <= _LONGEST_NOTICE and _words().notice.match(text) is not None


def _part(text: str) -> Chrome | None:
    words = [w.lower().strip(".") for w in _WORD.findall(text)]
    if not words:
        return None
    if _is_notice(text):
        return "strong"
    if _WEATHER.search(text) and len(words) <= 8:
        return "strong"
    menu = sum(w in _words().menu or w in _words().sections for w in words)
    sentence = ends_sentence(text)
    if len(words) >= 3 and menu >= 3 and menu / len(words) >= 0.6 and not sentence:
        return "strong"
    if menu >= 2 and len(words) <= 12 and not sentence and dates.clock_like(text):
        return "strong"
    if section(text):
        return "weak"
    if len(words) <= 12 and not sentence and dates.clock_like(text) and not dates.labelled(text):
        return "weak"
    if len(words) <= 3 and menu == len(words) and not sentence:
        return "weak"
    return None


def caption_opening(text: str) -> bool:
    """Whether the paragraph begins as the text of a picture does."""
    return _words().caption.match(text) is not None


_TRAILING = re.compile(r"\s*[(\[](?P<in>[^()\[\]]{2,90})[)\]]\s*$")


def trailing_credit(text: str) -> tuple[int, bool] | None:
    """Offset of a credit in brackets at the end, and whether it is one that only a picture has: "(A. Name/AP)"."""
    tail = max(0, len(text) - 150)
    m = _TRAILING.search(text, tail)
    if not m:
        return None
    inside = m["in"].strip()
    lower = inside.lower()
    known = _words()
    words = [w.lower() for w in _WORD.findall(inside)]
    start = m.start() + (len(m[0]) - len(m[0].lstrip()))
    if not inside[:1].isupper() or (ends_sentence(inside) and len(words) > 3):
        return None
    if any(w in known.credit for w in words):
        return start, True
    slash = [p.strip() for p in lower.split("/")]
    if len(slash) > 1 and (slash[-1] in known.agencies or len(words) <= 8) and not any(c.isdigit() for c in inside):
        return start, True
    if lower in known.agencies:
        return start, False
    return None
