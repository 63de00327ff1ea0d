"""The positions of a dispute: what is said, by whom, in which claims."""

from __future__ import annotations

from collections.abc import Iterable

from tadmor.model import Account, Position
from tadmor.reconcile.sources import speakers


def position(says: str, accounts: Iterable[Account]) -> Position:
    """What accounts that hold together say, with their sources and claims in order."""
    members = sorted(accounts, key=lambda a: a.ref)
    names = dict.fromkeys(s.name for a in members for s in speakers(a))
    return Position(says, tuple(names), tuple(dict.fromkeys(a.ref for a in members)))


def positions(groups: dict[str, list[Account]]) -> tuple[Position, ...]:
    """The positions of groups of accounts, by what each says; in the order of their first claims."""
    return tuple(sorted((position(s, m) for s, m in groups.items()), key=lambda p: (p.claims[0], p.says)))
