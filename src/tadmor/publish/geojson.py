"""GeoJSON (RFC 7946): claims or incidents as points, with what has no place left out and counted.

Each feature says when: ``when`` is EDTF, ``start`` and ``end`` are its first and last day (ISO), null where open or unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TextIO

from tadmor.model import Account, Incident, Place
from tadmor.publish import jsonl
from tadmor.publish.csv_ import claim_row
from tadmor.publish.precision import when
from tadmor.publish.wire import incident_to_record


def write_accounts(accounts: Iterable[Account], stream: TextIO) -> tuple[int, int]:
    """Write a FeatureCollection with one point per place of each claim; returns (features, claims without a place)."""
    written = left = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for account in accounts:
        located = [p for p in account.places if _on_the_map(p)]
        left += not located
        for place in located:
            properties = (
                claim_row(account) | when(account.claim.date) | {"place": place.name, "place_entity": place.entity}
            )
            for key in ("lat", "lon"):
                properties.pop(key)
            _feature(stream, written, place.lon, place.lat, properties)
            written += 1
    stream.write("\n]}\n")
    return written, left


def write_incidents(incidents: Iterable[Incident], stream: TextIO) -> tuple[int, int]:
    """Write a FeatureCollection with one point per incident; returns (features, incidents without a place)."""
    written = left = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for incident in incidents:
        place = incident.place
        if place is None or not _on_the_map(place):
            left += 1
            continue
        _feature(stream, written, place.lon, place.lat, incident_to_record(incident) | when(incident.date))
        written += 1
    stream.write("\n]}\n")
    return written, left


def _on_the_map(place: Place) -> bool:
    return place.lat is not None and place.lon is not None and math.isfinite(place.lat) and math.isfinite(place.lon)


def _feature(stream: TextIO, index: int, lon: float | None, lat: float | None, properties: dict[str, Any]) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }
    stream.write(("," if index else "") + "\n" + jsonl.line(feature))
