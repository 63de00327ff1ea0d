"""The likeliest course of a place: which sequence of holders the evidence of all days, taken together, supports best.

One claim may be wrong: about another place, another day, or a part. So no day is judged alone. Every sequence of holders
is given points for what it agrees with and loses some for every change; the best sequence is found by dynamic programming
(Viterbi), and is the same for every order of the evidence.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tadmor.reconcile.bearing import UNNAMED
from tadmor.reconcile.credibility import backing
from tadmor.reconcile.days import span
from tadmor.reconcile.evidence import Evidence, Holder
from tadmor.reconcile.homes import NOWHERE, Homes
from tadmor.reconcile.settling import stranger

CHANGE = 0.37  # what a change of holder costs on a day of which somebody tells it
UNTOLD = 1.1  # what it costs where nobody tells of a capture or a loss
FORGOTTEN = 180  # days of silence by which the difference of the two halves: what nobody looked at may have changed
HISTORY = 3 * 365  # days of silence after which nothing carries over
FIRST = 365  # days of silence that are counted before the first account, where it is known who had the place in peace
BEFORE = 0.5  # of a capture's weight: that its taker did not have the place until then, or that a loser had it
BEFORE_OTHER = 0.25  # the same of another than the one from whom it was taken
ALLY_BEFORE = 0.25  # the same where only an ally had it
FOUGHT = 0.1  # the same, that one who fights there on the day of the capture had it
RIVAL = 0.25  # the same, that the one from whom it was taken had it
OTHER = 0.75  # of the weight of a loss: that some party of another side has the place
OTHER_ALLY = 0.6  # that an ally of the loser has it
UNKNOWN = 0.02  # by how much any known holder is preferred to none where nothing else decides
GONE = 0.75  # that nobody has it
ALLY = 0.95  # of a state's weight: that another party of the same side has the place ("rebel-held")
NAMED = 0.3  # and that is multiplied by this where the party is named ("held by the Front"): its allies rather not
ALLY_TOOK = 0.3  # the same of a capture
DEFENDED = 0.1  # the same, that the one attacked has it
LOOSE = 0.4  # a state said to have begun in some month or year: a weak word on its first day
STRANGER = 0.25  # what the claim of a party without identity and side weighs
KEPT = 0.5  # of an attack that was beaten back, which was often not on the place itself
PRECISION = ((7, 1.0), (31, 0.8), (92, 0.6))  # days that a capture's date covers, and what its weight is multiplied by
VAGUE = 0.4
SURE = 0.75  # the reader's own probability from which on a claim counts in full
VACANT = 0.2  # what it costs more that nobody has the place
MOST = 2.0  # what all that is said on one day for one holder weighs at most
RARE = 0.15  # what it costs more for each e-fold by which less is told of a party than of the one most told of there
RAREST = 0.5  # and at most
NEAR = 500  # days; of whom nothing is told for so long before and after a loss, to him the place did not go
SELDOM = 0.15  # nor to a party for which it costs more
PRESUMED = 0.3  # by how much the government of the country is preferred before anything is told
TRUE = 0.7  # how often a sure claim that is about the place is right, so that the second by one source adds little
TIE = 1e-9  # scores that differ by no more are equal but for the rounding of their sums
NOBODY = "nobody"


def course(
    found: Sequence[Evidence], reliability: Mapping[str, str] | None = None, home: Homes = NOWHERE
) -> dict[int, str]:
    """For every day with evidence the key of the holder in the best sequence, or ``NOBODY``.

    ``home`` tells who is taken to have had the place before anything is told, and what a bare word for those who fight the
    government stands for: the same as its allies by name, not the other way round.
    """
    presumed = home.government
    generic = home.rebels.key if home.rebels else None
    days: dict[int, list[Evidence]] = defaultdict(list)
    for e in found:
        days[e.day].append(e)
        if e.lasts and e.effect == "hold" and e.until > e.day:
            days[e.until].append(e)
    camps = {h.key: h.camp for e in found for h in (*e.holders, *e.rivals)}
    known = {h.key for e in found for h in (*e.holders, *e.rivals) if h.side or not stranger(h)}
    if presumed:
        camps.setdefault(presumed.key, presumed.camp)
        known.add(presumed.key)
    states = [NOBODY, *sorted(known | {h.key for e in found for h in e.holders if e.effect != "fight"})]
    score = {s: -UNKNOWN if s == NOBODY else 0.0 for s in states}
    if presumed:
        score[presumed.key] += PRESUMED
    rare = _rarity(found, states)
    # the days, in order, on which each is told to have the place or to lose it
    heard: dict[str, list[int]] = defaultdict(list)
    for e in found:
        for h in (*e.holders, *e.rivals) if e.effect not in ("fight", "siege", "lift") else ():
            heard[h.key].append(e.day)
    back: list[tuple[int, dict[str, str]]] = []
    spoken: int | None = None  # the last day for which somebody tells who has or takes the place
    for day in sorted(days):
        about = {s for s in states if rare[s] < SELDOM and _heard(heard.get(s, ()), day)}
        points, stayed, left, told = _points(day, days[day], camps, states, about, generic, reliability)
        silence = day - spoken if spoken else FIRST if presumed else HISTORY
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
            if p is not None and (value := leaving[p] - _cost(s, told, silence) - rare[s]) > best + TIE:
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


def _rarity(found: Sequence[Evidence], states: Sequence[str]) -> dict[str, float]:
    """What it costs more that the place goes to a party of which little is said there: a lone name is often misread."""
    tally: dict[str, float] = defaultdict(float)
    for e in found:
        if e.effect in ("take", "hold", "keep"):
            for h in e.holders:
                tally[h.key] += e.share
        elif e.effect == "lose":
            for h in e.holders:
                tally[h.key] += e.share / 2
            for r in e.rivals:
                tally[r.key] += e.share / 2
    most = max(tally.values(), default=0.0)
    return {
        s: VACANT if s == NOBODY else min(RAREST, RARE * math.log((most + 1) / (tally.get(s, 0.0) + 1))) for s in states
    }


def _heard(days: Sequence[int], day: int) -> bool:
    """Whether one of the days, which are in order, is within ``NEAR`` of this one."""
    k = bisect_left(days, day - NEAR)
    return k < len(days) and days[k] <= day + NEAR


def _leaving(e: Evidence) -> set[str]:
    """The camps that have the place no more after what is told."""
    if e.effect == "lose":
        return {h.camp for h in e.holders}
    return {r.camp for r in e.rivals} - {h.camp for h in e.holders} if e.effect == "take" else set()


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
    about: set[str],
    generic: str | None,
    reliability: Mapping[str, str] | None,
) -> tuple[dict[str, float], dict[str, float], dict[str, float], set[str]]:
    """Points of this day for each state, for each state until then if it stays and if it goes, and who may come."""
    points: dict[str, float] = defaultdict(float)
    stayed: dict[str, float] = defaultdict(float)
    left: dict[str, float] = defaultdict(float)
    told: set[str] = set()
    groups: dict[tuple[str, Holder], list[Evidence]] = defaultdict(list)
    gone = {(e.account.ref.report, e.account.sentence, camp) for e in items for camp in _leaving(e)}
    for e in items:
        if e.effect == "hold" and (e.account.ref.report, e.account.sentence, e.holders[0].camp) in gone:
            # "captured the rebel stronghold": a state told in the sentence of a capture is that of before
            stayed[e.holders[0].key] += RIVAL
            left[e.holders[0].key] += RIVAL
            continue
        for h in e.holders:
            groups[e.effect, h].append(e)
    for (effect, h), es in groups.items():
        w = (
            _weight(es, day, reliability)
            * (STRANGER if stranger(h) and not h.side else 1.0)
            * (KEPT if effect == "keep" else 1.0)
        )
        rivals = {r.key for e in es for r in e.rivals}
        if effect in ("take", "hold", "keep"):
            ally = (
                0.0
                if effect == "take" and any(camps.get(r) == h.camp for r in rivals)
                else ALLY
                if effect == "hold"
                else ALLY_TOOK
            )
            kin = ally * NAMED if generic and h.key != generic and effect == "hold" else ally
            for s in states:
                if s == h.key:
                    points[s] += w
                elif camps.get(s) == h.camp:
                    points[s] += kin * w
        if effect == "take":
            if max(e.share for e in es) >= UNNAMED:
                told.add(h.key)
            for f in (f for e in items if e.effect == "fight" for f in (*e.holders, *e.rivals)):
                if f.camp != h.camp and f.key in camps:
                    stayed[f.key] += FOUGHT * w
                    left[f.key] += FOUGHT * w
            for p in states:
                if p != h.key:
                    gain = (
                        BEFORE + RIVAL
                        if p in rivals
                        else ALLY_BEFORE
                        if camps.get(p) == h.camp
                        else BEFORE_OTHER
                        if rivals
                        else BEFORE
                    )
                    stayed[p] += w * gain
                    left[p] += w * gain
        elif effect in ("lose", "refuse"):
            if effect == "lose":
                left[h.key] += w * BEFORE
            for s in states:
                # by a denial whoever had the place has it still, however little is told of him
                still = effect == "refuse" and camps.get(s) != h.camp
                if s != h.key and (s == NOBODY or s in rivals or s in about or still):
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
        told: dict[str, float] = {}
        for s in b.speakers:
            if s.ref in by_ref:
                e = by_ref[s.ref]
                told[e.account.sentence] = max(told.get(e.account.sentence, 0.0), _firmness(e, day))
        wrong = math.prod(1 - TRUE * f for f in told.values()) if told else 1 - TRUE
        total += b.weight * (1 - wrong) / TRUE
    return min(MOST, total)


def _firmness(e: Evidence, day: int) -> float:
    """How far an account speaks of this place and this very day: by its words, the reader's probability and the date."""
    told = min(1.0, e.account.claim.score / SURE)
    sure = (
        e.share
        * told
        / (max(1, len({h.camp for h in e.holders if not stranger(h)})) if e.effect in ("take", "lose") else 1)
    )
    if e.effect == "hold":
        return sure * (LOOSE if e.lasts and day == e.day and len(e.label) < 10 else 1.0)
    return sure * next((f for most, f in PRECISION if _width(e) <= most), VAGUE)


def _width(e: Evidence) -> int:
    days = span(e.account.claim.date)
    return 400 if days is None else days[1] - days[0]
