"""What a number counts: the noun phrase that follows it, and the units of nouns."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def lexicon() -> dict[str, Any]:
    """The word lists of ``data/quantities.toml``."""
    return tomllib.loads(files("tadmor.resolve").joinpath("data/quantities.toml").read_text(encoding="utf-8"))


@cache
def units() -> dict[str, str]:
    """Unit by the lower-case noun that is counted."""
    return {noun: unit for unit, nouns in lexicon()["units"].items() for noun in nouns}


def unit_after(text: str, end: int) -> str | None:
    """The unit of the noun that a number ending at ``end`` counts: person, strike, vehicle, or the noun itself."""
    noun = counted_noun(text, end)
    return units().get(noun[2].lower(), None) if noun else None


_PLURALS = frozenset(
    "people men women children troops personnel servicemen policemen gunmen tribesmen aircraft".split()
)


def _modifies(noun: str) -> bool:
    """Whether a noun may still stand before the one that is counted ("police stations", "rebel groups")."""
    lower = noun.lower()
    return lower not in units() or not (lower.endswith("s") or lower in _PLURALS)


_NP_WORD = re.compile(
    r"\s+(?:of\s+(?:the\s+|its\s+|their\s+|them\s+|whom\s+)?)?([A-Za-z](?:[\w'’-]|\.(?=\w))*)\.?(?=[\s,;:.)]|$)"
)
# "three 120mm shells", "four 500-pound bombs", "8 x T-72 tanks": what stands between the number and the noun phrase
_MODEL = re.compile(
    r"(?:\s+x(?=\s)|\s+\d[\d.,]*[-\s]?(?:mm|cm|kg|lbs?|pound|tonn?e?|millimet(?:er|re))(?=\s+[a-z]))", re.IGNORECASE
)
_COMPOUND = re.compile(r"(?:bombs?|attacks?|systems?|launchers?|rounds|positions?|mechanics)$", re.IGNORECASE)
_STOP = frozenset(
    "was were is are has have had and or but who which that in on at by from for with as to of after before when while during "
    "killed injured wounded dead died fled displaced including near against into since until may might could will would been be "
    "also being captured arrested detained evacuated missing hurt martyred held previously now so then not still all "
    "around across over under near along inside outside there then today yesterday reportedly among between killing injuring "
    "it he she they we said says carried took fled wounding leaving causing destroying damaging capturing".split()
)


@cache
def _numbers() -> frozenset[str]:
    """Words that start another number, so that no noun phrase runs over them."""
    return frozenset(lexicon()["words"]) - {"one"} | {"several", "dozens", "scores", "hundreds", "thousands"}


def _describes(text: str, match: re.Match[str]) -> bool:
    """Whether a word that mostly ends a noun phrase stands before its noun here ("dozens of dead soldiers")."""
    after = _NP_WORD.match(text, match.end())
    words = ("dead", "wounded", "injured", "displaced", "captured", "detained", "arrested", "missing")
    return match[1].lower() in words and after is not None and units().get(after[1].lower()) is not None


def counted_noun(text: str, end: int) -> tuple[int, int, str] | None:
    """The noun phrase that follows a number: its start, its end and its head noun; None when none follows."""
    head: re.Match[str] | None = None
    start = -1
    model = _MODEL.match(text, end)
    at = model.end() if model else end
    for _ in range(8):
        match = _NP_WORD.match(text, at)
        if match is None or (match[1].lower() in _STOP and not (head is None and _describes(text, match))):
            break
        if start >= 0 and match[1].lower() in _numbers():
            break
        if (
            head is not None
            and re.search(r"(?:s|men)$", head[1])
            and re.search(r"[a-z]ed$", match[1])
            and match[1] not in units()
        ):
            break  # "hundreds of Bedouins clashed"
        if (
            head is not None
            and not _modifies(head[1])
            and not _COMPOUND.match(match[1])
            and match[1].lower() not in units()
        ):
            break
        if start < 0:
            start = match.start(1)
        head = match
        at = match.end()
    if head is None:
        return None
    return start, head.end(1), head[1]
