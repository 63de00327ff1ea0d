"""What a ledger keeps of the feeds that are watched, so that watching goes on where it stopped. A part of ``Store``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, case, func, insert, select, update

from tadmor.errors import LedgerError
from tadmor.gather.feeds import Item, Source
from tadmor.ledger import database
from tadmor.ledger import feeds_tables as f
from tadmor.ledger.kept import chunks

_T = TypeVar("_T")
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with how it went the last times; see ``feeds_tables.feed`` for the columns."""

    row: int
    url: str
    address: str
    title: str
    folder: str
    etag: str | None
    modified: str | None
    asked_at: str | None
    answered_at: str | None
    next_at: str
    status: int | None
    failures: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is to be fetched and read; ``text`` is what its feed says of it, ``feed_title`` that feed's title."""

    row: int
    url: str
    title: str
    published: str | None
    text: str
    tries: int
    feed_title: str


@dataclass(frozen=True, slots=True)
class Host:
    """A host; see ``feeds_tables.host`` for the columns."""

    name: str
    next_at: str = ""
    failures: int = 0
    error: str | None = None
    rules: str | None = None
    rules_at: str | None = None
    delay: float = 0.0


class Watching:
    """Feeds, items and hosts. Times are datetimes in UTC, given by the caller, so that a clock can be put in its place."""

    name: str
    _engine: Engine

    def _write(self, act: Callable[[Connection], _T]) -> _T:
        raise NotImplementedError

    def follow(self, sources: Sequence[Source], now: dt.datetime) -> int:
        """Watch these feeds and no others from now on; how many of them are new. What came of others stays."""

        def act(connection: Connection) -> int:
            known = set(connection.scalars(select(f.feed.c.url)))
            connection.execute(update(f.feed).values(listed=0))
            fresh = 0
            for source in sources:
                told = {"title": source.title, "folder": source.folder, "listed": 1}
                if source.url in known:
                    connection.execute(update(f.feed).where(f.feed.c.url == source.url).values(**told))
                    continue
                at = stamp(now)
                row = {"url": source.url, "address": source.url, "next_at": at, "failures": 0, "added_at": at}
                connection.execute(insert(f.feed).values(**row, **told))
                known.add(source.url)
                fresh += 1
            return fresh

        return self._write(act)

    def feeds(self, *, due: dt.datetime | None = None) -> list[Feed]:
        """The feeds that are watched, those that are to be asked first in front; with ``due`` those whose time has come."""
        c = f.feed.c
        stmt = select(*(c[name] for name in Feed.__slots__)).where(c.listed == 1).order_by(c.next_at, c.row)
        if due is not None:
            stmt = stmt.where(c.next_at <= stamp(due))
        with database.reading(self._engine, self.name) as connection:
            return [Feed(*row) for row in connection.execute(stmt)]

    def note_feed(self, row: int, items: Iterable[Item] = (), *, now: dt.datetime, **told: Any) -> int:
        """Keep how a feed answered (columns of ``feeds_tables.feed``) and its items, in one transaction; how many are new.

        An item that came before waits once more when its feed says that it has changed since.
        """
        given = {item.key: item for item in items}

        def act(connection: Connection) -> int:
            if told:
                connection.execute(update(f.feed).where(f.feed.c.row == row).values(**told))
            c, at = f.feed_item.c, stamp(now)
            known: dict[str, tuple[int, str | None, str]] = {}
            for batch in chunks(list(given)):
                stmt = select(c.key, c.row, c.updated, c.state).where(c.feed == row, c.key.in_(batch))
                known |= {key: (item, updated, state) for key, item, updated, state in connection.execute(stmt)}
            fresh = [item for key, item in given.items() if key not in known]
            rows = [_row(item) | {"feed": row, "seen_at": at, "next_at": at} for item in fresh]
            if rows:
                connection.execute(insert(f.feed_item), rows)
            for key, (number, updated, state) in known.items():
                item = given[key]
                if state != "waiting" and item.updated is not None and item.updated != updated:
                    connection.execute(update(f.feed_item).where(c.row == number).values(**_row(item), next_at=at))
            return len(fresh)

        return self._write(act)

    def items(self, *, due: dt.datetime) -> Iterator[Waiting]:
        """The items that wait and whose time has come, in the order in which they came."""
        c = f.feed_item.c
        after = 0
        while True:
            stmt = (
                select(c.row, c.url, c.title, c.published, c.text, c.tries, f.feed.c.title.label("feed_title"))
                .join(f.feed, f.feed.c.row == c.feed)
                .where(c.state == "waiting", c.next_at <= stamp(due), c.row > after, f.feed.c.listed == 1)
                .order_by(c.row)
                .limit(_PAGE)
            )
            with database.reading(self._engine, self.name) as connection:
                found = [Waiting(r.row, r.url, r.title, r.published, r.text or "", r.tries, r.feed_title)
                         for r in connection.execute(stmt)]  # fmt: skip
            yield from found
            if len(found) < _PAGE:
                return
            after = found[-1].row

    def note_item(
        self,
        row: int,
        state: str,
        *,
        now: dt.datetime,
        report: str | None = None,
        error: str | None = None,
        again: dt.datetime | None = None,
        tried: bool = True,
    ) -> None:
        """Keep what became of an item; with state "waiting" it is tried ``again`` at that time.

        ``tried`` is False when nothing was asked for it, which is then no try of it.
        """
        tries = f.feed_item.c.tries + int(tried)
        told: dict[str, Any] = {"state": state, "report": report, "error": error, "tries": tries}
        if state == "waiting":
            told["next_at"] = stamp(again or now)
        else:
            told |= {"done_at": stamp(now), "text": None}
        self._write(
            lambda connection: connection.execute(update(f.feed_item).where(f.feed_item.c.row == row).values(**told))
        )

    def host(self, name: str) -> Host:
        """What is known of a host; one of which nothing is known may be asked at once."""
        stmt = select(*(f.host.c[n] for n in Host.__slots__)).where(f.host.c.name == name)
        with database.reading(self._engine, self.name) as connection:
            found = connection.execute(stmt).one_or_none()
        return Host(*found) if found else Host(name)

    def note_host(self, host: Host) -> None:
        """Keep how it went with a host."""
        told = {name: getattr(host, name) for name in Host.__slots__}

        def act(connection: Connection) -> None:
            changed = connection.execute(update(f.host).where(f.host.c.name == host.name).values(**told))
            if not changed.rowcount:
                connection.execute(insert(f.host).values(**told))

        self._write(act)

    def watch(self, who: str, *, now: dt.datetime, until: dt.datetime, every: float) -> None:
        """Say that ``who`` watches, and is alive; nobody else does until then. Raises LedgerError when somebody else does."""
        w = f.watcher.c

        def act(connection: Connection) -> None:
            found = connection.execute(select(w.who, w.since, w.until)).one_or_none()
            told = {"who": who, "seen_at": stamp(now), "until": stamp(until), "every": int(every)}
            if found is None:
                connection.execute(insert(f.watcher).values(row=1, since=stamp(now), **told))
                return
            if found.who != who and found.until > stamp(now):
                raise LedgerError(
                    f"{self.name} is being watched already, by {found.who} since {found.since}: stop that one first,"
                    f" or wait until {found.until}, when it is taken for dead unless it shows that it lives"
                )
            since = found.since if found.who == who else stamp(now)
            connection.execute(update(f.watcher).values(since=since, **told))

        self._write(act)

    def leave(self, who: str, now: dt.datetime) -> None:
        """``who`` watches no more."""
        stmt = update(f.watcher).where(f.watcher.c.who == who).values(until=stamp(now), seen_at=stamp(now))
        self._write(lambda connection: connection.execute(stmt))

    def watched(self) -> dict[str, Any]:
        """How watching goes, as plain data: who watches, feeds with counts of their items, hosts that are left alone."""
        c, i, h = f.feed.c, f.feed_item.c, f.host.c
        numbers = [
            func.sum(case((i.state == state, 1), else_=0)).label(state)
            for state in ("waiting", "added", "known", "unread", "failed")
        ]
        counted = select(i.feed, *numbers, func.max(i.seen_at).label("newest")).group_by(i.feed).subquery()
        stmt = (
            select(
                *(c[name] for name in Feed.__slots__ if name not in ("row", "etag", "modified")),
                *(func.coalesce(counted.c[n.name], 0).label(n.name) for n in numbers),
                counted.c.newest,
            )
            .outerjoin(counted, counted.c.feed == c.row)
            .where(c.listed == 1)
            .order_by(c.folder, c.title, c.url)
        )
        failed = select(i.url, i.title, i.error, i.done_at).where(i.state == "failed")
        with database.reading(self._engine, self.name) as connection:
            watcher = connection.execute(select(f.watcher)).mappings().one_or_none()
            return {
                "watcher": {k: v for k, v in watcher.items() if k != "row"} if watcher else None,
                "feeds": [dict(row) for row in connection.execute(stmt).mappings()],
                "hosts": [
                    dict(row)
                    for row in connection.execute(
                        select(h.name, h.next_at, h.failures, h.error).where(h.failures > 0).order_by(h.next_at)
                    ).mappings()
                ],
                "failed": [
                    dict(row) for row in connection.execute(failed.order_by(i.done_at.desc()).limit(50)).mappings()
                ],
            }


def stamp(at: dt.datetime) -> str:
    """A time as the ledger keeps it: ISO 8601 in UTC, to the second; such texts are in the order of the times."""
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def _row(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "url": item.url,
        "title": item.title,
        "published": item.published,
        "updated": item.updated,
        "text": item.text,
        "state": "waiting",
        "tries": 0,
        "error": None,
    }
