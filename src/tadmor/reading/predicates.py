"""The words that tell an event together: "launched a major offensive", "the attack took place", "shot and killed".

The noun of an event is told by a verb that says little by itself, and two verbs side by side tell one event; the trigger of a
claim is then all of it. Annotations of events mark sometimes the verb and sometimes the noun.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from tadmor.reading.triggers import read_data
from tadmor.reading.words import Word, stem

_REACH = 5  # words between a verb and the noun that it tells of


def whole(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The first and last word (both inclusive) of the predicate that the trigger at these words belongs to."""
    low = _verb_before(words, first)
    if low is not None:
        return low, last
    high = _verb_after(words, last)
    return (first, high) if high is not None else _pair(words, first, last)


def _verb_before(words: Sequence[Word], first: int) -> int | None:
    """The verb whose object the trigger heads: one noun phrase stands between, and begins at once."""
    known = _lexicon()
    for i in range(first - 1, max(-1, first - 2 - _REACH), -1):
        w = words[i]
        if w.stem in known["takes"]:
            opens = words[i + 1].lower if i + 1 < first else ""
            return i if opens in known["determiners"] else None
        if not w.text[0].isalnum() or w.lower in known["breaks"]:
            return None
    return None


def _verb_after(words: Sequence[Word], last: int) -> int | None:
    """The end of a verb of happening that follows the noun at once, auxiliaries aside."""
    known, i = _lexicon(), last + 1
    while i < len(words) and words[i].lower in known["auxiliaries"]:
        i += 1
    if i >= len(words):
        return None
    if i + 1 < len(words) and f"{words[i].stem} {words[i + 1].lower}" in known["happens"]:
        return i + 1
    return i if words[i].stem in known["happens"] else None


def _pair(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Two verbs in the past that "and" joins, where the trigger is one of them."""
    if first != last or not _past(words[first]):
        return first, last
    for link, other in ((last + 1, last + 2), (first - 1, first - 2)):
        if 0 <= other < len(words) and words[link].lower == "and" and _past(words[other]):
            return min(first, other), max(last, other)
    return first, last


def _past(w: Word) -> bool:
    return (w.lower.endswith("ed") and w.text.isalpha() and len(w.text) > 4) or w.lower in _lexicon()["past"]


@cache
def _lexicon() -> Mapping[str, frozenset[str]]:
    raw: dict[str, list[str]] = tomllib.loads(read_data("predicates.toml"))
    keys = {name: raw[name] for name in ("determiners", "auxiliaries", "breaks", "past")}
    stems = {name: [" ".join([stem(p.split()[0]), *p.split()[1:]]) for p in raw[name]] for name in ("takes", "happens")}
    return {name: frozenset(some) for name, some in (keys | stems).items()}
