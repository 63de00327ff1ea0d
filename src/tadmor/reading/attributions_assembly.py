"""From drafts in words to attributions in spans: order, ids, nesting, the names of their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tadmor.model import Attribution, Mention, Span
from tadmor.reading.attributions_blocks import Block
from tadmor.reading.attributions_names import Known
from tadmor.reading.attributions_sources import Heard, Speaker, nameable, speaking_part
from tadmor.reading.cues import cue_lexicon

_DEEPEST = 6  # attributions in one another: text that goes deeper has lost its full stops


@dataclass(frozen=True, slots=True)
class Said:
    """The attributions of a report; ``speech`` are the ids of those that report an account (not an attitude or a hedge)."""

    attributions: tuple[Attribution, ...]
    speech: frozenset[str]


@dataclass(slots=True)
class Draft:
    """An attribution in words of its block, before spans and ids. ``outer`` is the draft that it is nested in."""

    block: Block
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    content: list[tuple[int, int]]
    speech: bool
    outer: Draft | None = None


def assemble(
    text: str, drafts: Sequence[Draft], mentions: Sequence[Mention], representative: Mapping[str, str]
) -> Said:
    """The attributions of all drafts in text order, an outer one before what is nested in it."""
    drafts = [d for d in drafts if d.content]
    for d in drafts:
        d.source = speaking_part(d.block, d.source) if d.source is not None else None
    _nest(sorted(drafts, key=lambda d: (_extent(d), d.source is None)))
    drafts.sort(key=lambda d: (_extent(d)[0], d.outer is not None, d.block.ws[d.cue[0]].start if d.cue else -1))
    ids = {id(d): f"a{i}" for i, d in enumerate(drafts, 1)}
    out = []
    speech = set()
    last_speaker: dict[int, Speaker] = {}
    known = Known(text, mentions, representative)
    speakers = [nameable(text, d.block, d.source, representative) if d.source is not None else None for d in drafts]
    for speaker in speakers:
        if speaker is not None and not speaker.source.anonymous:
            known.learn(speaker.source.name)
    heard = Heard(known)
    for d, speaker in zip(drafts, speakers, strict=True):
        name = ids[id(d)]
        if speaker is not None:
            speaker = heard.named(speaker, d.speech)
        if d.source is None and d.cue is None and d.outer is not None:
            speaker = last_speaker.get(id(d.outer)) or (
                nameable(text, d.outer.block, d.outer.source, representative) if d.outer.source is not None else None
            )
        if speaker is not None:
            last_speaker[id(d)] = speaker
        via = ids.get(id(d.outer)) if d.outer is not None and d.cue is not None else None
        out.append(
            Attribution(
                id=name,
                source=speaker.source if speaker else None,
                cue=_span(text, d.block, d.cue) if d.cue else None,
                content=tuple(_span(text, d.block, c) for c in _merge(d.content)),
                via=via,
            )
        )
        if d.speech and speaker is not None and not _shows_nothing(d) and not _nobody(d):
            speech.add(name)
    return Said(tuple(out), frozenset(speech))


def _nobody(d: Draft) -> bool:
    """Whether the speaker is nobody: "no group has claimed responsibility" is nobody's account."""
    if d.source is None:
        return False
    first, second = d.block.lower(d.source[0]), d.block.text(d.source[0] + 1)
    return first in ("nobody", "none", "neither") or (first == "no" and second != ".")


def _shows_nothing(d: Draft) -> bool:
    """Whether somebody "showed" something: only texts, images and figures give an account by showing."""
    if d.cue is None or d.source is None or not d.block.lower(d.cue[1]).startswith("show"):
        return False
    return not any(d.block.lower(k) in cue_lexicon().documents for k in range(d.source[0], d.source[1] + 1))


def _extent(d: Draft) -> tuple[int, int]:
    parts = [*d.content, *([d.cue] if d.cue else []), *([d.source] if d.source else [])]
    return d.block.ws[min(a for a, _ in parts)].start, -d.block.ws[max(b for _, b in parts)].end


def _nest(drafts: Sequence[Draft]) -> None:
    """Sets ``outer`` of drafts that lie wholly inside the content of another: the smallest such content."""
    open_: list[tuple[int, int, Draft]] = []
    for d in drafts:
        if d.cue is None:
            continue
        a, b = d.block.ws[d.cue[0]].start, d.block.ws[d.cue[1]].end
        if d.outer is None:
            spots = [(d.source, True)] if d.source is not None else []
            low = min([a, *(d.block.ws[s[0]].start for s, _ in spots)])
            high = max([b, *(d.block.ws[s[1]].end for s, _ in spots)])
            open_ = [o for o in open_ if o[1] > low][-24:]
            holders = [o for o in open_ if o[0] <= low and high <= o[1] and o[2] is not d]
            if holders:
                holder = min(holders, key=lambda o: o[1] - o[0])[2]
                if not _circular(d, holder) and _depth(holder) < _DEEPEST:
                    d.outer = holder
        for s, e in d.content:
            open_.append((d.block.ws[s].start, d.block.ws[e].end, d))


def _depth(d: Draft) -> int:
    depth, at = 1, d.outer
    while at is not None and depth < _DEEPEST:
        depth, at = depth + 1, at.outer
    return depth


def _circular(d: Draft, outer: Draft) -> bool:
    at: Draft | None = outer
    while at is not None:
        if at is d:
            return True
        at = at.outer
    return False


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def _span(text: str, block: Block, words: tuple[int, int]) -> Span:
    start, end = block.ws[words[0]].start, block.ws[words[1]].end
    return Span(start, end, text[start:end])
