"""People: who is meant by a word that is no mention of its own ("rebel-held", "regime raids", "a policeman").

The layer of mentions names whole noun phrases. A claim's actor may be only the first half of a compound and its
target a bare noun; these are found here, and only those that fill a role become mentions of the reading.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tadmor.model import Mention
from tadmor.reading.document import Document
from tadmor.reading.triggers import read_data

_WORD = re.compile(r"[^\W\d_]+")
_BODY = re.compile(
    r"(?P<name>.*\b(?:[A-Z][\w’']*|regime|government|army|military|coalition))\s+(?:units?|members|elements|personnel"
    r"|(?:(?:war|air|fighter)[ -]?)?(?:planes?|jets)|aircraft|helicopters|leaders|side)$"
)
# in the capitals of a headline: "ISIL Armed Groups" are ISIL
_HEADLINE = re.compile(r"(?P<name>[A-Z]{3,6}|Daesh|[Aa]l-[A-Z]\w+)\s+(?:Armed|Terrorist|Militant)\s+Groups?")
_POSSESSIVE_LOST = re.compile(r"[A-Z]{3,6}s")  # "ISILs" of a corpus that has lost its apostrophes
_ARTICLES = frozenset("the a an some its their his her".split())
_MEMBERS = frozenset(
    "fighters fighter militants militant terrorists terrorist members forces group groups gunmen units troops".split()
)


@cache
def key(name: str) -> tuple[str, ...]:
    """A name as names are compared: its words in small letters, without article, possessive mark and "fighters", "group"."""
    words = re.findall(r"\w+", re.sub(r"['’]s\b|['’]", "", name.lower()))
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    kept = len(words)
    while kept > 1 and words[kept - 1] in _MEMBERS:
        kept -= 1
    return tuple(words[:kept])


def alike(one: str, other: str) -> bool:
    """Whether two names of one claim's parties are one party: the same, or one of them with a further modifier before it."""
    a, b = sorted((key(one), key(other)), key=len)
    if a == b:
        return True
    named = all(n.split()[-1][:1].isupper() for n in (one, other) if n.split())
    return 0 < len(a) < len(b) and b[-len(a) :] == a and not (named and len(a) > 1)


@cache
def lexicon() -> dict[str, dict[str, str]]:
    """``holders`` and ``demonyms`` with the name that each stands for, ``nouns`` that stand for themselves."""
    raw = tomllib.loads(read_data("people.toml"))
    return {"holders": raw["holders"], "demonyms": raw["demonyms"], "nouns": {w: w for w in raw["nouns"]["words"]}}


def unnamed(document: Document) -> tuple[tuple[Mention, str], ...]:
    """Holders and nouns of the text that lie in no mention of an actor or person, with the name of each, in text order."""
    table = lexicon()
    taken = [(m.start, m.end) for m in document.mentions if m.type in ("actor", "person")]
    out = []
    i = 0
    number = len(document.mentions)
    for word in _WORD.finditer(document.report.text):
        lower = word[0].lower()
        name = table["holders"].get(lower) or table["nouns"].get(lower)
        if name is None:
            continue
        while i < len(taken) and taken[i][1] <= word.start():
            i += 1
        if i < len(taken) and taken[i][0] < word.end():
            continue
        number += 1
        out.append((Mention(f"m{number}", word.start(), word.end(), word[0], "actor", "nominal"), name))
    return tuple(out)


def plain_name(name: str, mention: Mention) -> str:
    """The name to print for an actor: the state for an adjective, the body for its units or aircraft."""
    if mention.type == "nationality":
        return lexicon()["demonyms"].get(name.lower(), name)
    held = lexicon()["holders"].get(name.lower())
    if held is not None:
        return held
    if _POSSESSIVE_LOST.fullmatch(name):
        name = name[:-1]
    body = _BODY.fullmatch(name) or _HEADLINE.fullmatch(name)
    kept = body["name"] if body else name
    first, _, rest = kept.partition(" ")
    if body and not rest and first.lower() in lexicon()["demonyms"]:
        return lexicon()["demonyms"][first.lower()]
    return kept
