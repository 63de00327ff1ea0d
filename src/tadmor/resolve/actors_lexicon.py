"""The words of the grammar of actors: head nouns by class, modifiers, words of sides, wars and their home parties."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tadmor.errors import MissingResource
from tadmor.model import SourceKind
from tadmor.resolve.registry_file import Dated, Period, period


@dataclass(frozen=True, slots=True)
class War:
    """A war: the countries it is fought in, and which actors its bare words ("the army", "rebels") mean, by slot.

    A slot that is there but empty says that the word is open in this war: two governments, two armies.
    """

    countries: tuple[str, ...]
    home: Mapping[str, tuple[Dated, ...]]
    sides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all in lower case; ``heads`` maps a head noun to its class, ``kinds`` a class to an actor kind."""

    heads: Mapping[str, str]
    kinds: Mapping[str, str]
    never_alone: frozenset[str]
    alone_with_article: frozenset[str]
    equipment: frozenset[str]
    adjectives: frozenset[str]
    adjective_heads: frozenset[str]
    stops: frozenset[str]
    verbs: Mapping[str, frozenset[str]]
    sides: Mapping[str, str]
    wars: Mapping[str, War]
    acled: Mapping[str, str | None]
    spellings: Mapping[str, tuple[str, ...]]
    words_too: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships in the package. Raises MissingResource."""
    raw = _table("actors_lexicon.json")
    try:
        return _lexicon(raw)
    except (KeyError, TypeError) as error:
        raise _damaged("actors_lexicon.json", error) from error


def _lexicon(raw: Mapping[str, Any]) -> Lexicon:
    return Lexicon(
        heads={word: group for group, words in raw["heads"].items() for word in words},
        kinds=raw["kinds"],
        never_alone=frozenset(raw["standalone_no"]),
        alone_with_article=frozenset(raw["standalone_the"]),
        equipment=frozenset(raw["equipment"]),
        adjectives=frozenset(raw["adjectives"]),
        adjective_heads=frozenset(raw["adjective_heads"]),
        stops=frozenset(raw["stops"]),
        verbs={word: frozenset(after) for word, after in raw["verbs_like_heads"].items() if after},
        sides={word: side for side, words in raw["sides"].items() for word in words},
        wars={
            war: War(
                tuple(w["countries"]),
                {slot: tuple(_dated(row) for row in rows) for slot, rows in w["home"].items()},
                w["sides"],
            )
            for war, w in raw["wars"].items()
        },
        acled=raw["acled"],
        spellings={word: tuple(dict.fromkeys(row)) for row in raw["spellings"] for word in row},
        words_too=frozenset(raw["words_too"]),
    )


def _dated(row: str | Mapping[str, str]) -> Dated:
    return Dated(row, Period()) if isinstance(row, str) else Dated(row["id"], period(row))


@dataclass(frozen=True, slots=True)
class SourceWords:
    """Words that describe sources: patterns of kinds in the order they decide, of persons, of the unnamed; plain words.

    ``ordinary`` are words that are often written with a capital and are no person's name; ``titles`` go before or after one.
    """

    kinds: tuple[tuple[SourceKind, re.Pattern[str]], ...]
    people: re.Pattern[str]
    unnamed: re.Pattern[str]
    ordinary: frozenset[str]
    titles: frozenset[str]


@cache
def source_words() -> SourceWords:
    """The words of sources that ship in the package. Raises MissingResource."""
    raw = _table("actors_sources.json")
    try:
        return SourceWords(
            kinds=tuple((kind, _any_of(words)) for kind, words in raw["kinds"]),
            people=_any_of(raw["people"]),
            unnamed=_any_of(raw["unnamed"]),
            ordinary=frozenset(raw["ordinary"]),
            titles=frozenset(raw["titles"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("actors_sources.json", error) from error


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _table(name: str) -> Any:
    try:
        return json.loads(resources.files("tadmor.resolve").joinpath(f"data/{name}").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> MissingResource:
    return MissingResource(f"the word list resolve/data/{name} is missing or damaged: {error}; reinstall tadmor")
