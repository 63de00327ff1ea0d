"""The dates that a claim may have, and what speaks for each: candidates with features for the learnt choice.

The candidates are few: no date; the day of publication, the day before, the interval open from or up to it, its month
or year as approximate; every time told in the clause, its sentence, the two sentences before and the head of the report,
taken as it stands or as one end of an interval; the date of a kindred claim; what the rules say. Candidates that come to the
same date are one candidate of several kinds. A retrospective text has none that leans on its publication, and where the
date of publication is unknown only what the text itself tells remains.
"""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tadmor import edtf
from tadmor.model import Claim
from tadmor.resolve.claim_dates_rules import STATES, Telling, Told, width
from tadmor.taxonomy import UTTERANCES

_SIGNALS = {
    "progressive": r"(?:is|are|'re|’re|'s|’s|been|being) (?:\w+ly |still |now |also )?\w{2,}ing",
    "perfect": r"(?:has|have|'ve|’ve) (?:\w+ly |already |also |now |since |not |n't |so far )?(?:been |had )?\w+",
    "perfect-been": r"(?:has|have) (?:\w+ )?been",
    "pluperfect": r"had (?:\w+ly |already |also |not )?(?:been )?\w+(?:ed|en|n|t)",
    "past": r"was|were|did|took|fell|fled|left|began|fought|struck|lost|won|led|shot|sent|said|came|went|hit|held|\w{3,}ed",
    "past-be": r"was|were",
    "present": r"is|are|am|has|have|do|does",
    "present-s": r"remains?|holds?|controls?|continues?|stands?|faces?|backs?|supports?|wants?|seeks?|fights?|lives?|keeps?",
    "future": r"will|would|shall|going to|(?:is|are) (?:to|set to|expected to|due to|about to|likely to)|plans? to|'ll|’ll",
    "modal": r"could|might|may|should|must|can|if|unless|whether",
    "infinitive": r"to (?:\w+ly )?[a-z]{3,}",
    "ing": r"\w{3,}ing",
    "since": r"since",
    "until": r"until|till",
    "ago": r"ago",
    "still": r"still|yet|remain(?:s|ed|ing)?",
    "continue": r"continu\w+|ongoing|persist\w*|unabated",
    "recent": r"recent|recently|lately|latest",
    "so-far": r"so far|to date|thus far|until now|up to now",
    "now": r"now|currently|today|at present|presently|nowadays",
    "already": r"already",
    "former": r"former|formerly|once|previously|earlier|used to|then|at the time|ex-\w+|original(?:ly)?",
    "after": r"after|following|in the wake of|later",
    "before": r"before|prior to|ahead of",
    "when": r"when|while|as|during|amid",
    "again": r"again|also|too|another|repeated\w*|several times",
    "often": r"often|regularly|routinely|daily|usually|always|frequently|constantly|every|repeatedly",
    "war": r"war|conflict|uprising|revolution|crisis|revolt|rebellion",
    "years": r"years?|decades?|long",
    "months": r"months?|weeks?",
    "days": r"days?|hours?|overnight|morning|evening|night",
    "last": r"last|past|previous",
    "first": r"first|began|begun|start(?:ed|s|ing)?|launch(?:ed|es|ing)?",
    "end": r"end(?:ed|s|ing)?|final(?:ly)?|over|lift(?:ed)?|broke|collapsed",
    "new": r"new|newly|just|fresh",
    "total": r"total|overall|altogether|more than|at least|some|over|nearly|up to",
    "thousands": r"thousands?|millions?|\d{1,3}(?:,\d{3})+",
    "not": r"no|not|never|n't|n’t|denied|without",
    "plan": r"plan\w*|aim\w*|prepar\w+|intend\w*|hop(?:e|es|ing)|expect\w*|ready|trying|try|seek\w*",
    "held": r"held by|controlled by|under|stronghold|hands of|in control",
    "said-who": r"according to|said|told|added|reported|confirmed|stated",
}
_SIGNAL = {
    name: re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", re.IGNORECASE) for name, pattern in _SIGNALS.items()
}
_SIGNAL["held"] = re.compile(rf"-(?:held|controlled|occupied)\b|{_SIGNAL['held'].pattern}", re.IGNORECASE)
_SENTENCE_SIGNALS = (
    "progressive", "perfect", "past", "future", "modal", "since", "until", "ago", "still", "continue", "recent", "so-far",
    "now", "former", "after", "before", "often", "war", "years", "last", "thousands", "said-who",
)  # fmt: skip
# What is over when it is told: in no coded report is one of these open since an earlier day.
_OVER = frozenset({"casualties", "territory_taken", "attack_repelled", "chemical_attack"})
_HEAD_SENTENCES = 3
_MOST_TIMES = 4  # of one place, nearest first
_FINITE = ("progressive", "perfect", "past", "present", "present-s", "future", "modal")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date (EDTF, or None for no date) with the kinds under which it came up and the features of each kind."""

    date: str | None
    kinds: tuple[str, ...]
    features: tuple[str, ...]


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
        self._signals: dict[tuple[int, int, int], list[str]] = {}

    # --- the claim --------------------------------------------------------------------------------------------------

    def context(self, claim: Claim) -> list[str]:
        """What is known of the claim whatever its date: type, certainty, tense, signal words, where it stands."""
        telling, rule = self.telling, self.rules[claim.id]
        signals = self._in(claim.start, claim.end)
        out = ["bias", f"type:{claim.type}", f"certainty:{claim.certainty}", *(f"has:{s}" for s in signals)]
        kind = "utterance" if claim.type in UTTERANCES else "state" if claim.type in STATES else "event"
        tense = next((s for s in _FINITE if s in signals), "none")
        out += [f"tense:{tense}", f"tense:{tense}:{kind}", f"certainty:{claim.certainty}:{kind}"]
        sentence = telling.sentence(claim.start)
        index = bisect.bisect_right(telling.starts, claim.start) - 1
        if sentence is not None:
            around = self._in(sentence.start, sentence.end, _SENTENCE_SIGNALS)
            out += [f"around:{s}" for s in around if s not in signals]
            if _quoted(telling.text[telling.starts[max(0, index - 1)] : claim.start]):
                out.append("quoted")
            if sentence.passage in telling.heads:
                out.append("head")
        out.append(f"place:{0 if index == 0 else 1 if index == 1 else 2 + min(3, 4 * index // self.size)}")
        out.append(f"length:{min(4, self.size.bit_length() // 2)}")
        source = "past" if telling.past_text else "news" if telling.published else "undated"
        out += [f"text:{source}", f"rule:{self._form(rule)}"]
        out.append(f"words:{min(4, (claim.end - claim.start) // 40)}")
        return out

    def _in(self, start: int, end: int, names: Sequence[str] = tuple(_SIGNAL)) -> list[str]:
        """The signals among ``names`` in this piece of the text."""
        key = (start, end, len(names))
        if key not in self._signals:
            text = self.telling.text[start:end]
            self._signals[key] = [n for n in names if _SIGNAL[n].search(text)]
        return self._signals[key]

    def _form(self, date: str | None) -> str:
        if date is not None and date == self.news:
            return "day"
        return f"{'open' if date == f'{self.news}/..' else _shape(date)}"

    # --- its candidates ---------------------------------------------------------------------------------------------

    def of(self, claim: Claim) -> list[Candidate]:
        """The candidates of ``claim``, each date once."""
        found: dict[str | None, tuple[list[str], list[str]]] = {}
        for date, kind, features in self._all(claim):
            if date is not None and not _sound(date):
                continue
            kinds, active = found.setdefault(date, ([], []))
            if kind not in kinds:
                kinds.append(kind)
                active.extend(f for f in features if f not in active)
        near = self._neighbours(claim)
        for date, (kinds, active) in found.items():
            kinds.append(f"shape:{_shape(date)}")
            active.extend(
                f"{name}{'=' if date == other else '~' if _day(date) == _day(other) else '!'}" for name, other in near
            )
            if date is not None:
                active.append(f"telling:{min(3, self.told_often[_day(date)])}")
                active.append(f"dated:{min(4, round(4 * self.dated_often[date] / self.dated))}")
        return [Candidate(date, tuple(kinds), tuple(active)) for date, (kinds, active) in found.items()]

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

    def _all(self, claim: Claim) -> Iterator[tuple[str | None, str, Sequence[str]]]:
        yield None, "none", ()
        yield self.rules[claim.id], "rule", ()
        news = self.news
        if news is not None:
            yield news, "day", ()
            yield f"{news}/..", "open", ()
            yield f"../{news}", "closed", ()
            yield f"{news[:4]}~", "year", ()
            if len(news) >= 7:
                yield f"{news[:7]}~", "month", ()
            if len(news) == 10 and edtf.valid(news):
                eve = (dt.date.fromisoformat(news) - dt.timedelta(1)).isoformat()
                yield eve, "eve", ()
                yield f"{eve}/{news}", "overnight", ()
        for place, told, rank in self._times(claim):
            yield from self._taken(claim, place, told, rank)
        kindred = self.telling.kindred(claim)
        if kindred is not None:
            yield kindred, "kindred", ()

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
        features = self._told(claim, place, told, rank)
        if told.relation != "until" or end:
            yield value, f"{place}:at", [f"at:{f}" for f in features]
        if start != "..":
            if self.news is None or claim.type not in _OVER or claim.certainty == "expected":
                yield f"{start}/..", f"{place}:from", [f"from:{f}" for f in features]
            if self.news is not None and start != self.news:
                yield f"{start}/{self.news}", f"{place}:to-date", [f"to-date:{f}" for f in features]
        last = end or start
        if last != "..":
            yield f"../{last}", f"{place}:until", [f"until:{f}" for f in features]

    def _told(self, claim: Claim, place: str, told: Told, rank: int) -> list[str]:
        telling = self.telling
        days = width(told.value)
        out = [
            f"{place}:rank{min(rank, 2)}",
            f"{place}:{told.relation}",
            f"width:{0 if days == 0 else 1 if days <= 2 else 2 if days <= 10 else 3 if days <= 40 else 4 if days <= 400 else 5}",
            f"{place}:far{min(5, telling.distance(claim, told) // 30)}",
            f"relation:{told.relation}:{claim.type}",
        ]
        if "~" in told.value:
            out.append("about")
        if place != "clause" and telling.taken(told, claim):
            out.append(f"{place}:taken")
        if telling.dateline(told):
            out.append(f"{place}:dateline")
        out.append(f"{place}:age{self._age(told.value)}")
        return out

    def _age(self, value: str) -> str:
        if self.news is None:
            return "?"
        first, last = edtf.bounds(value)
        now = edtf.bounds(self.news)[1]
        end = last or first
        if end is None or now is None:
            return "?"
        days = (now - end).days
        return "+" if days < 0 else str(next(i for i, n in enumerate((0, 1, 3, 7, 31, 366, 10**9)) if days <= n))


def _shape(date: str | None) -> str:
    if date is None:
        return "none"
    if date.endswith("/.."):
        return "from"
    if date.startswith("../"):
        return "until"
    if "/" in date:
        return "span"
    return "about" if "~" in date else "day" if len(date) == 10 else "long"


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


def _quoted(before: str) -> bool:
    """Whether a quotation stands open at the end of ``before``."""
    opened = max(before.rfind("“"), before.rfind("``"))
    if opened >= 0 or "”" in before:
        return opened > before.rfind("”")
    return before.count('"') % 2 == 1
