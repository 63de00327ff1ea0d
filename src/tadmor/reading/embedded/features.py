"""What the slot scorers see of a clause and of what may fill its slots: hidden states, and hashed structural features.

The same functions make the training examples and the run-time inputs, so that the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from tadmor.model import Attribution, Mention
from tadmor.reading import arguments
from tadmor.reading.certainty import features as certainty_features
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.session import Clause, Encoded, Floats, Ints, View
from tadmor.reading.scene import Scene
from tadmor.reading.text import Sentence

BUCKETS = 8192  # hashed features; far more than there are, so that few collide
CONTEXT = 126  # pieces
FIRST_TYPE = 3  # marks: 0 none, 1 clause, 2 trigger, then one for each claim type
_NEAR = 2  # sentences back in which a speaker may still be speaking


def hashed(names: Sequence[str]) -> Ints:
    """Feature names as bucket numbers, the same on every machine."""
    return np.array(sorted({crc32(n.encode()) % BUCKETS for n in names}), dtype=np.int64)


def marked(encoded: Encoded, sentences: Sequence[Sentence], draft: Draft, types: Sequence[str]) -> Clause:
    """The clause in its context: its sentence with the one before and the one after, at most ``CONTEXT`` pieces around it."""
    index = draft.line.index
    sentence = sentences[index]
    begin, stop = sentence.start, sentence.end
    if index and sentences[index - 1].passage == sentence.passage:
        begin = sentences[index - 1].start
    if index + 1 < len(sentences) and sentences[index + 1].passage == sentence.passage:
        stop = sentences[index + 1].end
    low, high = encoded.pieces(begin, stop)
    first, last = encoded.pieces(draft.start, draft.end)
    if high - low > CONTEXT:
        # keep what is nearest to the clause, more of what comes before it: that is where its speaker stands
        spare = max(0, CONTEXT - (last - first))
        low = max(low, first - 2 * spare // 3)
        high = min(high, low + CONTEXT)
    marks = np.zeros(high - low, dtype=np.int64)
    marks[max(0, first - low) : max(0, last - low)] = 1
    word = draft.line.words[draft.first]
    a, b = encoded.pieces(word.start, word.end)
    marks[max(0, a - low) : max(0, b - low)] = 2
    return Clause(low, high, marks, FIRST_TYPE + types.index(draft.type))


def clause(view: View, draft: Draft) -> Floats:
    """The clause as the network sees it: its mean, its trigger word, its whole context, side by side."""
    word = draft.line.words[draft.first]
    return np.concatenate([view.mean(draft.start, draft.end), view.mean(word.start, word.end), view.whole])


def mention(view: View, m: Mention) -> Floats:
    """Mean hidden state of a mention; zeros when it stands outside the context."""
    return view.mean(m.start, m.end)


def roles(scene: Scene, draft: Draft) -> list[tuple[Mention, list[str]]]:
    """Mentions that may fill a role, with what is known of each."""
    return [(m, role(draft, names)) for m, names in arguments.candidates(scene, draft)]


def role(draft: Draft, names: Sequence[str]) -> list[str]:
    """What is known of a candidate for a role of the clause."""
    return [*names, f"claim:{draft.type}"]


def certainty(draft: Draft) -> list[str]:
    """What the words around the trigger say of certainty."""
    return [*certainty_features(draft), f"claim:{draft.type}"]


def speakers(scene: Scene, draft: Draft) -> list[tuple[Attribution, list[str]]]:
    """Attributions that the clause may belong to: those of its sentence, those whose content covers it, the last before it."""
    sentence = draft.line.sentence
    text = scene.report.text
    marks = sum(text.count(q, sentence.start, draft.start) for q in '"“”')
    out = []
    for a, back in _near(scene, draft):
        if a.source is None:
            continue
        overlap = max((min(s.end, draft.end) - max(s.start, draft.start) for s in a.content), default=0)
        covered = max(0, overlap) / max(1, draft.end - draft.start)
        step = "none" if covered <= 0 else "half" if covered < 0.5 else "most" if covered < 0.95 else "all"
        side = "before" if a.source.end <= draft.start else "after" if a.source.start >= draft.end else "inside"
        speech = a.id in scene.document.speech
        cue = a.cue.text.lower() if a.cue else "none"
        names = [
            "bias",
            f"covers:{step}",
            f"covers-speech:{step}-{speech}",
            f"back:{back}",
            f"back-covers:{back}-{step}",
            f"side:{side}-{back}",
            f"cue:{cue}",
            f"cue-covers:{cue}-{step}",
            f"kind:{a.source.kind}",
            f"anonymous:{a.source.anonymous}-{step}",
            f"quoted:{marks % 2}-{step}",
            f"type:{draft.type}-{step}",
            f"nested:{a.via is not None}-{step}",
            f"joined:{draft.line.words[draft.last].joined}-{step}",
            f"place:{draft.line.place}-{step}",
        ]
        out.append((a, names))
    return out


def _near(scene: Scene, draft: Draft) -> list[tuple[Attribution, int]]:
    """Attributions with the number of sentences that they stand back, 0 for those of the clause's own sentence."""
    sentences = scene.document.sentences
    index = draft.line.index
    first = max(0, index - _NEAR)
    found: dict[str, tuple[Attribution, int]] = {}
    for i in range(first, min(len(sentences), index + 2)):
        s = sentences[i]
        for a in scene.attributions_by_cue(s.start, s.end):
            found[a.id] = (a, index - i)
    for chain in scene.document.chains_for(draft.start, draft.end):
        for identity in chain:
            found.setdefault(identity, (scene.attribution[identity], 0))
    return [found[k] for k in sorted(found, key=lambda k: int(k[1:]))]
