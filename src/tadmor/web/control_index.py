"""Who holds what, of the whole ledger: one index of all accounts that tell of control, shared by map, slider and places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tadmor.ledger import rating
from tadmor.ledger.folding import fold
from tadmor.model import Account, Place
from tadmor.publish import control_places
from tadmor.publish.control_places import ControlMap
from tadmor.reconcile import ControlIndex
from tadmor.reconcile.credibility import Letters
from tadmor.reconcile.sources import partisan_side, speakers
from tadmor.resolve.registry import Registry
from tadmor.web import control_stored
from tadmor.web.control_kept import Before, Index, told
from tadmor.web.opened import Opened, state_of

_RIBBONS = 40  # sources of a place that have a ribbon of their own, those with most claims


def index(opened: Opened, state: str, known_at: str | None) -> Index:
    """The index of all accounts that were known on a day (EDTF), of all when it is None."""

    def make() -> Index:
        registry = opened.resources.registry
        with opened.reading() as connection:
            accounts = opened.accounts.load(connection, known_at)
            letters = rating.reliability(connection)
            now = state_of(connection)
            before = None
            if known_at is None and opened.last_index is None:
                before = control_stored.stored(opened, connection, registry, letters, accounts)
        sides = control_places.sides(accounts)
        if known_at is not None:
            return _new(accounts, letters, registry, sides, now)
        with opened.indexing:  # each is made of the last one, never two of the same
            last = opened.last_index
            if last is None or last.registry is not registry or last.of.worn:
                found = _new(accounts, letters, registry, sides, now, before)
            else:
                with last.lock:
                    of = last.of.updated(accounts, reliability=letters)
                found = replace(last, accounts=accounts, of=of, sides=sides, state=now, letters=letters)
                if last.before is not None:
                    found.before = last.before.renewed(letters, opened.accounts.keys(accounts))
            opened.last_index = found
            return found

    return opened.indexes.of(state, known_at, make)


def _new(
    accounts: Sequence[Account],
    letters: Letters,
    registry: Registry,
    sides: Mapping[str, str],
    state: str,
    before: Before | None = None,
) -> Index:
    of = ControlIndex(accounts, resolve_holder=registry.holding, reliability=letters)
    return Index(accounts, of, registry, sides, state=state, letters=letters, before=before)


def day_map(
    opened: Opened, state: str, on: str, according_to: str | None, known_at: str | None, countries: frozenset[str]
) -> ControlMap:
    """Every place of which somebody has told by a day who holds it. Raises BadDate."""

    def make() -> ControlMap:
        found = index(opened, state, known_at)
        with found.lock:
            return control_places.control_map(
                found.accounts,
                found.of,
                on,
                registry=found.registry,
                gazetteer=opened.resources.gazetteer,
                according_to=according_to,
                known_at=known_at,
                countries=countries,
            )

    return opened.once(state, ("map", on, according_to, known_at, countries), make)


def timelines(opened: Opened, state: str, according_to: str | None, known_at: str | None) -> list[dict[str, Any]]:
    """Who held each place when, of all places of which anybody tells, by country and name.

    As all accounts together have it, the timeline of a place is kept until its accounts change, so that a report that is added
    costs only the places of which it tells. They are kept in the ledger, too, for the next start.
    """
    plain = according_to is None and known_at is None
    if plain and (kept := control_stored.whole(opened, state)) is not None:
        return sorted(kept, key=_order)
    found = index(opened, state, known_at)
    out = []
    with found.lock:
        for place in control_places.points(found.accounts):
            if plain:
                rows = found.timeline(place)
            else:
                intervals = told(found.of.intervals(place, according_to=according_to, known_at=known_at))
                rows = [found.row(i, place.country) for i in intervals]
            if rows:
                out.append(control_stored.entry(place, rows))
    if plain:
        found.before = None  # all that there is of it has been taken
    return sorted(out, key=_order)


def _order(told: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(told["country"] or "~"), str(told["name"]), str(told["key"])


def ribbons(found: Index, place: Place) -> list[dict[str, Any]]:
    """Who held a place as each source alone tells it; those who tell most of it first. The index is locked meanwhile."""
    told: dict[str, list[Any]] = defaultdict(list)
    for account in found.of.accounts(place):
        for speaker in speakers(account):
            told[speaker.voice.entity or fold(speaker.name)].append(speaker)
    out = []
    for key in sorted(told, key=lambda k: (-len(told[k]), k))[:_RIBBONS]:
        voices = [s.voice for s in told[key]]
        name = Counter(s.name for s in told[key]).most_common(1)[0][0]
        sides = Counter(side for v in voices if (side := partisan_side(v)))
        rows = [
            found.row(i, place.country) | {"claims": [{"report": r.report, "claim": r.claim} for r in i.claims]}
            for i in found.of.intervals(place, according_to=voices[0].entity or name)
        ]
        if rows:
            out.append(
                {
                    "name": name,
                    "entity": voices[0].entity,
                    "side": sides.most_common(1)[0][0] if sides else None,
                    "kind": Counter(v.kind for v in voices).most_common(1)[0][0],
                    "claims": len({s.ref for s in told[key]}),
                    "intervals": rows,
                }
            )
    return out
