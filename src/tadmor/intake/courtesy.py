"""Asking servers with manners: robots.txt first, not too often, and not at all for a while when they are in trouble."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tadmor.errors import InputError, Unanswered
from tadmor.gather import robots
from tadmor.gather.clean import short
from tadmor.gather.fetch import Answer, Permit, ask, is_public
from tadmor.gather.polite import LONGEST, Manners, back_off, host_of, retry_after
from tadmor.ledger.watching import Host, stamp

_TROUBLE = frozenset((429, 500, 502, 503, 504))
_LONG = 8  # failures of a host in a row from which on it is in more than passing trouble: hours of it at least
_ROBOTS_WAIT = 600.0  # seconds after which rules that nobody could tell are asked for again, at first


class Later(InputError):  # noqa: N818 - reads as what is to be done
    """An address that is to be asked later: its host is left alone until ``until`` (UTC).

    ``tried`` is whether that is a try of the address itself. It is none where nothing was asked since its host is left alone
    for what it answered to another, or since nobody can tell its rules: a server that limits how often it is asked would else
    use up the tries of pages that it was never asked for. Once a host has failed many times in a row it counts all the same,
    as what is on a host that is no more would else wait for ever.
    """

    def __init__(self, message: str, until: dt.datetime, *, tried: bool = True) -> None:
        super().__init__(message)
        self.until, self.tried = until, tried


class Forbidden(InputError):  # noqa: N818
    """An address that its site does not let programs read."""


class Stopped(InputError):  # noqa: N818
    """Nothing is asked any more, since the program ends."""


def utc() -> dt.datetime:
    """The time now."""
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Courtesy:
    """How servers are asked, and what is known of each: one for all threads.

    ``known`` gives what was kept of a host, ``told`` takes what is new of it (called in the thread that asks). ``now`` is the
    clock by which hosts are left alone, ``stop`` ends every wait.
    """

    manners: Manners
    known: Callable[[str], Host]
    told: Callable[[Host], None]
    now: Callable[[], dt.datetime] = utc
    chance: random.Random = field(default_factory=random.Random)
    permit: Permit = is_public
    stop: threading.Event = field(default_factory=threading.Event)
    _hosts: dict[str, Host] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, url: str, *, max_bytes: int, headers: Mapping[str, str] | None = None) -> Answer:
        """What the server answers, by its manners and ours.

        Raises Later when its host is to be left alone, Forbidden when robots.txt says so, Stopped; Refused, TooLarge and
        InputError as ``gather.fetch.ask`` does.
        """
        asked = [url]

        def before(address: str) -> None:
            asked[0] = address
            self._admit(address)

        try:
            answer = self._ask(url, max_bytes, headers or {}, before)
        except Unanswered as error:
            raise self._trouble(host_of(asked[0]), str(error)) from error
        host = host_of(answer.url)
        if answer.status in _TROUBLE:
            wait = retry_after(answer.headers.get("retry-after"), self.now())
            raise self._trouble(host, f"{short(answer.url, 200)}: the server answered {answer.status}", wait)
        if self._host(host).failures:
            self._note(replace(self._host(host), failures=0, error=None, next_at=""))
        return answer

    def _ask(self, url: str, max_bytes: int, headers: Mapping[str, str], before: Callable[[str], None]) -> Answer:
        return ask(
            url,
            max_bytes=max_bytes,
            headers={"User-Agent": self.manners.agent, **headers},
            before=before,
            timeout=self.manners.timeout,
            deadline=self.manners.deadline,
            _permit=self.permit,
        )

    def _admit(self, url: str) -> None:
        """Wait until the host may be asked for this address. Raises Later, Forbidden, Stopped."""
        name = host_of(url)
        with self._lock_of(name):
            host = self._host(name)
            if host.next_at > stamp(self.now()):
                until = dt.datetime.fromisoformat(host.next_at)
                raise Later(host.error or f"{name} is left alone", until, tried=host.failures >= _LONG)
            host = self._ruled(url, host)
            if host.rules is not None and not robots.allows(host.rules, url):
                raise Forbidden(f"{short(url, 200)}: robots.txt of {name} does not let programs read it")
            self._pace(name, max(self.manners.pause, host.delay))

    def _ruled(self, url: str, host: Host) -> Host:
        """The host with its rules, asked for when they are not known or a day old. Raises Later when nobody can tell them."""
        now = self.now()
        if host.rules is not None and host.rules_at is not None:
            age = (now - dt.datetime.fromisoformat(host.rules_at)).total_seconds()
            if 0 <= age < robots.FRESH:
                return host
        where = robots.address(url)
        self._pace(host.name, self.manners.pause)
        try:
            answer = self._ask(where, robots.LARGEST, {}, lambda _: None)
            rules, why = robots.rules(answer.status, answer.data), f"the server answered {answer.status}"
            wait = retry_after(answer.headers.get("retry-after"), now)
        except Unanswered as error:
            rules, why, wait = None, str(error), None
        except InputError:
            rules, why, wait = "", "", None  # too large, or nothing that can be read: there are no rules
        if rules is None:
            later = self._trouble(host.name, f"robots.txt of {host.name} cannot be told: {why}", wait, _ROBOTS_WAIT)
            later.tried = self._host(host.name).failures >= _LONG
            raise later
        told = replace(host, rules=rules, rules_at=stamp(now), delay=robots.delay(rules))
        self._note(told)
        return told

    def _pace(self, name: str, pause: float) -> None:
        last = self._last.get(name)
        wait = last + pause - time.monotonic() if last is not None else 0.0
        if self.stop.wait(wait) if wait > 0 else self.stop.is_set():
            raise Stopped("the program ends")
        self._last[name] = time.monotonic()

    def _trouble(self, name: str, why: str, asked: float | None = None, first: float = 60.0) -> Later:
        host = self._host(name)
        failures = host.failures + 1
        wait = min(back_off(failures, asked=asked, first=first, chance=self.chance), LONGEST)
        until = self.now() + dt.timedelta(seconds=wait)
        self._note(replace(host, failures=failures, error=why, next_at=stamp(until)))
        return Later(why, until)

    def _host(self, name: str) -> Host:
        with self._lock:
            found = self._hosts.get(name)
        if found is None:
            found = self.known(name)
            with self._lock:
                self._hosts[name] = found
        return found

    def _note(self, host: Host) -> None:
        with self._lock:
            self._hosts[host.name] = host
        self.told(host)

    def _lock_of(self, name: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())
