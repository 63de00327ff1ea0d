"""Words of a text as names are made of them: hyphens and spaces join, a possessive is known, sentence starts are marked."""

from __future__ import annotations

import re
from typing import NamedTuple

from tadmor.resolve.names import fold

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:['’ʼ‘`´][^\W_]+)*", re.UNICODE)
_ELIDED = re.compile(r"[dl]['’][A-Z]")  # Cote d'Ivoire
_POSSESSIVE = re.compile(r"['’ʼ‘`´]s$", re.IGNORECASE)
_JOINTS = frozenset({" ", "-", "- ", " -", "‐", "‑", "–", " '", " ‘", "-'", "-‘", "-’", "-`", "\u00a0"})
_SHORT = frozenset("St Ste Mt Ft Dr Mr Mrs Ms Gen Lt Col Sen Gov Rep Maj Capt Sgt Brig Rev Prof Adm Cmdr".split())
_ENDS = re.compile(r"[.!?:;]['\"”’)\]]*\s|\n")


class Word(NamedTuple):
    """A word: ``end`` is before a possessive, ``key`` its fold; ``upper``, ``shout`` and ``digit`` tell how it is written.

    ``joined``: nothing but a space or hyphen parts it from the word before, ``hyphen``: a hyphen does, ``comma``: only a
    comma does. ``first``: it opens a sentence, line or quotation. ``owner``: it has a possessive.
    """

    start: int
    end: int
    key: str
    upper: bool
    shout: bool
    digit: bool
    joined: bool
    hyphen: bool
    first: bool
    comma: bool
    owner: bool


def split(text: str) -> list[Word]:
    """The words of the text in order."""
    result: list[Word] = []
    last_end = 0
    owner = False
    last = ""
    for match in _WORD.finditer(text):
        raw = match[0]
        gap = text[last_end : match.start()]
        possessive = raw[-1] in "sS" and _POSSESSIVE.search(raw) is not None
        end = match.end() - (2 if possessive else 0)
        core = text[match.start() : end]
        abbreviated = gap == ". " and last in _SHORT
        first = gap != " " and ((not abbreviated and bool(_ENDS.search(gap))) or gap.lstrip(" ")[:1] in ("“", '"', "("))
        result.append(
            Word(
                start=match.start(),
                end=end,
                key=fold(core),
                upper=core[0].isupper() or (core[0] in "dl" and bool(_ELIDED.match(core))),
                shout=len(core) > 1 and core.isupper(),
                digit=core[0].isdigit(),
                joined=bool(result) and not owner and (gap in _JOINTS or abbreviated),
                hyphen="-" in gap,
                first=first or not result,
                comma=gap.strip() == "," and "\n" not in gap,
                owner=possessive,
            )
        )
        owner, last_end, last = possessive, match.end(), core
    return result
