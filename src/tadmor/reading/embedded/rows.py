"""Names of places in a row: "Huraytan Hayyan Anadan and Anjara" of a text that has lost its commas.

The network takes such a row for one name. Where the gazetteer knows two names or more in it, it is parted: each known name is
one, and so is each word between them, but that a word which begins names ("Kafr", "Tal", "Bab") stays with the next, and an
Arabic article or adjective with the word before it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from tadmor.model import Mention
from tadmor.reading.cues import mention_lexicon
from tadmor.reading.mention_words import is_capital, words
from tadmor.reading.text import Token

# What says which of several places of one name is meant: "Habreh al-Sharqi", eastern Habreh.
_ADJECTIVE = re.compile(
    r"(?:al|ash|as)-?(?:sharqi|gh?arbi|qarbi|shamali|shimali|janoubi|junubi|kab[ei]+r|sagh[ei]+r|kubra|sughra|jad[ei]+d"
    r"|qad[ei]+m|fou?qani|tahtani|wasta|tahta|fawqa)\w*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"al-?[a-z]", re.IGNORECASE)  # also written as one word: "Maaret Alartiq"
_FEWEST = 2  # known names


def parted(text: str, row: Mention, known: Sequence[Mention]) -> list[Mention]:
    """The names of a row of places, in text order; none where it is no row.

    ``known`` are the names that the gazetteer knows in it; they come back as they are, but for one that only begins a name.
    """
    if len(known) < _FEWEST or row.level != "name":
        return []
    ws = words(text, row.start, row.end)
    if any(text[a.end : b.start] != " " for a, b in itertools.pairwise(ws)):
        return []
    if not all(is_capital(w) or any(m.start <= w.start < m.end for m in known) for w in ws):
        return []
    ends = {m.end for m in known}
    out: list[Mention] = []
    begun: int | None = None  # where a name began of which only the first word was seen
    for start, end, name in _parts(ws, known):
        part = text[start:end]
        if part.lower() in mention_lexicon().place_heads:
            begun = start if begun is None else begun
        elif begun is not None:
            out.append(_named(text, row, begun, end))
            begun = None
        elif name is not None:
            out.append(name)
        elif out and (_ADJECTIVE.fullmatch(part) or (_ARTICLE.match(part) and out[-1].end not in ends)):
            out[-1] = _named(text, row, out[-1].start, end)
        else:
            out.append(_named(text, row, start, end))
    if begun is not None:
        out.append(_named(text, row, begun, row.end))
    return out if len(out) >= _FEWEST else []


def _parts(ws: Sequence[Token], known: Sequence[Mention]) -> list[tuple[int, int, Mention | None]]:
    """The known names and the words around them, in text order: where each begins and ends."""
    rest = [(w.start, w.end, None) for w in ws if not any(m.start < w.end and w.start < m.end for m in known)]
    return sorted([*((m.start, m.end, m) for m in known), *rest], key=lambda p: p[0])


def _named(text: str, row: Mention, start: int, end: int) -> Mention:
    return replace(row, start=start, end=end, text=text[start:end], entity=None)
