"""Search by words: sentences of the current texts of reports, and the names of places and sources.

All words must stand in one sentence, in any case; parts of words will do. The database narrows the reports to those that hold
all words (a scan of the texts, which costs about a second for 100 MB of them), newest first, and stops when a page is full; where
the sentences are is found in the texts themselves. A search looks at 2,000 such reports at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from sqlalchemy import func, or_, select

from tadmor.gather.sentences import sentence_spans
from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.folding import fold
from tadmor.web import incident_list, place_list
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import Key, pack, unpack
from tadmor.web.routes_reports import matching
from tadmor.web.routes_sources import all_sources

_LOOKED_AT = 2_000
_NAMED = 5  # places and sources that stand before the sentences of the first page
_WORDS = 12
_SHOWN = 600  # code points of a sentence


@dataclass(frozen=True, slots=True)
class _Sentence:
    report: str
    reading: int
    known: str
    start: int
    end: int
    text: str
    claims: tuple[str, ...]

    @property
    def key(self) -> Key:
        return self.known, self.reading, self.start


def href(screen: str, name: str, hash: str = "") -> str:
    """An address of the app."""
    return f"/{screen}/{quote(name, safe='', errors='replace')}" + (f"#{hash}" if hash else "")


def search(
    opened: Opened, state: str, q: str, asked: Filters, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of what is found, and the cursor of the next. Raises Unfit for a cursor of another list."""
    words = [w.casefold() for w in q.split()][:_WORDS]
    after = unpack(cursor, str, int, int)
    if not words:
        return [], None
    items = [] if after else _names(opened, state, q, asked)
    of_claim = incident_list.groups(opened, state).of_claim
    incidents: dict[str, None] = {}
    found: list[_Sentence] = []
    for sentence in _sentences(opened, state, words, asked, after):
        if len(found) == limit:
            return _with_incidents(opened, state, items, found, incidents, after), pack(found[-1].key)
        found.append(sentence)
        for claim in sentence.claims:
            if id := of_claim.get((sentence.report, claim)):
                incidents[id] = None
    return _with_incidents(opened, state, items, found, incidents, after), None


def _with_incidents(
    opened: Opened,
    state: str,
    items: list[dict[str, Any]],
    found: Sequence[_Sentence],
    incidents: dict[str, None],
    after: Key | None,
) -> list[dict[str, Any]]:
    out = list(items)
    if after is None and incidents:
        wanted = set(list(incidents)[:_NAMED])
        groups = [g for g in incident_list.groups(opened, state).newest if g.id in wanted]
        for m in incident_list.made(opened, state, groups):
            place = m.place.name if m.place else None
            label = ", ".join(x for x in (m.type.replace("_", " "), place, m.date) if x)
            out.append({"kind": "incident", "label": label, "incident": m.id, "href": href("incident", m.id)})
    for s in found:
        out.append(
            {
                "kind": "sentence",
                "label": s.text[:_SHOWN],
                "report": s.report,
                "claim": s.claims[0] if s.claims else None,
                "start": s.start,
                "end": s.end,
                "known": s.known or None,
                "href": href("report", s.report, f"s={s.start}-{s.end}"),
            }
        )
    return out


def _names(opened: Opened, state: str, q: str, asked: Filters) -> list[dict[str, Any]]:
    """Places and sources whose names hold what is asked for; of filters only those that are none of them."""
    if not asked.none:
        return []
    wanted = fold(q)
    places = place_list.matching(place_list.places(opened, state), q)[:_NAMED]
    sources = [row for row in all_sources(opened, state) if wanted in fold(row.name)][:_NAMED]
    out = [{"kind": "place", "label": row.name, "key": key, "href": href("place", key)} for key, row in places]
    out += [{"kind": "source", "label": row.name, "href": href("source", row.entity or row.name)} for row in sources]
    return out


def _sentences(
    opened: Opened, state: str, words: Sequence[str], asked: Filters, after: Key | None
) -> Iterator[_Sentence]:
    r, known = t.report.c, func.coalesce(t.reading.c.known, "")
    stmt = (
        select(t.reading.c.row, r.id, known.label("known"), r.text)
        .join(t.report, t.reading.c.report == r.row)
        .where(queries.CURRENT, *matching(opened, state, asked))
        .order_by(known.desc(), t.reading.c.row.desc())
        .limit(_LOOKED_AT)
    )
    for word in words:
        if (
            word.isascii()
        ):  # how letters beyond ASCII are folded is the database's own; those words are sought in Python alone
            stmt = stmt.where(r.text.icontains(word, autoescape=True))
    if after is not None:
        day, row, _ = after
        stmt = stmt.where(or_(known < day, (known == day) & (t.reading.c.row <= row)))
    narrowed = not replace(asked, side=None, credibility=None).none
    pattern = re.compile("|".join(re.escape(w) for w in words), re.IGNORECASE)
    with opened.reading() as connection:
        for row, id, day, text in connection.execute(stmt, execution_options={"yield_per": 50}):
            found = [span for span in sentences_with(text, words, pattern) if not _before(after, day, row, span[0])]
            if not found:
                continue
            claims = _claims(opened, row, asked)
            for start, end in found:
                told = tuple(c for c, a, b in claims if a < end and b > start)
                if told or not narrowed:
                    yield _Sentence(id, row, day, start, end, text[start:end], told)


def _before(after: Key | None, day: str, row: int, start: int) -> bool:
    return after is not None and (day, row) == (after[0], after[1]) and start <= after[2]


def sentences_with(text: str, words: Sequence[str], pattern: re.Pattern[str]) -> list[tuple[int, int]]:
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


def _claims(opened: Opened, reading: int, asked: Filters) -> list[tuple[str, int, int]]:
    """The claims of a reading that fulfil the filters: id, start and end of the clause, in order."""
    c = t.claim.c
    stmt = select(c.id, c.clause_start, c.clause_end).select_from(queries.CLAIMS).where(c.reading == reading)
    stmt = stmt.where(queries.TOLD, *asked.of_claims().conditions()).order_by(c.position)
    with opened.reading() as connection:
        return [(row.id, row.clause_start, row.clause_end) for row in connection.execute(stmt)]
