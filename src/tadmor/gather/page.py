"""An HTML page to pieces: the article by trafilatura, a second opinion by readability, captions from its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tadmor.errors import Empty
from tadmor.gather import chrome, meta
from tadmor.gather.clean import clean, fold
from tadmor.gather.pieces import Piece
from tadmor.gather.plain import name_kinds
from tadmor.gather.sentences import ends_sentence
from tadmor.model import PassageKind

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(("p", "li", "blockquote", "pre", *_HEADINGS, "td", "th", "dd", "dt", "div", "section", "article"))
_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:wp-)?(?:fig)?caption(?:[\s_-]|$|text)|image-?caption|photo-?caption", re.I)
_CREDIT_CLASS = re.compile(r"(?:^|[\s_-])(?:credit|copyright|photographer|byline|attribution)", re.I)
_UNREAD = frozenset(("script", "style", "figure", "noscript", "template", "title", "head"))
_SMALL = 400
_BEFORE_MARK = re.compile(r"\s+(?=[,.;:!?)])")
_NO_WORD = re.compile(r"[\W_]+")
_XML = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page gives: its article as pieces and what it says of itself; ``published`` is EDTF."""

    pieces: list[Piece]
    title: str | None
    site: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the article; ``kind`` is a first guess."""

    text: str
    kind: PassageKind = "body"


def read_page(html: str, url: str | None = None) -> Page:
    """The article of a page that was read from ``url``, if from one. Raises Empty when there is none."""
    source = _XML.sub("", clean(html))
    tree = _parse(source)
    about = meta.about(tree, url)
    blocks = article(source, about.title)
    if sum(len(b.text) for b in blocks) < _SMALL:
        blocks = _whole_body(tree, blocks)
    if not any(any(c.isalnum() for c in b.text) for b in blocks):
        raise Empty("the page holds no article")
    blocks = _with_figures(blocks, tree, about.title)
    return Page(_pieces(blocks, _captions(tree), about.title), about.title, about.site, about.url, about.published)


def article(source: str, title: str | None) -> list[Block]:
    """The paragraphs of the article, headline and captions among them where the extractors keep them.

    Trafilatura's answer is the first; readability's mends it where they differ in a telling way: paragraphs that
    only readability has are taken in when they stand among the article's own, and what only trafilatura has at either end goes.
    """
    first, second = _trafilatura(source), _readability(source)
    first = [b for b in _from_title(first, title) if not _notice(b.text)]
    second = [b for b in second if not _notice(b.text)]
    if not first or not second:
        return first or second
    return _trim(_take_in(first, second), second)


def _key(text: str) -> str:
    return _NO_WORD.sub("", text).lower()


def _notice(text: str) -> bool:
    return chrome.judge(text) == "strong"


def _from_title(blocks: list[Block], title: str | None) -> list[Block]:
    """What stands before the headline, when that is near the top, is the page's."""
    for i, block in enumerate(blocks[:4]):
        if title and block.kind == "subhead" and _key(block.text) == _key(title):
            return blocks[i:]
    return blocks


def _prose(block: Block) -> bool:
    return len(block.text) >= 80 and ends_sentence(block.text)


def _take_in(first: list[Block], second: list[Block]) -> list[Block]:
    """The first answer with the paragraphs that only the second has, each before the shared one that follows it there."""
    places = {_key(b.text): i for i, b in enumerate(first)}
    grams = {g for b in first for g in _four(b.text)}
    before: dict[int, list[Block]] = {}
    waiting: list[Block] = []
    shared = 0
    for block in second:
        place = places.get(_key(block.text))
        if place is not None:
            shared += len(block.text)
            before.setdefault(place, []).extend(waiting)
            waiting = []
        elif _prose(block) and _new(block.text, grams):
            waiting.append(block)
    merged = [b for i, block in enumerate(first) for b in (*before.get(i, ()), block)]
    return merged + waiting if waiting and _lost(first, waiting, shared) else merged


def _lost(first: list[Block], tail: list[Block], common: int) -> bool:
    """Whether the first extractor broke off: the other has all of it and much more prose behind it."""
    size = sum(len(b.text) for b in first)
    return common >= 0.6 * size and sum(len(b.text) for b in tail) >= 0.3 * size


def _four(text: str) -> list[tuple[str, ...]]:
    words = _NO_WORD.sub(" ", text).lower().split()
    return [tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))]


def _new(text: str, grams: set[tuple[str, ...]]) -> bool:
    own = _four(text)
    return sum(g in grams for g in own) < 0.3 * len(own)


def _trim(blocks: list[Block], second: list[Block]) -> list[Block]:
    """Without what only the first extractor has before the first and after the last paragraph that both have."""
    other = "".join(_key(b.text) for b in second)
    shared = [i for i, b in enumerate(blocks) if len(k := _key(b.text)) >= 20 and k in other]
    if not shared or sum(len(blocks[i].text) for i in shared) < 0.5 * sum(len(b.text) for b in blocks):
        return blocks
    start, end = shared[0], shared[-1]
    head = [b for b in blocks[:start] if b.kind == "subhead" or len(b.text) >= 80]
    tail = [b for b in blocks[end + 1 :] if b.kind != "subhead"]
    return [*head, *blocks[start : end + 1], *tail]


def _parse(source: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Empty("the page holds no readable HTML") from error


def _trafilatura(source: str) -> list[Block]:
    import trafilatura

    _quiet("trafilatura")
    try:
        found = trafilatura.bare_extraction(source, include_comments=False, favor_precision=True)
        return [] if found is None or isinstance(found, dict) or found.body is None else list(_tei(found.body))
    except Exception:  # an extractor may stumble over broken markup in any way; the other one still answers
        return []


def _quiet(library: str) -> None:
    """What an extractor says of a page on its log says nothing to the user, who gets a failure when both find nothing."""
    import logging

    log = logging.getLogger(library)
    if log.level == logging.NOTSET:
        log.setLevel(logging.CRITICAL + 1)


def _tei(body: Any) -> Iterator[Block]:
    for node in body:
        if not isinstance(node.tag, str):
            continue
        if node.tag in ("list", "table", "row") or (
            node.tag == "quote" and len(node) and not (node.text or "").strip()
        ):
            yield from _tei(node)
            continue
        kind: PassageKind = "subhead" if node.tag == "head" else "body"
        for line in "".join(_with_breaks(node)).split("\n"):
            if line.strip():
                yield Block(fold(line), kind)
        if node.tail and node.tail.strip():
            yield Block(fold(node.tail))


def _with_breaks(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == "lb":
            yield "\n"
        elif child.tag in ("p", "item", "head", "quote", "list"):
            yield "\n"
            yield from _with_breaks(child)
            yield "\n"
        else:
            yield from _with_breaks(child)
        yield child.tail or ""


def _readability(source: str) -> list[Block]:
    from lxml import html
    from readability import Document  # type: ignore[import-untyped]

    _quiet("readability")
    try:
        summary = html.fragment_fromstring(Document(source).summary(html_partial=True), create_parent="div")
        return list(_html_blocks(summary))
    except Exception:  # as above
        return []


def _html_blocks(node: Any) -> Iterator[Block]:
    """Paragraphs of an HTML tree: the text of each block element without the blocks inside it."""
    own: list[str] = [node.text or ""]

    def flush() -> Iterator[Block]:
        text = fold("".join(own))
        own.clear()
        if text:
            yield Block(text, "subhead" if node.tag in _HEADINGS else "body")

    for child in node:
        if not isinstance(child.tag, str) or child.tag in _UNREAD:
            pass
        elif child.tag in _BLOCKS or child.tag in ("ul", "ol", "table", "tr", "tbody", "br", "dl", "main", "hr"):
            yield from flush()
            yield from _html_blocks(child)
        else:
            own.append(child.text_content() if child.tag != "br" else "\n")
        own.append(child.tail or "")
    yield from flush()


def _whole_body(tree: Any, blocks: list[Block]) -> list[Block]:
    """All of a small page that its extractors found too short to be an article, its menus left out; else ``blocks``."""
    body = tree.find("body")
    if body is None:
        return blocks
    for node in body.xpath(".//nav|.//header|.//footer|.//aside|.//form|.//button|.//select|.//iframe"):
        node.drop_tree()
    try:
        whole = [b for b in _html_blocks(body) if chrome.judge(b.text) is None]
    except RecursionError:
        return blocks
    size = sum(len(b.text) for b in whole)
    return whole if not blocks or sum(len(b.text) for b in blocks) < size <= 4 * _SMALL else blocks


def _captions(tree: Any) -> set[str]:
    """Captions of the page's figures, folded and in lower case."""
    found: set[str] = set()
    for node in tree.iter("figcaption", "p", "span", "div", "dd"):
        if node.tag == "figcaption" or _CAPTION_CLASS.search(node.get("class") or ""):
            text = fold(node.text_content()).lower()
            if 0 < len(text) <= 1500:
                found.add(text)
    return found


def _with_figures(blocks: list[Block], tree: Any, title: str | None) -> list[Block]:
    """The article with the captions that the extractors left out, each after the paragraph that it follows on the page."""
    places = {_key(b.text): i for i, b in enumerate(blocks)}
    whole = "".join(places)
    after: dict[int, list[Block]] = {}
    at: int | None = None
    for node in tree.iter("p", "li", "h1", "h2", "h3", "blockquote", "figcaption"):
        if node.tag == "figcaption":
            if at is not None and at < len(blocks) - 1:
                new = [b for b in _figure(node) if len(k := _key(b.text)) >= 8 and k not in whole]
                after.setdefault(at, []).extend(new)
                whole += "".join(_key(b.text) for b in new)
            continue
        key = _key(node.text_content())
        if key in places and len(key) >= 20:
            at = places[key] if at is None else max(at, places[key])
        elif at is None and node.tag == "h1" and title and key == _key(title):
            at = -1
    return [*after.get(-1, ()), *(b for i, block in enumerate(blocks) for b in (block, *after.get(i, ())))]


def _figure(node: Any) -> Iterator[Block]:
    """Caption and credit of one figure; a caption of fewer than four words is no more than a credit."""
    credits = [
        n for n in node.iter("span", "cite", "small", "div", "p", "em") if _CREDIT_CLASS.search(n.get("class") or "")
    ]
    inside = {id(d) for c in credits for d in c.iter()}
    words: list[str] = []
    for part in node.iter():
        if id(part) not in inside and isinstance(part.tag, str) and part.tag not in ("script", "style", "button"):
            words.append(part.text or "")
        if part is not node and (id(part) not in inside or any(part is c for c in credits)):
            words.append(part.tail or "")
    text = _BEFORE_MARK.sub("", fold(" ".join(words)))
    if text and len(text) <= 1500:
        yield Block(text, "caption" if len(text.split()) >= 4 else "credit")
    for credit in credits[:1]:
        if said := fold(" ".join(credit.itertext())):
            yield Block(said, "credit")


def _pieces(blocks: list[Block], captions: set[str], title: str | None) -> list[Piece]:
    shown = [_in_captions(b.text.lower(), captions) for b in blocks]
    size = sum(len(b.text) for b in blocks)
    if sum(len(b.text) for b, is_shown in zip(blocks, shown, strict=True) if is_shown) > size / 2:
        shown = [False] * len(blocks)  # a page whose style calls its paragraphs captions
    out: list[Piece] = []
    for block, is_shown in zip(blocks, shown, strict=True):
        kind = block.kind
        if title and _key(block.text) == _key(title):
            kind = "headline"
        elif is_shown:
            kind = "caption"
        out += name_kinds(Piece(block.text, kind), alone=len(blocks) == 1)
    return out


def _in_captions(low: str, captions: set[str]) -> bool:
    return low in captions or (len(low) >= 25 and any(low in c for c in captions))
