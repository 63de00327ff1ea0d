"""Clauses: the stretch of a sentence that states what a trigger stands for, without reporting clause and neighbours.

Much news text has lost its commas, so boundaries are words first (conjunctions, relatives, participles that open a
claim of their own) and marks second. A clause never leaves its sentence nor the content of the attribution that its
trigger stands in.
"""

from __future__ import annotations

from collections.abc import Sequence

from tadmor.reading.words import Word

LONGEST = 420  # characters: what states a claim is a clause, two sentences at the most (the record format)

_OPENERS = frozenset(
    "after before while when where which who whose although though since because whereas despite amid if unless until but"
    " meanwhile however following prior saying adding noting stressing claiming".split()
)
_CUTS = frozenset(';:"“”()[]—–')
_REPORTING = frozenset(
    "said says say told reported reports added adding claimed stated announced confirmed noted according saying noting".split()
)
_TOLL = frozenset("killing injuring wounding leaving killed injured wounded including".split())
_OWN = frozenset(
    "causing destroying damaging capturing seizing retaking recapturing forcing inflicting displacing targeting calling urging"
    " accusing demanding vowing threatening prompting sparking condemning".split()
)
_AUX = frozenset(
    "is are was were has have had be been will would can could may might must shall should did does do being remains remain"
    " began continued took fell fled left came went said told led hit struck shot fought sent met lost won held".split()
)
_NOT_VERBS = frozenset(
    "united armed allied unidentified unmanned displaced so-called called based backed linked led aged".split()
)
_PREPOSITIONS = frozenset(
    "in on at of from to by for with into near over against between around across under during".split()
)
_LEADING = frozenset("and or but that also".split())
JOINTS = _OPENERS | _LEADING  # they join clauses, and belong to none
_SUBJECTS = frozenset("they he she it we there".split())


def is_verb(words: Sequence[Word], i: int) -> bool:
    """Whether the word looks like a finite verb: an auxiliary, a past form, or one in -ed outside compounds."""
    word = words[i].lower
    if word in _AUX:
        return not words[i].joined
    if not word.endswith("ed") or len(word) < 5 or word in _NOT_VERBS:
        return False
    return not words[i].joined


def around(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The clause of the trigger ``words[first..last]``: index of its first word, and of the word after its last."""
    low, high = _left(words, first), _right(words, last)
    while low < first and (not words[low].text[0].isalnum() or words[low].lower in _LEADING):
        low += 1
    return low, high


def epithet(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The noun phrase of an epithet such as "rebel-held Marjeh": from the holder's name to the end of the place's name."""
    start = first
    while start > 0 and first - start < 3 and _joins(words[start - 1]):
        start -= 1
    end = last + 1
    while end < len(words) and end - last < 8 and not _ends_phrase(words, end):
        end += 1
    return start, end


def _joins(word: Word) -> bool:
    return word.text[:1].isupper() or word.lower in (
        "rebel",
        "government",
        "opposition",
        "regime",
        "insurgent",
        "jihadist",
        "militant",
        "terrorist",
    )


def _ends_phrase(words: Sequence[Word], i: int) -> bool:
    word = words[i]
    if word.lower == "of":
        return False
    return (
        not word.text[0].isalnum()
        or word.lower in _PREPOSITIONS
        or word.lower in _OPENERS
        or word.lower in ("and", "as", "that")
        or is_verb(words, i)
    )


def _left(words: Sequence[Word], first: int) -> int:
    if words[first].lower in _OWN:
        return first
    i = first
    while i > 0:
        word = words[i - 1]
        if word.text in _CUTS or word.lower in _REPORTING or word.lower in _OPENERS:
            break
        if word.lower == "that" and first - i > 1:
            break
        if word.lower == "as" and any(is_verb(words, j) for j in range(i, first + 1)):
            break
        if word.lower in _OWN:
            i -= 1
            break
        if word.text == "," and _has_verb(words, max(0, i - 12), i - 1) and first - i >= 2:
            break
        if word.lower == "and" and _opens_clause(words, i, first + 1) and _has_verb(words, max(0, i - 12), i - 1):
            break
        i -= 1
    return i


def _right(words: Sequence[Word], last: int) -> int:
    i = last + 1
    while i < len(words):
        word = words[i]
        if word.text in _CUTS or word.lower in _OPENERS or word.text in ("!", "?"):
            break
        if word.lower in _REPORTING:
            i = _speaker_start(words, last + 1, i)
            break
        if word.lower in _OWN:
            break
        if word.lower == "as" and _has_verb(words, i + 1, min(len(words), i + 9)):
            break
        if word.text == "," and _comma_ends(words, i):
            break
        if (
            word.lower == "and"
            and i + 1 < len(words)
            and words[i + 1].lower not in _TOLL
            and _opens_clause(words, i + 1, i + 8)
        ):
            break
        i += 1
    while i > last + 1 and words[i - 1].text in (",", "and", "."):
        i -= 1
    return i


def _comma_ends(words: Sequence[Word], i: int) -> bool:
    if i + 1 >= len(words):
        return True
    following = words[i + 1].lower
    if following in _TOLL:
        return False
    return following in ("and", "but", "as") or following in _SUBJECTS or _opens_clause(words, i + 1, i + 9)


def _opens_clause(words: Sequence[Word], start: int, stop: int) -> bool:
    """Whether a new predicate starts: a verb comes before the next preposition, mark or opener."""
    for j in range(start, min(stop, len(words))):
        word = words[j]
        if is_verb(words, j) or word.lower in _SUBJECTS:
            return True
        if word.lower in _OPENERS or word.text in _CUTS or word.text in ",.":
            return False
    return False


def _has_verb(words: Sequence[Word], start: int, stop: int) -> bool:
    return any(is_verb(words, j) for j in range(start, min(stop, len(words))))


def _speaker_start(words: Sequence[Word], low: int, cue: int) -> int:
    """Where the reporting clause at the end of a sentence begins, going back from its verb over the speaker's name."""
    if words[cue].lower == "according":
        return cue
    i = cue
    while i > low and cue - i < 8:
        word = words[i - 1]
        if word.text == "," or word.lower in (
            "on",
            "in",
            "at",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ):
            break
        i -= 1
        if word.lower in ("the", "a", "an", "he", "she", "it", "they"):
            break
    return i
