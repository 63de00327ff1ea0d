"""What a feed itself says of an item, as a report: for items without a page, and for pages that cannot be had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tadmor.errors import Empty
from tadmor.gather.build import from_text
from tadmor.gather.clean import clean, short
from tadmor.model import Report

_BLOCKS = frozenset("p div li br h1 h2 h3 h4 h5 h6 blockquote tr ul ol table section article figcaption".split())


def report(markup: str, title: str, publisher: str, url: str, published: str | None) -> Report:
    """The report that an item's text (HTML, or plain) makes. Raises Empty.

    Its metadata say that it was ``read_from`` the feed.
    """
    text = clean("\n\n".join(paragraphs(markup)))
    if not any(c.isalnum() for c in text):
        raise Empty("the feed says nothing of it but a title")
    return from_text(
        text,
        title=title or None,
        publisher=publisher or None,
        url=url or None,
        path=url or None,
        row_published=published,
        metadata={"read_from": "feed"},
    )


def paragraphs(markup: str) -> Iterator[str]:
    """The paragraphs of a piece of HTML as plain text, in order. Raises Empty when it cannot be read."""
    from lxml import etree, html

    if not markup.strip():
        return
    try:
        body = html.fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError) as error:
        raise Empty(f"the feed's text cannot be read ({short(error)})") from error
    parts: list[str] = []
    for piece in _pieces(body):
        if piece is not None:
            parts.append(piece)
        elif words := " ".join("".join(parts).split()):
            yield words
            parts = []
    if words := " ".join("".join(parts).split()):
        yield words


def _pieces(body: Any) -> Iterator[str | None]:
    """The texts of an element in order; None where a block begins or ends."""
    from lxml import etree

    silent = 0
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in ("script", "style")
            if tag in _BLOCKS:
                yield None
            if element.text and not silent:
                yield element.text
        else:
            if tag in _BLOCKS:
                yield None
            silent -= event == "end" and tag in ("script", "style")
            if element.tail and not silent and element is not body:
                yield element.tail
