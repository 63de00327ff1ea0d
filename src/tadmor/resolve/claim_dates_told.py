"""The times that a report tells, as its text unfolds them: values, the preposition before each, and what stands near a claim.

Built once for all claims of a reading; ``claim_dates_rules`` and ``claim_dates_candidates`` look dates up here.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from dataclasses import dataclass, replace

from tadmor import edtf
from tadmor.model import Claim, Mention, Reading, Report, Span
from tadmor.reading.text import Sentence, sentences
from tadmor.resolve.times import retrospective

_SINCE = re.compile(
    r"\b(?:since|from|ever since|dating (?:back )?(?:to|from)|starting(?: from| on| in)?)(?: at least| about|"
    r" around| late| early| last| the)?\s+(?:on\s+)?$",
    re.IGNORECASE,
)
_SINCE_EVENT = re.compile(r"\bsince\b(?! then)[^.;:!?]{3,80}\b(?:in|on|of)\s+$", re.IGNORECASE)
_FIRST_SINCE = re.compile(
    r"\b(?:first|worst|biggest|largest|deadliest|heaviest|only|most \w+)\b[^.;]{0,60}\bsince\s+$", re.IGNORECASE
)
_MADE = re.compile(r"\b(?:posted|published|updated|modified)(?: on| at)?:?\s+$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|up to|through)(?: late| early)?\s+$", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|before)(?: the)?\s+$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_OF_THE_STORY = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec)\b|(?:the )?(?:same|next|following|previous|that|first|second|third) (?:\w+ )?(?:day|night|morning|"
    r"evening|afternoon|week|month)|(?:two|three|several|few|\d+) (?:days|weeks|months) (?:later|before|earlier|after)|later)",
    re.IGNORECASE,
)
_STALE_DAYS = 10  # a day further back is background, and what follows it in the news is not of that day


@dataclass(frozen=True, slots=True)
class Told:
    """A time mention with its value and what stands before it."""

    mention: Mention
    value: str
    relation: str  # at, since, until, by, beside (says of something else)
    since: int = -1  # where "since" stands, when it is some words away: "since the talks broke down in March"


class Times:
    """The times of one report, with what is told where; empty texts have none."""

    def __init__(self, reading: Reading) -> None:
        report = reading.report
        self.text = report.text
        self.published = report.published if report.published and edtf.valid(report.published) else None
        self.past_text = retrospective(report)
        self.sentences = sentences(report)
        self.starts = [s.start for s in self.sentences]
        self.heads = {i for i, p in enumerate(report.passages) if p.kind in ("headline", "lead")}
        valued = [m for m in reading.mentions if m.type == "time" and m.value and edtf.valid(m.value)]
        self.article = encyclopedic(report)
        if self.article:
            valued = [in_its_year(m, report) for m in valued]
        self.times = [self._told(m) for m in valued if m.value]
        self.lasting = [m for m in reading.mentions if m.type == "time" and not m.value]
        self.by_id = {t.mention.id: t for t in self.times}
        self.claims = reading.claims
        self.folded = self.text.lower()

    def own(self, claim: Claim) -> list[Told]:
        """Times of the claim's clause, of another clause that states it, or linked to it by the reader."""
        linked = [self.by_id[i] for i in claim.times if i in self.by_id]
        spans = [Span(claim.start, claim.end, claim.text), *claim.also]
        for span in spans:
            inside = [t for t in self.times if span.start <= t.mention.start < span.end and t.relation != "beside"]
            inside = [t for t in inside if not self.dateline(t)]
            if inside:
                return inside
        return [t for t in linked if t.relation != "beside" and not self.dateline(t)]

    def beside(self, claim: Claim, sentence: Sentence | None) -> Told | None:
        """The time of the claim's sentence, when no other claim's clause has it for itself."""
        if sentence is None:
            return None
        near = [t for t in self.times if sentence.start <= t.mention.start < sentence.end and t.relation != "beside"]
        near = [t for t in near if not self.dateline(t) and t.relation in ("at", "since")]
        free = [t for t in near if not self.taken(t, claim)]
        return min(free, key=lambda t: self.distance(claim, t)) if free else None

    def taken(self, told: Told, claim: Claim) -> bool:
        """Whether the time stands in the clause of another claim that does not hold this one."""
        at = told.mention.start
        return any(
            c.start <= at < c.end and c is not claim and not (c.start <= claim.start and claim.end <= c.end)
            for c in self.claims
        )

    def distance(self, claim: Claim, told: Told) -> int:
        """Characters between the claim's clause and the time, 0 when it stands inside."""
        at = told.mention
        return max(claim.start - at.end, at.start - claim.end, 0)

    def _told(self, mention: Mention) -> Told:
        before = self.text[max(0, mention.start - 90) : mention.start]
        relation, since = "at", -1
        if _FIRST_SINCE.search(before):
            relation = "beside"
        elif _SINCE.search(before):
            relation = "since"
        elif event := _SINCE_EVENT.search(before):
            relation, since = "since", mention.start - len(before) + event.start()
        elif _UNTIL.search(before):
            relation = "until"
        elif _BY.search(before):
            relation = "by"
        return Told(mention, mention.value or "", relation, since)

    def dateline(self, told: Told) -> bool:
        """A full date that is the day of publication says when the report was made ("Posted on", too), not the event."""
        at = told.mention
        if told.value != self.published or not re.search(r"\d{4}", at.text):
            return False
        if _MADE.search(self.text[max(0, at.start - 24) : at.start]):
            return True
        return not re.search(r"\b(?:on|since|until|by|in|from)\s+$", self.text[max(0, at.start - 8) : at.start], re.I)

    def stale(self, value: str) -> bool:
        """Whether the date lies so far back that what follows it in the news is not of that day."""
        if self.published is None:
            return False
        end, day = edtf.bounds(value)[1], edtf.bounds(self.published)[1]
        return end is not None and day is not None and (day - end).days > _STALE_DAYS

    def sentence(self, at: int) -> Sentence | None:
        """The sentence in which the offset lies."""
        index = bisect.bisect_right(self.starts, at) - 1
        if index < 0 or at >= self.sentences[index].end:
            return None
        return self.sentences[index]


def encyclopedic(report: Report) -> bool:
    """Whether the report is an article of an encyclopedia, whose date of publication says nothing of its events."""
    return "wikipedia" in f"{report.publisher or ''} {report.url or ''}".lower()


def in_its_year(mention: Mention, report: Report) -> Mention:
    """A time of an encyclopedia that was read into the year of publication, in the year that the text tells instead.

    That is the year told last before it, else the next one; a time that leans on the publication, or is told without any
    year in the text, has no value.
    """
    value, year = mention.value or "", (report.published or "")[:4]
    if not year or year not in value or _YEAR.search(mention.text):
        return mention
    told = [(m.start(), m[0]) for m in _YEAR.finditer(report.text)]
    before = [y for at, y in told if at < mention.start]
    if not told or not _OF_THE_STORY.search(mention.text):
        return replace(mention, value=None)
    moved = value.replace(year, before[-1] if before else told[0][1])
    return replace(mention, value=moved if edtf.valid(moved) else None)


def first(value: str) -> dt.date | None:
    """The first day of the value, None when it is open there or no date."""
    return edtf.bounds(value)[0] if edtf.valid(value) else None


def width(value: str) -> int:
    """Days that the value covers beyond its first; very many when it is open or no date."""
    if not edtf.valid(value):
        return 10**6
    start, end = edtf.bounds(value)
    return (end - start).days if start and end else 10**6


def precedes(a: str | None, b: str | None) -> bool:
    """Whether ``a`` begins no later than ``b`` ends; False when either is unknown."""
    if not a or not b or not edtf.valid(a) or not edtf.valid(b):
        return False
    first, second = edtf.bounds(a)[0], edtf.bounds(b)[1]
    return first is not None and second is not None and first <= second


def up_to_news(value: str, news: str | None, claim: Claim) -> str:
    """The value as the claim's date: of what is not expected, an interval that reaches beyond the news ends with it.

    "This week" is told in the news of what has happened of it.
    """
    start, _, end = value.partition("/")
    closed = end not in ("", "..") and claim.certainty != "expected"
    if closed and precedes(start, news) and precedes(news, end):
        return f"{start}/{news}"
    return value
