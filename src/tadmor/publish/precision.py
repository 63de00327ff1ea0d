"""When and where as the codebooks of ACLED and UCDP have it: a day and a code for how precisely it is known, cells of a grid."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from tadmor import edtf
from tadmor.errors import BadDate

_AREA_KM = 25.0  # UCDP: within about 25 km of a known point; an area no wider is told like a part of a region
_WATER = frozenset({"sea", "ocean", "strait", "gulf"})


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day that an EDTF date covers, None where it is open; ``approx`` when it is marked as approximate."""

    start: dt.date | None
    end: dt.date | None
    approx: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something happened: a place of the gazetteer, or a point beside one.

    ``kind`` is the gazetteer's (country, admin1, admin2, region, town, site) or None when only a point is known; ``near``
    says that the accounts put it beside the place that they name and not in it. ``lat``, ``lon`` are degrees.
    """

    name: str
    lat: float
    lon: float
    country: str | None = None
    country_name: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    kind: str | None = None
    feature: str | None = None
    radius_km: float | None = None
    near: bool = False


def days(date: str | None) -> Days:
    """The days of an EDTF date; both are None when there is no date or it is none that Tadmor writes."""
    if date is None:
        return Days(None, None)
    try:
        start, end = edtf.bounds(date)
    except BadDate:
        return Days(None, None)
    return Days(start, end, any(mark in date for mark in "~?%"))


def when(date: str | None) -> dict[str, str | None]:
    """``when`` the date as EDTF, ``start`` and ``end`` its first and last day (ISO), None where they are open or unknown."""
    found = days(date)
    return {
        "when": date,
        "start": found.start.isoformat() if found.start else None,
        "end": found.end.isoformat() if found.end else None,
    }


def _first(date: str | None) -> Days:
    """The days of the date; of one that is open at its end, those of its beginning."""
    found = days(date)
    return days(date.partition("/")[0]) if date and found.start and found.end is None else found


def acled_time(date: str | None) -> tuple[dt.date, int] | None:
    """Day and time precision by ACLED's codebook: 1 the day is known, 2 the week, 3 the month; the middle day stands for 2 and 3.

    None when the date is unknown or coarser than a month: ACLED codes no event of which it knows no month.
    """
    found = _first(date)
    if found.start is None or found.end is None or found.end < found.start:
        return None
    length = (found.end - found.start).days + 1
    middle = found.start + dt.timedelta(days=(length - 1) // 2)
    if length == 1:
        return found.start, 2 if found.approx else 1
    if length <= 7:
        return middle, 3 if found.approx else 2
    return (middle, 3) if length <= 31 else None


def ucdp_time(date: str | None, known: str | None) -> tuple[dt.date, dt.date, int] | None:
    """First and last possible day and date_prec by UCDP's codebook.

    1 the day is known, 2 within two to six days, 3 the week, 4 the month, 5 within a year. What is open at its end can have
    happened until ``known``, the ISO day on which it was told. None when the date is unknown or coarser than a year.
    """
    found = days(date)
    start, end = found.start, found.end
    if start is not None and end is None and known:
        end = max(start, days(known).start or start)
    if start is None or end is None or end < start:
        return None
    length = (end - start).days + 1
    if length > 366:
        return None
    code = 1 if length == 1 else 2 if length <= 6 else 3 if length == 7 else 4 if length <= 31 else 5
    return start, end, 2 if code == 1 and found.approx else code


def acled_place(spot: Spot) -> int:
    """Geo precision by ACLED's codebook: 1 the town or site, 2 near it or in a small part of a region, 3 a larger region."""
    if spot.near or spot.kind is None:
        return 2
    if spot.kind in ("town", "site"):
        return 1
    return 2 if _small(spot) else 3


def ucdp_place(spot: Spot) -> int:
    """where_prec by UCDP's codebook.

    1 the place itself, 2 within about 25 km of it, 3 second-order division, 4 first-order division, 5 a feature or area that
    is no division, 6 the country, 7 at sea.
    """
    if spot.kind == "region" and spot.feature in _WATER:
        return 7
    if spot.kind == "country":
        return 6
    if spot.kind == "admin1":
        return 4
    if spot.kind == "admin2":
        return 3
    if spot.near or spot.kind is None or (spot.kind == "region" and _small(spot)):
        return 2
    return 5 if spot.kind == "region" else 1


def _small(spot: Spot) -> bool:
    return spot.radius_km is not None and spot.radius_km <= _AREA_KM


def priogrid(lat: float, lon: float) -> int:
    """The PRIO-GRID cell of a point (degrees): cells of half a degree, rows of 720 numbered from 1 at the south-west corner.

    Tollefsen, Strand and Buhaug (2012), PRIO-GRID: a unified spatial data structure, Journal of Peace Research 49(2).
    """
    row = min(math.floor((lat + 90) * 2), 359)
    column = min(math.floor((lon + 180) * 2), 719)
    return row * 720 + column + 1
