"""Cues: the verbs, phrases and adverbs of a block that attribute something to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tadmor.reading.attributions_blocks import Block
from tadmor.reading.cues import DETERMINERS, FUNCTION, PREPOSITIONS, VERBS, cue_lexicon
from tadmor.reading.mention_words import is_capital

CueKind = Literal["finite", "participle", "passive", "phrase", "hedge"]
_WH = frozenset("whether how why what who where when if which".split())
_BASE = frozenset(
    "announce argue accuse acknowledge insist deny assert allege concede declare describe criticize denounce condemn urge blame "
    "reiterate reaffirm".split()
)
_PRONOUNS = frozenset("he she it they we i you who which".split())
_BE = frozenset("is are was were be been being".split())
_PARTICLES = {
    "call": ("for", "on"), "point": ("to", "out"), "refer": ("to",), "talk": ("about",), "spoke": ("about", "out"),
    "focus": ("on",), "allud": ("to",), "laid": ("out",), "lay": ("out",), "rule": ("out",), "hint": ("at",),
    "attribut": ("to",), "vouch": ("for",),
}  # fmt: skip
_NOUNISH = frozenset(
    "claims notes posts comments estimates quotes warnings warning promises pledges threats replies responses vows mentions "
    "complaints remarks repeats reports report claim plan plans hopes hope fear fears support views view show shows call calls "
    "stresses states thought charged pledge point points".split()
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: words ``first`` to ``last`` inclusive, ``head`` its main word, ``speech`` false for attitudes."""

    first: int
    last: int
    head: int
    form: str
    kind: CueKind
    speech: bool


def cues(block: Block) -> Iterator[Cue]:
    """The cues of a block from left to right."""
    lexicon = cue_lexicon()
    skip = -1
    for i, w in enumerate(block.ws):
        if i <= skip:
            continue
        phrase = next((p for p in _begun(w.lower) if all(block.lower(i + k) == x for k, x in enumerate(p))), None)
        if phrase is not None:
            skip = i + len(phrase) - 1
            yield Cue(i, skip, i, phrase[0], "phrase", True)
        elif w.lower in lexicon.hedges:
            yield Cue(i, i, i, w.lower, "hedge", False)
        elif (w.lower in lexicon.always or _in_context(block, i)) and _is_verb(block, i):
            cue = _verb(block, i)
            skip = cue.last
            yield cue


@lru_cache(maxsize=4096)
def _begun(word: str) -> tuple[tuple[str, ...], ...]:
    """The lexicon's phrases that begin with a word."""
    return tuple(p for p in cue_lexicon().phrases if p[0] == word)


def _in_context(block: Block, i: int) -> bool:
    contexts = cue_lexicon().before.get(block.lower(i))
    return contexts is not None and not contexts.isdisjoint(following(block, i))


def following(block: Block, i: int) -> set[str]:
    """The contexts, as the data file names them, of what follows word ``i``."""
    nxt = block.lower(i + 1)
    if nxt == "" or nxt in ".;!?)—–-" or block.closes(i + 1):
        return {"end"}
    if nxt in ("that", "to", "not"):
        return {nxt}
    if block.opens(i + 1):
        return {"quote"}
    if nxt == ":":
        return {"colon"}
    if nxt == ",":
        return {"comma"}
    if nxt in _WH:
        return {"wh"}
    if nxt in PREPOSITIONS or nxt in ("out", "up", "down"):
        return {nxt}
    out = {"noun"}
    if _own_verb(block, i + 1):
        out.add("noun_clause")
    return out


def _own_verb(block: Block, i: int) -> bool:
    """Whether a clause begins at ``i``: a noun phrase and, before any mark, a finite verb."""
    for k in range(i, min(i + 9, len(block.ws))):
        w = block.ws[k]
        if not w.text[0].isalnum():
            return False
        if k > i and (w.lower in VERBS or w.lower in cue_lexicon().auxiliaries) and not w.lower.endswith("ing"):
            return True
        if k > i and w.lower in ("to", "of", "for", "that", "who", "which"):
            return False
    return False


def _is_verb(block: Block, i: int) -> bool:
    """Whether a form stands here as a verb with a subject, not as a noun or an adjective."""
    w = block.ws[i]
    prev = block.lower(i - 1)
    lexicon = cue_lexicon()
    if is_capital(w) and i and block.sentence[i][0] != i and not _title_case_neighbours(block, i):
        return False
    if prev in DETERMINERS and prev not in ("this", "that", "many", "some", "most", "all", "both", "few", "several"):
        return False
    if w.lower in _BASE:
        return (
            prev in _PRONOUNS
            or prev == "to"
            or prev in lexicon.auxiliaries
            or prev in lexicon.adverbs
            or (prev.endswith("s") and len(prev) > 2)
        )
    if w.lower == "went":
        return block.lower(i + 1) == "on" and block.lower(i + 2) == "to"
    if w.lower.endswith("ing"):
        return prev not in PREPOSITIONS or prev in ("by", "without", "after", "before", "in")
    if w.lower in _NOUNISH:
        if prev in PREPOSITIONS or prev in ("'s", "’s", "") or prev in DETERMINERS:
            return False
        if following(block, i) & {"of", "from", "against", "by"}:
            return False
        named = block.mention_to.get(i - 1)
        return (named is not None and named[1].type in ("actor", "person", "place")) or prev in _PRONOUNS
    if prev in PREPOSITIONS and prev not in ("to",):
        return False
    if prev == "to" and not w.lower.endswith("ed"):
        return False
    # "the proposed deal", "alleged members": a participle before a noun with no auxiliary is an adjective
    return not (
        w.lower.endswith("ed")
        and prev in ("of", "and", "or", "'s", "’s")
        and not _complement(block, i)
        and prev != "and"
    )


def _complement(block: Block, i: int) -> bool:
    return (
        bool(following(block, i) & {"that", "quote", "colon", "wh", "noun_clause"})
        and i in range(len(block.ws))
        and bool(_WH)
    )


def _title_case_neighbours(block: Block, i: int) -> bool:
    first, last = max(block.sentence[i][0], i - 20), min(block.sentence[i][1], i + 20)
    letters = [w for w in block.ws[first : last + 1] if w.text[0].isalpha()]
    return len(letters) > 3 and sum(w.text[0].isupper() for w in letters) > 0.6 * len(letters)


def _verb(block: Block, head: int) -> Cue:
    lexicon = cue_lexicon()
    form = block.lower(head)
    first = head
    low = block.sentence[head][0]
    while first > low and (block.lower(first - 1) in lexicon.auxiliaries or block.lower(first - 1) in lexicon.adverbs):
        first -= 1
    # an adverb alone at the left of a clause belongs to it only beside an auxiliary or directly after a subject
    while (
        first < head
        and block.lower(first) in lexicon.adverbs - lexicon.auxiliaries
        and (
            block.is_mark(first - 1)
            or block.lower(first - 1) in FUNCTION - {"he", "she", "it", "they", "we", "i", "you", "who"}
        )
    ):
        first += 1
    last = head
    for stem, particles in _PARTICLES.items():
        if form.startswith(stem) and block.lower(head + 1) in particles:
            last = head + 1
            break
    between = {block.lower(k) for k in range(first, head)}
    speech = form not in lexicon.attitude
    if form.endswith("ing") and not between & (_BE | {"’s", "'s"}):
        return Cue(head, last, head, form, "participle", speech)
    if between & _BE and not form.endswith("ing"):
        return Cue(first, last, head, form, "passive", speech)
    return Cue(first, last, head, form, "finite", speech)
