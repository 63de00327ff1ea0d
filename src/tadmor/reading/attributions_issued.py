"""Communiqués: a report that is itself somebody's statement, whose every sentence is the issuer's word.

"Statement by the Ministry of Defence", "Evening update of the General Staff", "Southern Command, communiqué no. 4": the
headline, or an opening such as "The Command announces the following", says whose statement the report is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadmor.model import Attribution, Mention, Report, Source, Span
from tadmor.reading.cues import mention_lexicon
from tadmor.reading.text import Sentence

_KIND = (
    r"(?:(?:joint|official|press|military|daily|morning|evening|weekly|operational|situation|final|war)\s+)*"
    r"(?:statement|communiqu[eé]|bulletin|press release|news release|update|situation report|declaration)"
)
_OF = re.compile(
    rf"\W*(?P<cue>{_KIND})s?(?:\s+(?:no|number|nr)\W*\d+)?(?:\s+issued|\s+released)?\s+(?:of|by|from)\s+", re.IGNORECASE
)
_BEHIND = re.compile(
    rf"(?:(?:['’]s)?\s*[,:–—-]\s*(?P<cue>{_KIND})\b|(?:['’]s)?\s+(?P<near>{_KIND})\b(?!\s+(?:on|that|says|said)))",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\W*(?P<cue>(?:press\s+|official\s+)?(?:statement|communiqu[eé]|press release))\s*[:–—-]", re.IGNORECASE
)
_OPENING = re.compile(
    r"\s+(?:has\s+)?(?P<cue>announce[sd]?|issued|declare[sd]?|state[sd]?)\s+(?:the\s+following|this\s+statement)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:the\s+)?(?:[A-Z][\w’'-]*(?:\s+(?:of|for|and|of the)(?=\s+[A-Z]))?\s+){0,6}[A-Z][\w’'-]*")
_OFFICES = frozenset("Staff Headquarters Governorate Presidency Spokesman Spokesperson".split())
_LEAD = 3  # sentences in which an opening may stand
_SUBJECT = 8  # code points that may stand before the subject of a sentence


def issued(report: Report, sentences: Sequence[Sentence], mentions: Sequence[Mention], name: str) -> Attribution | None:
    """The attribution of a communiqué's whole body to its issuer, with the id ``name``; None when the report is none."""
    if not sentences:
        return None
    head, rest = (sentences[0], sentences[1:]) if _is_headline(report, sentences[0]) else (None, sentences)
    if not rest:
        return None
    bodies = [m for m in mentions if m.type == "actor"]
    found = _in_headline(report, head, rest[0], bodies) if head is not None else None
    found = found or _in_opening(report, rest[:_LEAD], bodies)
    if found is None:
        return None
    source, cue = found
    start, end = rest[0].start, rest[-1].end
    content = Span(start, end, report.text[start:end])
    return Attribution(name, source, cue, (content,))


def _is_headline(report: Report, sentence: Sentence) -> bool:
    passages = report.passages
    return bool(passages) and passages[sentence.passage].kind == "headline"


def _in_headline(
    report: Report, head: Sentence, first: Sentence, bodies: Sequence[Mention]
) -> tuple[Source, Span] | None:
    text = report.text
    of = _OF.match(text, head.start, head.end)
    if of:
        source = _body_at(text, of.end(), head.end, bodies)
        return (source, _span(text, of)) if source is not None else None
    for m in bodies:
        if m.start - head.start <= _SUBJECT and m.end < head.end and (behind := _BEHIND.match(text, m.end, head.end)):
            return _source(text, m.start, m.end, m), _span(text, behind)
    named = _named(text, head.start, head.end)
    if named and (behind := _BEHIND.match(text, named.end(), head.end)):
        return _source(text, named.start(), named.end(), None), _span(text, behind)
    alone = _ALONE.match(text, head.start, head.end)
    if alone:
        subject = next((m for m in bodies if first.start <= m.start <= first.start + _SUBJECT), None)
        return (_source(text, subject.start, subject.end, subject), _span(text, alone)) if subject is not None else None
    return None


def _in_opening(report: Report, lead: Sequence[Sentence], bodies: Sequence[Mention]) -> tuple[Source, Span] | None:
    text = report.text
    for sentence in lead:
        for m in bodies:
            if sentence.start <= m.start <= sentence.start + _SUBJECT and (
                said := _OPENING.match(text, m.end, sentence.end)
            ):
                return _source(text, m.start, m.end, m), _span(text, said)
    return None


def _body_at(text: str, start: int, end: int, bodies: Sequence[Mention]) -> Source | None:
    """The body that is named at an offset, as the mention has it or else by its capitals."""
    near = max(
        (m for m in bodies if start - 4 <= m.start <= start + 4 and m.end <= end), key=lambda m: m.end, default=None
    )
    if near is not None:
        return _source(text, near.start, near.end, near)
    named = _named(text, start, end)
    return _source(text, named.start(), named.end(), None) if named else None


def _named(text: str, start: int, end: int) -> re.Match[str] | None:
    """A name in capitals that is a body's: places and persons have updates written about them."""
    named = _NAME.match(text, start, end)
    heads = mention_lexicon().organisation_heads
    return named if named and any(w.lower() in heads or w in _OFFICES for w in named[0].split()) else None


def _source(text: str, start: int, end: int, mention: Mention | None) -> Source:
    return Source(start, end, text[start:end], text[start:end], mention.id if mention is not None else None)


def _span(text: str, match: re.Match[str]) -> Span:
    start, end = match.span("cue" if match["cue"] else "near")
    return Span(start, end, text[start:end])
