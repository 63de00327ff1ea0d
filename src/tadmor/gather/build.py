"""One text or one page to one report: title, passages, date of publication with its basis, language, identity."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tadmor import edtf
from tadmor.errors import Empty
from tadmor.gather import dates
from tadmor.gather.clean import clean, optional, short
from tadmor.gather.language import language
from tadmor.gather.pieces import Piece, compose, split
from tadmor.gather.plain import structure, without_site
from tadmor.gather.repeats import mark_repeats
from tadmor.gather.undated import SAID
from tadmor.model import Original, PublishedBasis, Report

_NO_METADATA: Mapping[str, str] = MappingProxyType({})
_BETWEEN = 60
_SAID = 100  # characters that are kept of a date that is none: it may be the text of another column
_FLAG = r"(?:(?:updated?(?: \d)?|breaking(?: news)?|exclusive|urgent|correction|title)\s*:?\s+)?"


def from_text(
    text: str,
    *,
    title: str | None = None,
    id: str | None = None,
    published: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    path: str | None = None,
    row_published: str | None = None,
    metadata: Mapping[str, str] | None = None,
    original: Original | None = None,
) -> Report:
    """One report of a plain text, which may be a report alone or copied from a page with its menus.

    ``published`` is the caller's own date (EDTF) and wins; ``row_published`` is a date in any usual form that came with
    the text and counts after the text's own dateline; where it is no date and the text has none either, the report is undated
    and its metadata keep what was said (``published_said``). Without ``id`` the report is named by a hash of its text.
    ``original`` are the bytes that the text was decoded from; without them those of the text itself are kept.
    Raises Empty when nothing is left to read, BadDate when ``published`` is not EDTF.
    """
    if published is not None:
        edtf.bounds(published)
    if original is None:
        beside = given(title=title, publisher=publisher, published=row_published, url=url)
        original = Original(text.encode("utf-8", "surrogatepass"), "string", beside)
    body = clean(text)
    if not any(c.isalnum() for c in body):
        raise Empty("nothing to read: no letter or number in the text")
    given_title, site = optional(title), None
    if given_title:
        given_title, site = without_site(given_title, publisher, _after_dateline(body))
    found = structure(body, given_title)
    return assemble(
        found.pieces,
        title=given_title or found.title,
        id=id,
        published=published,
        publisher=optional(publisher) or site or found.site,
        url=url,
        path=path,
        row_published=row_published,
        metadata=metadata,
        removed=found.removed,
        original=original,
    )


def from_html(
    page: str | bytes,
    *,
    title: str | None = None,
    id: str | None = None,
    published: str | None = None,
    publisher: str | None = None,
    url: str | None = None,
    path: str | None = None,
    row_published: str | None = None,
    metadata: Mapping[str, str] | None = None,
    original: Original | None = None,
) -> Report:
    """One report of an HTML page; arguments as for :func:`from_text`, what is not given is taken from the page.

    Bytes are decoded by their BOM, the page's declared charset or their own look. Raises Empty when the page has no
    article, NotText when it cannot be decoded, BadDate when ``published`` is not EDTF.
    """
    if published is not None:
        edtf.bounds(published)
    from tadmor.gather.decode import decode_html
    from tadmor.gather.page import read_page

    if original is None:
        data = page.encode("utf-8", "surrogatepass") if isinstance(page, str) else page
        original = Original(data, "html", given(title=title, publisher=publisher, published=row_published, url=url))
    found = read_page(page if isinstance(page, str) else decode_html(page), url)
    return assemble(
        found.pieces,
        title=optional(title) or found.title,
        id=id,
        published=published,
        publisher=optional(publisher) or found.site,
        url=url or found.url,
        path=path,
        row_published=dates.normalise(row_published) or found.published or row_published,
        metadata=metadata,
        original=original,
    )


def assemble(
    pieces: Sequence[Piece],
    *,
    title: str | None,
    id: str | None,
    published: str | None,
    publisher: str | None,
    url: str | None,
    path: str | None,
    row_published: str | None,
    metadata: Mapping[str, str] | None,
    removed: Sequence[str] = (),
    original: Original | None = None,
) -> Report:
    """The report that the pieces make: title in front, dateline found, repeats marked."""
    hint = dates.normalise(row_published)
    parts, dateline = _take_dateline(list(pieces), title, removed)
    parts = _place_title(parts, title)
    if first := next((p for p in parts if p.kind == "body"), None):
        first.kind = "lead"
    parts = mark_repeats(parts)
    text, passages = compose(parts)
    day: str | None = None
    basis: PublishedBasis = "none"
    if published is not None:
        day, basis = published, "given"
    elif dateline is not None and (told := dates.choose(dateline.date, hint)):
        day, basis = told, "dateline"
    elif hint:
        day, basis = hint, "metadata"
    kept = dict(metadata or {})
    if day is None and optional(row_published):
        kept[SAID] = short(row_published, _SAID)
    return Report(
        id=id if id is not None else text_id(text),
        text=text,
        title=title or "",
        path=path,
        url=url,
        publisher=publisher or (dateline.agency if dateline else None),
        language=language(text),
        published=day,
        published_basis=basis,
        passages=passages,
        metadata=MappingProxyType(kept) if kept else _NO_METADATA,
        original=original,
    )


def given(**beside: str | None) -> dict[str, str]:
    """What came beside the bytes of a report, without what did not."""
    return {name: value for name, value in beside.items() if value is not None}


def text_id(text: str) -> str:
    """The identity of a report that came without one: ``r-`` and 16 hex digits of the SHA-256 of its text."""
    return "r-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _after_dateline(text: str) -> str:
    found = dates.at_start(text.lstrip())
    return text.lstrip()[found.end :].lstrip() if found else text


def _title_at_start(text: str, title: str) -> int | None:
    """End of the title where the text begins with it as a headline does, closing mark included; else None."""
    m = re.match(_FLAG + r"\s+".join(map(re.escape, title.split())), text, re.IGNORECASE)
    if not m:
        return None
    after = re.match(r"[.!?:]?(?=\s|$)", text[m.end() :])
    if not after:
        return None
    end = m.end() + after.end()
    following = text[end:].lstrip()
    return None if following[:1].islower() and after.end() == 0 else end


def _place_title(pieces: list[Piece], title: str | None) -> list[Piece]:
    """The title first: as it stands there, else put in front; where the text says it again, marked so."""
    if not title:
        return pieces
    out: list[Piece] = []
    top: Piece | None = None
    for i, piece in enumerate(pieces):
        end = (
            _title_at_start(piece.text, title)
            if piece.kind in ("lead", "body", "subhead", "headline") and i < 6
            else None
        )
        if end is None:
            out.append(piece)
            continue
        parts = split(piece, end)
        parts[0].kind = "headline"
        if top is None and not out:
            top = parts[0]
        else:
            if top is None:
                top = Piece(title, "headline", "")
                out.insert(0, top)
            parts[0].repeats = top
        out += parts
    if top is None:
        first = out[0].text if out else ""
        if first.lower().startswith(title.lower()):
            return out  # the text begins with its title as the start of a sentence: nothing is doubled
        top = Piece(title, "headline", "")
        out.insert(0, top)
    if len(out) > 1 and out[0] is top and "\n" not in out[1].gap and not out[1].gap.strip(" \t"):
        out[1].gap = out[1].gap if _was_inline(pieces, top) else "\n"
    if out[0] is top and len(out) > 1 and not out[1].gap:
        out[1].gap = "\n"
    return out


def _was_inline(pieces: Sequence[Piece], top: Piece) -> bool:
    return bool(pieces) and pieces[0].text.startswith(top.text) and top is not pieces[0]


def _take_dateline(
    pieces: list[Piece], title: str | None, removed: Sequence[str]
) -> tuple[list[Piece], dates.Dateline | None]:
    """Sets the dateline apart as a credit, and returns it: the first that is no later update, else that."""
    later: dates.Dateline | None = None
    looked = 0
    for i, piece in enumerate(pieces):
        if piece.kind in ("caption", "headline", None) and title != piece.text:
            continue
        if looked >= 4:
            break
        start = _title_at_start(piece.text, title) if title else None
        if start is not None and start >= len(piece.text):
            continue
        looked += 1
        found = _dateline_of(piece, start)
        if found is None:
            continue
        parts = split(piece, *((start,) if start else ()), found.end)
        at = 1 if start else 0
        if len(parts) > 1 or len(piece.text) <= 120:
            parts[at].kind = "credit"
        pieces[i : i + 1] = parts
        if not found.later:
            return pieces, found
        later = later or found
        break
    candidates = [p.text for p in pieces[:8] if len(p.text) <= 160] + [p.text[-160:] for p in pieces[-2:]]
    for text in (*candidates, *removed):
        found = dates.labelled(text)
        if found and not found.later:
            return pieces, found
        if found and text not in removed:
            later = later or found
    return pieces, later


def _dateline_of(piece: Piece, after_title: int | None) -> dates.Dateline | None:
    text = piece.text
    if after_title is None:
        found = dates.at_start(text) or dates.wire(text)
        if found or len(text) > 80:
            return found
        starts = [m.start() for m in re.finditer(r"(?<!\w)\w", text)]
        if re.search(r"[.!?]$", text):
            return None
        return next((f for s in starts[1:] if (f := dates.at_start(text, s)) and not text[f.end :].strip()), None)
    for m in re.finditer(r"(?<!\w)\w", text[after_title : after_title + _BETWEEN]):
        at = after_title + m.start()
        if re.search(r"[.!?]\s", text[after_title:at]):
            break
        if found := dates.at_start(text, at) or dates.wire(text, at):
            return found
    return None
