"""Names, identities and distances: when two mentions of a party or a place are the same one."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from tadmor.model import Party, Place
from tadmor.resolve.gazetteer import distance_km as great_circle_km

_SHARE = re.compile(
    r"(?i:(?:the |an? )?(?:[\w-]+-(?:held|controlled|occupied|run) )?"
    r"(?:(?:most|much|half|some|several|many|large|other|vast|more|remaining) )?(?:of )?"
    r"(?:parts?|portions?|areas?|districts?|neighbou?rhoods?|swathes?|pockets?|quarters?|half|most|much|\d+%)"
    r" (?:of|in|across) )(?:the )?(?:(?:town|city|village) of )?(.+)"
)
_POSSESSIVE = re.compile(r"['’‘ʼ`ʻ]s\b")
_DROPPED = re.compile(r"['’‘ʼ`ʻ.]")
_BETWEEN = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^(?:the|a|an|some|its|their|his|her) ")
_PLACE_ARTICLE = re.compile(r"\b(?:al|el|ad|as|ash|ar|an|at|az) ")
_PLACE_NOUN = re.compile(
    r"^(?:(?:town|city|village|district|neighbou?rhood|province|governorate|suburb|area|region) of )"
    r"|(?: (?:town|city|village))$"
)
_PART = re.compile(
    r"^(?:(?:most|much|all|half|some|several|many|large|other|vast|of|\d+|two|three|four|five|six|seven|ten) )*"
    r"(?:(?:north|south|east|west)(?:ern|east|west|eastern|western)?|cent(?:re|er|ral)|outskirts|outside|edge|near"
    r"|countryside|around|villages?|towns?|parts?|portions?|areas?|districts?|neighbou?rhoods?|swathes?|hills?"
    r"|positions?|points?|pockets?|quarters?|rural|suburbs?|territory|checkpoints?|roads?|farms?|half|most|much)\b"
    r"|\b(?:countryside|outskirts|hinterland|surroundings)\b"
)  # fmt: skip


def nameless(phrase: str) -> bool:
    """Whether a phrase only describes ("a rebel-held town"): all its letters are small, in a script that has capitals."""
    return phrase.islower()


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """A name as compared: lower case, without diacritics, apostrophes, hyphens, possessives and a leading article."""
    text = _DROPPED.sub("", _POSSESSIVE.sub("", name))
    if not text.isascii():  # what is ASCII has no diacritics
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _ARTICLE.sub("", _BETWEEN.sub(" ", text.casefold()).strip())


@lru_cache(maxsize=65536)
def fold_place(name: str) -> str:
    """A place name as compared: folded, without the Arabic article and without "town of", "city" and the like."""
    text = _PLACE_NOUN.sub("", fold(name))
    return without_articles(text + " ").strip() or fold(name)


def without_articles(text: str) -> str:
    """Folded text without its Arabic articles, as place names are compared."""
    return _PLACE_ARTICLE.sub("", text)


@lru_cache(maxsize=65536)
def is_part(name: str) -> bool:
    """Whether the phrase names a part or the surroundings of a place ("south of X", "villages in X"), not the place."""
    return bool(_PART.search(fold(name))) and len(fold(name).split()) > 1


@lru_cache(maxsize=65536)
def whole_of(name: str) -> str | None:
    """The place of which a phrase names some part: "parts of Aleppo city" gives "Aleppo city"; None for others.

    Compass parts ("east of X") and surroundings are places of their own.
    """
    match = _SHARE.match(name)
    return match[1] if match and any(c.isupper() for c in match[1]) else None


@cache
def countries() -> frozenset[str]:
    """Folded names of countries: too wide a place to be held, and too wide to tell two events apart."""
    text = files("tadmor.reconcile").joinpath("data/countries.txt").read_text(encoding="utf-8")
    return frozenset(fold(line) for line in text.splitlines() if line and not line.startswith("#"))


def is_country(place: Place) -> bool:
    """Whether the place is a whole country."""
    return fold(place.name) in countries() or bool(place.entity and place.entity.startswith("country:"))


def is_area(place: Place) -> bool:
    """Whether the gazetteer has the place as a province or a district: its point is the middle of what it holds."""
    return place.entity is not None and ("/" in place.entity or place.entity.startswith("admin"))


def party_key(party: Party) -> str:
    """What one party is known by: its identity, else its folded name."""
    return party.entity or f"name:{fold(party.name)}"


def place_key(place: Place) -> str:
    """What one place is known by: its identity, else its folded name."""
    return place.entity or f"name:{fold_place(place.name)}"


def distance_km(a: Place, b: Place) -> float | None:
    """Great-circle distance in kilometres, or None when either has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return great_circle_km((a.lat, a.lon), (b.lat, b.lon))
