"""Lists of feeds (OPML) and feeds (RSS, Atom) from bytes to plain data; nothing is fetched here."""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import io
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from tadmor.errors import InputError
from tadmor.gather.clean import clean, short

MOST_ITEMS = 1000  # of one feed that are looked at
MOST_TEXT = 200_000  # characters of an item's own text that are kept


@dataclass(frozen=True, slots=True)
class Source:
    """A feed that is to be followed: its address, and its title and folder in the list that names it."""

    url: str
    title: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed.

    ``key`` is the same whenever the feed gives the item again, and another for another item, also where a feed gives all its
    items one id. ``published`` is the day that the feed states (EDTF, UTC), ``updated`` its time of the last change
    in the feed's words, ``text`` what the feed itself says of it, as HTML: all of the article, or a summary.
    """

    key: str
    url: str
    title: str = ""
    published: str | None = None
    updated: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was answered. ``wait`` are the seconds for which it asks to be left alone, ``fault`` what is wrong in it."""

    title: str
    items: tuple[Item, ...]
    wait: float = 0.0
    fault: str | None = None


def sources(data: bytes, where: str) -> list[Source]:
    """The feeds of an OPML file, each once, in order. Raises InputError when it is none, or names no feed."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{where}: no OPML ({short(error)})") from error
    # A name that the parser let pass in its mending may be none that lxml itself takes apart.
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise InputError(f"{where}: no OPML: a list of feeds begins with <opml>")
    found: dict[str, Source] = {}
    for source in _outlines(root, ""):
        found.setdefault(source.url, source)
    if not found:
        raise InputError(f"{where}: it names no feed: an outline with an xmlUrl is one")
    return list(found.values())


def _outlines(element: Any, folder: str) -> Iterator[Source]:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        named = {str(k).lower(): clean(str(v)).strip() for k, v in child.attrib.items()}
        title = named.get("title") or named.get("text") or ""
        url = named.get("xmlurl", "")
        if url:
            yield Source(url, title, folder)
        yield from _outlines(child, "/".join(p for p in (folder, title) if p) if not url else folder)


def parse(data: bytes, url: str, charset: str | None = None) -> Feed:
    """The feed that a server answered with. Raises InputError when it is none.

    What can be read of a broken one is read, and its fault told. ``url`` is where it came from, which links in it start from;
    ``charset`` what the server says it is written in.
    """
    import feedparser

    try:
        # A stream, as feedparser takes a string for a path or an address when it looks like one.
        kind = f"application/xml; charset={charset}" if charset else "application/xml"
        found = feedparser.parse(io.BytesIO(data), response_headers={"content-location": url, "content-type": kind})
    except Exception as error:
        raise InputError(f"no feed can be read there ({short(error)})") from error
    fault = short(found.get("bozo_exception") or "") if found.get("bozo") else ""
    if isinstance(found.get("bozo_exception"), feedparser.CharacterEncodingOverride):
        fault = ""  # the declared and the real one differ, and it was read by the real one
    if not found.get("version") and not found.entries:
        raise InputError(f"no feed: neither RSS nor Atom{f' ({fault})' if fault else ''}")
    items: dict[str, Item] = {}
    for entry in found.entries[:MOST_ITEMS]:
        item = _item(entry, url)
        if item is not None:
            items.setdefault(item.key, item)
    if fault and not items:
        raise InputError(f"a broken feed, of which no item can be read ({fault})")
    head = found.get("feed", {})
    return Feed(_words(head.get("title")), tuple(items.values()), _wait(head), fault or None)


def _item(entry: Mapping[str, Any], base: str) -> Item | None:
    link = _link(base, str(entry.get("link") or "").strip())
    text = max((str(c.get("value") or "") for c in entry.get("content") or ()), key=len, default="")
    text = clean(text or str(entry.get("summary") or ""))[:MOST_TEXT]
    title = _words(entry.get("title"))
    if not link and not text:
        return None
    # The link counts beside the id: some feeds give every item the same one. A mark behind # is of the reader, not of the page.
    changed = entry if "updated" in entry else {}  # feedparser takes the one date for the other where there is one only
    identity = f"{entry.get('id') or ''}\n{link.partition('#')[0] or title + text[:500]}"
    return Item(
        key=hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest(),
        url=link,
        title=title,
        published=_day(entry.get("published_parsed") or changed.get("updated_parsed")),
        updated=clean(str(changed.get("updated") or ""))[:100] or None,
        text=text,
    )


def _link(base: str, link: str) -> str:
    """The address of the web that an item's link is; empty when it is none."""
    try:
        link = urljoin(base, link) if link else ""
        return link if urlsplit(link).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _words(value: Any) -> str:
    """A title as plain text: feeds write it as HTML now and then."""
    text = clean(str(value or ""))
    if "<" in text or "&" in text:
        from lxml import html

        with suppress(ValueError, TypeError):
            text = "".join(str(t) for t in html.fromstring(f"<p>{text}</p>").itertext())
    return " ".join(text.split())[:1000]


def _day(value: time.struct_time | None) -> str | None:
    try:
        day = dt.datetime.fromtimestamp(calendar.timegm(value), dt.UTC).date() if value else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return day.isoformat() if day and 1990 <= day.year <= 2200 else None


def _wait(head: Mapping[str, Any]) -> float:
    """The seconds that a feed's ``ttl`` (minutes) asks for; up to a day."""
    text = str(head.get("ttl") or "").strip()
    return min(float(text) * 60, 86_400.0) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0
