"""Claims of responsibility: the event with the claimant as actor and as source (codebook, rule 8).

"X claimed responsibility for the bombing" names the event itself; "X claimed responsibility" and "X claimed the attack"
point back to one that the report has told. Where the claim is denied, the denial is the claimant's too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tadmor.model import Attribution, Mention
from tadmor.reading import clauses, triggers
from tadmor.reading.drafts import Draft, Line
from tadmor.reading.scene import Scene

EVENTS = frozenset(
    "armed_clash air_strike shelling bombing chemical_attack attack_on_civilians sexual_violence abduction destruction"
    " casualties".split()
)
_LIKELIEST = 0.02  # an event that somebody answers for is told, however little its wording says so
_BACK = 4  # sentences before a claim of responsibility in which its event is looked for
_SCORE = 0.5
_OPENING = re.compile(
    r"(?:that\s+it\s+(?:had|has)\s+)?(?:(?:sole|full|joint|any|all)\s+)?responsibility\b", re.IGNORECASE
)
_ATTACK = (
    r"(?:attacks?|bombings?|blasts?|explosions?|assaults?|killings?|strikes?|raids?|ambush|shootings?|operations?"
    r"|incidents?)"
)
_CLAIMED = re.compile(rf"(?:the|an?|both|this)\s+(?:[\w-]+\s+){{0,3}}{_ATTACK}\b", re.IGNORECASE)
_POINTS_BACK = re.compile(rf"(?:\s+for\s+(?:(?:the|this|that|both|those|these)\s+{_ATTACK}|it))?\W*$", re.IGNORECASE)
_NOBODY = re.compile(
    r"\b(?:no (?:group|one|organi[sz]ation|party|side|militant|faction)|nobody|none|neither)\b", re.IGNORECASE
)
_DENYING = re.compile(r"\b(?:den(?:y|ies|ied|ying)|reject\w*|disclaim\w*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody's claim, or denial, of responsibility: the attribution and the draft of its event.

    ``earlier`` is the draft of the event that it tells again, None where the event is a claim of its own.
    """

    attribution: Attribution
    draft: Draft
    earlier: Draft | None


def answers(scene: Scene, lines: Sequence[Line], found: Sequence[Draft]) -> list[Answer]:
    """Claims of responsibility in text order, each with the draft of the event: one of ``found``, or a new one."""
    out = []
    starts = [line.sentence.start for line in lines]
    events = _Events(found)
    for attribution in scene.document.attributions:
        source, cue = attribution.source, attribution.cue
        if source is None or cue is None or not attribution.content or _NOBODY.search(source.text):
            continue
        text = attribution.content[0].text
        opening = _OPENING.match(text)
        if opening is None and not (cue.text.lower().split()[-1].startswith("claim") and _CLAIMED.match(text)):
            continue
        at = bisect_right(starts, cue.start) - 1
        if at < 0 or cue.start >= lines[at].sentence.end:
            continue
        rest = text[opening.end() :] if opening is not None else f" for {text}"
        back = _POINTS_BACK.match(rest) is not None
        answer = _earlier(attribution, lines, at, events) if back else None
        answer = answer or _named(attribution, lines[at], events)
        if answer is not None:
            out.append(answer)
    return out


class _Events:
    """Drafts of events by the line that they stand in, and what a line's triggers may mean, each worked out once."""

    def __init__(self, found: Sequence[Draft]) -> None:
        self._by_line: dict[int, list[Draft]] = {}
        for draft in found:
            if draft.type in EVENTS:
                self._by_line.setdefault(id(draft.line), []).append(draft)
        self._candidates: dict[int, list[triggers.Candidate]] = {}

    def of(self, line: Line) -> list[Draft]:
        """The events that a line tells."""
        return self._by_line.get(id(line), [])

    def candidates(self, line: Line) -> list[triggers.Candidate]:
        """What may be an event in a line."""
        if id(line) not in self._candidates:
            found = triggers.candidates(line.words, line.place)
            self._candidates[id(line)] = [c for c in found if c.type in EVENTS and c.score >= _LIKELIEST]
        return self._candidates[id(line)]


def _named(attribution: Attribution, line: Line, events: _Events) -> Answer | None:
    """The event that the content names: a draft of it, else the likeliest reading of its triggers."""
    content = attribution.content[0]
    inside = [d for d in events.of(line) if content.start <= line.words[d.first].start < content.end]
    if inside:
        return Answer(attribution, min(inside, key=lambda d: d.first), None)
    best: Draft | None = None
    for c in events.candidates(line):
        if content.start <= line.words[c.first].start < content.end:
            low, high = clauses.around(line.words, c.first, c.last)
            draft = Draft(c.type, line, low, high, c.first, c.last, c.key, c.score)
            if (best is None or c.score > best.score) and draft.end - draft.start <= clauses.LONGEST:
                best = draft
    return Answer(attribution, replace(best, score=max(best.score, _SCORE)), None) if best is not None else None


def _earlier(attribution: Attribution, lines: Sequence[Line], at: int, events: _Events) -> Answer | None:
    """The last event told before, with a draft of the clause that answers for it."""
    line = lines[at]
    before = [d for x in lines[max(0, at - _BACK) : at] for d in events.of(x)]
    if not before:
        return None
    denied = attribution.cue is not None and _DENYING.search(attribution.cue.text) is not None
    last = before[-1].line
    event = max((d for d in before if d.line is last), key=lambda d: (d.type != "casualties", d.score))
    content = attribution.content[0]
    inside = [i for i, w in enumerate(line.words) if content.start <= w.start < content.end]
    if not inside:
        return None
    low, high = clauses.around(line.words, inside[0], inside[-1])
    source = attribution.source
    speaker = next((i for i in range(low) if source is not None and line.words[i].start == source.start), low)
    if line.words[high - 1].end - line.words[speaker].start <= clauses.LONGEST:
        low = speaker  # the clause says nothing without the one who answers
    draft = Draft(event.type, line, low, high, inside[0], inside[0], "responsibility", _SCORE)
    # Who denies says something else than who told of the event: a claim of its own.
    return Answer(attribution, draft, None if denied else event)


def claimants(scene: Scene, answered: Mapping[int, Answer], group: Sequence[Draft]) -> tuple[Mention, ...]:
    """Those who answer for an event, by the mentions that name them, each once."""
    out: dict[str, Mention] = {}
    for draft in group:
        answer = answered.get(id(draft))
        source = answer.attribution.source if answer is not None else None
        mention = scene.mention.get(source.mention) if source is not None and source.mention is not None else None
        if mention is not None:
            out.setdefault(scene.party(mention), mention)
    return tuple(out.values())
