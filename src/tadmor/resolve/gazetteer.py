"""The gazetteer: names to places, read from one SQLite file that is compiled when the package is built.

Places have stable identities: ``geonames:163808`` (a town of GeoNames), ``country:SY`` (ISO 3166-1), ``admin1:SY.11``
(country and GeoNames code of a first-level province), ``admin2:…`` (counties of the United States and Britain) and
``place:palmyra-castle`` (our own list: hills, castles, air bases, dams, districts, regions, seas). A file that a user built
(:mod:`tadmor.resolve.gazetteer_build`) also has ``pcode:C8380`` (OCHA) and ``wikidata:Q5804`` or ``csv:…``.
"""

from __future__ import annotations

import math
import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from tadmor.errors import MissingResource
from tadmor.reading.recognise import Found
from tadmor.resolve._compile import TRANSLITERATED, row_of
from tadmor.resolve.names import fold, loose

SCHEMA = "6"
_INSTALL = "install the package again (pip install --force-reinstall tadmor); in a source tree: pip install -e ."
_BUILD = "build it again with `tadmor gazetteer build`"
_MOST = 60  # candidates kept of one name, by population: "San José" has hundreds
_COLUMNS = (
    "p.id, p.name, p.lat, p.lon, p.country, p.admin1, p.feature, p.kind, p.population, p.pcode, p.within, p.radius_km"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may stand for.

    ``lat`` and ``lon`` are degrees (WGS 84), ``country`` ISO 3166-1 alpha-2, ``admin1`` the GeoNames code within the country,
    ``kind`` one of country, admin1, admin2, region, town, site; ``feature`` is finer ("air base"). ``population`` is 0 when
    unknown. ``match`` says how the name was found: main (its main name), own (an alias of our lists), alternate
    (another name in GeoNames) or loose (a transliteration of it). ``pcode`` is OCHA's place code where a gazetteer was built
    with it, ``within`` the identities of the districts that hold the place, ``radius_km`` how far an area reaches from its
    point (None for a town or site).
    """

    id: str
    name: str
    lat: float
    lon: float
    country: str | None
    admin1: str | None
    feature: str
    kind: str
    population: int
    match: str = "main"
    pcode: str | None = None
    within: tuple[str, ...] = ()
    radius_km: float | None = None


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres of two (lat, lon) points in degrees, on a sphere of radius 6,371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def default_path() -> Path:
    """Where the compiled gazetteer lies in the installed package, whether it is there or not."""
    with as_file(files("tadmor.resolve").joinpath("data/gazetteer.sqlite")) as path:
        return path


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Names to places. Reads from disk with a cache of names; safe to use from several threads."""

    path: Path
    _db: sqlite3.Connection = field(repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _cache: dict[str, tuple[Candidate, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, path: Path | None = None) -> Gazetteer:
        """The compiled gazetteer of the package, or the file given. Raises MissingResource when it is absent or damaged."""
        where = path if path is not None else default_path()
        if not where.is_file():
            raise MissingResource(
                f"the gazetteer {where} is not there: {_INSTALL}"
                if where == default_path()
                else f"the gazetteer {where} is not there: name a file that is, or make it with `tadmor gazetteer build`"
            )
        try:
            db = sqlite3.connect(
                where.resolve().as_uri() + "?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
                cached_statements=16,
            )
            schema = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            db.execute("SELECT 1 FROM name, place, loose LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise MissingResource(f"the gazetteer {where} is damaged ({error}): {_mend(where)}") from error
        if schema is None or schema[0] != SCHEMA:
            found = schema[0] if schema else "none"
            raise MissingResource(f"the gazetteer {where} has schema {found}, not {SCHEMA}: {_mend(where)}")
        return cls(where, db)

    def close(self) -> None:
        """Close the file; the gazetteer cannot be used afterwards."""
        self._db.close()

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        """Another process opens the file for itself."""
        return Gazetteer.open, (self.path,)

    def candidates(self, name: str) -> Sequence[Candidate]:
        """Places of that name, most populous first within each kind of match, the best kind first; empty when none is known.

        First those of the strict key, then those of the name with or without its Arabic article. The loose key of
        transliterated names is asked where there is no other, or where the strict key has places of such names: Rabia in Iraq
        does not hide Rabia in Syria, but Arima in Japan has no loose namesakes. Raises MissingResource when the file turns out
        to be damaged.
        """
        exact = tuple(self.strict(name))
        if exact and not any(map(_transliterated, exact)):
            others: Sequence[Candidate] = self._without_article(name)
        else:
            others = self.variants(name)
        known = {c.id for c in exact}
        return exact + tuple(c for c in others if c.id not in known)

    def strict(self, name: str) -> Sequence[Candidate]:
        """Places that have the name's strict key."""
        return self._ask("=", fold(name))

    def variants(self, name: str) -> Sequence[Candidate]:
        """Places in countries of transliterated names that have it but for the article, else its loose key."""
        found = self._without_article(name)
        if found:
            return found
        key = loose(name)
        return self._ask("~", key) if len(key) >= 4 else ()

    def _without_article(self, name: str) -> tuple[Candidate, ...]:
        """Places of transliterated names that have the name but for the Arabic article, which either may lack."""
        key = fold(name)
        other = key[3:] if key.startswith("al ") else f"al {key}"
        if len(other) <= 2:
            return ()
        return tuple(replace(c, match="loose") for c in self._ask("=", other) if _transliterated(c))

    def by_id(self, identity: str) -> Candidate | None:
        """The place of that identity, or None. Raises MissingResource when the file turns out to be damaged."""
        cached = self._cache.get("#" + identity)
        if cached is None:
            known = not identity.startswith("geonames:") or re.fullmatch(r"geonames:\d{1,12}", identity)
            query = f"SELECT {_COLUMNS}, 1 FROM place p WHERE p.rowid = ? AND p.id = ?"
            rows = self._rows(query, (row_of(identity), identity)) if known else []
            cached = self._cache["#" + identity] = tuple(map(_candidate, rows))
        return cached[0] if cached else None

    def recognise(self, text: str) -> Sequence[Found]:
        """Names of places and nationalities in English text, in text order, none overlapping."""
        from tadmor.resolve.places_recognise import recognise

        return recognise(text, self)

    def _ask(self, how: str, key: str) -> tuple[Candidate, ...]:
        cached = self._cache.get(how + key)
        if cached is not None:
            return cached
        names = (
            "SELECT place, main FROM name WHERE key = ?1"
            if how == "="
            else "SELECT place, 3 AS main FROM loose WHERE key = ?1 UNION SELECT place, 3 FROM name WHERE key = ?1"
        )
        rows = self._rows(
            f"SELECT {_COLUMNS}, n.main FROM ({names}) n JOIN place p ON p.rowid = n.place "
            "ORDER BY p.population DESC, p.rowid LIMIT ?2",
            (key, _MOST),
        )
        found = tuple(map(_candidate, rows))
        if how == "~":
            found = tuple(c for c in found if _transliterated(c))
        if len(self._cache) > 60_000:
            self._cache.clear()
        self._cache[how + key] = found
        return found

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise MissingResource(f"the gazetteer {self.path} is damaged ({error}): {_mend(self.path)}") from error


def _mend(path: Path) -> str:
    """What helps where a file cannot be used: only the shipped one comes back with the package."""
    return _INSTALL if path == default_path() else _BUILD


_MATCH = ("alternate", "main", "own", "loose")  # by the column ``main``, 3 for a loose key


def _candidate(row: tuple[Any, ...]) -> Candidate:
    identity, name, lat, lon, country, admin1, feature, kind, population, pcode, within, radius_km, main = row
    holders = tuple(within.split("|")) if within else ()
    return Candidate(
        identity, name, lat, lon, country, admin1, feature, kind, population, _MATCH[main], pcode, holders, radius_km
    )


def _transliterated(c: Candidate) -> bool:
    return c.country in TRANSLITERATED or c.id.startswith(("place:", "pcode:"))
