"""GeoJSON (RFC 7946): claims or incidents as points, with what has no place left out and counted.

Each feature says when: ``when`` is EDTF, ``start`` and ``end`` are its first and last day (ISO), null where open or unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from tadmor.model import Account, Incident, Place
from tadmor.publish import jsonl
from tadmor.publish.csv_ import claim_row
from tadmor.publish.precision import when
from tadmor.publish.rows import LeftOut, retracted
from tadmor.publish.wire import incident_to_record

NOWHERE = "no place that is resolved"


def claim_features(account: Account) -> Iterator[dict[str, Any]]:
    """A point for each place of the claim. Raises LeftOut when none is on the map."""
    located = [p for p in account.places if _on_the_map(p)]
    if not located:
        raise LeftOut(NOWHERE)
    row = {key: value for key, value in claim_row(account).items() if key not in ("lat", "lon")}
    name = f"{account.ref.report}:{account.ref.claim}"
    for number, place in enumerate(located, 1):
        where = {"country": place.country, "place": place.name, "place_entity": place.entity}
        # ids must differ, so those of the further places of a claim are numbered
        yield _feature(name if number == 1 else f"{name}/{number}", place, row | when(account.claim.date) | where)


def incident_features(incident: Incident, accounts: Sequence[Account] = ()) -> Iterator[dict[str, Any]]:
    """The point of the incident. Raises LeftOut when its place is not on the map."""
    if incident.place is None or not _on_the_map(incident.place):
        raise LeftOut(NOWHERE)
    record = incident_to_record(incident) | {"retracted": retracted(accounts)}
    yield _feature(incident.id, incident.place, record | when(incident.date))


def write(features: Iterable[dict[str, Any]], stream: TextIO) -> int:
    """Write a FeatureCollection; returns how many features there were."""
    written = 0
    stream.write('{"type": "FeatureCollection", "features": [')
    for feature in features:
        stream.write(("," if written else "") + "\n" + jsonl.line(feature))
        written += 1
    stream.write("\n]}\n")
    return written


def write_incidents(incidents: Iterable[Incident], stream: TextIO) -> tuple[int, int]:
    """Write a FeatureCollection with one point per incident; returns (features, incidents without a place)."""
    left = 0

    def located() -> Iterator[dict[str, Any]]:
        nonlocal left
        for incident in incidents:
            try:
                yield from incident_features(incident)
            except LeftOut:
                left += 1

    return write(located(), stream), left


def _on_the_map(place: Place) -> bool:
    return place.lat is not None and place.lon is not None and math.isfinite(place.lat) and math.isfinite(place.lon)


def _feature(name: str, place: Place, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": properties,
    }
