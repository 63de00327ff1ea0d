"""Incidents in the columns of ACLED's event data, with the claims behind each row (docs/exports.md says what is lost)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tadmor import taxonomy
from tadmor.model import Account, Incident, Party
from tadmor.publish import codebooks, precision
from tadmor.publish.parties import Parties, acled_type, names, parties
from tadmor.publish.rows import LeftOut, affirmed, claim_names, fatalities, one_line, retracted, whole
from tadmor.publish.wire import number, speakers
from tadmor.publish.world import World

COLUMNS: tuple[str, ...] = tuple(codebooks.acled()["columns"])
OWN = (
    "incident",
    "claims",
    "date_edtf",
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "fatalities_rule",
    "credibility",
    "grade",
    "speakers",
    "retracted",
)
_MOST_NOTES = 5
_TOWARD_CIVILIANS = frozenset({"Civilians", "Protesters"})


def row(incident: Incident, accounts: Sequence[Account], world: World) -> dict[str, Any]:
    """One incident as a row. Raises LeftOut when ACLED codes nothing of the kind, or the month or the place is not known."""
    told = affirmed(accounts)
    event = event_of(incident, told)
    if event is None:
        raise LeftOut("of a type that ACLED does not code")
    time = precision.acled_time(incident.date)
    if time is None:
        raise LeftOut("no date within a month")
    spot = world.spot(incident, told)
    if spot is None:
        raise LeftOut("no place on the map")
    day, time_precision = time
    country = codebooks.country(spot.country)
    killed = fatalities(incident)
    return {
        "event_id_cnty": incident.id,
        "event_date": day.isoformat(),
        "year": day.year,
        "time_precision": time_precision,
        "disorder_type": codebooks.disorder(*event),
        "event_type": event[0],
        "sub_event_type": event[1],
        "iso": country.iso if country else None,
        "region": country.acled_region if country else None,
        "country": codebooks.acled()["names"].get(spot.country) or spot.country_name,
        "admin1": spot.admin1,
        "admin2": spot.admin2,
        "location": spot.name,
        "latitude": spot.lat,
        "longitude": spot.lon,
        "geo_precision": precision.acled_place(spot),
        "source": "; ".join(dict.fromkeys(a.publisher for a in accounts if a.publisher)),
        "notes": notes(told),
        "fatalities": whole(killed.best) if killed and killed.best is not None else 0,
        "incident": incident.id,
        "claims": claim_names(incident.claims),
        "date_edtf": incident.date,
        "fatalities_low": number(killed.min) if killed else None,
        "fatalities_best": number(killed.best) if killed else None,
        "fatalities_high": number(killed.max) if killed else None,
        "fatalities_rule": killed.rule if killed else None,
        "credibility": incident.credibility.admiralty,
        "grade": incident.credibility.grade,
        "speakers": "; ".join(dict.fromkeys(s for a in accounts for s in speakers(a))),
        "retracted": retracted(accounts),
    } | _actors(event, parties(told, incident.type), spot.country, world)


def event_of(incident: Incident, accounts: Sequence[Account]) -> tuple[str, str] | None:
    """Event type and sub-event type: those that most claims of the incident's own type have, else the type's own.

    A loss of ground of which any account tells a capture or a fight is the capture, or the fight: ACLED's transfer of territory
    is one without violence.
    """
    own = _events(a for a in accounts if a.claim.type == incident.type)
    default = taxonomy.get(incident.type).acled
    found = _most(own) or (codebooks.event_of(default) if default else None)
    if found and found[1] == "Non-violent transfer of territory":
        every = _events(accounts)
        battles = {e: n for e, n in every.items() if e[0] == "Battles"}
        return _most({e: n for e, n in battles.items() if e[1] != "Armed clash"}) or _most(battles) or found
    return found


def _events(accounts: Iterable[Account]) -> Mapping[tuple[str, str], int]:
    return Counter(e for a in accounts if a.claim.acled and (e := codebooks.event_of(a.claim.acled)))


def _most(tally: Mapping[tuple[str, str], int]) -> tuple[str, str] | None:
    return min(tally, key=lambda e: (-tally[e], e)) if tally else None


def notes(accounts: Sequence[Account]) -> str:
    """Who says what, in the words of the reports: at most five different clauses, the first of each speaker."""
    lines: dict[str, str] = {}
    for account in accounts:
        mark = " (retracted)" if account.retracted is not None else ""
        lines.setdefault("; ".join(speakers(account)) + mark, one_line(account.claim.text))
    return " | ".join(f"{who}: “{clause}”" for who, clause in list(lines.items())[:_MOST_NOTES])


def _actors(event: tuple[str, str], found: Parties, country: str | None, world: World) -> dict[str, Any]:
    first, second = found.actors, found.targets
    if not first and event[0] in ("Battles", "Strategic developments", "Protests", "Riots"):
        first, second = second, ()  # these have no doer and done-to: the only party that is named is the first
    inter = [_inter(side, event[0], country, world) for side in (first, second)]
    kinds = [kind for kind, _ in inter]
    return {
        "actor1": first[0].name if first else None,
        "assoc_actor_1": names(first[1:]),
        "inter1": inter[0][1],
        "actor2": second[0].name if second else None,
        "assoc_actor_2": names(second[1:]),
        "inter2": inter[1][1],
        "interaction": _interaction(bool(first), inter[0][1], inter[1][1]),
        "civilian_targeting": "Civilian targeting" if _civilian(event, kinds[1]) else None,
    }


def _inter(side: Sequence[Party], event: str, country: str | None, world: World) -> tuple[str | None, int | None]:
    """Type and inter code of the first of a side; 0 where there is nobody, None where the type cannot be told."""
    if not side:
        return None, 0
    kind = acled_type(side[0], world.registry, country)
    if kind == "Civilians" and event in ("Protests", "Riots"):
        kind = "Protesters" if event == "Protests" else "Rioters"
    return kind, codebooks.acled()["inter"].get(kind or "")


def _interaction(named: bool, first: int | None, second: int | None) -> int | None:
    """The two codes as one number, the lower first; a sole actor's is followed by 0."""
    if not named or first is None or second is None:
        return None
    low, high = sorted((first, second))
    return first * 10 if second == 0 else low * 10 + high


def _civilian(event: tuple[str, str], second: str | None) -> bool:
    if event[0] == "Violence against civilians" or event[1] == "Excessive force against protesters":
        return True
    return event[0] in ("Explosions/Remote violence", "Riots") and second in _TOWARD_CIVILIANS
