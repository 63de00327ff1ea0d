"""The likeliest course of a place: which sequence of holders the evidence of all days, taken together, supports best.

One claim may be wrong: about another place, another day, or a part. So no day is judged alone. Every sequence of holders
is given points for what it agrees with and loses some for every change; the best sequence is found by dynamic programming
(Viterbi), and is the same for every order of the evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tadmor.reconcile.bearing import UNNAMED
from tadmor.reconcile.credibility import backing
from tadmor.reconcile.days import span
from tadmor.reconcile.evidence import Evidence, Holder
from tadmor.reconcile.settling import stranger

CHANGE = 0.37  # what a change of holder costs on a day of which somebody tells it
UNTOLD = 1.1  # what it costs where nobody tells of a capture or a loss
FORGOTTEN = 180  # days of silence by which the difference of the two halves: what nobody looked at may have changed
HISTORY = 3 * 365  # days of silence after which nothing carries over
BEFORE = 0.5  # of a capture's weight: that its taker did not have the place until then, or that a loser had it
ALLY_BEFORE = 0.25  # the same where only an ally had it
FOUGHT = 0.1  # the same, that one who fights there on the day of the capture had it
RIVAL = 0.25  # the same, that the one from whom it was taken had it
OTHER = 0.75  # of the weight of a loss: that some party of another side has the place
OTHER_ALLY = 0.6  # that an ally of the loser has it
UNKNOWN = 0.02  # by how much any known holder is preferred to none where nothing else decides
GONE = 0.75  # that nobody has it
ALLY = 0.95  # of a state's weight: that another party of the same side has the place ("rebel-held")
ALLY_TOOK = 0.3  # the same of a capture
DEFENDED = 0.1  # the same, that the one attacked has it
LOOSE = 0.4  # a state said to have begun in some month or year: a weak word on its first day
STRANGER = 0.25  # what the claim of a party without identity and side weighs
PRECISION = ((7, 1.0), (31, 0.6), (92, 0.4))  # days that a capture's date covers, and what its weight is multiplied by
VAGUE = 0.25
EASE = 0.25  # added to the reader's own probability, so that a sure reading counts in full
MOST = 2.0  # what all that is said on one day for one holder weighs at most
TIE = 1e-9  # scores that differ by no more are equal but for the rounding of their sums
NOBODY = "nobody"


def course(found: Sequence[Evidence], reliability: Mapping[str, str] | None = None) -> dict[int, str]:
    """For every day with evidence the key of the holder in the best sequence, or ``NOBODY``."""
    days: dict[int, list[Evidence]] = defaultdict(list)
    for e in found:
        days[e.day].append(e)
        if e.lasts and e.effect == "hold" and e.until > e.day:
            days[e.until].append(e)
    camps = {h.key: h.camp for e in found for h in (*e.holders, *e.rivals)}
    known = {h.key for e in found for h in (*e.holders, *e.rivals) if h.side or not stranger(h)}
    states = [NOBODY, *sorted(known | {h.key for e in found for h in e.holders if e.effect != "fight"})]
    score = {s: -UNKNOWN if s == NOBODY else 0.0 for s in states}
    back: list[tuple[int, dict[str, str]]] = []
    spoken: int | None = None  # the last day for which somebody tells who has or takes the place
    for day in sorted(days):
        points, stayed, left, told = _points(day, days[day], camps, states, reliability)
        silence = day - spoken if spoken else HISTORY
        if any(e.effect not in ("fight", "siege", "lift") for e in days[day]):
            spoken = day
        # from whom the place goes over is the same for all to whom it may go, but for the one who has it already
        leaving = {p: score[p] + left.get(p, 0.0) for p in states}
        first = _first(leaving, None)
        second = _first(leaving, first)
        new: dict[str, float] = {}
        came: dict[str, str] = {}
        for s in states:
            best, origin = score[s] + stayed.get(s, 0.0), s
            p = second if s == first else first
            if p is not None and (value := leaving[p] - _cost(s, told, silence)) > best + TIE:
                best, origin = value, p
            new[s], came[s] = best + points.get(s, 0.0), origin
        score = new
        back.append((day, came))
    out: dict[int, str] = {}
    at = max(states, key=lambda s: score[s])
    for day, came in reversed(back):
        out[day] = at
        at = came[at]
    if back:
        out[back[0][0] - 1] = at  # who had it before the first day of which anything is told
    return out


def _first(scores: Mapping[str, float], but: str | None) -> str | None:
    """The first of those that score best, leaving out ``but``."""
    most = max((v for p, v in scores.items() if p != but), default=0.0)
    return next((p for p, v in scores.items() if p != but and v >= most - TIE), None)


def _cost(state: str, told: set[str], silence: int) -> float:
    """What it costs that the place goes over to this state, ``silence`` days after its holder was last spoken of."""
    if silence >= HISTORY:
        return UNKNOWN if state == NOBODY else 0.0  # nothing carries over from another war
    if state in told or (told and state == NOBODY):
        return CHANGE
    return CHANGE + (UNTOLD - CHANGE) * float(0.5 ** (silence / FORGOTTEN))


def _points(
    day: int,
    items: Sequence[Evidence],
    camps: Mapping[str, str],
    states: Sequence[str],
    reliability: Mapping[str, str] | None,
) -> tuple[dict[str, float], dict[str, float], dict[str, float], set[str]]:
    """Points of this day for each state, for each state until then if it stays and if it goes, and who may come."""
    points: dict[str, float] = defaultdict(float)
    stayed: dict[str, float] = defaultdict(float)
    left: dict[str, float] = defaultdict(float)
    told: set[str] = set()
    groups: dict[tuple[str, Holder], list[Evidence]] = defaultdict(list)
    taken = {(e.account.ref.report, e.account.sentence): e.holders[0].camp for e in items if e.effect == "take"}
    for e in items:
        taker = taken.get((e.account.ref.report, e.account.sentence)) if e.effect == "hold" else None
        if taker and taker != e.holders[0].camp:
            # "captured the rebel stronghold": a state told in the sentence of a capture is that of before
            stayed[e.holders[0].key] += RIVAL
            left[e.holders[0].key] += RIVAL
            continue
        for h in e.holders:
            groups[e.effect, h].append(e)
    for (effect, h), es in groups.items():
        w = _weight(es, day, reliability) * (STRANGER if stranger(h) and not h.side else 1.0)
        rivals = {r.key for e in es for r in e.rivals}
        if effect in ("take", "hold", "keep"):
            ally = (
                0.0
                if effect == "take" and any(camps.get(r) == h.camp for r in rivals)
                else ALLY
                if effect == "hold"
                else ALLY_TOOK
            )
            for s in states:
                if s == h.key:
                    points[s] += w
                elif camps.get(s) == h.camp:
                    points[s] += ally * w
        if effect == "take":
            if max(e.share for e in es) >= UNNAMED:
                told.add(h.key)
            for f in (f for e in items if e.effect == "fight" for f in (*e.holders, *e.rivals)):
                if f.camp != h.camp and f.key in camps:
                    stayed[f.key] += FOUGHT * w
                    left[f.key] += FOUGHT * w
            for p in states:
                if p != h.key:
                    gain = (BEFORE if camps.get(p) != h.camp or p in rivals else ALLY_BEFORE) + (
                        RIVAL if p in rivals else 0.0
                    )
                    stayed[p] += w * gain
                    left[p] += w * gain
        elif effect in ("lose", "refuse"):
            if effect == "lose":
                left[h.key] += w * BEFORE
            for s in states:
                if s != h.key:
                    points[s] += w * (GONE if s == NOBODY else OTHER if camps.get(s) != h.camp else OTHER_ALLY)
                    if effect == "lose" and max(e.share for e in es) >= UNNAMED:
                        told.add(s)
            if effect == "lose":
                for r in rivals & set(states):
                    points[r] += w / 2
        elif h.key in states:
            points[h.key] += DEFENDED * w
    return points, stayed, left, told


def _weight(items: Sequence[Evidence], day: int, reliability: Mapping[str, str] | None) -> float:
    """The summed weight of the independent sources, each by how far and how surely it speaks of the place itself."""
    total = 0.0
    by_ref = {e.account.ref: e for e in items}
    for b in backing([e.account for e in items], reliability):
        shares = [_firmness(by_ref[s.ref], day) for s in b.speakers if s.ref in by_ref]
        total += b.weight * max(shares, default=1.0)
    return min(MOST, total)


def _firmness(e: Evidence, day: int) -> float:
    """How far an account speaks of this place and this very day: by its words, the reader's probability and the date."""
    sure = e.share * min(1.0, EASE + e.account.claim.score) / (len(e.holders) if e.effect in ("take", "lose") else 1)
    if e.effect == "hold":
        return sure * (LOOSE if e.lasts and day == e.day and len(e.label) < 10 else 1.0)
    return sure * next((f for most, f in PRECISION if _width(e) <= most), VAGUE)


def _width(e: Evidence) -> int:
    days = span(e.account.claim.date)
    return 400 if days is None else days[1] - days[0]
