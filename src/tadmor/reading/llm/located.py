"""Claims of the model located in the report: their quotes as spans, told again by another part merged; the rest counted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tadmor.model import Span
from tadmor.reading.clauses import LONGEST
from tadmor.reading.llm.answer import ToldClaim, ToldCount
from tadmor.reading.llm.parts import Part
from tadmor.reading.llm.quotes import Pair, Verbatim, inside, key, spaced
from tadmor.reading.text import Sentence, tokens
from tadmor.reading.words import stem

_NEAR = 200  # earlier claims that a claim is compared with
_COMMON = 0.6  # share of the fewer telling words that a claim told again has in common with the first telling
_SHORTEST = 2  # words of a clause
_SHORTEST_UNPARTED = 6  # characters of a clause in a script that does not part its words
UNSURE = 0.5  # the score of a claim of which the model does not say how likely it is


@dataclass(frozen=True, slots=True)
class Located:
    """A claim with its clause, the other clauses that state it and its trigger as spans of the report; names are still words.

    ``part`` is where the part that it comes from begins: what two parts tell may be one claim.
    """

    type: str
    certainty: str
    clause: Pair
    also: tuple[Pair, ...]
    trigger: Pair | None
    sources: tuple[tuple[str, ...], ...]
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    places: tuple[str, ...]
    date: str | None
    counts: tuple[ToldCount, ...]
    score: float
    part: int = 0

    @property
    def clauses(self) -> tuple[Pair, ...]:
        """All clauses, the main one first."""
        return (self.clause, *self.also)


def locate(
    claims: Iterable[ToldClaim], part: Part, verbatim: Verbatim, sentences: Sequence[Sentence], left: Counter[str]
) -> list[Located]:
    """The claims of a part whose quotes stand in it word for word; ``left`` counts what is dropped, by reason."""
    out: list[Located] = []
    after = 0
    for told in claims:
        places = verbatim.find(told.quote)
        found = [c for p in places if inside(p, part.areas) and (c := _within(p, sentences)) is not None]
        if not found:
            left["a quote that is not in the text" if not places else "a quote that is no clause"] += 1
            continue
        # claims come in the order of the text, so that of several places the next one is meant
        clause = next((p for p in found if p[0] >= after), found[0])
        after = clause[0]
        also: list[Pair] = []
        for quote in told.also:
            again = [p for p in (_within(p, sentences) for p in verbatim.find(quote) if inside(p, part.areas)) if p]
            fresh = [p for p in again if not any(_share(p, q) for q in (clause, *also))]
            if fresh:
                also.append(fresh[0])
            elif not again:
                left["a further quote that is not in the text"] += 1
        out.append(
            Located(
                type=told.type,
                certainty=told.certainty,
                clause=clause,
                also=tuple(also),
                trigger=_trigger(told.trigger, clause, verbatim),
                sources=tuple(tuple(chain) for chain in told.sources),
                actors=tuple(told.actors),
                targets=tuple(told.targets),
                places=tuple(told.places),
                date=told.date,
                counts=tuple(told.counts),
                score=_score(told.confidence),
                part=part.areas[-1][0],
            )
        )
    return out


def merged(claims: Iterable[Located], text: str) -> list[Located]:
    """The claims in text order, those that are told twice as one: clauses of one type that overlap, or say the same words.

    Of what the model read apart, in two parts of a long report, it cannot know that it is the same: there, claims of one
    type are one when they agree in who, where, when and how many, and share most of their words.
    """
    out: list[Located] = []
    by_words: dict[tuple[str, bool, tuple[str, ...]], int] = {}
    for claim in sorted(claims, key=lambda c: (c.clause, c.type)):
        word_key = (claim.type, claim.certainty == "denied", _words(text, claim.clause))
        at = next(
            (
                i
                for i in range(len(out) - 1, max(-1, len(out) - _NEAR), -1)
                if _one(out[i], claim) or _retold(out[i], claim, text)
            ),
            by_words.get(word_key),
        )
        if at is None:
            by_words.setdefault(word_key, len(out))
            out.append(claim)
        else:
            out[at] = _joined(out[at], claim)
    return sorted(out, key=lambda c: (min(c.clauses), c.type))


def spans(text: str, pairs: Iterable[Pair]) -> tuple[Span, ...]:
    """Spans of the report's text."""
    return tuple(Span(a, b, text[a:b]) for a, b in pairs)


def _within(span: Pair, sentences: Sequence[Sentence]) -> Pair | None:
    """The span as a clause may be: of two sentences and 420 characters at most, and of two words at least.

    A longer quote keeps the sentences that fit from its beginning; what crosses from one passage into another is no clause.
    """
    start, end = span
    held = [s for s in sentences if s.start < end and start < s.end]
    if not held or len({s.passage for s in held}) > 1:
        return None
    stop = min(end, held[:2][-1].end)
    if stop - start > LONGEST:
        stop = min(stop, held[0].end)
    words = [t for s in held[:2] for t in s.tokens if start <= t.start and t.end <= stop and t.text[0].isalnum()]
    if len(words) < _SHORTEST and not (words and stop - start >= _SHORTEST_UNPARTED and not spaced(words[0].text)):
        return None
    if stop - start > LONGEST:
        stop = max((w.end for w in words if w.end - start <= LONGEST), default=start + LONGEST)
    return start, stop


def _trigger(quote: str | None, clause: Pair, verbatim: Verbatim) -> Pair | None:
    if not quote:
        return None
    return next((p for p in verbatim.find(quote) if inside(p, (clause,))), None)


def _score(confidence: float | None) -> float:
    """What the model says of its certainty as a score, never quite 0 or 1; it is the model's word, not calibrated."""
    if confidence is None or not math.isfinite(confidence):
        return UNSURE
    value = confidence / 100 if 1 < confidence <= 100 else confidence
    return round(min(max(value, 0.01), 0.99), 2)


def _one(a: Located, b: Located) -> bool:
    """Whether two claims of the model are one that was told twice, by two parts or by a model that repeats itself."""
    if a.type != b.type or (a.certainty == "denied") != (b.certainty == "denied"):
        return False
    # another speaker, or another number, makes another claim, though the words are the same
    if a.clause != b.clause and not _share(a.clause, b.clause):
        return False
    return a.targets == b.targets or not a.targets or not b.targets or a.clause == b.clause


def _retold(a: Located, b: Located, text: str) -> bool:
    """Whether two claims of different parts tell the same thing."""
    if a.part == b.part or a.type != b.type or (a.certainty == "denied") != (b.certainty == "denied"):
        return False
    for one, other in ((a.actors, b.actors), (a.targets, b.targets), (a.places, b.places), (_said(a), _said(b))):
        if one and other and not set(map(key, one)) & set(map(key, other)):
            return False
    if a.date and b.date and a.date != b.date:
        return False
    first, second = _telling(text, a.clause), _telling(text, b.clause)
    numbers = [{w for w in words if w[0].isdigit()} for words in (first, second)]
    if numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        return False
    fewer = min(len(first), len(second))
    return fewer > 1 and len(first & second) >= _COMMON * fewer


def _said(claim: Located) -> tuple[str, ...]:
    return tuple(chain[-1] for chain in claim.sources if chain)


def _telling(text: str, clause: Pair) -> set[str]:
    """Stems of the words of a clause that tell something: those of four letters or more, capitals and numbers."""
    words = [t for t in tokens(text, *clause) if t.text[0].isalnum()]
    return {stem(t.text) for t in words if len(t.text) > 3 or t.text[0].isupper() or t.text[0].isdigit()}


def _share(a: Pair, b: Pair) -> bool:
    """Whether two spans overlap by more than half of the shorter."""
    common = min(a[1], b[1]) - max(a[0], b[0])
    return common > 0.5 * min(a[1] - a[0], b[1] - b[0])


def _joined(a: Located, b: Located) -> Located:
    """One claim of two: the longer clause leads, and what only one of the two knows is kept."""
    if b.clause[1] - b.clause[0] > a.clause[1] - a.clause[0]:
        a, b = b, a
    also = list(a.also)
    for pair in b.clauses:
        if not any(_share(pair, q) for q in (a.clause, *also)):
            also.append(pair)
    return replace(
        a,
        also=tuple(sorted(also)),
        trigger=a.trigger or b.trigger,
        sources=a.sources or b.sources,
        actors=a.actors or b.actors,
        targets=a.targets or b.targets,
        places=a.places or b.places,
        date=a.date or b.date,
        counts=a.counts or b.counts,
        score=max(a.score, b.score),
    )


def _words(text: str, clause: Pair) -> tuple[str, ...]:
    return tuple(t.lower for t in tokens(text, *clause) if t.text[0].isalnum())
