"""Words of texts in other languages than English, folded and with their endings taken off, as names are looked up by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’ʼ״\"׳][^\W_]+)*")
_ELIDED = re.compile(r"^(?:[dlnsjmt]|qu)['’]", re.IGNORECASE)  # d'Alep, l'État
_SUFFIXED = re.compile(r"['’](?:[^\W\d_]{1,5})$")  # Halep'te
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي", "ـ": None}
)
_LATIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"})
_KEPT = frozenset("йїё")  # letters of their own, not marked ones
_CASES = (  # endings of Russian and Ukrainian, longest first, with what the name may end in instead
    ("ового", ("овий", "овое")), ("ском", ("ск", "ское")), ("ського", ("ськ", "ське")), ("ському", ("ськ", "ське")),
    ("ового", ("ове", "овое")), ("ої", ("а",)), ("ами", ("ы", "и", "а")), ("ях", ("и", "я")), ("ах", ("ы", "и", "а")),
    ("ові", ("ів",)), ("єва", ("їв",)), ("єві", ("їв",)), ("ова", ("ов", "ів", "ово")), ("ове", ("ов", "ова", "ово")),
    ("ева", ("ев", "ево")), ("еве", ("ев", "ево")), ("ому", ("ий", "ый", "ое", "е")), ("ого", ("ий", "ый", "ое", "е")),
    ("ою", ("а",)), ("ой", ("а", "ая")), ("ей", ("я", "ь")), ("ем", ("", "ь", "е")), ("ом", ("", "о")), ("ім", ("ий",)),
    ("ії", ("ія",)), ("ию", ("ия", "ий")), ("ии", ("ия", "ий")), ("ия", ("ий",)), ("ію", ("ія",)), ("у", ("а", "", "о")),
    ("ю", ("я", "ь", "й")), ("ы", ("а", "")), ("и", ("а", "я", "ь", "ка")), ("і", ("а", "", "я", "ь", "о")),
    ("е", ("а", "", "о")), ("а", ("", "о")), ("я", ("ь", "й", "")), ("ь", ("",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word without what is elided before it or hung on behind it.

    ``key`` is folded, ``first``: it opens a sentence or a quotation, ``joined``: only a space or hyphen parts it from the
    word before.
    """

    start: int
    end: int
    key: str
    upper: bool
    first: bool
    joined: bool


def split(text: str) -> list[Word]:
    """The words of a text in order."""
    out: list[Word] = []
    last = 0
    for match in _WORD.finditer(text):
        raw, start, end = match[0], match.start(), match.end()
        gap = text[last:start]
        last = end
        if (elided := _ELIDED.match(raw)) and len(raw) > elided.end():
            start += elided.end()
        elif suffixed := _SUFFIXED.search(raw):
            end -= len(raw) - suffixed.start()
        core = text[start:end]
        out.append(
            Word(
                start,
                end,
                fold(core),
                core[0].isupper(),
                not out or bool(re.search(r"[.!?؟:\n«“\"]", gap)),
                bool(out) and gap in (" ", "-", "‑", "–", "\u00a0"),
            )
        )
    return out


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A word in lower case, without diacritics, apostrophes and the differences that Arabic spelling leaves to the writer."""
    text = word.casefold().translate(_ARABIC).translate(_LATIN)
    out = []
    for c in text:
        if c in _KEPT:
            out.append("е" if c == "ё" else c)
        else:
            out += [d for d in unicodedata.normalize("NFKD", c) if not unicodedata.combining(d)]
    return re.sub(r"['’ʼ״\"׳`]", "", "".join(out)).casefold()


def forms(word: str) -> Iterator[str]:
    """The word as it stands, then what it may be in the nominative, or without the particles that Arabic and Hebrew hang on."""
    yield word
    low = word.casefold()
    if "\u0400" <= low[-1:] <= "\u052f" and len(word) > 3:
        for ending, instead in _CASES:
            if low.endswith(ending) and len(low) - len(ending) >= 2:
                for other in instead:
                    yield word[: len(word) - len(ending)] + other
    elif "\u0600" <= low[:1] <= "\u06ff":
        bare = word
        if len(bare) > 3 and bare[0] in "وف":
            bare = bare[1:]
            yield bare
        if len(bare) > 4 and bare.startswith("لل"):
            yield "ال" + bare[2:]
        elif len(bare) > 3 and bare[0] in "بلك":
            yield bare[1:]
    elif "\u0590" <= low[:1] <= "\u05ff" and len(word) > 3 and word[0] in "בלמהושכ":
        yield word[1:]
        if len(word) > 4 and word[1] in "בלמהש":
            yield word[2:]
