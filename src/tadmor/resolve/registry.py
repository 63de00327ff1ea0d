"""The registry of actors: who is meant by a name, of what kind and side at a date, and who holds ground for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tadmor import edtf
from tadmor.errors import BadDate
from tadmor.resolve import registry_file
from tadmor.resolve.actors_lexicon import War, lexicon
from tadmor.resolve.actors_match import exact_case, key
from tadmor.resolve.actors_nominals import Phrase, phrases
from tadmor.resolve.registry_file import Actor
from tadmor.resolve.registry_names import LEADING, ROLES, Names, bare_key

_TRAILING = re.compile(r"(?:['’]s?|\s+(?:group|movement|organi[sz]ation)|\s*\([^)]*\))$")
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


class Registry(Names):
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
        days = _days(on)
        war = war or self.war_of(country)
        actor = self._named(name, days, country, war) or self._by_phrase(name, days, war)
        return None if actor is None else self.identity(actor.id, on=on, war=war)

    def identity(self, entity: str, *, on: str | None = None, war: str | None = None) -> Identity | None:
        """The identity of an entity of the registry at a date; None when it has no such entity."""
        actor = self.actors.get(entity)
        if actor is None:
            return None
        days = _days(on)
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
        days = _days(on)
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
        days = _days(on)
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
                return one, self._name_at(actor, _days(on))
        chain = [entity, *self.ancestors(entity, on)]
        top = self.actors.get(chain[-1])
        return (
            (entity, entity.partition(":")[2].replace("-", " "))
            if top is None
            else (top.id, self._name_at(top, _days(on)))
        )

    def war_of(self, country_code: str | None) -> str | None:
        """The war fought in a country, by the registry's list of wars."""
        return next((w for w, war in lexicon().wars.items() if country_code in war.countries), None)

    def home(self, war: str | None, slot: str, on: str | None = None) -> Actor | None:
        """What a bare word means in a war: slot "government", "army", "air", "police", "rebels", "coalition", "kurdish" ..."""
        place: War | None = lexicon().wars.get(war or "")
        ids = place.home.get(slot, ()) if place else ()
        known = [a for i in ids if (a := self.actors.get(i)) is not None]
        return next((a for a in known if a.period.meets(_days(on))), None)

    @staticmethod
    def unknown(name: str) -> str:
        """A stable identity for a name that the registry lacks: the same name gives the same in every report."""
        slug = re.sub(r"[^\w]+", "-", bare_key(name).replace("'", "")).strip("-")
        return f"name:{slug or 'unnamed'}"

    @staticmethod
    def acled_type(kind: str | None) -> str | None:
        """The ACLED actor type that a kind falls under; None where there is none."""
        return lexicon().acled.get(kind or "")

    def _named(self, name: str, days: edtf.Bounds | None, country: str | None, war: str | None) -> Actor | None:
        bare = LEADING.sub("", name.strip())
        forms = dict.fromkeys((name.strip(), bare, _TRAILING.sub("", bare)))
        for form in forms:
            rows = [
                (a, n)
                for a, n in self._by_key.get(key(form), ())
                if not exact_case(n) or n == form or (form.lower() == n.lower() and len(form) > 3)
            ]
            if rows:
                return _best([a for a, _ in rows], days, country, war)
        return self._metonyms.get(bare_key(bare))

    def _by_phrase(self, name: str, days: edtf.Bounds | None, war: str | None) -> Actor | None:
        text = LEADING.sub("", name.strip())
        hits = self._matcher.find(text)
        for phrase in phrases(text, hits, self.nationalities):
            if phrase.start == 0 and phrase.end == len(text) and phrase.name is None:
                return self._of_phrase(phrase, days, war)
        if not hits:
            return None
        last = hits[-1]
        rest = text[: last.start] + " " + text[last.end :]
        words = re.findall(r"[\w'’.-]+", rest.lower())
        if _BESIDE.match(text[last.end :]) or not _APART.isdisjoint(words):
            return None
        actor = _best([a for a, _ in self._by_key[last.key]], days, None, war)
        passes = all(self._passes(w) for w in words)
        full_name = actor.kind == "person" and last.end == len(text) and " " in last.key
        if not passes and not full_name:
            return None
        group = next(
            (g for w in reversed(words) if (g := lexicon().heads.get(w)) in ("military", "air", "navy", "government")),
            None,
        )
        return self._arm(actor, group, days)

    def _arm(self, actor: Actor, group: str | None, days: edtf.Bounds | None) -> Actor:
        """The force or government that a phrase names by its master: "Syrian regime troops", "forces of President Assad"."""
        if group is None or not (actor.kind == "person" or (actor.role == "government" and group != "government")):
            return actor
        country, office = actor.country, actor.office
        if country is None or (actor.kind == "person" and office != "official"):
            return actor
        known = [a for role in ROLES[group] for a in self._roles.get((country, role), ()) if a.period.meets(days)]
        return known[0] if known else actor

    def _of_phrase(self, phrase: Phrase, days: edtf.Bounds | None, war: str | None) -> Actor | None:
        entity = self._of_country(phrase, days)
        if entity is not None:
            return self.actors[entity]
        slot = self.slot(phrase, war)
        if slot is None:
            return None
        place = lexicon().wars.get(war or "")
        ids = place.home.get(slot, ()) if place else ()
        return next((a for i in ids if (a := self.actors.get(i)) is not None and a.period.meets(days)), None)

    def slot(self, phrase: Phrase, war: str | None) -> str | None:
        """Which of a war's home parties a phrase without nationality speaks of, by its words of sides; None when of none."""
        sides = {lexicon().sides.get(w) for w in (*phrase.modifiers, phrase.head)} - {None}
        foreign = {self.nationality(w) for w in phrase.modifiers} - {None}
        place = lexicon().wars.get(war or "")
        if not _CIVIL.isdisjoint(phrase.modifiers):
            return None
        if place is None or foreign - set(place.countries):
            return None
        for side, slot in (("turkey", "turkish-backed"), ("kurdish", "kurdish"), ("coalition", "coalition")):
            if side in sides and phrase.group in ("military", "armed", "group", "rebel", "ethnic"):
                return slot
        if phrase.head == "coalition" or "coalition" in phrase.modifiers:
            return "coalition"
        if sides == {"government"} or (phrase.group == "government" and not sides and phrase.head != "state"):
            return {"government": "government", "official": "government", "air": "air"}.get(
                phrase.group,
                "army" if phrase.group in ("military", "armed", "group") else None,
            )
        if "opposition" in sides and phrase.group in ("rebel", "armed", "military", "group"):
            return "rebels"
        return None

    def _name_at(self, actor: Actor, days: edtf.Bounds | None) -> str:
        if days is None:
            return actor.name
        return next((n.value for n in actor.names if n.period.meets(days)), actor.name)


# "Hamas-allied militants" are not Hamas, nor is "a former ISIS member" ISIS
_BESIDE = re.compile(
    r"[-–](?:allied|affiliated|linked|aligned|backed|led|inspired|supported|loyal|held|controlled|run)\b", re.IGNORECASE
)
_APART = frozenset(
    {
        "former",
        "suspected",
        "alleged",
        "detainees",
        "detainee",
        "prisoners",
        "captives",
        "defectors",
        "victims",
        "hostages",
    }
)
_CIVIL = frozenset({"monitoring", "rights", "watchdog", "media", "aid", "relief", "medical", "human"})


def _days(on: str | None) -> edtf.Bounds | None:
    if on is None:
        return None
    try:
        return edtf.bounds(on)
    except BadDate:
        return None


def _best(actors: Sequence[Actor], days: edtf.Bounds | None, country: str | None, war: str | None) -> Actor:
    def fit(actor: Actor) -> tuple[bool, bool, bool]:
        return (
            actor.period.meets(days),
            country is not None and actor.country == country,
            war is not None and any(s.war == war for s in actor.sides),
        )

    return max(actors, key=fit)  # the first of the best, so that the file's order decides between equals


@lru_cache(maxsize=1)
def _shipped() -> Registry:
    return Registry(registry_file.shipped())


@lru_cache(maxsize=8)
def _extended(path: Path, stamp: int) -> Registry:
    merged = {a.id: a for a in registry_file.shipped()} | {a.id: a for a in registry_file.read(path)}
    return Registry(merged.values())


def check(path: Path | None = None) -> list[str]:
    """What is wrong with a registry file, a sentence each: see :func:`tadmor.resolve.registry_file.check`."""
    return registry_file.check(path)
