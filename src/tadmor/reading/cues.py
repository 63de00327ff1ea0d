"""Lexicons of the reader: cue words of attributions and word lists for mentions, loaded once from the room's data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tadmor.errors import MissingResource

# Words that end a noun phrase when it is read from its last word to its first.
FUNCTION = frozenset(
    """
    that but while when because although though if unless as after before since whereas which where who whom whose so than
    and or nor yet whether how why what in on at to from by with for of into onto over under between among against during
    within without about around through across along near toward towards until till upon off out up down via per amid
    despite like is are was were be been being has have had do does did will would can could may might must should shall
    not there here he she it they we i you him them us me himself themselves itself then also however meanwhile earlier later
    now even just only still yesterday today tomorrow tonight too very cannot ever never again
    """.split()
)
DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your some any no another each every both all many several most "
    "few one two three four five six seven eight nine ten other".split()
)
PREPOSITIONS = frozenset(
    "in on at to from by with for of into onto over under between among against during within without about around through "
    "across along near toward towards until till upon off via amid despite like inside outside behind below above".split()
)
VERBS = frozenset(
    """
    is are was were be been being has have had do does did will would can could may might must should shall became become
    began begin begins brought came come comes fell find finds found gave give gives go goes going gone got kept knew know
    knows led leave leaves left lost made make makes met paid put read ran rose run runs sat saw see sees seen sent set
    shot showed shows spoke stand stands stood take takes taken taking took tell tells told think thinks thought want wants
    went win wins won wrote said say says saying held holds hold hit struck fled flee broke grew drove sought continued
    killed wounded captured seized attacked entered reached launched carried targeted destroyed bombed shelled advanced
    withdrew retreated called asked added remained remains remain appears appeared seems seemed killing taken taking using
    including according making having get gets getting let lives live works work worked lived tried try tries failed
    """.split()
)
QUOTES = frozenset('"“”«»„')


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Cue words: ``always`` are cues as verbs, ``before`` maps a form to what must follow it (see the data file)."""

    always: frozenset[str]
    before: Mapping[str, frozenset[str]]
    attitude: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    recipient: frozenset[str]
    quoting: frozenset[str]
    nouns: frozenset[str]
    documents: frozenset[str]
    hedges: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    anonymous_heads: frozenset[str]
    anonymous_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class MentionLexicon:
    """Word lists for mentions, all lower case but ``title_words``; ``equipment`` are tuples of words."""

    actor_plural: frozenset[str]
    actor_singular: frozenset[str]
    modifiers: frozenset[str]
    relational: frozenset[str]
    person_nominal: frozenset[str]
    titles: frozenset[str]
    title_words: frozenset[str]
    first_names: frozenset[str]
    women: frozenset[str]
    particles: frozenset[str]
    organisation_heads: frozenset[str]
    equipment: frozenset[tuple[str, ...]]
    equipment_modifiers: frozenset[str]
    model_prefixes: frozenset[str]
    person_pronouns: frozenset[str]
    actor_pronouns: frozenset[str]
    neutral_pronouns: frozenset[str]
    place_nominal: frozenset[str]
    place_heads: frozenset[str]
    demonyms: frozenset[str]
    peoples: frozenset[str]
    states: frozenset[str]


@cache
def cue_lexicon() -> CueLexicon:
    """The cue words. Raises ``MissingResource`` when the data file is not there."""
    data = _load("cues.toml")
    return CueLexicon(
        always=_words(data["verbs"]["always"]),
        before={form: frozenset(contexts) for form, contexts in data["verbs"]["before"].items()},
        attitude=_words(data["speech"]["attitude"]),
        auxiliaries=_words(data["auxiliary"]["words"]),
        adverbs=_words(data["auxiliary"]["adverbs"]),
        recipient=_words(data["recipient"]["verbs"]),
        quoting=_words(data["quoting"]["verbs"]),
        nouns=_words(data["nouns"]["words"]),
        documents=_words(data["nouns"]["documents"]),
        hedges=_words(data["hedges"]["words"]),
        phrases=tuple(tuple(phrase.split()) for phrase in data["prepositional"]["phrases"]),
        anonymous_heads=_words(data["anonymous"]["heads"]),
        anonymous_words=_words(data["anonymous"]["words"]),
    )


@cache
def mention_lexicon() -> MentionLexicon:
    """The word lists for mentions. Raises ``MissingResource`` when the data file is not there."""
    data = _load("mentions.toml")
    actor, person, equipment, pronouns = data["actor"], data["person"], data["equipment"], data["pronouns"]
    return MentionLexicon(
        actor_plural=_words(actor["plural"]),
        actor_singular=_words(actor["singular"]),
        modifiers=_words(actor["modifiers"]),
        relational=_words(actor["relational"]),
        person_nominal=_words(person["nominal"]),
        titles=_words(person["titles"]),
        title_words=frozenset(person["title_words"].split()),
        first_names=_words(person["first_names"]),
        women=_words(person["women"]),
        particles=_words(person["particles"]),
        organisation_heads=_words(data["organisation"]["heads"]),
        equipment=frozenset(tuple(word.split("_")) for word in equipment["single"].split()),
        equipment_modifiers=_words(equipment["modifiers"]),
        model_prefixes=_words(equipment["model_prefixes"]),
        person_pronouns=_words(pronouns["person"]),
        actor_pronouns=_words(pronouns["actor"]),
        neutral_pronouns=_words(pronouns["neutral"]),
        place_nominal=_words(data["place"]["nominal"]),
        place_heads=_words(data["place"]["heads"]),
        demonyms=_words(data["nationality"]["demonyms"]),
        peoples=_words(data["nationality"]["peoples"]),
        states=frozenset(name.strip() for name in data["states"]["names"].replace("\n", "").split("|")),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _load(name: str) -> dict[str, Any]:
    try:
        text = resources.files("tadmor.reading").joinpath("data", name).read_text(encoding="utf-8")
    except OSError as error:
        raise MissingResource(f"the reader's word list {name} is missing: install the package again") from error
    return tomllib.loads(text)
