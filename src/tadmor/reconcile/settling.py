"""For whom a party holds a place: what only the other evidence on the same place can tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tadmor.reconcile.evidence import Evidence, Holder
from tadmor.reconcile.homes import NOWHERE, Homes


def settle(found: Sequence[Evidence], home: Homes = NOWHERE) -> list[Evidence]:
    """The evidence of one place with its parties brought to those who hold there, in the same order.

    - A person, a party of which only name and side are known, and a state that fights for a side hold for the party of
      that side of which most is said at the place ("Russia took" is the government's).
    - From the first day on which a state and an armed party of another side are told of together as one party to a
      fight or a capture, that armed party holds for the one that fights under the state's side, where the place knows
      one (rebels who fight beside Turkey are the Turkish-backed rebels) and the two are told of together more often than
      against each other.
    - Bare "rebels" hold for those whom a neighbouring state leads where these fight all around (:class:`Homes`).
    """
    states = {h.key for e in found for h in (*e.holders, *e.rivals) if h.kind == "state"}
    leaders = _leaders(found)
    joint = _joint(found, states)

    def settled(holder: Holder, day: int) -> Holder:
        start, sponsored = joint.get(holder.camp, (None, None))
        if sponsored is not None and start is not None and day >= start:
            return sponsored
        leader = leaders.get(holder.camp)
        return home.meant(leader if leader and (holder.key in states or lesser(holder)) else holder, day)

    return [
        replace(
            e,
            holders=tuple(dict.fromkeys(settled(h, e.day) for h in e.holders)),
            rivals=tuple(dict.fromkeys(settled(h, e.day) for h in e.rivals)),
        )
        for e in found
    ]


def stranger(holder: Holder) -> bool:
    """Whether nothing is known of the party but its name, or it is a country as a place, which is no party to the war."""
    return holder.entity is None or holder.entity.startswith(("name:", "country:"))


def lesser(holder: Holder) -> bool:
    """Whether the party rather holds for another of its side: a person, or one of which only the name is known."""
    return stranger(holder) or holder.kind == "person"


def _leaders(found: Sequence[Evidence]) -> dict[str, Holder]:
    """By side, the party of which most is said: one that is no person and has an identity."""
    tally = Counter(h for e in found for h in (*e.holders, *e.rivals))
    camps: dict[str, list[Holder]] = defaultdict(list)
    for h in tally:
        if h.side and not stranger(h) and h.kind != "person":
            camps[h.camp].append(h)
    return {camp: min(hs, key=lambda h: (-tally[h], h.key)) for camp, hs in camps.items()}


def _joint(found: Sequence[Evidence], states: set[str]) -> dict[str, tuple[int, Holder]]:
    """By side, since when and as whom its armed parties fight for a state of another side."""
    armed = {h.camp: h for e in found for h in (*e.holders, *e.rivals) if _armed(h, states)}
    beside: dict[tuple[str, str], list[int]] = defaultdict(list)
    facing: Counter[tuple[str, str]] = Counter()
    for e in found:
        facing.update({(a.camp, b.camp) for a in e.holders for b in e.rivals if a.camp != b.camp})
        if e.effect not in ("take", "hold", "keep"):
            continue  # in a fight the two sides are often read as one party
        sponsors = {h.camp for h in e.holders if h.key in states and h.camp in armed}
        for camp in {h.camp for h in e.holders if _armed(h, states)}:
            for state in sponsors - {camp}:
                beside[camp, state].append(e.day)
    out: dict[str, tuple[int, Holder]] = {}
    for (camp, state), days in sorted(beside.items()):
        if len(days) > facing[camp, state] + facing[state, camp] and camp not in out:
            out[camp] = (min(days), armed[state])
    return out


def _armed(holder: Holder, states: set[str]) -> bool:
    return holder.side is not None and not lesser(holder) and holder.key not in states
