"""Search by words and names: sentences of the current texts of reports, and the names of places and sources.

All words must stand in one sentence, in any case; parts of words will do. The database narrows the reports to those that hold
all words (a scan of the texts, which costs about a second for 100 MB of them), newest first, and stops when a page is full; where
the sentences are is found in the texts themselves. After them come those in which somebody or some place stands under another
name than the one that is asked for: they are found by the identities of their claims, which are indexed. A search looks at 2,000
reports of either kind at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from tadmor.ledger.folding import fold
from tadmor.web import incident_list, place_list
from tadmor.web.filters import Filters
from tadmor.web.opened import Opened
from tadmor.web.paging import pack, unpack
from tadmor.web.routes_sources import all_sources
from tadmor.web.search_names import Part, parts
from tadmor.web.search_sentences import Meant, Sentence, sentences

_NAMED = 5  # places and sources that stand before the sentences of the first page
_SHOWN = 600  # code points of a sentence


def href(screen: str, name: str, hash: str = "") -> str:
    """An address of the app."""
    return f"/{screen}/{quote(name, safe='', errors='replace')}" + (f"#{hash}" if hash else "")


def search(
    opened: Opened, state: str, q: str, asked: Filters, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of what is found, and the cursor of the next. Raises Unfit for a cursor of another list."""
    after = unpack(cursor, int, str, int, int)
    sought = parts(opened, q)
    if not sought:
        return [], None
    items = [] if after else _names(opened, state, q, asked, sought)
    of_claim = incident_list.groups(opened, state).of_claim
    incidents: dict[str, None] = {}
    found: list[Sentence] = []
    following = None
    for sentence in sentences(opened, state, sought, asked, after):
        if len(found) == limit:
            following = pack(found[-1].key)
            break
        found.append(sentence)
        for claim in sentence.claims:
            if id := of_claim.get((sentence.report, claim)):
                incidents[id] = None
    if after is None:
        items += _incidents(opened, state, list(incidents)[:_NAMED])
    return items + [_sentence(s) for s in found], following


def _incidents(opened: Opened, state: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    if not wanted:
        return []
    out = []
    groups = [g for g in incident_list.groups(opened, state).newest if g.id in set(wanted)]
    for m in incident_list.made(opened, state, groups):
        place = m.place.name if m.place else None
        label = ", ".join(x for x in (m.type.replace("_", " "), place, m.date) if x)
        out.append({"kind": "incident", "label": label, "incident": m.id, "href": href("incident", m.id)})
    return out


def _sentence(s: Sentence) -> dict[str, Any]:
    row = {
        "kind": "sentence",
        "label": s.text[:_SHOWN],
        "report": s.report,
        "claim": s.claims[0] if s.claims else None,
        "start": s.start,
        "end": s.end,
        "known": s.known or None,
        "href": href("report", s.report, f"s={s.start}-{s.end}"),
    }
    return row | _why(*s.meant)


def _why(*meant: Meant) -> dict[str, Any]:
    return {"meant": [asdict(m) for m in meant]} if meant else {}


def _names(opened: Opened, state: str, q: str, asked: Filters, sought: Sequence[Part]) -> list[dict[str, Any]]:
    """Places and sources whose names hold what is asked for, then those that are known by it; only where no filters are."""
    if not asked.none:
        return []
    part, wanted = sought[0], fold(q)
    meant = part.meant if len(sought) == 1 else frozenset()
    places, sources = place_list.places(opened, state), all_sources(opened, state)
    out: list[dict[str, Any]] = []
    named = place_list.matching(places, q)
    known = [item for item in places if item[0] in meant and item not in named]
    for key, place in [*named, *known][:_NAMED]:
        why = [Meant(part.asked, key, place.name)] if (key, place) in known else []
        out.append({"kind": "place", "label": place.name, "key": key, "href": href("place", key)} | _why(*why))
    spoken = [row for row in sources if wanted in fold(row.name)]
    for row in [*spoken, *(s for s in sources if s.entity in meant and s not in spoken)][:_NAMED]:
        why = [Meant(part.asked, row.entity, row.name)] if row.entity and row not in spoken else []
        out.append({"kind": "source", "label": row.name, "href": href("source", row.entity or row.name)} | _why(*why))
    return out
