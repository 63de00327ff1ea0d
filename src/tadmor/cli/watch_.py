"""``tadmor watch``: follow feeds on a schedule; what is new in them is read and kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from tadmor.cli import options, sorting
from tadmor.cli.adding import Adding, adding
from tadmor.cli.verb import Verb

if TYPE_CHECKING:
    from tadmor.gather.feeds import Source
    from tadmor.intake.watching import Round

_MOST_OPML = 5_000_000  # bytes


@click.command("watch", cls=Verb)
@click.argument("feeds", nargs=-1, metavar="[FEEDS]...")
@options.ledger
@click.option(
    "--once", is_flag=True, help="One round, then end: for cron. The exit status is 1 when a feed could not be asked."
)
@click.option("--status", is_flag=True, help="Ask nothing; say how watching goes.")
@click.option(
    "--every",
    type=click.FloatRange(1, 1440),
    default=15,
    show_default=True,
    help="Minutes between two askings of a feed.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0.5, 300),
    default=2,
    show_default=True,
    help="Seconds between two requests to a host; one that asks for more gets it.",
)
@click.option(
    "--contact",
    envvar="TADMOR_CONTACT",
    metavar="ADDRESS",
    help="A mail or web address at which you can be reached, sent with each request.",
)
@adding
def command(
    feeds: tuple[str, ...],
    ledger_path: options.Where,
    once: bool,
    status: bool,
    every: float,
    pause: float,
    contact: str | None,
    how: Adding,
) -> None:
    """Follow feeds (RSS and Atom): ask them on a schedule, read what is new, keep it.

    FEEDS are OPML files, or addresses of feeds; the ledger remembers them, so that later `tadmor watch` goes on without.
    Servers are asked with manners: only for what has changed, seldom, as their robots.txt says, and not at all for a while
    when they are in trouble. Ctrl-C ends it after the report that is being read; nothing is lost, and the next run
    goes on from there.
    """
    from tadmor.gather.polite import Manners
    from tadmor.intake.watching import Watch
    from tadmor.intake.workers import Recipe
    from tadmor.ledger import Store

    if status:
        with Store(options.existing(ledger_path)) as store:
            _status(store.watched(), store.unread_counts())
        return
    sources = _sources(feeds)
    from tadmor import pipeline

    line = pipeline.default(how.reader, how.actors, how.gazetteer, how.second)
    with Store(ledger_path, originals=how.originals) as store, options.total(line):
        stop = _ended_by_signals()
        watch = Watch(
            store,
            line,
            manners=Manners(contact=contact, every=every * 60, pause=pause),
            sorting=how.sorting,
            jobs=how.jobs,
            recipe=Recipe(how.reader, how.actors, how.gazetteer),
            max_bytes=how.max_bytes,
            say=lambda message: click.echo(f"tadmor: {message}", err=True),
            stop=stop,
        )
        if sources:
            store.follow(sources, watch.now())
        number = len(store.feeds())
        if not number:
            raise click.ClickException("no feed is followed yet: name an OPML file, or the address of a feed")
        if not contact:
            click.echo("nobody is named for servers to turn to: set --contact, or TADMOR_CONTACT", err=True)
        failed = False
        if once:
            done = watch.once()
            _told(done)
            stopped, failed = stop.is_set(), done.broken > 0
            if not done and not stopped:
                click.echo(f"no feed is due: the next is asked at {min(f.next_at for f in store.feeds())}", err=True)
        else:
            from tadmor.publish.plural import many

            often = f"every {every:g} minutes" if every != 1 else "every minute"
            click.echo(f"following {many(number, 'feed')}, each asked {often}; Ctrl-C ends it", err=True)
            watch.run(_told)
            stopped = True
    if stopped:
        click.echo(f"stopped; `tadmor watch --ledger {options.shown(ledger_path)}` goes on from here", err=True)
    if failed:
        sys.exit(1)  # for cron, which tells whoever looks after it


def _sources(feeds: tuple[str, ...]) -> list[Source]:
    """The feeds that the arguments name. Raises InputError for a file that is no list of feeds."""
    from tadmor.errors import InputError
    from tadmor.gather.feeds import Source, sources
    from tadmor.gather.fetch import is_url

    found: list[Source] = []
    for given in feeds:
        if is_url(given):
            if not given.lower().startswith(("http://", "https://")):
                raise InputError(f"{given}: only http and https addresses are asked")
            found.append(Source(given))
            continue
        try:
            with open(given, "rb") as stream:  # noqa: PTH123 - a name may be no valid path at all
                data = stream.read(_MOST_OPML + 1)
        except (OSError, ValueError) as error:
            raise InputError(f"{given}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        if len(data) > _MOST_OPML:
            raise InputError(f"{given}: above {_MOST_OPML} bytes, which no list of feeds has")
        found += sources(data, given)
    return list({s.url: s for s in found}.values())


def _ended_by_signals() -> threading.Event:
    """What Ctrl-C, or whoever ends services, sets; a second Ctrl-C ends at once."""
    stop = threading.Event()

    def end(number: int, _: Any) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return stop


def _told(done: Round) -> None:
    from tadmor.publish.plural import many

    if not done:
        return
    parts = [f"{many(done.feeds, 'feed')} asked"]
    parts += [f"{n} {words}" for n, words in ((done.unchanged, "unchanged"), (done.broken, "failed")) if n]
    parts.append(f"{many(done.added, 'report')} added with {many(done.claims, 'claim')}")
    named = (
        (done.known, "known already"),
        (done.unread, "kept unread"),
        (done.failed, "not read"),
        (done.later, "later"),
    )
    parts += [f"{n} {words}" for n, words in named if n]
    click.echo(", ".join(parts), err=True)
    sys.stderr.flush()


def _status(watched: dict[str, Any], unread: dict[str, int]) -> None:
    """How watching goes, for people."""
    watcher = watched["watcher"]
    if watcher is None:
        click.echo("nobody has watched yet")
    else:
        click.echo(f"last sign of a watcher: {watcher['seen_at']} ({watcher['who']})")
    for feed in watched["feeds"]:
        items = ", ".join(f"{feed[n]} {n}" for n in ("added", "known", "unread", "failed", "waiting") if feed[n])
        click.echo(f"{feed['title'] or feed['url']}  <{feed['address']}>")
        click.echo(f"    {items or 'no items yet'} · next at {feed['next_at']}")
        if feed["error"]:
            click.echo(f"    {feed['error']}")
    for host in watched["hosts"]:
        click.echo(f"{host['name']} is left alone until {host['next_at']}: {host['error']}")
    for item in watched["failed"]:
        click.echo(f"not read: {item['title']} <{item['url']}>: {item['error']}")
    if told := sorting.unread(unread):
        click.echo(told)
