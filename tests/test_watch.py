"""Watching feeds, against a real server: what is asked, how often, what comes of it, and that it goes on where it stopped."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tadmor import pipeline
from tadmor.errors import LedgerError
from tadmor.gather.feeds import Source
from tadmor.gather.polite import Manners
from tadmor.intake.sorting import NONE, Sorting
from tadmor.intake.watching import Round, Watch
from tadmor.ledger import Store
from watch_support import Clock, Reply, Site, item, serving

CAPTURED = (
    "Rebel fighters captured the town of Maarat on Sunday after three days of shelling, a monitoring group said.",
    "The army said that its troops had withdrawn to the south of the town and that 12 soldiers were killed in the attack.",
)
CONVOY = (
    "An air strike hit an aid convoy near the river crossing on Saturday, killing five drivers, the health ministry said.",
    "Residents said that two warplanes had bombed the road twice, and that militants were seen near the bridge before the raid.",
)
CAKE = (
    "The bakery on Mill Lane has won the county prize for its walnut cake for the third year in a row, the organisers announced.",
    "Its owner said that the recipe came from her grandmother, and that visitors may taste it at the summer fair next weekend.",
    "Tickets for the fair cost four pounds and include a cup of tea, and children under ten come in free with their parents.",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


class Watched:
    """A ledger that follows feeds of the site, and a watcher of it."""

    def __init__(self, path: Path, site: Site, *feeds: str, **beside: Any) -> None:
        self.path, self.clock, self.said = path, Clock(), list[str]()
        self.store = Store(path)
        self.store.follow([Source(site.url + f) for f in feeds], self.clock())
        self.beside = {"sorting": NONE, **beside}
        self.watch = self.made()

    def made(self, **beside: Any) -> Watch:
        given = {"manners": Manners(contact="desk@example.org", pause=0.0, every=900), **self.beside, **beside}
        return Watch(
            self.store,
            pipeline.default("rules"),
            say=self.said.append,
            now=self.clock,
            permit=lambda _: True,
            chance=random.Random(1),
            **given,
        )

    def round(self, **later: float) -> Round:
        self.clock.move(**later)
        return self.watch.once()

    def feed(self) -> dict[str, Any]:
        return dict(self.store.watched()["feeds"][0])


@pytest.fixture
def watched(tmp_path: Path, site: Site) -> Iterator[Watched]:
    site.page("/captured", "Rebels capture Maarat", *CAPTURED)
    site.feed("/feed", item(f"{site.url}/captured", "Rebels capture Maarat"), etag='"1"')
    made = Watched(tmp_path / "war.db", site, "/feed")
    yield made
    made.store.close()


def test_what_is_new_is_fetched_read_and_kept(watched: Watched, site: Site) -> None:
    done = watched.round()
    assert (done.feeds, done.fresh, done.added) == (1, 1, 1)
    assert done.claims > 0
    [reading] = watched.store.readings()
    assert "captured the town of Maarat" in reading.report.text
    assert reading.report.url == f"{site.url}/captured"
    assert reading.report.publisher == "North Wire", "the page does not say who publishes it, the feed does"
    assert reading.report.published == "2016-12-12"
    assert watched.feed()["title"] == "North Wire"


def test_we_say_who_asks_and_what_we_have(watched: Watched, site: Site) -> None:
    watched.round()
    watched.round(hours=1)
    assert all(h["user-agent"].startswith("tadmor/") and "desk@example.org" in h["user-agent"] for _, h in site.asked)
    first, second = (headers for path, headers in site.asked if path == "/feed")
    assert "if-none-match" not in first
    assert second["if-none-match"] == '"1"'


def test_a_feed_that_has_not_changed(watched: Watched, site: Site) -> None:
    watched.round()
    done = watched.round(hours=1)
    assert (done.feeds, done.unchanged, done.added) == (1, 1, 0)
    assert site.times("/captured") == 1


def test_last_modified_is_sent_back(watched: Watched, site: Site) -> None:
    site.replies["/feed"].etag = None
    site.replies["/feed"].headers["Last-Modified"] = "Mon, 12 Dec 2016 08:30:00 GMT"
    watched.round()
    watched.round(hours=1)
    assert site.asked[-1][1]["if-modified-since"] == "Mon, 12 Dec 2016 08:30:00 GMT"


def test_a_feed_is_not_asked_before_its_time(watched: Watched, site: Site) -> None:
    watched.round()
    assert not watched.round(minutes=10)
    assert site.times("/feed") == 1
    watched.round(minutes=10)
    assert site.times("/feed") == 2


def test_a_feed_that_asks_to_be_left_alone_is(watched: Watched, site: Site) -> None:
    site.feed("/feed", head="<ttl>180</ttl>")
    watched.round()
    watched.round(hours=2)
    assert site.times("/feed") == 1
    watched.round(hours=2)
    assert site.times("/feed") == 2


def test_an_item_comes_once_however_often_the_feed_gives_it(watched: Watched, site: Site) -> None:
    watched.round()
    site.page("/convoy", "Convoy hit", *CONVOY)
    site.feed("/feed", item(f"{site.url}/convoy", "Convoy hit"), item(f"{site.url}/captured", "Rebels capture Maarat"))
    assert watched.round(hours=1).added == 1
    assert site.times("/captured") == 1
    assert watched.store.counts().reports == 2


def test_items_that_share_an_id_are_told_apart(watched: Watched, site: Site) -> None:
    site.page("/convoy", "Convoy hit", *CONVOY)
    both = (item(f"{site.url}/{p}", p, guid="same") for p in ("captured", "convoy"))
    site.feed("/feed", *both, item(f"{site.url}/convoy#top", "convoy", guid="same"))
    done = watched.round()
    assert (done.fresh, done.added) == (2, 2)


def test_two_feeds_with_one_article_add_it_once(tmp_path: Path, site: Site) -> None:
    site.page("/captured", "Rebels capture Maarat", *CAPTURED)
    for name in ("/a", "/b"):
        site.feed(name, item(f"{site.url}/captured", "Rebels capture Maarat"))
    watched = Watched(tmp_path / "war.db", site, "/a", "/b")
    done = watched.round()
    assert (done.added, done.known) == (1, 1)
    watched.store.close()


def test_a_changed_item_is_read_again(watched: Watched, site: Site) -> None:
    def atom(updated: str) -> None:
        site.replies["/feed"] = Reply(
            f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><id>x</id><updated>{updated}</updated>
            <entry><id>1</id><title>Rebels capture Maarat</title><link href="/captured"/>
            <updated>{updated}</updated></entry></feed>"""
        )

    atom("2016-12-12T08:00:00Z")
    assert watched.round().added == 1
    assert watched.round(hours=1).fresh == 0
    site.page("/captured", "Rebels capture Maarat", *CAPTURED, "The governor denied that the town had fallen.")
    atom("2016-12-12T10:00:00Z")
    assert watched.round(hours=1).added == 1
    assert any("denied" in r.report.text for r in watched.store.readings())


def test_too_many_requests_and_when_to_come_back(watched: Watched, site: Site) -> None:
    good = site.replies["/feed"]
    site.replies["/feed"] = Reply(status=429, headers={"Retry-After": "7200"})
    assert watched.round().broken == 1
    [host] = watched.store.watched()["hosts"]
    assert host["next_at"] >= "2016-12-12T11:00:00"
    site.replies["/feed"] = good
    watched.round(hours=1)
    assert site.times("/feed") == 1, "the host is left alone for as long as it asks"
    watched.round(hours=2)
    assert site.times("/feed") == 2
    assert watched.store.watched()["hosts"] == []
    assert watched.feed()["failures"] == 0


def test_a_server_in_trouble_is_asked_ever_less(watched: Watched, site: Site) -> None:
    site.replies["/feed"] = Reply(status=500)
    waits = []
    for _ in range(4):
        watched.round()
        [host] = watched.store.watched()["hosts"]
        until = host["next_at"]
        waits.append(until)
        watched.clock.at = watched.clock.at.fromisoformat(until)
    assert site.times("/feed") == 4
    assert "500" in watched.feed()["error"]
    assert watched.feed()["failures"] == 4
    assert len(set(waits)) == 4


def test_an_item_waits_while_its_server_is_in_trouble(watched: Watched, site: Site) -> None:
    good = site.replies["/captured"]
    site.replies["/captured"] = Reply(status=503)
    done = watched.round()
    assert (done.later, done.failed) == (1, 0)
    site.replies["/captured"] = good
    assert watched.round(hours=3).added == 1


def test_a_slow_server_is_left_in_time(watched: Watched, site: Site) -> None:
    site.replies["/feed"].seconds = 1.0
    watched.watch = watched.made(manners=Manners(pause=0.0, timeout=0.2))
    assert watched.round().broken == 1
    assert "no answer in time" in watched.feed()["error"]


def test_a_moved_feed_is_asked_where_it_is(watched: Watched, site: Site) -> None:
    site.replies["/new"] = site.replies["/feed"]
    site.replies["/feed"] = Reply(status=301, headers={"Location": "/new"})
    assert watched.round().added == 1
    assert watched.feed()["address"] == f"{site.url}/new"
    watched.round(hours=1)
    assert (site.times("/feed"), site.times("/new")) == (1, 2)


def test_a_feed_that_is_elsewhere_for_a_while_keeps_its_address(watched: Watched, site: Site) -> None:
    site.replies["/new"] = site.replies["/feed"]
    site.replies["/feed"] = Reply(status=302, headers={"Location": "/new"})
    assert watched.round().added == 1
    assert watched.feed()["address"] == f"{site.url}/feed"


def test_redirects_without_end(watched: Watched, site: Site) -> None:
    site.replies["/feed"] = Reply(status=302, headers={"Location": "/feed"})
    assert watched.round().broken == 1
    assert "redirects" in watched.feed()["error"]


def test_a_feed_that_is_gone_is_asked_once_a_day(watched: Watched, site: Site) -> None:
    site.replies["/feed"] = Reply(status=410)
    watched.round()
    watched.round(hours=23)
    assert site.times("/feed") == 1
    assert "gone" in watched.feed()["error"]


def test_broken_xml_is_read_as_far_as_it_goes(watched: Watched, site: Site) -> None:
    text = str(site.replies["/feed"].body)
    site.replies["/feed"] = Reply(text.replace("</channel></rss>", "<item><title>cut"))
    assert watched.round().added == 1
    assert "read all the same" in watched.feed()["error"]


@pytest.mark.parametrize(
    "body", [b"", b"no feed at all", b"<html><body>Log in</body></html>", b"\xff\xfe\x00\x01" * 50]
)
def test_what_is_no_feed_is_said_to_be_none(watched: Watched, site: Site, body: bytes) -> None:
    site.replies["/feed"] = Reply(body)
    assert watched.round().broken == 1
    assert "no feed" in watched.feed()["error"] or "no item" in watched.feed()["error"]
    assert watched.said


def test_robots_txt_is_heeded(watched: Watched, site: Site) -> None:
    site.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /captured\n")
    done = watched.round()
    assert (done.added, done.failed) == (0, 1)
    assert site.times("/captured") == 0
    assert "robots.txt" in watched.store.watched()["failed"][0]["error"]
    watched.round(hours=1)
    assert site.times("/robots.txt") == 1, "its rules hold for a day"


def test_robots_txt_may_speak_to_us_by_name(watched: Watched, site: Site) -> None:
    site.replies["/robots.txt"] = Reply("User-agent: tadmor\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    assert watched.round().broken == 1
    assert site.times("/feed") == 0


def test_nothing_is_read_while_nobody_can_tell_the_rules(watched: Watched, site: Site) -> None:
    site.replies["/robots.txt"] = Reply(status=503)
    assert watched.round().broken == 1
    assert site.times("/feed") == 0
    site.replies["/robots.txt"] = Reply(status=404)
    assert watched.round(hours=2).added == 1


def test_what_the_feed_says_stands_for_a_page_that_is_withheld(watched: Watched, site: Site) -> None:
    site.replies["/captured"] = Reply(status=403)
    site.feed(
        "/feed", item(f"{site.url}/captured", "Rebels capture Maarat", text="".join(f"<p>{p}</p>" for p in CAPTURED))
    )
    assert watched.round().added == 1
    [reading] = watched.store.readings()
    assert reading.report.metadata["read_from"] == "feed"
    assert "403" in reading.report.metadata["page"]
    assert reading.report.url == f"{site.url}/captured"


def test_addresses_inside_are_refused(tmp_path: Path, site: Site) -> None:
    from tadmor.gather.fetch import is_public

    site.feed("/feed")
    watched = Watched(tmp_path / "war.db", site, "/feed")
    watched.watch.permit = is_public
    assert watched.round().broken == 1
    assert site.asked == []
    assert "no public address" in watched.feed()["error"]
    watched.store.close()


def test_sorting_before_reading(tmp_path: Path, site: Site) -> None:
    for name, text in (("/captured", CAPTURED), ("/reprint", (*CAPTURED, "")), ("/cake", CAKE)):
        site.page(name, name[1:].title(), *text)
    site.feed("/feed", *(item(f"{site.url}{n}", n) for n in ("/captured", "/reprint", "/cake")))
    watched = Watched(tmp_path / "war.db", site, "/feed", sorting=Sorting(relevance=True, fold=True))
    done = watched.round()
    assert (done.added, done.unread) == (1, 2)
    assert watched.store.unread_counts() == {"relevance": 1, "reprint": 1}
    assert watched.store.counts().reports == 3, "nothing is dropped"
    watched.store.close()


def test_it_goes_on_where_it_was_stopped(watched: Watched, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher that dies between the feed and its items leaves them waiting, and the next one takes them up."""

    def broken(*_: Any) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(Watch, "_items", broken)
        with pytest.raises(RuntimeError, match="killed"):
            watched.round()
    assert watched.feed()["waiting"] == 1
    watched.store.close()
    watched.store = Store(watched.path)
    done = watched.made(who="another").once()
    assert (done.feeds, done.added) == (0, 1), "the feed is not asked again, its item is read"


def test_only_one_watches(watched: Watched) -> None:
    watched.store.watch("somebody", now=watched.clock(), until=watched.clock().replace(hour=10), every=900)
    with pytest.raises(LedgerError, match="somebody"):
        watched.round()
    assert watched.round(hours=2).added == 1, "one that shows no sign of life is taken for dead"


def test_feeds_that_are_listed_no_more_are_left(watched: Watched, site: Site) -> None:
    watched.round()
    watched.store.follow([], watched.clock())
    assert not watched.round(hours=5)
    assert watched.store.counts().reports == 1


def test_hosts_are_asked_side_by_side_and_each_with_pauses(tmp_path: Path) -> None:
    with serving() as one, serving() as other:
        feeds = []
        for served in (one, other):
            for name in ("/a", "/b", "/c"):
                served.feed(name)
                feeds.append(Source(served.url + name))
        watched = Watched(tmp_path / "war.db", one, manners=Manners(pause=0.15))
        watched.store.follow(feeds, watched.clock())
        assert watched.round().feeds == 6
        for served in (one, other):
            assert [p for p, _ in served.asked] == ["/robots.txt", "/a", "/b", "/c"]
        watched.store.close()
