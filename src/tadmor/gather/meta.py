"""What a page says of itself: title, site, address, date of publication (meta tags, JSON-LD, time elements)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tadmor.gather import dates
from tadmor.gather.clean import fold
from tadmor.gather.plain import without_site

_DATE_NAMES = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date.published",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "published",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "date",
)
_ARTICLE = re.compile(r"Article|Posting|Report$|NewsItem")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-]([0-2]?\d|3[01])(?=[/_-]|$)")
_MAX_LD = 500_000


@dataclass(frozen=True, slots=True)
class About:
    """Title without the site's name, site, canonical address, date of publication as EDTF."""

    title: str | None
    site: str | None
    url: str | None
    published: str | None


def about(tree: Any, url: str | None = None) -> About:
    """What the page's head, and the first heading of its body, say."""
    tags: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        value = node.get("content")
        if name and value and value.strip():
            tags.setdefault(name.lower(), fold(value))
    articles = [a for a in _linked_data(tree) if _ARTICLE.search(_type(a))]
    site = tags.get("og:site_name")
    title, from_title = _title(tree, tags, articles, site)
    url = _address(tree, tags) or url
    published = _published(tree, tags, articles, url)
    return About(title, site or from_title, url, published)


def _title(
    tree: Any, tags: dict[str, str], articles: list[dict[str, Any]], site: str | None
) -> tuple[str | None, str | None]:
    headings = [t for h in tree.iter("h1") if (t := fold(h.text_content())) and 8 <= len(t) <= 300]
    page = next((t for n in tree.iter("title") if (t := fold(n.text_content()))), None)
    told = (
        tags.get("og:title")
        or tags.get("twitter:title")
        or _string(articles[0].get("headline") if articles else None)
        or page
    )
    for heading in headings:
        for candidate in (told, page):
            if candidate and candidate.lower().startswith(heading.lower()):
                rest = candidate[len(heading) :].strip(" -–—|·:»")
                return heading, rest or None
    if len(headings) == 1 and not told:
        return headings[0], None
    return without_site(told, site, "") if told else (None, None)


def _address(tree: Any, tags: dict[str, str]) -> str | None:
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and (node.get("href") or "").startswith("http"):
            return str(node.get("href")).strip()
    url = tags.get("og:url")
    return url if url and url.startswith("http") else None


def _published(tree: Any, tags: dict[str, str], articles: list[dict[str, Any]], url: str | None) -> str | None:
    for name in _DATE_NAMES[:4]:
        if day := dates.normalise(tags.get(name)):
            return day
    told = {day for a in articles if (day := dates.normalise(_string(a.get("datePublished"))))}
    if len(told) == 1:
        return told.pop()
    for name in _DATE_NAMES[4:]:
        if day := dates.normalise(tags.get(name)):
            return day
    marked = {
        day
        for node in tree.iter("time", "span", "abbr", "div", "p")
        if node.get("pubdate") is not None or (node.get("itemprop") or "").lower() == "datepublished"
        if (day := dates.normalise(node.get("datetime") or node.get("content") or fold(node.text_content())[:60]))
    }
    if len(marked) == 1:
        return marked.pop()
    timed = {day for node in tree.iter("time") if (day := dates.normalise(node.get("datetime")))}
    if len(timed) == 1:
        return timed.pop()
    if url and (m := _URL_DAY.search(url)):
        return dates.normalise(f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}")
    return None


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    for node in tree.iter("script"):
        if "ld+json" not in (node.get("type") or "").lower() or len(node.text or "") > _MAX_LD:
            continue
        try:
            yield from _objects(json.loads(node.text or "", strict=False), 0)
        except (ValueError, RecursionError):
            continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth)
    elif isinstance(value, dict) and depth < 3:
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)


def _type(value: dict[str, Any]) -> str:
    kind = value.get("@type")
    return " ".join(map(str, kind)) if isinstance(kind, list) else str(kind)


def _string(value: object) -> str | None:
    return fold(value) or None if isinstance(value, str) else None
