"""What bare words for the parties of a war stand for at a place: "the government", "rebels", and rebels led by a neighbour."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tadmor.model import Account, Party
from tadmor.reconcile.days import FAR, iso, midpoint, span
from tadmor.reconcile.evidence import Holder, ResolveHolder, country_of, holders_of
from tadmor.reconcile.sources import belligerent

REGION_KM = 25.0  # how far around a place it is looked who fights there
AROUND_DAYS = 120  # and for how many days before and after
LEAST = 3  # accounts there of rebels led by a neighbouring state; fewer show nothing
GOVERNMENT = Party("government", kind="state")
REBELS = Party("rebels", kind="armed group")
LED = Party("Turkish-backed rebels", kind="armed group")


@dataclass(frozen=True, slots=True)
class Homes:
    """The parties at home in the country of a place.

    ``government`` is who is taken to have had the place before anything is told, ``rebels`` what a bare "rebels" stands
    for. ``led`` and ``free`` are the days, in order, of accounts in the region that name rebels led by a neighbouring
    state, and other rebels by their own names.
    """

    government: Holder | None = None
    rebels: Holder | None = None
    led: tuple[int, ...] = ()
    free: tuple[int, ...] = ()
    country: str | None = None
    resolve_holder: ResolveHolder | None = field(default=None, compare=False)

    def meant(self, holder: Holder, day: int) -> Holder:
        """For whom a party holds the place on a day: bare "rebels" for the state's, where these fight all around."""
        if self.rebels is None or holder.key != self.rebels.key or self.resolve_holder is None:
            return holder
        led, free = _within(self.led, day), _within(self.free, day)
        if led < LEAST or led <= 2 * free:
            return holder
        return _home(LED, day, self.country or "", self.resolve_holder) or holder


NOWHERE = Homes()  # where nothing is known of who is at home


def homes(
    accounts: Iterable[Account],
    resolve_holder: ResolveHolder | None,
    subject: frozenset[str],
    beside: Iterable[Account] = (),
) -> Homes:
    """The parties at home where the place lies that the accounts tell of, in the first days of which they tell.

    ``subject`` are the keys of the place, ``beside`` the accounts of places around it. All None without a resolver, a
    date or a country.
    """
    told = [a for a in accounts if a.retracted is None]
    days = [d[0] for a in told if (d := span(a.claim.date)) and d[0] > 1]
    country = Counter(c for a in told if (c := country_of(a, subject))).most_common(1)
    if resolve_holder is None or not days or not country:
        return NOWHERE
    code = country[0][0]
    rebels = _home(REBELS, min(days), code, resolve_holder)
    side = led_side(resolve_holder, code)
    led: list[int] = []
    free: list[int] = []
    for a in beside if rebels and side else ():
        when = span(a.claim.date)
        if a.retracted is not None or when is None or when[0] == 1 or when[1] - when[0] > AROUND_DAYS:
            continue
        day = when[0] if when[1] == FAR else midpoint(when)
        for h in holders_of(a.actors, iso(day), code, resolve_holder):
            if h.side == side:
                led.append(day)
            elif rebels and h.camp == rebels.camp and h.key != rebels.key:
                free.append(day)
    return Homes(
        _home(GOVERNMENT, min(days), code, resolve_holder),
        rebels,
        tuple(sorted(led)),
        tuple(sorted(free)),
        code,
        resolve_holder,
    )


def rebel_sides(resolve_holder: ResolveHolder | None, country: str | None) -> frozenset[str]:
    """The sides of rebels in the war of a country where some are led by a neighbouring state; empty where none are."""
    side = led_side(resolve_holder, country)
    if resolve_holder is None or side is None:
        return frozenset()
    own = belligerent(resolve_holder(REBELS, None, country).side)
    return frozenset(s for s in (side, own) if s)


def led_side(resolve_holder: ResolveHolder | None, country: str | None) -> str | None:
    """The side of the rebels whom a neighbouring state leads in the war of a country; None where none are known."""
    if resolve_holder is None or country is None:
        return None
    held = resolve_holder(LED, None, country)
    return belligerent(held.side) if held.entity else None


def _home(party: Party, day: int, country: str, resolve_holder: ResolveHolder) -> Holder | None:
    found = holders_of((party,), iso(day), country, resolve_holder)
    return found[0] if found and found[0].entity else None


def _within(days: Sequence[int], day: int) -> int:
    return bisect_right(days, day + AROUND_DAYS) - bisect_left(days, day - AROUND_DAYS)
