"""Noun phrases that name an actor without its name: "government troops", "Kurdish-led forces", "the extremist group".

A phrase is a run of modifiers (nationalities, words of sides, adjectives, names of the registry) that ends in a head noun of
the lexicon. The head gives the phrase its class, the modifiers what it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.actors_match import Hit

_WORD = re.compile(r"[^\W_]+(?:[-–.'’][^\W_]+)*")
_COMPOUND = re.compile(
    r"(?:pro|anti|non|ex|counter|ultra)-[\w'’]+|[\w.'’]+-(?:backed|led|allied|supported|affiliated|linked|aligned|trained|loyal|"
    r"funded|dominated|inspired|armed|leaning|based|friendly|run)|[\w.'’]+-(?:year)-old"
)
_DETERMINERS = frozenset("the a an this that these those his her its their our some any all both such".split())
_DEFINITE = frozenset("the this that these those its their his".split())
_AFTER_ADJECTIVE = frozenset(
    "was were is are has have had who and or in on at from by with of to for that which said says told killed died after before "
    "as but while when fled would will could may did does also not into during near against over under since until than".split()
)
# Heads that may follow another plural head, as in "security forces members"
_LAST = frozenset(
    "members member commander commanders officials official officers officer leaders leader spokesman spokeswoman spokesperson "
    "soldiers soldier fighters fighter militants delegation chief units elements supporters pilots reporter correspondent".split()
)
# After a head these say what it did ("the army killed civilians"), before one whom it was done to ("killed civilians")
_DONE = frozenset("killed captured besieged injured wounded trapped".split())
_EXTENDS = frozenset({"military", "air", "navy", "armed", "group", "rebel", "police", "government"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of an actor; ``modifiers`` in lower case, ``name`` the index of the hit that it holds, if any.

    ``group`` is the class of its head, ``definite`` whether an article or the like that points back stands before it.
    """

    start: int
    end: int
    head: str
    group: str
    modifiers: tuple[str, ...]
    name: int | None = None
    definite: bool = False

    @property
    def plural(self) -> bool:
        """Whether the head looks plural."""
        return _plural(self.head)


class _Unit(NamedTuple):
    start: int
    end: int
    word: str
    name: int | None = None


def phrases(text: str, hits: Sequence[Hit] = (), nationalities: Collection[str] = ()) -> Iterator[Phrase]:
    """Phrases of ``text`` in order, none overlapping another. ``hits`` are names found in it, ``nationalities`` are keys."""
    units = _units(text, hits)
    at = 0
    while at < len(units):
        stop = _run(text, units, at, nationalities)
        if stop is None:
            at += 1
            continue
        phrase = _phrase(text, units, at, stop)
        if phrase is not None:
            yield phrase
        at = stop + 1


def _units(text: str, hits: Sequence[Hit]) -> list[_Unit]:
    units = [_Unit(h.start, h.end, h.key, i) for i, h in enumerate(hits)]
    covered = [(h.start, h.end) for h in hits]
    position = 0
    for m in _WORD.finditer(text):
        while position < len(covered) and covered[position][1] <= m.start():
            position += 1
        if position < len(covered) and covered[position][0] < m.end():
            continue
        units.append(_Unit(m.start(), m.end(), m[0].lower().replace("’", "'").replace("–", "-")))
    units.sort(key=lambda u: u.start)
    return units


def _run(text: str, units: Sequence[_Unit], first: int, nationalities: Collection[str]) -> int | None:
    """Index of the last head of the longest run of modifiers and heads that begins at ``first``; None when there is none."""
    words = lexicon()
    last = None
    at = first
    while at < len(units):
        unit = units[at]
        if at > first and text[units[at - 1].end : unit.start].strip(" \u00a0"):
            break
        if last == at - 1 and at > first and unit.word in _DONE:
            break
        head = unit.name is None and unit.word in words.heads
        if (
            last == at - 1
            and at > first
            and _plural(units[last].word)
            and unit.word not in _LAST
            and not _loose(units[last].word)
        ):
            break
        if head:
            last = at
        elif unit.name is None and not _modifier(unit.word, nationalities):
            break
        at += 1
    return last


def _phrase(text: str, units: Sequence[_Unit], first: int, last: int) -> Phrase | None:
    words = lexicon()
    head = units[last]
    following = units[last + 1] if last + 1 < len(units) else None
    gap = text[head.end : following.start] if following else "."
    close = following is not None and not gap.strip() and "\n" not in gap
    previous = units[first - 1].word if first and not text[units[first - 1].end : units[first].start].strip() else ""
    if gap.startswith("-") and following is not None and not gap.startswith("- "):
        return None  # "rebel-held" in pieces
    alone = first == last
    if (
        alone
        and head.word in words.never_alone
        and not (head.word in words.alone_with_article and previous in _DEFINITE)
    ):
        return None
    if alone and head.word in words.heads and words.heads[head.word] == "group" and previous not in _DETERMINERS:
        return None
    if (
        alone
        and head.word in words.verbs
        and (previous == "to" or (close and following and following.word in words.verbs[head.word]))
    ):
        return None
    if close and following is not None:
        adjective = head.word in words.adjective_heads
        if following.word in words.stops and (adjective or head.word == "police" or not _plural(head.word)):
            return None  # "army base", "rebel positions"
        if adjective and (following.name is not None or not _ends_phrase(text, following)):
            return None  # "rebel artillery", "the rebel RSF"
    names = [u.name for u in units[first : last + 1] if u.name is not None]
    return Phrase(
        start=units[first].start,
        end=head.end,
        head=head.word,
        group=words.heads[head.word],
        modifiers=tuple(u.word for u in units[first:last]),
        name=names[-1] if names else None,
        definite=previous in _DEFINITE,
    )


def extends(phrase: Phrase) -> bool:
    """Whether the phrase is the named actor itself ("Islamic State militants") and not somebody of it ("its leader")."""
    return phrase.name is not None and phrase.group in _EXTENDS


def _ends_phrase(text: str, following: _Unit) -> bool:
    word = following.word
    return word in _AFTER_ADJECTIVE or word.endswith("ed") or text[following.start].isupper()


def _modifier(word: str, nationalities: Collection[str]) -> bool:
    words = lexicon()
    bare = word[:-2] if word.endswith("'s") else word
    return (
        word in words.adjectives
        or bare.replace("-", " ") in nationalities
        or bare in words.sides
        or word in words.heads
        or _COMPOUND.fullmatch(word) is not None
    )


def _plural(word: str) -> bool:
    return (word.endswith("s") and not word.endswith("ss")) or word in {
        "people",
        "men",
        "women",
        "children",
        "police",
        "troops",
    }


def _loose(word: str) -> bool:
    """Plural heads that often stand before another noun."""
    return word in {"police", "women", "children", "kurds", "is"}
