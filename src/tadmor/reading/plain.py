"""Plain statements: a party, a verb of conflict, and what it is done to say a claim, however short the sentence.

The statistics of a trigger's company are poor where there is little company: "Gunmen kidnapped three nurses" has none. Its
grammar is clear all the same: subject, verb and object, or a subject that the verb was done to. Such clauses are claims
of the verb's likeliest type where the reader has found none in them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tadmor.reading import clauses
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.scene import Scene
from tadmor.reading.triggers import read_data
from tadmor.reading.words import Word, stem

LOWEST = 0.05  # of the trigger's own probability: below it the verb means something else here
SCORE = 0.42  # the probability of a statement that only its grammar supports: the share that coders code, rounded
_GROUP = 4  # auxiliaries and adverbs between a subject and its verb
_SITING = frozenset("near in at outside".split())
_VAGUE = frozenset(map(stem, ("attack", "assault", "strike", "operation")))
_PRONOUNS = frozenset("it them".split())
_OBJECT = 8  # words after a verb within which its object begins


@dataclass(frozen=True, slots=True)
class _Lexicon:
    verbs: frozenset[str]
    motion: frozenset[str]
    hitting: frozenset[str]
    tolls: frozenset[str]
    ruin: frozenset[str]
    relief: frozenset[str]
    auxiliaries: frozenset[str]
    be: frozenset[str]
    into: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    raw: dict[str, str] = tomllib.loads(read_data("plain.toml"))
    stems = ("verbs", "motion", "hitting", "tolls", "ruin", "relief")
    return _Lexicon(**{k: frozenset(stem(w) if k in stems else w for w in v.split()) for k, v in raw.items()})


def plain(scene: Scene, lines: Iterable[Line], found: Sequence[Draft]) -> list[Draft]:
    """Drafts of the plain statements in which ``found`` has no draft, each clause's likeliest, in text order."""
    taken: dict[int, list[Draft]] = {}
    for draft in found:
        taken.setdefault(draft.line.sentence.start, []).append(draft)
    ends = {m.end for m in scene.actors}
    starts = {m.start for m in scene.mentions}
    out: list[Draft] = []
    for line in lines:
        here = taken.get(line.sentence.start, [])
        best: dict[int, Draft] = {}
        for draft in _candidates(line):
            if any(_covers(d, draft) for d in here):
                continue
            if here and line.words[draft.first].stem in _lexicon().tolls:
                continue  # the toll of an event that the sentence has told already
            if not _plain(line.words, draft, ends, starts):
                continue
            known = best.get(draft.low)
            if known is None or draft.score > known.score:
                best[draft.low] = draft
        out.extend(replace(d, score=max(d.score, SCORE)) for d in best.values())
    return sorted(out, key=lambda d: (d.start, d.end, d.type))


def _candidates(line: Line) -> Iterable[Draft]:
    for c in line.candidates:
        if c.score < LOWEST:
            continue
        low, high = clauses.around(line.words, c.first, c.last)
        if line.words[high - 1].end - line.words[low].start <= clauses.LONGEST:
            yield Draft(c.type, line, low, high, c.first, c.last, c.key, c.score)


def _covers(known: Draft, draft: Draft) -> bool:
    """Whether a clause is told already; a state that an apposition names ("an ISIS stronghold") tells nothing of its verb."""
    if known.type in ("territory_held", "siege") and known.type != draft.type and known.first > draft.last:
        return False
    return known.low <= draft.first < known.high or draft.low <= known.first < draft.high


def _plain(words: Sequence[Word], draft: Draft, ends: set[int], starts: set[int]) -> bool:
    return _acts(words, draft, ends, starts) or _means(words, draft, starts)


def _acts(words: Sequence[Word], draft: Draft, ends: set[int], starts: set[int]) -> bool:
    """Whether the trigger is a verb with a party as its subject, and an object where it is not passive."""
    lexicon = _lexicon()
    verb = words[draft.first]
    if verb.stem not in lexicon.verbs and verb.stem not in lexicon.motion:
        return False
    if verb.joined or verb.lower.endswith("ing"):
        return False
    subject = draft.first - 1
    group: list[str] = []
    while subject > 0 and len(group) < _GROUP and _auxiliary(words[subject]):
        group.append(words[subject].lower)
        subject -= 1
    if subject < 0 or not _is_subject(words, subject, ends):
        return False
    if any(w in lexicon.be for w in group) or verb.stem in lexicon.ruin:
        return True
    return _object(words, draft.last, starts, lexicon.into if verb.stem in lexicon.motion else frozenset())


def _is_subject(words: Sequence[Word], at: int, ends: set[int]) -> bool:
    """Whether a party ends here, alone, before "which", or as the subject of an earlier verb that "and" joins to this one."""
    if words[at].end in ends or words[at].lower in ("nobody", "none"):
        return True
    if words[at].lower == "one":
        return at > 0 and words[at - 1].lower == "no"
    if words[at].lower in ("which", "who"):
        at -= 2 if at > 1 and words[at - 1].text == "," else 1
        return at >= 0 and words[at].end in ends
    if words[at].lower == "and":
        verbs = [i for i in range(max(1, at - 12), at) if words[i].stem in _lexicon().verbs]
        return any(words[i - 1].end in ends and not words[i].joined for i in verbs)
    return False


def _means(words: Sequence[Word], draft: Draft, starts: set[int]) -> bool:
    """Whether the trigger is a means that struck something, "Mortars hit the market", or relief that came somewhere."""
    lexicon = _lexicon()
    if draft.key in _VAGUE:
        return False  # "the attack killed 16" tells again of what has been told by its means
    at = draft.last + 1
    if at < len(words) and words[at].lower in _SITING:
        at = min(at + 2 + (at + 1 < len(words) and words[at + 1].lower == "the"), len(words))
    while at < len(words) and _auxiliary(words[at]):
        at += 1
    verbs = lexicon.relief if draft.type == "aid" else lexicon.hitting
    if at >= len(words) or words[at].stem not in verbs or words[at].lower.endswith("ing"):
        return False
    return _object(words, at, starts, lexicon.into)


def _auxiliary(word: Word) -> bool:
    return word.lower in _lexicon().auxiliaries or word.lower.endswith("ly")


def _object(words: Sequence[Word], verb: int, starts: set[int], prepositions: frozenset[str]) -> bool:
    """Whether a party, a place or another name begins soon after the verb, behind one of the prepositions if any are given."""
    for word in words[verb + 1 : verb + 1 + _OBJECT]:
        if not word.text[0].isalnum() or (word.lower in _lexicon().into and not prepositions):
            return False
        if word.start in starts or word.lower in _PRONOUNS or (word.text[0].isupper() and word.text[1:2].islower()):
            return True
    return False
