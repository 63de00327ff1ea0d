"""The registry file: its nouns, how it is read, and what it must hold to (:func:`check`).

A file is JSON or TOML with a list ``actors``; docs/actors.md describes the fields. Reading is strict about shape, so that a
slip in a user's own file is told with the entry's id and not found out by a wrong answer later.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from tadmor import edtf
from tadmor.errors import BadDate, InputError, MissingResource

KINDS = (
    "state",
    "military",
    "police",
    "ministry",
    "armed group",
    "militia",
    "coalition",
    "monitor",
    "activists",
    "rescuers",
    "organisation",
    "agency",
    "media",
    "person",
)
FIELDS = frozenset(
    (
        "id name kind role office plover parent country from to holds names aliases local demonyms metonyms sides wikidata "
        "source"
    ).split()
)
# Agent codes of the PLOVER manual (0.8) and of CAMEO, which it continues, by what an actor is when its entry says no other
PLOVER_OF_KIND: Mapping[str, str] = {
    "state": "GOV",
    "military": "MIL",
    "police": "COP",
    "ministry": "GOV",
    "armed group": "REB",
    "militia": "UAF",
    "coalition": "MIL",
    "monitor": "NGO",
    "activists": "CVL",
    "rescuers": "NGO",
    "organisation": "NGO",
    "agency": "MED",
    "media": "MED",
}
PLOVER = frozenset("GOV MIL REB OPP PTY COP JUD LEG SPY MED EDU BUS CRM CVL NGO IGO UAF REL REF LAB".split())
EVERYWHERE = frozenset({"organisation", "agency", "media", "monitor"})  # kinds that speak in the reports of all wars
_ID = re.compile(r"(?:actor|person):[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_WIKIDATA = re.compile(r"Q[1-9]\d*")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both inclusive; None is open."""

    start: dt.date | None = None
    end: dt.date | None = None

    def meets(self, days: edtf.Bounds | None) -> bool:
        """Whether the period has a day in common with ``days``; an unknown date (None) meets every period."""
        if days is None:
            return True
        first, last = days
        return (self.end is None or first is None or first <= self.end) and (
            self.start is None or last is None or self.start <= last
        )


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds for a period: a side in a war, a name, a parent's id."""

    value: str
    period: Period
    war: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """One entry of the registry; ``sides`` are dated and say of which war, ``names`` and ``parents`` are dated.

    ``holds``: it can be the party that holds ground. ``role``: what it is for its country ("army", "air force",
    "government"), so that "Turkish troops" finds it. ``office``: what a person acts as ("official", "military"). ``local``:
    names that mean it only in a report of its own war or country ("AA", "the National Guard").
    """

    id: str
    name: str
    kind: str
    source: str = ""
    role: str = ""
    office: str = ""
    country: str | None = None
    period: Period = field(default_factory=Period)
    holds: bool = False
    aliases: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    parents: tuple[Dated, ...] = ()
    names: tuple[Dated, ...] = ()
    sides: tuple[Dated, ...] = ()
    wikidata: str | None = None
    plover: str | None = None


def wars(actor: Actor, by_id: Mapping[str, Actor]) -> frozenset[str]:
    """The wars an actor is known from: those of its sides, else of what it belongs to; none for who is known everywhere."""
    seen: set[str] = set()
    ahead = [actor]
    found: set[str] = set()
    while ahead:
        one = ahead.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        if one.sides:
            found |= {s.war for s in one.sides}
        else:
            ahead += [by_id[p.value] for p in one.parents if p.value in by_id]
    return frozenset(found)


def shipped() -> list[Actor]:
    """The actors that ship in the package. Raises MissingResource."""
    place = resources.files("tadmor.resolve").joinpath("data/actors.json")
    try:
        table = json.loads(place.read_text(encoding="utf-8"))
        return [_actor(entry) for entry in table["actors"]]
    except (OSError, ValueError, KeyError, TypeError, InputError) as error:
        raise MissingResource(
            f"the registry of actors (resolve/data/actors.json) is missing or damaged: {error}; reinstall tadmor"
        ) from error


def read(path: Path) -> list[Actor]:
    """The actors of a user's file. Raises MissingResource when it is not there, InputError when it is not in form."""
    entries = _entries(path)
    found = list(_problems(entries)) or _lineage([_actor(e) for e in entries], shipped())
    if found:
        raise InputError(
            f"{path}: " + "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        )
    return [_actor(entry) for entry in entries]


def check(path: Path | None = None) -> list[str]:
    """What is wrong with a registry file (the shipped one by default), a sentence each; empty when all is well.

    Beside the form of every field: ids and names told once, parents that exist (in the file or the shipped registry) and
    make no circle, and aliases that mean one actor on any one day of a war. A person and an organisation may share one, and
    so may an agency or the like that is known everywhere and a party to a war.
    """
    if path is None:
        with resources.as_file(resources.files("tadmor.resolve").joinpath("data/actors.json")) as own:
            return check_entries(_entries(own), known=())
    return check_entries(_entries(path), known=shipped())


def check_entries(entries: list[Any], known: Iterable[Actor]) -> list[str]:
    """:func:`check` on entries already read; ``known`` are actors that the entries may refer to or replace."""
    problems = list(_problems(entries))
    if problems:
        return problems
    own = [_actor(entry) for entry in entries]
    known = list(known)
    return _lineage(own, known) + _shared({a.id: a for a in known} | {a.id: a for a in own})


def _lineage(own: Iterable[Actor], known: Iterable[Actor]) -> list[str]:
    own = list(own)
    by_id = {a.id: a for a in known} | {a.id: a for a in own}
    problems = []
    for actor in own:
        problems += [f"{actor.id}: unknown parent {p.value}" for p in actor.parents if p.value not in by_id]
        if actor.period.start and actor.period.end and actor.period.end < actor.period.start:
            problems.append(f"{actor.id}: ends before it begins")
        if _circular(actor, by_id):
            problems.append(f"{actor.id}: is its own ancestor")
    return problems


def _circular(actor: Actor, by_id: Mapping[str, Actor]) -> bool:
    seen: set[str] = set()
    ahead = [p.value for p in actor.parents]
    while ahead:
        one = ahead.pop()
        if one == actor.id:
            return True
        if one not in seen and one in by_id:
            seen.add(one)
            ahead += [p.value for p in by_id[one].parents]
    return False


def _shared(by_id: Mapping[str, Actor]) -> list[str]:
    owners: dict[str, list[Actor]] = {}
    for actor in by_id.values():
        for alias in {actor.name, *actor.aliases, *actor.local}:
            owners.setdefault(alias, []).append(actor)
    problems = []
    for alias, actors in owners.items():
        for i, a in enumerate(actors):
            for b in actors[i + 1 :]:
                if (a.kind == "person") != (b.kind == "person") or not a.period.meets((b.period.start, b.period.end)):
                    continue
                if not _apart(a, b, by_id):
                    problems.append(f"alias {alias!r} means both {a.id} and {b.id} at one time")
    return problems


def _apart(a: Actor, b: Actor, by_id: Mapping[str, Actor]) -> bool:
    """Whether the report's war tells two actors of one name apart."""
    one, other = wars(a, by_id), wars(b, by_id)
    if one and other:
        return one.isdisjoint(other)
    return any(not w and x.kind in EVERYWHERE for w, x in ((one, a), (other, b))) and bool(one or other)


def _entries(path: Path) -> list[Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise MissingResource(
            f"the registry file {path} cannot be read: {error.strerror}; give the path of a JSON or TOML file"
        ) from error
    try:
        if path.suffix.lower() == ".toml":
            import tomllib

            table = tomllib.loads(raw.decode("utf-8"))
        else:
            table = json.loads(raw)
    except ValueError as error:
        raise InputError(f"{path} is neither JSON nor TOML that can be read: {error}") from error
    entries = table.get("actors") if isinstance(table, dict) else None
    if not isinstance(entries, list):
        raise InputError(f"{path}: a registry file has a list named actors")
    return entries


def _problems(entries: list[Any]) -> Iterator[str]:
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            yield f"entry {number}: not a table"
            continue
        who = str(entry.get("id", f"entry {number}"))
        yield from (f"{who}: {problem}" for problem in _entry_problems(entry))
        if who in seen:
            yield f"{who}: told twice"
        seen.add(who)


def _entry_problems(entry: Mapping[str, Any]) -> Iterator[str]:
    if unknown := sorted(set(entry) - FIELDS):
        yield f"unknown field {', '.join(unknown)}"
    for key in ("id", "name", "kind", "source"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            yield f"{key} is missing"
    if isinstance(entry.get("id"), str) and not _ID.fullmatch(entry["id"]):
        yield "id is not of the form actor:some-name or person:some-name"
    if isinstance(entry.get("kind"), str) and entry["kind"] not in KINDS:
        yield f"kind {entry['kind']!r} is none of: {', '.join(KINDS)}"
    if "plover" in entry and entry["plover"] not in PLOVER:
        yield f"plover {entry['plover']!r} is none of: {', '.join(sorted(PLOVER))}"
    if "country" in entry and not _COUNTRY.fullmatch(str(entry["country"])):
        yield "country is not an ISO 3166-1 alpha-2 code"
    if "wikidata" in entry and not _WIKIDATA.fullmatch(str(entry["wikidata"])):
        yield "wikidata is not an item id"
    for key in ("aliases", "local", "demonyms", "metonyms"):
        words = entry.get(key, [])
        if not isinstance(words, list) or not all(isinstance(w, str) and len(w.strip()) > 1 for w in words):
            yield f"{key} is not a list of names of two letters or more"
        elif len(set(words)) < len(words):
            yield f"{key} tells a name twice"
    for key, needed in (("sides", ("war", "side")), ("names", ("name",)), ("parent", ("id",))):
        rows = entry.get(key, [])
        if key == "parent" and isinstance(rows, str):
            continue
        if not isinstance(rows, list) or not all(
            isinstance(r, dict) and all(isinstance(r.get(n), str) for n in needed) for r in rows
        ):
            yield f"{key} is not a list of tables with {', '.join(needed)}"
            continue
        for row in rows:
            yield from _date_problems(row, f"{key}: ")
    yield from _date_problems(entry, "")


def _date_problems(row: Mapping[str, Any], where: str) -> Iterator[str]:
    for key in ("from", "to"):
        if key in row and not (isinstance(row[key], str) and "/" not in row[key] and edtf.valid(row[key])):
            yield f"{where}{key} is not a date: {row[key]!r}"


def period(row: Mapping[str, Any]) -> Period:
    """The days that the fields ``from`` and ``to`` of a row bound. Raises InputError when one is no date."""
    try:
        start = edtf.bounds(row["from"])[0] if "from" in row else None
        end = edtf.bounds(row["to"])[1] if "to" in row else None
    except BadDate as error:
        raise InputError(str(error)) from error
    return Period(start, end)


def _actor(entry: Mapping[str, Any]) -> Actor:
    parent = entry.get("parent", [])
    parents = [{"id": parent}] if isinstance(parent, str) else parent
    return Actor(
        id=entry["id"],
        name=entry["name"],
        kind=entry["kind"],
        source=entry["source"],
        role=entry.get("role", ""),
        office=entry.get("office", ""),
        country=entry.get("country"),
        period=period(entry),
        holds=bool(entry.get("holds", False)),
        aliases=tuple(entry.get("aliases", ())),
        local=tuple(entry.get("local", ())),
        demonyms=tuple(entry.get("demonyms", ())),
        metonyms=tuple(entry.get("metonyms", ())),
        parents=tuple(Dated(p["id"], period(p)) for p in parents),
        names=tuple(Dated(n["name"], period(n)) for n in entry.get("names", ())),
        sides=tuple(Dated(s["side"], period(s), s["war"]) for s in entry.get("sides", ())),
        wikidata=entry.get("wikidata"),
        plover=entry.get("plover") or PLOVER_OF_KIND.get(entry["kind"]),
    )
