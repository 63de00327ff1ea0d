"""Attributions: who says what. Rules over the words of a paragraph: a cue, the speaker before or after it, the words it governs.

Follows the conventions of PolNeAR (Newell et al., LREC 2018): the source is the full noun phrase with its apposition, the
cue has its auxiliaries, the content keeps "that" and its quotation marks. Nesting gives ``via``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tadmor.model import Mention, Report
from tadmor.reading import attributions_content as content
from tadmor.reading import attributions_phrases as phrases
from tadmor.reading.attributions_after import after
from tadmor.reading.attributions_assembly import Draft, Said, assemble
from tadmor.reading.attributions_blocks import Block, blocks
from tadmor.reading.attributions_cues import Cue, cues
from tadmor.reading.attributions_sources import split_speakers
from tadmor.reading.cues import PREPOSITIONS, cue_lexicon
from tadmor.reading.cues import VERBS as FINITE
from tadmor.reading.text import Sentence

_INVERTING = frozenset(
    "said says added adds wrote writes reported reports explained noted notes asked recalled warned announced insisted stated "
    "tweeted declared continued argued replied responded stressed claimed acknowledged concluded confirmed".split()
)
# "I think" inside a quotation is the speaker's own manner of speaking, no second attribution
_OWN_VOICE = frozenset("i we you".split())
_QUOTING = frozenset("quoted quotes quote cited cites".split())
_SAYING = frozenset("saying telling stating".split())
# words on either side of a cue that are looked at: no sentence is longer, but text without full stops is
_REACH = 250
_ASIDE = frozenset("quoting citing".split())
_REDUCED = frozenset("believed thought suspected understood presumed alleged rumoured rumored feared said".split())
_FLOATED = frozenset("both each separately".split())
_REJECTING = ("reject", "dismiss", "refut", "disput", "rebut")
_ACCOUNTS = frozenset(
    "claim claims report reports allegation allegations accusation accusations suggestion suggestions charge charges rumours"
    " rumors statement statements".split()
)


def find(
    report: Report, sentences: Sequence[Sentence], mentions: Sequence[Mention], representative: Mapping[str, str]
) -> Said:
    """All attributions of the report in text order, ids a1, a2, ..."""
    drafts: list[Draft] = []
    last: Draft | None = None
    for block in blocks(report.text, sentences, mentions):
        found = in_block(block)
        if not found and last is not None and block.ws and _wholly_quoted(block):
            found = [Draft(block, None, None, [(0, len(block.ws) - 1)], True, last)]
        drafts += found
        speakers = [
            d
            for d in found
            if d.source is not None
            and d.speech
            and d.block is block
            and any(block.quote[k] for a, b in d.content for k in (a, b))
        ]
        last = speakers[-1] if speakers else (last if found and found[0].cue is None else None)
    return assemble(report.text, drafts, mentions, representative)


def _wholly_quoted(block: Block) -> bool:
    return block.opens(0) and len(block.ws) > 4 and sum(q is not None for q in block.quote) > 0.9 * len(block.ws)


def in_block(block: Block) -> list[Draft]:
    """The rules' drafts of one paragraph."""
    out: list[Draft] = []
    seen: dict[int, Draft] = {}
    barrier = -1
    for cue in cues(block):
        low, high = block.sentence[cue.head]
        previous = seen.get(low)
        opening, low, high = low, max(low, cue.head - _REACH), min(high, cue.head + _REACH)
        if cue.kind == "finite" and previous is not None and _told_again(previous, cue):
            continue
        drafts = _attribute(block, cue, low, high, previous, barrier)
        for draft in drafts:
            out.append(draft)
            if draft.source is not None and draft.cue is not None:
                seen[opening] = draft
                barrier = max(barrier, draft.cue[1])
    return out


def _told_again(previous: Draft, cue: Cue) -> bool:
    return previous.cue is not None and previous.cue[0] <= cue.first <= previous.cue[1]


def _attribute(block: Block, cue: Cue, low: int, high: int, previous: Draft | None, barrier: int) -> list[Draft]:
    quote = block.quote[cue.head]
    if quote is not None:
        low, high = max(low, quote[0] + 1), min(high, quote[1] - (1 if block.closes(quote[1]) else 0))
        if previous is not None and previous.cue is not None and not low <= previous.cue[0] <= high:
            previous = None
    if cue.kind == "phrase":
        return _by_phrase(block, cue, low, high)
    if cue.kind == "hedge":
        spans = content.around(block, cue.first, cue.last, low, high)
        return [Draft(block, None, (cue.first, cue.last), spans, False)] if spans else []
    if cue.kind == "passive" or (
        cue.kind == "finite" and cue.form.endswith("ed") and block.lower(cue.last + 1) == "by"
    ):
        if previous is not None and previous.outer is not None and previous.outer.cue == (cue.first, cue.last):
            return []  # "according to X quoted by Y" has been read whole
        return _passive(block, cue, low, high)
    if cue.kind == "participle":
        return _participle(block, cue, low, high, previous)
    return _finite(block, cue, low, high, previous, barrier)


def _by_phrase(block: Block, cue: Cue, low: int, high: int) -> list[Draft]:
    source = after(block, cue.last + 1, high, reduced=True)
    if source is None:
        return []
    spans = content.of_phrase(block, cue.first, source[1], low, high)
    told = _quoted_by(block, source)
    if told is not None and spans:
        inner, quoting, outlet = told
        outer = Draft(block, outlet, quoting, list(spans), True)
        return [outer, Draft(block, inner, (cue.first, cue.last), list(spans), True, outer)]
    if spans:
        speakers = split_speakers(block, source)
        return [Draft(block, s, (cue.first, cue.last), list(spans), True) for s in speakers]
    return [Draft(block, source, (cue.first, cue.last), spans, True)] if spans else []


def _quoted_by(
    block: Block, source: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]] | None:
    """The speaker, the cue and the outlet of "a spokesman quoted by the newspaper"."""
    for k in range(source[0] + 1, source[1] - 1):
        if block.lower(k) in ("quoted", "cited", "interviewed") and block.lower(k + 1) == "by":
            outlet = after(block, k + 2, source[1])
            return ((source[0], k - 1), (k, k), outlet) if outlet is not None else None
    return None


def _passive(block: Block, cue: Cue, low: int, high: int) -> list[Draft]:
    by = next((k for k in range(cue.last + 1, min(cue.last + 4, high)) if block.lower(k) == "by"), None)
    subject = phrases.before(block, cue.first - 1, low)
    if by is not None:
        source = after(block, by + 1, high)
        if source is None or subject is None:
            return []
        spans = [subject]
        rest = content.forward(block, source[1] + 1, high)
        if rest is not None and block.lower(rest[0]) in ("of", "that", "to", "as", "saying"):
            spans.append(rest)
        return [Draft(block, source, (cue.first, cue.last), spans, cue.speech)]
    if block.lower(cue.head) in ("quoted", "cited") and subject is not None:
        rest = content.forward(block, cue.last + 1, high)
        if rest is not None and block.lower(rest[0]) == "as":
            start = rest[0] + (2 if block.lower(rest[0] + 1) in _SAYING else 1)
            inner = content.forward(block, start, high)
            return [Draft(block, subject, (cue.first, cue.last), [inner], True)] if inner else []
    rest = content.forward(block, cue.last + 1, high)
    if subject is None or rest is None:
        return []
    document = _document_at_start(block, low, cue.first)
    if document is not None and block.lower(cue.head) in ("shown", "seen", "heard", "quoted", "described", "depicted"):
        return [Draft(block, document, (cue.first, cue.last), [subject, rest], True)]
    return [Draft(block, None, (cue.first, cue.last), [subject, rest], False)]


def _document_at_start(block: Block, low: int, end: int) -> tuple[int, int] | None:
    """The video or text that opens a sentence: "In a video by the agency, fighters were shown"."""
    if block.lower(low) != "in":
        return None
    comma = next((k for k in range(low + 1, min(end, low + 25)) if block.text(k) == ","), None)
    if comma is None or not any(block.lower(k) in cue_lexicon().documents for k in range(low + 1, min(comma, low + 7))):
        return None
    return low + 1, comma - 1


def _participle(block: Block, cue: Cue, low: int, high: int, previous: Draft | None) -> list[Draft]:
    if block.lower(cue.first - 1) == "as" and cue.form in _SAYING:
        return []  # "quoted as saying" belongs to its verb of quoting
    source: tuple[int, int] | None = None
    prev = block.text(cue.first - 1)
    if (
        prev
        and prev not in (",", "—", "–", "-", ";")
        and cue.first - 1 >= low
        and block.lower(cue.first - 1) not in ("by", "while", "and", "after", "in", "without", "before")
    ):
        source = phrases.before(block, cue.first - 1, low)
    if cue.form in _ASIDE:
        return _aside(block, cue, high, previous)
    if source is None and previous is not None and previous.source is not None and cue.first > previous.source[1]:
        source = previous.source
    if source is None:
        source = _subject(block, low, cue.first - 1)
    if source is None:
        return []
    span = content.governed(block, cue, high)
    return [Draft(block, source, (cue.first, cue.last), [span], cue.speech)] if span else []


def _aside(block: Block, cue: Cue, high: int, previous: Draft | None) -> list[Draft]:
    """Asides, "X, quoting Y, reported that ..." and "X said, citing Y": the words of Y inside those of X."""
    inner = after(block, cue.last + 1, high)
    if inner is None:
        return []
    if block.lower(inner[1] + 1) == "as" and block.lower(inner[1] + 2) in _SAYING:
        span = content.forward(block, inner[1] + 3, high)
        outer = previous
        return [Draft(block, inner, (cue.first, cue.last), [span], True, outer)] if span else []
    if previous is not None and previous.cue is not None and previous.cue[1] < cue.first and previous.content:
        return [Draft(block, inner, (cue.first, cue.last), list(previous.content), True, previous)]
    return []


def _subject(block: Block, low: int, end: int) -> tuple[int, int] | None:
    """The subject of the sentence so far: the noun phrase before its first finite verb, else its first actor or person."""
    lexicon = cue_lexicon()
    for k in range(low + 1, min(end, low + 40) + 1):
        w = block.ws[k]
        finite = w.lower in FINITE or w.lower in lexicon.always or (w.lower.endswith("ed") and not w.text[0].isupper())
        if finite and not w.lower.endswith("ing") and not block.is_mark(k) and block.quote[k] is None:
            first = k
            while first - 1 > low and (
                block.lower(first - 1) in lexicon.auxiliaries or block.lower(first - 1) in lexicon.adverbs
            ):
                first -= 1
            source = phrases.before(block, first - 1, low)
            if source is not None:
                return source
    for k in range(low, min(end, low + 40) + 1):
        mention = block.mention_from.get(k)
        if (
            mention is None
            or mention.type not in ("actor", "person")
            or (k > low and block.lower(k - 1) in PREPOSITIONS)
        ):
            continue
        last = k
        while last < end and block.ws[last].end < mention.end:
            last += 1
        return k, last
    return None


def _finite(block: Block, cue: Cue, low: int, high: int, previous: Draft | None, barrier: int) -> list[Draft]:
    reduced = cue.first == cue.head and cue.form in _REDUCED and block.lower(cue.last + 1) == "to"
    if reduced and block.lower(cue.last + 2) in ("be", "have"):
        return []  # "warplanes believed to be Russian": nobody named believes it
    inverted = _inverted(block, cue, low, high)
    if inverted is not None:
        spans = content.backward(block, cue.first - 1, low, barrier) + content.continuation(
            block, inverted[1] + 1, high
        )
        return (
            [Draft(block, s, (cue.first, cue.last), spans, cue.speech) for s in split_speakers(block, inverted)]
            if spans
            else []
        )
    source = None
    if block.lower(cue.first - 1) in ("and", "but", "then", "or"):
        told = previous is not None and previous.source is not None
        source = previous.source if previous is not None and told else _subject(block, low, cue.first - 2)
    aside_start = _quoting_before(block, cue, low)
    if aside_start is not None:
        source = phrases.before(block, aside_start - 2, low)
    if source is None:
        floated = block.lower(cue.first - 1) in _FLOATED and cue.first - 2 > low
        source = phrases.before(block, cue.first - (2 if floated else 1), low)
    if source is None and block.lower(cue.first - 1) in ("and", "but"):
        source = _subject(block, low, cue.first - 2)
    if (
        source is not None
        and previous is not None
        and previous.cue is not None
        and source[0] < previous.cue[0] < source[1]
    ):
        return []
    if source is None or (block.quote[cue.head] is not None and block.lower(source[1]) in _OWN_VOICE):
        return []
    if cue.form in _QUOTING and (quoted := _as_saying(block, cue, source, high)):
        return quoted
    span = content.governed(block, cue, high)
    backward = (
        content.backward(block, source[0] - 1, low, barrier)
        if content.points_back(block, cue, source, low, span)
        else []
    )
    if backward:
        spans = backward + content.continuation(block, cue.last + 1, high)
    else:
        spans = content.split_by_speaker(block, cue, source, low, barrier, span) if span else []
    if not spans:
        return []
    speech = cue.speech or _answers(block, cue, high)
    out = [Draft(block, s, (cue.first, cue.last), list(spans), speech) for s in split_speakers(block, source)]
    if aside_start is not None:
        inner = after(block, aside_start + 1, cue.first - 1)
        if inner is not None:
            out.append(Draft(block, inner, (aside_start, aside_start), list(spans), True, out[0]))
    return out


def _answers(block: Block, cue: Cue, high: int) -> bool:
    """Whether a verb of rejecting has an account as its object, "rejected claims that ...": that is a saying too."""
    if not cue.form.startswith(_REJECTING):
        return False
    near = [block.lower(k) for k in range(cue.last + 1, min(high, cue.last + 8) + 1)]
    return any(w in _ACCOUNTS and {"that", "of"} & set(near[i + 1 :]) for i, w in enumerate(near))


def _as_saying(block: Block, cue: Cue, source: tuple[int, int], high: int) -> list[Draft]:
    """An outlet and whom it quotes in "X quoted Y as saying that ...", Y's saying nested in X's."""
    inner = after(block, cue.last + 1, high)
    if inner is None or block.lower(inner[1] + 1) != "as" or block.lower(inner[1] + 2) not in _SAYING:
        return []
    span = content.forward(block, inner[1] + 3, high)
    if span is None:
        return []
    outer = Draft(block, source, (cue.first, cue.last), [span], True)
    return [outer, Draft(block, inner, (inner[1] + 2, inner[1] + 2), [span], True, outer)]


def _quoting_before(block: Block, cue: Cue, low: int) -> int | None:
    """The word "quoting" in "X, quoting Y, reported", with the cue after the second comma."""
    if block.text(cue.first - 1) != ",":
        return None
    for k in range(cue.first - 2, max(low, cue.first - 30), -1):
        if block.lower(k) in _ASIDE and block.text(k - 1) == ",":
            return k
    return None


def _inverted(block: Block, cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    """The speaker after the cue in '"...," said X'."""
    if block.lower(cue.head) not in _INVERTING or cue.first != cue.head:
        return None
    if block.bare and not block.closes(cue.first - 1):
        return _inverted_bare(block, cue, low, high)
    before = cue.first - 1
    if before < low and not (before >= 0 and block.closes(before)):
        return None
    quoted = block.closes(before) or (block.text(before) in (",", "—", "–", "-") and block.closes(before - 1))
    if not quoted and block.text(before) != ",":
        return None
    source = after(block, cue.last + 1, high)
    if source is None:
        return None
    if block.ws[source[0]].lower in ("that", "it", "there"):
        return None
    if not quoted:
        stop = block.text(source[1] + 1)
        if not (source[1] >= high - 1 or (stop in (".", ",") and source[1] >= high - 8)) or low == before:
            return None
        if phrases.before(block, before, low) is not None and not content.is_clause(block, low, before - 1):
            return None
    return source


def _inverted_bare(block: Block, cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    """The speaker after the cue where commas are gone: "Shelling killed ten said the monitor"."""
    source = after(block, cue.last + 1, high)
    mention = block.mention_from.get(cue.last + 1)
    if (
        source is None
        or mention is None
        or mention.type not in ("actor", "person")
        or not content.is_clause(block, low, cue.first - 1)
    ):
        return None
    tail = [w.lower for w in block.ws[source[1] + 1 : high + 1]]
    settled = (
        not tail
        or tail[0] in (".", "in", "on", "which", "who", "adding", "citing")
        or content.is_day(block, source[1] + 1)
    )
    return source if settled else None
