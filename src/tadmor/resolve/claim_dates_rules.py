"""The date that the codebook's practice gives a claim, by rules, from what its report says of when.

In this order: the time expression in the claim's own clause (or in another clause that states the same claim), read with
the preposition before it ("since March" opens an interval, "until May" closes one); what its sentence says; for a
state told in the present, an interval open from the day of publication; for an event of a news report without a time
of its own, the day that the narrative has reached, else the report's news date. A retrospective text has no news date:
there an event without a time takes that of the narrative or stays undated.

The order and its thresholds were learnt from the coded training reports (FA-KES and Guardian texts), where the date of
3 claims in 10 is said in their clause, of 2 in 10 in their sentence, and of the others only implied.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from tadmor.model import Claim, Reading
from tadmor.reading.text import Sentence
from tadmor.resolve.claim_dates_told import Times, Told, first, precedes, up_to_news, width
from tadmor.resolve.times_lexicon import lexicon
from tadmor.taxonomy import UTTERANCES

STATES = frozenset({"territory_held", "siege", "support", "deployment"})
_OPEN_STATES = frozenset({"territory_held", "siege"})
_TALLIED = frozenset(
    {"casualties", "displacement", "air_strike", "attack_on_civilians", "shelling", "arrest", "bombing", "destruction"}
)
_LEAD_SENTENCES = 2
_BRIEF_SENTENCES = 60  # a report of no more sentences is news throughout; a longer one turns to background

_PROGRESSIVE = re.compile(
    r"\b(?:(?:is|are|'re|’re|'s|’s|has been|have been) (?:\w+ly |still |now |also )?\w{2,}ing"
    r"|continu(?:e|es|ing) (?:to|its|their)|remains?|still|ongoing|currently|(?:is|are) (?:\w+ly |still |now )?"
    r"(?:under|in|besieged|trapped|held|holding|supported|backed|led|based|being))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|been|\w{3,}ed|took|fell|fled|left|began|fought|struck|lost|won|led|shot|sent)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:former|formerly|once|previously|used to|had (?:been |long |once )?(?:held|controlled|been|occupied|"
    r"ruled)|ex-|(?:last|final) (?:\w+ )?(?:stronghold|bastion|enclave|redoubt|pocket))\b",
    re.IGNORECASE,
)
_TOLL = re.compile(
    r"\b(?:killed|died|dead|deaths?|injured|wounded|displaced|fled|victims|recorded|documented)\b", re.IGNORECASE
)
_RECENTLY = re.compile(r"\b(?:recently|lately|in recent days|of late)\b", re.IGNORECASE)
_WAR = re.compile(
    r"\b(?:war|conflict|uprising|rebellion|revolt|revolution|crisis|unrest|violence|insurgency|it|hostilities)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"\b(?:since|began|begun|started|erupted|broke out|outbreak|beginning|start|year-old|-year)\b", re.IGNORECASE
)
_PERFECT = re.compile(
    r"\b(?:has|have|had) (?:\w+ )?(?:been |put |left |caused |driven |forced |claimed )?\w+", re.IGNORECASE
)
_HELD = re.compile(
    r"\b(?:being|in custody|behind bars|in prison|held (?:by|in)|imprisoned|jailed|detained in)\b", re.IGNORECASE
)
_HABIT = re.compile(
    r"\b(?:regularly|routinely|daily|every day|continues?|continuing|continually|unabated|ongoing)\b", re.IGNORECASE
)
_MODAL = re.compile(
    r"\b(?:will|would|could|might|may|shall|should|if|until|unless|once|can|hopes?|hoped|wants?|wanted|intend"
    r"(?:s|ed)?|plans?|planned)\b",
    re.IGNORECASE,
)
_KIN = {
    "casualties": "blast",
    "air_strike": "blast",
    "shelling": "blast",
    "bombing": "blast",
    "destruction": "blast",
    "chemical_attack": "blast",
    "armed_clash": "ground",
    "advance": "ground",
    "attack_repelled": "ground",
    "territory_taken": "ground",
    "territory_lost": "ground",
}
# Characters; what follows counts threefold, since a report mostly dates an event when it first tells of it.
_KIN_REACH = 1200
_GREAT_TOLL = 10_000  # a toll of a whole war and not of an incident


class Telling(Times):
    """The times of a report with the rules that give its claims their dates."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self._own_dates: dict[str, str | None] = {}

    def rule(self, claim: Claim) -> str | None:
        """The date that the rules give the claim."""
        own = self.own(claim)
        if claim.type in UTTERANCES:
            return self._uttered(claim)
        if own:
            return self._from_own(claim, own)
        if claim.type in _OPEN_STATES and claim.certainty not in ("denied", "expected"):
            return self._state(claim)
        sentence = self.sentence(claim.start)
        beside = self.beside(claim, sentence)
        if war := self.since_war_began(claim, sentence):
            return war
        if claim.certainty == "expected" and claim.type != "casualties":  # a toll that may rise is of the event's day
            return None if _MODAL.search(claim.text) else self._open_now()
        if _HABIT.search(claim.text) and not self.past_text:
            return self._open_now()
        if _PROGRESSIVE.search(claim.text) and not self.past_text:
            return self._open_now()
        lasting = claim.type in STATES and claim.certainty != "denied" and not (beside and claim.type == "deployment")
        if lasting and (claim.type == "support" or not _PAST.search(claim.text)):
            return self._open_now()
        if claim.type == "arrest" and _HELD.search(claim.text) and not self.past_text:
            return self._open_now()
        if beside:
            return self._with_relation(claim, beside)
        if _RECENTLY.search(claim.text) and self.published and not self.past_text:
            return self.published[:7] + "~"
        return self._inherited(claim, sentence)

    # --- how the value is taken -------------------------------------------------------------------------------------

    def _from_own(self, claim: Claim, own: Sequence[Told]) -> str | None:
        anchor = claim.trigger.start if claim.trigger else claim.start
        exact = [t for t in own if first(t.value) is not None]
        pool = exact or list(own)
        if claim.trigger:
            best = min(pool, key=lambda t: (abs(t.mention.start - anchor), t.mention.start))
        else:
            best = min(pool, key=lambda t: (width(t.value) > 40, t.mention.start))
        return self._with_relation(claim, best)

    def _with_relation(self, claim: Claim, told: Told) -> str | None:
        value = told.value
        start, _, end = value.partition("/")
        told_of = 0 <= told.since < claim.start  # the claim is itself what happened then
        if told.relation == "since" and not told_of:
            now = self.published if not self.article else None
            closed = claim.type in _TALLIED or _TOLL.search(claim.text) is not None
            if closed and now and precedes(start, now):
                return f"{start}/{now}"
            return f"{start}/.."
        if told.relation == "until" and not end:
            return f"../{value}"
        if claim.type in _OPEN_STATES and not end and claim.certainty == "asserted":
            return f"{start}/.." if not self.past_text else value
        return up_to_news(value, self.published, claim)

    def _uttered(self, claim: Claim) -> str | None:
        """An utterance has the day on which it was said: a weekday beside the cue, else the report's news date."""
        trigger = claim.trigger
        at = trigger.start if trigger else claim.start
        sentence = self.sentence(claim.start)
        if sentence is not None:
            near = [
                t
                for t in self.times
                if sentence.start <= t.mention.start < sentence.end and t.relation == "at" and not self.dateline(t)
            ]
            near = [
                t
                for t in near
                if (width(t.value) <= 2 and abs(t.mention.start - at) <= 60) or t.mention.start < claim.start
            ]
            if near:
                return min(near, key=lambda t: abs(t.mention.start - at)).value
        if self.past_text:
            return self.narrative(claim)
        return self.published

    def _state(self, claim: Claim) -> str | None:
        sentence = self.sentence(claim.start)
        if self.past_text:
            value = self.narrative(claim)
            return f"{value}/.." if value and "/" not in value else value
        if self.published is None:
            return None
        if _FORMER.search(claim.text) and sentence is not None:
            return f"../{self.published}"
        return f"{self.published}/.."

    def _open_now(self) -> str | None:
        return f"{self.published}/.." if self.published and not self.past_text else None

    # --- what is only implied ---------------------------------------------------------------------------------------

    def since_war_began(self, claim: Claim, sentence: Sentence | None) -> str | None:
        """The span of a toll that is counted from the beginning of a war, or None when it is no such toll."""
        if claim.type not in ("casualties", "displacement", "armed_clash", "attack_on_civilians") or sentence is None:
            return None
        if self.published is None or self.past_text:
            return None
        numbers = [int(n.replace(",", "")) for n in re.findall(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{5,}\b", claim.text)]
        great = any(n >= _GREAT_TOLL for n in numbers) or re.search(
            r"\b(?:millions?|tens of thousands|hundreds of thousands|half)\b", claim.text
        )
        said = sentence.text
        counted = re.search(r"\bsince\b", said) and _WAR.search(said) and _BEGAN.search(said) and _TOLL.search(said)
        if not (counted or (great and _TOLL.search(said))) or not (_PERFECT.search(said) or counted):
            return None
        index = bisect.bisect_right(self.starts, claim.start) - 1
        low = self.starts[max(0, index - 1)]
        high = self.sentences[min(index + 1, len(self.sentences) - 1)].end
        for told in self.times:  # the text's own word for when it began comes first
            before = self.text[max(low, told.mention.start - 90) : told.mention.start]
            if low <= told.mention.start < high and _WAR.search(before) and _BEGAN.search(before):
                start = told.value.partition("/")[0]
                return f"{start}/{self.published}" if precedes(start, self.published) else None
        if not _WAR.search(said) and not great:
            return None
        for name, began in lexicon()["wars"].items():
            if name in self.folded and precedes(began, self.published):
                return f"{began}/{self.published}"
        return None

    def _inherited(self, claim: Claim, sentence: Sentence | None) -> str | None:
        if self.past_text:
            return self.narrative(claim)
        index = bisect.bisect_right(self.starts, claim.start) - 1
        kindred = self.kindred(claim)
        if kindred:
            return kindred
        narrative = self.narrative(claim, within=2)
        if narrative:
            return narrative
        if index < _LEAD_SENTENCES or (sentence is not None and sentence.passage in self.heads):
            return self.published
        return self.published if len(self.sentences) <= _BRIEF_SENTENCES else None

    def kindred(self, claim: Claim) -> str | None:
        """The day of the nearest claim of the same kind that says its own: reports tell one event in several sentences."""
        best: tuple[int, str] | None = None
        for other in self.claims:
            if other is claim or _KIN.get(other.type, other.type) != _KIN.get(claim.type, claim.type):
                continue
            if other.certainty == "expected" or other.start == claim.start:
                continue
            value = self._said(other)
            if value is None or width(value) > 2 or self.stale(value):
                continue
            gap = claim.start - other.start if other.start < claim.start else 3 * (other.start - claim.start)
            if best is None or gap < best[0]:
                best = (gap, value)
        return best[1] if best and best[0] <= _KIN_REACH else None

    def _said(self, claim: Claim) -> str | None:
        """What the claim's own clause, or else its sentence, says of its day."""
        if claim.id not in self._own_dates:
            own = self.own(claim)
            told = own[0] if own else self.beside(claim, self.sentence(claim.start))
            self._own_dates[claim.id] = told.value if told is not None and told.relation == "at" else None
        return self._own_dates[claim.id]

    def narrative(self, claim: Claim, within: int = 10_000) -> str | None:
        """The last day (or, in a retrospective text, month) told before the claim, not more than ``within`` sentences back."""
        index = bisect.bisect_right(self.starts, claim.start) - 1
        low = self.starts[max(0, index - within)] if self.starts else 0
        widest = 40 if self.past_text else 2
        for told in reversed(self.times):
            here = low <= told.mention.start < claim.start and told.relation == "at" and not self.dateline(told)
            if here and width(told.value) <= widest and (self.past_text or not self.stale(told.value)):
                return told.value
        return None
