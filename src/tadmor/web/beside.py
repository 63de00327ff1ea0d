"""Who tells the same incidents as a source, and how often they contradict it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tadmor.ledger import grouping, speaking
from tadmor.ledger import tables as t
from tadmor.ledger.answers import SourceRow
from tadmor.ledger.folding import fold
from tadmor.ledger.kept import chunks
from tadmor.model import Account, ClaimRef
from tadmor.reconcile.disputes import disputes
from tadmor.reconcile.sources import speakers
from tadmor.web.groups import Group
from tadmor.web.opened import Opened


def beside_of(opened: Opened, groups: Sequence[Group], row: SourceRow) -> list[dict[str, Any]]:
    """The others who speak in these incidents, those most often met first: in how many they agree, and in how many not."""
    names: dict[str, Counter[tuple[str, str | None]]] = {}
    agree: Counter[str] = Counter()
    dispute: Counter[str] = Counter()
    with opened.reading() as connection:
        one = speaking.told_as(connection)
        mine = {fold(row.name), *([row.entity] if row.entity else ())}
        if row.entity:
            mine.update(connection.scalars(select(t.naming.c.folded).where(t.naming.c.entity == row.entity)))
        for keys in chunks([g.key for g in groups], 200):
            for accounts in grouping.groups(connection, [t.member.c.incident.in_(keys)]):
                told = _speaking(accounts, names, one)
                own = frozenset().union(*(refs for key, refs in told.items() if key in mine), _through(accounts, mine))
                others = {key: refs for key, refs in told.items() if key not in mine}
                if not own or not others:
                    continue
                against = _against(accounts, own)
                for key, refs in others.items():
                    (dispute if refs & against and not refs & own else agree)[key] += 1
    out = []
    for key in sorted(agree.keys() | dispute.keys(), key=lambda k: (-agree[k] - dispute[k], k)):
        name, entity = names[key].most_common(1)[0][0]
        out.append({"name": name, "entity": entity, "agree": agree[key], "dispute": dispute[key]})
    return out


def _speaking(
    accounts: Iterable[Account], names: dict[str, Counter[tuple[str, str | None]]], one: Mapping[str, str]
) -> dict[str, frozenset[ClaimRef]]:
    """The claims of each speaker, by identity, else folded name; who is named is noted in ``names``.

    ``one`` has the identities of folded names that stand without one.
    """
    told: dict[str, set[ClaimRef]] = {}
    for account in accounts:
        for speaker in speakers(account):
            if speaker.own_voice and account.publisher is None:
                continue
            entity = speaker.voice.entity or one.get(fold(speaker.name))
            key = entity or fold(speaker.name)
            told.setdefault(key, set()).add(account.ref)
            names.setdefault(key, Counter())[speaker.name, entity] += 1
    return {key: frozenset(refs) for key, refs in told.items()}


def _through(accounts: Iterable[Account], mine: set[str]) -> frozenset[ClaimRef]:
    """The claims that the source passes on."""
    return frozenset(a.ref for a in accounts if any(fold(n) in mine for v in a.voices for n in v.through))


def _against(accounts: Sequence[Account], own: frozenset[ClaimRef]) -> frozenset[ClaimRef]:
    """The claims that hold another position than the source does, where positions contradict each other."""
    out: set[ClaimRef] = set()
    for dispute in disputes(accounts):
        held = [frozenset(p.claims) for p in dispute.positions]
        if dispute.kind == "contradiction" and any(claims & own for claims in held):
            out.update(ref for claims in held if not claims & own for ref in claims)
    return frozenset(out)
