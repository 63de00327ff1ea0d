"""Finding names in texts and covering them: every letter of a name becomes a block, so that all offsets stay what they are.

A name is found in any spelling of case, diacritics, hyphens and articles, as ``folding.fold`` has it, with a genitive s, and
across line breaks. What only sounds alike, and other scripts, must be marked as names of their own.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from tadmor.ledger.folding import ARTICLES, LETTERS, SILENT, fold

BLOCK = "█"
_ARTICLE = "|".join(sorted(ARTICLES, key=len, reverse=True))
_PLACE = ("lat", "lon", "country")
_CODED = frozenset(
    ("id", "claim", "type", "kind", "level", "certainty", "status", "unit", "what", "letter", "acled", "plover", "date")
)
"""Keys whose values are words of the record's own, which a name may be like."""


class Names:
    """Names and identities that are to be covered; without any, everything stays as it is.

    ``names`` are names in any spelling, ``entities`` identities such as "geonames:163808", which are taken out where they stand.
    """

    def __init__(self, names: Iterable[str] = (), entities: Iterable[str] = ()) -> None:
        keys = sorted({key for name in names if _words(key := fold(name))})
        self.keys = frozenset(keys)
        self.entities = frozenset(entities)
        # What cannot hold any of these holds no name: it costs a fraction of looking for the names themselves.
        self._signs = (*dict.fromkeys(max(_words(k), key=len) for k in keys), *sorted(self.entities))
        self._pattern = re.compile("|".join(map(_pattern, sorted(keys, key=len, reverse=True)))) if keys else None

    def __bool__(self) -> bool:
        return bool(self._signs)

    def maybe(self, text: str) -> bool:
        """Whether the text may hold a name or identity; False is sure."""
        if not self._signs:
            return False
        plain = _plain(text)
        return any(sign in plain or sign in text for sign in self._signs)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in the text, as offsets in code points, end-exclusive."""
        if self._pattern is None or not self.maybe(text):
            return []
        folded, at = _folded(text)
        return [(at[m.start()], at[m.end() - 1] + 1) for m in self._pattern.finditer(folded)]

    def text(self, text: str) -> str:
        """The text with names covered, of the same length; an identity that stands for itself is covered whole."""
        if text in self.entities:
            return _blocks(text)
        spans = self.spans(text)
        if not spans:
            return text
        out, last = [], 0
        for start, end in spans:
            out += [text[last:start], _blocks(text[start:end])]
            last = end
        return "".join([*out, text[last:]])

    def data(self, value: Any) -> Any:
        """Plain data with names covered in every string; what would still tell who or where is meant becomes None beside them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            meant = value.get("entity") in self.entities or any(
                isinstance(n := value.get(key), str) and self._whole(n) for key in ("name", "text")
            )
            out = {k: v if k in _CODED else self.data(v) for k, v in value.items()}
            if meant and "entity" in out:
                out |= {k: None for k in ("entity", *_PLACE) if k in out}
            return out
        if isinstance(value, list | tuple):
            rows = [None if isinstance(v, str) and v in self.entities else self.data(v) for v in value]
            if any(isinstance(v, str) and (v in self.entities or self._whole(v)) for v in value[:2]):
                # as the ledger keeps a place: name, identity, latitude, longitude, country
                rows = [rows[0], *(None if isinstance(v, float) else v for v in rows[1:])]
            return rows
        return value

    def hits(self, value: Any) -> bool:
        """Whether plain data names one of them in any string."""
        if isinstance(value, str):
            return value in self.entities or bool(self.spans(value))
        if isinstance(value, dict):
            return any(self.hits(v) for k, v in value.items() if k not in _CODED)
        return isinstance(value, list | tuple) and any(map(self.hits, value))

    def _whole(self, text: str) -> bool:
        return fold(text) in self.keys


def _words(key: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in key).split()


def _pattern(key: str) -> str:
    """The key as it may stand in a folded text: its words with spaces and articles between them."""
    words = [rf"(?:ال)?{re.escape(w)}" for w in _words(key)]
    return rf"(?<!\w){rf' +(?:(?:{_ARTICLE}) +)*'.join(words)}s?(?!\w)"


def _blocks(text: str) -> str:
    return "".join(c if c.isspace() else BLOCK for c in text)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text folded letter by letter, what is no letter as a space, and of which code point each letter came."""
    letters: list[str] = []
    at: list[int] = []
    for i, c in enumerate(text):
        for piece in _letter(c):
            letters.append(piece)
            at.append(i)
    return "".join(letters), at


@lru_cache(maxsize=4096)
def _letter(c: str) -> str:
    found = unicodedata.normalize("NFKD", c.casefold().translate(LETTERS))
    kept = (x for x in found if not unicodedata.combining(x) and x not in SILENT)
    return "".join(x if x.isalnum() else " " for x in kept)


def _plain(text: str) -> str:
    """The text in lower case without diacritics, fast."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    return unicodedata.normalize("NFKD", text.casefold().translate(LETTERS)).translate(_dropped())


@lru_cache(maxsize=1)
def _dropped() -> dict[int, None]:
    marks = (i for i in range(sys.maxunicode + 1) if unicodedata.combining(chr(i)))
    return dict.fromkeys((*marks, *map(ord, SILENT)))
