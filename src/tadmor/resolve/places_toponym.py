"""The toponym of a place expression: "Baghdad" of "central Baghdad", "Mosul" of "the city of Mosul".

Where a claim says where, its mention in the record is the toponym, as corpora of toponyms have it (LGL, GeoVirus, the places of
events); what is said in regard to it stays in the mention's relation and in the claim's own name of the place. Expressions
that hold no name ("the town"), or something of another's name ("the Chinese embassy"), stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tadmor.model import Claim, Mention

_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_WORD = re.compile(r"[^\s]+")
# what a toponym is the name of: the words that stand most often behind one
_AREAL = frozenset(
    "area areas airbase airport base border border-crossing camp checkpoint city commune countryside crossing desert district"
    " districts governorate island islands junction locality mountain mountains neighborhood neighborhoods neighbourhood"
    " neighbourhoods plain port province provinces region river sector square state street suburb suburbs town towns township"
    " valley village villages zone".split()
)
_INSIDE = frozenset("of the and de del la le al el ar as ash ad az an bin ibn abu umm e du da dos i y".split())


def toponym(text: str) -> tuple[int, int]:
    """Where in the expression its toponym stands, as offsets (code points) into ``text``; the whole where none stands out."""
    words = list(_WORD.finditer(text))
    low, high = 0, len(words)
    while low < high and _small(words[low][0]):
        low += 1
    while high > low and words[high - 1][0].strip(",.").lower() in _AREAL and _small(words[high - 1][0]):
        high -= 1
    core = words[low:high]
    if not core or any(_small(w[0]) and w[0].lower() not in _INSIDE for w in core):
        return 0, len(text)
    return core[0].start(), core[0].start() + len(_POSSESSIVE.sub("", text[core[0].start() : core[-1].end()]))


def as_toponyms(mentions: Mapping[str, Mention], claims: Iterable[Claim]) -> tuple[Mention, ...]:
    """All mentions in text order, those by which a claim says where cut to their toponyms; identities and relations stay."""
    out = dict(mentions)
    for identity in {i for c in claims for i in c.places}:
        m = out[identity]
        low, high = toponym(m.text)
        if m.type == "place" and (low, high) != (0, len(m.text)):
            out[identity] = replace(m, start=m.start + low, end=m.start + high, text=m.text[low:high])
    return tuple(sorted(out.values(), key=lambda m: (m.start, m.end, m.type)))


def _small(word: str) -> bool:
    """Whether a word has no capital letter."""
    return not any(c.isupper() for c in word)
