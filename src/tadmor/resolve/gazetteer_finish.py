"""The last steps of building a gazetteer: areas, sorted names, joining of the same places, the finished file."""

from __future__ import annotations

import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from tadmor.resolve._compile import INSERT, NAMES, SCHEMA, Entry, as_row, keys_of, row_of
from tadmor.resolve.gazetteer import distance_km

# A row of a user's table within so many km of a place of GeoNames or our own of the same name and kind is that place.
_SAME_KM = {"town": 3.0, "site": 3.0}
_OWN = ("pcode:", "wikidata:", "csv:")  # how identities of users' tables begin


def finish(
    db: sqlite3.Connection, about: str, out: Path, watch: Callable[[str, int, int], None] | None
) -> tuple[int, int, int]:
    """Make ``out`` of the file under construction; gives the numbers of places, of names and of joined rows.

    Each step is one transaction and is noted, so that a build broken off here goes on with the step that it was in.
    """
    steps: tuple[tuple[str, Callable[[sqlite3.Connection], int]], ...] = (
        ("areas", _areas),
        ("names", _names),
        ("joining", _join),
        ("cleaning", _clean),
    )
    counts: dict[str, int] = {}
    for name, step in steps:
        row = db.execute("SELECT value FROM meta WHERE key = ?", (f"step {name}",)).fetchone()
        if row is None:
            if watch:
                watch(name, 0, 0)
            db.execute("BEGIN")
            counts[name] = step(db)
            db.execute("INSERT INTO meta VALUES (?, ?)", (f"step {name}", str(counts[name])))
            db.execute("COMMIT")
        else:
            counts[name] = int(row[0])
    places = db.execute("SELECT COUNT(*) FROM place").fetchone()[0]
    names = db.execute("SELECT COUNT(*) FROM name").fetchone()[0]
    whole = out.with_name(out.name + ".whole")
    whole.unlink(missing_ok=True)
    if watch:
        watch("writing", 0, 0)
    db.execute("VACUUM INTO ?", (str(whole),))
    made = sqlite3.connect(whole, isolation_level=None)
    try:
        made.execute("DELETE FROM meta")
        rows = [("schema", SCHEMA), ("fingerprint", "built"), ("sources", about), ("places", str(places))]
        made.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        made.execute("PRAGMA optimize")
    finally:
        made.close()
    whole.replace(out)
    return int(places), int(names), counts["joining"]


def _areas(db: sqlite3.Connection) -> int:
    """Areas that no row gave a point get the middle of their places; those that are there get p-code and name."""
    middles = _middles(db)
    made = 0
    query = "SELECT id, name, country, admin1, feature, kind, pcode, within, n, lat, lon, lat2, lon2 FROM stage_area"
    for identity, name, country, admin1, feature, kind, pcode, within, *sums in db.execute(query).fetchall():
        number = row_of(identity)
        known = db.execute("SELECT kind FROM place WHERE rowid = ?", (number,)).fetchone()
        entry = Entry(identity, name, 0.0, 0.0, country, admin1, feature, kind, 0, (), (), pcode, within)
        if known:
            db.execute("UPDATE place SET pcode = COALESCE(?, pcode) WHERE rowid = ?", (pcode, number))
        else:
            middle = _middle(sums) if sums[0] else middles.get(identity)
            if middle is None:
                continue  # nothing says where it lies
            entry = entry._replace(lat=middle[0], lon=middle[1], radius_km=middle[2])
            db.execute(INSERT, as_row(entry))
            made += 1
        strict, loose = keys_of(entry)
        main = 2 if known else 1
        db.executemany("INSERT INTO stage_name VALUES (?, ?, ?)", [(key, number, main) for key in strict])
        db.executemany("INSERT INTO stage_loose VALUES (?, ?)", [(key, number) for key in loose])
        if not known and identity.startswith(_OWN):
            own = [(number, key, main, 0) for key in strict] + [(number, key, 3, 1) for key in loose]
            db.executemany("INSERT INTO stage_own VALUES (?, ?, ?, ?)", own)
    # How far an area reaches whose own row gave its point but not that.
    for identity, *sums in db.execute("SELECT id, n, lat, lon, lat2, lon2 FROM stage_area WHERE n > 2").fetchall():
        middle = _middle(sums)
        db.execute("UPDATE place SET radius_km = COALESCE(radius_km, ?) WHERE rowid = ?", (middle[2], row_of(identity)))
    return made


def _middles(db: sqlite3.Connection) -> dict[str, tuple[float, float, float | None]]:
    """The middle of the towns of every province and district of GeoNames, by identity, where some area needs it."""
    if not db.execute("SELECT 1 FROM stage_area WHERE n = 0 LIMIT 1").fetchone():
        return {}
    sums = "COUNT(*), SUM(lat), SUM(lon), SUM(lat * lat), SUM(lon * lon)"
    found = {
        f"admin1:{country}.{admin1}": _middle(values)
        for country, admin1, *values in db.execute(
            f"SELECT country, admin1, {sums} FROM place WHERE kind = 'town' GROUP BY country, admin1"
        )
    }
    for within, *values in db.execute(
        f"SELECT within, {sums} FROM place WHERE kind = 'town' AND within LIKE 'admin2:%' GROUP BY within"
    ):
        found[within] = _middle(values)
    return found


def _middle(sums: list[float]) -> tuple[float, float, float | None]:
    """Mean point of a number of points, and one and a half times the root mean square of their distances from it, in km."""
    n, lat, lon, lat2, lon2 = sums
    lat, lon = lat / n, lon / n
    spread = max(lat2 / n - lat * lat, 0.0) + max(lon2 / n - lon * lon, 0.0) * math.cos(math.radians(lat)) ** 2
    return round(lat, 4), round(lon, 4), round(1.5 * 111.2 * math.sqrt(spread), 1) if n > 2 else None


def _names(db: sqlite3.Connection) -> int:
    """The staged names in their tables, sorted, each once."""
    for statement in NAMES.split(";"):
        db.execute(statement)
    db.execute(
        "INSERT INTO name SELECT key, place, CASE WHEN MAX(main = 1) THEN 1 ELSE MAX(main) END FROM stage_name "
        "GROUP BY key, place ORDER BY key, place"
    )
    db.execute("INSERT INTO loose SELECT DISTINCT key, place FROM stage_loose ORDER BY key, place")
    return int(db.execute("SELECT COUNT(*) FROM name").fetchone()[0])


def _join(db: sqlite3.Connection) -> int:
    """Rows of users' tables that are places which were there already: their names and p-codes go to these."""
    db.execute("CREATE INDEX stage_own_place ON stage_own (place)")
    pairs: dict[int, list[tuple[bool, float, int]]] = defaultdict(list)
    for table, loose in (("name", 0), ("loose", 1), ("name", 1), ("loose", 0)):
        query = (
            "SELECT o.place, p.rowid, q.lat, q.lon, p.lat, p.lon, q.kind FROM stage_own o "
            f"CROSS JOIN {table} n ON n.key = o.key CROSS JOIN place p ON p.rowid = n.place "
            "CROSS JOIN place q ON q.rowid = o.place "
            "WHERE o.loose = ? AND p.rowid <> q.rowid AND p.kind = q.kind AND (p.country IS q.country OR q.country IS NULL) "
            "AND NOT (p.id LIKE 'pcode:%' OR p.id LIKE 'wikidata:%' OR p.id LIKE 'csv:%')"
        )
        for mine, other, lat, lon, other_lat, other_lon, kind in db.execute(query, (loose,)):
            far = distance_km((lat, lon), (other_lat, other_lon))
            if far <= _SAME_KM.get(kind, 0.0):
                pairs[mine].append((table == "loose" or bool(loose), far, other))
    taken: set[int] = set()
    joined = 0
    for mine, others in sorted(pairs.items(), key=lambda item: (min(item[1]), item[0])):
        twin = min(others)[2]
        if twin in taken:
            continue  # two villages of one name side by side: the nearer one is the town of GeoNames
        taken.add(twin)
        joined += 1
        _move(db, mine, twin)
    return joined


def _move(db: sqlite3.Connection, mine: int, twin: int) -> None:
    pcode, within = db.execute("SELECT pcode, within FROM place WHERE rowid = ?", (mine,)).fetchone()
    other = db.execute("SELECT within FROM place WHERE rowid = ?", (twin,)).fetchone()[0]
    holders = "|".join(dict.fromkeys([*(other or "").split("|"), *(within or "").split("|")])).strip("|")
    db.execute(
        "UPDATE place SET pcode = COALESCE(?, pcode), within = ? WHERE rowid = ?", (pcode, holders or None, twin)
    )
    for key, loose in db.execute("SELECT key, loose FROM stage_own WHERE place = ?", (mine,)).fetchall():
        table = "loose" if loose else "name"
        db.execute(f"DELETE FROM {table} WHERE key = ? AND place = ?", (key, mine))
        if loose:
            db.execute("INSERT OR IGNORE INTO loose VALUES (?, ?)", (key, twin))
        else:
            db.execute(
                "INSERT INTO name VALUES (?, ?, ?) ON CONFLICT (key, place) DO UPDATE SET main = 2 WHERE main = 0",
                (key, twin, 2),
            )
    db.execute("DELETE FROM place WHERE rowid = ?", (mine,))


def _clean(db: sqlite3.Connection) -> int:
    """Throw the staging tables away."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'stage_%' AND type = 'table'").fetchall():
        db.execute(f"DROP TABLE {name}")
    return 0
