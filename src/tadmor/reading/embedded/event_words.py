"""The word of its sentence that tells a claim's event: its trigger, chosen when the claim's places are known.

A sentence often tells one event in several words: "launched an offensive in the countryside, targeting the town of M". Which
of them is meant is seen from where the claim's place stands: here M is the place, and what happens there is told by
"targeting". A log-linear model weighs the words of the clause and of its nearest surroundings beside each other
(``data/event_words.json``): how much each looks like an event's to the network, its ending, whether it is the trigger by which
the clause was found, or that of another claim, and where the places stand to it. Fitted by ``training/settle_event_words.py`` to
sentences in which an event is linked to its places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tadmor.model import Mention
from tadmor.reading.clauses import LONGEST, around
from tadmor.reading.drafts import Draft
from tadmor.reading.triggers import read_data

_AROUND = 3  # words beside the clause that may tell its event
_OUTSIDE = -4.0  # logit that a word beside the clause must have at least
_CLIP = 8.0
_REACH = 12  # words from the place within which its distance tells something
_ENDINGS = ("ed", "ing", "s")


@dataclass(frozen=True, slots=True)
class Told:
    """A claim's main clause, its places, and how much each word of the clause's line looks like an event's (logits)."""

    draft: Draft
    places: tuple[Mention, ...]
    events: Sequence[float]


@cache
def _weights() -> Mapping[str, float]:
    return json.loads(read_data("event_words.json"))  # type: ignore[no-any-return]


def choose(claims: Sequence[Told]) -> list[Draft]:
    """The clauses of the claims, each with the trigger chosen for it, and widened where that stands beside it."""
    lines: dict[int, list[Told]] = {}
    for told in claims:
        lines.setdefault(told.draft.line.index, []).append(told)
    return [_chosen(told, lines[told.draft.line.index]) for told in claims]


def candidates(told: Told) -> list[int]:
    """Indices of the words that may tell the event; none where the trigger is a part of a compound or nothing is known."""
    draft, words = told.draft, told.draft.line.words
    if words[draft.last].joined or len(told.events) < len(words):
        return []
    own = range(draft.first, draft.last + 1)
    return [
        i
        for i in range(max(0, draft.low - _AROUND), min(len(words), draft.high + _AROUND))
        if i in own
        or (words[i].text[0].isalnum() and (draft.low <= i < draft.high or told.events[i] > _OUTSIDE))
    ]  # fmt: skip


def _chosen(told: Told, line: Sequence[Told]) -> Draft:
    draft, table = told.draft, _weights()
    weighed = [(sum(table.get(name, 0.0) * x for name, x in known(told, i, line)), -i) for i in candidates(told)]
    if not weighed:
        return draft
    best = -max(weighed)[1]
    if draft.first <= best <= draft.last:
        return draft
    low, high = draft.low, draft.high
    if not low <= best < high:
        begin, stop = around(draft.line.words, best, best)
        low, high = (low, max(high, stop)) if best >= high else (min(low, begin), high)
    wider = replace(draft, low=low, high=high, first=best, last=best)
    return wider if wider.end - wider.start <= LONGEST else draft


def known(told: Told, i: int, line: Sequence[Told]) -> Iterator[tuple[str, float]]:
    """What is known of the ``i``-th word as the one that tells the event; ``line`` are all claims of its line."""
    draft, events = told.draft, told.events
    event = max(-_CLIP, min(_CLIP, events[i]))
    most = max(-_CLIP, min(_CLIP, max(events[draft.low : draft.high])))
    own = draft.first <= i <= draft.last
    yield "event", event
    yield "event over none", max(event, 0.0)
    yield "event below most", event - most
    yield "most", float(event >= most)
    ending = next((e for e in _ENDINGS if draft.line.words[i].lower.endswith(e)), "other")
    yield f"ends:{ending}", 1.0
    yield "capital", float(draft.line.words[i].text[0].isupper())
    if own:
        yield "own", 1.0
        yield f"own:{draft.type}", 1.0
        yield "own phrase", float(draft.first != draft.last)
    else:
        far = i - draft.last if i > draft.last else draft.first - i
        yield f"{'after' if i > draft.last else 'before'}:{'near' if far <= 3 else 'far'}", 1.0
        yield f"other ends:{ending}", 1.0
    yield from _others(told, i, line)
    if not draft.low <= i < draft.high:
        yield "outside", 1.0
        yield "outside event", event
        yield (
            f"outside:{'before' if i < draft.low else 'after'}:{i - draft.high if i >= draft.high else draft.low - i}",
            1.0,
        )
    yield from _places(told, i)


def _others(told: Told, i: int, line: Sequence[Told]) -> Iterator[tuple[str, float]]:
    """What other claims of the line do with the word."""
    others = [t for t in line if t is not told]
    for t in others:
        if t.draft.first <= i <= t.draft.last:
            yield ("trigger of its type" if t.draft.type == told.draft.type else "trigger of another"), 1.0
            break
    within = [t for t in others if t.draft.low <= i < t.draft.high]
    if within and not told.draft.low <= i < told.draft.high:
        yield "in another", 1.0
        yield "in another of its places", float(any(t.places == told.places for t in within))


def _places(told: Told, i: int) -> Iterator[tuple[str, float]]:
    """Where the claim's places stand to the word, and whether another event is told between."""
    words = told.draft.line.words
    at = [k for m in told.places for k, w in enumerate(words) if w.start < m.end and m.start < w.end]
    if not at:
        yield "no place here", 1.0
        return
    after, before = [k - i for k in at if k > i], [i - k for k in at if k < i]
    if after:
        between = [-_CLIP, *told.events[i + 1 : i + min(after)]]
        yield f"place after:{min(_REACH, min(after)) // 2}", 1.0
        yield "event between", max(between)
    if before:
        yield f"place before:{min(_REACH, min(before)) // 2}", 1.0
