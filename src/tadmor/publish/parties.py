"""The two parties of an incident and what the codebooks call them: of which type, of which government."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tadmor import taxonomy
from tadmor.model import Account, Party
from tadmor.publish.codebooks import acled
from tadmor.reconcile.incidents import telling
from tadmor.reconcile.names import fold
from tadmor.resolve.registry import Registry

Standing = Literal["state", "group", "civilians"]

_ORGANISED: dict[str, Standing] = {
    "State Forces": "state",
    "Rebel Groups": "group",
    "Political Militias": "group",
    "Identity Militias": "group",
    "Rioters": "civilians",
    "Protesters": "civilians",
    "Civilians": "civilians",
}
# In these the codebook's actor is who loses the ground or defends it; the other party took it or attacked
TURNED = frozenset({"territory_lost", "attack_repelled"})
_COUNTRY = "country:"
_FIGHTS = frozenset({"territory", "siege", "clash"})  # families of claim types


@dataclass(frozen=True, slots=True)
class Parties:
    """Who acts and whom it is done to, those that most accounts name first; neither names a party of the other."""

    actors: tuple[Party, ...]
    targets: tuple[Party, ...]


def parties(accounts: Sequence[Account], kind: str) -> Parties:
    """The parties of an incident of this type, from the accounts that say that it happened (``incidents.telling``).

    Who takes ground and who attacks it acts, whichever of the two an account names as its actor. A party that some accounts
    have on the one side and some on the other is put where more of them have it. Where two sides of a war are named as the
    actors of one fight, and no known party as its target, the second side is the other party.
    """
    said = [a for a in telling(accounts, kind) if a.claim.certainty not in ("denied", "expected")]
    tally: dict[str, list[int]] = {}
    named: dict[str, Party] = {}
    deeds = [a for a in said if a.claim.type != "casualties"]
    # whom a bare toll names was hurt by it, but is not whom it was aimed at where others say that
    for account in deeds if any(a.targets for a in deeds) else said:
        sides = [account.actors, account.targets]
        if account.claim.type in TURNED:
            sides.reverse()
        for index, members in enumerate(sides):
            for party in members:
                key = party.entity or fold(party.name)
                named.setdefault(key, party)
                tally.setdefault(key, [0, 0])[index] += 1
    order = {key: i for i, key in enumerate(tally)}

    def chosen(index: int) -> tuple[Party, ...]:
        keys = [k for k, n in tally.items() if n[index] > n[1 - index] or (index == 0 and n[0] == n[1])]
        keys.sort(key=lambda k: (named[k].entity is None, -tally[k][index], order[k]))
        return tuple(named[k] for k in keys)

    actors, targets = chosen(0), chosen(1)
    if taxonomy.get(kind).family in _FIGHTS and not any(p.entity for p in targets):
        rivals = tuple(p for p in actors if p.side and actors[0].side and p.side != actors[0].side)
        actors, targets = tuple(p for p in actors if p not in rivals), (*rivals, *targets)
    return Parties(actors, targets)


def home(party: Party, registry: Registry, on: str | None = None) -> str | None:
    """The country (alpha-2) that the party is, or that the registry has it, or what it belongs to, under."""
    if party.entity and party.entity.startswith(_COUNTRY):
        return party.entity.removeprefix(_COUNTRY)
    for entity in (party.entity, *(registry.ancestors(party.entity, on) if party.entity else ())):
        actor = registry.actors.get(entity or "")
        if actor is not None and actor.country:
            return actor.country
    return None


def acled_type(party: Party, registry: Registry, country: str | None = None) -> str | None:
    """ACLED's type of the actor ("Rebel Groups"), or None when it cannot be told.

    The kind in the registry decides, its agent code for kinds that hold several types, what a person acts as; for a party
    without a kind the words of its name. State forces outside their own country are "External/Other Forces".
    """
    book = acled()
    found: str | None
    actor = registry.actors.get(party.entity or "")
    # a country that acts, or is struck, is its government ("Russia bombed"), whichever of the two the name was resolved to
    kind = actor.kind if actor else "state" if (party.entity or "").startswith(_COUNTRY) else party.kind
    if actor is not None and kind == "person":
        found = book["by_office"].get(actor.office, "Civilians")
    elif actor is not None and kind in book["by_agent"]:
        found = book["by_agent"][kind].get(actor.plover or "") or registry.acled_type(kind)
    else:
        found = registry.acled_type(kind) or _by_words(party.name)
    if found == "State Forces" and country and (own := home(party, registry)) and own != country:
        return "External/Other Forces"
    return found


def standing(party: Party, registry: Registry) -> Standing | None:
    """Whether UCDP would have the party as a state, as another organised group or as civilians; None when it cannot be told."""
    found = acled_type(party, registry)
    if found == "External/Other Forces":
        actor = registry.actors.get(party.entity or "")
        return "state" if actor is not None and actor.kind == "coalition" else None
    return _ORGANISED.get(found or "")


def _by_words(name: str) -> str | None:
    words = set(re.findall(r"[^\W\d_]+", name.casefold()))
    return next((kind for kind, known in acled()["words"].items() if words & set(known)), None)


def names(found: Iterable[Party]) -> str:
    """The names in one cell, joined as ACLED joins them."""
    return "; ".join(dict.fromkeys(p.name for p in found))
