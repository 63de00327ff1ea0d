"""The registry of actors: who is meant by a name, of what kind and side at a date, and who holds ground for whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tadmor import edtf
from tadmor.model import Party
from tadmor.resolve import registry_file
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.registry_file import Actor
from tadmor.resolve.registry_lookup import Lookup, days_of
from tadmor.resolve.registry_names import bare_key

_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is meant: the entity with its name and kind, its side and parent at the date asked for."""

    entity: str
    name: str
    kind: str
    side: str | None = None
    parent: str | None = None
    country: str | None = None


class Registry(Lookup):
    """Actors by name. Immutable; open it with :meth:`load`."""

    @classmethod
    def load(cls, extra: Path | None = None) -> Registry:
        """The registry that ships in the package, with the entries of ``extra`` (JSON or TOML) added or put in their place.

        Raises MissingResource when a file is not there or the shipped one is damaged, InputError when ``extra`` is not in form.
        Opened once per path and kept.
        """
        if extra is None:
            return _shipped()
        path = Path(extra)
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            stamp = 0
        return _extended(path, stamp)

    def identify(
        self, name: str, *, on: str | None = None, war: str | None = None, country: str | None = None
    ) -> Identity | None:
        """Who is meant by ``name`` in a report of ``war`` (an id such as "syria") or of ``country`` (alpha-2) at date ``on``.

        Tried in turn: the name as it stands; a capital for its government; a nationality with a force or government;
        "Kurdish", "government", "rebel" and the like by the war; a longer phrase that holds a known name. None when none fits.
        """
        days = days_of(on)
        war = war or self.war_of(country)
        actor = self._named(name, days, country, war) or self._by_phrase(name, days, country, war)
        return None if actor is None else self.identity(actor.id, on=on, war=war)

    def identity(self, entity: str, *, on: str | None = None, war: str | None = None) -> Identity | None:
        """The identity of an entity of the registry at a date; None when it has no such entity."""
        actor = self.actors.get(entity)
        if actor is None:
            return None
        days = days_of(on)
        parents = [p.value for p in actor.parents if p.period.meets(days)]
        return Identity(
            actor.id,
            self._name_at(actor, days),
            actor.kind,
            self.side(entity, on=on, war=war),
            parents[0] if parents else None,
            actor.country,
        )

    def side(self, entity: str, *, on: str | None = None, war: str | None = None) -> str | None:
        """Whose side an actor is on in a war at a date: its own, else that of what it belongs to.

        Without a war, the side when all wars that the actor is known from have the same; else None.
        """
        days = days_of(on)
        seen: set[str] = set()
        ahead = [entity]
        while ahead:
            one = ahead.pop(0)
            actor = self.actors.get(one)
            if actor is None or one in seen:
                continue
            seen.add(one)
            if war is None:
                # undated on purpose: one side at all times, or it cannot be told
                sides = {s.value for s in actor.sides if s.period.meets(days)}
                if len(sides) == 1:
                    return sides.pop()
                if sides:
                    return None
            else:
                for side in actor.sides:
                    if side.war == war and side.period.meets(days):
                        return side.value
            ahead += [p.value for p in actor.parents if p.period.meets(days)]
        return None

    def ancestors(self, entity: str, on: str | None = None) -> list[str]:
        """What an actor belongs to at a date, nearest first."""
        days = days_of(on)
        chain: list[str] = []
        actor = self.actors.get(entity)
        while actor is not None and len(chain) < _DEPTH:
            parent = next((p.value for p in actor.parents if p.period.meets(days)), None)
            if parent is None or parent in chain:
                break
            chain.append(parent)
            actor = self.actors.get(parent)
        return chain

    def holder(self, entity: str, on: str | None = None) -> tuple[str, str]:
        """Id and name of the party that holds ground when this actor takes it: itself, or what it belongs to at that date.

        An entity that the registry does not know holds for itself, under the words of its id.
        """
        for one in (entity, *self.ancestors(entity, on)):
            actor = self.actors.get(one)
            if actor is not None and actor.holds:
                return one, self._name_at(actor, days_of(on))
        chain = [entity, *self.ancestors(entity, on)]
        top = self.actors.get(chain[-1])
        return (
            (entity, entity.partition(":")[2].replace("-", " "))
            if top is None
            else (top.id, self._name_at(top, days_of(on)))
        )

    def holding(self, party: Party, on: str | None = None, country: str | None = None) -> Party:
        """Who holds the ground that a party takes in a country (alpha-2) at a date, with its side in the war fought there.

        A country holds its own towns by its government, an army holds for its state, a brigade for the movement it is part of,
        and who comes from another country to fight on the side of the government there for that government. A party without
        an identity is looked up by its name. The ``kind`` stays that of the party, but "coalition" for one that only takes
        part in a coalition, which holds no ground.
        """
        entity, war = party.entity, self.war_of(country)
        if entity is None and country is not None and (named := self.identify(party.name, on=on, country=country)):
            entity, party = named.entity, Party(named.name, named.entity, named.kind, named.side)
        if war and entity == f"country:{country}" and (own := self.home(war, "government", on, country)):
            entity = own.id  # "Syria took the town" from rebels
        if entity is None or not entity.startswith("actor:"):
            return party
        holder, name = self.holder(entity, on)
        side = (self.side(holder, on=on, war=war) if war else None) or party.side
        actor, kind = self.actors.get(holder), party.kind
        if actor and war and actor.country not in (None, country) and actor.kind != "person":
            host, led = self.home(war, "government", on, country), self.home(war, "coalition", on, country)
            if host and side is not None and self.side(host.id, on=on, war=war) == side:
                holder, name = self.holder(host.id, on)
            elif led and not led.holds and self.side(led.id, on=on, war=war) == side:
                kind = led.kind
        return Party(name, holder, kind, side)

    @staticmethod
    def unknown(name: str) -> str:
        """A stable identity for a name that the registry lacks: the same name gives the same in every report."""
        slug = re.sub(r"[^\w]+", "-", bare_key(name).replace("'", "")).strip("-")
        return f"name:{slug or 'unnamed'}"

    @staticmethod
    def acled_type(kind: str | None) -> str | None:
        """The ACLED actor type that a kind falls under; None where there is none."""
        return lexicon().acled.get(kind or "")

    def _name_at(self, actor: Actor, days: edtf.Bounds | None) -> str:
        if days is None:
            return actor.name
        return next((n.value for n in actor.names if n.period.meets(days)), actor.name)


@lru_cache(maxsize=1)
def _shipped() -> Registry:
    return Registry(registry_file.shipped())


@lru_cache(maxsize=8)
def _extended(path: Path, stamp: int) -> Registry:
    own = {a.id: a for a in registry_file.read(path)}
    # first in the file's order, so that a name that both have is the user's
    return Registry([*own.values(), *(a for a in registry_file.shipped() if a.id not in own)])


def check(path: Path | None = None) -> list[str]:
    """What is wrong with a registry file, a sentence each: see :func:`tadmor.resolve.registry_file.check`."""
    return registry_file.check(path)
