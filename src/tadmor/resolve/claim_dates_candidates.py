"""The dates that a claim may have, and what speaks for each: candidates with features for the learnt choice.

The candidates are few: no date; the day of publication, the day before, the interval open from or up to it, its month
or year as approximate; every time told in the clause, its sentence, the two sentences before and the head of the report,
taken as it stands or as one end of an interval; the date of a kindred claim; what the rules say. Candidates that come to the
same date are one candidate of several kinds. A retrospective text has none that leans on its publication, and where the
date of publication is unknown only what the text itself tells remains. Beside an exact time told, its month and its year
as approximate are candidates, for what is told along with it.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tadmor import edtf
from tadmor.model import Claim
from tadmor.resolve.claim_dates_features import Features, shape
from tadmor.resolve.claim_dates_rules import Telling
from tadmor.resolve.claim_dates_told import Told, up_to_news
from tadmor.resolve.times_frame import number_of
from tadmor.resolve.times_grammar import parse

# What is over when it is told: in no coded report is one of these open since an earlier day.
_OVER = frozenset({"casualties", "territory_taken", "attack_repelled", "chemical_attack"})
_HEAD_SENTENCES = 3
_MOST_TIMES = 4  # of one place, nearest first
_AND = re.compile(r"\s*(?:,\s*)?(?:and|to|until|till|through|[-–—])\s*(?:the\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?(?:\w+\s+of\s+)?$", re.IGNORECASE)
# after "nine months": it tells how far two events are from one another, not how long something lasted
_APART = re.compile(r"\s+(?:after|before|since|ago|earlier|later|prior|from now)\b", re.IGNORECASE)
_DAYS = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3652}
_LONGEST = 36_500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date (EDTF, or None for no date), the kinds under which it came up, the features of each, starts of who tells it."""

    date: str | None
    kinds: tuple[str, ...]
    features: tuple[str, ...]
    told: frozenset[int] = frozenset()


class Choices:
    """Candidates of the claims of one report."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.news = telling.published if not telling.past_text else None
        if self.news is not None and "/" in self.news:
            self.news = None
        self.head_times = [
            t for t in telling.times if bisect.bisect_right(telling.starts, t.mention.start) <= _HEAD_SENTENCES
        ]
        self.size = max(1, len(telling.sentences))
        self.order = sorted(telling.claims, key=lambda c: (c.start, c.end))
        self.places = {c.id: i for i, c in enumerate(self.order)}
        self.rules = {c.id: telling.rule(c) for c in self.order}
        self.told_often = Counter(_day(t.value) for t in telling.times)
        self.dated_often = Counter(self.rules.values())
        self.dated = max(1, len(self.order))
        self.features = Features(telling, self.news, self.order)

    def context(self, claim: Claim) -> list[str]:
        """What is known of the claim whatever its date."""
        near = list(self._times(claim))
        return [*self.features.context(claim, self.rules[claim.id]), *self.features.near(near)]

    # --- its candidates ---------------------------------------------------------------------------------------------

    def of(self, claim: Claim) -> list[Candidate]:
        """The candidates of ``claim``, each date once."""
        found: dict[str | None, tuple[list[str], list[str]]] = {}
        starts: dict[str | None, set[int]] = {}
        for date, kind, features, start in self._all(claim):
            if date is not None and not _sound(date):
                continue
            kinds, active = found.setdefault(date, ([], []))
            if start is not None:
                starts.setdefault(date, set()).add(start)
            if kind not in kinds:
                kinds.append(kind)
                active.extend(f for f in features if f not in active)
        near = self._neighbours(claim)
        for date, (kinds, active) in found.items():
            kinds.append(f"shape:{shape(date)}")
            active.extend(
                f"{name}{'=' if date == other else '~' if _day(date) == _day(other) else '!'}" for name, other in near
            )
            if date is not None:
                active.append(f"telling:{min(3, self.told_often[_day(date)])}")
                active.append(f"dated:{min(4, round(4 * self.dated_often[date] / self.dated))}")
        return [
            Candidate(date, tuple(kinds), tuple(active), frozenset(starts.get(date, ())))
            for date, (kinds, active) in found.items()
        ]

    def _neighbours(self, claim: Claim) -> list[tuple[str, str | None]]:
        """What the rules say of the claims before and after this one and of the nearest one of its type."""
        at = self.places[claim.id]
        out = []
        if at:
            out.append(("before", self.rules[self.order[at - 1].id]))
        if at + 1 < len(self.order):
            out.append(("after", self.rules[self.order[at + 1].id]))
        alike = [(abs(i - at), i) for i, c in enumerate(self.order) if i != at and c.type == claim.type]
        if alike:
            out.append(("alike", self.rules[self.order[min(alike)[1]].id]))
        return out

    def _all(self, claim: Claim) -> Iterator[tuple[str | None, str, Sequence[str], int | None]]:
        """Dates with their kind, its features and where the time expression that tells them starts, if one does."""
        yield None, "none", (), None
        yield self.rules[claim.id], "rule", (), None
        news = self.news
        if news is not None:
            yield news, "day", (), None
            yield f"{news}/..", "open", (), None
            yield f"../{news}", "closed", (), None
            yield f"{news[:4]}~", "year", (), None
            if len(news) >= 7:
                yield f"{news[:7]}~", "month", (), None
            if len(news) == 10 and edtf.valid(news):
                eve = (dt.date.fromisoformat(news) - dt.timedelta(1)).isoformat()
                yield eve, "eve", (), None
                yield f"{eve}/{news}", "overnight", (), None
        near = list(self._times(claim))
        for place, told, rank in near:
            for found in self._taken(claim, place, told, rank):
                yield *found, told.mention.start
        for span, kind, features, first in self._joined(claim, near):
            yield span, kind, features, first.mention.start
        for lasting in self._lasting(claim):
            yield *lasting, None
        kindred = self.telling.kindred(claim)
        if kindred is not None:
            yield kindred, "kindred", (), None

    def _joined(
        self, claim: Claim, near: Sequence[tuple[str, Told, int]]
    ) -> Iterator[tuple[str | None, str, Sequence[str], Told]]:
        """Intervals told by both their ends, as "between 26 April and 1 May"."""
        ordered = sorted(near, key=lambda n: n[1].mention.start)
        for (place, first, rank), (_, last, _) in pairwise(ordered):
            a, b = first.mention, last.mention
            told_so = _BETWEEN.search(self.telling.text[max(0, a.start - 20) : a.start])
            whole = "/" not in first.value + last.value
            if told_so and whole and _AND.fullmatch(self.telling.text, a.end, b.start):
                features = self.features.told(claim, place, first, rank)
                yield f"{first.value}/{last.value}", f"{place}:joined", [f"joined:{f}" for f in features], first

    def _lasting(self, claim: Claim) -> Iterator[tuple[str | None, str, Sequence[str]]]:
        """Intervals that reach back from the news day as long as the claim's sentence says that something lasted."""
        sentence = self.telling.sentence(claim.start)
        if self.news is None or len(self.news) != 10 or sentence is None:
            return
        for mention in self.telling.lasting:
            if _APART.match(self.telling.text, mention.end):
                continue
            if sentence.start <= mention.start < sentence.end and (days := _length(mention.text)):
                since = dt.date.fromisoformat(self.news) - dt.timedelta(days)
                inside = claim.start <= mention.start < claim.end
                yield f"{since.isoformat()}~/{self.news}", f"lasting:{'in' if inside else 'beside'}", ()

    def _times(self, claim: Claim) -> Iterator[tuple[str, Told, int]]:
        """Times told near the claim with where they stand and their rank there, the nearest 0."""
        telling = self.telling
        index = max(0, bisect.bisect_right(telling.starts, claim.start) - 1)
        sentence = telling.sentence(claim.start)
        end = sentence.end if sentence is not None else claim.end
        also = [(s.start, s.end) for s in claim.also]
        places: dict[str, list[Told]] = {}
        for told in telling.times:
            at = told.mention.start
            if claim.start <= at < claim.end:
                place = "clause"
            elif any(a <= at < b for a, b in also):
                place = "also"
            elif sentence is not None and sentence.start <= at < end:
                place = "left" if at < claim.start else "right"
            else:
                gap = index - (bisect.bisect_right(telling.starts, at) - 1)
                if gap > 2 and telling.past_text:
                    place = "far"
                elif 1 <= gap <= 2 or gap == -1:
                    place = f"back{gap}" if gap > 0 else "ahead"
                else:
                    continue
            places.setdefault(place, []).append(told)
        seen = {id(t) for group in places.values() for t in group}
        places["head"] = [t for t in self.head_times if id(t) not in seen]
        for place, group in places.items():
            group.sort(key=lambda t: (telling.distance(claim, t), t.mention.start))
            for rank, told in enumerate(group[:_MOST_TIMES]):
                yield place, told, rank

    def _taken(self, claim: Claim, place: str, told: Told, rank: int) -> Iterator[tuple[str, str, Sequence[str]]]:
        value = told.value
        if told.relation == "beside" or not _sound(value):
            return
        start, _, end = value.partition("/")
        features = self.features.told(claim, place, told, rank)
        if told.relation != "until" or end:
            value = value if start == self.news else up_to_news(value, self.news, claim)
            yield value, f"{place}:at", [f"at:{f}" for f in features]
        if start != "..":
            if self.news is None or claim.type not in _OVER or claim.certainty == "expected":
                yield f"{start}/..", f"{place}:from", [f"from:{f}" for f in features]
            if self.news is not None and start != self.news:
                yield f"{start}/{self.news}", f"{place}:to-date", [f"to-date:{f}" for f in features]
        last = end or start
        if last != "..":
            yield f"../{last}", f"{place}:until", [f"until:{f}" for f in features]
        if len(start) >= 7 and place != "head":  # about when it was, of what is told beside a date
            yield f"{start[:4]}~", f"{place}:its-year", [f"its-year:{f}" for f in features]
            if len(start) >= 10:
                yield f"{start[:7]}~", f"{place}:its-month", [f"its-month:{f}" for f in features]


def _length(expression: str) -> int:
    """Days that a duration names, "more than seven weeks" 49; 0 when it names none or less than a day."""
    parsed = parse(expression)
    if parsed is None or parsed[0] != "duration":
        return 0
    groups = parsed[1].groupdict()
    count, _ = number_of(groups.get("n"))
    return min(_LONGEST, (count or 0) * _DAYS.get(groups.get("u") or "", 0))


def _day(date: str | None) -> str | None:
    """Where a date begins, or for one open before it where it ends."""
    if date is None:
        return None
    start, _, end = date.partition("/")
    return end if start == ".." else start


@lru_cache(maxsize=65536)
def _sound(date: str) -> bool:
    """Whether the date is valid and does not end before it begins."""
    if not edtf.valid(date):
        return False
    start, end = edtf.bounds(date)
    return (start or end) is not None and (start is None or end is None or start <= end)
