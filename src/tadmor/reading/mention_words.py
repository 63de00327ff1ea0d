"""Words as noun phrases need them: hyphenated words, dotted abbreviations and titles with their full stop are one word."""

from __future__ import annotations

import re

from tadmor.reading.text import Token

_WORD = re.compile(
    r"(?:[A-Z]\.){2,}(?:-\w+)?|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Maj|Capt|Sgt|Brig|Adm|Cmdr|Gov|Sen|Rep|Prof|St|Spc|Cpl|Pvt)\.(?=\s)"
    r"|''|``|\d+(?:[.,:]\d+)*(?:-?\w+)*|[A-Z]\.(?=\s[A-Z])|['’](?:s|m|re|ve|d|ll)\b|\w+(?:[-‐‑]\w+|['’ʼ‘`](?!(?:s|m|re|ve|d|ll)\b)\w+)*|[^\w\s]",
    re.UNICODE,
)


def words(text: str, start: int, end: int) -> list[Token]:
    """Words of ``text[start:end]``; offsets count from the start of ``text``. A possessive "'s" is a word of its own."""
    return [Token(m.start(), m.end(), m[0], m[0].lower()) for m in _WORD.finditer(text, start, end)]


def is_capital(w: Token) -> bool:
    """Whether the word is written as a name: a capital at its start, or after a joined article ("al-Bab")."""
    text = w.text
    if text[0].isupper():
        return True
    if "-" not in text:
        return False
    head, _, rest = text.partition("-")
    return head in ("al", "el", "ash", "as", "ad", "an", "ar", "az", "at", "ul") and rest[:1].isupper()


def hyphenated(w: Token) -> bool:
    """Whether the word has an inner hyphen: "government-held"."""
    return "-" in w.text[1:-1]


def clitic(ws: list[Token], i: int) -> bool:
    """Whether the word at ``i`` is a possessive mark."""
    return 0 <= i < len(ws) and ws[i].text in ("'s", "’s")
