"""Drafts: clauses that state a claim of a type, before anybody is linked to them and before repeats are merged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tadmor.model import Mention, Report
from tadmor.reading import clauses, triggers
from tadmor.reading.text import Sentence
from tadmor.reading.words import Word, words_of

_MOST_TOKENS = 150
_PLAIN = frozenset(
    "the a an of in on at to by for from with and or that as be have it they he she we his her their its this these which who"
    " not no more than also after before while when where into over".split()
)


@dataclass(frozen=True)  # without slots: what is asked for again is worked out once
class Line:
    """A sentence as the claim rules see it: its index, where it stands ("headline", "first", "body"), its words."""

    index: int
    place: str
    sentence: Sentence
    words: tuple[Word, ...]

    @cached_property
    def candidates(self) -> list[triggers.Candidate]:
        """Every match of the lexicon in the sentence with its probability."""
        return triggers.candidates(self.words, self.place)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts in the report."""
        return [w.start for w in self.words]

    def word_at(self, offset: int) -> int:
        """Index of the word at an offset of the report, or of the last one before it; -1 where none is."""
        return bisect_right(self.starts, offset) - 1


@dataclass(frozen=True)  # without slots, as Line
class Draft:
    """A clause that states a claim: words ``low`` to ``high`` (exclusive), trigger ``first`` to ``last`` (inclusive).

    ``event`` is how much the trigger looks like the word that tells an event, as log-odds, where the reader knows.
    """

    type: str
    line: Line
    low: int
    high: int
    first: int
    last: int
    key: str
    score: float
    event: float = 0.0

    def scored(self, score: float) -> Draft:
        """The draft with another score; ``replace`` takes three times as long."""
        return Draft(self.type, self.line, self.low, self.high, self.first, self.last, self.key, score, self.event)

    @cached_property
    def start(self) -> int:
        """Offset of the clause in the report."""
        return self.line.words[self.low].start

    @cached_property
    def end(self) -> int:
        """Offset after the clause."""
        return self.line.words[self.high - 1].end

    def covers(self, mention: Mention) -> bool:
        """Whether a mention stands in the clause."""
        return self.start <= mention.start and mention.end <= self.end

    def gap(self, mention: Mention) -> int:
        """Code points between a mention and the trigger; 0 where they touch."""
        words = self.line.words
        return max(words[self.first].start - mention.end, mention.start - words[self.last].end, 0)

    def led_by(self, some: frozenset[str]) -> bool:
        """Whether one of these words (small letters) stands in the two places before the trigger."""
        return any(w.lower in some for w in self.line.words[max(0, self.first - 2) : self.first])

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of the clause's telling words."""
        return frozenset(
            w.stem for w in self.line.words[self.low : self.high] if w.text[0].isalnum() and w.lower not in _PLAIN
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Words of the clause that begin with a capital, in lower case."""
        return frozenset(
            w.stem
            for w in self.line.words[self.low : self.high]
            if w.text[0].isupper() and w.lower not in _PLAIN and len(w.text) > 1
        )

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numerals of the clause."""
        return frozenset(w.text for w in self.line.words[self.low : self.high] if w.text[0].isdigit())


def lines(report: Report, sentences: Sequence[Sentence]) -> list[Line]:
    """The report's sentences as lines, those of repeated passages left out."""
    out: list[Line] = []
    for i, (sentence, place) in enumerate(zip(sentences, triggers.positions(report, sentences), strict=True)):
        if report.passages and report.passages[sentence.passage].repeats is not None:
            continue
        out.extend(Line(i, place, piece, words) for piece in _pieces(sentence) if (words := words_of(piece.tokens)))
    return out


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence, or pieces of it when it is too long to be one (a table or a list without stops)."""
    if len(sentence.tokens) <= _MOST_TOKENS:
        yield sentence
        return
    for i in range(0, len(sentence.tokens), _MOST_TOKENS):
        part = sentence.tokens[i : i + _MOST_TOKENS]
        start, end = part[0].start, part[-1].end
        text = sentence.text[start - sentence.start : end - sentence.start]
        yield Sentence(start, end, text, sentence.passage, part)


def drafts(line: Line, lowest: float) -> list[Draft]:
    """What the line may state with at least probability ``lowest``: a draft for each type and clause, in text order."""
    best: dict[tuple[str, int, int], Draft] = {}
    words = line.words
    for c in line.candidates:
        if c.score < lowest:
            continue
        if words[c.last].joined and c.type in ("territory_held", "siege"):
            low, high = clauses.epithet(words, c.first, c.last)
        else:
            low, high = clauses.around(words, c.first, c.last)
        low, high = _shorten(words, low, high, c.first, c.last)
        draft = Draft(c.type, line, low, high, c.first, c.last, c.key, c.score)
        known = best.get((c.type, low, high))
        if known is None or draft.score > known.score:
            best[(c.type, low, high)] = draft
    return sorted(_drop_nested(list(best.values())), key=lambda d: (d.start, d.end, d.type))


def _drop_nested(found: list[Draft]) -> list[Draft]:
    """Of two clauses of one type that overlap by more than half of the shorter, the likelier stays."""
    kept: list[Draft] = []
    for draft in sorted(found, key=lambda d: (-d.score, d.start, d.end, d.type)):
        if not any(k.type == draft.type and share(k, draft) > 0.5 for k in kept):
            kept.append(draft)
    return kept


def common(a: Draft, b: Draft) -> int:
    """How many words two clauses of one line have in common; below 0 where they lie apart."""
    return min(a.high, b.high) - max(a.low, b.low)


def share(a: Draft, b: Draft) -> float:
    """How much of the shorter of two clauses of one line the other has too, in words; below 0 where they lie apart."""
    return common(a, b) / min(a.high - a.low, b.high - b.low)


def _shorten(words: Sequence[Word], low: int, high: int, first: int, last: int) -> tuple[int, int]:
    """Keep the clause within the longest length that the record format allows, around its trigger."""
    while high - 1 > last and words[high - 1].end - words[low].start > clauses.LONGEST:
        high -= 1
    while low < first and words[high - 1].end - words[low].start > clauses.LONGEST:
        low += 1
    return low, high
