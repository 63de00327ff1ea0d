"""GeoJSON (RFC 7946): claims or incidents as points, with what has no place left out and counted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from tadmor.model import Account, Incident
from tadmor.publish.csv_ import claim_row
from tadmor.publish.wire import incident_to_record


def write_accounts(accounts: Iterable[Account], stream: TextIO) -> tuple[int, int]:
    """Write a FeatureCollection with one point per place of each claim; returns (features, claims without a place)."""
    written = left = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for account in accounts:
        located = [p for p in account.places if p.lat is not None and p.lon is not None]
        left += not located
        for place in located:
            properties = claim_row(account) | {"place": place.name, "place_entity": place.entity}
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
        if place is None or place.lat is None or place.lon is None:
            left += 1
            continue
        _feature(stream, written, place.lon, place.lat, incident_to_record(incident))
        written += 1
    stream.write("\n]}\n")
    return written, left


def _feature(stream: TextIO, index: int, lon: float | None, lat: float | None, properties: dict[str, Any]) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }
    stream.write(("," if index else "") + "\n" + json.dumps(feature, ensure_ascii=False))
