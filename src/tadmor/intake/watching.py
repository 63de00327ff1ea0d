"""Watching feeds: rounds in which those that are due are asked, and what is new in them is fetched, read and kept.

All that a round learns is in the ledger before the next thing is asked, so that a program that is killed goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from tadmor import gather
from tadmor.errors import InputError
from tadmor.gather import feeds, feeds_text
from tadmor.gather.fetch import Answer, Permit, is_public
from tadmor.gather.inputs import of_fetched
from tadmor.gather.polite import LONGEST, Manners, back_off, max_age, retry_after
from tadmor.intake.adding import Kept, adding
from tadmor.intake.courtesy import Courtesy, Forbidden, Later, utc
from tadmor.intake.fetching import fetched, guarded
from tadmor.intake.sorting import BOTH, Sorting
from tadmor.intake.workers import Recipe
from tadmor.ledger import Store
from tadmor.ledger.watching import Feed, Host, Waiting, stamp
from tadmor.model import Failure, Report
from tadmor.pipeline import Pipeline

TRIES = 8  # of an item whose server is in trouble, with ever longer waits: some hours in all
MAX_FEED = 10_000_000  # bytes of a feed
BATCH = 500  # items that are taken up at once
LEASE = 600.0  # seconds after which a watcher that shows no sign of life is taken for dead
_WITHHELD = frozenset((401, 402, 403, 404, 406, 410, 451))
_ENOUGH = 150  # letters of a feed's own text from which on it stands for a page that cannot be had


@dataclass(slots=True)
class Round:
    """What came of a round: feeds that were asked, of these unchanged and failed; items by what became of them."""

    feeds: int = 0
    unchanged: int = 0
    broken: int = 0
    fresh: int = 0
    added: int = 0
    claims: int = 0
    known: int = 0
    unread: int = 0
    failed: int = 0
    later: int = 0

    def __bool__(self) -> bool:
        return bool(self.feeds or self.added or self.known or self.unread or self.failed or self.later)


@dataclass(slots=True)
class Watch:
    """A watcher of the feeds that a ledger follows (``Store.follow``).

    ``say`` is told what goes wrong, in words. ``now`` and ``permit`` (which addresses may be asked) are there for tests,
    ``stop`` ends it after what is under way.
    """

    store: Store
    line: Pipeline
    manners: Manners = field(default_factory=Manners)
    sorting: Sorting = BOTH
    jobs: int = 1
    recipe: Recipe | None = None
    max_bytes: int = gather.MAX_BYTES
    say: Callable[[str], None] = lambda _: None
    now: Callable[[], dt.datetime] = utc
    permit: Permit = is_public
    chance: random.Random = field(default_factory=random.Random)
    stop: threading.Event = field(default_factory=threading.Event)
    who: str = field(default_factory=lambda: f"process {os.getpid()} on {socket.gethostname()}")
    _news: deque[Host] = field(default_factory=deque)
    _alive: dt.datetime | None = None

    def run(self, told: Callable[[Round], None]) -> None:
        """Rounds without end, until ``stop`` is set; ``told`` of each. Raises LedgerError when somebody else watches."""
        try:
            while not self.stop.is_set():
                told(self._round())
                self._sleep()
        finally:
            self.store.leave(self.who, self.now())

    def once(self) -> Round:
        """One round. Raises LedgerError when somebody else watches."""
        try:
            return self._round()
        finally:
            self.store.leave(self.who, self.now())

    def _round(self) -> Round:
        self._sign_of_life()
        courtesy = Courtesy(
            self.manners, self.store.host, self._news.append, self.now, self.chance, self.permit, self.stop
        )
        done = Round()
        try:
            self._feeds(courtesy, done)
            self._items(courtesy, done)
        finally:
            self._keep_hosts()
        return done

    def _sleep(self) -> None:
        due = min((f.next_at for f in self.store.feeds()), default="")
        while not self.stop.is_set() and (not due or due > stamp(self.now())):
            self._sign_of_life()
            left = (dt.datetime.fromisoformat(due) - self.now()).total_seconds() if due else 60.0
            self.stop.wait(min(max(left, 0.5), 30.0))
            if not due or self._waiting_is_due():
                return

    def _waiting_is_due(self) -> bool:
        return next(self.store.items(due=self.now()), None) is not None

    def _sign_of_life(self) -> None:
        now = self.now()
        if self._alive is None or abs((now - self._alive).total_seconds()) > 20:
            until = now + dt.timedelta(seconds=LEASE)
            self.store.watch(self.who, now=now, until=until, every=self.manners.every)
            self._alive = now

    def _under_way(self) -> None:
        self._keep_hosts()
        self._sign_of_life()

    def _keep_hosts(self) -> None:
        """Write what threads learnt of hosts: only this thread writes."""
        while self._news:
            self.store.note_host(self._news.popleft())

    def _feeds(self, courtesy: Courtesy, done: Round) -> None:
        def ask(feed: Feed) -> Answer:
            headers = {"Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"}
            if etag := _sendable(feed.etag):
                headers["If-None-Match"] = etag
            if modified := _sendable(feed.modified):
                headers["If-Modified-Since"] = modified
            return courtesy.ask(feed.address, max_bytes=MAX_FEED, headers=headers)

        due = self.store.feeds(due=self.now())
        for feed, answer in fetched(due, lambda f: f.address, ask, self.stop, alive=self._under_way):
            done.feeds += 1
            try:
                if isinstance(answer, InputError):
                    raise answer
                self._answered(feed, answer, done)
            except InputError as error:
                done.broken += 1
                self._broken(feed, error)

    def _answered(self, feed: Feed, answer: Answer, done: Round) -> None:
        now = self.now()
        found, wait = guarded(feed.address, lambda a: _heard(a, now), answer)
        told = {
            "asked_at": stamp(now),
            "answered_at": stamp(now),
            "status": answer.status,
            "failures": 0,
            "error": None,
        }
        if found is None:
            done.unchanged += 1
            told |= {"etag": _sendable(feed.etag), "modified": _sendable(feed.modified)}
        else:
            told |= {
                "etag": _sendable(answer.headers.get("etag")),
                "modified": _sendable(answer.headers.get("last-modified")),
                "title": feed.title or found.title,
                "error": f"read all the same: {found.fault}" if found.fault else None,
            }
            wait = max(wait, found.wait)
        if answer.moved and answer.moved != feed.address:
            self.say(f"{feed.address} has moved for good to {answer.moved}, which is asked from now on")
            told["address"] = answer.moved
        wait = min(max(self.manners.every, wait), LONGEST) * self.chance.uniform(0.95, 1.05)
        items, until = found.items if found else (), now + dt.timedelta(seconds=wait)
        done.fresh += self.store.note_feed(feed.row, items, now=now, next_at=stamp(until), **told)

    def _broken(self, feed: Feed, error: InputError) -> None:
        now = self.now()
        failures = feed.failures + 1
        if isinstance(error, Later):
            until = error.until
        elif isinstance(error, Forbidden) or (isinstance(error, _Answered) and error.status == 410):
            until = now + dt.timedelta(seconds=LONGEST)
        else:
            asked = error.wait if isinstance(error, _Answered) else None
            wait = back_off(failures, asked=asked, first=max(self.manners.every, 60.0), chance=self.chance)
            until = now + dt.timedelta(seconds=wait)
        status = error.status if isinstance(error, _Answered) else None
        self.store.note_feed(
            feed.row,
            now=now,
            asked_at=stamp(now),
            next_at=stamp(until),
            failures=failures,
            error=str(error),
            status=status,
        )
        self.say(f"{feed.title or feed.url}: {error}; asked again after {stamp(until)}")

    def _items(self, courtesy: Courtesy, done: Round) -> None:
        while not self.stop.is_set():
            waiting = list(islice(self.store.items(due=self.now()), BATCH))
            if not waiting:
                return
            self._batch(waiting, courtesy, done)

    def _batch(self, waiting: list[Waiting], courtesy: Courtesy, done: Round) -> None:
        order: deque[Waiting | None] = deque()
        reports = self._reports(waiting, courtesy, done, order)
        outcomes = adding(self.store, self.line, reports, sorting=self.sorting, jobs=self.jobs, recipe=self.recipe)
        for outcome in outcomes:
            item = order.popleft()
            self._sign_of_life()
            report: str | None
            error: str | None
            if isinstance(outcome, Failure):
                done.failed += 1
                self.say(f"{outcome.path}: {outcome.error}")
                state, report, error = "failed", outcome.id, outcome.error
            else:
                state = _count(done, outcome)
                report, error = outcome.report, outcome.why
            if item is not None:
                self.store.note_item(item.row, state, now=self.now(), report=report, error=error)

    def _reports(
        self, waiting: list[Waiting], courtesy: Courtesy, done: Round, order: deque[Waiting | None]
    ) -> Iterator[Report | Failure]:
        """The reports of what waits; the item of each is put into ``order``, None for further ones of a page."""

        def ask(item: Waiting) -> Answer:
            return courtesy.ask(item.url, max_bytes=self.max_bytes)

        for item in (w for w in waiting if not w.url):
            yield from self._told(item, [_from_feed(item)], order)
        pages = [w for w in waiting if w.url]
        for item, answer in fetched(pages, lambda w: w.url, ask, self.stop, alive=self._under_way):
            if isinstance(answer, Later) and (not answer.tried or item.tries + 1 < TRIES):
                done.later += 1
                self.store.note_item(
                    item.row, "waiting", now=self.now(), error=str(answer), again=answer.until, tried=answer.tried
                )
                continue
            yield from self._told(item, self._page(item, answer), order)

    def _told(
        self, item: Waiting, found: list[Report | Failure], order: deque[Waiting | None]
    ) -> Iterator[Report | Failure]:
        for i, report in enumerate(found):
            self._sign_of_life()  # here, too: several processes take many reports before the first outcome is told
            order.append(item if i == 0 else None)
            yield report

    def _page(self, item: Waiting, answer: Answer | InputError) -> list[Report | Failure]:
        """What an item's page holds; where it cannot be had, what the feed itself says of it, if that is enough."""
        if isinstance(answer, Answer) and answer.status == 200:
            found = self._found(item, answer)
            if any(isinstance(r, Report) for r in found):
                return found
            why = next((r.error for r in found if isinstance(r, Failure)), "nothing to read")
        elif isinstance(answer, Answer):
            why = f"the server answered {answer.status}"
            if answer.status not in _WITHHELD:
                return [Failure(None, item.url, why)]
        else:
            why = str(answer)
        if sum(c.isalpha() for c in item.text) >= _ENOUGH:
            report = _from_feed(item)
            if isinstance(report, Report):
                told = {**report.metadata, "page": why}
                return [replace(report, metadata=told)]
        return [Failure(None, item.url, why)]

    def _found(self, item: Waiting, answer: Answer) -> list[Report | Failure]:
        def act(page: Answer) -> list[Report | Failure]:
            return [_of_item(r, item) for r in of_fetched(page.document(), item.url, self.max_bytes)]

        try:
            return guarded(item.url, act, answer)
        except InputError as error:
            return [Failure(None, item.url, str(error))]


class _Answered(InputError):  # noqa: N818
    """A feed that answered with a status that is no success; ``wait`` are the seconds that it asks for."""

    def __init__(self, answer: Answer, wait: float | None) -> None:
        super().__init__(
            f"the server answered {answer.status}" + (", the feed is gone" if answer.status == 410 else "")
        )
        self.status, self.wait = answer.status, wait


def _count(done: Round, kept: Kept) -> str:
    if not kept.added:
        done.known += 1
        return "known"
    if kept.unread:
        done.unread += 1
        return "unread"
    done.added += 1
    done.claims += kept.claims
    return "added"


def _of_item(found: Report | Failure, item: Waiting) -> Report | Failure:
    """The report with what only its feed knows: who publishes it, and on which day, where the page does not say."""
    if isinstance(found, Failure):
        return found
    dated = (
        {"published": item.published, "published_basis": "metadata"}
        if found.published is None and item.published
        else {}
    )
    return replace(found, publisher=found.publisher or item.feed_title or None, **dated)  # type: ignore[arg-type]


def _from_feed(item: Waiting) -> Report | Failure:
    """The report that the feed's own text makes."""
    where = item.url or item.title or "an item without a link"
    try:
        return guarded(where, lambda i: feeds_text.report(i.text, i.title, i.feed_title, i.url, i.published), item)
    except InputError as error:
        return Failure(None, where, str(error))


def _heard(answer: Answer, now: dt.datetime) -> tuple[feeds.Feed | None, float]:
    """The feed that was answered, None when it has not changed, and the seconds for which the answer stays good."""
    if answer.status not in (200, 304):
        raise _Answered(answer, retry_after(answer.headers.get("retry-after"), now))
    wait = max_age(answer.headers.get("cache-control")) or 0.0
    return feeds.parse(answer.data, answer.url, answer.document().charset) if answer.status == 200 else None, wait


def _sendable(value: str | None) -> str | None:
    """A header that a feed gave, when it can be given back as it is: no request can be built with any other."""
    plain = value is not None and value.isascii() and value.isprintable() and value == value.strip()
    return value if value and plain and len(value) <= 1000 else None
