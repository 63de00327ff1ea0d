"""What a row of a codebook needs beside its incident: who the actors are, where the place lies, the reports themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tadmor.model import Account, Incident, Mention, Place, Reading
from tadmor.publish.precision import Spot
from tadmor.resolve.gazetteer import Candidate, Gazetteer
from tadmor.resolve.registry import Registry

_BESIDE = frozenset({"near", "side", "countryside", "direction", "distance", "between"})


@dataclass(frozen=True, slots=True)
class World:
    """The registry, the gazetteer, ``reading``, which gives the current reading of a report, or None, and what people rated.

    ``reliability`` maps a source's name or identity to the Admiralty letter A to F.
    """

    registry: Registry
    gazetteer: Gazetteer
    reading: Callable[[str], Reading | None]
    reliability: Mapping[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str | None:
        """The name of a country by its alpha-2 code."""
        found = self.gazetteer.by_id(f"country:{code}") if code else None
        return found.name if found else None

    def spot(self, incident: Incident, accounts: Sequence[Account]) -> Spot | None:
        """Where the incident happened; None when its place is not on the map."""
        place = incident.place
        if place is None or place.lat is None or place.lon is None:
            return None
        found = self.gazetteer.by_id(place.entity) if place.entity else None
        return Spot(
            name=place.name,
            lat=place.lat,
            lon=place.lon,
            country=place.country,
            country_name=self.country(place.country),
            admin1=self._admin1(found),
            admin2=self._admin2(found),
            kind=found.kind if found else None,
            feature=found.feature if found else None,
            radius_km=found.radius_km if found else None,
            near=self._near(place, accounts),
        )

    def _admin1(self, found: Candidate | None) -> str | None:
        if found is None or found.kind == "country":
            return None
        if found.kind == "admin1":
            return found.name
        holder = self.gazetteer.by_id(f"admin1:{found.country}.{found.admin1}") if found.admin1 else None
        return holder.name if holder else None

    def _admin2(self, found: Candidate | None) -> str | None:
        if found is None:
            return None
        if found.kind == "admin2":
            return found.name
        holders = (self.gazetteer.by_id(identity) for identity in found.within)
        return next((h.name for h in holders if h and h.kind == "admin2"), None)

    def _near(self, place: Place, accounts: Sequence[Account]) -> bool:
        """Whether every account that names the place puts the event beside it: "6 km south of", "the countryside of"."""
        named = [m for a in accounts for m in self._mentions(a, place)]
        return bool(named) and all(m.relation is not None and m.relation.kind in _BESIDE for m in named)

    def _mentions(self, account: Account, place: Place) -> list[Mention]:
        if place.entity is None or not account.claim.places:
            return []
        reading = self.reading(account.ref.report)
        if reading is None:
            return []
        ids = set(account.claim.places)
        return [m for m in reading.mentions if m.id in ids and m.entity == place.entity]
