"""Attributions by the network: its cues and what they link; the rules' findings where only rules can say.

The rules of ``tadmor.reading.attributions`` still do what needs no learning: names of sources, bare hedges, paragraphs
that go on quoting the speaker before them, two speakers of one cue, and what counts as an account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tadmor.model import Mention, Report
from tadmor.reading import attributions as rules
from tadmor.reading.attributions_assembly import Draft, Said, assemble
from tadmor.reading.attributions_blocks import Block, blocks
from tadmor.reading.attributions_sources import split_speakers
from tadmor.reading.cues import cue_lexicon
from tadmor.reading.embedded.links import Linked, Links, Pair
from tadmor.reading.embedded.session import Encoded
from tadmor.reading.text import Sentence

_FEWEST = 4  # words of a paragraph that goes on quoting


def find(
    report: Report,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    representative: Mapping[str, str],
    encoded: Encoded,
    links: Links,
) -> Said:
    """All attributions of the report in text order, ids a1, a2, ...; an attribution inside another's content names it ``via``."""
    drafts: list[Draft] = []
    speaker: Draft | None = None
    for block in blocks(report.text, sentences, mentions):
        found = _in_block(block, encoded, links)
        if not found and speaker is not None and len(block.ws) > _FEWEST and _wholly_quoted(block):
            found = [Draft(block, None, None, [(0, len(block.ws) - 1)], True, speaker)]
        drafts += found
        quoting = [d for d in found if d.source is not None and d.speech and _quotes(d)]
        speaker = quoting[-1] if quoting else (speaker if found and found[0].cue is None else None)
    return assemble(report.text, drafts, mentions, representative)


def _in_block(block: Block, encoded: Encoded, links: Links) -> list[Draft]:
    told = rules.in_block(block)
    if block.bare:
        return told  # no text that the network learnt from is without commas
    out = _asides(told)
    for linked in links.link(block, encoded, told):
        if _free(linked.cue, out):
            own = [d for d in told if d.cue is not None and d.cue[0] <= linked.cue[1] and linked.cue[0] <= d.cue[1]]
            out += _drafts(block, linked, own)
    sure = [d for d in told if d.cue is not None and (d.source is None or _by_phrase(d)) and _free(d.cue, out)]
    return out + sure


def _asides(told: Sequence[Draft]) -> list[Draft]:
    """The rules' asides, "X, quoting Y, reported", with both of their speakers: the form itself nests them."""
    inner = [d for d in told if d.outer is not None and d.cue is not None]
    linked = {id(d) for i in inner for d in (i, i.outer)}
    return [d for d in told if id(d) in linked]


def _by_phrase(draft: Draft) -> bool:
    """Whether the cue is a phrase such as "according to", of which the rules are sure."""
    return draft.cue is not None and draft.block.lower(draft.cue[0]) in {p[0] for p in cue_lexicon().phrases}


def _drafts(block: Block, linked: Linked, own: Sequence[Draft]) -> list[Draft]:
    """What one cue links, a draft for each of its speakers; ``own`` are the rules' drafts of the same cue."""
    if linked.content is None:
        return []
    content = _content(block, linked)
    speech = any(d.speech for d in own) if own else _account(block, linked.cue)
    if linked.source is None:
        return [Draft(block, None, linked.cue, content, False)]
    speakers = [d.source for d in own if d.source is not None and d.outer is None]
    if len(speakers) < 2 or not any(a <= linked.source[1] and linked.source[0] <= b for a, b in speakers):
        speakers = split_speakers(block, linked.source)
    return [Draft(block, s, linked.cue, content, speech) for s in speakers]


def _content(block: Block, linked: Linked) -> list[Pair]:
    """The content with its quotation marks, without the cue and the source where they stand inside it."""
    first, last = linked.content or linked.cue
    if block.opens(first - 1):
        first -= 1
    if block.closes(last + 1):
        last += 1
    elif block.text(last + 1) in (",", ".", "!", "?") and block.closes(last + 2):
        last += 2
    inner = [p for p in (linked.source, linked.cue) if p is not None and first < p[0] and p[1] < last]
    if not inner:
        return [(first, last)]
    a, b = min(p[0] for p in inner), max(p[1] for p in inner)
    while a - 1 > first and block.text(a - 1) in (",", "—", "–", "-"):
        a -= 1
    while b + 1 < last and block.text(b + 1) in (",", ".", "—", "–", "-"):
        b += 1
    return [(first, a - 1), (b + 1, last)]


def _account(block: Block, cue: Pair) -> bool:
    """Whether a cue that the rules do not know reports an account, as against an attitude."""
    words = {block.lower(k) for k in range(cue[0], cue[1] + 1)}
    return not words & (cue_lexicon().attitude | cue_lexicon().hedges)


def _free(cue: Pair, drafts: Sequence[Draft]) -> bool:
    return all(d.cue is None or cue[1] < d.cue[0] or d.cue[1] < cue[0] for d in drafts)


def _wholly_quoted(block: Block) -> bool:
    return block.opens(0) and sum(q is not None for q in block.quote) > 0.9 * len(block.ws)


def _quotes(draft: Draft) -> bool:
    return any(draft.block.quote[k] is not None for a, b in draft.content for k in (a, b))
