"""Words and regular-expression pieces of the time grammar, from ``data/times.toml``.

The pieces are strings to be put into larger patterns that are compiled without regard to case; where case decides
(the month May, the verb may) :func:`plausible` looks at the text around the match.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon() -> dict[str, Any]:
    """The word lists of ``data/times.toml``."""
    return tomllib.loads(files("tadmor.resolve").joinpath("data/times.toml").read_text(encoding="utf-8"))


@cache
def months() -> dict[str, int]:
    """Month number (1 to 12) by lower-case spelling, without full stop."""
    return {word: n for n, words in enumerate(lexicon()["months"]["names"], 1) for word in words}


@cache
def weekdays() -> dict[str, int]:
    """Weekday number (0 is Monday) by lower-case spelling, without full stop."""
    return {word: n for n, words in enumerate(lexicon()["weekdays"]["names"]) for word in words}


@cache
def number_words() -> dict[str, int]:
    """Cardinals up to ninety-nine and ordinals up to thirty-first, with hyphen."""
    ones, tens, ordinals = (lexicon()["numbers"][key] for key in ("ones", "tens", "ordinals"))
    words = {word: n for n, word in enumerate(ones)}
    for n, ten in enumerate(tens, 2):
        words[ten] = n * 10
        words |= {f"{ten}-{one}": n * 10 + k for k, one in enumerate(ones[1:10], 1)}
    words |= {word: n for n, word in enumerate(ordinals, 1)}
    words |= {f"twenty-{word}": 20 + n for n, word in enumerate(ordinals[:9], 1)}
    return words | {"thirtieth": 30, "thirty-first": 31}


def alternation(words: list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")"


def _first(key: str) -> list[str]:
    return [words[0] for words in lexicon()[key]["names"]]


def _rest(key: str) -> list[str]:
    return [word for words in lexicon()[key]["names"] for word in words[1:]]


@cache
def pieces() -> dict[str, str]:
    """The named pieces that patterns are made of: ``{mon}``, ``{wd}``, ``{day}``, ``{year}``, ``{n}``, ``{unit}`` ..."""
    numbers = lexicon()["numbers"]
    small = alternation(numbers["ones"][1:] + numbers["tens"])
    word = rf"(?:{alternation(numbers['tens'])}[-\s]{alternation(numbers['ones'][1:10])}|{small})"
    ordinal = alternation(
        [w for w in number_words() if re.search(r"(?:first|second|third|th)$", w) and number_words()[w] < 32]
    )
    season = alternation(list(lexicon()["seasons"]))
    zone = (
        r"(?:\((?:GMT|UTC)(?:\s?[+-]\d{1,2}(?::\d\d)?\b)?\)|(?:GMT|UTC)(?:\s?[+-]\d{1,2}(?::\d\d)?\b)?|(?-i:Z|E[SDE]?T|CES?T|EEST|[CMP][SD]T|BST|IST|MSK)\b"
        r"|local time\b|(?-i:[A-Z][a-z]+) time\b"
        r"|local(?=[.,;)]| (?:on|as|when|and)\b|$))"
    )
    time24 = r"(?:(?<![\d.,:/-])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?!\d))"
    return {
        "mon": rf"(?:{alternation(_first('months'))}|{alternation(_rest('months'))}\b\.?)",
        "wd": alternation(_first("weekdays")),
        "wda": rf"(?:{alternation(_first('weekdays'))}|{alternation(_rest('weekdays'))}\b\.?)",
        "day": rf"(?:(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|[:.,]\d)|{ordinal}(?![\w-]))",
        "dd": r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)",
        "year": r"(?:1[5-9]\d\d|20\d\d)(?![\d%]|[.,]\d)",
        "n": rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,4}}|{word}|"
        r"an? (?:few|couple(?: of)?|dozen)|half a dozen|few|several|couple of|many|an?)",
        "unit": r"(?:minute|hour|day|night|week|weekend|fortnight|month|quarter|year|decade)",
        "season": season,
        "part": r"(?:(?:early|late|mid)[-\s])?(?:morning|afternoon|evening|night|dawn|dusk|noon|midday|midnight|daybreak)",
        "edge": r"(?:early|late|mid|earlier|later|(?:the )?(?:very )?(?:end|beginning|start|middle|close|turn|first half|"
        r"second half|last half|latter half|early part|latter part|early days|(?:first|second|third|fourth|last|final|"
        r"opening|closing) (?:few )?(?:days|weeks?|weekend|fortnight)) of|(?:early|mid)-to-(?:mid|late))",
        "hours": r"(?:early|small) hours",
        "mon3": alternation([word for words in lexicon()["months"]["names"] for word in words]),
        "time24": time24,
        "zone": zone,
        "clock": rf"(?:(?<![\d.,:])\d{{1,2}}(?:[:.]\d\d)?\s?(?:a\.?m\b\.?|p\.?m\b\.?)(?: {zone})?"
        rf"|(?:{time24}|(?<![\d.,:/-])(?:[01]\d|2[0-3])\.?[0-5]\d)\s?(?:(?:hrs|hours)(?: {zone})?|{zone})"
        r"|noon|midnight|midday)",
        "cent": r"(?:eighteen|nineteen)[-\s](?:hundred|oh[-\s]\w+|"
        rf"(?:{alternation(numbers['tens'])})(?:[-\s]{alternation(numbers['ones'][1:10])})?|{alternation(numbers['ones'][10:])})",
    }


_BEFORE = re.compile(r"([A-Za-z]+-?)\W{0,2}$")
_AFTER = re.compile(r"^\W{0,2}([A-Za-z]+)")


def word_before(text: str, start: int) -> str:
    """The word just before ``start`` in lower case, or an empty string."""
    match = _BEFORE.search(text[max(0, start - 30) : start])
    return match[1].lower() if match else ""


def word_after(text: str, end: int) -> str:
    """The word just after ``end``, or an empty string."""
    match = _AFTER.search(text[end : end + 30])
    return match[1] if match else ""
