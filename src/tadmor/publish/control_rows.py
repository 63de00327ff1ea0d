"""Control over time as rows and points: the intervals of one place, or every place known on one day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from tadmor.model import ClaimRef, ControlInterval, Place
from tadmor.publish.control_places import ControlMap, PlaceControl
from tadmor.reconcile.days import iso, span
from tadmor.reconcile.segments import day_shown

COLUMNS = (
    "place",
    "holder",
    "holder_entity",
    "status",
    "from",
    "to",
    "credibility",
    "grade",
    "sources",
    "claims",
    "against",
)
"""The columns of ``tadmor control PLACE --format csv``."""


def interval_row(place: Place, interval: ControlInterval) -> dict[str, Any]:
    """One interval as a row with the keys of :data:`COLUMNS`; sources and claims (``report:claim``) are lists."""
    return {
        "place": place.name,
        "holder": interval.holder,
        "holder_entity": interval.holder_entity,
        "status": interval.status,
        "from": interval.start,
        "to": interval.end,
        "credibility": interval.credibility.admiralty,
        "grade": interval.credibility.grade,
        "sources": list(interval.sources),
        "claims": _refs(interval.claims),
        "against": _refs(interval.against),
    }


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with each list as one cell, its items joined by "; "."""
    return {k: "; ".join(v) if isinstance(v, list) else v for k, v in row.items()}


def times(start: str | None, end: str | None) -> dict[str, str | None]:
    """The times of an interval: ``when`` as EDTF, ``start`` and ``end`` as ISO days, None where open or unknown.

    ``when`` keeps the precision in which the edges are known ("2015-05/2016-03-27"), with ".." for an edge that is open
    or unknown. The ISO days are those by which Tadmor counts: of an edge wider than a week the middle, else the last day.
    The interval holds on its first day, and no longer on its last.
    """
    return {"when": f"{_edge(start)}/{_edge(end)}", "start": _day(start), "end": _day(end)}


def interval_feature(place: Place, interval: ControlInterval) -> dict[str, Any]:
    """One interval as a GeoJSON feature at the point of the place; the geometry is null when the place has none."""
    row = interval_row(place, interval)
    reasons = list(interval.credibility.reasons)
    return _feature(place, row | times(interval.start, interval.end) | {"reasons": reasons})


def place_feature(found: PlaceControl, shown: ControlMap) -> dict[str, Any]:
    """A place of the map of a day as a GeoJSON feature.

    ``since`` and ``until`` are the edges of the interval (EDTF), ``heard`` the last day of which anybody told of the place.
    """
    held = found.held
    properties = {
        "place": found.place.name,
        "place_entity": found.place.entity,
        "country": found.place.country,
        "area": found.area,
        "on": shown.on,
        "holder": held.holder,
        "holder_entity": held.holder_entity,
        "side": found.side,
        "status": held.status,
        "since": held.start,
        "until": held.end,
        **times(held.start, held.end),
        "heard": found.heard,
        "credibility": held.credibility.admiralty,
        "grade": held.credibility.grade,
        "sources": list(held.sources),
        "claims": _refs(held.claims),
        "against": _refs(held.against),
    }
    return _feature(found.place, properties)


def write_intervals(place: Place, intervals: Iterable[ControlInterval], stream: TextIO) -> None:
    """Write a FeatureCollection with one feature per interval."""
    _write({}, [interval_feature(place, i) for i in intervals], stream)


def write_map(shown: ControlMap, stream: TextIO) -> None:
    """Write a FeatureCollection with one feature per place, and what was asked as foreign members (RFC 7946, 6.1)."""
    asked = {
        "on": shown.on,
        "according_to": shown.according_to,
        "known_at": shown.known_at,
        "without_point": list(shown.without_point),
    }
    _write(asked, [place_feature(p, shown) for p in shown.places], stream)


def _write(members: Mapping[str, Any], features: Sequence[Mapping[str, Any]], stream: TextIO) -> None:
    head = json.dumps({"type": "FeatureCollection", **members}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    stream.write(f'{head[:-1]}, "features": [\n{lines}\n]}}\n')


def _feature(place: Place, properties: Mapping[str, Any]) -> dict[str, Any]:
    point = None
    if place.lat is not None and place.lon is not None:
        point = {"type": "Point", "coordinates": [place.lon, place.lat]}
    return {"type": "Feature", "geometry": point, "properties": dict(properties)}


def _refs(refs: Sequence[ClaimRef]) -> list[str]:
    return [f"{r.report}:{r.claim}" for r in refs]


def _edge(label: str | None) -> str:
    """The edge as one EDTF date; an edge that is itself an interval becomes the day by which it counts."""
    if label is None or "/" not in label:
        return label or ".."
    days, day = span(label), _day(label)
    if days is None or day is None:
        return ".."
    return day if days[1] - days[0] <= 6 else f"{day}~"


def _day(label: str | None) -> str | None:
    day = day_shown(label)
    return None if day is None else iso(day)
