"""Parts: a report cut so that each piece fits the model's context with its answer, at sentences, with some overlap.

Each part opens with the head of the report, so that the model knows what it is about; and with the last sentences of the
part before it, so that a claim at the cut is whole in one of the two. What is read twice is one claim in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadmor.model import Report
from tadmor.reading.text import Sentence

Pair = tuple[int, int]

ANSWER = 3.0  # tokens of the answer for each token of text: a dense report has a claim in every ten words
FORM = 1200  # tokens that the schema of the answer takes, where a server puts it into the prompt
SMALLEST = 120  # tokens: a part is not halved below this
_OVERLAP = 2  # sentences
_LATIN, _OTHER = 3.6, 1.8  # characters to a token, on the safe side for the tokenizers of today's models


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are read together; ``areas`` are their spans in the report, ``text`` what the model is shown."""

    sentences: tuple[Sentence, ...]
    head: tuple[Sentence, ...]
    text: str
    areas: tuple[Pair, ...]

    @property
    def tokens(self) -> int:
        """About how many tokens the text takes."""
        return tokens(self.text)


def tokens(text: str) -> int:
    """About how many tokens a text takes: an estimate that errs upward."""
    latin = sum(c < "\u0250" for c in text)
    return int(latin / _LATIN + (len(text) - latin) / _OTHER) + 1


def room(context: int, instructions: int) -> int:
    """Tokens of text that a part may have, so that the instructions, the schema, the text and the answer fit the context."""
    return max(SMALLEST, int((context - instructions - FORM) / (1 + ANSWER)))


def most_answer(text_tokens: int) -> int:
    """The longest answer that is asked for, in tokens; a short text, too, may hold a claim or two."""
    return int(ANSWER * text_tokens) + 600


def parts(report: Report, sentences: Sequence[Sentence], most: int) -> list[Part]:
    """The report in parts of at most ``most`` tokens each; passages that repeat another are read once, and left out."""
    told = [
        piece
        for s in sentences
        if not (report.passages and report.passages[s.passage].repeats is not None)
        for piece in _pieces(s, most // 2)
    ]
    if not told:
        return []
    if tokens(_shown(report.text, told)[0]) <= most:
        return [_part(report.text, told, ())]
    head = _head(told, most // 5)
    free = most - sum(tokens(s.text) for s in head)
    out: list[Part] = []
    group: list[Sentence] = []
    used = 0
    for sentence in told:
        cost = tokens(sentence.text)
        if group and used + cost > free:
            out.append(_part(report.text, group, head if out else ()))
            group = _carried(group, free - cost)
            used = sum(tokens(s.text) for s in group)
        group.append(sentence)
        used += cost
    out.append(_part(report.text, group, head if out else ()))
    return out


def halves(report: Report, part: Part) -> list[Part]:
    """The part as two with some overlap, for an answer that did not fit; the part alone where it cannot be halved."""
    told = part.sentences
    if len(told) < 2 or sum(tokens(s.text) for s in told) < 2 * SMALLEST:
        return [part]
    whole = sum(len(s.text) for s in told)
    cut, seen = 1, len(told[0].text)
    while cut < len(told) - 1 and seen < whole / 2:
        seen += len(told[cut].text)
        cut += 1
    lead = max(0, cut - 1) if cut < len(told) - 1 else cut
    return [_part(report.text, told[:cut], part.head), _part(report.text, told[lead:], part.head)]


def _head(told: Sequence[Sentence], most: int) -> tuple[Sentence, ...]:
    """The first sentences of the report, as many as fit."""
    out: list[Sentence] = []
    for sentence in told[:3]:
        most -= tokens(sentence.text)
        if most < 0:
            break
        out.append(sentence)
    return tuple(out)


def _carried(group: Sequence[Sentence], free: int) -> list[Sentence]:
    """The last sentences of a part that the next one opens with, where they leave it room."""
    out: list[Sentence] = []
    for sentence in reversed(group[1:][-_OVERLAP:]):
        free -= tokens(sentence.text)
        if free < 0:
            break
        out.insert(0, sentence)
    return out


def _part(text: str, sentences: Sequence[Sentence], head: Sequence[Sentence]) -> Part:
    first = sentences[0].start
    opening = tuple(s for s in head if s.end <= first)
    shown, areas = _shown(text, sentences)
    if opening:
        before, more = _shown(text, opening)
        shown, areas = f"{before}\n\n[...]\n\n{shown}", (*more, *areas)
    return Part(tuple(sentences), opening, shown, areas)


def _shown(text: str, sentences: Sequence[Sentence]) -> tuple[str, tuple[Pair, ...]]:
    """What the model sees of the sentences, those of one passage in the report's own words from first to last."""
    areas: list[Pair] = []
    last = -1
    for s in sentences:
        if areas and s.passage == last and s.start >= areas[-1][0]:
            areas[-1] = (areas[-1][0], max(areas[-1][1], s.end))
        else:
            areas.append((s.start, s.end))
        last = s.passage
    return "\n\n".join(text[a:b] for a, b in areas), tuple(areas)


def _pieces(sentence: Sentence, most: int) -> Iterator[Sentence]:
    """The sentence, or pieces of it where it is too long to be one: a table, or text without full stops.

    A single word that is too long, encoded data as a rule, is left out.
    """
    if tokens(sentence.text) <= most:
        yield sentence
        return
    words = sentence.tokens
    begin, used = 0, 0.0
    for i, word in enumerate(words):
        cost = tokens(word.text)
        if used + cost > most and i > begin:
            yield _piece(sentence, begin, i)
            begin, used = i, 0.0
        if cost > most:
            begin, used = i + 1, 0.0
            continue
        used += cost
    if begin < len(words):
        yield _piece(sentence, begin, len(words))


def _piece(sentence: Sentence, begin: int, stop: int) -> Sentence:
    words = sentence.tokens[begin:stop]
    start, end = words[0].start, words[-1].end
    return Sentence(start, end, sentence.text[start - sentence.start : end - sentence.start], sentence.passage, words)
