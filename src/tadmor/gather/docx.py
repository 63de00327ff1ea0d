"""DOCX: paragraphs, headings and captions in order; tables kept out of the sentences; as if tracked changes were accepted.

Read from the parts of the package themselves: what a bomb would unpack is bounded, insertions that are tracked are text and
deletions are not, and text boxes are read once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tadmor.errors import Empty, InputError
from tadmor.gather import dates
from tadmor.gather.build import assemble
from tadmor.gather.clean import clean, fold, optional, short
from tadmor.gather.packed import member, members, opened
from tadmor.gather.pieces import Piece
from tadmor.gather.plain import name_kinds
from tadmor.model import Original, PassageKind, Report

MOST_PART = 60_000_000  # bytes of one part of the package, unpacked
_MOST_DEPTH = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_PASSED = frozenset(
    "del moveFrom instrText delText fldData footnoteReference endnoteReference commentReference".split()
)
_HEADING = re.compile(r"(?i)heading\s?\d|berschrift\s?\d|titre\s?\d")
_MAIN = re.compile(r'<Relationship\b[^>]*?/officeDocument"[^>]*>')
_TARGET = re.compile(r'Target="([^"]+)"')


def read_docx(
    data: bytes,
    *,
    path: str | None = None,
    url: str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    charset: str | None = None,
    metadata: Mapping[str, str] | None = None,
    original: Original | None = None,
) -> Report:
    """The report of a document. Raises InputError when it is damaged, Empty when it has no text.

    Its date is what the text says, else that of the document's properties (when it was made, not when it was last saved).
    """
    with opened(io.BytesIO(data)) as package:
        inside = members(package)
        name = _main(package, inside)
        body = _tree(member(package, inside[name], MOST_PART))
        styles = (
            _styles(_tree(member(package, inside[s], MOST_PART)))
            if (s := _beside(name, "styles.xml")) in inside
            else {}
        )
        about = (
            _about(_tree(member(package, inside["docProps/core.xml"], MOST_PART)))
            if "docProps/core.xml" in inside
            else {}
        )
    pieces = list(_pieces(body, styles))
    if not any(any(c.isalnum() for c in p.text) for p in pieces if p.kind is not None):
        raise Empty("the document has no text")
    head = next((p.text for p in pieces[:6] if p.kind == "headline"), None)
    named = [part for p in pieces for part in (name_kinds(p, alone=len(pieces) == 1) if p.kind is not None else [p])]
    return assemble(
        named,
        title=optional(title) or head or _own_title(about.get("title"), pieces),
        id=None,
        published=None,
        publisher=optional(publisher),
        url=url,
        path=path,
        row_published=published or about.get("created"),
        metadata=metadata,
        original=original,
    )


def _main(package: Any, inside: Mapping[str, Any]) -> str:
    """The name of the part that holds the text. Raises InputError when the package is no document."""
    if "_rels/.rels" in inside:
        rels = member(package, inside["_rels/.rels"], MOST_PART).decode("utf-8", "replace")
        found = _MAIN.search(rels)
        target = _TARGET.search(found[0]) if found else None
        if target and target[1].lstrip("/") in inside:
            return target[1].lstrip("/")
    if "word/document.xml" in inside:
        return "word/document.xml"
    raise InputError("no DOCX document: its package holds no text of Word")


def _beside(name: str, other: str) -> str:
    return f"{name.rpartition('/')[0]}/{other}".lstrip("/")


def _tree(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(data.replace(_STRICT[1:-1].encode(), _W[1:-1].encode()), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"a damaged document: {short(error)}") from error
    if root is None:
        raise InputError("a damaged document: a part of it is empty")
    return root


def _styles(root: Any) -> dict[str, PassageKind]:
    """The styles that make a headline, a subhead or a caption, by their ids."""
    found: dict[str, PassageKind] = {}
    for style in root.iter(f"{_W}style"):
        id, name = style.get(f"{_W}styleId"), style.find(f"{_W}name")
        words = (name.get(f"{_W}val") or "") if name is not None else ""
        kind = _kind(words)
        if id and kind:
            found[id] = kind
    return found


def _kind(style: str) -> PassageKind | None:
    low = style.strip().lower()
    if low in ("title", "titel", "titre"):
        return "headline"
    if low == "caption":
        return "caption"
    return "subhead" if _HEADING.match(low) or low == "subtitle" else None


def _about(root: Any) -> dict[str, str]:
    """Title and day of making of the document's properties."""
    title, created = root.find(f"{_DC}title"), root.find(f"{_TERMS}created")
    found = {
        "title": optional(title.text if title is not None else None),
        "created": dates.normalise(created.text) if created is not None and created.text else None,
    }
    return {k: v for k, v in found.items() if v}


def _own_title(told: str | None, pieces: list[Piece]) -> str | None:
    """The title of the properties, when the text begins with it: programs leave that of another document there."""
    head = [fold(p.text).lower() for p in pieces[:8]]
    return told if told and any(told.lower() in h for h in head) else None


def _pieces(root: Any, styles: Mapping[str, PassageKind]) -> Iterator[Piece]:
    body = root.find(f"{_W}body")
    if body is None:
        raise InputError("a damaged document: it has no body")
    gap = ""
    for block, in_table in _blocks(body, 0):
        if in_table:
            own = (row for row in block.iter(f"{_W}tr") if next(row.iterancestors(f"{_W}tbl")) is block)
            rows = [cells for row in own if any(cells := _cells(row))]  # a table within a cell is text of the cell
            text = "\n".join("\t".join(cells) for cells in rows)
            kind: PassageKind | None = None
            if rows and max(map(len, rows)) == 1:  # a frame around text, not a table
                for (cell,) in rows:
                    yield Piece(cell, "body", gap)
                    gap = "\n\n"
                continue
        else:
            text = _paragraph(block)
            kind = _style(block, styles) or "body"
        for line in text.split("\n") if not in_table else [text]:
            if line.strip():
                yield Piece(line.strip() if not in_table else line, kind, gap)
                gap = "\n\n"


def _blocks(node: Any, depth: int) -> Iterator[tuple[Any, bool]]:
    """Paragraphs and tables in order, also those within content controls and the like."""
    if depth > _MOST_DEPTH:
        return
    for child in node:
        if child.tag == f"{_W}p":
            yield child, False
            for box in _boxes(child):
                yield from _blocks(box, depth + 1)
        elif child.tag == f"{_W}tbl":
            yield child, True
        elif isinstance(child.tag, str) and child.tag.removeprefix(_W) not in _PASSED:
            yield from _blocks(child, depth + 1)


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(a.tag == _FALLBACK for a in box.iterancestors()):
            yield box


def _cells(row: Any) -> list[str]:
    return [fold(" ".join(_paragraph(p) for p in cell.iter(f"{_W}p"))) for cell in row.iterchildren(f"{_W}tc")]


def _style(paragraph: Any, styles: Mapping[str, PassageKind]) -> PassageKind | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    id = style.get(f"{_W}val") if style is not None else None
    return styles.get(id) or _kind(id) if id else None


def _paragraph(node: Any) -> str:
    """The text of a paragraph, tracked insertions in it and deletions not, without the text boxes that hang on it."""
    out: list[str] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        name = part.tag.removeprefix(_W) if isinstance(part.tag, str) else ""
        if name == "t":
            out.append(part.text or "")
        elif name in ("br", "cr"):
            out.append("\n")
        elif name == "tab":
            out.append(" ")
        elif name == "noBreakHyphen":
            out.append("-")
        elif name not in _PASSED and name != "txbxContent" and part.tag != _FALLBACK:
            waiting += reversed(part)
    return "\n".join(fold(line) for line in clean("".join(out)).split("\n"))
