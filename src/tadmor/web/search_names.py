"""What is searched for, in parts: words, and names that the registry or the gazetteer knows for somebody or some place.

Of what a name may stand for, only those are meant that the ledger has met. In the sight of viewers a name that is withheld stands
for nobody, nor does any other name of whom or what is withheld, or else the search would tell who is behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from tadmor.ledger import queries
from tadmor.ledger import tables as t
from tadmor.ledger.withhold_names import Names
from tadmor.resolve.resolve import Resources
from tadmor.web.opened import Opened

WORDS = 12
_LONGEST = 6  # words of a name
_SHORTEST = 2  # characters


@dataclass(frozen=True, slots=True)
class Part:
    """Words (folded for case) as they were ``asked`` for; ``meant`` are the identities that they are a name of."""

    asked: str
    words: tuple[str, ...]
    meant: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Bearer:
    entity: str
    names: tuple[str, ...]


def parts(opened: Opened, q: str) -> list[Part]:
    """What is asked for in its order: the longest names that the ledger has met, and the words between them."""
    words = q.split()[:WORDS]
    spans = {
        (start, end): list(_bearers(opened.resources, " ".join(words[start:end]), whole=end - start == len(words)))
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1)
    }
    with opened.reading() as connection:
        met = _met(connection, {b.entity for found in spans.values() for b in found})
        covered: Names | None = getattr(connection.dialect, "tadmor_names", None)
    out: list[Part] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST), start, -1):
            asked = " ".join(words[start:end])
            meant = frozenset(b.entity for b in spans[start, end] if b.entity in met and _open(covered, asked, b))
            if meant or end == start + 1:
                out.append(Part(asked, tuple(w.casefold() for w in words[start:end]), meant))
                start = end
                break
    return out


def _bearers(resources: Resources, name: str, *, whole: bool) -> Iterator[_Bearer]:
    if len(name) < _SHORTEST:
        return
    actors = resources.registry.bearing(name)
    if not actors and whole and " " not in name:
        actors = resources.registry.bearing(name.upper())  # "sdf", which in a sentence of small letters may be a word
    for actor in actors:
        yield _Bearer(actor.id, (actor.name, *actor.aliases, *(n.value for n in actor.names)))
    for place in resources.gazetteer.candidates(name):
        yield _Bearer(place.id, (place.name,))


def _met(connection: Connection, entities: Iterable[str]) -> set[str]:
    n = t.naming.c
    return set(connection.scalars(select(n.entity).where(queries.among(n.entity, entities, connection.dialect.name))))


def _open(covered: Names | None, asked: str, bearer: _Bearer) -> bool:
    """Whether nothing tells of what is withheld, neither what was asked for nor any name of whom it stands for."""
    return not covered or not any(map(covered.hits, (asked, bearer.entity, *bearer.names)))
