"""What is read: a report with its passages and bytes, or the failure that stands in its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tadmor.model.vocabulary import PassageKind, PublishedBasis

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a report's text: ``text`` is ``report.text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the report; ``repeats`` is the index of the passage that it says again, which is read once.

    ``page`` is the page, from 1, on which it begins, where the report was read from a form that has pages.
    """

    start: int
    end: int
    kind: PassageKind
    repeats: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes that a report was read from, and what came beside them: read again, they give the same text.

    ``form`` says how they are read: text, html, pdf, docx, eml, row (a row of a table as a JSON object in UTF-8) or string (a
    string that a program handed over, in UTF-8). ``given`` is what came beside them: charset, url, title, publisher, published.
    """

    data: bytes = field(repr=False)
    form: str
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the bytes, by which they are kept."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read: title, line break, text, with page chrome left out.

    ``id`` is the input row's id when it had one, else derived from the text. ``published`` is EDTF or None, never
    the crawl date. ``path`` names where it was read from. ``original`` has the bytes while the report is on its way; it is no
    part of what the report says, so that two reports with the same text and different bytes are equal. ``retracted`` is why it
    was retracted, where somebody marked it so in a ledger. ``where`` is its place in the file of ``path`` ("line 2"), where that
    holds many; like ``original`` it is there only while the report is on its way.
    """

    id: str
    text: str
    title: str = ""
    path: str | None = None
    url: str | None = None
    publisher: str | None = None
    language: str | None = None
    published: str | None = None
    published_basis: PublishedBasis = "none"
    passages: tuple[Passage, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    original: Original | None = field(default=None, compare=False, repr=False)
    retracted: str | None = None
    where: str | None = field(default=None, compare=False, repr=False)

    @property
    def text_hash(self) -> str:
        """Hex SHA-256 of the text's UTF-8 bytes: two reports with one hash say the same thing."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read: what it was, where it came from, and why, in words."""

    id: str | None
    path: str
    error: str
