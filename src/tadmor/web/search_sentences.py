"""Sentences that are found: those that hold the words, and those in which somebody or some place goes by another name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true, union_all

from tadmor.gather.sentences import sentence_spans
from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.kept import chunks
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import Key
from tadmor.web.routes_reports import matching
from tadmor.web.search_names import Part

_LOOKED_AT = 2_000
_AT_ONCE = 50  # readings
_BY_WORDS, _BY_IDENTITY = 0, 1


@dataclass(frozen=True, slots=True)
class _Stated:
    """A claim with its clause, and one identity of it with the name that this goes by."""

    claim: str
    start: int
    end: int
    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What was ``asked`` for, the identity of which it is a name, and the ``name`` that this goes by in what was found."""

    asked: str
    entity: str
    name: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the claims that it states; ``meant`` is what stands in it under another name than was asked for."""

    report: str
    reading: int
    known: str
    start: int
    end: int
    text: str
    claims: tuple[str, ...]
    meant: tuple[Meant, ...] = ()

    @property
    def key(self) -> Key:
        """What the sentences are sorted by: those that hold the words first, the newest before others."""
        return (_BY_IDENTITY if self.meant else _BY_WORDS), self.known, self.reading, self.start


def sentences(
    opened: Opened, state: str, parts: Sequence[Part], asked: Filters, after: Key | None
) -> Iterator[Sentence]:
    """The sentences after a key, in order."""
    by_words = after is None or after[0] == _BY_WORDS
    if by_words:
        yield from _with_words(opened, state, [w for p in parts for w in p.words], asked, after and after[1:])
    if any(p.meant for p in parts):
        yield from _with_identities(opened, state, parts, asked, None if by_words else after and after[1:])


def _with_words(
    opened: Opened, state: str, words: Sequence[str], asked: Filters, after: Key | None
) -> Iterator[Sentence]:
    stmt = _reports(opened, state, asked, after).add_columns(t.report.c.text).where(*map(_in_text, words))
    narrowed = not replace(asked, side=None, credibility=None).none
    pattern = re.compile("|".join(re.escape(w) for w in words), re.IGNORECASE)
    with opened.reading() as connection:
        for row, id, day, text in connection.execute(stmt, execution_options={"yield_per": 50}):
            found = [span for span in _holding(text, words, pattern) if not _before(after, day, row, span[0])]
            if not found:
                continue
            claims = _claims(opened, row, asked)
            for start, end in found:
                told = tuple(c for c, a, b in claims if a < end and b > start)
                if told or not narrowed:
                    yield Sentence(id, row, day, start, end, text[start:end], told)


def _with_identities(
    opened: Opened, state: str, parts: Sequence[Part], asked: Filters, after: Key | None
) -> Iterator[Sentence]:
    """The sentences that lack words of which the identities are in their claims; those that lack none came before."""
    every = [entity for p in parts for entity in p.meant]
    stmt = _reports(opened, state, asked, after).where(t.reading.c.row.in_(_having(every, asked)))
    for part in parts if len(parts) > 1 else ():
        stands = and_(true(), *map(_in_text, part.words))
        stmt = stmt.where(or_(stands, t.reading.c.row.in_(_having(part.meant, asked))) if part.meant else stands)
    with opened.reading() as connection:
        for batch in chunks(connection.execute(stmt), _AT_ONCE):
            texts, stated = _stated(connection, [row for row, _, _ in batch], every, asked)
            for row, id, day in batch:
                for found in _meaning(Sentence(id, row, day, 0, 0, texts[row], ()), stated[row], parts):
                    if not _before(after, day, row, found.start):
                        yield found


def _stated(
    connection: Connection, readings: Sequence[int], entities: Sequence[str], asked: Filters
) -> tuple[dict[int, str], dict[int, list[_Stated]]]:
    """The texts of readings, and of each the claims that fulfil the filters and have one of the identities, in order."""
    c, met = t.claim.c, _met(entities, readings)
    texts = select(t.reading.c.row, t.report.c.text).join(t.report, t.reading.c.report == t.report.c.row)
    claims = (
        select(c.reading, c.id, c.clause_start, c.clause_end, met.c.entity, met.c.name)
        .join(met, (met.c.reading == c.reading) & (met.c.position == c.position))
        .where(queries.TOLD, *asked.of_claims().conditions())
        .order_by(c.reading, c.position, met.c.entity, met.c.name)
    )
    stated: dict[int, list[_Stated]] = {row: [] for row in readings}
    for row, *claim in connection.execute(claims):
        stated[row].append(_Stated(*claim))
    found = connection.execute(texts.where(t.reading.c.row.in_(readings)))
    return {x.row: x.text for x in found}, stated


def _meaning(whole: Sentence, stated: Sequence[_Stated], parts: Sequence[Part]) -> Iterator[Sentence]:
    """The sentences of a text in which each part stands, in words or by the identity of a claim, and one at least by identity."""
    for start, end in _stating(whole.text, stated):
        shown = whole.text[start:end]
        folded = shown.casefold()
        here = [s for s in stated if s.start < end and s.end > start]
        missing = [p for p in parts if not all(w in folded for w in p.words)]
        first = [next((Meant(p.asked, s.entity, s.name) for s in here if s.entity in p.meant), None) for p in missing]
        meant = tuple(m for m in first if m is not None)
        if not missing or len(meant) < len(missing):
            continue
        wanted = {m.entity for m in meant}
        claims = tuple(dict.fromkeys(s.claim for s in here if s.entity in wanted))
        yield replace(whole, start=start, end=end, text=shown, claims=claims, meant=meant)


def _reports(opened: Opened, state: str, asked: Filters, after: Key | None) -> Select[Any]:
    """The newest readings first, with the ids of their reports, from the one on in which a page ended."""
    row, known = t.reading.c.row, func.coalesce(t.reading.c.known, "")
    stmt = (
        select(row, t.report.c.id, known.label("known"))
        .join(t.report, t.reading.c.report == t.report.c.row)
        .where(queries.CURRENT, *matching(opened, state, asked))
        .order_by(known.desc(), row.desc())
        .limit(_LOOKED_AT)
    )
    if after is not None:
        day, last, _ = after
        stmt = stmt.where(or_(known < day, (known == day) & (row <= last)))
    return stmt


def _in_text(word: str) -> ColumnElement[bool]:
    """Whether a text may hold a word. How letters beyond ASCII are folded is the database's own: Python alone seeks those."""
    return t.report.c.text.icontains(word, autoescape=True) if word.isascii() else true()


def _having(entities: Iterable[str], asked: Filters) -> Select[Any]:
    """The readings with a claim that fulfils the filters and has one of the identities."""
    met, c = _met(entities), t.claim.c
    return (
        select(c.reading)
        .join(met, (met.c.reading == c.reading) & (met.c.position == c.position))
        .where(queries.TOLD, *asked.of_claims().conditions())
    )


def _met(entities: Iterable[str], readings: Sequence[int] | None = None) -> Any:
    """Claims, by reading and position, with one of the identities among their places, parties and sources."""
    tables = (t.claim_place.c, t.claim_party.c, t.claim_source.c)
    each = [select(x.reading, x.position, x.entity, x.name).where(x.entity.in_(list(entities))) for x in tables]
    if readings is not None:  # said of each table, since the database would go through all of it first
        each = [stmt.where(x.reading.in_(readings)) for x, stmt in zip(tables, each, strict=True)]
    return union_all(*each).subquery()


def _before(after: Key | None, day: str, row: int, start: int) -> bool:
    return after is not None and (day, row) == (after[0], after[1]) and start <= after[2]


def _holding(text: str, words: Sequence[str], pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Start and end of the sentences that hold all words (folded for case)."""
    if not pattern.search(text):
        return []
    out = []
    for line in re.finditer(r"[^\n]+", text):
        if pattern.search(line[0]):
            for start, end in sentence_spans(line[0]):
                folded = line[0][start:end].casefold()
                if all(w in folded for w in words):
                    out.append((line.start() + start, line.start() + end))
    return out


def _stating(text: str, stated: Sequence[_Stated]) -> Iterator[tuple[int, int]]:
    """Start and end of the sentences in the lines that have something of one of the claims."""
    for line in re.finditer(r"[^\n]+", text):
        if any(s.start < line.end() and s.end > line.start() for s in stated):
            for start, end in sentence_spans(line[0]):
                yield line.start() + start, line.start() + end


def _claims(opened: Opened, reading: int, asked: Filters) -> list[tuple[str, int, int]]:
    """The claims of a reading that fulfil the filters: id, start and end of the clause, in order."""
    c = t.claim.c
    stmt = select(c.id, c.clause_start, c.clause_end).select_from(queries.CLAIMS).where(c.reading == reading)
    stmt = stmt.where(queries.TOLD, *asked.of_claims().conditions()).order_by(c.position)
    with opened.reading() as connection:
        return [(row.id, row.clause_start, row.clause_end) for row in connection.execute(stmt)]
