"""To which day a capture or a loss that is told of a month or year belongs: the one for which somebody gives the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from tadmor.reconcile.days import FAR, span
from tadmor.reconcile.evidence import Evidence
from tadmor.reconcile.traits import PRECISE_DAYS

SLACK = 3  # days by which the day may lie outside of what the wide date covers
LEAST = 0.25  # of the bearing and the reader's probability: who tells of the day must do so no less surely
WIDEST = 400  # days; what covers more tells of no one change


def anchored(found: Sequence[Evidence]) -> list[Evidence]:
    """The evidence of one place, in order, with captures, losses and states of wide dates put on the day that others give.

    "Taken in December" and "taken on the 11th" tell of one capture, so both speak of the 11th. Of several days in the
    month the one counts that is told most surely. So does a state that began in some month. Without any day the date
    stays where it was.
    """
    days: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for e in found:
        if _precise(e) and e.effect in ("take", "lose"):
            sure = e.share * e.account.claim.score
            if sure >= LEAST:
                for camp in _gaining(e):
                    days[camp][e.day] = max(days[camp][e.day], sure) + sure / 100
    out = [_moved(e, days) for e in found]
    return sorted(out, key=lambda e: (e.day, e.account.ref))


def _gaining(e: Evidence) -> list[str]:
    """By whom the place is gained (``+``) and lost (``-``) according to the claim."""
    gains, losses = (e.rivals, e.holders) if e.effect == "lose" else (e.holders, e.rivals)
    return [f"+{h.camp}" for h in gains] + [f"-{h.camp}" for h in losses]


def _precise(e: Evidence) -> bool:
    days = span(e.account.claim.date)
    return days is not None and days[1] - days[0] < PRECISE_DAYS


def _moved(e: Evidence, days: dict[str, dict[int, float]]) -> Evidence:
    state = e.effect == "hold" and len(e.label) < len("2016-12-11")
    covered = span(e.label if state else e.account.claim.date)
    if not (state or e.effect in ("take", "lose")) or covered is None or covered[0] == 1 or covered[1] == FAR:
        return e
    low, high = covered
    if not PRECISE_DAYS <= high - low <= WIDEST:
        return e
    told: dict[int, float] = defaultdict(float)
    for camp in _gaining(e):
        for day, sure in days[camp].items():
            if low - SLACK <= day <= high + SLACK:
                told[day] += sure
    if not told:
        return e
    best = max(sorted(told), key=lambda d: told[d])
    return replace(e, day=best, until=max(best, e.until) if state else best)
