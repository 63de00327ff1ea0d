"""Manners on the web: who asks, how often, and how long a server that is in trouble is left alone."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tadmor._version import __version__

PRODUCT = "tadmor"
"""The name by which robots.txt files may address us."""

FIRST = 60.0  # seconds for which a host is left alone after its first failure; doubled with each more
LONGEST = 86_400.0  # seconds for which anything is left alone at most: a day


@dataclass(frozen=True, slots=True)
class Manners:
    """How servers are asked.

    ``contact`` is an address (mail or web) at which whoever runs this can be reached, sent with each request. ``every`` are the
    seconds between two askings of a feed, ``pause`` those between two requests to a host; a host that asks for more gets it.
    ``timeout`` is how long each wait for an answer may be, ``deadline`` how long a whole answer may take (seconds).
    """

    contact: str | None = None
    every: float = 900.0
    pause: float = 2.0
    timeout: float = 15.0
    deadline: float = 60.0

    @property
    def agent(self) -> str:
        """The User-Agent: name, version, and whom to turn to."""
        contact = " ".join((self.contact or "").split())
        safe = "".join(c for c in contact if c.isprintable() and c.isascii() and c not in "()")
        return f"{PRODUCT}/{__version__} (+{safe})" if safe else f"{PRODUCT}/{__version__} (feed reader)"


def host_of(url: str) -> str:
    """The host of an address, with its port when one is written: what is left alone when it is in trouble."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """The seconds that a Retry-After header asks for, at most a day; None when it says nothing to be understood."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):  # the last for a year or an offset beyond what a C integer holds
        return None
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return min(max((at - now).total_seconds(), 0.0), LONGEST)


def max_age(value: str | None) -> float | None:
    """The seconds for which a Cache-Control header says that an answer stays good; None without it."""
    for part in (value or "").lower().split(","):
        name, _, given = part.strip().partition("=")
        seconds = given.strip('"')
        if name == "max-age" and seconds.isascii() and seconds.isdigit():  # "²" is a digit, too, and no number
            return min(float(seconds[:12]), LONGEST)
    return None


def back_off(failures: int, *, asked: float | None = None, first: float = FIRST, chance: random.Random) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, up to a day, spread by half to either side.

    The spread keeps many feeds that failed together from being asked again together. ``asked`` is what the server asks
    for (Retry-After): never less than that.
    """
    wait = min(first * 2.0 ** min(max(failures - 1, 0), 30), LONGEST)
    return max(min(wait * chance.uniform(0.5, 1.5), LONGEST), asked or 0.0)
