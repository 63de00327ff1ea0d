"""Lethal incidents in the columns of UCDP's Georeferenced Event Dataset, with the claims behind each row (docs/exports.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tadmor.model import Account, Incident, Party
from tadmor.publish import codebooks, precision
from tadmor.publish.parties import Standing, home, parties, standing
from tadmor.publish.rows import LeftOut, affirmed, claim_names, fatalities, one_line, retracted, whole
from tadmor.publish.wire import number, speakers
from tadmor.publish.world import World
from tadmor.reconcile.counts import figures, main_scope

COLUMNS: tuple[str, ...] = tuple(codebooks.ucdp()["columns"])
OWN = (
    "incident",
    "claims",
    "date_edtf",
    "killed_low",
    "killed_best",
    "killed_high",
    "best_rule",
    "credibility",
    "grade",
    "retracted",
)
CIVILIANS = "Civilians"


@dataclass(frozen=True, slots=True)
class _Side:
    name: str | None = None
    standing: Standing | None = None
    gwno: int | None = None


def row(incident: Incident, accounts: Sequence[Account], world: World) -> dict[str, Any]:
    """One incident as a row. Raises LeftOut for what is no event of the dataset.

    An event is armed force by an organised actor that left at least one dead, at a place and a date that are known.
    """
    told = affirmed(accounts)
    killed = fatalities(incident)
    if killed is None or killed.best is None or killed.best < 1:
        raise LeftOut("not said to have killed anybody")
    both = parties(told, incident.type)
    doer, target = (_chief(side, incident, world) for side in (both.actors, both.targets))
    book = codebooks.ucdp()
    if incident.type not in book["armed_force"] and not (
        incident.type in book["by_an_organised_actor"] and _organised(doer, world)
    ):
        raise LeftOut("not said to be armed force by an organised actor")
    last = max((a.known for a in told if a.known), default=None)
    time = precision.ucdp_time(incident.date, last)
    if time is None:
        raise LeftOut("no date within a year")
    spot = world.spot(incident, told)
    if spot is None:
        raise LeftOut("no place on the map")
    start, end, date_prec = time
    where_prec = precision.ucdp_place(spot)
    violence, a, b = _sides(incident, doer, target, world)
    best = whole(killed.best)
    low = min(best, whole(killed.min)) if killed.min is not None else 0
    high = max(best, whole(killed.max)) if killed.max is not None else max(best, _highest(told))
    reports = {x.ref.report: x for x in accounts}.values()
    filed = codebooks.country(book["filed_under"].get(spot.country, spot.country))
    return {
        "year": start.year,
        "type_of_violence": violence,
        "dyad_name": f"{a.name} - {b.name}" if a.name and b.name else None,
        "side_a": a.name,
        "side_b": b.name,
        "number_of_sources": len(reports),
        "source_article": "; ".join(_article(x) for x in reports),
        "source_office": "; ".join(x.publisher or "" for x in reports),
        "source_date": "; ".join(x.published or "" for x in reports),
        "source_headline": "; ".join(one_line(x.title) for x in reports),
        "source_original": "; ".join(dict.fromkeys(s for x in told for s in speakers(x))),
        "where_prec": where_prec,
        "where_coordinates": spot.name,
        "where_description": _described(told),
        "adm_1": spot.admin1,
        "adm_2": spot.admin2,
        "latitude": spot.lat,
        "longitude": spot.lon,
        "geom_wkt": f"POINT ({spot.lon} {spot.lat})",
        "priogrid_gid": precision.priogrid(spot.lat, spot.lon),
        "country": _country(filed, world),
        "country_id": filed.gwno if filed else None,
        "region": _region(filed.gwno if filed else None),
        "event_clarity": 2 if date_prec >= 4 or where_prec in (4, 6) else 1,
        "date_prec": date_prec,
        "date_start": start.isoformat(),
        "date_end": end.isoformat(),
        "best": best,
        "high": high,
        "low": low,
        "gwnoa": a.gwno,
        "gwnob": b.gwno,
        "incident": incident.id,
        "claims": claim_names(incident.claims),
        "date_edtf": incident.date,
        "killed_low": number(killed.min),
        "killed_best": number(killed.best),
        "killed_high": number(killed.max),
        "best_rule": killed.rule,
        "credibility": incident.credibility.admiralty,
        "grade": incident.credibility.grade,
        "retracted": retracted(accounts),
    } | _deaths(told, best, a, b)


def _chief(side: Sequence[Party], incident: Incident, world: World) -> Party | None:
    """The party that stands for the side: the first; where that is a state and the country's own takes part, the latter."""
    if not side or standing(side[0], world.registry) != "state":
        return side[0] if side else None
    where = incident.place.country if incident.place else None
    at_home = (p for p in side if standing(p, world.registry) == "state" and home(p, world.registry) == where)
    return next(at_home, side[0])


def _organised(party: Party | None, world: World) -> bool:
    return party is not None and standing(party, world.registry) in ("state", "group")


def _sides(
    incident: Incident, doer: Party | None, target: Party | None, world: World
) -> tuple[int | None, _Side, _Side]:
    """Type of violence (1 state-based, 2 non-state, 3 one-sided; None when it cannot be told), side A and side B."""
    a, b = _side(doer, world), _side(target, world)
    one_sided = incident.type in codebooks.ucdp()["one_sided"]
    if one_sided and a.standing != "civilians" and b.standing in (None, "civilians"):
        return 3, a, _Side(CIVILIANS, "civilians")
    if {a.standing, b.standing} <= {"state", "group"} and a.standing and b.standing:
        if b.standing == "state" and a.standing == "group":
            a, b = b, a  # the government is side A
        return (1 if a.standing == "state" else 2), a, b
    if b.standing == "civilians":
        b = _Side(CIVILIANS, "civilians")
    return None, a, b


def _side(party: Party | None, world: World) -> _Side:
    if party is None:
        return _Side()
    kind = standing(party, world.registry)
    if kind != "state":
        return _Side(party.name, kind)
    code = home(party, world.registry)
    actor = world.registry.actors.get(party.entity or "")
    if code is None or (actor is not None and actor.kind == "coalition"):
        return _Side(party.name, kind)
    country = codebooks.country(code)
    return _Side(f"Government of {_country(country, world)}", kind, country.gwno if country else None)


def _country(country: codebooks.Country | None, world: World) -> str | None:
    if country is None:
        return None
    return codebooks.ucdp()["names"].get(country.code) or world.country(country.code)


def _region(gwno: int | None) -> str | None:
    if gwno is None:
        return None
    return next((name for name, (low, high) in codebooks.ucdp()["regions"].items() if low <= gwno <= high), None)


def _deaths(accounts: Sequence[Account], best: int, a: _Side, b: _Side) -> dict[str, int]:
    """The best figure in the column of those whose dead it counts; in ``deaths_unknown`` when the accounts do not say."""
    out = {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": 0}
    scopes = {f.scope for f in main_scope(figures(accounts).get("killed", []))} - {""}
    scope = scopes.pop() if len(scopes) == 1 else ""
    meant = {"state": "state", "armed": "group"}.get(scope)
    sides = [name for name, side in (("deaths_a", a), ("deaths_b", b)) if meant and side.standing == meant]
    column = "deaths_civilians" if scope == "civil" else sides[0] if len(sides) == 1 else "deaths_unknown"
    out[column] = best
    return out


def _highest(accounts: Sequence[Account]) -> int:
    """The highest number named at all, for figures without an upper end ("more than 40")."""
    ends = [end for f in main_scope(figures(accounts).get("killed", [])) for end in f.value if end is not None]
    return whole(max(ends, default=0.0))


def _article(account: Account) -> str:
    """A source as UCDP cites it: office, date, headline."""
    parts = (account.publisher, account.published, one_line(account.title))
    return ", ".join(f'"{p}"' for p in parts if p) or f'"{account.ref.report}"'


def _described(accounts: Sequence[Account]) -> str:
    """The words that the accounts have for the place."""
    return "; ".join(dict.fromkeys(n for x in accounts for n in (x.claim.place_names or [p.name for p in x.places])))
