"""Voices: speakers whom the network hears when it looks at a clause, and whom no attribution of the report names.

"Activists have posted pictures of the strike" has no cue that governs the clause, and "the local council: two men were shot" has
none at all. What the network marks as the source of a clause becomes an attribution without a cue, whose content is the clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tadmor.model import Attribution, Span
from tadmor.reading.attributions_blocks import Block, blocks
from tadmor.reading.attributions_names import Known
from tadmor.reading.attributions_sources import nameable
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.looks import ROLES
from tadmor.reading.embedded.mentions import Labelled, trimmed, whole_words
from tadmor.reading.embedded.session import View
from tadmor.reading.scene import Scene
from tadmor.reading.text import Sentence

_LEAST = 0.5  # logit of the likeliest piece of a run that is heard
_SURE = 2.5  # the same where the reader knows somebody who says the clause
_LONGEST = 90  # characters
_NOBODY = frozenset("it they he she we i you who which that this those these them".split())


def hear(scene: Scene, looked: Sequence[tuple[Draft, View]]) -> None:
    """Adds to the scene the voices of the clauses that were looked at."""
    document = scene.document
    taken = sorted((a.source.start, a.source.end) for a in document.attributions if a.source is not None)
    contents: dict[tuple[int, int], list[Span]] = {}
    for draft, view in looked:
        least = _SURE if document.chains_for(draft.start, draft.end) else _LEAST
        for span in _runs(scene.report.text, view, least):
            pointed = scene.report.text[span[0] : span[1]].lower() in _NOBODY
            inside = draft.start <= span[0] and span[1] <= draft.end
            if not (pointed and inside) and not any(a < span[1] and span[0] < b for a, b in taken):
                text = scene.report.text[draft.start : draft.end]
                contents.setdefault(span, []).append(Span(draft.start, draft.end, text))
    if not contents:
        return
    known = Known(scene.report.text, document.mentions, document.representative)
    for a in document.attributions:
        if a.source is not None and not a.source.anonymous:
            known.learn(a.source.name)
    found: list[Attribution] = []
    reach = -1
    for span in sorted(contents):
        if span[0] < reach:
            continue  # two clauses mark the same name a little differently
        voice = _voice(scene, span, contents[span], f"a{len(document.attributions) + len(found) + 1}", known)
        if voice is not None:
            reach = span[1]
            found.append(voice)
    scene.hear(found)


def _runs(text: str, view: View, least: float) -> Iterator[tuple[int, int]]:
    """Runs of pieces that the network takes for a source, as code points."""
    source, (starts, ends) = ROLES.index("source"), view.offsets
    for i, j in view.runs(source):
        if view.roles[i:j, source].max() < least:
            continue
        span = trimmed(text, Labelled(*whole_words(text, starts[i], ends[j - 1]), "actor"))
        if span is not None and span.end - span.start <= _LONGEST and "\n" not in text[span.start : span.end]:
            yield span.start, span.end


def _voice(scene: Scene, span: tuple[int, int], content: Sequence[Span], name: str, known: Known) -> Attribution | None:
    """The attribution of a run to the speaker whom it names."""
    document = scene.document
    sentence = next((s for s in document.sentences if s.start <= span[0] and span[1] <= s.end), None)
    if sentence is None:
        return None
    block = _block(scene, sentence)
    words = [i for i, w in enumerate(block.ws) if span[0] <= w.start and w.end <= span[1]]
    if not words:
        return None
    source = nameable(scene.report.text, block, (words[0], words[-1]), document.representative).source
    full = known.fuller(source.name, source.start)
    if full is None and source.name.lower() in _NOBODY:
        return None
    contents = tuple(dict.fromkeys(content))
    return Attribution(name, replace(source, name=full or source.name), None, contents)


def _block(scene: Scene, sentence: Sentence) -> Block:
    mentions = scene.document.mentions_in(sentence.start, sentence.end)
    return next(blocks(scene.report.text, [sentence], mentions))
