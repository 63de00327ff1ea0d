"""Watching feeds whose servers limit, stumble or send what nobody thought of: one answer costs what it is about, no more."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tadmor.errors import InputError, LedgerError, MissingResource
from tadmor.gather.feeds import Source
from tadmor.gather.fetch import Answer
from tadmor.intake import courtesy, fetching, watching
from tadmor.ledger import Store
from test_watch import CAPTURED, Watched
from watch_support import Reply, Site, item, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def watched(tmp_path: Path, site: Site) -> Iterator[Watched]:
    site.page("/captured", "Rebels capture Maarat", *CAPTURED)
    site.feed("/feed", item(f"{site.url}/captured", "Rebels capture Maarat"))
    made = Watched(tmp_path / "war.db", site, "/feed")
    yield made
    made.store.close()


class Limiting(dict[str, Reply]):
    """Replies of a site that answers 429 to every third page."""

    pages = 0

    def get(self, path: str, default: Any = None) -> Any:
        if path.startswith("/p"):
            self.pages += 1
            if self.pages % 3 == 0:
                return Reply("slow down", 429, {"Retry-After": "60"})
        return super().get(path, default)


def many(site: Site, pages: int) -> None:
    for i in range(pages):
        site.page(f"/p{i}", f"Page {i}", f"In week {i} of the siege: {CAPTURED[0]}", CAPTURED[1])
    site.feed("/feed", *(item(f"{site.url}/p{i}", f"Page {i}") for i in range(pages)))


def test_a_server_that_limits_us_costs_no_item(tmp_path: Path, site: Site) -> None:
    site.replies = Limiting()
    many(site, 24)
    watched = Watched(tmp_path / "war.db", site, "/feed")
    done = [watched.round(minutes=3) for _ in range(14)]
    assert sum(d.later for d in done[:9]) > 8 * 8 / 2, "most were left alone more often than an item is tried"
    assert [d.failed for d in done] == [0] * 14
    assert sum(d.added for d in done) == 24
    watched.store.close()


def test_what_was_never_asked_for_was_never_tried(watched: Watched, site: Site) -> None:
    many(site, 3)
    site.replies["/p0"] = Reply(status=503)
    assert watched.round().later == 3
    tries = {w.url: w.tries for w in watched.store.items(due=watched.clock() + dt.timedelta(days=1))}
    assert tries == {f"{site.url}/p0": 1, f"{site.url}/p1": 0, f"{site.url}/p2": 0}
    assert site.times("/p1") == 0


def test_what_is_on_a_host_that_is_no_more_does_not_wait_for_ever(watched: Watched, site: Site) -> None:
    text = "".join(f"<p>{p}</p>" for p in CAPTURED)
    with serving() as other:
        gone = other.url
    links = (item(f"{gone}/a", "Rebels capture Maarat", text=text), item(f"{gone}/b", "A second page"))
    site.feed("/feed", *links)
    added = failed = 0
    for day in range(40):
        done = watched.round(days=1)
        added, failed = added + done.added, failed + done.failed
        if day < 8:
            assert (added, failed) == (0, 0), "it may come back"
    assert (added, failed) == (1, 1), "the one of which the feed says enough is read from the feed"


def test_a_redirect_to_nowhere_costs_its_item_only(watched: Watched, site: Site) -> None:
    site.replies["/astray"] = Reply(status=302, headers={"Location": "http://[bad/"})
    links = (item(f"{site.url}/{p}", p) for p in ("astray", "captured"))
    site.feed("/feed", *links)
    done = watched.round()
    assert (done.added, done.failed) == (1, 1)
    assert "no usable address" in watched.store.watched()["failed"][0]["error"]


def test_a_feed_whose_address_is_none(watched: Watched, site: Site) -> None:
    watched.store.follow([Source("http://[bad/feed"), Source(f"{site.url}/feed")], watched.clock())
    done = watched.round()
    assert (done.feeds, done.broken, done.added) == (2, 1, 1)
    assert any("http://[bad/feed: no usable address" in said for said in watched.said)
    assert watched.store.host("").rules is None, "nobody was asked for rules, so that there is nothing to keep"


def test_rules_that_are_redirected_to_nowhere_are_none(watched: Watched, site: Site) -> None:
    site.replies["/robots.txt"] = Reply(status=302, headers={"Location": "http://[bad/"})
    assert watched.round().added == 1


def test_headers_that_say_nothing_are_passed_over(watched: Watched, site: Site) -> None:
    site.replies["/feed"].headers["Cache-Control"] = "max-age=\u00b2"
    site.replies["/captured"] = Reply(status=503, headers={"Retry-After": "Mon, 01 Jan 99999999999999 00:00:00 GMT"})
    done = watched.round()
    assert (done.broken, done.fresh, done.later) == (0, 1, 1)


def broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("nobody thought of this")


@pytest.mark.parametrize("part", ["max_age", "of_fetched"])
def test_any_fault_in_what_is_made_of_an_answer_is_told_by_name(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(watching, part, broken)
    done = watched.round()
    assert (done.broken, done.failed) == ((1, 0) if part == "max_age" else (0, 1))
    assert any("ZeroDivisionError: nobody thought of this" in said for said in watched.said)


def test_any_fault_in_asking_is_told_by_name(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "ask", broken)
    assert watched.round().broken == 1
    assert "ZeroDivisionError: nobody thought of this" in watched.feed()["error"]
    monkeypatch.undo()
    assert watched.round(days=1).added == 1


@pytest.mark.parametrize("error", [LedgerError("locked"), MissingResource("not there"), KeyboardInterrupt()])
def test_what_is_wrong_with_us_ends_the_run(error: BaseException) -> None:
    def ask(_: str) -> Answer:
        raise error

    with pytest.raises(type(error)):
        list(fetching.fetched(["http://a.example/"], str, ask, threading.Event()))


def test_a_sign_of_life_while_pages_are_fetched(watched: Watched, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes take many reports before the first outcome, and pages of a slow host are minutes apart."""
    many(site, 8)
    real, refused = watching.adding, list[str]()

    def all_first(store: Store, line: Any, reports: Any, **beside: Any) -> Any:
        taken = []
        for report in reports:
            taken.append(report)
            watched.clock.move(seconds=200)
            try:
                store.watch("another", now=watched.clock(), until=watched.clock(), every=900)
            except LedgerError as error:
                refused.append(str(error))
        return real(store, line, taken, **beside)

    monkeypatch.setattr(watching, "adding", all_first)
    assert watched.round().added == 8
    assert len(refused) == 8


def test_a_sign_of_life_while_nothing_is_added(watched: Watched, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items that are to come later give no outcome at all."""
    many(site, 8)
    refused = list[str]()
    real = watched.store.note_item

    def noted(*told: Any, **beside: Any) -> None:
        real(*told, **beside)
        watched.clock.move(seconds=200)
        try:
            watched.store.watch("another", now=watched.clock(), until=watched.clock(), every=900)
        except LedgerError as error:
            refused.append(str(error))

    def later(self: Any, url: str, **beside: Any) -> Answer:
        if "/p" in url:
            raise courtesy.Later("left alone", watched.clock() + dt.timedelta(days=1), tried=False)
        return asked(self, url, **beside)

    asked = courtesy.Courtesy.ask
    monkeypatch.setattr(courtesy.Courtesy, "ask", later)
    monkeypatch.setattr(watched.store, "note_item", noted)
    assert watched.round().later == 8
    assert len(refused) == 8


def test_who_waits_for_a_slow_host_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_BEAT", 0.01)
    beats, go = list[int](), threading.Event()

    def ask(url: str) -> Answer:
        assert go.wait(10)
        raise InputError(url)

    def alive() -> None:
        beats.append(1)
        if len(beats) == 5:
            go.set()

    [(_, told)] = fetching.fetched(["http://a.example/"], str, ask, threading.Event(), alive=alive)
    assert isinstance(told, InputError)
    assert len(beats) > 5


def test_a_mark_that_no_request_can_carry_is_not_kept(watched: Watched, site: Site) -> None:
    site.replies["/feed"].headers |= {"ETag": '"caf\u00e9"', "Last-Modified": "x" * 1001}
    for _ in range(3):
        assert watched.round(hours=1).broken == 0
    assert all("if-none-match" not in headers for _, headers in site.asked)
    assert all("if-modified-since" not in headers for _, headers in site.asked)


@pytest.mark.parametrize("status", [200, 304])
def test_a_mark_that_was_kept_and_that_no_request_can_carry_is_forgotten(
    watched: Watched, site: Site, status: int
) -> None:
    [feed] = watched.store.feeds()
    good = "Mon, 12 Dec 2016 08:30:00 GMT"
    watched.store.note_feed(feed.row, now=watched.clock(), etag='"caf\u00e9"', modified=good)
    site.replies["/feed"].status = status
    assert watched.round().broken == 0
    assert next(h for p, h in site.asked if p == "/feed")["if-modified-since"] == good
    assert watched.store.feeds()[0].etag is None
