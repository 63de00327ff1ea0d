"""Whom a name or a description means in a war, in a country and at a date.

These are the lookups under :class:`tadmor.resolve.registry.Registry`, which adds identities, sides and who holds ground.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from tadmor import edtf
from tadmor.errors import BadDate
from tadmor.resolve import registry_file
from tadmor.resolve.actors_lexicon import War, lexicon
from tadmor.resolve.actors_match import exact_case, key, spellings
from tadmor.resolve.actors_nominals import Phrase, phrases
from tadmor.resolve.registry_file import EVERYWHERE, Actor
from tadmor.resolve.registry_names import LEADING, ROLES, Names, bare_key

_TRAILING = re.compile(r"(?:['’]s?|\s+(?:group|movement|organi[sz]ation)|\s*\([^)]*\))$")
_ROLE = {"government": "government", "army": "army", "air": "air force", "police": "police"}
# What a ministry is for
SUBJECTS = frozenset("defence defense foreign interior health information".split())
_PARAMILITARY = re.compile(r"\bparamilitary force$", re.IGNORECASE)
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
# "Russian-backed authorities" are not those of the country that they are in
_BACKED = re.compile(r"([\w.]+)-(?:backed|installed|appointed|supported|occupied|imposed)")
_FORMER = frozenset({"former", "ousted", "deposed", "previous", "toppled", "fallen", "overthrown"})
_OF_STATE = frozenset({"security", "armed", "government", "'s"})
_AIR_FORCE = re.compile(r"\bair ?force\b", re.IGNORECASE)
_TWO_WORDS = re.compile(
    r"\b(South Sudanese|Central African|South African|North Korean|South Korean|Saudi Arabian|Sri Lankan) (?=\w)"
)
_CIVIL = frozenset({"monitoring", "rights", "watchdog", "media", "aid", "relief", "medical", "human"})


class Lookup(Names):
    """Actors by name and by description. Immutable."""

    def war_of(self, country_code: str | None) -> str | None:
        """The war fought in a country, by the registry's list of wars."""
        return next((w for w, war in lexicon().wars.items() if country_code in war.countries), None)

    def home(self, war: str | None, slot: str, on: str | None = None, country: str | None = None) -> Actor | None:
        """What a bare word means in a war: slot "government", "army", "air", "police", "rebels", "coalition", "kurdish" ...

        The lexicon names the parties of a war; where it says nothing of the government or its forces, they are those of the
        country, by their role. ``country`` (alpha-2) decides in a war of several countries, and without a war. None when open.
        """
        return self._home(war, slot, days_of(on), country)

    def has_home(self, war: str, slot: str, on: str | None = None) -> bool:
        """Whether the lexicon says what a bare word means in a war at a date, if only that it is open."""
        place = lexicon().wars.get(war)
        rows = place.home.get(slot) if place else None
        return rows is not None and (not rows or any(r.period.meets(days_of(on)) for r in rows))

    def ministry(self, country: str, subject: Collection[str] = (), on: str | None = None) -> Actor | None:
        """The ministry of a country at a date whose name has the words of ``subject`` ("defence"); None when none or several."""
        return self._ministry(country, subject, days_of(on))

    def wars_of(self, entity: str) -> frozenset[str]:
        """The wars that an actor is known from, by its own sides or those of what it belongs to; empty when everywhere."""
        actor = self.actors.get(entity)
        return frozenset() if actor is None else registry_file.wars(actor, self.actors)

    def bearing(self, name: str) -> list[Actor]:
        """All actors of that name, with or without an article, whatever the date and the war: "Daesh" is the Islamic State."""
        rows = self._rows(name.strip()) or self._rows(LEADING.sub("", name.strip()))
        return list({a.id: a for a, _ in rows}.values())

    def _rows(self, form: str) -> list[tuple[Actor, str]]:
        return [
            (a, n)
            for a, n in self._by_key.get(key(form), ())
            if (not exact_case(n) or n == form or (form.lower() == n.lower() and len(form) > 3)) and not _plain(form, n)
        ]

    def _home(self, war: str | None, slot: str, days: edtf.Bounds | None, country: str | None) -> Actor | None:
        place: War | None = lexicon().wars.get(war or "")
        if place is not None and slot in place.home:
            rows = [r for r in place.home[slot] if r.period.meets(days)]
            known = [a for r in rows if (a := self.actors.get(r.value)) is not None and a.period.meets(days)]
            own = {a.country for a in known} & set(place.countries)
            if len(place.countries) > 1 and len(own) > 1:
                known = [a for a in known if a.country == country]
            return known[0] if known else None
        if slot not in _ROLE or (place is not None and country not in place.countries and len(place.countries) > 1):
            return None
        if place is not None and country not in place.countries:
            country = place.countries[0]
        known = [a for a in self._roles.get((country or "", _ROLE[slot]), ()) if a.period.meets(days)]
        if known:
            return known[0]
        return self._states.get(country or "") if slot == "government" else None

    def _of_ministry(self, phrase: Phrase, days: edtf.Bounds | None) -> Actor | None:
        """The ministry of the one country that the phrase names, else its government; None where the report must say."""
        subject = SUBJECTS.intersection(phrase.modifiers)
        countries = {c for w in phrase.modifiers if (c := self.nationality(w))}
        own = self._ministry(countries.pop(), subject, days) if len(countries) == 1 and subject else None
        entity = self._of_country(phrase, days) if own is None else None
        return own or (self.actors[entity] if entity is not None else None)

    def _ministry(self, country: str, subject: Collection[str], days: edtf.Bounds | None) -> Actor | None:
        known = [
            a
            for a in self.actors.values()
            if a.kind == "ministry" and a.country == country and self._at(a, days) and is_ministry_of(a, subject)
        ]
        return known[0] if len(known) == 1 else None

    def _at(self, actor: Actor, days: edtf.Bounds | None) -> bool:
        """Whether an actor was there at a date: it and, where it has any, something that it belonged to then."""
        return actor.period.meets(days) and (not actor.parents or any(p.period.meets(days) for p in actor.parents))

    def _named(self, name: str, days: edtf.Bounds | None, country: str | None, war: str | None) -> Actor | None:
        bare = LEADING.sub("", name.strip())
        forms = dict.fromkeys((name.strip(), bare, _TRAILING.sub("", bare)))
        for form in forms:
            if rows := self._rows(form):
                actor = self._best(rows, days, country, war)
                return None if actor is None else self._successor(actor, form, days)
        return self._metonyms.get(bare_key(bare))

    def _successor(self, actor: Actor, form: str, days: edtf.Bounds | None) -> Actor:
        """Whom a plain name of a country's force means after the end of the one that bore it: "Afghan troops" in 2022."""
        if actor.period.meets(days) or actor.role not in ("army", "police", "air force", "government"):
            return actor
        first, *rest = key(form).replace("'s", " 's").split()
        plain = all(w in lexicon().heads or w in _OF_STATE for w in rest) and "regime" not in rest
        if not plain or not rest or self.nationality(first) != actor.country:
            return actor
        wanted = dict.fromkeys((actor.role, "government"))
        known = [a for r in wanted for a in self._roles.get((actor.country or "", r), ()) if a.period.meets(days)]
        return known[0] if known else actor

    def _by_phrase(self, name: str, days: edtf.Bounds | None, country: str | None, war: str | None) -> Actor | None:
        text = _PARAMILITARY.sub("paramilitary forces", LEADING.sub("", name.strip()))
        text = _TWO_WORDS.sub(lambda m: m[1].replace(" ", "-") + " ", text)
        hits = [h for h in self._every_matcher.find(text) if not self._cut_short(text, h)]
        if not hits:
            text = _AIR_FORCE.sub("aviation", text)
        for phrase in phrases(text, hits, self.nationalities):
            if phrase.start == 0 and phrase.end == len(text) and phrase.name is None:
                return self._of_phrase(phrase, days, country, war)
        if not hits:
            return None
        last = hits[-1]
        rest = text[: last.start] + " " + text[last.end :]
        words = re.findall(r"[\w'’.-]+", rest.lower())
        actor = self._best(self._by_key[last.key], days, country, war)
        if actor is None or _BESIDE.match(text[last.end :]):
            return None
        full_name = actor.kind == "person" and last.end == len(text) and " " in last.key
        if not (_APART | _FORMER).isdisjoint(words) and not full_name:
            return None  # "a former ISIS member"; "the former president Bashar al-Assad" is he
        here = {c for w in words if (c := self.nationality(w))} <= {actor.country}
        if not here and last.key in {s for n in actor.local for s in spellings(n)}:
            return None  # "Russia's General Staff" in a report on Ukraine
        passes = all(self._passes(w) for w in words)
        if not passes and not full_name:
            return None
        group = next(
            (
                g
                for w in reversed(words)
                if (g := lexicon().heads.get(w)) in ("military", "air", "navy", "government", "armed")
            ),
            None,
        )
        if group == "government" and actor.role == "army" and words[-1] in ("junta", "regime", "government"):
            slot = "junta" if "junta" in _home_of(war) else "government"
            return self._home(war, slot, days, actor.country) or actor  # "Myanmar's military regime"
        return self._arm(actor, group, days)

    def _arm(self, actor: Actor, group: str | None, days: edtf.Bounds | None) -> Actor:
        """The force or government that a phrase names by its master: "Syrian regime troops", "forces of President Assad"."""
        if actor.kind == "person" and actor.office in ("armed group", "military") and group in ("military", "armed"):
            own = next((self.actors.get(p.value) for p in actor.parents if p.period.meets(days)), None)
            return own or actor  # "Haftar's fighters"
        if group == "armed":
            return actor
        if group is None or not (actor.kind == "person" or (actor.role == "government" and group != "government")):
            return actor
        country, office = actor.country, actor.office
        if country is None or (actor.kind == "person" and office != "official"):
            return actor
        known = [a for role in ROLES[group] for a in self._roles.get((country, role), ()) if a.period.meets(days)]
        return known[0] if known else actor

    def _of_phrase(
        self, phrase: Phrase, days: edtf.Bounds | None, country: str | None, war: str | None
    ) -> Actor | None:
        if phrase.head == "ministry":
            return self._of_ministry(phrase, days)
        if not _FORMER.isdisjoint(phrase.modifiers):
            return self._former(phrase, days, country, war)
        if self._paramilitary(phrase, war):
            return self._home(war, "paramilitary", days, country)
        if phrase.head == "junta" and len(phrase.modifiers) == 0 and "junta" in _home_of(war):
            return self._home(war, "junta", days, country)
        entity = self._of_country(phrase, days)
        if entity is not None:
            return self.actors[entity]
        slot = self.slot(phrase, war)
        if slot is None or (slot == "government" and self._backed_by_another(phrase, war, days)):
            return None
        return self._home(war, slot, days, country)

    def _former(self, phrase: Phrase, days: edtf.Bounds | None, country: str | None, war: str | None) -> Actor | None:
        """The government before that of the date: "the former regime"; None for its people, who are nobody's any more."""
        place = lexicon().wars.get(war or "")
        foreign = [c for w in phrase.modifiers if (c := self.nationality(w))]
        if phrase.group != "government" or place is None or days is None or days[0] is None:
            return None
        if any(c not in place.countries for c in foreign) or (
            len(place.countries) > 1 and country not in place.countries
        ):
            return None
        home = next(iter(foreign), country if country in place.countries else place.countries[0])
        gone = [(e, a) for a in self._roles.get((home, "government"), ()) if (e := a.period.end) and e < days[0]]
        return max(gone, key=lambda row: row[0])[1] if gone else None

    def _paramilitary(self, phrase: Phrase, war: str | None) -> bool:
        """Whether the phrase means the paramilitary force that fights in a war on its own account."""
        place = lexicon().wars.get(war or "")
        if place is None or "paramilitary" not in place.home:
            return False
        foreign = {self.nationality(w) for w in phrase.modifiers} - {None, *place.countries}
        sides = {lexicon().sides.get(w) for w in phrase.modifiers} - {None}
        if foreign or sides or phrase.group not in ("military", "armed", "group"):
            return False
        return phrase.head == "paramilitaries" or "paramilitary" in phrase.modifiers

    def _best(
        self, rows: Sequence[tuple[Actor, str]], days: edtf.Bounds | None, country: str | None, war: str | None
    ) -> Actor | None:
        """The actor of several that share a name: of the date, the country and the war; None when that leaves several wars.

        Where the war is unknown, the one whose own name it is, and between equals the file's order.
        """
        rows = [(a, n) for a, n in rows if n not in a.local or (a.period.meets(days) and self._there(a, country, war))]
        known = list({a.id: a for a, _ in rows}.values())
        if len(known) <= 1:
            return known[0] if known else None
        bare = {a.id for a, n in rows if n == a.name}
        wars = {a.id: registry_file.wars(a, self.actors) for a in known}

        def fit(actor: Actor) -> tuple[bool, bool, int]:
            of_war = 2 if war in wars[actor.id] else 1 if not wars[actor.id] and actor.kind in EVERYWHERE else 0
            return (
                actor.period.meets(days),
                country is not None and actor.country == country,
                of_war if war is not None else 0,
            )

        best = max(fit(a) for a in known)
        left = [a for a in known if fit(a) == best]
        if any(wars[a.id].isdisjoint(wars[left[0].id]) for a in left[1:]):
            return next((a for a in left if a.id in bare), None)
        return left[0]  # so that the file's order decides between equals

    def _there(self, actor: Actor, country: str | None, war: str | None) -> bool:
        of_war = war is not None and war in registry_file.wars(actor, self.actors)
        return of_war or (country is not None and actor.country == country)

    def _backed_by_another(self, phrase: Phrase, war: str | None, days: edtf.Bounds | None) -> bool:
        """Whether a phrase names those whom another party of the war set up: "Russian-backed authorities" in Ukraine."""
        home = {self._side_in(self._home(war, s, days, None), war, days) for s in ("government", "coalition")} - {None}
        for word in phrase.modifiers:
            if (m := _BACKED.fullmatch(word)) is None:
                continue
            code = self.nationality(m[1])
            backer = self._states.get(code) if code else self._metonyms.get(bare_key(m[1]))
            side = self._side_in(backer, war, days)
            if side is not None and home and side not in home:
                return True
        return False

    def _side_in(self, actor: Actor | None, war: str | None, days: edtf.Bounds | None) -> str | None:
        if actor is None:
            return None
        own = next((s.value for s in actor.sides if s.war == war and s.period.meets(days)), None)
        parents = (self.actors.get(p.value) for p in actor.parents if p.period.meets(days)) if own is None else ()
        return own or next((side for p in parents if (side := self._side_in(p, war, days))), None)

    def slot(self, phrase: Phrase, war: str | None) -> str | None:
        """Which of a war's home parties a phrase without nationality speaks of, by its words of sides; None when of none."""
        sides = {lexicon().sides.get(w) for w in (*phrase.modifiers, phrase.head)} - {None}
        foreign = {self.nationality(w) for w in phrase.modifiers} - {None}
        place = lexicon().wars.get(war or "")
        if place is not None and place.sides.get("rebel") in phrase.modifiers:
            sides.add("opposition")  # "the resistance forces" of Myanmar
        if not _CIVIL.isdisjoint(phrase.modifiers):
            return None
        if place is None or foreign - set(place.countries):
            return None
        for side, slot in (("turkey", "turkish-backed"), ("kurdish", "kurdish"), ("coalition", "coalition")):
            air = phrase.group == "air" and side == "coalition"
            if side in sides and (air or phrase.group in ("military", "armed", "group", "rebel", "ethnic")):
                return slot
        if (phrase.head == "coalition" or "coalition" in phrase.modifiers) and "opposition" not in sides:
            return "coalition"
        if sides == {"government"} and place.home.get("government") == ():
            return None  # two governments: their troops are open too
        if sides == {"government"} or (phrase.group == "government" and not sides and phrase.head != "state"):
            return {"government": "government", "official": "government", "air": "air"}.get(
                phrase.group,
                "army" if phrase.group in ("military", "armed", "group") else None,
            )
        if "opposition" in sides and phrase.group in ("rebel", "armed", "military", "group"):
            return "rebels"
        return None


def days_of(on: str | None) -> edtf.Bounds | None:
    """The days of an EDTF date; None when it is None, or no date: then every period fits."""
    if on is None:
        return None
    try:
        return edtf.bounds(on)
    except BadDate:
        return None


def _plain(form: str, name: str) -> bool:
    """Whether the words are common nouns that a name happens to be made of: "joint forces", not the Joint Forces."""
    return (
        " " in form and form.islower() and not name.islower() and name.isascii() and form.split()[-1] in lexicon().heads
    )


def _home_of(war: str | None) -> Mapping[str, object]:
    place = lexicon().wars.get(war or "")
    return place.home if place else {}


def is_ministry_of(actor: Actor, subject: Collection[str]) -> bool:
    """Whether one of the names of an actor has all words of ``subject``; "defense" is "defence"."""
    wanted = {w.replace("defense", "defence") for w in subject}
    names = (actor.name, *actor.aliases)
    return any(wanted <= set(re.findall(r"\w+", n.lower().replace("defense", "defence"))) for n in names)
