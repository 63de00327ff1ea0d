"""Names of the registry and where they stand in a text: the index that :class:`tadmor.resolve.registry.Registry` is built on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from tadmor import edtf
from tadmor.reading.recognise import Found
from tadmor.resolve.actors_lexicon import lexicon, source_words
from tadmor.resolve.actors_match import Hit, NameMatcher, abbreviated, exact_case, key, spellings
from tadmor.resolve.actors_nominals import Phrase, extends, phrases
from tadmor.resolve.registry_file import Actor

LEADING = re.compile(r"^(?:the|a|an|some|its|their|his|her|our|this|these|those)\s+", re.IGNORECASE)
ROLES = {
    "military": ("army", "government"),
    "air": ("air force", "army", "government"),
    "navy": ("navy", "army", "government"),
    "police": ("police",),
    "government": ("government",),
    "official": (),
}
_LOCATIVE = re.compile(
    r"\b(?:in|at|from|to|into|near|of|across|inside|through|throughout|towards?|around|outside|within|over|leave|left|for)\s+"
    r"(?:(?:the|north|south|east|west|northern|southern|eastern|western|central|rural|neighbou?ring|nearby)[\s-]+)*$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"[\w,;'’)-] ([A-Z][\w'’-]+) $")
# "the Ohio National Guard" is not the one that bears the bare name
_PROPER_BEFORE = re.compile(r"\b(?!(?:The|A|An|Its|Their|His|This|And|But) )[A-Z][\w.]*(?:['’]s)? $")
_WORD_BEFORE = re.compile(r"\b([A-Z][a-z]+)[ -]$")
_CAPITALISED = re.compile(r"\b[A-Z][^\W\d_]+(?: Arabian)?\b")
# "rebel-held Marjeh" names who holds it
_HELD_BY = re.compile(
    r"\b(government|regime|rebels?|opposition|insurgents?|militants?|jihadists?|separatists?|army)(?=[-–](?:held|controlled|run|occupied)\b)",
    re.IGNORECASE,
)
# "force" is no head of its own: it is a verb, and part of other names
_PARAMILITARY = re.compile(r"\bparamilitary force\b(?!\s+[A-Z])")
# What begins with a country's name and lies elsewhere
_NOT_THE_COUNTRY = re.compile(r"\s+(?:State|Delta|River)\b")
_NIGER = re.compile(r"Niger\s+(?:State|Delta|River)\b")


class Names:
    """Actors by name, nationality and role, and the recognisers over them. Immutable."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self.actors = {a.id: a for a in actors}
        self._by_key: dict[str, list[tuple[Actor, str]]] = {}
        self._roles: dict[tuple[str, str], list[Actor]] = {}
        self._states: dict[str, Actor] = {}
        self.nationalities: dict[str, str] = {}
        self._metonyms: dict[str, Actor] = {}
        for actor in self.actors.values():
            for name in dict.fromkeys((actor.name, *actor.aliases, *actor.local)):
                for spelt in spellings(name):
                    self._by_key.setdefault(spelt, []).append((actor, name))
            if actor.role and actor.country:
                self._roles.setdefault((actor.country, actor.role), []).append(actor)
            if actor.demonyms and actor.country and actor.kind == "state":
                self._states.setdefault(actor.country, actor)
                self.nationalities |= {key(d): actor.country for d in actor.demonyms}
                self.nationalities |= {key(n): actor.country for n in (actor.name, *actor.aliases)}
            self._metonyms |= {bare_key(m): actor for m in actor.metonyms}

    @cached_property
    def _matcher(self) -> NameMatcher:
        return self._matcher_of(with_local=False)

    @cached_property
    def _every_matcher(self) -> NameMatcher:
        return self._matcher_of(with_local=True)

    def _matcher_of(self, *, with_local: bool) -> NameMatcher:
        # the war is not known yet where names are looked for in a text: "AA" alone is no name there
        names = {
            k: [n for a, n in rows if not _country(a) and (with_local or n not in a.local or not exact_case(n))]
            for k, rows in self._by_key.items()
        }
        return NameMatcher({k: rows for k, rows in names.items() if rows})

    @cached_property
    def _country_matcher(self) -> NameMatcher:
        names: dict[str, list[str]] = {}
        for state in self._states.values():
            for name in (state.name, *state.aliases, *state.demonyms):
                names.setdefault(key(name), []).append(name)
        return NameMatcher(names)

    def countries_in(self, text: str) -> list[str]:
        """The alpha-2 codes of the countries that ``text`` speaks of by name or nationality, one for each time."""
        return [
            self.nationalities[hit.key]
            for hit in self._country_matcher.find(text)
            if not _NOT_THE_COUNTRY.match(text, hit.end)
        ]

    @cached_property
    def _state_names(self) -> dict[str, tuple[Actor, list[str]]]:
        names: dict[str, tuple[Actor, list[str]]] = {}
        for actor in self._states.values():
            for name in (actor.name, *actor.aliases, *actor.metonyms):
                names.setdefault(key(name), (actor, []))[1].append(name)
        return names

    @cached_property
    def _state_matcher(self) -> NameMatcher:
        return NameMatcher({k: names for k, (_, names) in self._state_names.items()})

    def recognise(self, text: str) -> list[Found]:
        """Names and noun phrases of actors and persons in ``text``, with the entity where the words alone decide it.

        Countries are left out (a place or an actor, as the sentence has it): see :meth:`recognise_states`. A nationality
        outside such a phrase is of type ``nationality``; bare "warplanes" are ``equipment``.
        """
        hits = abbreviated(text, [h for h in self._matcher.find(text) if not self._end_of_another(text, h)])
        hits = [
            h
            for h in hits
            if not self._cut_short(text, h)
            and not (self._local(h) and _PROPER_BEFORE.search(text, max(0, h.start - 30), h.start))
        ]
        found: list[Found] = []
        used: set[int] = set()
        spans: list[tuple[int, int]] = []
        for phrase in phrases(text, hits, self.nationalities):
            if phrase.name is not None and not self._takes_in(phrase, hits[phrase.name]):
                continue
            if _NIGER.match(text, phrase.start):
                continue
            if phrase.name is None and not phrase.modifiers and phrase.head in lexicon().equipment:
                found.append(Found(phrase.start, phrase.end, "equipment", "nominal"))
                continue
            if phrase.name is not None:
                used.update(i for i, h in enumerate(hits) if phrase.start <= h.start and h.end <= phrase.end)
                found.append(Found(phrase.start, phrase.end, "actor", "name", self._entity(hits[phrase.name])))
            else:
                found.append(Found(phrase.start, phrase.end, "actor", "nominal", self._of_country(phrase, None)))
            spans.append((phrase.start, phrase.end))
        for i, hit in enumerate(hits):
            if i in used:
                continue
            entity = self._entity(hit)
            person = all(a.kind == "person" for a, _ in self._by_key[hit.key])
            nominal = not person and common(text[hit.start : hit.end])
            found.append(
                Found(hit.start, hit.end, "person" if person else "actor", "nominal" if nominal else "name", entity)
            )
            spans.append((hit.start, hit.end))
        found += [Found(m.start(1), m.end(1), "actor", "nominal") for m in _HELD_BY.finditer(text)]
        found += [Found(m.start(), m.end(), "actor", "nominal") for m in _PARAMILITARY.finditer(text)]
        found += self._bare_nationalities(text, spans)
        return sorted(found, key=lambda f: (f.start, f.end))

    def recognise_states(self, text: str) -> list[Found]:
        """Countries, and capitals for their government, as actors; not those that a preposition of place governs."""
        found = []
        for hit in self._state_matcher.find(text):
            if not _LOCATIVE.search(text[max(0, hit.start - 24) : hit.start]):
                found.append(Found(hit.start, hit.end, "actor", "name", self._state_names[hit.key][0].id))
        return found

    def is_name(self, text: str) -> bool:
        """Whether ``text``, but for an article, is a name of the registry and no mere description."""
        bare = LEADING.sub("", text.strip())
        return key(bare) in self._by_key and not common(bare)

    def state(self, country_code: str) -> Actor | None:
        """The state with this ISO 3166-1 alpha-2 code."""
        return self._states.get(country_code.upper())

    def nationality(self, word: str) -> str | None:
        """The alpha-2 code of the country that a nationality or country name belongs to."""
        return self.nationalities.get(bare_key(word))

    def _end_of_another(self, text: str, hit: Hit) -> bool:
        """Whether a known surname ends the fuller name of somebody else: "Kerry" in "as Talib Kerry said"."""
        if " " in hit.key or any(a.kind != "person" for a, _ in self._by_key[hit.key]):
            return False
        before = _NAME_BEFORE.search(text, max(0, hit.start - 40), hit.start)
        return before is not None and not (self._passes(before[1].lower()) or before[1].lower() in lexicon().heads)

    def _cut_short(self, text: str, hit: Hit) -> bool:
        """Whether a name begins within a nationality of two words: "Sudanese police" in "South Sudanese police"."""
        before = _WORD_BEFORE.search(text, max(0, hit.start - 12), hit.start)
        return before is not None and key(f"{before[1]} {hit.key.split()[0]}") in self.nationalities

    def _local(self, hit: Hit) -> bool:
        return all(n in a.local for a, n in self._by_key[hit.key])

    def _takes_in(self, phrase: Phrase, hit: Hit) -> bool:
        return extends(phrase) and hit.end < phrase.end and all(a.kind != "person" for a, _ in self._by_key[hit.key])

    def _entity(self, hit: Hit) -> str | None:
        actors = {a.id for a, _ in self._by_key[hit.key]}
        free = any(n not in a.local for a, n in self._by_key[hit.key])
        return actors.pop() if len(actors) == 1 and free else None

    def _bare_nationalities(self, text: str, spans: Sequence[tuple[int, int]]) -> list[Found]:
        covered = bytearray(len(text))
        for start, end in spans:
            covered[start:end] = b"\x01" * (end - start)
        return [
            Found(m.start(), m.end(), "nationality")
            for m in _CAPITALISED.finditer(text)
            if m[0].lower() in self._adjectives and not covered[m.start()]
        ]

    @cached_property
    def _adjectives(self) -> frozenset[str]:
        named = {key(d) for s in self._states.values() for d in s.demonyms if len(d) > 3 and d != s.name}
        return frozenset(
            named | {"kurdish", "arab", "turkmen", "yazidi", "chechen", "shiite", "sunni", "alawite", "druze"}
        )

    def _passes(self, word: str) -> bool:
        words = lexicon()
        return (
            word in words.heads
            or word in words.adjectives
            or word in source_words().titles
            or word in self.nationalities
            or word in ("'s", "’s", "s", "the", "-")
            or "-" in word
            or bool(re.fullmatch(r"[\d.]+", word))
        )

    def _of_country(self, phrase: Phrase, days: edtf.Bounds | None) -> str | None:
        """The force or government of the one country that the phrase names: "Turkish troops", "Iraqi warplanes"."""
        countries = {c for w in phrase.modifiers if (c := self.nationality(w[:-2] if w.endswith("'s") else w))}
        if len(countries) != 1 or phrase.group not in ROLES:
            return None
        others = {lexicon().sides.get(w) for w in phrase.modifiers} - {None, "government"}
        if others or any(
            w.startswith(("pro-", "anti-")) or w in ("kurdish", "former") or w.endswith(("-backed", "-led", "-allied"))
            for w in phrase.modifiers
        ):
            return None
        country = countries.pop()
        for role in ROLES[phrase.group]:
            known = [a for a in self._roles.get((country, role), ()) if a.period.meets(days)]
            if known:
                # two governments of one country at an unknown date: the words alone do not decide
                return known[0].id if days is not None or len(known) == 1 else None
        state = self._states.get(country)
        return state.id if state else None


def bare_key(name: str) -> str:
    """The key of a name without its article and possessive ending."""
    return key(re.sub(r"['’]s?$", "", LEADING.sub("", name.strip())))


def _country(actor: Actor) -> bool:
    return actor.kind == "state" and bool(actor.demonyms)


def common(written: str) -> bool:
    """Whether a registered phrase is made of common nouns ("Russian warplanes"), which names nobody by name."""
    last = written.replace("-", " ").split()[-1]
    return last.islower() and last in lexicon().heads
