"""Plain text to pieces: lines, wrapped paragraphs, page chrome, headline, captions, credits and subheads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tadmor.gather import chrome, dates
from tadmor.gather.pieces import Piece, split
from tadmor.gather.sentences import ends_sentence

_LINE = re.compile(r"[^\n]+")
_SITE = re.compile(r"\s+[-–—|·:»]\s+")
_LIST = re.compile(r"(?:[-*•·–—]|\d{1,2}[.)])\s")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_BYLINE = re.compile(
    r"(?i:by|words by|story by|reported by|written by|von|par|por)[ :]\s*[A-ZÀ-ÞА-Я]|"
    r"(?i:\(?(?:additional |with )?(?:reporting|writing|editing) by\b)|"
    r"(?i:(?:photos?|photograph|image|picture|credit|source)\s*(?:by|credit|:)\s*\S)|"
    r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’.-]+){1,3}\s*[,|/·-]\s*"
    r"(?:AP|AFP|Reuters|EPA|The Associated Press|Associated Press|CBC News|BBC News)\b"
)
_NARROW, _WIDE = 50, 100
_PICTURE = re.compile(r"(?i)\b(?:photo|photograph|image|picture|pictured|shows?|seen|video|file|footage|foto)\b")
_STOP = re.compile(r"[.!?。؟][\"'”’»)]*(?:\s|$)")
_HEADLINE_LIMIT = 200
_PROSE = 60


@dataclass(slots=True)
class Structure:
    """What a plain text is made of; ``title`` and ``site`` are set when the text itself shows them."""

    pieces: list[Piece]
    title: str | None = None
    site: str | None = None
    removed: list[str] = field(default_factory=list)


def structure(text: str, title: str | None = None) -> Structure:
    """Pieces of a cleaned text, page chrome left out. Nothing is left out of a text that shows no sign of a page."""
    lines = _lines(_unwrap(text))
    found = Structure(lines)
    if len(lines) > 1:
        _page_title(found, title)
        _leave_out_chrome(found, title)
    _name_kinds(found, title)
    return found


def without_site(title: str, publisher: str | None, text: str) -> tuple[str, str | None]:
    """A page title without the name of its site, and that name; unchanged when nothing shows which part that is."""
    cuts = list(_SITE.finditer(title))
    for cut in cuts:
        head, rest = title[: cut.start()].strip(), title[cut.end() :].strip()
        if not head or not rest:
            continue
        last = title[cuts[-1].end() :].strip()
        if len(head.split()) >= 3 and _begins(text, head) and not _begins(text, title):
            return head, last
        if publisher and len(rest) <= 40 and _same_name(last, publisher):
            return head, last
    return title, None


def _same_name(a: str, b: str) -> bool:
    x, y = (re.sub(r"\W|_", "", s).lower() for s in (a, b))
    return bool(x and y) and (x == y or (min(len(x), len(y)) >= 4 and (x in y or y in x)))


def _begins(text: str, title: str) -> bool:
    return (
        re.sub(r"\s+", " ", text[: 2 * len(title) + 40]).strip().lower().startswith(re.sub(r"\s+", " ", title).lower())
    )


def _unwrap(text: str) -> str:
    """Joins lines that were broken at a fixed width, so that no sentence is cut: one line break becomes one space."""
    lines = text.split("\n")
    stripped = [line.strip() for line in lines]
    width = max(map(len, stripped))
    pairs = [(a, b) for a, b in pairwise(stripped) if a and b]
    full = [a for a, b in pairs if _fills(a, b, width)]
    open_ended = sum(not ends_sentence(a) for a in full)
    if not _NARROW <= width <= _WIDE or len(pairs) < 2 or len(full) < 0.6 * len(pairs) or open_ended < 0.5 * len(full):
        return text
    out = [lines[0]]
    for a, b, line in zip(stripped, stripped[1:], lines[1:], strict=False):
        joined = bool(a and b) and not _LIST.match(b) and not _HEADING.match(b)
        runs_on = not ends_sentence(a) and (b[:1].islower() or (a.isupper() and b.isupper()))
        out += (" " if joined and (_fills(a, b, width) or runs_on) else "\n", line)
    return "".join(out)


def _fills(line: str, following: str, width: int) -> bool:
    """Whether the next line's first word would have made the line too long."""
    return len(line) + 1 + len(following.split(None, 1)[0]) > width


def _lines(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for m in _LINE.finditer(text):
        body = m[0].strip()
        if not body:
            continue
        start = m.start() + len(m[0]) - len(m[0].lstrip())
        pieces.append(Piece(body, None, text[at:start]))
        at = start + len(body)
    return pieces


def _page_title(found: Structure, title: str | None) -> None:
    """The line "Headline - Site" above the headline itself is the page's title."""
    head = found.pieces[:12]
    for i, piece in enumerate(head[:3]):
        if len(piece.text) > 2 * _HEADLINE_LIMIT:
            continue
        for cut in _SITE.finditer(piece.text):
            name = piece.text[: cut.start()].strip()
            if len(name.split()) >= 3 and any(p.text.lower() == name.lower() for p in head[i + 1 :]):
                found.title = title or next(p.text for p in head[i + 1 :] if p.text.lower() == name.lower())
                found.site = piece.text[cut.end() :].strip() or None
                found.removed.append(piece.text)
                found.pieces.remove(piece)
                return


def _prose(text: str) -> bool:
    return len(text) >= _PROSE and ends_sentence(text) and chrome.judge(text) is None


def _leave_out_chrome(found: Structure, title: str | None) -> None:
    pieces = found.pieces
    verdicts = [chrome.judge(p.text) for p in pieces]
    known = (found.title or title or "").lower()
    if not (found.title and not title) and "strong" not in verdicts:
        return
    prose = [i for i, p in enumerate(pieces) if _prose(p.text)]
    if not prose:
        if found.site is None:
            return
        prose = [len(pieces) - 1]
    first, last = prose[0], prose[-1]
    top = _headline_index(pieces, verdicts, first, known)
    in_chrome = "strong" in verdicts[:top] or found.site is not None
    keep: list[Piece] = []
    ended = False
    for i, (piece, verdict) in enumerate(zip(pieces, verdicts, strict=True)):
        words = len(piece.text.split())
        drop = verdict == "strong"
        if i == top or i in (first, last):
            drop = False
        elif i < first:
            above = top is not None and i < top
            dated = dates.at_start(piece.text) is not None and not (above and in_chrome)
            drop = drop or (not dated and (verdict == "weak" or (above and words <= 4)))
        elif i > last:
            ended = ended or (verdict is not None and chrome.section(piece.text))
            drop = drop or verdict == "weak" or ended or (words <= 3 and not ends_sentence(piece.text))
        if drop:
            found.removed.append(piece.text)
        else:
            keep.append(piece)
    found.pieces = keep


def _headline_index(pieces: Sequence[Piece], verdicts: Sequence[str | None], first: int, known: str) -> int | None:
    for i in range(first + 1):
        if known and pieces[i].text.lower() == known:
            return i
    fit = [
        i
        for i in range(first)
        if verdicts[i] is None and _headline_like(pieces[i].text) and len(pieces[i].text.split()) >= 4
    ]
    return fit[0] if fit else None


def _headline_like(text: str) -> bool:
    return (
        len(text) <= _HEADLINE_LIMIT
        and not re.search(r"(?:[^.]\.|[,:;…])[\"'”’»)]*$", text)
        and any(c.isalpha() for c in text)
        and not _LIST.match(text)
        and not _BYLINE.match(text)
        and not chrome.caption_opening(text)
        and dates.at_start(text) is None
        and dates.wire(text) is None
    )


def _name_kinds(found: Structure, title: str | None) -> None:
    pieces: list[Piece] = []
    for piece in found.pieces:
        heading = _HEADING.match(piece.text)
        if heading and len(piece.text) <= _HEADLINE_LIMIT:
            mark, rest = split(piece, heading.end())
            rest.kind = "headline" if len(heading[1]) == 1 and not title and not found.title else "subhead"
            if rest.kind == "headline":
                found.title = rest.text
            pieces += (mark, rest) if pieces else (rest,)  # the mark of the first line would stand before the title
        else:
            pieces.append(piece)
    if not title and not found.title:
        _own_headline(found, pieces)
    known = (title or found.title or "").lower()
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        if piece.kind is not None or not any(c.isalnum() for c in piece.text):
            out.append(piece)
            continue
        if piece.text.lower() == known:
            piece.kind = "headline"
            out.append(piece)
            continue
        alone = len(pieces) == 1
        parts = name_kinds(piece, alone=alone)
        following = pieces[i + 1].text if i + 1 < len(pieces) else ""
        if len(parts) == 1 and parts[0].kind == "body" and _subhead(piece.text) and _STOP.search(following):
            parts[0].kind = "subhead"
        out += parts
    if not any(p.kind in ("body", "caption") for p in out):
        for piece in out:  # a text of short lines alone: read them all
            if piece.kind == "subhead":
                piece.kind = "body"
    found.pieces = out


def _own_headline(found: Structure, pieces: Sequence[Piece]) -> None:
    """The first line is the headline when it is short, ends like none of the sentences, and a longer text follows."""
    for i, piece in enumerate(pieces[:3]):
        text = piece.text
        if piece.kind is not None or not any(c.isalnum() for c in text):
            continue
        if _byline(text) or (dates.at_start(text) and len(text) <= 80):
            continue
        rest = [p.text for p in pieces[i + 1 :]]
        follows = any(len(r) >= 40 and _STOP.search(r) for r in rest[:6])
        if _headline_like(text) and len(text.split()) >= 2 and follows:
            piece.kind = "headline"
            found.title = text
        return


def _byline(text: str) -> bool:
    return len(text) <= 140 and _BYLINE.match(text) is not None and (text.startswith("(") or not ends_sentence(text))


def name_kinds(piece: Piece, *, alone: bool) -> list[Piece]:
    """A paragraph as caption, credit or body, with a credit at its end set apart; other kinds stay as they are."""
    if piece.kind not in ("body", "caption", None):
        return [piece]
    text = piece.text
    opening = piece.kind == "caption" or chrome.caption_opening(text)
    credit = chrome.trailing_credit(text)
    if credit and credit[0] > 0:
        start, picture = credit
        parts = split(piece, start)
        if len(parts) == 2:
            parts[0].kind, parts[1].kind = ("caption" if opening or (picture and not alone) else "body"), "credit"
            return parts
    if piece.kind == "caption":
        return [piece]
    if (credit and credit[0] == 0 and not alone) or (not alone and _byline(text)):
        piece.kind = "credit"
    elif opening and not alone and _PICTURE.search(text, 0, 200):
        piece.kind = "caption"
    else:
        piece.kind = "body"
    return [piece]


def _subhead(text: str) -> bool:
    first = text[0]
    return (
        len(text) <= 120
        and len(text.split()) <= 16
        and _headline_like(text)
        and (first.isupper() or first.isdigit() or first in "'‘“\"«" or not first.isascii())
    )
