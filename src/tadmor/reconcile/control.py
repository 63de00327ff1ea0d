"""Control of a place over time, as all accounts together or one source alone have it, as known on a given day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tadmor import edtf, taxonomy
from tadmor.model import Account, ControlInterval, Place, Voice
from tadmor.reconcile.days import FAR, midpoint, span
from tadmor.reconcile.evidence import ResolveHolder, evidence
from tadmor.reconcile.names import distance_km, fold, fold_place, place_key
from tadmor.reconcile.similarity import FAR_KM, SAME_KM
from tadmor.reconcile.timeline import timeline

_CELL = 0.05  # degrees of latitude, more than SAME_KM


def control(
    accounts: Iterable[Account],
    place: Place | str,
    *,
    according_to: str | None = None,
    known_at: str | None = None,
    resolve_holder: ResolveHolder | None = None,
    reliability: Mapping[str, str] | None = None,
) -> list[ControlInterval]:
    """Intervals of who held ``place``, by their start.

    ``according_to`` keeps what one source says (by name, alias, identity or publisher); ``known_at`` (EDTF) keeps what
    was known on that day, so that later reports do not rewrite it. ``resolve_holder`` rolls a party up to the holder
    that it fights for on a day; without it the party is the holder. Raises BadDate for a ``known_at`` that is none.
    """
    index = ControlIndex(accounts, resolve_holder=resolve_holder, reliability=reliability)
    return index.intervals(place, according_to=according_to, known_at=known_at)


def held_on(intervals: Sequence[ControlInterval], on: str) -> list[ControlInterval]:
    """The intervals that cover the day ``on`` (of a wide EDTF date: any day of it). Raises BadDate.

    An interval ends on the day on which the next begins, which then counts for the next. One whose start and end are
    both unknown covers no day: nothing says when it was.
    """
    edtf.bounds(on)
    days = span(on) or (1, FAR)
    return [i for i in intervals if _covers(i, days[0], days[1])]


def _covers(interval: ControlInterval, low: int, high: int) -> bool:
    if interval.start is None and interval.end is None:
        return False
    start, end = _day(interval.start), _day(interval.end)
    return (start is None or start <= high) and (end is None or low < end)


def _day(value: str | None) -> int | None:
    days = span(value)
    return None if days is None else midpoint(days) if days[1] - days[0] > 6 else days[1]


class ControlIndex:
    """Accounts that tell of control, indexed by place, for many questions over the same accounts.

    A place is looked up by its identity, then its folded name (as the gazetteer or as the report has it), then whatever
    lies within about 3 km of it. ``resolve_holder`` and ``reliability`` are those of :func:`control`.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        resolve_holder: ResolveHolder | None = None,
        reliability: Mapping[str, str] | None = None,
    ) -> None:
        self._resolve_holder = resolve_holder
        self._reliability = reliability
        self._accounts = sorted({a.ref: a for a in accounts if _tells(a)}.values(), key=lambda a: a.ref)
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[tuple[int, Place]]] = defaultdict(list)
        self._by_cell: dict[tuple[int, int], list[tuple[int, Place]]] = defaultdict(list)
        for i, account in enumerate(self._accounts):
            for place, names in _named_places(account):
                self._by_key[place_key(place)].append(i)
                for name in names:
                    self._by_name[name].append((i, place))
                if place.entity and place.lat is not None and place.lon is not None:
                    self._by_cell[_cell(place.lat, place.lon)].append((i, place))
        self._made: dict[tuple[Place, str | None, str | None], list[ControlInterval]] = {}

    def place(self, place: Place | str) -> Place:
        """The place that is meant: of several with one name, that of which most accounts speak."""
        asked = Place(place) if isinstance(place, str) else place
        if asked.entity is not None or (asked.lat is not None and asked.lon is not None):
            return asked
        known = [p for _, p in self._by_name.get(fold_place(asked.name), ()) if p.entity]
        tally = Counter(p.entity for p in known if asked.country in (None, p.country) or p.country is None)
        if not tally:
            return asked
        best = min(sorted(str(e) for e in tally), key=lambda e: -tally[e])
        return min((p for p in known if p.entity == best), key=lambda p: (p.lat is None, p.name))

    def accounts(self, place: Place | str) -> list[Account]:
        """The accounts that tell who holds the place, in the order of their claims."""
        asked = self.place(place)
        found = set(self._by_key.get(place_key(asked), ()))
        names = [asked.name] if isinstance(place, Place) else [asked.name, place]
        for name in {fold_place(n) for n in names}:
            found.update(i for i, p in self._by_name.get(name, ()) if _may_be(p, asked))
        if asked.lat is not None and asked.lon is not None:
            row, column = _cell(asked.lat, asked.lon)
            near = [p for r in (-1, 0, 1) for c in (-1, 0, 1) for p in self._by_cell.get((row + r, column + c), ())]
            found.update(i for i, p in near if (km := distance_km(p, asked)) is not None and km <= SAME_KM)
        return [self._accounts[i] for i in sorted(found)]

    def intervals(
        self, place: Place | str, *, according_to: str | None = None, known_at: str | None = None
    ) -> list[ControlInterval]:
        """As :func:`control`; a question that was asked before is not worked out again."""
        key = (Place(place) if isinstance(place, str) else place, according_to, known_at)
        if key not in self._made:
            kept = self.accounts(place)
            if known_at:
                kept = known_by(kept, known_at)
            if according_to:
                kept = told_by(kept, according_to)
            self._made[key] = _intervals(kept, self._resolve_holder, self._reliability)
        return list(self._made[key])

    def on(
        self, place: Place | str, date: str, *, according_to: str | None = None, known_at: str | None = None
    ) -> list[ControlInterval]:
        """Who held the place on a day: :func:`held_on` of its intervals. Raises BadDate."""
        return held_on(self.intervals(place, according_to=according_to, known_at=known_at), date)


def _named_places(account: Account) -> list[tuple[Place, set[str]]]:
    """Every place of the account with its folded names: its own, and that of the report where the two go in parallel."""
    phrases = account.claim.place_names
    parallel = len(phrases) == len(account.places)
    return [
        (p, {fold_place(p.name)} | ({fold_place(phrases[k])} if parallel and p.entity else set()))
        for k, p in enumerate(account.places)
    ]


def _may_be(a: Place, b: Place) -> bool:
    """Whether two places of one name may be one: not when identities, countries or more than 60 km part them."""
    km = distance_km(a, b)
    if km is not None:
        return km <= FAR_KM
    if a.entity and b.entity and a.entity != b.entity:
        return False
    return not (a.country and b.country and a.country != b.country)


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat / _CELL + 1e5), int(lon / _CELL + 1e5)


def _tells(account: Account) -> bool:
    kind = taxonomy.types().get(account.claim.type)
    return kind is not None and kind.implies is not None and bool(account.places)


def _intervals(
    accounts: Sequence[Account], resolve_holder: ResolveHolder | None, reliability: Mapping[str, str] | None
) -> list[ControlInterval]:
    found = timeline(evidence(accounts, resolve_holder), reliability)
    if found:
        return found
    # nothing is dated: say who is named as the holder, without a day on which it was so
    made = timeline(evidence(accounts, resolve_holder, undated_day=1), reliability)
    return [replace(i, start=None, end=None) for i in made if i.status == "held"]


def known_by(accounts: Iterable[Account], day: str) -> list[Account]:
    """The accounts that were known by the end of that date. Raises BadDate."""
    edtf.bounds(day)
    limit = (span(day) or (1, FAR))[1]
    return [a for a in accounts if (k := span(a.known)) is not None and k[1] <= limit]


def told_by(accounts: Iterable[Account], name: str) -> list[Account]:
    """The accounts that one source tells, each with only its voices that are this source.

    Names are compared without case, diacritics and articles; a whole-word part ("Observatory") and initials will do;
    names that the accounts give to one identity stand for each other.
    """
    told = list(accounts)
    entities = {name}
    for account in told:
        named = [(x.name, x.entity) for x in account.voices]
        named += [(x.name, x.entity) for x in (*account.actors, *account.targets)]
        entities.update(entity for full, entity in named if entity and _named(full, name))
    out: list[Account] = []
    for account in told:
        mine = tuple(v for v in account.voices if _is(v, name, entities))
        if mine:
            out.append(replace(account, voices=mine))
        elif not account.voices and account.publisher and _named(account.publisher, name):
            out.append(account)
    return out


def _is(voice: Voice, name: str, entities: set[str]) -> bool:
    return voice.entity in entities or _named(voice.name, name) or any(_named(t, name) for t in voice.through)


def _named(full: str, wanted: str) -> bool:
    a, b = fold(full), fold(wanted)
    if not a or not b:
        return False
    initials = "".join(w[0] for w in a.split())
    small = "".join(w[0] for w in a.split() if w not in ("of", "for", "the", "and"))
    return a == b or f" {b} " in f" {a} " or (len(b) > 2 and b in (initials, small))
