"""Weighing: what each draft is worth beside the others of its sentence and report.

A trigger judged by its own company alone does not know that another trigger of the same clause states the event
better ("the air strikes killed 30" is one air strike). A second log-linear model sees the first one's probability,
the drafts that it overlaps, and what the report has told before; its probability is the claim's score. Weights:
``data/weighing.json``, derived by ``training/derive_triggers.py`` on reports that the first model had not seen.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from tadmor.reading.drafts import Draft, Line, drafts
from tadmor.reading.odds import probability, total
from tadmor.reading.triggers import read_data
from tadmor.reading.words import stem

LOWEST = 0.12  # drafts below this are not weighed
_TAKES_PLACE = 0.8
_OF_PLACES = frozenset(("territory_taken",))
_OF_PERSONS = frozenset(("arrest", "abduction"))
_TAKING = frozenset(map(stem, "capture recapture seize retake overrun conquer liberate occupy reoccupy".split()))
_BEFORE_PLACE = frozenset(
    "the of city town village district province entire whole ancient strategic key northern southern eastern western".split()
)
_PARTS = frozenset(
    map(stem, "town village city district neighbourhood neighborhood area hill base airbase airport region".split())
)
_PASSIVE = frozenset("was were been be being is are".split())
_MOST = 60  # drafts of one line that are compared with each other; a longer line is no sentence


@cache
def weights() -> dict[str, float]:
    """Weights of the features, with the threshold above which a draft is kept under ``threshold``."""
    return json.loads(read_data("weighing.json"))  # type: ignore[no-any-return]


def stated(lines: Iterable[Line], places: Collection[int] = ()) -> list[Draft]:
    """The drafts that the report states, with their final scores, in text order.

    ``places`` are the offsets at which mentions of places begin: what is captured is a place or a person, and only the
    mentions tell which.
    """
    threshold = weights()["threshold"]
    return [draft for draft in weighed(lines, places) if draft.score >= threshold]


def weighed(lines: Iterable[Line], places: Collection[int] = ()) -> list[Draft]:
    """All drafts with their final scores, those too that the report hardly states."""
    table = weights()
    out = []
    for draft, active in features(lines):
        score = probability(total(table, active))
        if draft.type in _OF_PLACES and _governs(draft, places):
            score = max(score, _TAKES_PLACE)
        elif draft.type in _OF_PERSONS and _governs(draft, places):
            score = min(score, 1 - _TAKES_PLACE)
        out.append(draft.scored(score))
    return out


def _governs(draft: Draft, places: Collection[int]) -> bool:
    """Whether a verb of taking has a place as its object ("captured the town of X") or its passive subject ("X was captured")."""
    if draft.first != draft.last or draft.key not in _TAKING:
        return False
    words = draft.line.words
    for w in words[draft.last + 1 : draft.last + 7]:
        if w.start in places:
            return True
        if w.lower not in _BEFORE_PLACE and w.stem not in _PARTS:
            break
    if draft.first >= 2 and any(w.lower in _PASSIVE for w in words[max(0, draft.first - 2) : draft.first]):
        return any(w.start in places for w in words[max(0, draft.first - 5) : draft.first - 1])
    return False


def features(lines: Iterable[Line]) -> list[tuple[Draft, list[str]]]:
    """All drafts of a report with what is known of each."""
    by_line = [(line, drafts(line, LOWEST)[:_MOST]) for line in lines]
    length = sum(line.sentence.end - line.sentence.start for line, _ in by_line) or 1
    expected = sum(d.score for _, found in by_line for d in found)
    density = f"density:{min(6, int(expected / length * 425))}"
    told: Counter[str] = Counter()
    out = []
    for line, found in by_line:
        for draft in found:
            out.append((draft, [*_of(draft, line, min(told[draft.type], 3)), density, *_beside(draft, found)]))
        told.update(d.type for d in found if d.score > 0.5)
    return out


def _of(draft: Draft, line: Line, told: int) -> list[str]:
    step = _step(draft.score)
    return [
        "bias",
        f"type:{draft.type}",
        f"step:{step}",
        f"type-step:{draft.type}{step}",
        f"place:{line.place}",
        f"trigger:{draft.type}-{draft.key}",
        f"told:{told}",
        f"type-told:{draft.type}{told}",
        f"words:{min(6, (draft.high - draft.low) // 4)}",
        f"line:{min(6, len(line.words) // 8)}",
    ]


def _beside(draft: Draft, found: Sequence[Draft]) -> list[str]:
    out: set[str] = set()
    rival = 0.0
    for other in found:
        if other is draft:
            continue
        strong = "strong" if other.score > 0.5 else "weak"
        order = ">" if other.score > draft.score else "<"
        side = "left" if other.last < draft.first else "right"
        overlaps = other.low < draft.high and other.high > draft.low
        if other.first <= draft.last and other.last >= draft.first:
            out.update((f"same:{draft.type}-{other.type}-{strong}{order}", f"same:{strong}{order}"))
        elif overlaps:
            out.update(
                (f"over:{draft.type}-{other.type}-{strong}-{side}", f"over:{strong}{order}{other.type == draft.type}")
            )
        else:
            out.add(f"near:{draft.type}-{other.type}-{strong}-{side}")
        if overlaps:
            rival = max(rival, other.score)
    out.add(f"rival:{_step(rival)}" if rival else "rival:none")
    return sorted(out)


def _step(p: float) -> int:
    """The log odds in whole steps from -4 to 4."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return max(-4, min(4, math.floor(math.log(p / (1 - p)))))
