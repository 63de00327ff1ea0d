"""What speaks for and against the dates that a claim may have: features of the claim and of the times told near it.

Features are short names; what each is worth for which kind of candidate stands in ``data/claim_dates.json``. The words of
the clause are features too: of those not in the file, nothing is known.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from functools import lru_cache

from tadmor import edtf
from tadmor.model import Claim
from tadmor.resolve.claim_dates_rules import STATES, Telling
from tadmor.resolve.claim_dates_told import Told, width
from tadmor.resolve.times_grammar import parse
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
_FINITE = ("progressive", "perfect", "past", "present", "present-s", "future", "modal")
_WORD = re.compile(r"[A-Za-z]+|\d+")
_WORDS_BEFORE = 3
_JOINS = {
    name: re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", re.IGNORECASE)
    for name, pattern in {
        "relative": "which|who|whom|whose|that|where",
        "when": "when|while|as|during|amid",
        "after": "after|following|since",
        "before": "before|until|ahead",
        "and": "and",
        "but": "but|although|though|despite|however",
        "said": "said|says|told|reported|according|added|announced",
        "by": "by|of|for",
    }.items()
} | {"comma": re.compile("[,;:()–—]"), "quotation": re.compile(r"[\"“”]")}


class Features:
    """Features of the claims of one report, ``order`` its claims in text order; ``news`` is its news date or None."""

    def __init__(self, telling: Telling, news: str | None, order: Sequence[Claim]) -> None:
        self.telling = telling
        self.news = news
        self.begins = [c.start for c in order]
        self.size = max(1, len(telling.sentences))
        self._signals: dict[tuple[int, int, int], list[str]] = {}

    def context(self, claim: Claim, rule: str | None) -> list[str]:
        """What is known of the claim whatever its date: type, certainty, tense, words, where it stands, times near it."""
        telling = self.telling
        signals = self._in(claim.start, claim.end)
        out = ["bias", f"type:{claim.type}", f"certainty:{claim.certainty}", *(f"has:{s}" for s in signals)]
        kind = "utterance" if claim.type in UTTERANCES else "state" if claim.type in STATES else "event"
        tense = next((s for s in _FINITE if s in signals), "none")
        out += [f"tense:{tense}", f"tense:{tense}:{kind}", f"certainty:{claim.certainty}:{kind}"]
        sentence = telling.sentence(claim.start)
        index = max(0, bisect.bisect_right(telling.starts, claim.start) - 1)
        if sentence is not None:
            around = self._in(sentence.start, sentence.end, _SENTENCE_SIGNALS)
            out += [f"around:{s}" for s in around if s not in signals]
            if _quoted(telling.text[telling.starts[max(0, index - 1)] : claim.start]):
                out.append("quoted")
            if sentence.passage in telling.heads:
                out.append("head")
            earlier = bisect.bisect_left(self.begins, claim.start) - bisect.bisect_left(self.begins, sentence.start)
            out.append(f"nth:{min(2, earlier)}")
            if begins := _WORD.search(telling.text, sentence.start, sentence.end):
                out.append(f"begins:{begins[0].lower()}")
        out.append(f"place:{0 if index == 0 else 1 if index == 1 else 2 + min(3, 4 * index // self.size)}")
        out.append(f"sentence:{index if index < 4 else 4 + min(3, index.bit_length() - 3)}")
        out.append(f"length:{min(4, self.size.bit_length() // 2)}")
        source = "past" if telling.past_text else "news" if telling.published else "undated"
        out += [f"text:{source}", f"rule:{self._form(rule)}"]
        out.append(f"words:{min(4, (claim.end - claim.start) // 40)}")
        out += self._words(claim)
        return out

    def near(self, places: Sequence[tuple[str, Told, int]]) -> list[str]:
        """What kinds of time expression stand nearest at each of the places."""
        out = [f"{place}:{named(told.mention.text)}:{told.relation}" for place, told, rank in places if rank == 0]
        have = {place for place, _, _ in places}
        out += [f"no:{place}" for place in ("clause", "left", "right", "back1") if place not in have]
        if not have & {"clause", "also", "left", "right"}:
            out.append("no:sentence")
        return out

    def told(self, claim: Claim, place: str, told: Told, rank: int) -> list[str]:
        """What is known of a time told at ``place``, the ``rank``-th nearest there, as the date of the claim."""
        telling = self.telling
        days = width(told.value)
        span = 0 if days == 0 else 1 if days <= 2 else 2 if days <= 10 else 3 if days <= 40 else 4 if days <= 400 else 5
        at = told.mention
        out = [
            f"{place}:rank{min(rank, 2)}",
            f"{place}:{told.relation}",
            f"width:{span}",
            f"{place}:far{min(5, telling.distance(claim, told) // 30)}",
            f"relation:{told.relation}:{claim.type}",
            f"{place}:age{self._age(told.value)}",
            f"{place}:named:{named(at.text)}",
            f"{place}:type:{claim.type}",
        ]
        if "~" in told.value:
            out.append("about")
        if place != "clause" and telling.taken(told, claim):
            out.append(f"{place}:taken")
        if telling.dateline(told):
            out.append(f"{place}:dateline")
        before = _WORD.findall(telling.text[max(0, at.start - 20) : at.start])
        if before:
            out.append(f"preposition:{before[-1].lower()}")
        if place in ("left", "right"):
            low, high = (at.end, claim.start) if place == "left" else (claim.end, at.start)
            out += [f"{place}:{name}" for name, join in _JOINS.items() if join.search(telling.text, low, high)]
        if place in ("back1", "back2", "left"):
            between = bisect.bisect_left(self.begins, claim.start) - bisect.bisect_left(self.begins, at.start)
            out.append(f"{place}:between{min(3, between)}")
        return out

    def _words(self, claim: Claim) -> list[str]:
        text = self.telling.text
        inside = {_folded(w) for w in _WORD.findall(text[claim.start : claim.end])}
        before = _WORD.findall(text[max(0, claim.start - 60) : claim.start])[-_WORDS_BEFORE:]
        return [
            *(f"w:{w}" for w in sorted(inside)),
            *(f"w-{len(before) - i}:{_folded(w)}" for i, w in enumerate(before)),
        ]

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
        return f"{'open' if date == f'{self.news}/..' else shape(date)}"

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


def shape(date: str | None) -> str:
    """The form of a date: none, from, until, span, about, day or long."""
    if date is None:
        return "none"
    if date.endswith("/.."):
        return "from"
    if date.startswith("../"):
        return "until"
    if "/" in date:
        return "span"
    return "about" if "~" in date else "day" if len(date) == 10 else "long"


@lru_cache(maxsize=4096)
def named(expression: str) -> str:
    """The rule of the time grammar that the expression follows: weekday, month, date, shift, ..."""
    parsed = parse(expression)
    return parsed[0] if parsed else "other"


def _folded(word: str) -> str:
    return "#" if word.isdigit() else word.lower()


def _quoted(before: str) -> bool:
    """Whether a quotation stands open at the end of ``before``."""
    opened = max(before.rfind("“"), before.rfind("``"))
    if opened >= 0 or "”" in before:
        return opened > before.rfind("”")
    return before.count('"') % 2 == 1
