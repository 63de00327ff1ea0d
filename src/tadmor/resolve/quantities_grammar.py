"""The grammar of numbers: what a number looks like in running text, and the amount that its words name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tadmor.resolve.quantities_nouns import lexicon

DASH = "-‐‑‒–—−"
_DIGITS = r"(?:\d{1,3}(?:[,\u00a0\u202f '’]\d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?![\d.])|\d+(?:\.\d+)?)"
_SCALES = r"(?:hundred|thousand|million|billion|dozen|lakh|crore)"
_SHORT = r"(?:million|billion|thousand|hundred|lakh|crore|mln|mn|bn|m|k)"
_DECIMAL = r"\d{1,3},\d{1,2}(?=\s?(?:million|billion|thousand|mln|mn|bn)\b)"


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True)) + ")"


def _spelled() -> str:
    words = list(lexicon()["words"])
    ones = _any([w for w in words if lexicon()["words"][w] < 20])
    tens = _any([w for w in words if lexicon()["words"][w] >= 20])
    small = rf"(?:{tens}(?:[-‑\s]{_any(words[:9])})?|{ones})"
    large = r"(?:thousand|million|billion|dozen)"
    # "a hundred and two thousand" is one number, "a million and two million" are two
    # the three ways exclude each other, lest a long row of numbers be read in ever more ways
    after_large = r"(?:(?<=thousand)|(?<=million)|(?<=billion)|(?<=dozen))"
    before_and = r"(?<!thousand)(?<!million)(?<!billion)(?<!dozen)"
    and_more = rf"(?:\s+|{before_and}\s+and\s+|{after_large}\s+and\s+(?!{small}\s+{large}))"
    with_half = r"\s+and\s+a\s+half"
    return (
        rf"(?:(?:{small}|{_DIGITS}){with_half}\s+{_SCALES}|an?\s+{_SCALES}{with_half}|"
        rf"(?:an?|another|half[-\s]+an?|an?\s+half|{small}|{_DIGITS})[-\s]+{_SCALES}(?:\s+{_SCALES})?"
        rf"(?:{and_more}{small}(?:\s+{_SCALES})*|(?<=illion)\s+{_DIGITS}\s+thousand)*|"
        r"half(?:\s+a|-)[-\s]?dozen|half[-\s]million|(?:a|three)[-\s]quarters?(?:\s+of\s+a\s+|-)million|"
        rf"half\s+an?(?=\s+square)|a\s+(?:pair|couple|score)(?=\s+of\s|$)|{small}|dozen)"
    )


def _vague() -> str:
    rest = [v for v in lexicon()["vague"] if " of " not in v and not v.startswith(("several ", "few "))]
    return (
        r"(?:(?:several|few)\s+(?:dozen|hundred|thousand|million)|(?:tens|dozens|scores|hundreds|thousands)"
        r"\s+of\s+(?:thousands?|millions?)|hundreds\s+(?:up)?on\s+hundreds|thousands\s+(?:up)?on\s+thousands|"
        rf"(?:100|1,?000)s\b|{_any(rest)})"
    )


@cache
def grammar() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns for a number anywhere, for the whole of a number, and for its parts."""
    spelled, vague = _spelled(), _vague()
    times = r"\d{1,3}x(?=\s+(?!more|as|the|faster|higher|bigger)[A-Za-z]|$)"  # "2x T-72"
    figure = rf"(?:(?:{_DECIMAL}|{_DIGITS})(?:\s?{_SHORT}\b)?(?!x(?:\s|$))|{times})"
    core = rf"(?:{vague}|{spelled}|{figure})"
    area = r"(?:sq(?:uare|\.)?\s*(?:km|kilomet(?:er|re)s?|miles?|met(?:er|re)s?)|km2|km²|hectares?|ha|acres?)"
    measure = _any([w for nouns in lexicon()["measures"].values() for w in nouns])
    tail = (
        rf"(?:\s?(?:of\s+)?(?:{area})(?!\w)|[-\s]?{measure}(?!\w|-\d)|\s?%|-(?:years?|months?|days?)-old(?:s)?|\s+"
        rf"(?:years?|months?)(?:\s+old|\s+of\s+age))?"
    )
    money = rf"(?:(?:US|C|A)?[$€£]\s?{core})"
    between = rf"(?:(?<=\d)\s*[{DASH}]\s*(?=\d)|\s+(?:to|or)\s+|-to-)"
    whole = rf"(?P<money>{money})|(?P<range>(?P<a>{core}){between}(?P<b>{core})){tail}|(?P<n>{core}){tail}"
    return (
        re.compile(rf"(?<![\w.,/$€£#:‑−-])(?<![A-Za-z][‒–—])(?:{whole})(?![\w²])", re.IGNORECASE),
        re.compile(rf"(?:{whole})", re.IGNORECASE),
        re.compile(rf"{vague}|{spelled}|{figure}", re.IGNORECASE),
    )


_FIXED = {"a quarter": 0.25, "three quarter": 0.75, "three quarters": 0.75}


def amount(words: str) -> tuple[float, bool] | None:
    """The amount that the words name and whether it is only a least one."""
    text = re.sub(r"(?<=[a-z])[-‑](?=[a-z])", " ", " ".join(words.lower().replace("\u00a0", " ").split()))
    if repeated := re.fullmatch(r"(hundreds|thousands) (?:up)?on \1", text):
        text = repeated[1]
    text = {"100s": "hundreds", "1000s": "thousands", "1,000s": "thousands"}.get(text, text)
    vague = lexicon()["vague"]
    if text in vague:
        return float(vague[text]), True
    if text.endswith((" thousand", " million")) and (plural := text + "s") in vague:
        return float(vague[plural]), True
    text = re.sub(r"(?<=\d)[,\u202f '’](?=\d{3}(?!\d))", "", text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text):
        text = text.replace(".", "")
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)  # "1,5 million"
    text = re.sub(r"(?<=\d)x$", "", text)  # "2x T-72"
    if part := re.fullmatch(r"(a quarter|three quarters?)(?: of a)? million", text):
        return _FIXED[part[1]] * 1_000_000, False
    return _added(text)


def _added(text: str) -> tuple[float, bool] | None:
    """The sum that the words of one number make."""
    lex = lexicon()
    total, current, scale, seen = 0.0, 0.0, 1.0, False
    tokens = re.findall(r"\d+(?:\.\d+)?|[a-z]+", text)
    for at, token in enumerate(tokens):
        if token in ("and", "of"):
            continue
        if re.match(r"\d", token):
            current, seen = current + float(token), True
        elif token == "half":
            if tokens[max(0, at - 2) : at] == ["and", "a"]:  # of one, or of the scale that was said just before
                current += 0.5 * scale if at == len(tokens) - 1 else 0.5
            else:
                current = 0.5
            seen = True
        elif token in ("a", "an", "another"):
            current = current or (0.0 if tokens[at + 1 : at + 2] == ["half"] else 1.0)
            seen = True
        elif token in ("pair", "couple"):
            current = 2.0
        elif token in lex["words"]:
            current, seen = current + lex["words"][token], True
        elif token in lex["multipliers"]:
            scale = lex["multipliers"][token]
            current = (current or 1.0) * scale
            seen = True
            if scale >= 1000:
                total, current = total + current, 0.0
        else:
            return None
    return (total + current, False) if seen else None
