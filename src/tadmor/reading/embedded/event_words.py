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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from tadmor.model import Mention
from tadmor.reading.clauses import LONGEST, around
from tadmor.reading.drafts import Draft
from tadmor.reading.embedded.roles import CLIP, clipped
from tadmor.reading.triggers import read_data

_AROUND = 3  # words beside the clause that may tell its event
_OUTSIDE = -4.0  # logit that a word beside the clause must have at least
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
    draft, weight = told.draft, _weights().get
    tried = candidates(told)
    if not tried:
        return draft
    weighed = [sum(weight(name, 0.0) * x for name, x in row.items()) for row in known(told, tried, line)]
    best = tried[weighed.index(max(weighed))]
    if draft.first <= best <= draft.last:
        return draft
    low, high = draft.low, draft.high
    if not low <= best < high:
        begin, stop = around(draft.line.words, best, best)
        low, high = (low, max(high, stop)) if best >= high else (min(low, begin), high)
    wider = replace(draft, low=low, high=high, first=best, last=best)
    return wider if wider.end - wider.start <= LONGEST else draft


def known(told: Told, tried: Sequence[int], line: Sequence[Told]) -> list[dict[str, float]]:
    """What is known of each of these words as the one that tells the event; ``line`` are all claims of its line."""
    draft, words = told.draft, told.draft.line.words
    most = clipped(max(told.events[draft.low : draft.high]))
    others = [t for t in line if t is not told]
    at = [k for k, w in enumerate(words) if any(w.start < m.end and m.start < w.end for m in told.places)]
    out = []
    for i in tried:
        word, event = words[i], clipped(told.events[i])
        ending = next((e for e in _ENDINGS if word.lower.endswith(e)), "other")
        row = {
            "event": event,
            "event over none": max(event, 0.0),
            "event below most": event - most,
            "most": float(event >= most),
            f"ends:{ending}": 1.0,
            "capital": float(word.text[0].isupper()),
        }
        if draft.first <= i <= draft.last:
            row |= {"own": 1.0, f"own:{draft.type}": 1.0, "own phrase": float(draft.first != draft.last)}
        else:
            side, far = ("after", i - draft.last) if i > draft.last else ("before", draft.first - i)
            row |= {f"{side}:{'near' if far <= 3 else 'far'}": 1.0, f"other ends:{ending}": 1.0}
        row |= _others(told, i, others)
        if not draft.low <= i < draft.high:
            away = f"before:{draft.low - i}" if i < draft.low else f"after:{i - draft.high}"
            row |= {"outside": 1.0, "outside event": event, f"outside:{away}": 1.0}
        out.append(row | _places(told, i, at))
    return out


def _others(told: Told, i: int, others: Sequence[Told]) -> dict[str, float]:
    """What other claims of the line do with the word."""
    row: dict[str, float] = {}
    type_ = next((t.draft.type for t in others if t.draft.first <= i <= t.draft.last), None)
    if type_ is not None:
        row["trigger of its type" if type_ == told.draft.type else "trigger of another"] = 1.0
    if not told.draft.low <= i < told.draft.high:
        within = [t for t in others if t.draft.low <= i < t.draft.high]
        if within:
            row |= {"in another": 1.0, "in another of its places": float(any(t.places == told.places for t in within))}
    return row


def _places(told: Told, i: int, at: Sequence[int]) -> dict[str, float]:
    """Where the words of the claim's places stand to the word, and whether another event is told between."""
    if not at:
        return {"no place here": 1.0}
    row: dict[str, float] = {}
    after, before = min((k - i for k in at if k > i), default=None), min((i - k for k in at if k < i), default=None)
    if after is not None:
        between = [-CLIP, *told.events[i + 1 : i + after]]
        row |= {f"place after:{min(_REACH, after) // 2}": 1.0, "event between": max(between)}
    if before is not None:
        row[f"place before:{min(_REACH, before) // 2}"] = 1.0
    return row
