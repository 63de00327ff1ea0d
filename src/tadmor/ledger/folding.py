"""Folding of names to the keys that are stored beside them.

This is the ledger's own, apart from the folding by which the gazetteer looks names up: keys that lie in a database
must stay what they are, so a change here needs a migration that writes the ``folded`` and ``key`` columns anew.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ARTICLES = frozenset(
    ("the", "a", "an", "al", "el", "il", "ad", "ed", "ar", "er", "as", "es", "ash", "esh", "at", "et", "az", "ez")
)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"})
SILENT = "'’‘`´ʼʻʿʾˈ′ʹـ"  # apostrophes, the signs for hamza and ayn, tatweel


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The key of a name: lower case, no diacritics, hyphens as spaces, no articles ("The al-Bāb" is "bab").

    A name of articles or marks only keeps them, so that the key of a name that is not blank is never empty.
    """
    text = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c) and c not in SILENT)
    words = "".join(c if c.isalnum() else " " for c in text).split()
    kept = [_bare(word) for word in words if word not in ARTICLES]
    return " ".join(kept or words) or name.strip()


def _bare(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word  # the Arabic article is written joined
