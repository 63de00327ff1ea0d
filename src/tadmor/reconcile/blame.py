"""Who lays a deed to whom: what two sides say of each other is no agreement, in whatever words each puts it."""

from __future__ import annotations

from tadmor.model import Account
from tadmor.reconcile.names import party_key
from tadmor.reconcile.sources import ABUSES, STRIKES, party_sides, sides_of
from tadmor.reconcile.traits import name_words
from tadmor.reconcile.wording import rarity, stem, stems

DEEDS = ABUSES | STRIKES - {"armed_clash"}  # in a clash there are two doers
# rarity of a word in common from which on two deeds of different means are of one target: "hospital", "camp"
TELLING = 4.4


def lays_blame(account: Account) -> bool:
    """Whether the account says by whom a deed was done, and somebody stands behind it who speaks for a side."""
    return account.claim.type in DEEDS and bool(account.actors) and bool(sides_of(account))


def blame_each_other(a: Account, b: Account) -> bool:
    """Whether each of two accounts of a deed names another doer, and the one's is of the side for which the other speaks."""
    if not (lays_blame(a) and lays_blame(b)):
        return False
    if {party_key(p) for p in a.actors} & {party_key(p) for p in b.actors}:
        return False
    doers_a, doers_b = party_sides(a.actors), party_sides(b.actors)
    if doers_a & doers_b or doers_a & set(sides_of(a)) or doers_b & set(sides_of(b)):
        return False
    return bool(doers_a & set(sides_of(b)) or doers_b & set(sides_of(a)))


def one_target(a: Account, b: Account) -> bool:
    """Whether two accounts have a telling word in common besides names: both are of a hospital, or of a camp."""
    return any(rarity(word) >= TELLING for word in _words(a) & _words(b))


def _words(account: Account) -> frozenset[str]:
    parties = " ".join(p.name for p in (*account.actors, *account.targets))
    return stems(account.claim.text) - stems(parties) - {stem(w) for p in account.places for w in name_words(p.name)}
