"""Which accounts count for a question: those known by a day, and those that one source tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tadmor import edtf
from tadmor.model import Account, Voice
from tadmor.reconcile.days import FAR, span
from tadmor.reconcile.names import fold


def known_by(accounts: Iterable[Account], day: str) -> list[Account]:
    """The accounts that were known by the end of that date. Raises BadDate."""
    edtf.bounds(day)
    limit = (span(day) or (1, FAR))[1]
    return [a for a in accounts if (k := span(a.known)) is not None and k[1] <= limit]


def told_by(accounts: Iterable[Account], name: str) -> list[Account]:
    """The accounts that one source tells, each with only its voices that are this source.

    Names are compared without case, diacritics and articles; a whole-word part ("Observatory") and initials will do;
    names that the accounts give to one identity stand for each other.
    """
    told = list(accounts)
    entities = {name}
    for account in told:
        named = [(x.name, x.entity) for x in account.voices]
        named += [(x.name, x.entity) for x in (*account.actors, *account.targets)]
        entities.update(entity for full, entity in named if entity and _named(full, name))
    out: list[Account] = []
    for account in told:
        mine = tuple(v for v in account.voices if _is(v, name, entities))
        if mine:
            out.append(replace(account, voices=mine))
        elif not account.voices and account.publisher and _named(account.publisher, name):
            out.append(account)
    return out


def _is(voice: Voice, name: str, entities: set[str]) -> bool:
    return voice.entity in entities or _named(voice.name, name) or any(_named(t, name) for t in voice.through)


@lru_cache(maxsize=65536)
def _named(full: str, wanted: str) -> bool:
    a, b = fold(full), fold(wanted)
    if not a or not b:
        return False
    initials = "".join(w[0] for w in a.split())
    small = "".join(w[0] for w in a.split() if w not in ("of", "for", "the", "and"))
    return a == b or f" {b} " in f" {a} " or (len(b) > 2 and b in (initials, small))
