"""Control of a place over time, as all accounts together or one source alone have it, as known on a given day."""

from __future__ import annotations

from array import array
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from weakref import WeakValueDictionary

from tadmor import edtf, taxonomy
from tadmor.model import Account, ClaimRef, ControlInterval, Place
from tadmor.reconcile.according import known_by, told_by
from tadmor.reconcile.credibility import Letters, letters
from tadmor.reconcile.days import FAR, span
from tadmor.reconcile.evidence import ResolveHolder, evidence
from tadmor.reconcile.homes import REGION_KM, Homes, homes, rebel_sides
from tadmor.reconcile.names import distance_km, fold_place, is_area, place_key
from tadmor.reconcile.placing import Places, around, cell, joined, may_be, named_places, near, square, without
from tadmor.reconcile.segments import Intervals, day_shown
from tadmor.reconcile.sources import speakers
from tadmor.reconcile.timeline import segments

# Rough bytes: of a question or a timeline that is kept, of each account that a question finds, of each claim of a timeline.
_PER_QUESTION, _PER_ACCOUNT, _PER_CLAIM = 600, 4, 48

_Question = tuple[Place | str, str | None, str | None]  # the place as asked, according to whom, known at
_Key = tuple[bytes, bytes, frozenset[str], str | None, str | None]


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
    low, high = _days(on)
    return [i for i in intervals if _covers(i, low, high)]


def _days(on: str) -> tuple[int, int]:
    edtf.bounds(on)
    return span(on) or (1, FAR)


def _covers(interval: ControlInterval, low: int, high: int) -> bool:
    if interval.start is None and interval.end is None:
        return False
    start, end = day_shown(interval.start), day_shown(interval.end)
    return (start is None or start <= high) and (end is None or low < end)


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Found:
    """The accounts that questions rest on, by their numbers in the index, and their intervals while these are kept.

    Many questions (one town by name and by ten pairs of coordinates) have the same accounts.
    """

    numbers: array[int]
    subject: frozenset[str]  # what the place goes by in them
    beside: array[int]  # the accounts of places near it that name who fights there
    intervals: Intervals | None = None


class ControlIndex:
    """Accounts that tell of control, indexed by place, for many questions over the same accounts.

    A place is looked up by its identity, then its folded name (as the gazetteer or as the report has it), then whatever
    lies within about 3 km of it. ``resolve_holder`` and ``reliability`` are those of :func:`control`.

    The timeline of a place is worked out once, and an interval graded once, as long as ``most_bytes`` (128 MiB, roughly
    counted) hold what was asked last: half of it questions, half of it timelines. The accounts are kept beside that.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        resolve_holder: ResolveHolder | None = None,
        reliability: Mapping[str, str] | None = None,
        most_bytes: int = 128 * 2**20,
    ) -> None:
        self._resolve_holder = lru_cache(maxsize=65536)(resolve_holder) if resolve_holder else None
        self._reliability = reliability
        told = {a.ref: a for a in accounts if _tells(a)}
        self._accounts: list[Account] = [told[ref] for ref in sorted(told, key=_order)]
        self._numbered = {a.ref: i for i, a in enumerate(self._accounts)}  # of the accounts that count
        self._in_order = True  # whether the numbers are in the order of the claims
        self._by_key: dict[str, tuple[int, ...]] = {}
        self._by_name: dict[str, Places] = {}
        self._by_cell: dict[tuple[int, int], Places] = {}
        # by squares of a degree; only accounts that tell who fights around a place
        self._by_square: dict[tuple[int, int], Places] = {}
        self._points: dict[str, tuple[float, float]] = {}  # of places with an identity
        self._regions: dict[frozenset[str], array[int]] = {}  # what was found around a place
        self._rebel_sides: dict[str | None, frozenset[str]] = {}  # by country
        self._file(range(len(self._accounts)))
        self._most = most_bytes // 2
        self._asked: OrderedDict[_Question, _Found] = OrderedDict()
        self._asked_size = 0
        self._made: OrderedDict[_Found, Intervals] = OrderedDict()
        self._made_size = 0
        self._sets: WeakValueDictionary[_Key, _Found] = WeakValueDictionary()

    def updated(self, accounts: Iterable[Account], *, reliability: Mapping[str, str] | None = None) -> ControlIndex:
        """The index of these accounts and letters, made of this one: it costs what they differ in, the rest stays worked out.

        An account that has changed is another object; the holders are resolved as before. The two indexes share what they keep:
        neither is to be asked while the other is.
        """
        told = {a.ref: a for a in accounts if _tells(a)}
        regraded = _regraded(letters(self._reliability), letters(reliability))
        same = {
            ref: i
            for ref, i in self._numbered.items()
            if told.get(ref) is (a := self._accounts[i]) and not (regraded and regraded(a))
        }
        fresh = [told[ref] for ref in told.keys() - same.keys()]
        out = copy(self)
        out._reliability = reliability
        out._accounts = [*self._accounts, *sorted(fresh, key=lambda a: _order(a.ref))]
        out._by_key, out._by_name, out._by_cell = dict(self._by_key), dict(self._by_name), dict(self._by_cell)
        out._by_square, out._points, out._regions = dict(self._by_square), dict(self._points), {}
        out._unfile([i for ref, i in self._numbered.items() if ref not in same])
        added = range(len(self._accounts), len(out._accounts))
        out._file(added)
        out._numbered = same | {out._accounts[i].ref: i for i in added}
        out._in_order = self._in_order and not fresh
        out._asked, out._asked_size = OrderedDict(), 0
        out._made, out._sets = self._made.copy(), self._sets.copy()
        return out

    @property
    def worn(self) -> bool:
        """Whether more than half of the accounts that it holds count no more, so that one should be made from nothing."""
        return len(self._accounts) > 2 * len(self._numbered)

    def _file(self, numbers: Iterable[int]) -> None:
        """Have these accounts found by their places."""
        keys: dict[str, list[int]] = defaultdict(list)
        names: dict[str, dict[Place, list[int]]] = defaultdict(lambda: defaultdict(list))
        cells: dict[tuple[int, int], dict[Place, list[int]]] = defaultdict(lambda: defaultdict(list))
        squares: dict[tuple[int, int], dict[Place, list[int]]] = defaultdict(lambda: defaultdict(list))
        for i in numbers:
            sides = {p.side for p in self._accounts[i].actors if p.side}
            for place, called in named_places(self._accounts[i]):
                keys[place_key(place)].append(i)
                for name in called:
                    names[name][place].append(i)
                if place.entity and place.lat is not None and place.lon is not None:
                    cells[cell(place.lat, place.lon)][place].append(i)
                    at = place.lat, place.lon
                    self._points[place.entity] = min(at, self._points.get(place.entity, at))
                    if sides and not is_area(place) and self._shows(sides, place.country):
                        squares[square(at)][place].append(i)
        for key, told in keys.items():
            self._by_key[key] = (*self._by_key.get(key, ()), *told)
        for name, places in names.items():
            self._by_name[name] = joined(self._by_name.get(name, {}), places)
        for small, places in cells.items():
            self._by_cell[small] = joined(self._by_cell.get(small, {}), places)
        for wide, places in squares.items():
            self._by_square[wide] = joined(self._by_square.get(wide, {}), places)

    def _shows(self, sides: Collection[str], country: str | None) -> bool:
        """Whether parties of these sides show for whom bare "rebels" of the country fight."""
        telling = self._rebel_sides.get(country)
        if telling is None:
            telling = self._rebel_sides[country] = rebel_sides(self._resolve_holder, country)
        return not telling.isdisjoint(sides)

    def _unfile(self, numbers: Collection[int]) -> None:
        """Have these accounts found no more."""
        lost = frozenset(numbers)
        for place, called in {(p, n) for i in lost for p, names in named_places(self._accounts[i]) for n in names}:
            key = place_key(place)
            self._by_key[key] = tuple(i for i in self._by_key[key] if i not in lost)
            self._by_name[called] = without(self._by_name[called], lost)
            if place.entity and place.lat is not None and place.lon is not None:
                at = cell(place.lat, place.lon)
                self._by_cell[at] = without(self._by_cell[at], lost)
                wide = square((place.lat, place.lon))
                if wide in self._by_square:
                    self._by_square[wide] = without(self._by_square[wide], lost)

    def place(self, place: Place | str) -> Place:
        """The place that is meant: of several with one name, that of which most accounts speak."""
        asked = Place(place) if isinstance(place, str) else place
        if asked.entity is not None or (asked.lat is not None and asked.lon is not None):
            return asked
        known = {p: told for p, told in self._by_name.get(fold_place(asked.name), {}).items() if p.entity}
        tally: Counter[str | None] = Counter()
        for p, told in known.items():
            if asked.country in (None, p.country) or p.country is None:
                tally[p.entity] += len(told)
        if not tally:
            return asked
        best = min(sorted(str(e) for e in tally), key=lambda e: -tally[e])
        return min((p for p in known if p.entity == best), key=lambda p: (p.lat is None, p.name))

    def accounts(self, place: Place | str) -> list[Account]:
        """The accounts that tell who holds the place, in the order of their claims."""
        return [self._accounts[i] for i in self._numbers(place)[0]]

    def rests_on(self, place: Place | str) -> list[Account]:
        """The accounts on which the timeline of a place rests: its own, and those of the region that tell who fights there."""
        numbers, subject = self._numbers(place)
        return [self._accounts[i] for i in (*numbers, *self._beside(subject))]

    def mark(self, place: Place | str) -> bytes:
        """What stands for the accounts of a place: the same in indexes made by :meth:`updated` while nothing of it changes."""
        numbers, subject = self._numbers(place)
        return array("I", [len(numbers), *numbers, *self._beside(subject)]).tobytes()

    def _numbers(self, place: Place | str) -> tuple[list[int], frozenset[str]]:
        """The accounts that tell of a place, and the keys (``place_key``) by which they name it."""
        asked = self.place(place)
        found = set(self._by_key.get(place_key(asked), ()))
        subject = {place_key(asked)} if found else set()
        names = [asked.name] if isinstance(place, Place) else [asked.name, place]
        for name in {fold_place(n) for n in names}:
            for p, told in self._by_name.get(name, {}).items():
                if may_be(p, asked):
                    found.update(told)
                    subject.add(place_key(p))
        if asked.lat is not None and asked.lon is not None:
            for p, told in near(self._by_cell, asked).items():
                found.update(told)
                subject.add(place_key(p))
        return self._ordered(found), frozenset(subject)

    def _ordered(self, numbers: Collection[int]) -> list[int]:
        """The numbers of accounts in the order of their claims."""
        return sorted(numbers) if self._in_order else sorted(numbers, key=lambda i: _order(self._accounts[i].ref))

    def _beside(self, subject: frozenset[str]) -> array[int]:
        """The accounts within ``REGION_KM`` that tell who fights around a place, which goes by these keys."""
        known = self._regions.get(subject)
        if known is None:
            at = min((self._points[k] for k in sorted(subject) if k in self._points), default=None)
            found = {
                i
                for wide in around(at)
                for p, told in self._by_square.get(wide, {}).items()
                if at is not None and (km := distance_km(p, Place("", lat=at[0], lon=at[1]))) is not None
                if km <= REGION_KM
                for i in told
            }
            known = self._regions[subject] = array("I", self._ordered(found))
        return known

    def intervals(
        self, place: Place | str, *, according_to: str | None = None, known_at: str | None = None
    ) -> list[ControlInterval]:
        """As :func:`control`; a question that was asked before is not worked out again."""
        return list(self._intervals(place, according_to, known_at))

    def on(
        self, place: Place | str, date: str, *, according_to: str | None = None, known_at: str | None = None
    ) -> list[ControlInterval]:
        """Who held the place on a day: :func:`held_on` of its intervals. Raises BadDate."""
        return list(self._intervals(place, according_to, known_at).on(*_days(date)))

    def first_on(
        self, place: Place | str, date: str, *, according_to: str | None = None, known_at: str | None = None
    ) -> ControlInterval | None:
        """The first of :meth:`on`, or None; the others are not graded. Raises BadDate."""
        return next(self._intervals(place, according_to, known_at).on(*_days(date)), None)

    def _intervals(self, place: Place | str, according_to: str | None, known_at: str | None) -> Intervals:
        found = self._find((place, according_to, known_at))
        made = found.intervals
        if made is None:
            kept, beside = ([self._accounts[i] for i in numbers] for numbers in (found.numbers, found.beside))
            if known_at:
                kept, beside = known_by(kept, known_at), known_by(beside, known_at)
            if according_to:
                kept = told_by(kept, according_to)
            known = homes(kept, self._resolve_holder, found.subject, beside)
            if according_to:
                known = replace(known, government=None)  # which no source tells
            made = found.intervals = self._made[found] = _intervals(
                kept, known, found.subject, self._resolve_holder, self._reliability
            )
            self._made_size += _PER_QUESTION + _PER_CLAIM * made.size
            while self._made_size > self._most and len(self._made) > 1:
                old, gone = self._made.popitem(last=False)
                self._made_size -= _PER_QUESTION + _PER_CLAIM * gone.size
                old.intervals = None
        self._made.move_to_end(found)
        return made

    def _find(self, question: _Question) -> _Found:
        found = self._asked.get(question)
        if found is None:
            told, subject = self._numbers(question[0])
            numbers, beside = array("I", told), self._beside(subject)
            key = (numbers.tobytes(), beside.tobytes(), subject, *question[1:])
            found = self._sets.get(key)
            if found is None:
                found = self._sets[key] = _Found(numbers, subject, beside)
            self._asked[question] = found
            self._asked_size += _PER_QUESTION + _PER_ACCOUNT * (len(numbers) + len(beside))
            while self._asked_size > self._most and len(self._asked) > 1:
                gone = self._asked.popitem(last=False)[1]
                self._asked_size -= _PER_QUESTION + _PER_ACCOUNT * (len(gone.numbers) + len(gone.beside))
        self._asked.move_to_end(question)
        return found


def _regraded(before: Letters, now: Letters) -> Callable[[Account], bool] | None:
    """Whether an account is told by somebody whose letter is another one now; None where no letter is."""
    if before == now:
        return None

    @cache
    def another(name: str, entity: str | None) -> bool:
        return before.of(name, entity) != now.of(name, entity)

    return lambda account: any(another(s.name, s.voice.entity) for s in speakers(account))


def _order(ref: ClaimRef) -> tuple[str, str]:
    return ref.report, ref.claim


def _tells(account: Account) -> bool:
    kind = taxonomy.types().get(account.claim.type)
    return kind is not None and kind.implies is not None and bool(account.places)


def _intervals(
    accounts: Sequence[Account],
    known: Homes,
    subject: frozenset[str],
    resolve_holder: ResolveHolder | None,
    reliability: Mapping[str, str] | None,
) -> Intervals:
    found = segments(evidence(accounts, resolve_holder, subject), reliability, known)
    if not found:
        # nothing is dated: say who is named as the holder, without a day on which it was so
        undated = segments(evidence(accounts, resolve_holder, subject, undated_day=1), reliability)
        found = [replace(s, label=None, end_label=None) for s in undated if s.status == "held"]
    return Intervals(found, reliability)
