"""The files that a user's own gazetteer is built from: which kind each is, and what one row of it says.

Kinds are told by content, not by name:

``geonames``    a dump of GeoNames (``allCountries.txt``, ``SY.txt``): 19 columns parted by tabs
``alternates``  its ``alternateNamesV2.txt``
``admin1``      its ``admin1CodesASCII.txt``; ``admin2`` its ``admin2Codes.txt``
``pcodes``      a table of OCHA's common operational datasets (COD-AB), with columns such as ``ADM3_PCODE``
``table``       any other CSV with a name and coordinates

Each may be packed (``.zip`` with one table in it, ``.gz``). Format of the GeoNames files: https://download.geonames.org/export/dump/.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, NamedTuple, cast

from tadmor.errors import InputError
from tadmor.resolve._compile import Entry, is_own_script, usable

SourceKind = Literal["geonames", "alternates", "admin1", "admin2", "pcodes", "table"]
ORDER: tuple[SourceKind, ...] = ("geonames", "admin1", "admin2", "pcodes", "table", "alternates")
_TABS = {19: "geonames", 4: "admin", 10: "alternates", 8: "alternates"}
_OWN_COUNTIES = frozenset({"US", "GB"})  # whose counties the package lists under codes of its own

# GeoNames' feature codes that news names, with our feature and kind; codes that are not here are left out.
# https://www.geonames.org/export/codes.html
_TOWNS = "PPL PPLA PPLA2 PPLA3 PPLA4 PPLA5 PPLC PPLF PPLG PPLL PPLR PPLS PPLW PPLQ PPLCH STLMT"
_FEATURES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_TOWNS.split(), ("town", "town")),
    "PPLX": ("district", "town"),
    "ADM1": ("province", "admin1"), "ADM2": ("district", "admin2"), "ADM3": ("subdistrict", "admin2"),
    "RGN": ("region", "region"), "RGNE": ("region", "region"), "AREA": ("region", "region"), "VAL": ("valley", "region"),
    "PEN": ("peninsula", "region"), "ISL": ("island", "region"), "ISLS": ("island", "region"), "DSRT": ("desert", "region"),
    "PLN": ("region", "region"), "MTS": ("mountains", "region"), "LK": ("lake", "region"), "RSV": ("lake", "region"),
    "SEA": ("sea", "region"), "GULF": ("gulf", "region"), "STRT": ("strait", "region"), "BAY": ("gulf", "region"),
    "STM": ("river", "region"), "CNL": ("canal", "region"), "WAD": ("valley", "site"),
    "MT": ("mountain", "site"), "HLL": ("hill", "site"), "PK": ("mountain", "site"), "RDGE": ("mountain", "site"),
    "PASS": ("mountain", "site"), "CAPE": ("cape", "site"), "OAS": ("oasis", "site"),
    "AIRB": ("air base", "site"), "AIRF": ("air base", "site"), "AIRP": ("airport", "site"), "AIRQ": ("air base", "site"),
    "INSM": ("military base", "site"), "MILB": ("military base", "site"), "NVB": ("naval base", "site"),
    "DAM": ("dam", "site"), "CSTL": ("castle", "site"), "FT": ("castle", "site"), "BDG": ("bridge", "site"),
    "PRN": ("prison", "site"), "CMPRF": ("camp", "site"), "PSH": ("power plant", "site"), "PS": ("power plant", "site"),
    "PSN": ("power plant", "site"), "OILR": ("refinery", "site"), "OILF": ("oil field", "site"), "GASF": ("gas field", "site"),
    "PRT": ("port", "site"), "HBR": ("port", "site"), "PSTB": ("border crossing", "site"), "PSTC": ("border crossing", "site"),
    "RUIN": ("ruins", "site"), "ANS": ("ruins", "site"), "MNMT": ("monument", "site"), "MSTY": ("monastery", "site"),
}  # fmt: skip
_NO_LANGUAGE = frozenset("link post iata icao faac wkdt unlc tcid abbr fr_1793 phon piny".split())


@dataclass(frozen=True, slots=True)
class Source:
    """A file to build from; ``header`` and ``delimiter`` are those of a CSV."""

    path: Path
    kind: SourceKind
    size: int
    header: tuple[str, ...] = ()
    delimiter: str = "\t"
    columns: Mapping[str, str] = field(default_factory=dict)


class Area(NamedTuple):
    """An area that rows name as holding them; its point, where no row gives it, is the middle of what it holds."""

    id: str
    name: str
    country: str
    admin1: str | None
    feature: str
    kind: str
    pcode: str | None
    within: str | None


class Alternate(NamedTuple):
    """Another name of a place of GeoNames; ``main`` as in the gazetteer's table of names."""

    geonameid: int
    name: str
    main: int


class Row(NamedTuple):
    """What one row says: a place, areas, another name; nothing at all when it is of no interest."""

    place: Entry | None = None
    areas: tuple[Area, ...] = ()
    alternate: Alternate | None = None
    stands_for: tuple[int, str] | None = None  # a GeoNames number of an area that has an identity of its own


NOTHING = Row()


def detect(path: Path, columns: Mapping[str, str] | None = None) -> Source:
    """Which kind of file it is. Raises InputError when it cannot be read or is none of them."""
    try:
        size = path.stat().st_size
        with open_binary(path) as stream:
            line = stream.readline(1_000_000).decode("utf-8-sig", "replace").rstrip("\r\n")
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    cells = line.split("\t")
    kind = _TABS.get(len(cells))
    if kind and not columns:
        if kind == "admin" and re.fullmatch(r"[A-Z]{2}\.[^.]+", cells[0]):
            return Source(path, "admin1", size)
        if kind == "admin" and re.fullmatch(r"[A-Z]{2}\.[^.]+\..+", cells[0]):
            return Source(path, "admin2", size)
        if kind == "geonames" and cells[0].isdigit() and len(cells[8]) in (0, 2):
            return Source(path, "geonames", size)
        if kind == "alternates" and cells[0].isdigit() and cells[1].isdigit():
            return Source(path, "alternates", size)
    delimiter = max(",;\t|", key=line.count)
    header = tuple(next(csv.reader([line], delimiter=delimiter), []))
    if len(header) < 2:
        raise InputError(f"{path} is no file of GeoNames, and no table with a header of two columns or more")
    pcoded = any(re.search(r"p_?code", c, re.IGNORECASE) for c in header) and not columns
    return Source(path, "pcodes" if pcoded else "table", size, header, delimiter, dict(columns or {}))


def open_binary(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked. Raises OSError, BadZipFile."""
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if path.suffix == ".zip":
        archive = zipfile.ZipFile(path)
        names = [n for n in archive.namelist() if n.endswith((".txt", ".csv", ".tsv")) and "readme" not in n.lower()]
        if not names:
            raise OSError("the archive holds no .txt or .csv")
        return archive.open(max(names, key=lambda n: archive.getinfo(n).file_size))
    return path.open("rb")


def rows(source: Source, offset: int = 0) -> Iterator[tuple[list[str] | str, int]]:
    """Rows from a byte offset on: their cells, or why the row cannot be read, with the offset behind each.

    The offset counts bytes of the unpacked file. Raises OSError and the errors of a damaged archive.
    """
    with open_binary(source.path) as raw:
        stream = io.BufferedReader(cast("io.RawIOBase", raw), 1 << 20) if not hasattr(raw, "peek") else raw
        stream.seek(offset)
        at = offset
        if source.kind not in ("pcodes", "table"):
            for line in stream:
                at += len(line)
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                if text and not text.startswith("#"):
                    yield ("not UTF-8" if "\ufffd" in text else text.split("\t")), at
            return

        def lines() -> Iterator[str]:
            nonlocal at
            for line in stream:
                at += len(line)
                yield line.decode("utf-8", "replace")

        reader = csv.reader(lines(), delimiter=source.delimiter)
        if offset == 0:
            next(reader, None)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield str(error), at
                continue
            if cells:
                yield ("not UTF-8" if any("\ufffd" in c for c in cells) else cells), at


# -- the files of GeoNames ---------------------------------------------------------------------------------------


def parse_geonames(cells: Sequence[str]) -> Row:
    """A row of a dump. Raises ValueError with the reason when it is none."""
    if len(cells) != 19:
        raise ValueError(f"{len(cells)} columns instead of 19")
    code, country = cells[7], cells[8]
    if code.startswith("PCL") and country and code in ("PCLI", "PCLD", "PCLS", "PCLF", "PCL"):
        return Row(stands_for=(int(cells[0]), f"country:{country}")) if code != "PCLD" else NOTHING
    known = _FEATURES.get(code)
    if known is None:
        return NOTHING
    feature, kind = known
    number, admin1 = int(cells[0]), cells[10]
    identity, within, stands_for = f"geonames:{number}", None, None
    if cells[11] and country not in _OWN_COUNTIES:
        within = f"admin2:{country}.{admin1}.{cells[11]}"
    if kind in ("admin1", "admin2"):
        if code == "ADM1":
            identity = f"admin1:{country}.{admin1}"
        elif code == "ADM2":
            if country in _OWN_COUNTIES:
                return NOTHING
            identity, within = within or identity, None
        stands_for = (number, identity) if identity[0] == "a" else None
    lat, lon = coordinates(cells[4], cells[5])
    alternates = tuple(n for n in cells[3].split(",") if usable(n) or is_own_script(n, country)) if cells[3] else ()
    if cells[2] and cells[2] != cells[1]:
        alternates = (cells[2], *alternates)
    place = Entry(
        identity, cells[1], lat, lon, country or None, admin1 or None, feature, kind, int(cells[14] or 0), (), alternates,
        within=within,
    )  # fmt: skip
    return Row(place, stands_for=stands_for)


def parse_alternate(cells: Sequence[str]) -> Row:
    """A row of the table of alternate names. Raises ValueError."""
    if len(cells) < 8:
        raise ValueError(f"{len(cells)} columns instead of 10")
    language, name = cells[2], cells[3]
    if language in _NO_LANGUAGE or not (usable(name) or _is_script(name)):
        return NOTHING
    return Row(alternate=Alternate(int(cells[1]), name, 2 if language == "en" and cells[4] == "1" else 0))


def _is_script(name: str) -> bool:
    return is_own_script(name, "SY")


def parse_admin(cells: Sequence[str]) -> Row:
    """A row of the tables of first- and second-level areas. Raises ValueError."""
    if len(cells) != 4:
        raise ValueError(f"{len(cells)} columns instead of 4")
    country, admin1, *rest = cells[0].split(".", 2)
    kind, feature = ("admin2", "district") if rest else ("admin1", "province")
    if rest and country in _OWN_COUNTIES:
        return NOTHING
    identity = f"{kind}:{cells[0]}"
    area = Area(identity, cells[1], country, admin1, feature, kind, None, None)
    return Row(areas=(area,), stands_for=(int(cells[3]), identity) if cells[3].isdigit() else None)


def coordinates(lat: str, lon: str) -> tuple[float, float]:
    """Two cells as degrees. Raises ValueError when they are none, lie outside the globe or are 0, 0."""
    try:
        point = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        raise ValueError(f"no coordinates: {lat!r}, {lon!r}") from None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180) or point == (0.0, 0.0):
        raise ValueError(f"coordinates outside the globe: {lat}, {lon}")
    return point
