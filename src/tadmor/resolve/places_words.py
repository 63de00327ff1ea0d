"""The words that recognising and resolving places go by, read once from ``data/places.toml`` and its neighbours."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tadmor.resolve.names import fold

_NO_COUNTRY = (
    "arab", "arabs", "arabian", "kurd", "kurds", "kurdish", "african", "africans", "european", "europeans", "asian", "asians",
    "chechen", "chechens", "uighur", "uighurs", "yazidi", "yazidis", "tatar", "tatars", "rohingya", "latin american",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Word lists; every word is folded. ``features`` maps a feature word (or two) to the kind of place that it makes."""

    features: dict[str, str]
    before: frozenset[str]
    plain: frozenset[str]
    heads: frozenset[str]
    locative: frozenset[str]
    directions: frozenset[str]
    bodies: frozenset[str]
    titles: frozenset[str]
    speech: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    never: frozenset[str]
    ordinary: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]
    demonyms: dict[str, str | None]
    abbreviations: dict[str, str]


@cache
def words() -> Words:
    """All word lists."""
    data = files("tadmor.resolve").joinpath("data")
    raw = tomllib.loads(data.joinpath("places.toml").read_text(encoding="utf-8"))
    lists = json.loads(data.joinpath("places_words.json").read_text(encoding="utf-8"))
    sets = {name: frozenset(values) for name, values in raw["words"].items()}
    demonyms: dict[str, str | None] = dict.fromkeys(_NO_COUNTRY)
    with data.joinpath("places_countries.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            demonyms.update((fold(name), row["code"]) for name in row["demonyms"].split("|") if name)
    abbreviations: dict[str, str] = {}
    with data.joinpath("places_admin1.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            abbreviations.update((short, row["name"]) for short in row["abbreviations"].split("|") if short)
    return Words(
        features={fold(word): kind for kind, values in raw["features"].items() for word in values},
        never=frozenset(fold(name) for name in raw["never"]["names"]),
        ordinary=frozenset(lists["ordinary"]),
        given=frozenset(lists["given"]),
        surnames=frozenset(lists["surnames"]),
        demonyms=demonyms,
        abbreviations=abbreviations,
        **sets,
    )
