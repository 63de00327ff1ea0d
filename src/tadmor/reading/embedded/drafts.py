"""Clauses that state claims: what the network and what the lexicon take for one, weighed together.

The network marks, for every type, the runs of words that it believes to state a claim of it; the lexicon proposes
clauses around its triggers. A log-linear model, fitted on coded reports that neither had seen, says of each candidate
how likely it is a claim: that is the claim's score.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tadmor.reading.clauses import JOINTS, LONGEST
from tadmor.reading.drafts import Draft, Line, common, share
from tadmor.reading.embedded.session import Encoded, Floats
from tadmor.reading.weighing import weighed
from tadmor.reading.words import Word

FEATURES = (
    "bias",
    "lexicon",  # log-odds of the lexicon's score, 0 when it proposes nothing here
    "no lexicon",
    "inside",  # mean, over the clause, of the network's logit for the type
    "inside most",
    "start most",
    "any",  # mean logit of being inside a claim of any type
    "run",  # the network's own run overlaps the clause
    "rival",  # the best mean logit of another type over the clause
    "headline",
    "short",
)
_LEAST = 0.5  # probability at which the network's runs are held together
_PROPOSED = 0.06  # score of a lexicon's draft that is worth weighing
_BREAK = 0.95  # a piece this likely to begin a clause begins one, even inside another of its type
_SHORTEST = 2  # words
_CLIP = 8.0
_SURER = 0.5  # log-odds by which another word must look more like the event than the lexicon's trigger
_EVENT = -2.0  # log-odds of a word that may be the event


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft with what is known of it, in the order of FEATURES."""

    draft: Draft
    known: Floats


def drafts(
    encoded: Encoded, lines: Sequence[Line], places: frozenset[int], types: Sequence[str], combiner: Mapping[str, float]
) -> list[Draft]:
    """The drafts that are likely enough, in text order; of two of a type that overlap by half the likelier stays."""
    found = scored(candidates(encoded, lines, places, types), combiner)
    strength = triggers(encoded).tolist()
    likely = best(found, combiner["threshold"])
    taken: dict[int, list[Draft]] = {}
    for d in likely:
        taken.setdefault(d.line.index, []).append(d)
    kept = [_at_event(encoded, d, strength, taken[d.line.index]) for d in likely]
    return sorted(kept, key=lambda d: (d.start, d.end, d.type))


def scored(found: Sequence[Candidate], combiner: Mapping[str, float]) -> list[Draft]:
    """The drafts of the candidates in their order, each with the probability that it is a claim."""
    weights = np.array([combiner[name] for name in FEATURES], dtype=np.float32)
    out = []
    for c in found:
        x = float(c.known @ weights) + combiner.get(f"type:{c.draft.type}", 0.0)
        out.append(c.draft.scored(1.0 / (1.0 + float(np.exp(-max(-30.0, min(30.0, x)))))))
    return out


def likelihood(encoded: Encoded, draft: Draft, types: Sequence[str], combiner: Mapping[str, float]) -> float:
    """The probability that a clause which the lexicon proposes is a claim, its score being the lexicon's."""
    low, high = encoded.pieces(draft.start, draft.end)
    if low >= high:
        return 0.0
    inside, start = (np.clip(encoded.logits[head][low:high], -_CLIP, _CLIP) for head in ("inside", "start"))
    return scored([_candidate(draft, types.index(draft.type), inside, start, True, [])], combiner)[0].score


def _at_event(encoded: Encoded, d: Draft, strength: Sequence[float], line: Sequence[Draft]) -> Draft:
    """The draft with its trigger at the word that tells the event, where the network is sure that it is another of the clause.

    ``line`` are the drafts of its line: a word by which one of another type was found tells that one's event.
    """

    def of(i: int) -> float:
        low, high = encoded.pieces(d.line.words[i].start, d.line.words[i].end)
        return max(strength[low:high], default=-math.inf)

    told = {i: of(i) for i in range(min(d.low, d.first), max(d.high, d.last + 1))}
    own = max(told[i] for i in range(d.first, d.last + 1))
    if d.line.words[d.last].joined:
        return replace(d, event=own)  # an epithet's trigger is part of a compound
    others = {i for e in line if e.type != d.type for i in range(e.first, e.last + 1)}
    word = max((i for i in range(d.low, d.high) if i not in others), key=lambda i: told[i], default=d.first)
    if told[word] > max(_EVENT, own + _SURER):
        return replace(d, first=word, last=word, event=told[word])
    return replace(d, event=own)


def best(scored: Sequence[Draft], threshold: float) -> list[Draft]:
    """Those at or above the threshold; of two of a type that overlap by half of the shorter the likelier stays."""
    kept: dict[tuple[int, str], list[Draft]] = {}
    for d in sorted(scored, key=lambda d: (-d.score, d.start, d.end, d.type)):
        if d.score < threshold:
            break
        same = kept.setdefault((d.line.index, d.type), [])
        if all(share(d, other) <= 0.5 for other in same):
            same.append(d)
    return [d for same in kept.values() for d in same]


def candidates(
    encoded: Encoded, lines: Sequence[Line], places: frozenset[int], types: Sequence[str]
) -> list[Candidate]:
    """All candidates of all lines."""
    inside, start, strength = _sigmoid(encoded.logits["inside"]), _sigmoid(encoded.logits["start"]), triggers(encoded)
    clipped = {head: np.clip(encoded.logits[head], -_CLIP, _CLIP) for head in ("inside", "start")}
    proposed: dict[int, list[Draft]] = {}
    for d in weighed(lines, places):
        if d.score >= _PROPOSED:
            proposed.setdefault(d.line.index, []).append(d)
    out: list[Candidate] = []
    for line in lines:
        low, high = encoded.pieces(line.sentence.start, line.sentence.end)
        if low == high:
            continue
        marked = np.flatnonzero(inside[low:high, : len(types)].max(0) >= _LEAST).tolist()
        # of each piece, the word that it ends in
        at = [max(0, bisect_left(line.starts, e) - 1) for e in encoded.offsets[1][low:high]] if marked else []
        runs = [
            r
            for t in marked
            for r in _found(line, types[t], at, inside[low:high, t], start[low:high, t], strength[low:high])
        ]
        lexicon = [_cut(d, runs) for d in proposed.get(line.index, [])]
        fresh = [r for r in runs if all(d.type != r.type or share(d, r) <= 0.5 for d in lexicon)]
        for among, by_lexicon in ((lexicon, True), (fresh, False)):
            for d in among:
                span = slice(*encoded.pieces(d.start, d.end))
                t = types.index(d.type)
                out.append(_candidate(d, t, clipped["inside"][span], clipped["start"][span], by_lexicon, runs))
    return out


def triggers(encoded: Encoded) -> Floats:
    """How much each piece looks like the word that tells the event."""
    logits = encoded.logits["trigger"]
    return np.asarray(logits[:, 1:].max(1) - logits[:, 0], dtype=np.float32)


def events(encoded: Encoded, line: Line, strength: Floats) -> list[float]:
    """How much each word of a line looks like the word that tells an event; ``strength`` is that of the text's pieces."""
    low = np.searchsorted(encoded.ends, line.starts, side="right")
    stop = int(np.searchsorted(encoded.starts, line.words[-1].end, side="left"))
    if stop == 0 or int(low[0]) >= stop:
        return []
    return [float(x) for x in np.maximum.reduceat(strength[:stop], np.minimum(low, stop - 1))]


def _candidate(d: Draft, t: int, inside: Floats, start: Floats, lexicon: bool, runs: Sequence[Draft]) -> Candidate:
    """A draft of the ``t``-th type; ``inside`` and ``start`` are the logits of its pieces for all types."""
    mean = inside.mean(0).tolist()
    rival = max(mean[:t] + mean[t + 1 : -1])
    odds = float(np.log(max(d.score, 1e-4) / max(1 - d.score, 1e-4))) if lexicon else 0.0
    known = (
        1.0,
        odds,
        float(not lexicon),
        mean[t],
        float(inside[:, t].max()),
        float(start[:, t].max()),
        mean[-1],
        float(any(r.type == d.type and share(r, d) > 0.3 for r in runs)),
        rival,
        float(d.line.place == "headline"),
        float(d.high - d.low < 5),
    )
    return Candidate(d, np.array(known, dtype=np.float32))


def _cut(d: Draft, runs: Sequence[Draft]) -> Draft:
    """A lexicon's draft with the words that the network takes to state it, where it takes any: grammar tells clauses less well.

    Its trigger stays, unless it is none of these words.
    """
    run = max((r for r in runs if r.type == d.type and share(d, r) > 0.5), key=lambda r: common(d, r), default=None)
    if run is None:
        return d
    if run.low <= d.first and d.last < run.high:
        return replace(d, low=run.low, high=run.high)
    return run.scored(d.score)


def _found(line: Line, name: str, at: Sequence[int], inside: Floats, start: Floats, strength: Floats) -> list[Draft]:
    """The network's runs of one type among the pieces of a line; ``at`` has for each piece the index of its word."""
    out = []
    for a, b in _runs(inside.tolist(), start.tolist()):
        draft = _draft(line, name, at, a, b, strength, float(inside[a:b].mean()))
        if draft is not None:
            out.append(draft)
    return out


def _runs(inside: Sequence[float], start: Sequence[float]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    begin: int | None = None
    for i, p in enumerate(inside):
        if p < _LEAST:
            if begin is not None:
                runs.append((begin, i))
            begin = None
        elif begin is None:
            begin = i
        elif i - begin > 3 and _begins(start, i):
            runs.append((begin, i))
            begin = i
    if begin is not None:
        runs.append((begin, len(inside)))
    return runs


def _begins(start: Sequence[float], i: int) -> bool:
    return start[i] >= _BREAK and start[i] >= start[i - 1] and (i + 1 == len(start) or start[i] >= start[i + 1])


def _draft(line: Line, name: str, at: Sequence[int], a: int, b: int, strength: Floats, score: float) -> Draft | None:
    low, high = at[a], at[b - 1] + 1
    while high - low > 1 and _joins(line.words[high - 1]):
        high -= 1
    while high - low > 1 and _joins(line.words[low]) and line.words[low].text not in "\"“‘'":
        low += 1
    if high - low < _SHORTEST:
        return None
    head = min(max(at[a + int(np.argmax(strength[a:b]))], low), high - 1)
    while high - 1 > head and line.words[high - 1].end - line.words[low].start > LONGEST:
        high -= 1
    while low < head and line.words[high - 1].end - line.words[low].start > LONGEST:
        low += 1
    return Draft(name, line, low, high, head, head, line.words[head].stem, score)


def _joins(word: Word) -> bool:
    """Whether it is a mark or a word between clauses: coded quotes never end and hardly ever begin with one."""
    return not word.text[0].isalnum() or word.lower in JOINTS


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)
