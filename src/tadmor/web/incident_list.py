"""Lists of incidents: filtered, in order, page by page, each made when it is first shown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Literal

from sqlalchemy import select

from tadmor.ledger import grouping, rating
from tadmor.ledger import tables as t
from tadmor.ledger.kept import OF_CLAIM, chunks
from tadmor.web import groups as g
from tadmor.web import making
from tadmor.web.filters import Filters
from tadmor.web.groups import Group, Groups
from tadmor.web.making import Made
from tadmor.web.opened import Opened, state_of
from tadmor.web.paging import Key, pack, unpack

Order = Literal["newest", "oldest"]
STATES = g.STATES
_AHEAD = 60  # groups that are made at once


def groups(opened: Opened, state: str) -> Groups:
    """All groups of incidents; made anew first where another version of Tadmor made them."""

    def make() -> Groups:
        grouped(opened)
        with opened.reading() as connection:
            return g.load(connection)

    return opened.once(state, "groups", make)


def grouped(opened: Opened) -> None:
    """Have the incidents made anew where another version of Tadmor made them."""
    with opened.writing:
        opened.store.group()


def candidates(opened: Opened, state: str, asked: Filters, order: Order = "newest") -> Sequence[Group]:
    """The groups in which a claim fulfils what is asked of claims and whose date is in the period, in order."""

    def make() -> Sequence[Group]:
        every = groups(opened, state)
        found = every.newest if order == "newest" else every.items
        chosen = _with_claims(opened, asked)
        return [
            x
            for x in found
            if (chosen is None or x.key in chosen)
            and asked.dated(x.date)
            and (not asked.types or not x.types.isdisjoint(asked.types))
        ]

    return opened.once(state, ("candidates", asked, order), make)


def _with_claims(opened: Opened, asked: Filters) -> set[int] | None:
    """The keys of groups with a claim that is of the place, by the source and of about the time; None when none is asked."""
    if asked.place is None and asked.source is None and asked.reviewed is None:
        return None  # the date of an incident is that of one of its claims: the period alone needs no question
    stmt = select(t.member.c.incident).join(t.claim, OF_CLAIM).join(t.reading, t.reading.c.row == t.member.c.reading)
    with opened.reading() as connection:
        return set(connection.scalars(stmt.where(*asked.of_claims(wide=True).conditions()).distinct()))


def made(opened: Opened, state: str, wanted: Iterable[Group], *, ahead: int = _AHEAD) -> Iterator[Made]:
    """The incidents of groups, in their order."""
    source = iter(wanted)
    while batch := list(islice(source, ahead)):
        with opened.reading() as connection:
            letters = rating.reliability(connection)
            found = {x.key: known for x in batch if (known := opened.making.known(x.members, letters))}
            missing = {x.key: x for x in batch if x.key not in found}
            if missing:
                same = state_of(connection) == state  # else the groups may be others by now
                of_id = {x.id: x for x in missing.values()}
                for keys in chunks(missing):
                    for accounts in grouping.groups(connection, [t.member.c.incident.in_(keys)]):
                        new = making.make(accounts, letters)
                        group = of_id.get(new.id) if new else None
                        if new and group:
                            found[group.key] = new
                            if same:
                                opened.making.keep(group.members, new, letters)
        yield from (found[x.key] for x in batch if x.key in found)


def key_of(order: Order) -> Callable[[Group], Key]:
    """What a list is sorted by: the day, those without one last, then the id."""
    return lambda x: _key(x.day, x.id, order)


def _key(day: int | None, id: str, order: Order) -> Key:
    return int(day is None), (-1 if order == "newest" else 1) * (day or 0), id


def listing(
    opened: Opened, state: str, asked: Filters, *, cursor: str | None, limit: int, order: Order
) -> tuple[list[Made], str | None, int | None]:
    """A page of incidents, the cursor of the next page, and how many there are in all, where that is known without making them.

    Raises Unfit for a cursor of another list.
    """
    found = candidates(opened, state, asked, order)
    key = key_of(order)
    after = unpack(cursor, int, int, str)
    rest = found[bisect_right(found, after, key=key) if after else 0 :]
    plain = not asked.types and asked.side is None and asked.credibility is None
    # One more than is shown tells whether there is a next page.
    wanted = limit + 1
    shown = list(islice((m for m in made(opened, state, rest, ahead=min(wanted, 120)) if asked.takes(m)), wanted))
    following = None
    if len(shown) > limit:
        shown = shown[:limit]
        following = pack(_key(g.day_of(shown[-1].date), shown[-1].id, order))
    return shown, following, len(found) if plain else None


def all_made(opened: Opened, state: str, asked: Filters, order: Order = "oldest") -> Iterator[Made]:
    """Every incident that fulfils the filters, in order."""
    return (m for m in made(opened, state, candidates(opened, state, asked, order)) if asked.takes(m))


def claims_of(opened: Opened, state: str, asked: Filters) -> set[tuple[str, str]]:
    """The claims, by report id and claim id, of all incidents that fulfil the filters."""

    def make() -> set[tuple[str, str]]:
        chosen = {m.id for m in all_made(opened, state, asked)}
        return {claim for x in candidates(opened, state, asked) if x.id in chosen for claim in x.claims}

    return opened.once(state, ("claims", asked), make)


def day_shown(value: str | None) -> str | None:
    """The day by which an incident of this date is sorted, ISO."""
    day = g.day_of(value)
    return None if day is None else date.fromordinal(day).isoformat()
