"""What a site lets programs read: its robots.txt, as RFC 9309 says it is to be understood."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tadmor.errors import Refused
from tadmor.gather.clean import short
from tadmor.gather.polite import PRODUCT

if TYPE_CHECKING:
    from protego import Protego

LARGEST = 512_000  # bytes of a file that are read, as the RFC asks at least
FRESH = 86_400.0  # seconds for which what a file said is taken as said
SLOWEST = 300.0  # seconds between two requests that a file may ask for at most; more is taken for a mistake


def address(url: str) -> str:
    """Where the rules for an address are. Raises Refused when it is none."""
    parts = _split(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def rules(status: int, data: bytes) -> str | None:
    """The rules that an answer to the asking for robots.txt gives: its text, or none where there is no such file.

    None when nobody can tell (the server is in trouble, or too many ask): nothing of the site is read until it can.
    """
    if status == 200:
        return data[:LARGEST].decode("utf-8", "replace").replace("\0", "")
    return None if status >= 500 or status == 429 else ""


def allows(rules: str, url: str) -> bool:
    """Whether the rules let us read an address. Raises Refused when it is none."""
    if not rules.strip() or _split(url).path == "/robots.txt":
        return True
    return bool(_parsed(rules).can_fetch(url, PRODUCT))


def delay(rules: str) -> float:
    """Seconds between two requests that the rules ask for; 0 when they do not."""
    if not rules.strip():
        return 0.0
    asked = _parsed(rules).crawl_delay(PRODUCT)
    return min(max(float(asked), 0.0), SLOWEST) if asked is not None else 0.0


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise Refused(f"{short(url, 200)}: no usable address ({short(error)})") from error


@lru_cache(maxsize=64)
def _parsed(rules: str) -> Protego:
    from protego import Protego

    return Protego.parse(rules)
