"""Actors and persons of a reading to identities, with kind and side at the date of the report.

Names are looked up in the registry. A noun phrase is resolved by its own words where they decide it ("Turkish troops"), by
the war that the report is about ("government troops"), or by what the report has named before it ("the group"): the last only
when one actor of a fitting kind stands out; otherwise it stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tadmor.model import Mention, Report
from tadmor.resolve.actors_lexicon import lexicon
from tadmor.resolve.actors_match import key
from tadmor.resolve.actors_nominals import Phrase, phrases
from tadmor.resolve.actors_persons import side_of_title, without_title
from tadmor.resolve.actors_theatre import theatre_of
from tadmor.resolve.actors_theatre import war_of as war_of
from tadmor.resolve.registry import Identity, Registry
from tadmor.resolve.registry_lookup import SUBJECTS, is_ministry_of

_DEFINITE = re.compile(r"\b(?:the|this|that|these|those|its)\s+(?:\w+\s+)?$", re.IGNORECASE)
_AIR_FORCE = re.compile(r"(?:the |its )?air ?force", re.IGNORECASE)
_MONITORING = frozenset({"monitoring", "monitor", "monitors", "watchdog", "rights", "human"})
_ONE_GROUP = frozenset({"group", "organisation", "organization", "movement", "network"})
_STRANGERS = frozenset(
    {"gunmen", "gunman", "attackers", "attacker", "assailants", "assailant", "bomber", "snipers", "sniper", "tribesmen"}
)
_OUTSIDERS = frozenset({"foreign", "other", "former", "allied", "local", "rival", "new", "captured", "suspected"})
_ARMED = frozenset({"armed group", "militia"})
_REBELS = frozenset({"rebels", "rebel", "insurgents", "insurgent", "revolutionaries"})
_ARMS = re.compile(r"\b(?:rebel|insurgent|anti-government|anti-regime|fighters|forces)", re.IGNORECASE)
_OF = re.compile(r"\s+(?:of|from)\s+(?:the\s+)?")
_NEAR = 350  # code points: about two sentences of news
_DOMINANT = 0.7


@dataclass(slots=True)
class _Context:
    report: Report
    registry: Registry
    war: str | None
    country: str | None
    named: list[tuple[int, Identity]] = field(default_factory=list)
    persons: dict[str, Mention] = field(default_factory=dict)
    armed: Counter[str] = field(default_factory=Counter)
    starts: dict[int, Mention] = field(default_factory=dict)

    @property
    def on(self) -> str | None:
        return self.report.published

    def identify(self, name: str) -> Identity | None:
        return self.registry.identify(name, on=self.on, war=self.war, country=self.country)

    def identity(self, entity: str) -> Identity | None:
        return self.registry.identity(entity, on=self.on, war=self.war)

    def home(self, slot: str) -> Identity | None:
        actor = self.registry.home(self.war, slot, self.on, self.country)
        return self.identity(actor.id) if actor else None

    def last(self, before: int, kinds: frozenset[str], within: int | None = None) -> Identity | None:
        for start, identity in reversed(self.named):
            if start >= before:
                continue
            if within is not None and before - start > within:
                return None
            if identity.kind in kinds:
                return identity
        return None


def resolve_actors(mentions: Sequence[Mention], report: Report, registry: Registry) -> dict[str, Mention]:
    """Actor and person mentions by id, with ``entity``, ``name``, ``kind`` and ``side`` where they can be told.

    Places should be resolved before: their countries say which war the report is about. A name that the registry lacks gets
    an identity of its own (``Registry.unknown``), a surname that of the fuller name told in the report; a noun phrase that
    cannot be resolved keeps ``entity`` None but has the kind and side of its words.
    """
    own = sorted((m for m in mentions if m.type in ("actor", "person")), key=lambda m: (m.start, m.end))
    theatre = theatre_of(report, mentions, registry)
    context = _Context(report, registry, theatre.war, theatre.country)
    context.starts = {m.start: m for m in own if m.level == "name" and m.type == "actor"}
    for mention in own:
        known = context.identify(mention.text) if mention.level == "name" else None
        if known is not None and known.kind in _ARMED:
            context.armed[known.entity] += 1
    resolved: dict[str, Mention] = {}
    for mention in own:
        done = _resolve(mention, context)
        resolved[mention.id] = done
        if (
            done.entity is not None
            and done.level != "pronoun"
            and (identity := registry.identity(done.entity, on=context.on, war=context.war))
        ):
            context.named.append((done.start, identity))
    return resolved


def _resolve(mention: Mention, context: _Context) -> Mention:
    if mention.level == "pronoun":
        return _filled(
            mention,
            context.registry.identity(mention.entity, on=context.on, war=context.war) if mention.entity else None,
        )
    if mention.level == "name":
        return _name(mention, context)
    phrase = _phrase(mention.text, context.registry)
    identity = context.identify(mention.text) or (_by_context(mention, phrase, context) if phrase else None)
    if identity is None and mention.entity is not None:
        identity = context.registry.identity(mention.entity, on=context.on, war=context.war)
    if identity is None and _AIR_FORCE.fullmatch(mention.text):
        identity = context.home("air")
    if identity is not None:
        return _filled(mention, identity)
    kind = lexicon().kinds.get(phrase.group) if phrase else mention.kind
    return replace(mention, entity=None, kind=kind, side=side_of_words(mention.text, context.war))


def _name(mention: Mention, context: _Context) -> Mention:
    words = key(mention.text).split()
    person = mention.type == "person"
    if person and words:
        fuller = context.persons.get(words[-1])
        if fuller is not None and len(key(fuller.text).split()) > len(words):
            return replace(mention, entity=fuller.entity, name=fuller.name, kind=fuller.kind, side=fuller.side)
    identity = context.identify(mention.text)
    if identity is None and mention.entity is not None:
        identity = context.registry.identity(mention.entity, on=context.on, war=context.war)
    if identity is not None:
        done = _filled(mention, identity)
    else:
        phrase = _phrase(mention.text, context.registry)
        kind = "person" if person else lexicon().kinds.get(phrase.group) if phrase else mention.kind
        bare = without_title(mention.text) if person else mention.text
        done = replace(
            mention,
            entity=context.registry.unknown(bare),
            name=bare,
            kind=kind,
            side=_side_of_person(mention, context) if person else side_of_words(mention.text, context.war),
        )
    if person and len(words) > 1:
        context.persons.setdefault(words[-1], done)
    return done


def _side_of_person(mention: Mention, context: _Context) -> str | None:
    def by_words(words: str) -> str | None:
        return side_of_words(words, context.war)

    told = side_of_title(mention, context.report, context.registry, context.identify, context.home, by_words)
    return told or by_words(mention.text)


def _filled(mention: Mention, identity: Identity | None) -> Mention:
    if identity is None:
        return mention
    return replace(mention, entity=identity.entity, name=identity.name, kind=identity.kind, side=identity.side)


def _phrase(text: str, registry: Registry) -> Phrase | None:
    """The noun phrase that a mention is, with or without its article; one that stands alone counts too."""
    whole = next((p for p in phrases(text, (), registry.nationalities) if p.end == len(text)), None)
    if whole is not None:
        return whole
    words = [w for w in re.findall(r"[\w'’.-]+", text.lower()) if w not in ("the", "a", "an", "some", "its", "their")]
    if not words or words[-1] not in lexicon().heads:
        return None
    return Phrase(0, len(text), words[-1], lexicon().heads[words[-1]], tuple(words[:-1]))


def _by_context(mention: Mention, phrase: Phrase, context: _Context) -> Identity | None:
    text = context.report.text
    definite = (
        phrase.definite
        or bool(_DEFINITE.search(text[max(0, mention.start - 30) : mention.start]))
        or bool(re.match(r"(?:the|this|that|these|those|its)\s", mention.text, re.IGNORECASE))
    )
    if phrase.head == "ministry":
        foreign = any(context.registry.nationality(w) for w in phrase.modifiers)
        return None if foreign else _ministry(mention, phrase, context, definite)
    if any(context.registry.nationality(w) or w in _OUTSIDERS or "-" in w for w in phrase.modifiers):
        return None
    if phrase.group == "monitor" or (phrase.group == "group" and _MONITORING & {phrase.head, *phrase.modifiers}):
        return context.last(mention.start, frozenset({"monitor"})) if definite else None
    if phrase.group in ("armed", "rebel", "military") and (of := _OF.match(text, mention.end)):
        master = context.starts.get(of.end())
        named = context.identify(master.text) if master is not None else None
        if named is not None and named.kind in (*_ARMED, "military", "coalition"):
            return named
    if "army" in phrase.modifiers and phrase.group in ("group", "military", "armed"):
        return context.home("army")
    if phrase.group == "group":
        if phrase.head == "coalition":
            return context.last(mention.start, frozenset({"coalition"})) or context.home("coalition")
        return _armed(mention, context, definite) if phrase.head in _ONE_GROUP and definite else None
    open_rebels = context.war is not None and not context.registry.has_home(context.war, "rebels")
    if open_rebels and (
        phrase.head in _REBELS or (phrase.group in ("armed", "military") and "rebel" in phrase.modifiers)
    ):
        return _rebels(mention, context, definite)
    if phrase.group == "armed" and not set(phrase.modifiers) & {"opposition", "rebel", "government", "regime"}:
        if phrase.head in _STRANGERS and not definite:
            return None
        return _armed(mention, context, definite)
    if phrase.group == "military":
        near = context.last(mention.start, frozenset({"military"}), _NEAR) if definite else None
        if near is not None:
            return near
        return context.home("army") if phrase.head in ("army", "military") or "armed" in phrase.modifiers else None
    if phrase.group == "police":
        return context.home("police") if definite else None
    if phrase.group == "government" and phrase.head in ("government", "regime") and definite:
        return context.home("government")
    return None


def _armed(mention: Mention, context: _Context, definite: bool) -> Identity | None:
    """The armed group that stands out: nearly all that the report names, else the one just named, if it is pointed to."""
    if context.armed:
        entity, count = context.armed.most_common(1)[0]
        if count >= _DOMINANT * sum(context.armed.values()):
            return context.identity(entity)
    return context.last(mention.start, _ARMED, _NEAR) if definite else None


def _rebels(mention: Mention, context: _Context, definite: bool) -> Identity | None:
    """The rebels of a war that has no one party of that name: the armed group that stands out, if it is not the government's."""
    group = _armed(mention, context, definite)
    return None if group is None or group.side == "government" else group


def _ministry(mention: Mention, phrase: Phrase, context: _Context, definite: bool) -> Identity | None:
    """The ministry named before, else the one of the war's country that has this business: "the defence ministry"."""
    subject = SUBJECTS.intersection(phrase.modifiers)
    if not definite and not subject:
        return None
    registry = context.registry
    for start, identity in reversed(context.named):
        if start < mention.start and identity.kind == "ministry":
            actor = registry.actors.get(identity.entity)
            if actor is not None and is_ministry_of(actor, subject):
                return identity
    country = context.country
    own = registry.ministry(country, subject, context.on) if country and subject else None
    return context.identity(own.id) if own else None


def side_of_words(text: str, war: str | None) -> str | None:
    """The side that the words themselves tell ("rebel commander", "pro-government fighters"); None when none or several."""
    words = lexicon()
    sides = {
        words.sides[w]
        for w in re.findall(r"[\w.-]+", text.lower().replace("’s", "").replace("'s", ""))
        if w in words.sides
    }
    if len(sides) != 1:
        return None
    side = sides.pop()
    place = words.wars.get(war or "")
    if place is None:
        return side if side not in ("government", "opposition") else None
    if side == "opposition" and "opposition" in place.sides and not _ARMS.search(text):
        return place.sides["opposition"]  # the political one, where it is not the rebels'
    return place.sides.get("rebel" if side == "opposition" else side, side) or None
