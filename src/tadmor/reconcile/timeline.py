"""Who held a place from when to when: evidence in the order of its days, weighed where it conflicts.

The rules (docs/method.md gives them with examples):

- A holding carries forward until something changes it.
- Who the holder is on each day is not judged by that day alone: it is the likeliest course of all days together
  (:mod:`tadmor.reconcile.course`). What does not fit it stands in ``against``.
- A mere state ("rebel-held") of another holder that weighs at least half of what backed the present one in the last
  ``MEMORY`` days makes the place contested.
- Fighting makes a held place contested until ``FIGHT_DAYS`` after the last report of it, or until its holder is said to
  hold it on a later or the same day (not in the very sentence that tells of the attack). An attack by the holder itself
  on nobody in particular contests nothing.
- A siege keeps the holder, until it is lifted or nobody has reported it for ``SIEGE_DAYS`` while other news came.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tadmor.model import Account, ClaimRef, ControlStatus
from tadmor.reconcile.anchoring import SLACK, anchored
from tadmor.reconcile.course import NOBODY, course
from tadmor.reconcile.credibility import backing
from tadmor.reconcile.days import iso
from tadmor.reconcile.evidence import Evidence, Holder, agrees, gainsaid
from tadmor.reconcile.homes import NOWHERE, Homes
from tadmor.reconcile.segments import Segment, closed, once
from tadmor.reconcile.settling import settle

FIGHT_DAYS = 14  # a battle that nobody has reported for two weeks is taken to be over
SIEGE_DAYS = 180  # the same of a siege after half a year
MEMORY = 60  # days for which a report of who holds a place counts against a mere statement to the contrary

BACK = 450  # days before the first account for which one who is only inferred to have had the place is taken to have had it
INFERRED = (
    "No account tells since when: who has a place when it is first told of is taken to have had it for some time."
)
PRESUMED = "No account tells who held it until then: {} is taken to have, as the government of the country."

_T = TypeVar("_T")


class _Log(list[_T]):
    """A list that only grows, and how much of it the open segment has already."""

    taken = 0

    def fresh(self) -> list[_T]:
        """What came since the last call."""
        news, self.taken = self[self.taken :], len(self)
        return news


@dataclass(slots=True)
class _Line:
    """The state of the walk through the days."""

    reliability: Mapping[str, str] | None
    course: Mapping[int, str]
    holders: Mapping[str, Holder]
    leaving: Mapping[str, Account]  # for each party the first account by which it has had the place and has it no more
    presumed: Holder | None = None
    segments: list[Segment] = field(default_factory=list)
    holder: Holder | None = None
    before: Holder | None = None
    status: ControlStatus = "unknown"
    support: _Log[tuple[int, Account]] = field(default_factory=_Log)  # in the order of their days
    against: _Log[Account] = field(default_factory=_Log)
    recent_keeps: list[Evidence] = field(default_factory=list)
    recent_takes: list[Evidence] = field(default_factory=list)
    fight_until: int = 0
    siege_until: int = 0
    fights: _Log[Account] = field(default_factory=_Log)
    alone: dict[ClaimRef, list[tuple[str, float]]] = field(default_factory=dict)  # what each account weighs by itself


def segments(
    found: Sequence[Evidence], reliability: Mapping[str, str] | None = None, home: Homes = NOWHERE
) -> list[Segment]:
    """The segments that the evidence of one place gives, by their start, without gaps between first and last.

    They are not graded: that is most of the work where much is told, and not every interval is asked for.
    """
    if not found:
        return []
    presumed = home.government
    found = anchored(settle(found, home))
    moments: dict[int, list[tuple[Evidence, bool]]] = defaultdict(list)
    for item in found:
        moments[item.day].append((item, False))
        if item.until > item.day and item.lasts:
            moments[item.until].append((item, True))
    holders = {h.key: h for e in found for h in (*e.rivals, *e.holders)}
    if presumed:
        holders.setdefault(presumed.key, presumed)
    line = _Line(reliability, course(found, reliability, home), holders, _leaving(found), presumed)
    states = [e for e in found if e.effect == "hold" and e.until > e.day and not e.lasts]
    for day in sorted(moments):
        if line.status != "besieged" or not any(e.effect in ("siege", "lift") for e, _ in moments[day]):
            _calm(line, day)
        _step(line, day, moments[day] + [(e, True) for e in states if e.day < day < e.until])
    if line.status == "contested" and line.fights and line.holder:
        _calm(line, line.fight_until + 1)  # a siege that nobody has said to be lifted stands
    return _begun(closed(line.segments), presumed)


def _leaving(found: Sequence[Evidence]) -> dict[str, Account]:
    out: dict[str, Account] = {}
    for e in found:
        for h in e.holders if e.effect == "lose" else e.rivals if e.effect == "take" else ():
            out.setdefault(h.key, e.account)
    return out


def _step(line: _Line, day: int, items: Sequence[tuple[Evidence, bool]]) -> None:
    fresh = [e for e, again in items if not again]
    said = [e for e, _ in items if e.effect in ("take", "hold", "keep", "lose", "refuse")]
    changed = _decide(line, day, said) if any(e in fresh or e.until == day for e in said) else False
    for e in fresh:
        if e.effect == "lift" and line.status == "besieged":
            _open(line, day, e.label, line.holder, "held" if line.holder else "unknown", [e.account])
    for e, _ in items:
        by_holder = line.holder is not None and line.holder.camp in {h.camp for h in e.rivals}
        if e.effect == "siege" and line.status != "lost" and not by_holder:
            _besiege(line, day, e)
    attacked = {_spot(e) for e, _ in items if e.effect == "fight" and e.account.sentence}
    over = changed and any(e.effect != "hold" or _spot(e) not in attacked for e in said)
    if not over and not _said_to_stand(line, day, said, attacked):
        for e, _ in items:
            if e.effect == "fight" and not _own_attack(line, e):
                _fight(line, day, e)


def _spot(e: Evidence) -> tuple[str, str]:
    return e.account.ref.report, e.account.sentence


def _said_to_stand(line: _Line, day: int, said: Sequence[Evidence], attacked: set[tuple[str, str]]) -> bool:
    """Whether somebody says of this very day that the present holder has or took the place, which ends a fight over it.

    A word for the holder in the sentence that tells of the attack ("an assault on the rebel stronghold") ends none.
    """
    if line.holder is None or not any(
        e.effect in ("hold", "take")
        and e.dated
        and e.day == day
        and line.holder.camp in {h.camp for h in e.holders}
        and not (e.effect == "hold" and _spot(e) in attacked)
        for e in said
    ):
        return False
    if line.status == "contested":
        line.fights, line.fight_until = _Log(), 0
        _open(line, day, iso(day), line.holder, "held", [])
    return True


def _own_attack(line: _Line, e: Evidence) -> bool:
    attackers = {h.camp for h in e.rivals}
    return line.holder is not None and not e.holders and attackers == {line.holder.camp}


def _decide(line: _Line, day: int, items: Sequence[Evidence]) -> bool:
    """Sets the holder to the one that the likeliest course has on this day; whether it changed."""
    if not items:
        return False
    line.recent_keeps = [e for e in line.recent_keeps if day - e.day <= 1]
    line.recent_keeps += [e for e in items if e.effect == "keep"]
    line.recent_takes = [e for e in line.recent_takes if day - e.day <= SLACK and not gainsaid(e, items)]
    line.recent_takes += [e for e in items if e.effect == "take"]
    key = line.course.get(day, NOBODY)
    holder = line.holders.get(key)
    if holder is None:
        return _maybe_lost(line, day, items)
    agreeing = [e for e in items if agrees(e, holder)]
    own = [e.account for e in agreeing]
    losers = [e.account for e in items if e not in agreeing]
    if line.holder is None or line.holder.key != key:
        _turn(line, day, holder, agreeing, own, losers)
        return True
    line.support += [(day, a) for a in own]
    line.against += losers
    _dispute(line, day, [e for e in items if e not in agreeing])
    _touch(line)
    return False


def _dispute(line: _Line, day: int, items: Sequence[Evidence]) -> None:
    """Makes a held place contested when mere statements of another holder weigh half of what backs the present one."""
    states = [e for e in items if e.effect == "hold"]
    if not states or line.status != "held":
        return
    if sum(b.weight for b in backing([e.account for e in states], line.reliability)) < _standing(line, day) / 2:
        return
    line.fights, line.fight_until = _Log(e.account for e in states), day + FIGHT_DAYS
    _open(line, day, _label(states, day), line.holder, "contested", [])


def _maybe_lost(line: _Line, day: int, items: Sequence[Evidence]) -> bool:
    leaving = [e for e in items if e.effect == "lose"]
    if line.holder is None and line.segments:
        contrary = ("take", "hold", "keep") if line.status == "lost" else ("take", "hold", "keep", "refuse")
        line.against += [e.account for e in items if e.effect in contrary]
        _touch(line)
        return False
    if line.holder is None:
        # the first that is heard of the place: who lost it had it until then
        first = [e for e in leaving if e.holders]
        if not first:
            return False
        _before(line, day, first[0].label, first[0].holders[0], first)
    else:
        leaving = [e for e in leaving if line.holder.key in {h.key for h in e.holders}]
        if not leaving:
            line.against += [e.account for e in items if e.effect == "refuse"]
            _touch(line)
            return False
        line.before = line.holder
    line.holder, line.support, line.against = None, _Log((day, e.account) for e in leaving), _Log()
    line.fights, line.fight_until = _Log(), 0
    _open(line, day, _label(leaving, day), None, "lost", [], note=_lost_note(leaving[0]))
    return True


def _lost_note(e: Evidence) -> str:
    return f"{e.holders[0].name} is said to have lost it; nobody is said to have it since."


def _turn(
    line: _Line, day: int, holder: Holder, items: Sequence[Evidence], own: list[Account], losers: list[Account]
) -> None:
    """The place goes to another holder."""
    label = _label(items, day)
    if line.holder is None and not line.segments:
        earlier = line.holders.get(line.course.get(min(line.course), NOBODY))
        telling = [e for e in items if e.effect in ("take", "lose") and e.dated]
        if earlier == line.presumed:
            # that the place was taken does not say that the government had it
            telling = [e for e in telling if earlier in (*e.holders, *e.rivals)]
        if earlier and earlier.key != holder.key and (telling or earlier == line.presumed):
            _before(line, day, label, earlier, telling)
    line.before = line.holder or line.before
    kept = [e.account for e in line.recent_keeps if not any(h.camp == holder.camp for h in e.holders)]
    ahead = _told_ahead(line, day, holder)
    line.holder = holder
    line.support = _Log((day, a) for a in [*ahead, *own])
    line.against = _Log([*losers, *kept])
    line.fights, line.fight_until = _Log(), 0
    lost = line.leaving.get(holder.key)
    if not line.segments and not items and lost:
        # nobody says so of this day: it had the place until it lost it, nobody knows since when
        line.status = "held"
        line.segments.append(Segment(None, None, holder, "held", once([lost]), once(line.against), None))
        line.against.taken = len(line.against)
    else:
        _open(line, day, label, holder, "held", [])


def _told_ahead(line: _Line, day: int, holder: Holder) -> list[Account]:
    """What some tell of this very change days before the day that is borne out best; no longer held against the old holder."""
    if not line.segments:
        return []
    ahead = {
        e.account.ref: e.account
        for e in line.recent_takes
        if e.day < day and holder.key in {h.key for h in e.holders} and e.account.ref in line.segments[-1].against
    }
    for s in line.segments if ahead else ():
        s.against = {ref: a for ref, a in s.against.items() if ref not in ahead}
    return list(ahead.values())


def _before(line: _Line, day: int, label: str, holder: Holder, items: Sequence[Evidence]) -> None:
    accounts = once(e.account for e in items)
    line.segments.append(Segment(None, None, holder, "held", accounts, {}, None, end=day, end_label=label))
    line.before = holder


def _begun(told: list[Segment], government: Holder | None) -> list[Segment]:
    """The segments with what is only inferred of the days before the first account.

    Whoever has the place on the first day of which something is told had it for up to ``BACK`` days before, and the
    government of the country before that.
    """
    if government is None or not told:
        return told
    first, *rest = told
    known = first.end if first.start is None else first.start
    if known is None or first.holder is None:
        return told
    inferred: list[Segment] = []
    if first.start is not None:
        inferred = [Segment(None, None, first.holder, "held", {}, {}, None, INFERRED, known, first.label)]
        first.before = first.holder
    if first.holder.camp != government.camp:
        since = known - BACK
        for s in inferred or [first]:
            s.start, s.label = since, iso(since)
        note = PRESUMED.format(government.name)
        inferred.insert(0, Segment(None, None, government, "held", {}, {}, None, note, since, iso(since)))
    else:
        for s in inferred or [first]:
            s.note = s.note if s.support else PRESUMED.format(government.name)
    return [*inferred, first, *rest]


def _label(items: Sequence[Evidence], day: int) -> str:
    """The date to show: that of a dated event of this day first; the day itself where a state of before tells of it.

    A wide date that was laid to this day since others tell of it is shown only where it stands alone.
    """
    today = [e for e in items if e.day == day]
    if not today:
        return iso(day)

    def rank(e: Evidence) -> tuple[bool, bool, bool, bool, str]:
        return not e.dated, e.wide, e.effect not in ("take", "lose"), len(e.label) < 10, e.label

    return min(today, key=rank).label


def _besiege(line: _Line, day: int, e: Evidence) -> None:
    if line.holder is None and e.holders:
        line.holder = e.holders[0]
        line.support = _Log([(day, e.account)])
    elif line.holder is None:
        line.holder = line.holders.get(line.course.get(day, NOBODY))
    line.support.append((day, e.account))
    line.siege_until = day + SIEGE_DAYS
    if line.status == "besieged":
        _touch(line)
    else:
        _open(line, day, _label([e], day), line.holder, "besieged", [])


def _fight(line: _Line, day: int, e: Evidence) -> None:
    if line.status in ("besieged", "lost"):
        return
    if line.holder is None:
        # nobody has said so yet, but what is told of later days says who must have had it
        line.holder = line.holders.get(line.course.get(day, NOBODY))
    line.fight_until = max(line.fight_until, day + FIGHT_DAYS)
    line.fights.append(e.account)
    if line.status == "contested":
        _touch(line)
    else:
        _open(line, day, _label([e], day), line.holder, "contested", [])


def _calm(line: _Line, day: int) -> None:
    """Ends a fight or siege that nobody has reported for ``FIGHT_DAYS`` or ``SIEGE_DAYS`` before ``day``."""
    end = {"contested": line.fight_until, "besieged": line.siege_until}.get(line.status)
    if end is not None and day > end:
        line.fights = _Log()
        _open(line, end, iso(end), line.holder, "held" if line.holder else "unknown", [])


def _open(
    line: _Line,
    day: int,
    label: str,
    holder: Holder | None,
    status: ControlStatus,
    extra: list[Account],
    note: str | None = None,
) -> None:
    line.status = status
    if line.segments and line.segments[-1].end is None:
        line.segments[-1].end, line.segments[-1].end_label = day, label
    support = once(a for _, a in line.support) | once(line.fights) | once(extra)
    line.segments.append(Segment(day, label, holder, status, support, once(line.against), line.before, note))
    for log in (line.support, line.fights, line.against):
        log.taken = len(log)


def _touch(line: _Line) -> None:
    """Brings the open segment up to what is now known for and against it."""
    if line.segments:
        last = line.segments[-1]
        last.support |= once(a for _, a in line.support.fresh()) | once(line.fights.fresh())
        last.against |= once(line.against.fresh())


def _standing(line: _Line, day: int) -> float:
    """What backs the present holder by reports of the last ``MEMORY`` days: every source once, every side once."""
    weights: dict[str, float] = {}
    for _, account in line.support[bisect_left(line.support, day - MEMORY, key=lambda told: told[0]) :]:
        told = line.alone.get(account.ref)
        if told is None:
            told = [(b.side or b.speakers[0].key, b.weight) for b in backing([account], line.reliability)]
            line.alone[account.ref] = told
        for key, weight in told:
            weights[key] = max(weights.get(key, 0.0), weight)
    return sum(weights.values())
