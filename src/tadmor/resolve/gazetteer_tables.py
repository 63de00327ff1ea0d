"""Tables that a user's own gazetteer is built from: OCHA's p-codes, and any CSV with a name and coordinates.

Which column is which is guessed from the header and can be said instead (``--column name=Settlement``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tadmor.errors import InputError
from tadmor.resolve._compile import Entry
from tadmor.resolve.gazetteer_sources import Area, Row, Source, coordinates
from tadmor.resolve.names import fold
from tadmor.resolve.places_words import words

FIELDS = ("name", "lat", "lon", "point", "id", "aliases", "country", "admin1", "feature", "population", "pcode")
_GUESSES: dict[str, tuple[str, ...]] = {
    "name": ("name", "nameen", "itemlabel", "label", "placelabel", "title", "placename", "asciiname", "place", "toponym",
             "settlement"),
    "lat": ("lat", "latitude", "y", "latdd", "pointy", "centerlat", "ycoord", "centroidlat"),
    "lon": ("lon", "lng", "long", "longitude", "x", "londd", "pointx", "centerlon", "xcoord", "centroidlon"),
    "point": ("coord", "coords", "coordinate", "coordinates", "coordinatelocation", "geom", "wkt", "location", "point"),
    "id": ("id", "item", "qid", "wikidata", "wikidataid", "geonameid", "code"),
    "aliases": ("aliases", "alias", "altlabel", "itemaltlabel", "altnames", "alternatenames", "othernames", "aka"),
    "country": ("country", "countrycode", "iso2", "iso", "cc", "countryiso"),
    "admin1": ("admin1", "province", "governorate", "oblast", "state", "region"),
    "feature": ("feature", "type", "instancelabel", "kind", "class", "typelabel", "featuretype"),
    "population": ("population", "pop"),
}  # fmt: skip
_POINT = re.compile(r"point\s*\(\s*(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\)", re.IGNORECASE)
_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
_LEVEL = re.compile(r"(pp|adm([0-5]))[_ ]?(.*)", re.IGNORECASE)
_NAMES = frozenset("en name nameen ref refnam refname ar fr es uk ua ru my namear name1".split())
_BRACKET = re.compile(r"\s*\([^)]*\)\s*$")
_PARTED = re.compile(r"\s+[-–]\s+|\s*[/\\\\]\s*")
_AREAS = ("country", "province", "district", "subdistrict", "community", "neighbourhood")

Provinces = Callable[[str, str], str | None]
"""From a country's code and a province's name to the province's GeoNames code, where it is known."""
Countries = Callable[[str], str | None]
"""From a country's name to its ISO 3166-1 alpha-2 code."""


@dataclass(frozen=True, slots=True)
class _Level:
    """The columns of one level of a table of p-codes."""

    code: int
    name: int
    others: tuple[int, ...]


class PcodeTable:
    """Reads rows of OCHA's common operational datasets. The place is that of the finest level that has a code."""

    def __init__(self, source: Source, provinces: Provinces, countries: Countries) -> None:
        self._provinces, self._countries = provinces, countries
        self._width = len(source.header)
        levels: dict[int, dict[str, int]] = {}
        for index, column in enumerate(source.header):
            match = _LEVEL.fullmatch(column.strip())
            if match:
                level = 9 if match[1].lower() == "pp" else int(match[2])
                levels.setdefault(level, {})[fold(match[3]).replace(" ", "")] = index
        self._levels = {n: found for n, columns in levels.items() if (found := _level(columns))}
        if not any(n > 0 for n in self._levels):
            raise InputError(f"{source.path} has no column like ADM1_PCODE with its name: {', '.join(source.header)}")
        self._finest = max(self._levels)
        self._lat, self._lon = _find(source.header, "lat"), _find(source.header, "lon")
        self._memory: dict[tuple[str, str], str | None] = {}

    def parse(self, cells: Sequence[str]) -> Row:
        """A row's place with the areas that hold it. Raises ValueError."""
        if len(cells) < self._width:
            raise ValueError(f"{len(cells)} columns instead of {self._width}")
        finest = self._levels[self._finest]
        code, name = cells[finest.code].strip(), cells[finest.name].strip()
        if not code or not name:
            raise ValueError("no p-code" if not code else "no name")
        country = self._country(cells, code)
        admin1, areas, chain = self._holders(cells, country)
        others = tuple(c for i in finest.others if (c := cells[i].strip()) and c != name)
        own = _with_plain(name, others)
        if self._finest == 1:
            admin1 = admin1 or self._province(country, name, own) or code
        feature, kind = self._kind(self._finest)
        identity = f"admin1:{country}.{admin1}" if self._finest == 1 and admin1 != code else f"pcode:{code}"
        holders = "|".join(chain) or None
        if self._lat is None or self._lon is None or not cells[self._lat].strip():
            if kind == "town":
                raise ValueError("no coordinates")
            return Row(areas=(*areas, Area(identity, name, country, admin1, feature, kind, code, holders)))
        lat, lon = coordinates(cells[self._lat], cells[self._lon])
        place = Entry(identity, name, lat, lon, country, admin1, feature, kind, 0, own, (), code, holders)
        return Row(place, areas)

    def _holders(self, cells: Sequence[str], country: str) -> tuple[str | None, tuple[Area, ...], list[str]]:
        admin1: str | None = None
        areas: list[Area] = []
        chain: list[str] = []
        for number in sorted(self._levels):
            if not 0 < number < self._finest:
                continue
            level = self._levels[number]
            code, name = cells[level.code].strip(), cells[level.name].strip()
            if not code or not name or code == cells[self._levels[self._finest].code].strip():
                continue
            identity = f"pcode:{code}"
            if number == 1:
                others = tuple(cells[i].strip() for i in level.others if cells[i].strip())
                admin1 = self._province(country, name, others) or code
                if admin1 != code:
                    identity = f"admin1:{country}.{admin1}"
            feature, kind = self._kind(number)
            areas.append(Area(identity, name, country, admin1, feature, kind, code, "|".join(chain) or None))
            if number > 1:
                chain.append(identity)
        return admin1, tuple(areas), chain

    @staticmethod
    def _kind(number: int) -> tuple[str, str]:
        if number >= 4:
            return "town", "town"
        return _AREAS[number], {0: "country", 1: "admin1"}.get(number, "admin2")

    def _country(self, cells: Sequence[str], code: str) -> str:
        level = self._levels.get(0)
        if level is not None:
            given = cells[level.code].strip().upper()
            if len(given) == 2:
                return given
            found = self._countries(cells[level.name].strip())
            if found:
                return found
        admin1 = self._levels.get(1)
        prefix = (cells[admin1.code].strip() if admin1 else code)[:2].upper()
        if not prefix.isalpha() or len(prefix) < 2:
            raise ValueError("no country: neither ADM0_PCODE nor the p-code begins with one")
        return prefix

    def _province(self, country: str, name: str, others: Sequence[str]) -> str | None:
        key = country, name
        if key not in self._memory:
            self._memory[key] = next((c for n in (name, *others) if (c := self._provinces(country, n))), None)
        return self._memory[key]


def _level(columns: Mapping[str, int]) -> _Level | None:
    """The columns of a level: its code, its name (English before others) and its other names."""
    code = columns.get("pcode", columns.get("code"))
    names = {
        key: index
        for key, index in columns.items()
        if key in _NAMES or re.fullmatch(r"(name)?(alt\d?)(name)?(en|ar|fr|es)?|name(fr|es|uk|ru|ar)", key)
    }
    if code is None or not names:
        return None
    first = next((k for k in ("en", "nameen", "name", "name1", "ref", "fr", "es") if k in names), min(names))
    return _Level(code, names[first], tuple(i for k, i in names.items() if k != first))


def _with_plain(name: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """The other names, with those that the name is made of.

    "Jafr (Tal Tamer)" tells one Jafr from the next, and "Khalil - Khleilak" has an official name and a customary one.
    """
    found = list(others)
    for whole in (name, *others):
        plain = _BRACKET.sub("", whole)
        found += [plain, *(part.strip() for part in _PARTED.split(plain) if len(part.strip()) > 2)]
    return tuple(n for n in dict.fromkeys(found) if n and n != name)


class AnyTable:
    """Reads rows of a table with names and coordinates, from Wikidata or the user's own. Raises InputError without them."""

    def __init__(self, source: Source, provinces: Provinces, countries: Countries, country: str | None = None) -> None:
        self._source, self._provinces, self._countries, self._default = source, provinces, countries, country
        self._at: dict[str, int] = {}
        for name, column in source.columns.items():
            if column not in source.header:
                raise InputError(f"{source.path} has no column {column!r}; it has {', '.join(source.header)}")
            self._at[name] = source.header.index(column)
        for name in _GUESSES:
            found = _find(source.header, name)
            if name not in self._at and found is not None and found not in self._at.values():
                self._at[name] = found
        missing = [] if "name" in self._at else ["name"]
        if not ("point" in self._at or {"lat", "lon"} <= set(self._at)):
            missing.append("lat and lon")
        if missing:
            raise InputError(
                f"{source.path} has no column for {' nor for '.join(missing)} (it has {', '.join(source.header)}): "
                "say which it is, as in --column name=Settlement --column lat=Y --column lon=X"
            )
        self._features = words().features
        self._stem = re.sub(r"\W+", "-", source.path.name.split(".")[0].lower()).strip("-") or "table"

    def parse(self, cells: Sequence[str]) -> Row:
        """A row's place. Raises ValueError."""
        if len(cells) < len(self._source.header):
            raise ValueError(f"{len(cells)} columns instead of {len(self._source.header)}")
        name = self._cell(cells, "name")
        if not name or re.fullmatch(r"Q\d+", name):
            raise ValueError("no name")
        lat, lon = self._point(cells)
        country = self._country(self._cell(cells, "country"))
        province = self._cell(cells, "admin1")
        admin1 = self._provinces(country, province) if country and province else None
        feature, kind = self._feature(self._cell(cells, "feature"))
        aliases = tuple(a.strip() for a in re.split(r"[|;]|, ", self._cell(cells, "aliases")) if a.strip())
        number = re.sub(r"\D", "", self._cell(cells, "population").split(".")[0])
        code = self._cell(cells, "pcode") or None
        identity = self._identity(self._cell(cells, "id"), code, f"{name} {lat:.4f} {lon:.4f}")
        own = _with_plain(name, aliases)
        place = Entry(identity, name, lat, lon, country, admin1, feature, kind, int(number or 0), own, (), code)
        return Row(place)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        index = self._at.get(name)
        return cells[index].strip() if index is not None else ""

    def _point(self, cells: Sequence[str]) -> tuple[float, float]:
        lat, lon = self._cell(cells, "lat"), self._cell(cells, "lon")
        if lat and lon:
            return coordinates(lat, lon)
        text = self._cell(cells, "point")
        if match := _POINT.search(text):
            return coordinates(match[2], match[1])  # well-known text has the longitude first
        if match := _PAIR.fullmatch(text):
            return coordinates(match[1], match[2])
        raise ValueError(f"no coordinates: {text!r}")

    def _country(self, text: str) -> str | None:
        if not text:
            return self._default
        return text.upper() if re.fullmatch(r"[A-Za-z]{2}", text) else self._countries(text) or self._default

    def _feature(self, text: str) -> tuple[str, str]:
        key = fold(text)
        if not key:
            return "town", "town"
        kind = self._features.get(key) or self._features.get(key.split()[-1])
        if kind is None or kind == "town":
            return ("town" if kind or len(key) > 40 else key), "town"
        if kind in ("region", "river", "island", "province", "state", "county"):
            return key, "region"
        return kind, "town" if kind == "district" else "site"

    def _identity(self, given: str, code: str | None, whole: str) -> str:
        if code:
            return f"pcode:{code}"
        if match := re.search(r"\bQ\d+$", given):
            return f"wikidata:{match[0]}"
        if given:
            return f"csv:{self._stem}:{given}"
        return f"csv:{self._stem}:{hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()}"


def _find(header: Sequence[str], name: str) -> int | None:
    keys = [re.sub(r"[^a-z0-9]", "", c.lower()) for c in header]
    return next((keys.index(guess) for guess in _GUESSES[name] if guess in keys), None)
