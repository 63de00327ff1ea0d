"""The parts of watching: lists of feeds, feeds, manners, robots.txt; and the command line around them."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tadmor.cli import cli
from tadmor.errors import Empty, InputError, Refused
from tadmor.gather import feeds, feeds_text, robots
from tadmor.gather.feeds import Source
from tadmor.gather.polite import LONGEST, Manners, back_off, host_of, max_age, retry_after
from tadmor.ledger import Store

NOW = dt.datetime(2016, 12, 12, 9, 0, tzinfo=dt.UTC)
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Wires"><outline type="rss" text="North" xmlUrl="https://north.example/rss"/>
<outline title="South &amp; Co" xmlUrl="https://south.example/atom"/></outline>
<outline text="again" xmlUrl="https://north.example/rss"/><outline text="a folder with nothing"/></body></opml>"""


def test_a_list_of_feeds() -> None:
    assert feeds.sources(OPML.encode(), "x.opml") == [
        Source("https://north.example/rss", "North", "Wires"),
        Source("https://south.example/atom", "South & Co", "Wires"),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"no xml", b"<html><body/></html>", b"<opml><body><outline text='x'/></body></opml>", b"\x00\xff"]
)
def test_what_is_no_list_of_feeds_is_named(data: bytes) -> None:
    with pytest.raises(InputError, match=r"x\.opml"):
        feeds.sources(data, "x.opml")


def test_a_list_may_not_read_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden", encoding="utf-8")
    attack = f"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>
    <opml><body><outline text="&x;" xmlUrl="https://north.example/rss"/></body></opml>"""
    assert "hidden" not in repr(feeds.sources(attack.encode(), "x"))


def atom(*entries: str) -> feeds.Feed:
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">North &amp;amp; South</title>'
    body = f"{head}{''.join(entries)}</feed>"
    return feeds.parse(body.encode(), "https://north.example/feeds/atom")


def test_items_of_atom() -> None:
    found = atom(
        """<entry><id>1</id><title>One &lt;b&gt;bold&lt;/b&gt;</title><link href="../one"/>
        <published>2016-12-11T23:30:00-02:00</published>
        <updated>2016-12-13T00:00:00Z</updated><summary>Short</summary>
        <content type="html">&lt;p&gt;Long text&lt;/p&gt;</content></entry>"""
    )
    [item] = found.items
    assert found.title == "North & South"
    assert (item.url, item.title) == ("https://north.example/one", "One bold")
    assert item.published == "2016-12-12", "the day in UTC"
    assert item.updated == "2016-12-13T00:00:00Z"
    assert "Long text" in item.text


def test_what_is_no_address_of_the_web_is_none() -> None:
    found = atom(
        """<entry><id>1</id><title>One</title><link href="javascript:alert(1)"/><summary>It says enough.</summary></entry>""",
        """<entry><id>urn:uuid:2</id><title>Two</title></entry>""",
    )
    assert [(i.url, i.title) for i in found.items] == [("", "One")], (
        "and one that has neither link nor text is left out"
    )


def test_a_string_is_never_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        feeds.parse(str(tmp_path).encode(), "https://north.example/")


def test_what_a_feed_says_itself_as_paragraphs() -> None:
    markup = "<p>One &amp; two<br/>three</p><script>bad()</script> tail <b>bold</b> x<ul><li>a<li>b</ul><!-- c -->end"
    assert list(feeds_text.paragraphs(markup)) == ["One & two", "three", "tail bold x", "a", "b", "end"]
    with pytest.raises(Empty):
        feeds_text.report("<p> </p>", "A title", "", "", None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 12 Dec 2016 09:10:00 GMT", 600.0),
        ("Mon, 12 Dec 2016 08:00:00 GMT", 0.0),
        ("999999999999999999", LONGEST),
        ("soon", None),
        ("-5", None),
        ("\u00b2", None),
        ("Mon, 01 Jan 99999999999999 00:00:00 GMT", None),
        ("Feb 300, Feb 3099999:99999-99999999999999", None),
        ("", None),
        (None, None),
    ],
)
def test_when_a_server_wants_to_be_asked_again(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_waits_double_and_are_spread() -> None:
    chance = random.Random(3)
    for failures, middle in ((1, 60), (2, 120), (5, 960)):
        waits = [back_off(failures, chance=chance) for _ in range(200)]
        assert middle * 0.5 <= min(waits) < middle * 0.7
        assert middle * 1.3 < max(waits) <= middle * 1.5
    assert back_off(500, chance=chance) <= LONGEST
    assert back_off(1, asked=7200, chance=chance) == 7200


def test_how_long_an_answer_stays_good() -> None:
    assert max_age("public, max-age=600") == 600
    assert max_age("no-store") is None
    assert max_age("max-age=\u00b2") is None
    assert max_age('max-age=\u00b2, max-age="60"') == 60
    assert max_age("max-age=10000000") == LONGEST


def test_who_asks() -> None:
    assert Manners("desk@example.org").agent.endswith("(+desk@example.org)")
    assert "\n" not in Manners("desk@example.org\r\nX-Evil: 1").agent, "no header can be put in"
    assert Manners().agent.startswith("tadmor/")


def test_hosts() -> None:
    assert host_of("https://User@North.example:8443/x") == "north.example:8443"
    assert host_of("https://[broken") == ""


def test_what_a_site_lets_programs_read() -> None:
    rules = robots.rules(200, b"User-agent: *\nDisallow: /private\nAllow: /private/open\nCrawl-delay: 7\n")
    assert rules is not None
    assert robots.allows(rules, "https://north.example/news")
    assert not robots.allows(rules, "https://north.example/private/x")
    assert robots.allows(rules, "https://north.example/private/open")
    assert robots.delay(rules) == 7
    assert robots.rules(404, b"") == ""
    assert robots.rules(503, b"") is None
    assert robots.rules(429, b"") is None
    assert robots.delay("User-agent: *\nCrawl-delay: 86400") == robots.SLOWEST
    assert robots.allows("\0\ufffd<html>no rules</html>", "https://north.example/news")


def test_rules_for_what_is_no_address() -> None:
    assert robots.address("https://north.example:8443/a/b?c#d") == "https://north.example:8443/robots.txt"
    with pytest.raises(Refused, match="no usable address"):
        robots.address("http://[bad/feed")
    with pytest.raises(Refused, match="no usable address"):
        robots.allows("User-agent: *\nDisallow: /x", "http://[bad/feed")


def run(*command: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["watch", *command])
    return result.exit_code, result.output + str(result.exception or "")


def test_one_round_for_cron(tmp_path: Path) -> None:
    """Feeds of this machine are refused: cron is told by the exit status; once none is due, there is nothing to tell."""
    ledger = str(tmp_path / "war.db")
    (tmp_path / "one.opml").write_text(
        '<opml><body><outline text="Here" xmlUrl="http://127.0.0.1:9/rss"/></body></opml>', encoding="utf-8"
    )
    code, said = run(str(tmp_path / "one.opml"), "--once", "--ledger", ledger, "--reader", "rules")
    assert code == 1, said
    assert "no public address" in said
    assert "1 feed asked, 1 failed" in said
    assert "--contact" in said
    code, said = run("--once", "--ledger", ledger, "--reader", "rules")
    assert code == 0, said
    assert "asked," not in said, "the ledger knows the feed, and that it is not due"
    assert "no feed is due: the next is asked at 20" in said
    code, said = run("--status", "--ledger", ledger)
    assert "Here  <http://127.0.0.1:9/rss>" in said
    assert "no public address" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.opml"], "cannot be read"),
        (["ftp://north.example/rss"], "only http and https"),
        ([], "no feed is followed yet"),
    ],
)
def test_what_cannot_be_followed(tmp_path: Path, arguments: list[str], told: str) -> None:
    code, said = run(*arguments, "--once", "--ledger", str(tmp_path / "war.db"), "--reader", "rules")
    assert code != 0
    assert told in said


def test_status_of_a_ledger_that_is_not_there(tmp_path: Path) -> None:
    code, said = run("--status", "--ledger", str(tmp_path / "none.db"))
    assert code != 0
    assert "there is no ledger" in said
    assert not (tmp_path / "none.db").exists()


def test_ctrl_c_ends_it_and_leaves_the_ledger_to_others(tmp_path: Path) -> None:
    ledger = tmp_path / "war.db"
    command = [
        sys.executable,
        "-m",
        "tadmor",
        "watch",
        "http://127.0.0.1:9/rss",
        "--ledger",
        str(ledger),
        "--reader",
        "rules",
    ]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if "asked" in line and "failed" in line:
                    break
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "goes on from here" in said
    with Store(ledger) as store:
        watcher = store.watched()["watcher"]
        assert watcher["until"] <= dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
